/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-capture-parts.h"
#include "comfy-image-reader.h"

G_BEGIN_DECLS

/* A picture of one moment, not read yet: whatever becomes of the image, it stays as it is. Main
 * thread only. */
typedef struct
{
  ComfyTake        *take;       /* owned: what is taken; no more pictures than this one */
  ComfyImageReader *reader;     /* owned */
  ComfyRect         canvas;     /* px in the image */
  char             *layer_name; /* owned, nullable: of the layer, when one was given */
  char             *name;       /* owned, nullable: see comfy_snapshot_new() */
  gboolean          is_foreign;
  int               depth;      /* bits per channel that are read: 8, or 16 */
} ComfySnapshot;

GPtrArray     *comfy_snapshot_dup_layers (GimpImage        *image,
                                          GPtrArray        *layers);
ComfySnapshot *comfy_snapshot_new        (const ComfyTake  *take,
                                          GimpImage        *image,
                                          GPtrArray        *layers,
                                          const char       *name,
                                          gboolean          is_foreign,
                                          GError          **error);
ComfyParts    *comfy_snapshot_read       (ComfySnapshot    *self,
                                          GError          **error);
void           comfy_snapshot_free       (ComfySnapshot    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfySnapshot, comfy_snapshot_free)

G_END_DECLS
