/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-pixels.h"
#include "comfy-rect.h"

G_BEGIN_DECLS

/* What is selected, of a duplicate of the artist's image. Main thread only. */
gboolean     comfy_selection_reader_get_bounds (GimpImage        *duplicate,
                                                ComfyRect        *out_bounds);
ComfyPixels *comfy_selection_reader_read       (GimpImage        *duplicate,
                                                const ComfyRect  *rect,
                                                GError          **error);

G_END_DECLS
