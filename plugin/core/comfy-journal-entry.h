/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-remote-job.h"
#include "comfy-request.h"
#include "comfy-upload.h"

G_BEGIN_DECLS

typedef enum
{
  COMFY_STATE_NEW,
  COMFY_STATE_UPLOADING,
  COMFY_STATE_SUBMITTING, /* a job may exist */
  COMFY_STATE_WAITING,
  COMFY_STATE_RUNNING,
  COMFY_STATE_DOWNLOADING,
  COMFY_STATE_READY,      /* every output is on disk */
  COMFY_STATE_PLACED,
  COMFY_STATE_CANCELLING,
  COMFY_STATE_CANCELLED,
  COMFY_STATE_FAILED,
  COMFY_STATE_EXPIRED,
  COMFY_STATE_UNKNOWN,    /* a job may exist and nobody can tell: the artist decides */
  COMFY_N_STATES
} ComfyState;

gboolean    comfy_state_is_final   (ComfyState  state);
const char *comfy_state_to_nick    (ComfyState  state);

/* One job on disk. Setters change memory; comfy_journal_entry_commit() makes it true on disk
 * (write, fsync, rename, fsync of the folder) before it returns. Holds the job's lock while it
 * lives. */
#define COMFY_TYPE_JOURNAL_ENTRY (comfy_journal_entry_get_type ())
G_DECLARE_FINAL_TYPE (ComfyJournalEntry, comfy_journal_entry, COMFY, JOURNAL_ENTRY, GObject)

const char   *comfy_journal_entry_get_id              (ComfyJournalEntry  *self);
const char   *comfy_journal_entry_get_folder          (ComfyJournalEntry  *self);
ComfyRequest *comfy_journal_entry_get_request         (ComfyJournalEntry  *self);
ComfyState    comfy_journal_entry_get_state           (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_state           (ComfyJournalEntry  *self,
                                                       ComfyState          state);
/* "gimp-<id>" */
const char   *comfy_journal_entry_get_tag             (ComfyJournalEntry  *self);
const char   *comfy_journal_entry_get_idempotency_key (ComfyJournalEntry  *self);
void          comfy_journal_entry_renew_key           (ComfyJournalEntry  *self);
/* (nullable): base URL of the server that it was sent to */
const char   *comfy_journal_entry_get_base_url        (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_base_url        (ComfyJournalEntry  *self,
                                                       const char         *base_url);
/* (nullable): type name of the ComfyApi that it was sent by: another protocol has other ids */
const char   *comfy_journal_entry_get_protocol        (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_protocol        (ComfyJournalEntry  *self,
                                                       const char         *protocol);
/* Unix seconds of the first attempt to submit, 0 before it */
gint64        comfy_journal_entry_get_submitted_at    (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_submitted_at    (ComfyJournalEntry  *self,
                                                       gint64              when);
/* whether it was sent again while an earlier attempt may exist, and cost */
gboolean      comfy_journal_entry_has_lost_job        (ComfyJournalEntry  *self);
/* the first attempt is given up on: nobody knows of a job of it */
void          comfy_journal_entry_give_up_attempt     (ComfyJournalEntry  *self);
/* (nullable): the server's id of the job */
const char   *comfy_journal_entry_get_remote_id       (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_remote_id       (ComfyJournalEntry  *self,
                                                       const char         *remote_id);
/* (nullable): what the graph calls input @i once it is uploaded */
const char   *comfy_journal_entry_get_remote_input    (ComfyJournalEntry  *self,
                                                       unsigned int        i);
void          comfy_journal_entry_set_remote_input    (ComfyJournalEntry  *self,
                                                       unsigned int        i,
                                                       const char         *name);
/* (nullable) (transfer none) (element-type ComfyRemoteOutput): what the job made, once known */
GPtrArray    *comfy_journal_entry_get_remote_outputs  (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_remote_outputs  (ComfyJournalEntry  *self,
                                                       GPtrArray          *outputs);
/* (nullable) (transfer none): names of complete outputs in the folder */
const char * const *
              comfy_journal_entry_get_outputs         (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_outputs         (ComfyJournalEntry  *self,
                                                       const char * const *names);
/* how many results were too many to be taken */
unsigned int  comfy_journal_entry_get_n_left_out      (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_n_left_out      (ComfyJournalEntry  *self,
                                                       unsigned int        n);
/* whether its result waits for the artist's word, who looks at it in a history */
gboolean      comfy_journal_entry_is_held             (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_held            (ComfyJournalEntry  *self,
                                                       gboolean            is_held);
/* whether it ended with something that is in no image, and that the artist has not put away */
gboolean      comfy_journal_entry_has_kept            (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_put_away        (ComfyJournalEntry  *self,
                                                       gboolean            is_put_away);
/* (transfer none): what the job cost, maybe not known */
const ComfyCost *
              comfy_journal_entry_get_cost            (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_cost            (ComfyJournalEntry  *self,
                                                       const ComfyCost    *cost);
/* how long it ran on the server, -1: not told */
gint64        comfy_journal_entry_get_run_ms          (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_run_ms          (ComfyJournalEntry  *self,
                                                       gint64              run_ms);
/* whether no other job of this journal was on a server since it was submitted */
gboolean      comfy_journal_entry_ran_alone           (ComfyJournalEntry  *self);
/* (nullable): why it ended */
const GError *comfy_journal_entry_get_error           (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_error           (ComfyJournalEntry  *self,
                                                       const GError       *error);
/* (nullable): the file that loader @i has instead of the graph's own */
const char   *comfy_journal_entry_get_file            (ComfyJournalEntry  *self,
                                                       unsigned int        i);
void          comfy_journal_entry_set_file            (ComfyJournalEntry  *self,
                                                       unsigned int        i,
                                                       const char         *file);
/* files of loader @i that the server does not have */
gboolean      comfy_journal_entry_has_refused         (ComfyJournalEntry  *self,
                                                       unsigned int        i,
                                                       const char         *file);
void          comfy_journal_entry_note_refused        (ComfyJournalEntry  *self,
                                                       unsigned int        i,
                                                       const char         *file);
/* the server cannot save 16 bits per channel */
gboolean      comfy_journal_entry_get_plain_results   (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_plain_results   (ComfyJournalEntry  *self,
                                                       gboolean            plain);
/* the server does not take WebP */
gboolean      comfy_journal_entry_get_wants_png       (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_wants_png       (ComfyJournalEntry  *self,
                                                       gboolean            wants_png);
/* the job goes to another server: forgets all of the above, and what was uploaded */
void          comfy_journal_entry_forget_server       (ComfyJournalEntry  *self);
/* (element-type ComfyUpload) (transfer none): what lies on the server by this job */
GPtrArray    *comfy_journal_entry_get_uploads         (ComfyJournalEntry  *self);
void          comfy_journal_entry_add_upload          (ComfyJournalEntry  *self,
                                                       const ComfyUpload  *upload);
void          comfy_journal_entry_remove_upload       (ComfyJournalEntry  *self,
                                                       unsigned int        i);
/* whether it is still to be deleted there */
gboolean      comfy_journal_entry_get_delete_uploads  (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_delete_uploads  (ComfyJournalEntry  *self,
                                                       gboolean            is_due);
/* Unix seconds until when the server keeps the job and what it made, 0 when it did not tell */
gint64        comfy_journal_entry_get_expires_at      (ComfyJournalEntry  *self);
void          comfy_journal_entry_set_expires_at      (ComfyJournalEntry  *self,
                                                       gint64              when);
gboolean      comfy_journal_entry_commit              (ComfyJournalEntry  *self,
                                                       GError            **error);
/* forgets the job: removes its folder */
/* gives the lock up, so that another process can take the job over */
void          comfy_journal_entry_release             (ComfyJournalEntry  *self);

G_END_DECLS
