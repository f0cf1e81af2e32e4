/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-pixels.h"
#include "comfy-rect.h"

G_BEGIN_DECLS

/* What is selected. Main thread only. */
gboolean     comfy_selection_reader_has_quick_mask (GimpImage        *image);
void         comfy_selection_reader_drop_quick_mask
                                                   (GimpImage        *duplicate);
gboolean     comfy_selection_reader_prepare        (GimpImage        *image,
                                                    GError          **error);
gboolean     comfy_selection_reader_get_bounds     (GimpImage        *image,
                                                    ComfyRect        *out_bounds);
gboolean     comfy_selection_reader_is_small       (const ComfyRect  *rect);
ComfyPixels *comfy_selection_reader_read           (GimpImage        *image,
                                                    const ComfyRect  *rect,
                                                    GError          **error);
ComfyPixels *comfy_selection_reader_crop           (ComfyPixels      *mask,
                                                    const ComfyRect  *bounds,
                                                    const ComfyRect  *rect,
                                                    GError          **error);

G_END_DECLS
