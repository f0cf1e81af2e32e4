/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

/* Layers of the artist's image in an image of their own, which is as small as can be */
GimpImage *comfy_layer_copies_new_taker
                                  (GimpImage *image);
GimpImage *comfy_layer_copies_new (GimpImage *image,
                                   GPtrArray *layers,
                                   GPtrArray *copies);

G_END_DECLS
