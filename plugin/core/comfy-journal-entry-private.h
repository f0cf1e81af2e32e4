/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-journal-entry.h"
#include "comfy-record-private.h"

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
GHashTable        *_comfy_journal_entry_find_shared
                                               (ComfyJournalEntry *self);

G_END_DECLS
