/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * New jobs made of old ones. The pictures that went up are in the old job's folder, exactly as they
 * were.
 */
#define G_LOG_DOMAIN "comfy-session"

#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-request-private.h"
#include "comfy-session-private.h"

/* Pictures are written once and never changed, so that a second name does where the disk knows
 * that. Two inputs may have the same picture. */
static gboolean
copy_file (const char  *folder,
           const char  *staging,
           const char  *name,
           GError     **error)
{
  g_autoptr(GFile)   source = g_file_new_build_filename (folder, name, NULL);
  g_autoptr(GFile)   target = g_file_new_build_filename (staging, name, NULL);
  g_autoptr(GError)  local_error = NULL;

  if (link (g_file_peek_path (source), g_file_peek_path (target)) == 0 || errno == EEXIST)
    return TRUE;
  if (g_file_copy (source, target, G_FILE_COPY_NONE, NULL, NULL, NULL, &local_error))
    return TRUE;

  g_propagate_error (error, comfy_error_fold (local_error, NULL));

  return FALSE;
}

static gboolean
is_there (const char *folder,
          const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

/*
 * _comfy_session_has_inputs:
 * @request: what a job asked for
 * @folder: its folder
 *
 * Returns: whether every picture that went up is still there
 */
gboolean
_comfy_session_has_inputs (ComfyRequest *request,
                           const char   *folder)
{
  GPtrArray *inputs = comfy_request_get_inputs (request);

  for (unsigned int i = 0; i < inputs->len; i++)
    if (!is_there (folder, ((const ComfyInput *) g_ptr_array_index (inputs, i))->file))
      return FALSE;

  return TRUE;
}

/*
 * _comfy_session_copy_files:
 * @inputs: (element-type ComfyInput): what was sent
 * @placement: knows what was kept here of what was taken
 * @folder: where the files are
 * @staging: where they go: a folder on the same disk, without files of other jobs
 *
 * Returns: %FALSE with %COMFY_ERROR_STORAGE
 */
gboolean
_comfy_session_copy_files (GPtrArray       *inputs,
                           ComfyPlacement  *placement,
                           const char      *folder,
                           const char      *staging,
                           GError         **error)
{
  for (unsigned int i = 0; i < inputs->len; i++)
    {
      const ComfyInput *input = g_ptr_array_index (inputs, i);

      if (!copy_file (folder, staging, input->file, error))
        return FALSE;
    }

  return (placement->alpha_file == NULL
          || copy_file (folder, staging, placement->alpha_file, error))
         && (placement->mask_file == NULL
             || copy_file (folder, staging, placement->mask_file, error));
}

static gboolean
copy_files (ComfyRequest  *request,
            const char    *folder,
            const char    *staging,
            GError       **error)
{
  return _comfy_session_copy_files (comfy_request_get_inputs (request),
                                    comfy_request_get_placement (request), folder, staging, error);
}

/*
 * _comfy_session_begin_again:
 * @staging: (transfer full): becomes a job that asks for @request, or is removed
 * @request: what is asked for
 *
 * Returns: (transfer full) (nullable): the job's id, whose lock is free; %NULL with
 *   %COMFY_ERROR_STORAGE
 */
char *
_comfy_session_begin_again (ComfySession  *self,
                            char          *staging,
                            ComfyRequest  *request,
                            GError       **error)
{
  g_autofree char              *owned = staging;
  ComfyJournal                 *journal = comfy_session_get_journal (self);
  g_autoptr(ComfyJournalEntry)  entry = comfy_journal_begin (journal, staging, request, error);

  if (entry == NULL)
    {
      comfy_journal_drop_staging (journal, staging);
      return NULL;
    }

  comfy_journal_entry_release (entry);

  return g_strdup (comfy_journal_entry_get_id (entry));
}

/**
 * comfy_session_repeat:
 * @job: a job in any state
 *
 * Makes a new job of what @job asked for: the same pixels, values, seed and key. For a job that has
 * failed, by the artist's explicit wish, since it may cost again.
 *
 * Returns: (transfer full): the new job's id in the journal, as comfy_session_prepare() leaves it;
 *   %NULL with %COMFY_ERROR_STORAGE when the files are gone or there is no room,
 *   %COMFY_ERROR_NOT_SUPPORTED for one that was started elsewhere
 */
char *
comfy_session_repeat (ComfySession  *self,
                      ComfyJob      *job,
                      GError       **error)
{
  g_autofree char         *staging = NULL;
  g_autoptr(ComfyRequest)  request = NULL;
  const char              *folder;

  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);
  g_return_val_if_fail (COMFY_IS_JOB (job), NULL);

  if (comfy_request_get_remote_id (comfy_job_get_request (job)) != NULL)
    {
      comfy_set_error (error, COMFY_ERROR_NOT_SUPPORTED, NULL,
                       _("This job was started elsewhere, so it cannot be sent from here."));
      return NULL;
    }

  staging = comfy_journal_make_staging (comfy_session_get_journal (self), error);
  if (staging == NULL)
    return NULL;

  folder = comfy_journal_entry_get_folder (comfy_job_get_entry (job));
  request = _comfy_request_new_again (comfy_job_get_request (job));
  if (!copy_files (request, folder, staging, error))
    {
      comfy_journal_drop_staging (comfy_session_get_journal (self), staging);
      return NULL;
    }

  return _comfy_session_begin_again (self, g_steal_pointer (&staging), request, error);
}

/* the arguments of vary_fiber() */
typedef struct
{
  ComfySession *session;    /* owned */
  ComfyRequest *request;    /* owned: what is asked for again */
  char         *folder;     /* owned, nullable: where its pictures are; nothing is needed of them */
  char         *profile_id; /* owned */
  char         *staging;    /* owned, nullable: while it is ours to remove */
  int           image_id;
  int           layer_id;
} Vary;

static void
vary_free (void *data)
{
  Vary *vary = data;

  if (vary->staging != NULL)
    comfy_journal_drop_staging (comfy_session_get_journal (vary->session), vary->staging);
  g_object_unref (vary->session);
  g_object_unref (vary->request);
  g_free (vary->folder);
  g_free (vary->profile_id);
  g_free (vary->staging);
  g_free (vary);
}

/* The canvas that was to grow has grown with the first result: then everything has moved, and it
 * must not grow again. Nor must one that the artist has given another size since. */
static void
follow_canvas (ComfyPlacement       *placement,
               const ComfyPlacement *old)
{
  const ComfyEdges *edges = &old->edges;

  if (placement->image_width == old->image_width && placement->image_height == old->image_height)
    return;

  if (placement->image_width == old->image_width + edges->left + edges->right
      && placement->image_height == old->image_height + edges->top + edges->bottom)
    {
      placement->region.crop.x += edges->left;
      placement->region.crop.y += edges->top;
    }
  placement->edges = (ComfyEdges) { 0 };
}

/* Where a variation belongs: as it was, but in the image and above the layer as they are now. Takes
 * nothing of the image. May await. */
static ComfyPlacement *
make_placement (Vary    *vary,
                GError **error)
{
  ComfyPlacement          *old = comfy_request_get_placement (vary->request);
  g_autoptr(ComfyTake)     nothing = comfy_take_new ();
  g_autoptr(GArray)        layer_ids = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr(ComfyCapture)  capture = NULL;
  ComfyPlacement          *placement;

  g_array_append_val (layer_ids, vary->layer_id);
  capture = dex_await_boxed (comfy_host_capture (comfy_session_get_host (vary->session), nothing,
                                                 vary->image_id, layer_ids, vary->staging),
                             error);
  if (capture == NULL)
    return NULL;

  placement = comfy_placement_copy (capture->placement);
  placement->region = old->region;
  placement->edges = old->edges;
  placement->fit = old->fit;
  placement->outcome = old->outcome;
  placement->order = old->order;
  g_set_str (&placement->alpha_file, old->alpha_file);
  g_set_str (&placement->mask_file, old->mask_file);
  follow_canvas (placement, old);

  return placement;
}

/* @max: at least 1 */
static guint64
draw_other_seed (guint64 seed,
                 guint64 max)
{
  guint64 drawn;

  do
    drawn = comfy_field_draw_seed (max);
  while (drawn == seed);

  return drawn;
}

static void
set_no_seed (ComfyRequest  *request,
             GError       **error)
{
  comfy_set_error (error, COMFY_ERROR_NOT_SUPPORTED, NULL,
                   _("“%s” has no seed: it would make the same layer again."),
                   comfy_request_get_title (request));
}

/*
 * _comfy_session_make_varied:
 * @old: what is asked for once more
 * @profile_id: whose key it is sent with
 * @placement: where the result belongs
 *
 * The privacy of what is made now is what the settings say now.
 *
 * Returns: (transfer full): the same with another seed; %NULL with %COMFY_ERROR_NOT_SUPPORTED when
 *   there is none to change
 */
ComfyRequest *
_comfy_session_make_varied (ComfySession    *self,
                            ComfyRequest    *old,
                            const char      *profile_id,
                            ComfyPlacement  *placement,
                            GError         **error)
{
  ComfySettings *settings = comfy_session_get_settings (self);
  gboolean       remember = comfy_settings_get_remember_in_layers (settings);
  ComfyRequest  *request = NULL;

  if (comfy_request_get_seed_target (old) != NULL && comfy_request_get_seed_max (old) > 0)
    request = comfy_request_new_varied (old, draw_other_seed (comfy_request_get_seed (old),
                                                              comfy_request_get_seed_max (old)),
                                        profile_id, placement, remember);
  if (request == NULL)
    set_no_seed (old, error);

  return request;
}

static DexFuture *
vary_fiber (gpointer data)
{
  Vary                      *vary = data;
  ComfyJournal              *journal = comfy_session_get_journal (vary->session);
  g_autoptr(ComfyPlacement)  placement = NULL;
  g_autoptr(ComfyRequest)    request = NULL;
  g_autoptr(GError)          error = NULL;
  g_autofree char           *id = NULL;

  if ((vary->staging = comfy_journal_make_staging (journal, &error)) != NULL
      && (vary->folder == NULL
          || copy_files (vary->request, vary->folder, vary->staging, &error)))
    placement = make_placement (vary, &error);
  if (placement != NULL)
    request = _comfy_session_make_varied (vary->session, vary->request, vary->profile_id, placement,
                                          &error);
  if (request != NULL)
    id = _comfy_session_begin_again (vary->session, g_steal_pointer (&vary->staging), request,
                                     &error);
  if (id == NULL)
    return dex_future_new_for_error (comfy_error_fold (error, NULL));

  return dex_future_new_for_string (id);
}

/* why there is nothing that could be asked for again */
static void
set_not_kept (ComfyRecipe  *recipe,
              GError      **error)
{
  if (recipe->n_inputs > 0)
    comfy_set_error (error, COMFY_ERROR_NOT_FOUND, recipe->job_id,
                     _("The picture that this layer was made from is not kept any more. "
                       "Run the action on it again."));
  else if (recipe->request != NULL)
    comfy_set_error (error, COMFY_ERROR_NOT_SUPPORTED, recipe->job_id,
                     _("This layer was made elsewhere, and in another way than “%s” is made here. "
                       "Run the action again."),
                     comfy_request_get_title (recipe->request));
  else
    comfy_set_error (error, COMFY_ERROR_NOT_FOUND, recipe->job_id,
                     _("How this layer was made is not kept any more. Run the action again."));
}

/* (transfer full) (nullable): what the layer was asked for with, and where its pictures are */
static ComfyRequest *
find_request (ComfySession  *self,
              ComfyRecipe   *recipe,
              GPtrArray     *actions,
              char         **out_folder,
              GError       **error)
{
  ComfyJournal            *journal = comfy_session_get_journal (self);
  g_autofree char         *folder = NULL;
  g_autoptr(ComfyRequest)  request = NULL;

  folder = g_build_filename (comfy_journal_get_folder (journal), recipe->job_id, NULL);
  request = comfy_journal_read_request (journal, recipe->job_id, NULL);
  if (request != NULL && !_comfy_session_has_inputs (request, folder))
    g_clear_object (&request);
  if (request != NULL)
    *out_folder = g_steal_pointer (&folder);
  else if (recipe->n_inputs == 0 && comfy_recipe_is_of (recipe, actions))
    request = g_object_ref (recipe->request);

  if (request == NULL)
    {
      set_not_kept (recipe, error);
      return NULL;
    }
  if (comfy_request_get_seed_target (request) == NULL || comfy_request_get_seed_max (request) == 0)
    {
      set_no_seed (request, error);
      return NULL;
    }

  return g_steal_pointer (&request);
}

/**
 * comfy_session_vary:
 * @recipe: what a layer remembers, by whomever it was written
 * @actions: (element-type ComfyAction): those that are installed
 * @image_id: the editor's id of its image
 * @layer_id: the editor's id of the layer, above which the new one goes
 *
 * Asks for the same once more with another seed, with the key that is used now. The pictures that
 * the layer was made from are taken from the journal; where it has forgotten them, only what was
 * made from words alone can be varied, and only where the form of one of @actions could have asked
 * for just that: an image that somebody else has made cannot spend anything on what it likes.
 * Nothing is sent.
 *
 * Returns: (transfer full): a future of a string: the new job's id in the journal, as of
 *   comfy_session_prepare(). Rejects with %COMFY_ERROR_NO_KEY, %COMFY_ERROR_NOT_FOUND when the
 *   pictures are gone, %COMFY_ERROR_NOT_SUPPORTED when there is no seed or no such action,
 *   %COMFY_ERROR_STORAGE
 */
DexFuture *
comfy_session_vary (ComfySession *self,
                    ComfyRecipe  *recipe,
                    GPtrArray    *actions,
                    int           image_id,
                    int           layer_id)
{
  ComfyProfile            *profile;
  g_autoptr(ComfyRequest)  request = NULL;
  g_autofree char         *folder = NULL;
  GError                  *error = NULL;
  Vary                    *vary;

  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);
  g_return_val_if_fail (recipe != NULL, NULL);
  g_return_val_if_fail (actions != NULL, NULL);

  profile = comfy_profile_store_get_active (comfy_session_get_profiles (self));
  if (profile == NULL)
    return dex_future_new_for_error (_comfy_session_new_no_key_error ());

  request = find_request (self, recipe, actions, &folder, &error);
  if (request == NULL)
    return dex_future_new_for_error (error);

  vary = g_new0 (Vary, 1);
  vary->session = g_object_ref (self);
  vary->request = g_steal_pointer (&request);
  vary->folder = g_steal_pointer (&folder);
  vary->profile_id = g_strdup (comfy_profile_get_id (profile));
  vary->image_id = image_id;
  vary->layer_id = layer_id;

  return _comfy_spawn (vary_fiber, vary, vary_free);
}
