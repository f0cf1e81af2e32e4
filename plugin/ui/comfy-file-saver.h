/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-settings.h"

G_BEGIN_DECLS

/* Asks the artist where a file is to be saved, and copies it there.
 *
 * Property "saving": the copy is on the way. Signal "done", with what there is to say, and whether
 * that is a problem; not when the artist changed his mind. */
#define COMFY_TYPE_FILE_SAVER (comfy_file_saver_get_type ())
G_DECLARE_FINAL_TYPE (ComfyFileSaver, comfy_file_saver, COMFY, FILE_SAVER, GObject)

ComfyFileSaver *comfy_file_saver_new       (ComfySettings  *settings);
void            comfy_file_saver_ask       (ComfyFileSaver *self,
                                            GtkWidget      *widget,
                                            const char     *path,
                                            const char     *name);
gboolean        comfy_file_saver_is_saving (ComfyFileSaver *self);
void            comfy_file_saver_stop      (ComfyFileSaver *self);

G_END_DECLS
