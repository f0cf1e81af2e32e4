/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts. What was seen of a job last stays known when the job is gone from the list, as it is soon
 * after it was placed. A job that is asked for again takes the place of the one that failed.
 */
#define G_LOG_DOMAIN "comfy-batch"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-batch-summary-private.h"

typedef enum
{
  OUTCOME_UNKNOWN, /* not seen in this process */
  OUTCOME_ACTIVE,
  OUTCOME_DONE,
  OUTCOME_FAILED,
  OUTCOME_CANCELLED,
  N_OUTCOMES
} Outcome;

struct _ComfyBatchSummary
{
  GObject       parent_instance;

  char         *id;
  char         *title;
  GArray       *outcomes;         /* of Outcome: of each job by its place in the batch */
  unsigned int  counts[N_OUTCOMES];
  gboolean      dismissed;
};

G_DEFINE_FINAL_TYPE (ComfyBatchSummary, comfy_batch_summary, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
comfy_batch_summary_finalize (GObject *object)
{
  ComfyBatchSummary *self = COMFY_BATCH_SUMMARY (object);

  g_free (self->id);
  g_free (self->title);
  g_array_unref (self->outcomes);

  G_OBJECT_CLASS (comfy_batch_summary_parent_class)->finalize (object);
}

static void
comfy_batch_summary_class_init (ComfyBatchSummaryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_batch_summary_finalize;

  /**
   * ComfyBatchSummary::changed:
   *
   * A number is another one now, or it was dismissed.
   */
  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_BATCH_SUMMARY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_batch_summary_init (ComfyBatchSummary *self)
{
  self->outcomes = g_array_new (FALSE, TRUE, sizeof (Outcome));
}

/*
 * _comfy_batch_summary_new:
 * @request: of any job of the batch
 *
 * Returns: (transfer full): a summary that has seen no job
 */
ComfyBatchSummary *
_comfy_batch_summary_new (ComfyRequest *request)
{
  ComfyBatchSummary *self = g_object_new (COMFY_TYPE_BATCH_SUMMARY, NULL);

  self->id = g_strdup (comfy_request_get_batch_id (request, NULL, NULL));
  self->title = g_strdup (comfy_request_get_title (request));

  return self;
}

/*
 * _comfy_batch_summary_begin:
 *
 * From here on every job is told that there still is.
 */
void
_comfy_batch_summary_begin (ComfyBatchSummary *self)
{
  /* one that runs and is gone before it was seen to end was taken off the list */
  for (unsigned int i = 0; i < self->outcomes->len; i++)
    if (g_array_index (self->outcomes, Outcome, i) == OUTCOME_ACTIVE)
      g_array_index (self->outcomes, Outcome, i) = OUTCOME_CANCELLED;
}

static Outcome
get_outcome (ComfyJob *job,
             gboolean  is_active)
{
  ComfyState state = comfy_job_get_state (job);

  if (state == COMFY_STATE_PLACED)
    return OUTCOME_DONE;
  if (is_active)
    return OUTCOME_ACTIVE;
  if (state == COMFY_STATE_CANCELLED)
    return OUTCOME_CANCELLED;

  /* its result waits for the artist's word */
  return state == COMFY_STATE_READY && comfy_job_get_error (job) == NULL ? OUTCOME_DONE
                                                                         : OUTCOME_FAILED;
}

/*
 * _comfy_batch_summary_note:
 * @job: one of the batch
 * @is_active: whether it runs or waits for its turn
 *
 * Of several jobs in the same place the last one counts.
 */
void
_comfy_batch_summary_note (ComfyBatchSummary *self,
                           ComfyJob          *job,
                           gboolean           is_active)
{
  unsigned int i;

  comfy_request_get_batch_id (comfy_job_get_request (job), &i, NULL);
  if (i >= self->outcomes->len)
    g_array_set_size (self->outcomes, i + 1);
  g_array_index (self->outcomes, Outcome, i) = get_outcome (job, is_active);
}

/*
 * _comfy_batch_summary_end:
 *
 * Every job was told of. Tells who listens what has changed.
 */
void
_comfy_batch_summary_end (ComfyBatchSummary *self)
{
  unsigned int counts[N_OUTCOMES] = { 0 };

  for (unsigned int i = 0; i < self->outcomes->len; i++)
    counts[g_array_index (self->outcomes, Outcome, i)]++;
  if (memcmp (counts, self->counts, sizeof counts) == 0)
    return;

  memcpy (self->counts, counts, sizeof counts);
  if (counts[OUTCOME_ACTIVE] > 0)
    self->dismissed = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * comfy_batch_summary_get_id:
 *
 * Returns: see comfy_request_get_batch_id()
 */
const char *
comfy_batch_summary_get_id (ComfyBatchSummary *self)
{
  g_return_val_if_fail (COMFY_IS_BATCH_SUMMARY (self), NULL);

  return self->id;
}

/**
 * comfy_batch_summary_get_title:
 *
 * Returns: what the jobs are, for people: "Upscale 4×"
 */
const char *
comfy_batch_summary_get_title (ComfyBatchSummary *self)
{
  g_return_val_if_fail (COMFY_IS_BATCH_SUMMARY (self), NULL);

  return self->title;
}

/**
 * comfy_batch_summary_get_n:
 *
 * Returns: how many jobs this process has had of the batch; after a restart those that had not
 *   ended before
 */
unsigned int
comfy_batch_summary_get_n (ComfyBatchSummary *self)
{
  g_return_val_if_fail (COMFY_IS_BATCH_SUMMARY (self), 0);

  return self->outcomes->len - self->counts[OUTCOME_UNKNOWN];
}

/**
 * comfy_batch_summary_count_done:
 *
 * Returns: how many results are placed, or wait for the artist's word to be
 */
unsigned int
comfy_batch_summary_count_done (ComfyBatchSummary *self)
{
  g_return_val_if_fail (COMFY_IS_BATCH_SUMMARY (self), 0);

  return self->counts[OUTCOME_DONE];
}

/**
 * comfy_batch_summary_count_failed:
 *
 * Returns: how many have failed, or need the artist to go on
 */
unsigned int
comfy_batch_summary_count_failed (ComfyBatchSummary *self)
{
  g_return_val_if_fail (COMFY_IS_BATCH_SUMMARY (self), 0);

  return self->counts[OUTCOME_FAILED];
}

/**
 * comfy_batch_summary_count_cancelled:
 *
 * Returns: how many were cancelled
 */
unsigned int
comfy_batch_summary_count_cancelled (ComfyBatchSummary *self)
{
  g_return_val_if_fail (COMFY_IS_BATCH_SUMMARY (self), 0);

  return self->counts[OUTCOME_CANCELLED];
}

/**
 * comfy_batch_summary_is_active:
 *
 * Returns: whether any of them runs or waits for its turn
 */
gboolean
comfy_batch_summary_is_active (ComfyBatchSummary *self)
{
  g_return_val_if_fail (COMFY_IS_BATCH_SUMMARY (self), FALSE);

  return self->counts[OUTCOME_ACTIVE] > 0;
}

/**
 * comfy_batch_summary_dup_text:
 *
 * Returns: (transfer full): a line such as "Batch “Upscale 4×”: 7 of 12 done, 1 failed"
 */
char *
comfy_batch_summary_dup_text (ComfyBatchSummary *self)
{
  unsigned int  n_failed;
  unsigned int  n_cancelled;
  GString      *text;

  g_return_val_if_fail (COMFY_IS_BATCH_SUMMARY (self), NULL);

  n_failed = self->counts[OUTCOME_FAILED];
  n_cancelled = self->counts[OUTCOME_CANCELLED];
  text = g_string_new (NULL);
  g_string_printf (text, _("Batch “%s”: %u of %u done"), self->title, self->counts[OUTCOME_DONE],
                   comfy_batch_summary_get_n (self));
  if (n_failed > 0)
    /* translators: the end of a line: jobs that have failed */
    g_string_append_printf (text, ngettext (", %u failed", ", %u failed", n_failed), n_failed);
  if (n_cancelled > 0)
    /* translators: the end of a line: jobs that were cancelled */
    g_string_append_printf (text, ngettext (", %u cancelled", ", %u cancelled", n_cancelled),
                            n_cancelled);

  return g_string_free (text, FALSE);
}

/**
 * comfy_batch_summary_dismiss:
 *
 * Says that nobody wants to see the summary any more.
 */
void
comfy_batch_summary_dismiss (ComfyBatchSummary *self)
{
  g_return_if_fail (COMFY_IS_BATCH_SUMMARY (self));

  if (self->dismissed)
    return;

  self->dismissed = TRUE;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * comfy_batch_summary_is_dismissed:
 *
 * Returns: whether it was dismissed, and none of its jobs has been active since
 */
gboolean
comfy_batch_summary_is_dismissed (ComfyBatchSummary *self)
{
  g_return_val_if_fail (COMFY_IS_BATCH_SUMMARY (self), FALSE);

  return self->dismissed;
}
