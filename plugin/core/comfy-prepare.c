/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a form to a job in the journal that nobody holds yet.
 */
#define G_LOG_DOMAIN "comfy-session"

#include "config.h"

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-prepare-private.h"
#include "comfy-session-private.h"
#include "comfy-transport-private.h"

static void
prepare_clear (gpointer data)
{
  ComfyPrepare *self = data;

  if (self->staging != NULL)
    comfy_journal_drop_staging (comfy_session_get_journal (self->session), self->staging);

  g_clear_pointer (&self->capture, comfy_capture_free);
  g_clear_pointer (&self->layer_ids, g_array_unref);
  comfy_take_free (self->take);
  g_object_unref (self->form);
  g_object_unref (self->session);
  g_free (self->profile_id);
  g_free (self->staging);
}

/*
 * _comfy_prepare_unref:
 * @self: (transfer full): a run
 *
 * With the last reference, what is not a job yet is removed.
 */
void
_comfy_prepare_unref (ComfyPrepare *self)
{
  g_rc_box_release_full (self, prepare_clear);
}

/*
 * _comfy_prepare_new:
 * @form: its values at this moment count
 * @image_id: the editor's id of the image, -1 when there is none
 * @layer_ids: (nullable) (element-type int): the layers
 *
 * Returns: (transfer full) (nullable): a run of which nothing is done yet; %NULL with
 *   %COMFY_ERROR_NO_KEY, or %COMFY_ERROR_INVALID_ARGUMENT of comfy_form_check()
 */
ComfyPrepare *
_comfy_prepare_new (ComfySession  *session,
                    ComfyForm     *form,
                    int            image_id,
                    GArray        *layer_ids,
                    GError       **error)
{
  ComfyProfile *profile = comfy_profile_store_get_active (comfy_session_get_profiles (session));
  ComfyPrepare *self;

  if (profile == NULL)
    {
      g_propagate_error (error, _comfy_session_new_no_key_error ());
      return NULL;
    }
  if (!comfy_form_check (form, NULL, error))
    return NULL;

  self = g_rc_box_new0 (ComfyPrepare);
  self->session = g_object_ref (session);
  self->form = comfy_form_copy (form);
  self->take = comfy_form_dup_take (form);
  self->profile_id = g_strdup (comfy_profile_get_id (profile));
  self->image_id = image_id;
  if (layer_ids != NULL)
    self->layer_ids = g_array_copy (layer_ids);

  return self;
}

/*
 * _comfy_prepare_check:
 *
 * Looks at a graph of the artist's, which nobody has tried, with what the server's nodes take: an
 * action that was saved does not pass a window that has done so before. May await.
 *
 * Returns: whether the server will take it, as far as that is known; else %FALSE with
 *   %COMFY_ERROR_INVALID_WORKFLOW
 */
gboolean
_comfy_prepare_check (ComfyPrepare  *self,
                      GError       **error)
{
  g_autoptr(ComfyNodeTable) table = NULL;

  if (comfy_action_get_outputs (comfy_form_get_action (self->form)) == NULL
      || comfy_form_has_table (self->form))
    return TRUE;

  table = dex_await_object (comfy_session_find_nodes (self->session), error);
  if (table == NULL)
    return FALSE;
  comfy_form_set_table (self->form, table);

  return comfy_form_check (self->form, NULL, error);
}

static gboolean
check_inputs (ComfyPrepare  *self,
              GError       **error)
{
  for (unsigned int i = 0; i < self->capture->inputs->len; i++)
    {
      const ComfyInput *input = g_ptr_array_index (self->capture->inputs, i);
      g_autofree char  *path = g_build_filename (self->staging, input->file, NULL);
      GError           *problem = _comfy_transport_check_file (path);

      if (problem != NULL)
        {
          g_propagate_error (error, problem);
          return FALSE;
        }
    }

  return TRUE;
}

static DexFuture *
capture_fiber (gpointer data)
{
  ComfyPrepare      *self = data;
  ComfyHost         *host = comfy_session_get_host (self->session);
  g_autoptr(GError)  error = NULL;

  self->staging = comfy_journal_make_staging (comfy_session_get_journal (self->session), &error);
  if (self->staging != NULL)
    self->capture = dex_await_boxed (comfy_host_capture (host, self->take, self->image_id,
                                                         self->layer_ids, self->staging), &error);
  if (self->capture == NULL || !check_inputs (self, &error))
    return dex_future_new_for_error (comfy_error_fold (error, NULL));

  return dex_future_new_true ();
}

/*
 * _comfy_prepare_capture:
 *
 * Takes the pixels into files. What is seen when the main loop runs next is taken.
 *
 * Returns: (transfer full): a future of %TRUE; rejects with %COMFY_ERROR_TOO_LARGE when a picture
 *   takes more than may be sent, %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_IMAGE,
 *   %COMFY_ERROR_STORAGE
 */
DexFuture *
_comfy_prepare_capture (ComfyPrepare *self)
{
  return _comfy_spawn (capture_fiber, g_rc_box_acquire (self),
                       (GDestroyNotify) _comfy_prepare_unref);
}

/*
 * _comfy_prepare_share:
 * @other: a run of the same form that has its pictures and is no job yet
 *
 * Returns: %FALSE with %COMFY_ERROR_STORAGE
 */
gboolean
_comfy_prepare_share (ComfyPrepare  *self,
                      ComfyPrepare  *other,
                      GError       **error)
{
  ComfyCapture *capture = other->capture;

  self->staging = comfy_journal_make_staging (comfy_session_get_journal (self->session), error);
  if (self->staging == NULL
      || !_comfy_session_copy_files (capture->inputs, capture->placement, other->staging,
                                     self->staging, error))
    return FALSE;

  self->capture = comfy_capture_copy (capture);

  return TRUE;
}

static ComfyRequest *
make_request (ComfyPrepare   *self,
              const char     *batch_id,
              unsigned int    batch_i,
              unsigned int    batch_n,
              GError        **error)
{
  ComfyAction              *action = comfy_form_get_action (self->form);
  const ComfyVariant       *variant = comfy_form_get_variant (self->form);
  ComfySettings            *settings = comfy_session_get_settings (self->session);
  g_autofree char          *prompt = comfy_form_dup_prompt (self->form);
  g_autoptr(ComfyWorkflow)  workflow = NULL;
  ComfyPlacement           *placement = self->capture->placement;
  ComfyRequestParts         parts = { 0 };

  /* "as the image" means the one that was taken, as it was then */
  if (placement->image_width > 0)
    comfy_form_set_image_size (self->form, placement->image_width, placement->image_height);
  workflow = comfy_form_apply (self->form, &parts.seed, error);
  if (workflow == NULL)
    return NULL;

  parts.seed_target = comfy_form_get_seed_target (self->form, &parts.seed_max);
  parts.action_id = comfy_action_get_id (action);
  parts.title = comfy_action_get_title (action);
  parts.model = variant->label;
  parts.prompt = prompt;
  parts.profile_id = self->profile_id;
  parts.workflow = workflow;
  parts.inputs = self->capture->inputs;
  parts.loaders = variant->loaders;
  parts.outputs = comfy_action_get_outputs (action);
  parts.placement = placement;
  parts.remember = comfy_settings_get_remember_in_layers (settings);
  parts.deep = self->capture->depth > 8;
  parts.batch_id = batch_id;
  parts.batch_i = batch_i;
  parts.batch_n = batch_n;

  return comfy_request_new (&parts);
}

/*
 * _comfy_prepare_begin:
 * @self: a run that has its pictures
 * @batch_id: (nullable): of the jobs that are asked for together
 * @batch_i: which of them
 * @batch_n: how many they are
 *
 * Fills in the form and writes the job down.
 *
 * Returns: (transfer full) (nullable): the id of a job whose lock is free; %NULL with
 *   %COMFY_ERROR_INVALID_WORKFLOW, %COMFY_ERROR_STORAGE
 */
char *
_comfy_prepare_begin (ComfyPrepare  *self,
                      const char    *batch_id,
                      unsigned int   batch_i,
                      unsigned int   batch_n,
                      GError       **error)
{
  g_autoptr(ComfyRequest)      request = NULL;
  g_autoptr(ComfyJournalEntry) entry = NULL;

  request = make_request (self, batch_id, batch_i, batch_n, error);
  if (request == NULL)
    return NULL;
  entry = comfy_journal_begin (comfy_session_get_journal (self->session), self->staging, request,
                               error);
  if (entry == NULL)
    return NULL;

  g_clear_pointer (&self->staging, g_free);
  comfy_journal_entry_release (entry);
  _comfy_session_sweep (self->session);

  return g_strdup (comfy_journal_entry_get_id (entry));
}

static DexFuture *
prepare_fiber (gpointer data)
{
  ComfyPrepare      *self = data;
  g_autoptr(GError)  error = NULL;
  g_autofree char   *id = NULL;

  /* the pixels first: nothing changes while the server is asked */
  if (dex_await (_comfy_prepare_capture (self), &error) && _comfy_prepare_check (self, &error))
    id = _comfy_prepare_begin (self, NULL, 0, 0, &error);
  if (id == NULL)
    return dex_future_new_for_error (comfy_error_fold (error, NULL));

  return dex_future_new_for_string (id);
}

/**
 * comfy_session_prepare:
 * @form: what the artist wants, checked; its values at this moment count
 * @image_id: the editor's id of the image, -1 when there is none
 * @layer_ids: (nullable) (element-type int): the editor's ids of the selected layers
 *
 * Takes the pixels, fills in the form, and writes both down as a new job whose lock is free, so that
 * whichever process owns the jobs can take it over with comfy_session_open_job(). Nothing is sent.
 *
 * Returns: (transfer full): a future of a string: the job's id in the journal. Rejects with
 *   %COMFY_ERROR_NO_KEY when no key is stored for the chosen environment, %COMFY_ERROR_TOO_LARGE
 *   when a picture takes more than may be sent, %COMFY_ERROR_INVALID_ARGUMENT,
 *   %COMFY_ERROR_INVALID_WORKFLOW for a graph that the server would refuse, %COMFY_ERROR_IMAGE,
 *   %COMFY_ERROR_STORAGE
 */
DexFuture *
comfy_session_prepare (ComfySession *self,
                       ComfyForm    *form,
                       int           image_id,
                       GArray       *layer_ids)
{
  GError       *error = NULL;
  ComfyPrepare *prepare;

  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);
  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);

  prepare = _comfy_prepare_new (self, form, image_id, layer_ids, &error);
  if (prepare == NULL)
    return dex_future_new_for_error (error);

  return _comfy_spawn (prepare_fiber, prepare, (GDestroyNotify) _comfy_prepare_unref);
}
