/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls from the menu: they ask for what is missing, put the job into the journal, and give it to
 * the process that owns jobs.
 */
#define G_LOG_DOMAIN "comfy-windows"

#include "config.h"

#include <glib/gi18n.h>
#include <libgimp/gimpui.h>

#include "comfy-action-window.h"
#include "comfy-error.h"
#include "comfy-job-host.h"
#include "comfy-procedure.h"
#include "comfy-ready-window.h"
#include "comfy-settings-window.h"
#include "comfy-windows.h"

#define PROGRAM "comfy-cloud"

/* The artist being asked. Lives in the frame of comfy_windows_run_action(). */
typedef struct
{
  ComfyCall     *call;     /* borrowed */
  GtkWidget     *window;   /* borrowed from GTK, nullable: nothing is missing */
  GtkWidget     *ready;    /* the same, for what has no form */
  ComfyPrepared *prepared; /* owned: once the jobs are in the journal */
} Question;

static void
question_clear (Question *question)
{
  g_clear_pointer (&question->prepared, comfy_prepared_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Question, question_clear)

/* (transfer full) (nullable): what the artist asked for, as jobs; may await */
static ComfyPrepared *
prepare (Question  *question,
         GError   **error)
{
  ComfyCall             *call = question->call;
  g_autoptr(ComfyBatch)  batch = NULL;
  ComfyPrepared         *prepared;
  char                  *id;

  if (call->recipe == NULL)
    {
      /* which one is known once the artist has picked it */
      if (call->opener != NULL)
        g_set_object (&call->form, comfy_action_window_get_form (
                        COMFY_ACTION_WINDOW (question->window)));
      if (question->window != NULL)
        batch = comfy_action_window_dup_batch (COMFY_ACTION_WINDOW (question->window));
      else
        batch = comfy_batch_new (COMFY_BATCH_ONCE);
      return dex_await_boxed (comfy_session_prepare_batch (call->session, call->form, batch,
                                                           call->image_id, call->layer_ids), error);
    }

  id = dex_await_string (comfy_call_prepare (call), error);
  if (id == NULL)
    return NULL;

  prepared = g_new0 (ComfyPrepared, 1);
  prepared->ids = g_new0 (char *, 2);
  prepared->ids[0] = id;
  prepared->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);

  return prepared;
}

/* from the menu to jobs in the journal */
static DexFuture *
ask_fiber (void *data)
{
  Question *question = data;

  if (question->ready != NULL)
    {
      GError *error = NULL;

      if (!dex_await (comfy_ready_window_ask (COMFY_READY_WINDOW (question->ready)), &error))
        return dex_future_new_for_error (error);
      g_clear_pointer (&question->ready, gtk_widget_destroy);
    }

  for (;;)
    {
      GError *error = NULL;

      if (question->window != NULL
          && !dex_await (comfy_action_window_ask (COMFY_ACTION_WINDOW (question->window)), &error))
        {
          question->window = NULL; /* it was closed, and is gone */
          return dex_future_new_for_error (error);
        }

      question->prepared = prepare (question, &error);
      if (question->prepared != NULL)
        return dex_future_new_true ();
      if (question->window == NULL)
        return dex_future_new_for_error (error);

      comfy_action_window_show_error (COMFY_ACTION_WINDOW (question->window), error);
      g_error_free (error);
    }
}

/* Filters → Repeat does not spend money unasked, unless the artist wants that */
static gboolean
may_repeat (ComfyCall *call)
{
  return comfy_settings_get_repeat_runs (comfy_session_get_settings (call->session));
}

static gboolean
may_run_at_once (ComfyCall   *call,
                 GimpRunMode  run_mode)
{
  if (run_mode == GIMP_RUN_WITH_LAST_VALS)
    return may_repeat (call)
           && comfy_action_window_is_ready (call->session)
           && comfy_form_check (call->form, NULL, NULL);

  /* of several layers, one that works on a single one is asked for each only by the artist's word */
  return !comfy_action_window_is_needed (call->session, comfy_form_get_action (call->form))
         && !comfy_batch_is_meant_for_layers (call->form, call->layer_ids);
}

/* asks, and gives what was asked for to whoever owns jobs */
static gboolean
run_question (GimpProcedure        *procedure,
              GimpProcedureConfig  *config,
              Question             *question,
              GError              **error)
{
  ComfyCall       *call = question->call;
  g_autofree char *problem = NULL;

  if (question->window != NULL)
    gimp_window_set_transient (GTK_WINDOW (question->window));
  if (question->ready != NULL)
    gimp_window_set_transient (GTK_WINDOW (question->ready));
  if (!comfy_call_wait_for (dex_scheduler_spawn (NULL, 0, ask_fiber, question, NULL), error))
    return FALSE;

  if (config != NULL && call->form != NULL)
    comfy_procedure_write_form (config, call->form);
  g_clear_pointer (&question->window, gtk_widget_destroy);

  /* before this process, maybe, stays for as long as the jobs run */
  problem = comfy_prepared_dup_problem (question->prepared);
  if (problem != NULL)
    gimp_message (problem);

  return comfy_job_host_hand_over (gimp_procedure_get_plug_in (procedure), call->session,
                                   (const char * const *) question->prepared->ids, error);
}

/**
 * comfy_windows_run_action:
 * @procedure: an action's procedure
 * @config: its arguments; what the artist enters is written back, for the next run
 * @call: the call
 * @run_mode: from the menu, or its Repeat
 *
 * Returns: (transfer full): success as soon as the job is somebody's, and for the process that owns
 *   jobs when it has no more
 */
GimpValueArray *
comfy_windows_run_action (GimpProcedure       *procedure,
                          GimpProcedureConfig *config,
                          ComfyCall           *call,
                          GimpRunMode          run_mode)
{
  g_auto(Question)  question = { .call = call };
  GError           *error = NULL;

  gimp_ui_init (PROGRAM);
  if (call->recipe != NULL && run_mode == GIMP_RUN_WITH_LAST_VALS && !may_repeat (call))
    {
      comfy_set_error (&error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("Varying a layer costs each time. Choose it from the menu, or let "
                         "the settings allow to repeat without asking."));
      return comfy_call_return_error (procedure, error);
    }
  if (call->recipe == NULL && !may_run_at_once (call, run_mode))
    question.window = comfy_action_window_new (call->session, call->form, call->image_id,
                                               call->layer_ids);
  if (call->recipe != NULL && !comfy_action_window_is_ready (call->session))
    question.ready = comfy_ready_window_new (call->session, _("Vary This Layer"));
  if (!run_question (procedure, config, &question, &error))
    return comfy_call_return_error (procedure, error);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

/**
 * comfy_windows_run_workflow:
 * @procedure: the procedure "Run Workflow…"
 * @call: the call, without a form
 * @path: (nullable): a file that is opened at once
 *
 * Asks for a workflow and what it takes.
 *
 * Returns: (transfer full): as comfy_windows_run_action()
 */
GimpValueArray *
comfy_windows_run_workflow (GimpProcedure *procedure,
                            ComfyCall     *call,
                            const char    *path)
{
  g_auto(Question)  question = { .call = call };
  GError           *error = NULL;

  gimp_ui_init (PROGRAM);
  question.window = comfy_action_window_new_for_workflows (call->opener, path, call->image_id,
                                                           call->layer_ids);
  if (!run_question (procedure, NULL, &question, &error))
    return comfy_call_return_error (procedure, error);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

/* in the process that owns the jobs, or in this one */
static GimpValueArray *
show_window (GimpProcedure *procedure,
             ComfySession  *session,
             ComfyShow      show,
             int            image_id)
{
  GimpPlugIn *plug_in = gimp_procedure_get_plug_in (procedure);
  GError     *error = NULL;

  if (!comfy_job_host_show (plug_in, session, show, image_id, &error))
    return comfy_call_return_error (procedure, error);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

/**
 * comfy_windows_run_jobs:
 * @procedure: the procedure "Jobs"
 * @session: the session
 *
 * Shows the jobs, in the process that owns them or in this one.
 *
 * Returns: (transfer full): success or an error
 */
GimpValueArray *
comfy_windows_run_jobs (GimpProcedure *procedure,
                        ComfySession  *session)
{
  return show_window (procedure, session, COMFY_SHOW_JOBS, -1);
}

/**
 * comfy_windows_run_panel:
 * @procedure: the procedure "Panel"
 * @session: the session
 *
 * Shows the panel, or raises it: there is one for each GIMP.
 *
 * Returns: (transfer full): success or an error
 */
GimpValueArray *
comfy_windows_run_panel (GimpProcedure *procedure,
                         ComfySession  *session)
{
  return show_window (procedure, session, COMFY_SHOW_PANEL, -1);
}

/**
 * comfy_windows_run_in_panel:
 * @procedure: the procedure "Send to Panel" or "Generate Again"
 * @session: the session
 * @image_id: the image that the artist is in, -1: none
 * @generate: whether what the panel shows is asked for once more
 *
 * Has the panel work on that image.
 *
 * Returns: (transfer full): success or an error
 */
GimpValueArray *
comfy_windows_run_in_panel (GimpProcedure *procedure,
                            ComfySession  *session,
                            int            image_id,
                            gboolean       generate)
{
  return show_window (procedure, session, generate ? COMFY_SHOW_GENERATE : COMFY_SHOW_PANEL,
                      image_id);
}

/**
 * comfy_windows_run_settings:
 * @procedure: the procedure "Settings…"
 * @session: the session
 *
 * Shows the settings until they are closed.
 *
 * Returns: (transfer full): success
 */
GimpValueArray *
comfy_windows_run_settings (GimpProcedure *procedure,
                            ComfySession  *session)
{
  g_autoptr(GMainLoop)  loop = g_main_loop_new (NULL, FALSE);
  GtkWidget            *window;

  gimp_ui_init (PROGRAM);
  window = comfy_settings_window_new (session);
  g_signal_connect_swapped (window, "destroy", G_CALLBACK (g_main_loop_quit), loop);
  gimp_window_set_transient (GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
  g_main_loop_run (loop);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}
