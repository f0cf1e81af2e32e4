/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-pixels.h"
#include "comfy-take.h"

G_BEGIN_DECLS

/* The pixels of one moment, as the artist sees them, in copies of its layers. Main thread only;
 * what may take long is for fibers. */
typedef struct _ComfyImageReader ComfyImageReader;

ComfyImageReader *comfy_image_reader_new           (const ComfyTake   *take,
                                                    GimpImage         *image,
                                                    GPtrArray         *layers,
                                                    GError           **error);
ComfyImageReader *comfy_image_reader_new_take      (GimpImage         *duplicate,
                                                    GPtrArray         *visible);
void              comfy_image_reader_free          (ComfyImageReader  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyImageReader, comfy_image_reader_free)

gboolean          comfy_image_reader_get_selected  (ComfyImageReader  *self,
                                                    ComfyRect         *out_bounds);
ComfyPixels      *comfy_image_reader_read_selected (ComfyImageReader  *self,
                                                    const ComfyRect   *rect,
                                                    GError           **error);
gboolean          comfy_image_reader_choose        (ComfyImageReader  *self,
                                                    ComfySource        source,
                                                    ComfyRect         *out_rect,
                                                    GError           **error);
ComfyPixels      *comfy_image_reader_read          (ComfyImageReader  *self,
                                                    const ComfyRect   *crop,
                                                    const ComfyRect   *within,
                                                    int                depth,
                                                    GError           **error);

G_END_DECLS
