/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* The page "Environments" of the settings: which one actions run on, what was found there, and the
 * artist's own, with a key or without. The key assistant takes its place while it is needed. */
#define COMFY_TYPE_ENVIRONMENT_LIST (comfy_environment_list_get_type ())
G_DECLARE_FINAL_TYPE (ComfyEnvironmentList, comfy_environment_list, COMFY, ENVIRONMENT_LIST, GtkStack)

GtkWidget *comfy_environment_list_new           (ComfySession         *session);
void       comfy_environment_list_show_partners (ComfyEnvironmentList *self,
                                                 const char           *endpoint_id);

G_END_DECLS
