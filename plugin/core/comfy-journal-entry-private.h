/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-journal-entry.h"
#include "comfy-record-private.h"
#include "comfy-result.h"

G_BEGIN_DECLS

struct _ComfyJournalEntry
{
  GObject       parent_instance;

  char         *id;
  char         *tag;
  char         *folder;
  ComfyRequest *request; /* owned */
  ComfyRecord  *record;  /* owned */
  int           lock;    /* file descriptor, -1 once released */
};

ComfyJournalEntry *_comfy_journal_entry_create (const char    *staging,
                                                const char    *folder,
                                                ComfyRequest  *request,
                                                GError       **error);
ComfyJournalEntry *_comfy_journal_entry_load   (const char    *folder,
                                                GError       **error);
ComfyRequest      *_comfy_journal_entry_read_request
                                               (const char    *folder,
                                                GError       **error);
ComfyRequest      *_comfy_journal_entry_read_summary
                                               (const char    *folder,
                                                GError       **error);

/* comfy-journal-entry-pictures.c: what the artist said of them */
GArray            *_comfy_journal_entry_list_pictures
                                               (ComfyJournalEntry *self);
ComfyResult       *_comfy_journal_entry_make_result
                                               (ComfyJournalEntry *self,
                                                GArray            *pictures);
GPtrArray         *_comfy_journal_entry_dup_applied
                                               (ComfyJournalEntry *self);
void               _comfy_journal_entry_set_applied
                                               (ComfyJournalEntry *self,
                                                GPtrArray         *names);
gboolean           _comfy_journal_entry_is_applied
                                               (ComfyJournalEntry *self,
                                                const char        *name);
gboolean           _comfy_journal_entry_is_discarded
                                               (ComfyJournalEntry *self,
                                                const char        *name);
void               _comfy_journal_entry_settle (ComfyJournalEntry *self);
void               _comfy_journal_entry_set_discarded
                                               (ComfyJournalEntry *self,
                                                const char        *name,
                                                gboolean           is_discarded);

GHashTable        *_comfy_journal_entry_find_shared
                                               (ComfyJournalEntry *self);

G_END_DECLS
