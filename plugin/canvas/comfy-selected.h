/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

/* What the artist works on in an image: layers, or channels such as the quick mask. */
typedef struct
{
  GimpLayer   **layers;   /* owned */
  GimpChannel **channels; /* owned */
} ComfySelected;

void comfy_selected_take    (ComfySelected *self,
                             GimpImage     *image);
void comfy_selected_restore (ComfySelected *self,
                             GimpImage     *image);
void comfy_selected_clear   (ComfySelected *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ComfySelected, comfy_selected_clear)

G_END_DECLS
