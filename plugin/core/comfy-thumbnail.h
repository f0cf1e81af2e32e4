/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-pixels.h"

G_BEGIN_DECLS

/* A picture as it is shown, and how large it is. Boxed. */
typedef struct
{
  ComfyPixels *pixels; /* owned: RGB or RGBA of 8 bits */
  int          width;  /* px of the picture itself */
  int          height;
} ComfyThumbnail;

#define COMFY_TYPE_THUMBNAIL (comfy_thumbnail_get_type ())
GType           comfy_thumbnail_get_type   (void);
ComfyThumbnail *comfy_thumbnail_copy       (const ComfyThumbnail *self);
void            comfy_thumbnail_free       (ComfyThumbnail       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyThumbnail, comfy_thumbnail_free)

/* → ComfyThumbnail; PNG, WebP or JPEG by content; at most @max_pixels (COMFY_ERROR_TOO_LARGE), the
 * longer edge not larger than @edge px */
DexFuture      *comfy_thumbnail_load       (const char           *path,
                                            guint64               max_pixels,
                                            int                   edge) G_GNUC_WARN_UNUSED_RESULT;
DexFuture      *comfy_thumbnail_load_bytes (GBytes               *bytes,
                                            guint64               max_pixels,
                                            int                   edge) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
