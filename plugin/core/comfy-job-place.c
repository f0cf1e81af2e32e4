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
#include "comfy-journal-entry-private.h"

static ComfyRemoteOutput *
get_remote (ComfyJob     *self,
            unsigned int  i)
{
  GPtrArray *remote = comfy_journal_entry_get_remote_outputs (self->entry);

  return remote != NULL && i < remote->len ? g_ptr_array_index (remote, i) : NULL;
}

/*
 * _comfy_job_has_pictures:
 *
 * Returns: whether anything that it made belongs into an image
 */
gboolean
_comfy_job_has_pictures (ComfyJob *self)
{
  g_autoptr(GArray) pictures = _comfy_journal_entry_list_pictures (self->entry);

  return pictures->len > 0;
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

static const char *
get_name (ComfyJob     *self,
          GArray       *pictures,
          unsigned int  i)
{
  const char * const *names = comfy_journal_entry_get_outputs (self->entry);

  return names[g_array_index (pictures, unsigned int, i)];
}

/* whether a picture is to be placed now: the artist has just said so, else he has neither put it
 * into an image by itself nor discarded it */
static gboolean
is_wanted (ComfyJob     *self,
           unsigned int  i,
           const char   *name)
{
  if (self->is_applying && self->picture >= 0)
    return (unsigned int) self->picture == i;
  /* who discarded the job and wants it all the same */
  if (self->is_applying && _comfy_journal_entry_is_discarded (self->entry, NULL))
    return TRUE;

  return !_comfy_journal_entry_is_discarded (self->entry, name)
         && (self->is_applying || !_comfy_journal_entry_is_applied (self->entry, name));
}

/* (transfer full) (element-type uint): which of the outputs are to be placed now */
static GArray *
list_wanted (ComfyJob *self)
{
  g_autoptr(GArray)  all = _comfy_journal_entry_list_pictures (self->entry);
  GArray            *wanted = g_array_new (FALSE, FALSE, sizeof (unsigned int));

  for (unsigned int i = 0; i < all->len; i++)
    if (is_wanted (self, i, get_name (self, all, i)))
      g_array_append_val (wanted, g_array_index (all, unsigned int, i));

  return wanted;
}

/* Whether it is noted of each picture by itself that it is in an image. Of a job that is placed
 * nothing more is noted. */
static gboolean
is_part (ComfyJob *self,
         GArray   *wanted)
{
  g_autoptr(GArray)    all = _comfy_journal_entry_list_pictures (self->entry);
  g_autoptr(GPtrArray) applied = _comfy_journal_entry_dup_applied (self->entry);

  return comfy_job_get_state (self) != COMFY_STATE_PLACED
         && (wanted->len < all->len || applied->len > 0);
}

/* On disk before the act: a layer with the job's id does not tell which picture it is of. */
static gboolean
note_applied (ComfyJob  *self,
              GArray    *pictures,
              GError   **error)
{
  g_autoptr(GPtrArray) applied = _comfy_journal_entry_dup_applied (self->entry);

  for (unsigned int i = 0; i < pictures->len; i++)
    if (!_comfy_journal_entry_is_applied (self->entry, get_name (self, pictures, i)))
      g_ptr_array_add (applied, g_strdup (get_name (self, pictures, i)));
  _comfy_journal_entry_set_applied (self->entry, applied);

  return comfy_journal_entry_commit (self->entry, error);
}

/* where a job stands of whose pictures some may be in no image yet */
static ComfyState
find_state (ComfyJob *self)
{
  ComfyState before = comfy_job_get_state (self);
  ComfyState state;

  _comfy_journal_entry_settle (self->entry);
  state = comfy_job_get_state (self);
  /* for _comfy_job_enter(), which tells views of the difference */
  comfy_journal_entry_set_state (self->entry, before);

  return state;
}

/* What no image takes will not be taken the next time, either; but the job's other pictures may. */
static gboolean
handle_failure (ComfyJob     *self,
                ComfyResult  *result,
                GArray       *pictures,
                GError       *failure,
                GError      **error)
{
  g_autoptr(GError) storage_error = NULL;

  if (note_unplaced (self, result, pictures))
    {
      if (comfy_job_get_state (self) != COMFY_STATE_PLACED && !_comfy_job_has_pictures (self))
        return _comfy_job_end (self, COMFY_STATE_FAILED, failure, error);
      if (!_comfy_job_enter (self, find_state (self), &storage_error))
        g_warning ("%s", comfy_error_get_detail (storage_error));
    }
  g_propagate_error (error, failure);

  return FALSE;
}

static gboolean
place_pictures (ComfyJob  *self,
                GArray    *pictures,
                gboolean   in_part,
                GError   **error)
{
  g_autoptr(ComfyResult)  result = _comfy_journal_entry_make_result (self->entry, pictures);
  g_autoptr(GPtrArray)    applied = _comfy_journal_entry_dup_applied (self->entry);
  GError                 *failure = NULL;
  GVariant               *placed = NULL;

  if (in_part && !note_applied (self, pictures, &failure))
    {
      _comfy_journal_entry_set_applied (self->entry, applied);
      g_propagate_error (error, failure);
      return FALSE;
    }

  /* another picture of the job is no proof that this one is there */
  placed = dex_await_variant (in_part || self->is_applying
                                ? comfy_host_place_again (self->host, result)
                                : comfy_host_place (self->host, result), &failure);
  if (placed == NULL)
    {
      /* on disk with the job's end, or with what it says of its stop */
      _comfy_journal_entry_set_applied (self->entry, applied);
      return handle_failure (self, result, pictures, failure, error);
    }

  g_clear_pointer (&self->placed, g_variant_unref);
  self->placed = placed;
  note_unplaced (self, result, pictures);

  return TRUE;
}

/*
 * _comfy_job_is_placed_unnoted:
 *
 * Returns: whether a layer that carries the job's id is proof that only our note of it was lost
 */
gboolean
_comfy_job_is_placed_unnoted (ComfyJob *self)
{
  g_autoptr(GPtrArray) applied = _comfy_journal_entry_dup_applied (self->entry);

  /* of some of its pictures only the note tells which */
  return applied->len == 0
         && comfy_host_is_placed (self->host, comfy_journal_entry_get_id (self->entry));
}

/*
 * _comfy_job_place:
 *
 * Has the editor place the pictures, once; again only when the artist says so. Where he has said it
 * of some of them, the job waits for what he says of the others.
 *
 * Returns: whether the job is in %COMFY_STATE_PLACED, or waits in %COMFY_STATE_READY
 */
gboolean
_comfy_job_place (ComfyJob  *self,
                  GError   **error)
{
  g_autoptr(GArray) pictures = list_wanted (self);
  gboolean          in_part = is_part (self, pictures);
  gboolean          is_there;

  if (self->is_applying && pictures->len == 0)
    {
      comfy_set_error (error, COMFY_ERROR_NOT_FOUND, NULL,
                       _("This picture is not there any more."));
      return FALSE;
    }

  comfy_progress_set_stage (self->progress, COMFY_STAGE_PLACE, _("Placing the result"));

  /* all of it, then, even if some was discarded since */
  is_there = !self->is_applying && pictures->len > 0 && _comfy_job_is_placed_unnoted (self);
  if (pictures->len > 0 && !is_there && !place_pictures (self, pictures, in_part, error))
    return FALSE;

  if (!_comfy_job_enter (self, in_part && !is_there ? find_state (self) : COMFY_STATE_PLACED,
                         error))
    return FALSE;

  comfy_progress_set_part (self->progress, 1, _("Done"));

  return TRUE;
}
