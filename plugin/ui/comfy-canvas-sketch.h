/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-take.h"

G_BEGIN_DECLS

/* A small drawing of a canvas within the larger one that it becomes, in the theme's colours. */
#define COMFY_TYPE_CANVAS_SKETCH (comfy_canvas_sketch_get_type ())
G_DECLARE_FINAL_TYPE (ComfyCanvasSketch, comfy_canvas_sketch, COMFY, CANVAS_SKETCH, GtkDrawingArea)

GtkWidget *comfy_canvas_sketch_new (void);
void       comfy_canvas_sketch_set (ComfyCanvasSketch *self,
                                    int                width,
                                    int                height,
                                    const ComfyEdges  *edges);

G_END_DECLS
