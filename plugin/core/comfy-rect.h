/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A rectangle in an image, in px; may lie outside of the canvas */
typedef struct
{
  int x;
  int y;
  int width;
  int height;
} ComfyRect;

G_END_DECLS
