/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-opener.h"

G_BEGIN_DECLS

/* Where the artist says what a workflow's values and results are, and saves it as an action. Changes
 * the mapping at once; who shows it remembers that, or takes it back. */
#define COMFY_TYPE_MAPPING_VIEW (comfy_mapping_view_get_type ())
G_DECLARE_FINAL_TYPE (ComfyMappingView, comfy_mapping_view, COMFY, MAPPING_VIEW, GtkBox)

GtkWidget *comfy_mapping_view_new        (ComfyOpener      *opener,
                                          ComfyMapping     *mapping);
void       comfy_mapping_view_reset      (ComfyMappingView *self);
void       comfy_mapping_view_show_error (ComfyMappingView *self,
                                          const GError     *error);

G_END_DECLS
