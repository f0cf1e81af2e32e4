/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-image-reader.h"
#include "comfy-place-private.h"

G_BEGIN_DECLS

/* What is placed for a look only. Plain data; in fibers of the main thread. */
typedef struct
{
  ComfyImageReader *before;      /* owned, nullable: the image as it is; NULL: there is none that it
                                  * would go into */
  ComfyImageReader *after;       /* owned: the same, with what was placed */
  ComfyRect         crop;        /* px of the image: what is worth a look */
  int               x;           /* px: where the image begins in what is read afterwards */
  int               y;
  gboolean          selects;     /* what was placed is what is selected afterwards */
  gboolean          is_filtered; /* to read a part costs as much as to read all */
} ComfyTrial;

gboolean _comfy_trial_init  (ComfyTrial  *self,
                             GPtrArray   *parts,
                             GError     **error);
void     _comfy_trial_clear (ComfyTrial  *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ComfyTrial, _comfy_trial_clear)

G_END_DECLS
