/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Small pictures of files for a long list of which little is seen: read and decoded on a worker
 * thread when they are to be drawn, what was asked for last first, one at a time; so many of them
 * are kept, those that were drawn last. Signal "loaded", with a path. */
#define COMFY_TYPE_PICTURE_CACHE (comfy_picture_cache_get_type ())
G_DECLARE_FINAL_TYPE (ComfyPictureCache, comfy_picture_cache, COMFY, PICTURE_CACHE, GObject)

ComfyPictureCache *comfy_picture_cache_new        (int                edge,
                                                   unsigned int       max);
int                comfy_picture_cache_get_edge   (ComfyPictureCache *self);
cairo_surface_t   *comfy_picture_cache_get        (ComfyPictureCache *self,
                                                   GtkWidget         *widget,
                                                   const char        *path);
gboolean           comfy_picture_cache_has_failed (ComfyPictureCache *self,
                                                   const char        *path);
gboolean           comfy_picture_cache_get_size   (ComfyPictureCache *self,
                                                   const char        *path,
                                                   int               *out_width,
                                                   int               *out_height);
unsigned int       comfy_picture_cache_get_n      (ComfyPictureCache *self);

G_END_DECLS
