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

static GError *
new_gone_error (void)
{
  return comfy_error_new (COMFY_ERROR_NOT_FOUND, NULL, _("This picture is not there any more."));
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
  g_autoptr(GArray)  pictures = NULL;
  GError            *error = NULL;

  g_assert (COMFY_IS_JOB (self));

  if (!check_idle (self, &error))
    return dex_future_new_for_error (error);

  pictures = _comfy_journal_entry_list_pictures (self->entry);
  if (picture >= (int) pictures->len)
    return dex_future_new_for_error (new_gone_error ());

  self->is_applying = TRUE;
  self->picture = picture;

  return comfy_job_run (self);
}

static gboolean
has_output (ComfyJob   *self,
            const char *name)
{
  const char * const *names = comfy_journal_entry_get_outputs (self->entry);

  return names != NULL && g_strv_contains (names, name);
}

static gboolean
set_discarded (ComfyJob    *self,
               const char  *name,
               gboolean     is_discarded,
               GError     **error)
{
  ComfyState before = comfy_job_get_state (self);
  ComfyState state;

  if (!check_idle (self, error))
    return FALSE;
  if (name != NULL && !has_output (self, name))
    {
      g_propagate_error (error, new_gone_error ());
      return FALSE;
    }
  if (_comfy_journal_entry_is_discarded (self->entry, name) == is_discarded)
    return TRUE;

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
 * @name: (nullable): which of its pictures, by the output's name, which is always the same; %NULL: all
 *
 * Takes pictures of a job that is not running out of the history. One that waits for the artist's
 * word is done when he has said what becomes of each picture. The files stay until the journal is
 * swept.
 *
 * Returns: %FALSE with %COMFY_ERROR_FAILED when there are none, %COMFY_ERROR_NOT_FOUND when there is
 *   no such picture, %COMFY_ERROR_STORAGE
 */
gboolean
_comfy_job_discard (ComfyJob    *self,
                    const char  *name,
                    GError     **error)
{
  g_assert (COMFY_IS_JOB (self));

  return set_discarded (self, name, TRUE, error);
}

/*
 * _comfy_job_take_back:
 *
 * The opposite of _comfy_job_discard().
 *
 * Returns: %FALSE as _comfy_job_discard() does
 */
gboolean
_comfy_job_take_back (ComfyJob    *self,
                      const char  *name,
                      GError     **error)
{
  g_assert (COMFY_IS_JOB (self));

  return set_discarded (self, name, FALSE, error);
}
