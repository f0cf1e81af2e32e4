/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* A button with what the artist wrote before, the newest first. The journal is what remembers it: it is
 * read when the list is opened, and what it forgets is forgotten here.
 *
 * Signal "chosen" (string): a prompt that is to be written again. */
#define COMFY_TYPE_PROMPT_HISTORY (comfy_prompt_history_get_type ())
G_DECLARE_FINAL_TYPE (ComfyPromptHistory, comfy_prompt_history, COMFY, PROMPT_HISTORY, GtkMenuButton)

GtkWidget *comfy_prompt_history_new (ComfySession *session);

G_END_DECLS
