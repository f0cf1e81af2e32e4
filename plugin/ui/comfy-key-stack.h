/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>
#include <libdex.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* A page whose place the key assistant takes while a key is missing: one window, no dialog. */
#define COMFY_TYPE_KEY_STACK (comfy_key_stack_get_type ())
G_DECLARE_FINAL_TYPE (ComfyKeyStack, comfy_key_stack, COMFY, KEY_STACK, GtkStack)

/* @page: (transfer floating) */
GtkWidget *comfy_key_stack_new       (ComfySession  *session,
                                      GtkWidget     *page);
/* → TRUE once there is a key; COMFY_ERROR_CANCELLED. @profile: (nullable): whose key is replaced */
DexFuture *comfy_key_stack_ask       (ComfyKeyStack *self,
                                      ComfyProfile  *profile) G_GNUC_WARN_UNUSED_RESULT;
gboolean   comfy_key_stack_is_asking (ComfyKeyStack *self);
/* asks for another key for the profile of @job, which then goes on, as others do that need it */
void       comfy_key_stack_renew     (ComfyKeyStack *self,
                                      ComfyJob      *job);

G_END_DECLS
