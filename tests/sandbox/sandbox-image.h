/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What ComfyUI calls an IMAGE or a MASK: floats 0…1, sRGB-encoded, by picture, row from the top,
 * column and channel. A mask has one channel. Reference counted, unchanging once handed on. */
typedef struct
{
  int    batch;     /* pictures */
  int    height;    /* px */
  int    width;     /* px */
  int    channels;  /* 1, 3 or 4 */
  float *data;
} SandboxImage;

SandboxImage *sandbox_image_new       (int                  batch,
                                       int                  height,
                                       int                  width,
                                       int                  channels);
SandboxImage *sandbox_image_ref       (SandboxImage        *self);
void          sandbox_image_unref     (SandboxImage        *self);
float        *sandbox_image_at        (const SandboxImage  *self,
                                       int                  index,
                                       int                  y,
                                       int                  x);
gsize         sandbox_image_get_count (const SandboxImage  *self);
SandboxImage *sandbox_image_copy      (const SandboxImage  *self);
SandboxImage *sandbox_image_crop      (const SandboxImage  *self,
                                       int                  x,
                                       int                  y,
                                       int                  width,
                                       int                  height);
SandboxImage *sandbox_image_grow      (const SandboxImage  *mask,
                                       gboolean             shrink,
                                       gboolean             cross);
SandboxImage *sandbox_image_resize    (const SandboxImage  *self,
                                       int                  width,
                                       int                  height,
                                       const char          *method);
SandboxImage *sandbox_image_resize_cropped
                                      (const SandboxImage  *self,
                                       int                  width,
                                       int                  height,
                                       const char          *method);
SandboxImage *sandbox_image_read      (GBytes              *file,
                                       gboolean            *has_alpha,
                                       GError             **error);
GBytes       *sandbox_image_write_png (const SandboxImage  *self,
                                       int                  index,
                                       int                  depth,
                                       const char          *prompt);
GBytes       *sandbox_image_write_webp (const SandboxImage *self);
GBytes       *sandbox_image_write_jpeg (const SandboxImage *self);
GBytes       *sandbox_image_write_bomb (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxImage, sandbox_image_unref)

G_END_DECLS
