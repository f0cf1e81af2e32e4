/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-journal.h"

G_BEGIN_DECLS

/* What the journal tells of a job that no process holds: one that is unfinished, or its end. Plain
 * data, boxed; reading it takes no lock. */
typedef struct
{
  char       *id;           /* owned: in the journal */
  char       *title;        /* owned: the action's name, as it was asked for */
  char       *model;        /* owned, nullable */
  char       *prompt;       /* owned, nullable */
  char       *profile_id;   /* owned: whose key it was made with */
  gboolean    is_remote;    /* it only fetched what a job of the server had made */
  ComfyState  state;
  gboolean    was_sent;     /* a job may exist on the server */
  gboolean    has_pictures; /* all of its result is here, and some of it belongs into an image */
  gboolean    is_shown;     /* its result is here, and is looked at in the history */
  gboolean    has_kept;     /* texts and files that the artist has not put away */
  gint64      created;      /* Unix seconds */
  gint64      changed;      /* Unix seconds: of its end, when it has ended */
  gint64      expires_at;   /* Unix seconds until when the server keeps it, 0: not told */
  ComfyCost   cost;         /* maybe not known */
  GError     *error;        /* owned, nullable: why it ended, or why it does not go on */
} ComfyPastJob;

#define COMFY_TYPE_PAST_JOB (comfy_past_job_get_type ())
GType         comfy_past_job_get_type    (void);
ComfyPastJob *comfy_past_job_copy        (const ComfyPastJob *self);
void          comfy_past_job_free        (ComfyPastJob       *self);
gboolean      comfy_past_job_is_finished (const ComfyPastJob *self);
/* (element-type ComfyPastJob): whether both tell the same */
gboolean      comfy_past_jobs_are_same   (GPtrArray          *one,
                                          GPtrArray          *other);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyPastJob, comfy_past_job_free)

/* → GPtrArray of ComfyPastJob, the newest first: all that no process holds. On a thread. */
DexFuture    *comfy_past_job_find_all    (ComfyJournal   *journal) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
