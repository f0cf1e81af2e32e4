/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From what was entered in the panel to jobs that run.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-error.h"
#include "comfy-panel-run.h"
#include "comfy-settings-panel.h"

/* One click on the button */
typedef struct
{
  ComfySession *session;  /* owned */
  ComfyForm    *form;     /* owned */
  ComfyBatch   *batch;    /* owned */
  int           image_id; /* -1: none */
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  comfy_batch_free (run->batch);
  g_object_unref (run->form);
  g_object_unref (run->session);
  g_free (run);
}

/* Starts all that can be. Returns: (transfer full) (nullable): why the first that cannot does not */
static GError *
start (Run                *run,
       const char * const *journal_ids)
{
  ComfySettings *settings = comfy_session_get_settings (run->session);
  gboolean       holds = !comfy_settings_get_panel_places_at_once (settings);
  GError        *error = NULL;

  for (unsigned int i = 0; journal_ids[i] != NULL; i++)
    {
      g_autoptr(ComfyJob) job = NULL;

      job = comfy_session_start_job (run->session, journal_ids[i], holds,
                                     error == NULL ? &error : NULL);
    }

  return error;
}

static DexFuture *
run_fiber (gpointer data)
{
  Run                      *run = data;
  g_autoptr(ComfyPrepared)  prepared = NULL;
  g_autofree char          *problem = NULL;
  GError                   *error = NULL;

  prepared = dex_await_boxed (comfy_session_prepare_batch (run->session, run->form, run->batch,
                                                           run->image_id, NULL), &error);
  if (prepared == NULL)
    return dex_future_new_for_error (error);

  error = start (run, (const char * const *) prepared->ids);
  if (error != NULL)
    return dex_future_new_for_error (error);

  problem = comfy_prepared_dup_problem (prepared);
  if (problem != NULL)
    return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_FAILED, NULL, "%s", problem));

  return dex_future_new_true ();
}

/**
 * comfy_panel_run:
 * @session: the session
 * @form: what was entered; copied
 * @batch: how often it is run, and for what
 * @image_id: the editor's id of the image, -1 when there is none
 *
 * Takes the pictures, writes the jobs into the journal, and starts them. What each makes waits in the
 * history, unless the artist wants it in the image at once.
 *
 * Returns: (transfer full): a future of %TRUE once every job is under way; it rejects with the
 *   sentences about those that are not, while the others go on
 */
DexFuture *
comfy_panel_run (ComfySession     *session,
                 ComfyForm        *form,
                 const ComfyBatch *batch,
                 int               image_id)
{
  Run *run;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);
  g_return_val_if_fail (batch != NULL, NULL);

  run = g_new0 (Run, 1);
  run->session = g_object_ref (session);
  run->form = comfy_form_copy (form);
  run->batch = comfy_batch_copy (batch);
  run->image_id = image_id;

  return dex_scheduler_spawn (NULL, 0, run_fiber, run, run_free);
}
