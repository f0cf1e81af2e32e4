/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* The page of the settings that says before how much money the artist wants to be asked */
#define COMFY_TYPE_GUARD_SETTINGS (comfy_guard_settings_get_type ())
G_DECLARE_FINAL_TYPE (ComfyGuardSettings, comfy_guard_settings, COMFY, GUARD_SETTINGS, GtkBox)

GtkWidget *comfy_guard_settings_new (ComfySession *session);

G_END_DECLS
