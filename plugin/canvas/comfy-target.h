/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-placement.h"

G_BEGIN_DECLS

/* The image and the layer that a placement means, found again when the result comes */
GimpImage *comfy_target_find_image (ComfyPlacement *placement);
GimpImage *comfy_target_new_image  (ComfyPlacement *placement,
                                    int             width,
                                    int             height);
/* (transfer full) (nullable): path of the image's file, or of that it was opened from */
char      *comfy_target_dup_file   (GimpImage      *image);
GimpItem  *comfy_target_find_layer (ComfyPlacement *placement,
                                    GimpImage      *image);
/* the same, in a duplicate of that image */
void       comfy_target_redirect   (ComfyPlacement *placement,
                                    GimpImage      *image,
                                    GimpImage      *duplicate);
/* where its layers are; and how far all has moved since, when the canvas has another size */
void       comfy_target_list_boxes (GimpImage      *image,
                                    GArray         *boxes);
gboolean   comfy_target_find_drift (ComfyPlacement *placement,
                                    GimpImage      *image,
                                    int            *out_x,
                                    int            *out_y);

G_END_DECLS
