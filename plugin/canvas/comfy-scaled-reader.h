/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-image-reader.h"

G_BEGIN_DECLS

/* A place of an image in a smaller size. Plain data; in fibers of the main thread. */
typedef struct
{
  ComfyRect     crop;        /* px in the image: what is read */
  int           width;       /* px of what is made of it */
  int           height;
  gboolean      is_whole;    /* read at once: a part would cost as much */
  GCancellable *cancellable; /* nullable, no ref: looked at between two parts */
} ComfyScaling;

ComfyPixels *comfy_scaled_reader_read          (const ComfyScaling  *self,
                                                ComfyImageReader    *reader,
                                                GError             **error);
ComfyPixels *comfy_scaled_reader_read_selected (const ComfyScaling  *self,
                                                ComfyImageReader    *reader,
                                                GError             **error);

G_END_DECLS
