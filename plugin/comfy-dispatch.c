/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a call of GIMP's to what does it. A script's call is done here: it owns its job and waits for
 * the result, without a toolkit. What shows windows is in the module.
 */
#define G_LOG_DOMAIN "comfy-dispatch"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-call.h"
#include "comfy-dispatch.h"
#include "comfy-error.h"
#include "comfy-procedure.h"
#include "comfy-windows.h"
#include "comfy-workflow-procedure.h"

typedef GimpValueArray *(*RunAction) (GimpProcedure       *procedure,
                                      GimpProcedureConfig *config,
                                      ComfyCall           *call,
                                      GimpRunMode          run_mode);
typedef GimpValueArray *(*RunWorkflow) (GimpProcedure     *procedure,
                                        ComfyCall         *call,
                                        const char        *path);
typedef GimpValueArray *(*RunWindow) (GimpProcedure       *procedure,
                                      ComfySession        *session);
typedef GimpValueArray *(*RunInPanel) (GimpProcedure      *procedure,
                                       ComfySession       *session,
                                       int                 image_id,
                                       gboolean            generate);

/* beside the program itself, wherever GIMP found a link to it */
static char *
dup_module_path (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (program != NULL ? program : gimp_get_progname ());

  return g_build_filename (folder, "comfy-windows." G_MODULE_SUFFIX, NULL);
}

/* (nullable): an entry of the module, which then stays loaded */
static void *
find_entry (const char  *name,
            GError     **error)
{
  g_autofree char *path = dup_module_path ();
  GModule         *module = g_module_open (path, G_MODULE_BIND_LAZY);
  void            *entry = NULL;

  if (module == NULL || !g_module_symbol (module, name, &entry))
    {
      comfy_set_error (error, COMFY_ERROR_FAILED, g_module_error (),
                       _("Comfy Cloud cannot open windows. Install it again."));
      return NULL;
    }
  g_module_make_resident (module); /* GTK's types cannot be unloaded */

  return entry;
}

/* from the arguments to the result, for a script */
static DexFuture *
script_fiber (void *data)
{
  ComfyCall *call = data;
  ComfyJob  *job;
  GError    *error = NULL;

  if (call->form != NULL && !comfy_form_check (call->form, NULL, &error))
    return dex_future_new_for_error (error);

  call->job_id = dex_await_string (comfy_call_prepare (call), &error);
  if (call->job_id == NULL)
    return dex_future_new_for_error (error);

  job = call->job = comfy_session_open_job (call->session, call->job_id, &error);
  if (job == NULL)
    return dex_future_new_for_error (error);
  comfy_job_want_result (job);

  if (!dex_await (comfy_scheduler_run (comfy_session_get_scheduler (call->session), job), &error))
    {
      /* the script is told; what was not sent must not be found, and paid for, by somebody later */
      if (comfy_journal_entry_get_submitted_at (comfy_job_get_entry (job)) == 0)
        comfy_job_forget (job);
      return dex_future_new_for_error (error);
    }

  /* none: it made no picture */
  if (comfy_job_get_placed (job) != NULL)
    call->placed = g_variant_ref (comfy_job_get_placed (job));

  return dex_future_new_true ();
}

static GimpValueArray *
run_script (GimpProcedure *procedure,
            ComfyCall     *call)
{
  GError *error = NULL;

  if (!comfy_call_wait_for (dex_scheduler_spawn (NULL, 0, script_fiber, call, NULL), &error))
    return comfy_call_return_error (procedure, error);

  if (call->placed == NULL)
    return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);

  return comfy_procedure_return_placed (procedure, call->placed);
}

static GimpValueArray *
run_call (GimpProcedure       *procedure,
          GimpProcedureConfig *config,
          ComfyCall           *call,
          GimpRunMode          run_mode)
{
  RunAction  run;
  GError    *error = NULL;

  if (run_mode == GIMP_RUN_NONINTERACTIVE)
    return run_script (procedure, call);

  run = (RunAction) find_entry ("comfy_windows_run_action", &error);
  if (run == NULL)
    return comfy_call_return_error (procedure, error);

  return run (procedure, config, call, run_mode);
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
  g_auto(ComfyCall)        call = { 0 };
  g_autoptr(ComfySession)  session = NULL;
  GError                  *error = NULL;

  session = comfy_call_begin_session (procedure, run_mode != GIMP_RUN_NONINTERACTIVE);
  if (!comfy_call_init (&call, session, action, image, drawables, config, &error))
    return comfy_call_return_error (procedure, error);

  return run_call (procedure, config, &call, run_mode);
}

/**
 * comfy_dispatch_vary:
 * @procedure: the procedure "Vary This Layer"
 * @run_mode: who calls
 * @image: (nullable): the image
 * @drawables: (nullable): its selected drawables
 * @config: no other arguments
 * @actions: (element-type ComfyAction): a GPtrArray of those that are installed
 *
 * Returns: (transfer full): as comfy_dispatch_action()
 */
GimpValueArray *
comfy_dispatch_vary (GimpProcedure        *procedure,
                     GimpRunMode           run_mode,
                     GimpImage            *image,
                     GimpDrawable        **drawables,
                     GimpProcedureConfig  *config,
                     void                 *actions)
{
  g_auto(ComfyCall)        call = { 0 };
  g_autoptr(ComfySession)  session = NULL;
  GError                  *error = NULL;

  session = comfy_call_begin_session (procedure, run_mode != GIMP_RUN_NONINTERACTIVE);
  if (!comfy_call_init_vary (&call, session, actions, image, drawables, &error))
    return comfy_call_return_error (procedure, error);

  return run_call (procedure, config, &call, run_mode);
}

/* a workflow on its way to a form, for a script */
typedef struct
{
  ComfyCall           *call;   /* borrowed */
  GimpProcedureConfig *config; /* borrowed */
} Script;

static DexFuture *
workflow_fiber (void *data)
{
  Script                  *script = data;
  ComfyCall               *call = script->call;
  g_autofree char         *path = comfy_workflow_procedure_dup_path (script->config);
  g_autoptr(ComfyMapping)  mapping = NULL;
  GError                  *error = NULL;

  if (path == NULL)
    return dex_future_new_reject (COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT,
                                  _("No workflow is given. Give its file."));

  mapping = dex_await_object (comfy_opener_open (call->opener, path), &error);
  if (mapping != NULL)
    call->form = comfy_opener_make_form (call->opener, mapping, call->image_id, &error);
  if (call->form == NULL
      || !comfy_workflow_procedure_read_form (script->config, call->form, &error))
    return dex_future_new_for_error (error);

  return script_fiber (call);
}

static GimpValueArray *
run_workflow_script (GimpProcedure       *procedure,
                     GimpProcedureConfig *config,
                     ComfyCall           *call)
{
  Script  script = { call, config };
  GError *error = NULL;

  if (!comfy_call_wait_for (dex_scheduler_spawn (NULL, 0, workflow_fiber, &script, NULL), &error))
    return comfy_call_return_error (procedure, error);

  return comfy_workflow_procedure_return (procedure, config, call->job, call->placed);
}

/**
 * comfy_dispatch_workflow:
 * @procedure: the procedure
 * @run_mode: who calls
 * @image: (nullable): the image
 * @drawables: (nullable): its selected drawables
 * @config: the other arguments
 * @actions: (element-type ComfyAction): that came with the program
 *
 * Runs a workflow of the artist's.
 *
 * Returns: (transfer full): how it ended, and what came
 */
GimpValueArray *
comfy_dispatch_workflow (GimpProcedure        *procedure,
                         GimpRunMode           run_mode,
                         GimpImage            *image,
                         GimpDrawable        **drawables,
                         GimpProcedureConfig  *config,
                         void                 *actions)
{
  g_auto(ComfyCall)        call = { 0 };
  g_autoptr(ComfySession)  session = NULL;
  g_autofree char         *path = NULL;
  RunWorkflow              run;
  GError                  *error = NULL;

  session = comfy_call_begin_session (procedure, run_mode != GIMP_RUN_NONINTERACTIVE);
  comfy_call_init_workflow (&call, session, actions, image, drawables);
  if (run_mode == GIMP_RUN_NONINTERACTIVE)
    return run_workflow_script (procedure, config, &call);

  run = (RunWorkflow) find_entry ("comfy_windows_run_workflow", &error);
  if (run == NULL)
    return comfy_call_return_error (procedure, error);
  path = comfy_workflow_procedure_dup_path (config);

  return run (procedure, &call, path);
}

static GimpValueArray *
refuse_script (GimpProcedure *procedure)
{
  return comfy_call_return_error (procedure,
                                  comfy_error_new (COMFY_ERROR_INVALID_ARGUMENT, NULL,
                                                   _("This opens a window. Call it from the "
                                                     "menu.")));
}

static GimpValueArray *
run_window (GimpProcedure       *procedure,
            GimpProcedureConfig *config,
            const char          *name)
{
  g_autoptr(ComfySession)  session = NULL;
  GimpRunMode              run_mode;
  RunWindow                run;
  GError                  *error = NULL;

  g_object_get (config, "run-mode", &run_mode, NULL);
  if (run_mode == GIMP_RUN_NONINTERACTIVE)
    return refuse_script (procedure);

  session = comfy_call_begin_session (procedure, TRUE);
  run = (RunWindow) find_entry (name, &error);
  if (run == NULL)
    return comfy_call_return_error (procedure, error);

  return run (procedure, session);
}

/**
 * comfy_dispatch_in_panel:
 * @procedure: the procedure "Send to Panel" or "Generate Again"
 * @run_mode: who calls
 * @image: (nullable): the image that the artist is in
 * @drawables: (nullable): its selected drawables
 * @config: no other arguments
 * @generate: (type boolean): whether what the panel shows is asked for once more
 *
 * Filters → Repeat only sends: it does not spend money unasked.
 *
 * Returns: (transfer full): see comfy_windows_run_in_panel()
 */
GimpValueArray *
comfy_dispatch_in_panel (GimpProcedure        *procedure,
                         GimpRunMode           run_mode,
                         GimpImage            *image,
                         GimpDrawable        **drawables,
                         GimpProcedureConfig  *config,
                         void                 *generate)
{
  g_autoptr(ComfySession)  session = NULL;
  RunInPanel               run;
  GError                  *error = NULL;

  if (run_mode == GIMP_RUN_NONINTERACTIVE)
    return refuse_script (procedure);

  session = comfy_call_begin_session (procedure, TRUE);
  run = (RunInPanel) find_entry ("comfy_windows_run_in_panel", &error);
  if (run == NULL)
    return comfy_call_return_error (procedure, error);

  return run (procedure, session, image != NULL ? gimp_image_get_id (image) : -1,
              generate != NULL && run_mode == GIMP_RUN_INTERACTIVE);
}

/**
 * comfy_dispatch_jobs:
 * @procedure: the procedure "Jobs"
 * @config: its run mode
 * @data: not used
 *
 * Returns: (transfer full): see comfy_windows_run_jobs()
 */
GimpValueArray *
comfy_dispatch_jobs (GimpProcedure       *procedure,
                     GimpProcedureConfig *config,
                     void                *data)
{
  return run_window (procedure, config, "comfy_windows_run_jobs");
}

/**
 * comfy_dispatch_panel:
 * @procedure: the procedure "Panel"
 * @config: its run mode
 * @data: not used
 *
 * Returns: (transfer full): see comfy_windows_run_panel()
 */
GimpValueArray *
comfy_dispatch_panel (GimpProcedure       *procedure,
                      GimpProcedureConfig *config,
                      void                *data)
{
  return run_window (procedure, config, "comfy_windows_run_panel");
}

/**
 * comfy_dispatch_settings:
 * @procedure: the procedure "Settings…"
 * @config: its run mode
 * @data: not used
 *
 * Returns: (transfer full): see comfy_windows_run_settings()
 */
GimpValueArray *
comfy_dispatch_settings (GimpProcedure       *procedure,
                         GimpProcedureConfig *config,
                         void                *data)
{
  return run_window (procedure, config, "comfy_windows_run_settings");
}
