/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said of a job, and which way out each error has: one table, and the words on the buttons.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-job-actions.h"

/* what is said while a stage says nothing itself */
static const char *
describe_state (ComfyState state)
{
  switch (state)
    {
    case COMFY_STATE_NEW:
      return _("Waiting for its turn");
    case COMFY_STATE_UPLOADING:
      return _("Sending the picture");
    case COMFY_STATE_SUBMITTING:
      return _("Handing the job in");
    case COMFY_STATE_WAITING:
      return _("Waiting in the queue");
    case COMFY_STATE_RUNNING:
      return _("Running");
    case COMFY_STATE_DOWNLOADING:
      return _("Fetching the result");
    case COMFY_STATE_READY:
      return _("Placing the result");
    case COMFY_STATE_PLACED:
      return _("Done");
    case COMFY_STATE_CANCELLING:
      return _("Asking the server to stop");
    case COMFY_STATE_CANCELLED:
      return _("Cancelled");
    case COMFY_STATE_FAILED:
      return _("Failed");
    case COMFY_STATE_EXPIRED:
      return _("The server no longer keeps the result");
    case COMFY_STATE_UNKNOWN:
      return _("Nobody can tell whether the server took the job");
    case COMFY_N_STATES:
    default:
      g_return_val_if_reached ("");
    }
}

/* (transfer full) */
static char *
dup_end (ComfyJob *job)
{
  ComfyState    state = comfy_job_get_state (job);
  const GError *error = comfy_job_get_error (job);

  if (error == NULL)
    return g_strdup (state == COMFY_STATE_READY ? _("The result is ready.")
                                                : describe_state (state));
  if (state == COMFY_STATE_UNKNOWN)
    return g_strdup_printf ("%s %s", error->message,
                            _("If it does, sending it again costs a second time."));

  return g_strdup (error->message);
}

/**
 * comfy_job_dup_words:
 * @job: a job
 * @has_stopped: whether nothing goes on by itself any more
 *
 * Returns: (transfer full): how far it is; or why it stopped, with what the artist must know before
 *   he goes on, and what it used
 */
char *
comfy_job_dup_words (ComfyJob *job,
                     gboolean  has_stopped)
{
  ComfyState       state = comfy_job_get_state (job);
  const char      *text = comfy_progress_get_text (comfy_job_get_progress (job));
  const ComfyCost *cost = comfy_job_get_cost (job);
  g_autofree char *end = NULL;
  g_autofree char *money = NULL;

  if (!has_stopped)
    return g_strdup (text != NULL ? text : describe_state (state));

  end = dup_end (job);
  if (!comfy_cost_is_known (cost))
    return g_steal_pointer (&end);

  money = comfy_cost_format (cost);
  if (state == COMFY_STATE_PLACED)
    /* translators: an amount of money */
    return g_strdup_printf (_("Done; it used %s"), money);

  /* translators: a sentence, and an amount of money */
  return g_strdup_printf (_("%s It used %s."), end, money);
}

#define RETRY         COMFY_JOB_ACTION_RETRY
#define UNLOCK        COMFY_JOB_ACTION_UNLOCK
#define REPLACE_KEY   COMFY_JOB_ACTION_REPLACE_KEY
#define OPEN_PLATFORM COMFY_JOB_ACTION_OPEN_PLATFORM
#define COPY_DETAILS  COMFY_JOB_ACTION_COPY_DETAILS
#define ALLOW         COMFY_JOB_ACTION_ALLOW_PARTNERS

/* what is not listed can be tried again, and its details be sent to whoever can help */
static const struct
{
  ComfyError      code;
  ComfyJobActions actions;
} table[] = {
  { COMFY_ERROR_NO_KEY,             RETRY | REPLACE_KEY },
  { COMFY_ERROR_UNAUTHORIZED,       RETRY | REPLACE_KEY | OPEN_PLATFORM | COPY_DETAILS },
  { COMFY_ERROR_NO_CREDITS,         RETRY | OPEN_PLATFORM | COPY_DETAILS },
  { COMFY_ERROR_FORBIDDEN,          RETRY | OPEN_PLATFORM | COPY_DETAILS },
  { COMFY_ERROR_PARTNER_KEY,        ALLOW | RETRY | COPY_DETAILS },
  { COMFY_ERROR_KEYRING_LOCKED,     UNLOCK },
  { COMFY_ERROR_KEYRING_DISMISSED,  UNLOCK },
  /* asking again changes nothing about these */
  { COMFY_ERROR_INVALID_WORKFLOW,   COPY_DETAILS },
  { COMFY_ERROR_TOO_LARGE,          COPY_DETAILS },
  { COMFY_ERROR_WRONG_ORIGIN,       COPY_DETAILS },
  { COMFY_ERROR_NOT_SUPPORTED,      COPY_DETAILS },
};

/**
 * comfy_job_actions_for:
 * @state: where a job stands
 * @error: (nullable): why
 *
 * Returns: what the artist can do about it; nothing when all is well
 */
ComfyJobActions
comfy_job_actions_for (ComfyState    state,
                       const GError *error)
{
  ComfyJobActions actions = RETRY | COPY_DETAILS;

  if (state == COMFY_STATE_UNKNOWN)
    return COMFY_JOB_ACTION_LOOK_AGAIN | COMFY_JOB_ACTION_SEND_AGAIN | COMFY_JOB_ACTION_FORGET |
           (error != NULL ? COPY_DETAILS : 0);
  if (error == NULL && state == COMFY_STATE_READY)
    return COMFY_JOB_ACTION_PLACE;
  if (error == NULL || state == COMFY_STATE_CANCELLED)
    return 0;

  for (unsigned int i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_error_matches (error, COMFY_ERROR, table[i].code))
      actions = table[i].actions;

  /* the server has had the last word on this job: only another one can do better */
  if (comfy_state_is_final (state))
    return (actions & ALLOW) | (actions & RETRY ? COMFY_JOB_ACTION_REPEAT : 0) | COPY_DETAILS;

  return actions;
}

/**
 * comfy_job_action_get_label:
 * @action: exactly one action
 *
 * Returns: (transfer none): the words on its button, translated, with mnemonic
 */
const char *
comfy_job_action_get_label (ComfyJobActions action)
{
  switch (action)
    {
    case COMFY_JOB_ACTION_RETRY:
    case COMFY_JOB_ACTION_REPEAT:
      return _("_Retry");
    case COMFY_JOB_ACTION_UNLOCK:
      return _("_Unlock and Retry");
    case COMFY_JOB_ACTION_LOOK_AGAIN:
      return _("_Look Again");
    case COMFY_JOB_ACTION_SEND_AGAIN:
      return _("_Send Again");
    case COMFY_JOB_ACTION_FORGET:
      return _("_Forget");
    case COMFY_JOB_ACTION_REPLACE_KEY:
      return _("Replace _Key…");
    case COMFY_JOB_ACTION_OPEN_PLATFORM:
      return _("_Open platform.comfy.org");
    case COMFY_JOB_ACTION_COPY_DETAILS:
      return _("Copy _Details");
    case COMFY_JOB_ACTION_ALLOW_PARTNERS:
      return _("Allow in _Settings…");
    case COMFY_JOB_ACTION_PLACE:
      return _("_Place");
    default:
      g_return_val_if_reached ("");
    }
}
