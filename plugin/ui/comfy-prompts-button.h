/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-batch.h"

G_BEGIN_DECLS

/* Asks for a list of prompts and reads it. Emits "changed" when another one was chosen, be it none
 * that can be read. */
#define COMFY_TYPE_PROMPTS_BUTTON (comfy_prompts_button_get_type ())
G_DECLARE_FINAL_TYPE (ComfyPromptsButton, comfy_prompts_button, COMFY, PROMPTS_BUTTON, GtkButton)

GtkWidget    *comfy_prompts_button_new         (void);
void          comfy_prompts_button_set_file    (ComfyPromptsButton *self,
                                                const char         *path);
/* (transfer full) (nullable): the prompts; NULL while there are none */
ComfyBatch   *comfy_prompts_button_dup_batch   (ComfyPromptsButton *self);
/* (transfer none) (nullable): why the file that was chosen is no list of prompts */
const GError *comfy_prompts_button_get_problem (ComfyPromptsButton *self);

G_END_DECLS
