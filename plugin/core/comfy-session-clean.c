/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What jobs of processes before this one were to delete on their servers.
 */
#define G_LOG_DOMAIN "comfy-session"

#include "config.h"

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-session.h"

/* Whether the next job may have better luck than this one */
static gboolean
is_of_one_job (const GError *error)
{
  return g_error_matches (error, COMFY_ERROR, COMFY_ERROR_REJECTED)
         || g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NO_KEY)
         || g_error_matches (error, COMFY_ERROR, COMFY_ERROR_STORAGE);
}

static DexFuture *
clean_fiber (gpointer data)
{
  ComfySession  *self = data;
  g_auto(GStrv)  ids = comfy_journal_list_unclean (comfy_session_get_journal (self));

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      g_autoptr(ComfyJob) job = comfy_session_open_job (self, ids[i], NULL);
      g_autoptr(GError)   error = NULL;

      /* somebody has taken it meanwhile */
      if (job == NULL)
        continue;
      if (!dex_await (comfy_job_clean_up (job), &error) && !is_of_one_job (error))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_for_boolean (TRUE);
}

/**
 * comfy_session_clean_up:
 *
 * Deletes on their servers what finished jobs uploaded, where that was asked for and could not be
 * done when they ended. What cannot be deleted now either is left for the next time, for a week.
 *
 * Returns: (transfer full): a future of %TRUE when every such job was seen to; rejects with why the
 *   servers cannot be asked
 */
DexFuture *
comfy_session_clean_up (ComfySession *self)
{
  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);

  return _comfy_spawn (clean_fiber, g_object_ref (self), g_object_unref);
}
