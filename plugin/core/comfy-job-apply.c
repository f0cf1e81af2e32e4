/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist says of what a job made: once more into the image, one picture of several, or
 * away with it. Nothing of it asks a server for anything.
 */
#define G_LOG_DOMAIN "comfy-job"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-job-private.h"
#include "comfy-journal-entry-private.h"

static gboolean
has_pictures_here (ComfyJob *self)
{
  ComfyState state = comfy_job_get_state (self);

  return (state == COMFY_STATE_READY || state == COMFY_STATE_PLACED)
         && _comfy_job_has_pictures (self);
}

/* one that cannot be done anything with now */
static gboolean
check_idle (ComfyJob  *self,
            GError   **error)
{
  if (self->done == NULL && has_pictures_here (self))
    return TRUE;

  comfy_set_error (error, COMFY_ERROR_FAILED, comfy_state_to_nick (comfy_job_get_state (self)),
                   _("There is no result to choose yet. Wait until the job is done."));

  return FALSE;
}

/* @picture: -1: all; @out_name: (transfer none): of the output, %NULL for all. Returns: FALSE when
 * there is no such picture */
static gboolean
find_name (ComfyJob    *self,
           int          picture,
           const char **out_name,
           GError     **error)
{
  g_autoptr(GArray) pictures = _comfy_journal_entry_list_pictures (self->entry);

  *out_name = NULL;
  if (picture >= (int) pictures->len)
    {
      comfy_set_error (error, COMFY_ERROR_NOT_FOUND, NULL,
                       _("This picture is not there any more."));
      return FALSE;
    }
  if (picture >= 0)
    *out_name = comfy_journal_entry_get_outputs (self->entry)[
                  g_array_index (pictures, unsigned int, picture)];

  return TRUE;
}

/*
 * _comfy_job_apply:
 * @self: a job in %COMFY_STATE_READY or %COMFY_STATE_PLACED that is not running
 * @picture: which of its pictures, from 0; -1: all that are not discarded
 *
 * Has the editor place what the artist has chosen, whether it was placed before or not. The job is
 * running meanwhile.
 *
 * Returns: (transfer full): a future of %TRUE; then comfy_job_get_placed() tells where. Rejects
 *   with %COMFY_ERROR_FAILED when there is nothing to be placed now, %COMFY_ERROR_NOT_FOUND when
 *   there is no such picture, else as comfy_host_place() does
 */
DexFuture *
_comfy_job_apply (ComfyJob *self,
                  int       picture)
{
  const char *name;
  GError     *error = NULL;

  g_assert (COMFY_IS_JOB (self));

  if (!check_idle (self, &error) || !find_name (self, picture, &name, &error))
    return dex_future_new_for_error (error);

  self->is_applying = TRUE;
  self->picture = picture;

  return comfy_job_run (self);
}

static gboolean
set_discarded (ComfyJob  *self,
               int        picture,
               gboolean   is_discarded,
               GError   **error)
{
  ComfyState  before = comfy_job_get_state (self);
  ComfyState  state;
  const char *name;

  if (!check_idle (self, error) || !find_name (self, picture, &name, error))
    return FALSE;

  _comfy_journal_entry_set_discarded (self->entry, name, is_discarded);
  state = comfy_job_get_state (self);
  /* for _comfy_job_enter(), which tells views of the difference */
  comfy_journal_entry_set_state (self->entry, before);
  if (_comfy_job_enter (self, state, error))
    return TRUE;

  comfy_journal_entry_set_state (self->entry, state);
  _comfy_journal_entry_set_discarded (self->entry, name, !is_discarded);

  return FALSE;
}

/*
 * _comfy_job_discard:
 * @picture: which of its pictures, from 0; -1: all
 *
 * Takes pictures of a job that is not running out of the history. One that waits for the artist's
 * word is done when he has said what becomes of each picture. The files stay until the journal is
 * swept.
 *
 * Returns: %FALSE with %COMFY_ERROR_FAILED when there are none, %COMFY_ERROR_NOT_FOUND when there is
 *   no such picture, %COMFY_ERROR_STORAGE
 */
gboolean
_comfy_job_discard (ComfyJob  *self,
                    int        picture,
                    GError   **error)
{
  g_assert (COMFY_IS_JOB (self));

  return set_discarded (self, picture, TRUE, error);
}

/*
 * _comfy_job_take_back:
 *
 * The opposite of _comfy_job_discard().
 *
 * Returns: %FALSE as _comfy_job_discard() does
 */
gboolean
_comfy_job_take_back (ComfyJob  *self,
                      int        picture,
                      GError   **error)
{
  g_assert (COMFY_IS_JOB (self));

  return set_discarded (self, picture, FALSE, error);
}
