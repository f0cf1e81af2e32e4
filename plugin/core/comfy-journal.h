/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-journal-entry.h"

G_BEGIN_DECLS

/* A folder per job below the user's state folder; what is unfinished can be found and resumed.
 * Signal "changed": the artist has said something of what a job made. */
#define COMFY_TYPE_JOURNAL (comfy_journal_get_type ())
G_DECLARE_FINAL_TYPE (ComfyJournal, comfy_journal, COMFY, JOURNAL, GObject)

ComfyJournal      *comfy_journal_new           (const char    *folder);
const char        *comfy_journal_get_folder    (ComfyJournal  *self);

/* (transfer full): a folder (0700) for the files of a job to be; not an entry before
 * comfy_journal_begin() */
char              *comfy_journal_make_staging  (ComfyJournal  *self,
                                                GError       **error);
void               comfy_journal_drop_staging  (ComfyJournal  *self,
                                                const char    *staging);
/* (transfer full): the staged files and @request become an entry in state NEW, on disk, whose lock
 * is held by this process */
ComfyJournalEntry *comfy_journal_begin         (ComfyJournal  *self,
                                                const char    *staging,
                                                ComfyRequest  *request,
                                                GError       **error);
/* (transfer full): takes the lock; COMFY_ERROR_FAILED while another process holds it */
ComfyJournalEntry *comfy_journal_open          (ComfyJournal  *self,
                                                const char    *id,
                                                GError       **error);
/* (transfer full): what a job asked for, whoever holds its lock */
ComfyRequest      *comfy_journal_read_request  (ComfyJournal  *self,
                                                const char    *id,
                                                GError       **error);
/* (transfer full) (nullable): the id of the job here that a job of the server was started by */
char              *comfy_journal_dup_id_of     (ComfyJournal   *self,
                                                ComfyRemoteJob *remote);
/* (transfer full) (array zero-terminated=1): ids of unfinished jobs that no process runs, oldest
 * first */
char             **comfy_journal_list_orphans  (ComfyJournal  *self);
/* (transfer full) (array zero-terminated=1): ids of finished jobs whose uploads are still to be
 * deleted on the server */
char             **comfy_journal_list_unclean  (ComfyJournal  *self);
/* (transfer full) (array zero-terminated=1): ids of finished jobs that no process holds, with texts
 * or files that the artist has not put away, oldest first */
char             **comfy_journal_list_kept     (ComfyJournal  *self);
/* removes what is finished and older than @keep_days, and stale staging folders */
void               comfy_journal_sweep         (ComfyJournal  *self,
                                                int            keep_days);
/* removes the local copies of one finished job; FALSE with COMFY_ERROR_FAILED while it is in use, or
 * not finished */
gboolean           comfy_journal_delete        (ComfyJournal  *self,
                                                const char    *id,
                                                GError       **error);
/* removes local copies of everything that is finished */
void               comfy_journal_delete_finished (ComfyJournal *self);

G_END_DECLS
