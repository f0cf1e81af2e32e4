/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A GtkFlowBox of children of one size whose columns stand where those of the next one do, however
 * many children there are: what is left of the width stays empty. */
#define COMFY_TYPE_THUMB_BOX (comfy_thumb_box_get_type ())
G_DECLARE_FINAL_TYPE (ComfyThumbBox, comfy_thumb_box, COMFY, THUMB_BOX, GtkFlowBox)

GtkWidget *comfy_thumb_box_new (void);

G_END_DECLS
