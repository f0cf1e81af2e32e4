/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-folder-watch-private.h"
#include "comfy-library.h"

G_BEGIN_DECLS

/* A file that was read */
typedef struct
{
  char             *state; /* owned: as it was then */
  ComfyLibraryItem *item;  /* owned */
} ComfyLibraryKnown;

struct _ComfyLibrary
{
  GObject           parent_instance;

  char             *folder;    /* owned */
  ComfySettings    *settings;  /* owned */
  ComfyFolderWatch *watch;     /* owned */
  GPtrArray        *built_in;  /* owned, of ComfyLibraryItem */
  GHashTable       *known;     /* owned: a path → Known: the artist's own and recent ones */
  char            **recent;    /* owned: paths outside of the folder */
  GListStore       *list;      /* owned, of ComfyLibraryItem */
  DexPromise       *settled;   /* owned; NULL while nothing is being read */
  gboolean          is_stale;  /* the disk may be another one than the list */
};

/* Files that belong together, as they lie on disk */
typedef struct
{
  char *path;      /* owned: NAME.json or NAME.png; need not be there */
  char *sidecar;   /* owned, nullable: NAME.gimp.json */
  char *thumbnail; /* owned, nullable: may be @path */
  char *state;     /* owned: is another one when any of them changed */
} ComfyLibraryEntry;

void              _comfy_library_entry_free       (ComfyLibraryEntry       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyLibraryEntry, _comfy_library_entry_free)
ComfyLibraryItem *_comfy_library_entry_read       (const ComfyLibraryEntry *self,
                                                   gboolean                 is_recent);
/* (transfer full) (element-type ComfyLibraryEntry), in the order of names */
GPtrArray        *_comfy_library_list_folder      (const char              *folder);
/* (transfer full): of a file that lies anywhere */
ComfyLibraryEntry *
                  _comfy_library_entry_new        (const char              *path);

ComfyLibraryItem *_comfy_library_item_new_for_action
                                                  (ComfyAction             *action);
int               _comfy_library_item_compare     (gconstpointer            a,
                                                   gconstpointer            b);

char             *_comfy_library_dup_stem         (const char              *name);
gboolean          _comfy_library_has_suffix       (const char              *name,
                                                   const char              *suffix);

/* in words, translated (transfer full) */
char             *_comfy_library_dup_action_takes (ComfyAction             *action);
char             *_comfy_library_dup_action_gives (ComfyAction             *action);
char             *_comfy_library_dup_graph_takes  (ComfyWorkflow           *workflow);
char             *_comfy_library_dup_graph_gives  (ComfyWorkflow           *workflow);

void              _comfy_library_known_free       (ComfyLibraryKnown       *self);
void              _comfy_library_publish          (ComfyLibrary            *self);
/* → TRUE when all that changed on disk until now is in the list */
DexFuture        *_comfy_library_follow           (ComfyLibrary            *self)
                                                  G_GNUC_WARN_UNUSED_RESULT;

/* the files of the artist's folder; all of these block, for worker threads */
char             *_comfy_library_copy_in          (const char              *folder,
                                                   const char              *path,
                                                   GError                 **error);
char             *_comfy_library_rename_files     (ComfyLibraryItem        *item,
                                                   const char              *title,
                                                   GError                 **error);
gboolean          _comfy_library_remove_files     (ComfyLibraryItem        *item,
                                                   gboolean                 for_good,
                                                   GError                 **error);

G_END_DECLS
