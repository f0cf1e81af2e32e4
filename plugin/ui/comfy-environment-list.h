/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* The page "Environments" of the settings: which one actions run on, and the artist's own. */
#define COMFY_TYPE_ENVIRONMENT_LIST (comfy_environment_list_get_type ())
G_DECLARE_FINAL_TYPE (ComfyEnvironmentList, comfy_environment_list, COMFY, ENVIRONMENT_LIST, GtkBox)

GtkWidget *comfy_environment_list_new (ComfySession *session);

G_END_DECLS
