/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A picture in memory, rows from the top, sRGB-encoded, alpha not premultiplied. Immutable and
 * reference counted, so that it can go to worker threads. */
typedef struct
{
  int     width;    /* px, at least 1 */
  int     height;   /* px, at least 1 */
  int     channels; /* 1 grey, 3 RGB, 4 RGBA */
  int     depth;    /* bits per channel: 8, or 16 in host byte order */
  size_t  stride;   /* bytes from row to row */
  GBytes *data;     /* owned */
} ComfyPixels;

#define COMFY_TYPE_PIXELS (comfy_pixels_get_type ())
GType        comfy_pixels_get_type (void);
ComfyPixels *comfy_pixels_new_take (int          width,
                                    int          height,
                                    int          channels,
                                    int          depth,
                                    void        *data);
ComfyPixels *comfy_pixels_ref      (ComfyPixels *self);
void         comfy_pixels_unref    (ComfyPixels *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyPixels, comfy_pixels_unref)

G_END_DECLS
