/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* "Comfy Cloud Settings": keys, environments, jobs and privacy. Every change is in force at once,
 * so there is only Close; the window is destroyed by it. Not modal. */
#define COMFY_TYPE_SETTINGS_WINDOW (comfy_settings_window_get_type ())
G_DECLARE_FINAL_TYPE (ComfySettingsWindow, comfy_settings_window, COMFY, SETTINGS_WINDOW, GtkDialog)

GtkWidget *comfy_settings_window_new           (ComfySession        *session);
void       comfy_settings_window_show_partners (ComfySettingsWindow *self,
                                                const char          *endpoint_id);

G_END_DECLS
