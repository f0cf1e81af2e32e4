/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-library-item.h"
#include "comfy-settings.h"

G_BEGIN_DECLS

/* All workflows that can be chosen, a GListModel of ComfyLibraryItem: first those that came with
 * the program, then the artist's own folder in the order of titles, last what was used from
 * elsewhere, the newest first. Follows the folder and the settings; files are read on worker
 * threads, and stand in the list as they were read.
 *
 * Property "busy": files are being read. */
#define COMFY_TYPE_LIBRARY (comfy_library_get_type ())
G_DECLARE_FINAL_TYPE (ComfyLibrary, comfy_library, COMFY, LIBRARY, GObject)

ComfyLibrary     *comfy_library_new         (GPtrArray         *actions,
                                             const char        *folder,
                                             ComfySettings     *settings);
const char       *comfy_library_get_folder  (ComfyLibrary      *self);
gboolean          comfy_library_make_folder (ComfyLibrary      *self,
                                             GError           **error);
gboolean          comfy_library_is_busy     (ComfyLibrary      *self);
/* (transfer full) (nullable) */
ComfyLibraryItem *comfy_library_find        (ComfyLibrary      *self,
                                             const char        *path);
void              comfy_library_note_recent (ComfyLibrary      *self,
                                             const char        *path);

/* → string: the path that the copy has, once it is in the list */
DexFuture        *comfy_library_add         (ComfyLibrary      *self,
                                             const char        *path) G_GNUC_WARN_UNUSED_RESULT;
/* → string: the path that it has now, once it is in the list */
DexFuture        *comfy_library_rename      (ComfyLibrary      *self,
                                             ComfyLibraryItem  *item,
                                             const char        *title) G_GNUC_WARN_UNUSED_RESULT;
/* → TRUE once it is not in the list any more */
DexFuture        *comfy_library_remove      (ComfyLibrary      *self,
                                             ComfyLibraryItem  *item,
                                             gboolean           for_good) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
