/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Room for a picture that depends on the width alone, so that nothing below it moves when another
 * one is shown. */
#define COMFY_TYPE_PICTURE_AREA (comfy_picture_area_get_type ())
G_DECLARE_FINAL_TYPE (ComfyPictureArea, comfy_picture_area, COMFY, PICTURE_AREA, GtkDrawingArea)

GtkWidget       *comfy_picture_area_new         (void);
void             comfy_picture_area_set         (ComfyPictureArea *self,
                                                 cairo_surface_t  *surface,
                                                 gboolean          magnify);
cairo_surface_t *comfy_picture_area_get_surface (ComfyPictureArea *self);
int              comfy_picture_area_get_edge    (ComfyPictureArea *self);

G_END_DECLS
