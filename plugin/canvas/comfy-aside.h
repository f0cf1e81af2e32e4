/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-place.h"

G_BEGIN_DECLS

/* Images that are read and thrown away: nobody is to see them, and nobody to notice that they go. */

/* @moment: (nullable): waits until one may go unnoticed; NULL: they go at once */
void comfy_aside_set_moment (ComfyHand  moment);
/* closes a duplicate, or whatever else was set aside; not to be used any more */
void comfy_aside_drop       (GimpImage *image);
/* before the process ends: those that wait go now */
void comfy_aside_drop_all   (void);

G_END_DECLS
