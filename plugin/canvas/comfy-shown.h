/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-rect.h"

G_BEGIN_DECLS

/* What GIMP shows of a duplicate of the artist's image. Plain data; main thread only. */
typedef struct
{
  GimpImage *duplicate; /* libgimp's: all its layers are hidden; changed by what is read */
  GimpImage *taker;     /* libgimp's, nullable: RGB, takes what is seen of an indexed image */
  GPtrArray *seen;      /* borrowed, of GimpLayer: those in no group that are to be seen */
  gboolean   showing;   /* they are visible now */
  gboolean   filtered;  /* a strip could cost as much as all */
  ComfyRect  canvas;    /* px in the artist's image: the duplicate's canvas now */
} ComfyShown;

gboolean comfy_shown_read    (ComfyShown       *self,
                              const ComfyRect  *rect,
                              const Babl       *format,
                              guint8           *data,
                              size_t            stride,
                              GError          **error);
gboolean comfy_shown_measure (const ComfyShown *self,
                              const ComfyRect  *candidate,
                              ComfyRect        *out_painted,
                              GError          **error);

G_END_DECLS
