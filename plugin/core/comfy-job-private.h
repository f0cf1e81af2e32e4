/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-job.h"

G_BEGIN_DECLS

/* How long a job waits for what. Tests make it short. */
typedef struct
{
  unsigned int search_gap_ms;  /* between two looks for a job that may exist */
  unsigned int poll_first_ms;  /* without events: until the next question, growing by half */
  unsigned int poll_last_ms;
  unsigned int silence_ms;     /* with events: a question after so long without one */
  unsigned int retry_first_ms; /* after a lost connection, doubling */
  unsigned int retry_last_ms;
  unsigned int tick_ms;        /* how often a text that counts seconds is renewed */
  unsigned int account_ms;     /* for the balance, which is asked for beside the job */
  unsigned int tidy_ms;        /* for deleting what was uploaded, before the job is let go */
} ComfyPace;

/* What a request that is tried over and over has met so far; all 0 when something worked */
typedef struct
{
  unsigned int attempt;     /* failures */
  unsigned int n_senseless; /* the last of them, in a row: answers that made no sense */
} ComfyPatience;

struct _ComfyJob
{
  GObject            parent_instance;

  ComfyJournalEntry *entry;
  ComfyProfileStore *store;       /* nullable: in tests */
  ComfyConnector    *connector;   /* nullable: in tests */
  ComfySettings     *settings;    /* nullable: in tests */
  ComfyUploadCache  *uploads;     /* nullable: nothing is remembered */
  ComfyNodeTable    *nodes;       /* nullable: no class is known */
  ComfySpending     *spending;    /* nullable: nothing is remembered */
  ComfyApi          *api;         /* nullable: in tests alone */
  ComfyHost         *host;
  ComfyProgress     *progress;
  GCancellable      *cancellable; /* cancelled when the artist asks to stop */
  GError            *error;       /* nullable */
  GVariant          *placed;      /* nullable */
  GBytes            *preview;     /* nullable: a picture's file, while it runs */
  char              *preview_type; /* nullable: what the server says it is */
  DexPromise        *done;        /* nullable: while it runs */
  ComfyPace          pace;
  DexFuture         *account;     /* nullable: asks for the balance */
  gint64             balance_before; /* micros of a dollar, with has_before */
  gint64             started;     /* µs, monotonic */
  gint64             held_until;  /* µs, monotonic: nothing is asked until then */
  gboolean           is_cut_off;  /* and that is because the server cannot be reached */
  unsigned int       held_tick;   /* source id, 0: none */
  gboolean           was_cancellable;
  gboolean           accepts_twice; /* the artist said: send again, even if it costs twice */
  gboolean           is_wanted;     /* somebody said: place it */
  gboolean           is_applying;   /* the artist said so just now, whether it was placed or not */
  int                picture;       /* with is_applying: which of the pictures, -1: all */
  gboolean           asks_first;    /* the server is asked whether it takes the graph */
  gboolean           has_before;    /* the balance before the job is known */
  gboolean           is_to_settle;  /* it has ended on the server, and its cost is to be noted */
  gboolean           has_succeeded; /* on the server */
  gboolean           has_reused;    /* an input that was uploaded before, maybe by another job */
};

ComfyJob  *_comfy_job_new_for_api (ComfyJournalEntry  *entry,
                                   ComfyApi           *api,
                                   ComfyHost          *host);
void       _comfy_job_set_pace    (ComfyJob           *self,
                                   const ComfyPace    *pace);
void       _comfy_job_set_settings (ComfyJob          *self,
                                    ComfySettings     *settings);

void       _comfy_job_set_asks_first
                                  (ComfyJob           *self,
                                   gboolean            asks_first);
void       _comfy_job_set_preview (ComfyJob           *self,
                                   GBytes             *preview,
                                   const char         *content_type);

/* comfy-job-control.c: for the parts of the flow */
gboolean   _comfy_job_is_cancelled (ComfyJob          *self);
void       _comfy_job_show        (ComfyJob           *self,
                                   ComfyState          state);
gboolean   _comfy_job_enter       (ComfyJob           *self,
                                   ComfyState          state,
                                   GError            **error);
gboolean   _comfy_job_end         (ComfyJob           *self,
                                   ComfyState          state,
                                   GError             *why,
                                   GError            **error);
GError    *_comfy_job_new_unspent (ComfyJob           *self);
gboolean   _comfy_job_end_unsent  (ComfyJob           *self,
                                   GError            **error);

/* comfy-job-wait.c: on a fiber */
DexFuture *_comfy_job_or_cancel   (ComfyJob           *self,
                                   DexFuture          *work) G_GNUC_WARN_UNUSED_RESULT;
void       _comfy_job_rest        (ComfyJob           *self,
                                   unsigned int        ms);
gboolean   _comfy_job_wait_out    (ComfyJob           *self,
                                   ComfyPatience      *patience,
                                   const GError       *failure);
void       _comfy_job_show_pauses (ComfyJob           *self,
                                   ComfyApi           *api);
void       _comfy_job_end_pauses  (ComfyJob           *self,
                                   ComfyApi           *api);

/* comfy-job-flow.c and its parts: on a fiber */
DexFuture *_comfy_job_flow        (gpointer            job);
gboolean   _comfy_job_stop_unsent (ComfyJob           *self,
                                   GError             *why,
                                   GError            **error);
gboolean   _comfy_job_upload      (ComfyJob           *self,
                                   ComfyApi           *api,
                                   GError            **error);
gboolean   _comfy_job_submit      (ComfyJob           *self,
                                   ComfyApi           *api,
                                   GError            **error);
gboolean   _comfy_job_watch       (ComfyJob           *self,
                                   ComfyApi           *api,
                                   GError            **error);

/* comfy-job-reuse.c: inputs that lie on the server already; on a fiber */
ComfyUpload *
           _comfy_job_find_upload (ComfyJob           *self,
                                   ComfyApi           *api,
                                   const char         *path,
                                   char              **out_hash);
void       _comfy_job_note_upload (ComfyJob           *self,
                                   ComfyApi           *api,
                                   const char         *hash,
                                   const ComfyUpload  *upload);
void       _comfy_job_drop_upload (ComfyJob           *self,
                                   const char         *upload_id);
gboolean   _comfy_job_doubt_uploads (ComfyJob         *self,
                                   const GError       *why);

/* comfy-job-partner.c */
gboolean   _comfy_job_lends_key   (ComfyJob           *self,
                                   ComfyApi           *api,
                                   gboolean           *out_lends,
                                   GError            **error);
GError    *_comfy_job_explain_failure
                                  (ComfyJob           *self,
                                   ComfyApi           *api,
                                   const ComfyRemoteJob *remote);

/* what the names of files begin with that nodes make whose results nobody wants */
#define COMFY_JOB_OTHER_PREFIX "gimp-other-"

/* comfy-job-outputs.c */
GPtrArray *_comfy_job_pick_outputs (ComfyRequest         *request,
                                    const ComfyRemoteJob *remote,
                                    unsigned int         *out_left_out);
ComfyOutcome
           _comfy_job_find_outcome (ComfyRequest         *request,
                                    const ComfyRemoteOutput *output);

/* comfy-job-download.c: on a fiber, but for the first */
gboolean   _comfy_job_keep_texts  (ComfyJob           *self,
                                   GPtrArray          *outputs,
                                   GError            **error);
gboolean   _comfy_job_download    (ComfyJob           *self,
                                   ComfyApi           *api,
                                   GError            **error);

/* comfy-job-place.c: on a fiber, but for the first */
gboolean   _comfy_job_has_pictures (ComfyJob          *self);
gboolean   _comfy_job_is_placed_unnoted
                                  (ComfyJob           *self);
gboolean   _comfy_job_place       (ComfyJob           *self,
                                   GError            **error);

/* comfy-job-apply.c: what the artist says of its pictures */
DexFuture *_comfy_job_apply       (ComfyJob           *self,
                                   int                 picture) G_GNUC_WARN_UNUSED_RESULT;
gboolean   _comfy_job_discard     (ComfyJob           *self,
                                   const char         *name,
                                   GError            **error);
gboolean   _comfy_job_take_back   (ComfyJob           *self,
                                   const char         *name,
                                   GError            **error);

/* comfy-job-adapt.c: what is sent instead of what the server does not have */
void       _comfy_job_recall      (ComfyJob           *self);
gboolean   _comfy_job_adapt       (ComfyJob           *self,
                                   GError            **why);
gboolean   _comfy_job_fill_in     (ComfyJob           *self,
                                   ComfyWorkflow      *workflow,
                                   GError            **error);
void       _comfy_job_remember    (ComfyJob           *self);

/* comfy-job-words.c */
char      *_comfy_job_dup_remote_words
                                  (ComfyRequest       *request,
                                   const ComfyRemoteJob *remote);
char      *_comfy_job_dup_running (const char         *words,
                                   int                 seconds,
                                   gint64              run_ms);

/* comfy-job-cost.c: on a fiber, but for the last */
void       _comfy_job_ask_before  (ComfyJob           *self,
                                   ComfyApi           *api);
void       _comfy_job_note_before (ComfyJob           *self);
void       _comfy_job_note_end    (ComfyJob           *self,
                                   ComfyApi           *api,
                                   const ComfyRemoteJob *remote);
void       _comfy_job_settle      (ComfyJob           *self);
gint64     _comfy_job_expect_run_ms
                                  (ComfyJob           *self);

/* comfy-job-clean.c */
gboolean   _comfy_job_is_unclean  (ComfyJob           *self);
void       _comfy_job_tidy        (ComfyJob           *self);

G_END_DECLS
