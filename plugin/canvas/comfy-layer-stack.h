/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-rect.h"

G_BEGIN_DECLS

/* What layers are, and what is done to those of a duplicate before it is read. Main thread only. */

GPtrArray *comfy_layers_dup_upmost       (GimpImage *image,
                                          GPtrArray *layers);
GPtrArray *comfy_layers_dup_visible      (GimpImage *image);
GimpLayer *comfy_layer_find_twin         (GimpImage *image,
                                          GimpImage *duplicate,
                                          GimpLayer *layer);
void       comfy_layer_get_rect          (GimpLayer *layer,
                                          ComfyRect *out_rect);
gboolean   comfy_layer_is_masked         (GimpLayer *layer);
gboolean   comfy_layer_is_filtered       (GimpLayer *layer);
void       comfy_layer_get_reach         (GimpImage *duplicate,
                                          GimpLayer *layer,
                                          ComfyRect *out_rect);

GPtrArray *comfy_layer_stack_hide        (GimpImage *duplicate);
void       comfy_layer_stack_hide_aids   (GimpImage *duplicate);
void       comfy_layer_stack_show_pixels (GimpImage *duplicate);
void       comfy_layer_stack_isolate     (GimpImage *duplicate,
                                          GPtrArray *layers,
                                          gboolean   alone);

G_END_DECLS
