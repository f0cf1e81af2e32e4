/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-folder-watch-private.h"
#include "comfy-history.h"
#include "comfy-record-private.h"

G_BEGIN_DECLS

/* A job that was read. Without an item: nothing is to be shown of it. */
typedef struct
{
  char             *stamp;   /* owned: of its record's file */
  ComfyHistoryItem *item;    /* owned, nullable */
  GFileMonitor     *monitor; /* owned, nullable: of one that is not finished */
} ComfyHistoryKnown;

struct _ComfyHistory
{
  GObject           parent_instance;

  ComfyJournal     *journal;   /* owned */
  ComfyScheduler   *scheduler; /* owned, nullable */
  char             *mark;      /* owned, nullable */
  char             *file;      /* owned, nullable */
  GListStore       *list;      /* owned: what is shown */
  GHashTable       *known;     /* owned: id → ComfyHistoryKnown */
  ComfyFolderWatch *watch;     /* owned: of the journal's folder */
  DexPromise       *settled;   /* owned, nullable: while the disk is looked at */
  gboolean          is_stale;
};

void              _comfy_history_known_free   (ComfyHistoryKnown *self);
void              _comfy_history_publish      (ComfyHistory      *self);
/* → TRUE when all that is on disk now is in the list */
DexFuture        *_comfy_history_follow       (ComfyHistory      *self) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full) (nullable); for tests */
ComfyHistoryItem *_comfy_history_find         (ComfyHistory      *self,
                                               const char        *journal_id);

gboolean          _comfy_history_item_shows   (const ComfyRecord *record);
/* @record: (transfer full) */
ComfyHistoryItem *_comfy_history_item_new     (const char        *folder,
                                               ComfyRecord       *record,
                                               ComfyRequest      *summary);
void              _comfy_history_item_update  (ComfyHistoryItem  *self,
                                               ComfyRecord       *record);
unsigned int      _comfy_history_item_get_run (ComfyHistoryItem  *self);

G_END_DECLS
