/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* As high as what is in it, so that a window grows with it, but no higher than the screen has room
 * for, or than a limit: then it scrolls. */
#define COMFY_TYPE_SCROLLER (comfy_scroller_get_type ())
G_DECLARE_FINAL_TYPE (ComfyScroller, comfy_scroller, COMFY, SCROLLER, GtkScrolledWindow)

/* @child: (transfer floating) */
GtkWidget *comfy_scroller_new           (GtkWidget     *child,
                                         int            limit);
/* it may be given less than what is in it needs: the room is shared with others */
void       comfy_scroller_set_loose     (ComfyScroller *self);
void       comfy_scroller_add_neighbour (ComfyScroller *self,
                                         GtkWidget     *neighbour);
void       comfy_scroller_reveal        (GtkWidget     *widget);

G_END_DECLS
