/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is said of a job that the server has.
 */
#define G_LOG_DOMAIN "comfy-job-watch"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-job-private.h"

/* (nullable): what the artist calls the node at work */
static const char *
get_title (ComfyRequest         *request,
           const ComfyRemoteJob *remote)
{
  ComfyWorkflow *workflow = comfy_request_get_workflow (request);

  return remote->node != NULL ? comfy_workflow_get_title (workflow, remote->node) : NULL;
}

/*
 * _comfy_job_dup_remote_words:
 * @request: what was asked
 * @remote: what the server says
 *
 * Returns: (transfer full) (nullable): how far it is; %NULL when its status is all that is told
 */
char *
_comfy_job_dup_remote_words (ComfyRequest         *request,
                             const ComfyRemoteJob *remote)
{
  const char *title = get_title (request, remote);

  if (remote->status == COMFY_REMOTE_QUEUED && remote->queue_position == 0)
    return g_strdup (_("Next in the queue"));
  if (remote->status == COMFY_REMOTE_QUEUED && remote->queue_position > 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "%d job before it in the queue",
                                         "%d jobs before it in the queue",
                                         (unsigned long) remote->queue_position),
                            remote->queue_position);
  if (remote->status != COMFY_REMOTE_RUNNING)
    return NULL;
  if (remote->step >= 0 && remote->steps > 0 && title != NULL)
    /* TRANSLATORS: what is done in the cloud, such as "Sampling, step 3 of 8" */
    return g_strdup_printf (_("%s, step %d of %d"), title, remote->step, remote->steps);
  if (remote->step >= 0 && remote->steps > 0)
    return g_strdup_printf (_("Running, step %d of %d"), remote->step, remote->steps);

  /* TRANSLATORS: what is done in the cloud, such as "Running: Load Image" */
  return title != NULL ? g_strdup_printf (_("Running: %s"), title) : NULL;
}

/*
 * _comfy_job_dup_running:
 * @words: (nullable): what the server tells of it
 * @seconds: how long it has run
 * @run_ms: how long runs of its kind last, in ms; -1: not known
 *
 * A run that lasts longer than most is not said to be nearly done.
 *
 * Returns: (transfer full): how far it is
 */
char *
_comfy_job_dup_running (const char *words,
                        int         seconds,
                        gint64      run_ms)
{
  int expected = (int) (MIN (run_ms + 500, G_MAXINT) / 1000);

  if (run_ms < 0 || expected == 0)
    return words != NULL ? g_strdup (words)
                         /* TRANSLATORS: seconds that have passed */
                         : g_strdup_printf (_("Running, %d s"), seconds);
  if (words == NULL && seconds <= expected)
    /* TRANSLATORS: seconds that have passed, and how many it will be */
    return g_strdup_printf (_("Running, %d s of about %d s"), seconds, expected);
  if (words == NULL)
    /* TRANSLATORS: seconds that have passed, and how many most runs take */
    return g_strdup_printf (_("Running, %d s; most runs take about %d s"), seconds, expected);
  if (seconds <= expected)
    /* TRANSLATORS: what is done in the cloud, seconds that have passed, how many it will be */
    return g_strdup_printf (_("%s · %d s of about %d s"), words, seconds, expected);

  /* TRANSLATORS: what is done in the cloud, and seconds that have passed */
  return g_strdup_printf (_("%s · %d s"), words, seconds);
}
