/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a job made, into the editor: its pictures. What is none waits in the job's folder for the
 * artist, and so does a picture that cannot be placed: it is paid for.
 */
#define G_LOG_DOMAIN "comfy-job-flow"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-job-private.h"

static ComfyRemoteOutput *
get_remote (ComfyJob     *self,
            unsigned int  i)
{
  GPtrArray *remote = comfy_journal_entry_get_remote_outputs (self->entry);

  return remote != NULL && i < remote->len ? g_ptr_array_index (remote, i) : NULL;
}

/* (transfer full) (element-type uint): which of the outputs are pictures. Records of old told of
 * nothing else. */
static GArray *
list_pictures (ComfyJob *self)
{
  const char * const *names = comfy_journal_entry_get_outputs (self->entry);
  GArray             *pictures = g_array_new (FALSE, FALSE, sizeof (unsigned int));

  for (unsigned int i = 0; names != NULL && names[i] != NULL; i++)
    {
      const ComfyRemoteOutput *output = get_remote (self, i);

      if (output == NULL || g_str_equal (output->kind, COMFY_REMOTE_KIND_IMAGE))
        g_array_append_val (pictures, i);
    }

  return pictures;
}

/*
 * _comfy_job_has_pictures:
 *
 * Returns: whether anything that it made belongs into an image
 */
gboolean
_comfy_job_has_pictures (ComfyJob *self)
{
  g_autoptr(GArray) pictures = list_pictures (self);

  return pictures->len > 0;
}

static ComfyResult *
make_result (ComfyJob *self,
             GArray   *pictures)
{
  const char * const      *names = comfy_journal_entry_get_outputs (self->entry);
  const char              *folder = comfy_journal_entry_get_folder (self->entry);
  ComfyRequest            *request = comfy_job_get_request (self);
  g_autoptr(GStrvBuilder)  builder = g_strv_builder_new ();
  g_autofree ComfyOutcome *outcomes = g_new0 (ComfyOutcome, pictures->len);
  g_auto(GStrv)            paths = NULL;

  for (unsigned int i = 0; i < pictures->len; i++)
    {
      unsigned int             k = g_array_index (pictures, unsigned int, i);
      const ComfyRemoteOutput *output = get_remote (self, k);

      g_strv_builder_take (builder, g_build_filename (folder, names[k], NULL));
      outcomes[i] = output != NULL ? _comfy_job_find_outcome (request, output)
                                   : comfy_request_get_placement (request)->outcome;
    }
  paths = g_strv_builder_end (builder);

  return comfy_result_new_with_outcomes (comfy_journal_entry_get_id (self->entry), request, folder,
                                         (const char * const *) paths, outcomes);
}

/* What the editor could not place is a file to be saved from now on. Returns: whether it is all */
static gboolean
note_unplaced (ComfyJob    *self,
               ComfyResult *result,
               GArray      *pictures)
{
  unsigned int n = 0;

  for (unsigned int i = 0; i < pictures->len; i++)
    {
      ComfyRemoteOutput *output = get_remote (self, g_array_index (pictures, unsigned int, i));

      if (!comfy_result_is_unplaced (result, i))
        continue;
      n++;
      if (output != NULL)
        g_set_str (&output->kind, COMFY_REMOTE_KIND_UNPLACED);
    }

  return n == pictures->len;
}

/* What no image takes will not be taken the next time, either. */
static gboolean
handle_failure (ComfyJob     *self,
                ComfyResult  *result,
                GArray       *pictures,
                GError       *failure,
                GError      **error)
{
  if (!note_unplaced (self, result, pictures))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }

  return _comfy_job_end (self, COMFY_STATE_FAILED, failure, error);
}

/*
 * _comfy_job_place:
 *
 * Has the editor place the pictures, once: a layer that carries the job's id is proof that only our
 * note of it was lost.
 *
 * Returns: whether the job is in %COMFY_STATE_PLACED
 */
gboolean
_comfy_job_place (ComfyJob  *self,
                  GError   **error)
{
  g_autoptr(GArray) pictures = list_pictures (self);

  comfy_progress_set_stage (self->progress, COMFY_STAGE_PLACE, _("Placing the result"));

  if (pictures->len > 0
      && !comfy_host_is_placed (self->host, comfy_journal_entry_get_id (self->entry)))
    {
      g_autoptr(ComfyResult)  result = make_result (self, pictures);
      GError                 *failure = NULL;
      GVariant               *placed = dex_await_variant (comfy_host_place (self->host, result),
                                                          &failure);

      if (placed == NULL)
        return handle_failure (self, result, pictures, failure, error);
      self->placed = placed;
      note_unplaced (self, result, pictures);
    }

  if (!_comfy_job_enter (self, COMFY_STATE_PLACED, error))
    return FALSE;

  comfy_progress_set_part (self->progress, 1, _("Done"));

  return TRUE;
}
