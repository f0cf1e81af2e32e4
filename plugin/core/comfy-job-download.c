/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a job made, into its folder. Each file is noted in the journal once it is complete, so that
 * whoever goes on fetches only the others.
 */
#define G_LOG_DOMAIN "comfy-job-flow"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-durable.h"
#include "comfy-error.h"
#include "comfy-job-private.h"

/* The server's name is not trusted with our folder: only the kind of file is taken from it, and
 * only one that is known. */
static char *
dup_output_name (const ComfyRemoteOutput *output,
                 unsigned int             i)
{
  static const char * const suffixes[] = {
    ".png", ".webp", ".jpg", ".jpeg", ".gif", ".exr", ".tif", ".tiff", ".svg",
    ".mp4", ".webm", ".mov", ".mkv",
    ".mp3", ".flac", ".wav", ".ogg", ".opus",
    ".glb", ".json", ".txt", ".zip", ".npz", ".safetensors", ".latent",
  };
  g_autofree char *name = g_ascii_strdown (output->name, -1);

  for (unsigned int j = 0; j < G_N_ELEMENTS (suffixes); j++)
    if (g_str_has_suffix (name, suffixes[j]))
      return g_strdup_printf ("output-%u%s", i, suffixes[j]);

  return g_strdup_printf ("output-%u", i);
}

/*
 * _comfy_job_keep_texts:
 * @outputs: (element-type ComfyRemoteOutput): what was picked; changed
 *
 * Puts what some servers tell with the job on disk, where everything else will lie; nothing is to
 * be fetched of it any more.
 *
 * Returns: whether it is there, before the journal says so. Errors: %COMFY_ERROR_STORAGE
 */
gboolean
_comfy_job_keep_texts (ComfyJob   *self,
                       GPtrArray  *outputs,
                       GError    **error)
{
  const char *folder = comfy_journal_entry_get_folder (self->entry);

  for (unsigned int i = 0; i < outputs->len; i++)
    {
      ComfyRemoteOutput *output = g_ptr_array_index (outputs, i);
      g_autofree char   *name = dup_output_name (output, i);
      g_autofree char   *path = g_build_filename (folder, name, NULL);
      g_autoptr(GBytes)  content = NULL;

      if (output->text == NULL)
        continue;

      content = g_bytes_new (output->text, strlen (output->text));
      if (!comfy_durable_write (path, content, error))
        return FALSE;
      g_set_str (&output->id, "");
      g_clear_pointer (&output->text, g_free);
    }

  return TRUE;
}

/* One answer that the result is gone may be a server that is behind; a second one a while later is
 * believed, as for the job itself. */
static gboolean
download_one (ComfyJob                 *self,
              ComfyApi                 *api,
              const ComfyRemoteOutput  *output,
              const char               *path,
              GError                  **error)
{
  ComfyPatience patience = { 0 };
  unsigned int  n_missing = 0;

  if (output->id[0] == '\0')
    return TRUE;

  for (;;)
    {
      g_autoptr(GError) failure = NULL;
      gboolean          is_gone;

      if (dex_await (comfy_api_download (api, output, path, self->progress), &failure))
        return TRUE;

      is_gone = g_error_matches (failure, COMFY_ERROR, COMFY_ERROR_JOB_EXPIRED)
                || g_error_matches (failure, COMFY_ERROR, COMFY_ERROR_NOT_FOUND);
      if (is_gone && n_missing++ > 0)
        return _comfy_job_end (self, COMFY_STATE_EXPIRED, g_steal_pointer (&failure), error);

      if (is_gone)
        {
          _comfy_job_rest (self, self->pace.search_gap_ms);
        }
      else if (!_comfy_job_wait_out (self, &patience, failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }
}

/*
 * _comfy_job_download:
 *
 * Fetches what is not there yet of what the journal says that the job made.
 *
 * Returns: whether everything is on disk; then the job is in %COMFY_STATE_READY
 */
gboolean
_comfy_job_download (ComfyJob  *self,
                     ComfyApi  *api,
                     GError   **error)
{
  GPtrArray               *outputs = comfy_journal_entry_get_remote_outputs (self->entry);
  const char * const      *complete = comfy_journal_entry_get_outputs (self->entry);
  const char              *folder = comfy_journal_entry_get_folder (self->entry);
  g_autoptr(GPtrArray)     names = g_ptr_array_new_null_terminated (outputs->len, g_free, TRUE);

  for (unsigned int i = 0; complete != NULL && complete[i] != NULL; i++)
    g_ptr_array_add (names, g_strdup (complete[i]));

  comfy_progress_set_stage (self->progress, COMFY_STAGE_DOWNLOAD, _("Downloading"));

  while (names->len < outputs->len)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (outputs, names->len);
      char                    *name = dup_output_name (output, names->len);
      g_autofree char         *path = g_build_filename (folder, name, NULL);

      g_ptr_array_add (names, name);
      if (!download_one (self, api, output, path, error))
        return FALSE;

      comfy_journal_entry_set_outputs (self->entry, (const char * const *) names->pdata);
      if (!_comfy_job_enter (self, names->len < outputs->len ? COMFY_STATE_DOWNLOADING
                                                             : COMFY_STATE_READY, error))
        return FALSE;
    }

  return TRUE;
}
