/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-mapping.h"

G_BEGIN_DECLS

/* One value of a workflow: what it is called, what it is, and where it is shown. Changes the mapping
 * as the artist does. Emits "moved" (by how many places) when the artist wants it elsewhere. */
#define COMFY_TYPE_MAPPING_ROW (comfy_mapping_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyMappingRow, comfy_mapping_row, COMFY, MAPPING_ROW, GtkListBoxRow)

GtkWidget   *comfy_mapping_row_new       (ComfyMapping    *mapping,
                                          unsigned int     i);
unsigned int comfy_mapping_row_get_index (ComfyMappingRow *self);
void         comfy_mapping_row_set_index (ComfyMappingRow *self,
                                          unsigned int     i);

G_END_DECLS
