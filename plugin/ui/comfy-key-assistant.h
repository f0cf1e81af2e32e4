/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* Leads through getting an API key, takes it, tests it, and only then stores it. A part of a
 * window, shown in place. Emits "done" (ComfyProfile) once stored and "cancelled". */
#define COMFY_TYPE_KEY_ASSISTANT (comfy_key_assistant_get_type ())
G_DECLARE_FINAL_TYPE (ComfyKeyAssistant, comfy_key_assistant, COMFY, KEY_ASSISTANT, GtkBox)

GtkWidget *comfy_key_assistant_new             (ComfySession      *session,
                                                ComfyProfile      *replaced);
void       comfy_key_assistant_select_endpoint (ComfyKeyAssistant *self,
                                                const char        *endpoint_id);

G_END_DECLS
