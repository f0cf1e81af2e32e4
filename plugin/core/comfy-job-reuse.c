/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inputs that lie on the server already, by this job or one before: they are not uploaded again.
 * The server is asked first, and believed; and where it takes the word back when the job is sent,
 * what was remembered is forgotten and everything uploaded anew. An artist who wants uploads deleted
 * gets every job its own.
 */
#define G_LOG_DOMAIN "comfy-job-upload"

#include "config.h"

#include "comfy-content-hash-private.h"
#include "comfy-error.h"
#include "comfy-job-private.h"

static const char *
get_profile_id (ComfyJob *self)
{
  return comfy_request_get_profile_id (comfy_job_get_request (self));
}

/* What is uploaded by one protocol means nothing to another */
static char *
dup_server (ComfyJob *self,
            ComfyApi *api)
{
  const char *base_url = comfy_journal_entry_get_base_url (self->entry);

  return g_strdup_printf ("%s %s", G_OBJECT_TYPE_NAME (api), base_url != NULL ? base_url : "");
}

static gboolean
is_remembering (ComfyJob *self)
{
  return self->uploads != NULL
         && (self->settings == NULL || !comfy_settings_get_delete_uploads (self->settings));
}

/*
 * _comfy_job_find_upload:
 * @path: the file that would go up
 * @out_hash: (out) (nullable): for _comfy_job_note_upload()
 *
 * Returns: (transfer full) (nullable): what the server has of the same content, and can be used
 */
ComfyUpload *
_comfy_job_find_upload (ComfyJob    *self,
                        ComfyApi    *api,
                        const char  *path,
                        char       **out_hash)
{
  g_autofree char        *server = dup_server (self, api);
  g_autoptr(ComfyUpload)  known = NULL;
  g_autoptr(GError)       error = NULL;
  ComfyUpload            *found;

  if (!is_remembering (self))
    return NULL;

  *out_hash = dex_await_string (comfy_content_hash (path, comfy_sha256_of_file), NULL);
  if (*out_hash != NULL)
    known = comfy_upload_cache_lookup (self->uploads, get_profile_id (self), server, *out_hash);
  if (known == NULL)
    return NULL;

  found = dex_await_boxed (_comfy_job_or_cancel (self, comfy_api_check_upload (api, known)),
                           &error);
  if (found != NULL)
    {
      self->has_reused = TRUE;
      comfy_upload_cache_store (self->uploads, get_profile_id (self), server, *out_hash, found);
    }
  else if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND))
    {
      comfy_upload_cache_drop (self->uploads, get_profile_id (self), known->id);
    }

  return found;
}

/*
 * _comfy_job_note_upload:
 * @hash: (nullable): of _comfy_job_find_upload()
 * @upload: what was uploaded
 *
 * Remembers it for this job's successors.
 */
void
_comfy_job_note_upload (ComfyJob          *self,
                        ComfyApi          *api,
                        const char        *hash,
                        const ComfyUpload *upload)
{
  g_autofree char *server = dup_server (self, api);

  if (hash != NULL && is_remembering (self))
    comfy_upload_cache_store (self->uploads, get_profile_id (self), server, hash, upload);
}

/*
 * _comfy_job_drop_upload:
 * @upload_id: what is deleted on the server
 */
void
_comfy_job_drop_upload (ComfyJob   *self,
                        const char *upload_id)
{
  if (self->uploads != NULL)
    comfy_upload_cache_drop (self->uploads, get_profile_id (self), upload_id);
}

static gboolean
is_about_input (ComfyJob               *self,
                const ComfyNodeProblem *problem)
{
  GPtrArray *inputs = comfy_request_get_inputs (comfy_job_get_request (self));

  for (unsigned int i = 0; i < inputs->len; i++)
    {
      const ComfyInput *input = g_ptr_array_index (inputs, i);

      if (g_strcmp0 (problem->node_id, input->node) == 0
          && g_strcmp0 (problem->input, input->input) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
says_inputs_are_missing (ComfyJob     *self,
                         const GError *why)
{
  GPtrArray  *problems = comfy_error_get_problems (why);
  const char *code = comfy_error_get_server_code (why);

  for (unsigned int i = 0; problems != NULL && i < problems->len; i++)
    if (is_about_input (self, g_ptr_array_index (problems, i)))
      return TRUE;

  return g_strcmp0 (code, "missing_asset") == 0 || g_strcmp0 (code, "upload_not_found") == 0;
}

/*
 * _comfy_job_doubt_uploads:
 * @why: why the graph was refused, so that it is certain that no job was made
 *
 * When the server does not know inputs that it said it had: forgets them, here and in the entry, so
 * that they are uploaded. Comes to an end, because what is uploaded now is not reused.
 *
 * Returns: whether there is something to be uploaded again
 */
gboolean
_comfy_job_doubt_uploads (ComfyJob     *self,
                          const GError *why)
{
  GPtrArray *inputs = comfy_request_get_inputs (comfy_job_get_request (self));
  GPtrArray *uploads = comfy_journal_entry_get_uploads (self->entry);

  if (!self->has_reused || !says_inputs_are_missing (self, why))
    return FALSE;

  for (unsigned int i = 0; i < uploads->len; i++)
    {
      const ComfyUpload *upload = g_ptr_array_index (uploads, i);

      if (upload->id != NULL)
        _comfy_job_drop_upload (self, upload->id);
    }
  for (unsigned int i = 0; i < inputs->len; i++)
    comfy_journal_entry_set_remote_input (self->entry, i, NULL);
  self->has_reused = FALSE;

  return TRUE;
}
