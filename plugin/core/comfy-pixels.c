/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A picture in memory, made once and only read afterwards, so that any thread may hold it.
 */
#define G_LOG_DOMAIN "comfy-pixels"

#include "config.h"

#include "comfy-pixels.h"

G_DEFINE_BOXED_TYPE (ComfyPixels, comfy_pixels, comfy_pixels_ref, comfy_pixels_unref)

/**
 * comfy_pixels_new_take:
 * @width: px, at least 1
 * @height: px, at least 1
 * @channels: 1 grey, 3 RGB or 4 RGBA
 * @depth: bits per channel, 8 or 16 (host byte order)
 * @data: (transfer full): rows from the top without padding, allocated with g_malloc()
 *
 * Returns: (transfer full): the picture
 */
ComfyPixels *
comfy_pixels_new_take (int   width,
                       int   height,
                       int   channels,
                       int   depth,
                       void *data)
{
  ComfyPixels *self;

  g_return_val_if_fail (width > 0 && height > 0, NULL);
  g_return_val_if_fail (channels == 1 || channels == 3 || channels == 4, NULL);
  g_return_val_if_fail (depth == 8 || depth == 16, NULL);
  g_return_val_if_fail (data != NULL, NULL);

  self = g_atomic_rc_box_new0 (ComfyPixels);
  self->width = width;
  self->height = height;
  self->channels = channels;
  self->depth = depth;
  self->stride = (size_t) width * channels * (depth / 8);
  self->data = g_bytes_new_take (data, self->stride * height);

  return self;
}

/**
 * comfy_pixels_ref:
 * @self: a picture
 *
 * Returns: (transfer full): the same; any thread may call
 */
ComfyPixels *
comfy_pixels_ref (ComfyPixels *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear (void *data)
{
  ComfyPixels *self = data;

  g_bytes_unref (self->data);
}

/**
 * comfy_pixels_unref:
 * @self: (transfer full): a picture; any thread may call
 */
void
comfy_pixels_unref (ComfyPixels *self)
{
  g_atomic_rc_box_release_full (self, clear);
}
