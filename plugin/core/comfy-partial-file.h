/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file that grows under a temporary name, and gets its own once it is complete and on the disk.
 * Freeing one that is not finished removes it. */
typedef struct _ComfyPartialFile ComfyPartialFile;

ComfyPartialFile *comfy_partial_file_new      (const char        *path,
                                               GError           **error);
void              comfy_partial_file_free     (ComfyPartialFile  *self);
gint64            comfy_partial_file_get_size (ComfyPartialFile  *self);
gboolean          comfy_partial_file_append   (ComfyPartialFile  *self,
                                               GBytes            *bytes,
                                               GError           **error);
gboolean          comfy_partial_file_restart  (ComfyPartialFile  *self,
                                               GError           **error);
gboolean          comfy_partial_file_finish   (ComfyPartialFile  *self,
                                               GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyPartialFile, comfy_partial_file_free)

G_END_DECLS
