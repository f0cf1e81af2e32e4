/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-settings.h"

G_BEGIN_DECLS

/* A file that a job made, to be saved where the artist says. Property "saving" (boolean): its copy
 * is on the way; whoever lets the row go then cuts it off. */
#define COMFY_TYPE_KEPT_FILE (comfy_kept_file_get_type ())
G_DECLARE_FINAL_TYPE (ComfyKeptFile, comfy_kept_file, COMFY, KEPT_FILE, GtkBox)

GtkWidget *comfy_kept_file_new       (ComfySettings *settings,
                                      const char    *path,
                                      const char    *name,
                                      unsigned int   number);
gboolean   comfy_kept_file_is_saving (ComfyKeptFile *self);

G_END_DECLS
