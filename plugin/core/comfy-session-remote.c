/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Jobs of an account that are on the server already, started by another computer or program, or
 * here and long ago: what they made becomes the result of a job of ours that has nothing to send.
 */
#define G_LOG_DOMAIN "comfy-session"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-session-private.h"

#define ACTION_ID "server-job"

/* A graph is kept with every job. No server has such a node, and it is never sent. */
#define NO_GRAPH "{\"1\":{\"class_type\":\"ComfyCloudGimpServerJob\",\"inputs\":{}}}"

/* the arguments of open_fiber() */
typedef struct
{
  ComfySession   *session; /* owned */
  ComfyProfile   *profile; /* owned */
  ComfyRemoteJob *remote;  /* owned */
  char           *staging; /* owned, nullable: while it is ours to remove */
  ComfyOutcome    outcome;
  int             image_id;
} Open;

static void
open_free (void *data)
{
  Open *open = data;

  if (open->staging != NULL)
    comfy_journal_drop_staging (comfy_session_get_journal (open->session), open->staging);
  g_object_unref (open->session);
  g_object_unref (open->profile);
  comfy_remote_job_unref (open->remote);
  g_free (open->staging);
  g_free (open);
}

/* Into the middle of the image, above the layer that is selected now. May await. */
static ComfyPlacement *
make_placement (Open    *open,
                GError **error)
{
  g_autoptr(ComfyTake)     nothing = comfy_take_new ();
  g_autoptr(ComfyCapture)  capture = NULL;
  ComfyPlacement          *placement;

  capture = dex_await_boxed (comfy_host_capture (comfy_session_get_host (open->session), nothing,
                                                 open->image_id, NULL, open->staging), error);
  if (capture == NULL)
    return NULL;

  placement = comfy_placement_copy (capture->placement);
  placement->region = (ComfyRegion) { 0 };
  placement->edges = (ComfyEdges) { 0 };
  placement->fit = COMFY_FIT_NATURAL;
  placement->outcome = open->outcome;
  placement->order = COMFY_ORDER_HIGHEST_FIRST;

  return placement;
}

/* What the artist knows it by, when it was asked for here and is still in the journal */
static ComfyRequest *
make_request (Open           *open,
              ComfyPlacement *placement)
{
  ComfyJournal             *journal = comfy_session_get_journal (open->session);
  g_autofree char          *own_id = comfy_journal_dup_id_of (journal, open->remote);
  g_autoptr(ComfyRequest)   own = NULL;
  g_autoptr(GBytes)         no_graph = g_bytes_new_static (NO_GRAPH, strlen (NO_GRAPH));
  g_autoptr(ComfyWorkflow)  workflow = comfy_workflow_new_from_bytes (no_graph, NULL);
  ComfyRequestParts         parts = { 0 };

  if (own_id != NULL)
    own = comfy_journal_read_request (journal, own_id, NULL);

  parts.action_id = ACTION_ID;
  parts.title = _("Job from the Server");
  parts.profile_id = comfy_profile_get_id (open->profile);
  parts.workflow = workflow;
  parts.placement = placement;
  parts.remote_id = open->remote->id;
  if (own != NULL)
    {
      parts.title = comfy_request_get_title (own);
      parts.model = comfy_request_get_model (own);
      parts.prompt = comfy_request_get_prompt (own);
      parts.seed = comfy_request_get_seed (own);
    }

  return comfy_request_new (&parts);
}

static DexFuture *
open_fiber (gpointer data)
{
  Open                         *open = data;
  ComfyJournal                 *journal = comfy_session_get_journal (open->session);
  g_autoptr(ComfyPlacement)     placement = NULL;
  g_autoptr(ComfyRequest)       request = NULL;
  g_autoptr(ComfyJournalEntry)  entry = NULL;
  g_autoptr(GError)             error = NULL;

  if ((open->staging = comfy_journal_make_staging (journal, &error)) != NULL)
    placement = make_placement (open, &error);
  if (placement != NULL)
    {
      request = make_request (open, placement);
      entry = comfy_journal_begin (journal, open->staging, request, &error);
    }
  if (entry == NULL)
    return dex_future_new_for_error (comfy_error_fold (error, NULL));

  /* it is the job's folder now */
  g_clear_pointer (&open->staging, g_free);
  comfy_journal_entry_release (entry);
  _comfy_session_sweep (open->session);

  return dex_future_new_for_string (comfy_journal_entry_get_id (entry));
}

/**
 * comfy_session_open_remote:
 * @profile: whose account has it
 * @remote: a job that succeeded, of comfy_api_list_jobs() or comfy_api_get_job()
 * @outcome: %COMFY_OUTCOME_LAYERS or %COMFY_OUTCOME_NEW_IMAGE: what becomes of its pictures
 * @image_id: whose layers they become; -1: those of an image that is made for them. Not used for
 *   images of their own
 *
 * Writes a job down that fetches everything that @remote made, and places it: pictures in the
 * middle of the image; other files are kept with the job as always. It sends nothing, costs nothing, and
 * can go on after the end of this process.
 *
 * Returns: (transfer full): a future of a string: the new job's id in the journal, as of
 *   comfy_session_prepare(). Rejects with %COMFY_ERROR_NOT_FOUND when the job has no result,
 *   %COMFY_ERROR_IMAGE when there is no such image, %COMFY_ERROR_STORAGE
 */
DexFuture *
comfy_session_open_remote (ComfySession   *self,
                           ComfyProfile   *profile,
                           ComfyRemoteJob *remote,
                           ComfyOutcome    outcome,
                           int             image_id)
{
  Open *open;

  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE (profile), NULL);
  g_return_val_if_fail (remote != NULL, NULL);
  g_return_val_if_fail (outcome == COMFY_OUTCOME_LAYERS || outcome == COMFY_OUTCOME_NEW_IMAGE,
                        NULL);

  if (remote->status != COMFY_REMOTE_SUCCEEDED)
    return dex_future_new_for_error (
      comfy_error_new (COMFY_ERROR_NOT_FOUND, remote->id,
                       _("This job has no result that could be opened.")));

  open = g_new0 (Open, 1);
  open->session = g_object_ref (self);
  open->profile = g_object_ref (profile);
  open->remote = comfy_remote_job_ref (remote);
  open->outcome = outcome;
  open->image_id = outcome == COMFY_OUTCOME_LAYERS ? image_id : -1;

  return _comfy_spawn (open_fiber, open, open_free);
}
