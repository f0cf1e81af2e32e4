/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a call of GIMP's to a job and back. A script's call owns its job and waits for the result,
 * without a toolkit. A call from the menu asks for what is missing, puts the job into the journal,
 * and gives it to the process that owns jobs.
 */
#define G_LOG_DOMAIN "comfy-dispatch"

#include "config.h"

#include <glib/gi18n.h>
#include <libgimp/gimpui.h>

#include "comfy-action-window.h"
#include "comfy-dispatch.h"
#include "comfy-error.h"
#include "comfy-gimp-host.h"
#include "comfy-hardening.h"
#include "comfy-job-host.h"
#include "comfy-procedure.h"
#include "comfy-settings-window.h"

#define PROGRAM "comfy-cloud"

/* One call of an action, on its way to a job */
typedef struct
{
  ComfySession *session;   /* owned */
  ComfyForm    *form;      /* owned */
  GtkWidget    *window;    /* borrowed from GTK, nullable: asks the artist */
  char         *job_id;    /* owned: once the job is in the journal */
  GVariant     *placed;    /* owned: once it is placed */
  int           image_id;  /* -1: none */
  int           layer_id;  /* -1: none */
} Call;

static void
call_clear (Call *call)
{
  g_clear_pointer (&call->window, gtk_widget_destroy);
  g_clear_object (&call->form);
  g_clear_object (&call->session);
  g_clear_pointer (&call->placed, g_variant_unref);
  g_free (call->job_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, call_clear)

static ComfySession *
begin_session (GimpProcedure *procedure,
               gboolean       with_displays)
{
  g_autoptr(ComfyHost) host = NULL;

  comfy_hardening_apply ();
  dex_init ();
  /* failures are said once, in our words */
  gimp_plug_in_set_pdb_error_handler (gimp_procedure_get_plug_in (procedure),
                                      GIMP_PDB_ERROR_HANDLER_PLUGIN);
  host = comfy_gimp_host_new (with_displays);

  return comfy_session_new (host);
}

static DexFuture *
pass_on_cb (DexFuture *future,
            void      *data)
{
  return dex_ref (future);
}

/* runs the main loop until @future, which is taken, is settled */
static gboolean
wait_for (DexFuture  *future,
          GError    **error)
{
  g_autoptr(DexFuture) waiter = dex_future_finally (future, pass_on_cb, NULL, NULL);

  while (dex_future_is_pending (waiter))
    g_main_context_iteration (NULL, TRUE);

  return dex_future_get_value (waiter, error) != NULL;
}

static GimpValueArray *
return_error (GimpProcedure *procedure,
              GError        *error)
{
  if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_CANCELLED))
    {
      g_error_free (error);
      return gimp_procedure_new_return_values (procedure, GIMP_PDB_CANCEL, NULL);
    }

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_EXECUTION_ERROR, error);
}

/* the layer that is meant: the artist may be painting on its mask */
static GimpLayer *
find_layer (GimpDrawable **drawables)
{
  if (drawables == NULL || drawables[0] == NULL)
    return NULL;
  if (GIMP_IS_LAYER_MASK (drawables[0]))
    return gimp_layer_from_mask (GIMP_LAYER_MASK (drawables[0]));

  return GIMP_IS_LAYER (drawables[0]) ? GIMP_LAYER (drawables[0]) : NULL;
}

static gboolean
call_init (Call                 *call,
           ComfyAction          *action,
           GimpImage            *image,
           GimpDrawable        **drawables,
           GimpProcedureConfig  *config,
           GError              **error)
{
  GimpLayer *layer = find_layer (drawables);

  call->form = comfy_form_new (action);
  call->image_id = image != NULL ? gimp_image_get_id (image) : -1;
  call->layer_id = layer != NULL ? gimp_item_get_id (GIMP_ITEM (layer)) : -1;
  if (image != NULL)
    comfy_form_set_image_size (call->form, gimp_image_get_width (image),
                               gimp_image_get_height (image));

  if (layer != NULL && drawables[1] != NULL
      && comfy_action_get_source (action) == COMFY_SOURCE_DRAWABLE)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("“%s” works on one layer. Select only that one and try again."),
                       comfy_action_get_title (action));
      return FALSE;
    }

  return comfy_procedure_read_form (config, call->form, error);
}

/* from the arguments to the result, for a script */
static DexFuture *
script_fiber (void *data)
{
  Call                *call = data;
  g_autoptr(ComfyJob)  job = NULL;
  GError              *error = NULL;

  if (!comfy_form_check (call->form, NULL, &error))
    return dex_future_new_for_error (error);

  call->job_id = dex_await_string (comfy_session_prepare (call->session, call->form,
                                                          call->image_id, call->layer_id), &error);
  if (call->job_id == NULL)
    return dex_future_new_for_error (error);

  job = comfy_session_open_job (call->session, call->job_id, &error);
  if (job == NULL)
    return dex_future_new_for_error (error);

  if (!dex_await (comfy_scheduler_run (comfy_session_get_scheduler (call->session), job), &error))
    {
      /* the script is told; what was not sent must not be found, and paid for, by somebody later */
      if (comfy_journal_entry_get_submitted_at (comfy_job_get_entry (job)) == 0)
        comfy_job_forget (job);
      return dex_future_new_for_error (error);
    }

  call->placed = g_variant_ref (comfy_job_get_placed (job));

  return dex_future_new_true ();
}

static GimpValueArray *
run_script (GimpProcedure *procedure,
            Call          *call)
{
  GError *error = NULL;

  if (!wait_for (dex_scheduler_spawn (NULL, 0, script_fiber, call, NULL), &error))
    return return_error (procedure, error);

  return comfy_procedure_return_placed (procedure, call->placed);
}

/* from the menu to a job in the journal */
static DexFuture *
menu_fiber (void *data)
{
  Call *call = data;

  for (;;)
    {
      GError *error = NULL;

      if (call->window != NULL
          && !dex_await (comfy_action_window_ask (COMFY_ACTION_WINDOW (call->window)), &error))
        {
          call->window = NULL; /* it was closed, and is gone */
          return dex_future_new_for_error (error);
        }

      call->job_id = dex_await_string (comfy_session_prepare (call->session, call->form,
                                                              call->image_id, call->layer_id),
                                       &error);
      if (call->job_id != NULL)
        return dex_future_new_true ();
      if (call->window == NULL)
        return dex_future_new_for_error (error);

      comfy_action_window_show_error (COMFY_ACTION_WINDOW (call->window), error);
      g_error_free (error);
    }
}

/* Filters → Repeat does not spend money unasked, unless the artist wants that */
static gboolean
may_run_at_once (Call        *call,
                 GimpRunMode  run_mode)
{
  ComfySettings *settings = comfy_session_get_settings (call->session);

  if (run_mode == GIMP_RUN_WITH_LAST_VALS)
    return comfy_settings_get_repeat_runs (settings)
           && comfy_action_window_is_ready (call->session)
           && comfy_form_check (call->form, NULL, NULL);

  return !comfy_action_window_is_needed (call->session, comfy_form_get_action (call->form));
}

static GimpValueArray *
run_menu (GimpProcedure       *procedure,
          GimpProcedureConfig *config,
          Call                *call,
          GimpRunMode          run_mode)
{
  GError *error = NULL;

  gimp_ui_init (PROGRAM);
  if (!may_run_at_once (call, run_mode))
    call->window = comfy_action_window_new (call->session, call->form);
  if (!wait_for (dex_scheduler_spawn (NULL, 0, menu_fiber, call, NULL), &error))
    return return_error (procedure, error);

  comfy_procedure_write_form (config, call->form);
  g_clear_pointer (&call->window, gtk_widget_destroy);

  if (!comfy_job_host_hand_over (call->job_id)
      && !comfy_job_host_run (gimp_procedure_get_plug_in (procedure), call->session, call->job_id,
                              &error))
    return return_error (procedure, error);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

/**
 * comfy_dispatch_action:
 * @procedure: an action's procedure
 * @run_mode: who calls
 * @image: (nullable): the image
 * @drawables: (nullable): its selected drawables
 * @config: the other arguments
 * @action: the ComfyAction
 *
 * Returns: (transfer full): for a script the image and the new layers; for the menu success as soon
 *   as the job is somebody's. An error carries the sentence for the artist.
 */
GimpValueArray *
comfy_dispatch_action (GimpProcedure        *procedure,
                       GimpRunMode           run_mode,
                       GimpImage            *image,
                       GimpDrawable        **drawables,
                       GimpProcedureConfig  *config,
                       void                 *action)
{
  g_auto(Call)  call = { 0 };
  GError       *error = NULL;

  call.session = begin_session (procedure, run_mode != GIMP_RUN_NONINTERACTIVE);
  if (!call_init (&call, action, image, drawables, config, &error))
    return return_error (procedure, error);

  return run_mode == GIMP_RUN_NONINTERACTIVE ? run_script (procedure, &call)
                                             : run_menu (procedure, config, &call, run_mode);
}

/* windows only */
static gboolean
check_interactive (GimpProcedureConfig  *config,
                   GError              **error)
{
  GimpRunMode run_mode;

  g_object_get (config, "run-mode", &run_mode, NULL);
  if (run_mode != GIMP_RUN_NONINTERACTIVE)
    return TRUE;

  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                   _("This opens a window. Call it from the menu."));
  return FALSE;
}

/**
 * comfy_dispatch_jobs:
 * @procedure: the procedure "Jobs"
 * @config: its run mode
 * @data: not used
 *
 * Shows the jobs, in the process that owns them or in this one.
 *
 * Returns: (transfer full): success or an error
 */
GimpValueArray *
comfy_dispatch_jobs (GimpProcedure       *procedure,
                     GimpProcedureConfig *config,
                     void                *data)
{
  g_autoptr(ComfySession)  session = NULL;
  GError                  *error = NULL;

  if (!check_interactive (config, &error))
    return return_error (procedure, error);

  if (!comfy_job_host_hand_over (NULL))
    {
      session = begin_session (procedure, TRUE);
      gimp_ui_init (PROGRAM);
      if (!comfy_job_host_run (gimp_procedure_get_plug_in (procedure), session, NULL, &error))
        return return_error (procedure, error);
    }

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

/**
 * comfy_dispatch_settings:
 * @procedure: the procedure "Settings…"
 * @config: its run mode
 * @data: not used
 *
 * Shows the settings until they are closed.
 *
 * Returns: (transfer full): success or an error
 */
GimpValueArray *
comfy_dispatch_settings (GimpProcedure       *procedure,
                         GimpProcedureConfig *config,
                         void                *data)
{
  g_autoptr(ComfySession)  session = NULL;
  g_autoptr(GMainLoop)     loop = g_main_loop_new (NULL, FALSE);
  GtkWidget               *window;
  GError                  *error = NULL;

  if (!check_interactive (config, &error))
    return return_error (procedure, error);

  session = begin_session (procedure, TRUE);
  gimp_ui_init (PROGRAM);
  window = comfy_settings_window_new (session);
  g_signal_connect_swapped (window, "destroy", G_CALLBACK (g_main_loop_quit), loop);
  gtk_window_present (GTK_WINDOW (window));
  g_main_loop_run (loop);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}
