/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* How an environment of the artist's own is to be used: asked in place, and done. Takes no room
 * while there is nothing to say.
 *
 * Signal "add-key" (ComfyEndpoint): the artist wants to enter a key for it. */
#define COMFY_TYPE_ENVIRONMENT_SETUP (comfy_environment_setup_get_type ())
G_DECLARE_FINAL_TYPE (ComfyEnvironmentSetup, comfy_environment_setup, COMFY, ENVIRONMENT_SETUP, GtkBox)

GtkWidget *comfy_environment_setup_new        (ComfySession          *session);
void       comfy_environment_setup_ask        (ComfyEnvironmentSetup *self,
                                               ComfyEndpoint         *endpoint);
void       comfy_environment_setup_show_error (ComfyEnvironmentSetup *self,
                                               const GError          *error);
void       comfy_environment_setup_hide       (ComfyEnvironmentSetup *self);

G_END_DECLS
