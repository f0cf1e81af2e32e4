/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-action.h"

G_BEGIN_DECLS

typedef enum
{
  COMFY_LIBRARY_BUILT_IN, /* came with the program */
  COMFY_LIBRARY_SAVED,    /* the artist's own, with a description: NAME.json and NAME.gimp.json */
  COMFY_LIBRARY_FILE,     /* the artist's own: NAME.json or NAME.png alone */
  COMFY_LIBRARY_RECENT,   /* a file elsewhere that was used */
} ComfyLibraryKind;

/* A workflow that can be chosen, and what a person wants to know of it. Immutable: a file that
 * changes becomes another item with the same id. */
#define COMFY_TYPE_LIBRARY_ITEM (comfy_library_item_get_type ())
G_DECLARE_FINAL_TYPE (ComfyLibraryItem, comfy_library_item, COMFY, LIBRARY_ITEM, GObject)

/* stable: BUILT_IN: the action's; else the path */
const char       *comfy_library_item_get_id             (ComfyLibraryItem *self);
ComfyLibraryKind  comfy_library_item_get_kind           (ComfyLibraryItem *self);
/* in the artist's folder: can be renamed */
gboolean          comfy_library_item_is_own             (ComfyLibraryItem *self);
const char       *comfy_library_item_get_title          (ComfyLibraryItem *self);
/* (nullable): the graph's file, in the file system's encoding; BUILT_IN: none */
const char       *comfy_library_item_get_path           (ComfyLibraryItem *self);
/* (nullable) */
const char       *comfy_library_item_get_sidecar_path   (ComfyLibraryItem *self);
/* (nullable): PNG, JPEG or WebP of any size; it may be @path itself */
const char       *comfy_library_item_get_thumbnail_path (ComfyLibraryItem *self);
/* (nullable): BUILT_IN, and what has a description */
ComfyAction      *comfy_library_item_get_action         (ComfyLibraryItem *self);
/* (nullable): translated, "a layer, a prompt"; %NULL: it is broken */
const char       *comfy_library_item_get_takes          (ComfyLibraryItem *self);
const char       *comfy_library_item_get_gives          (ComfyLibraryItem *self);
/* (nullable): translated: why it cannot be used */
const char       *comfy_library_item_get_problem        (ComfyLibraryItem *self);
gboolean          comfy_library_item_matches            (ComfyLibraryItem *self,
                                                         const char       *text);

G_END_DECLS
