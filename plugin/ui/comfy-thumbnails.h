/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Small pictures of files, read and decoded on a worker thread, one at a time: a folder of large
 * pictures takes the memory of one of them. */
#define COMFY_TYPE_THUMBNAILS (comfy_thumbnails_get_type ())
G_DECLARE_FINAL_TYPE (ComfyThumbnails, comfy_thumbnails, COMFY, THUMBNAILS, GObject)

ComfyThumbnails *comfy_thumbnails_new  (void);
void             comfy_thumbnails_show (ComfyThumbnails *self,
                                        GtkImage        *image,
                                        const char      *path,
                                        int              edge);

G_END_DECLS
