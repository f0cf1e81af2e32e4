/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pictures that go up before a job is sent. They go as they were captured, which is WebP where
 * that is smaller; a server that does not take it gets PNG, of the same pixels.
 */
#define G_LOG_DOMAIN "comfy-job-upload"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-codec.h"
#include "comfy-error.h"
#include "comfy-job-private.h"
#include "comfy-server-memory-private.h"

#define WEBP "image/webp"
#define PNG  "image/png"

/* A name that no other upload of the account has */
static char *
dup_upload_name (ComfyJob     *self,
                 const char   *file,
                 unsigned int  i)
{
  const char *dot = strrchr (file, '.');

  return g_strdup_printf ("%s-%u%s", comfy_journal_entry_get_tag (self->entry), i,
                          dot != NULL ? dot : "");
}

/* Whether the format is named; the end of a file's name is none of it */
static gboolean
names_webp (const char *text)
{
  for (const char *p = text; p != NULL && (p = strcasestr (p, "webp")) != NULL; p++)
    if (p == text || p[-1] != '.')
      return TRUE;

  return FALSE;
}

/* Whether the server understood the request and does not want the kind of file */
static gboolean
is_about_type (const GError *failure)
{
  static const char * const codes[] = { "unsupported", "media_type", "content_type", "file_type" };
  const char   *code = comfy_error_get_server_code (failure);
  unsigned int  status = comfy_error_get_status (failure);

  if (status == 415)
    return TRUE;
  /* without a status: it took the file, and then said why it cannot use it */
  if (!g_error_matches (failure, COMFY_ERROR, COMFY_ERROR_REJECTED)
      || (status != 400 && status != 422 && status != 0))
    return FALSE;

  for (unsigned int i = 0; code != NULL && i < G_N_ELEMENTS (codes); i++)
    if (strstr (code, codes[i]) != NULL)
      return TRUE;

  return names_webp (comfy_error_get_detail (failure)) || names_webp (failure->message);
}

static gboolean
is_converted (ComfyJob         *self,
              const ComfyInput *input)
{
  return comfy_journal_entry_get_wants_png (self->entry) && g_str_equal (input->content_type, WEBP);
}

/* (transfer full) (nullable): sends one picture, once, unless the server has it */
static ComfyUpload *
send (ComfyJob      *self,
      ComfyApi      *api,
      unsigned int   i,
      GError       **error)
{
  GPtrArray        *inputs = comfy_request_get_inputs (comfy_job_get_request (self));
  const ComfyInput *input = g_ptr_array_index (inputs, i);
  const char       *folder = comfy_journal_entry_get_folder (self->entry);
  gboolean          converted = is_converted (self, input);
  g_autofree char  *path = g_build_filename (folder, input->file, NULL);
  g_autofree char  *png_path = g_strconcat (path, ".png", NULL);
  g_autofree char  *name = dup_upload_name (self, converted ? png_path : path, i);
  g_autofree char  *hash = NULL;
  ComfyUpload      *upload;

  comfy_progress_set_stage (self->progress, COMFY_STAGE_UPLOAD, _("Uploading"));
  if (converted && !dex_await (comfy_codec_convert_to_png (path, png_path), error))
    return NULL;

  upload = _comfy_job_find_upload (self, api, converted ? png_path : path, &hash);
  if (upload != NULL)
    return upload;

  upload = dex_await_boxed (
    _comfy_job_or_cancel (self, comfy_api_upload (api, converted ? png_path : path, name,
                                                  converted ? PNG : input->content_type,
                                                  self->progress)),
    error);
  if (upload != NULL)
    _comfy_job_note_upload (self, api, hash, upload);

  return upload;
}

static gboolean
upload_one (ComfyJob      *self,
            ComfyApi      *api,
            unsigned int   i,
            GError       **error)
{
  GPtrArray        *inputs = comfy_request_get_inputs (comfy_job_get_request (self));
  const ComfyInput *input = g_ptr_array_index (inputs, i);

  for (;;)
    {
      g_autoptr(GError)       failure = NULL;
      g_autoptr(ComfyUpload)  upload = NULL;
      gboolean                converted = is_converted (self, input);

      _comfy_job_show (self, COMFY_STATE_UPLOADING);
      upload = send (self, api, i, &failure);
      if (upload != NULL)
        {
          if (converted)
            _comfy_server_memory_set_flag (self->settings,
                                           comfy_journal_entry_get_base_url (self->entry),
                                           COMFY_SERVER_WANTS_PNG);
          comfy_journal_entry_add_upload (self->entry, upload);
          comfy_journal_entry_set_remote_input (self->entry, i, upload->name);
          return _comfy_job_enter (self, COMFY_STATE_UPLOADING, error);
        }

      if (converted || !g_str_equal (input->content_type, WEBP) || !is_about_type (failure)
          || _comfy_job_is_cancelled (self))
        return _comfy_job_stop_unsent (self, comfy_error_fold (failure, NULL), error);

      g_message ("Job %s: the server does not take WebP; sending PNG (%s)",
                 comfy_journal_entry_get_id (self->entry), failure->message);
      comfy_journal_entry_set_wants_png (self->entry, TRUE);
      if (!_comfy_job_enter (self, COMFY_STATE_UPLOADING, error))
        return FALSE;
    }
}

/* (nullable): the server's name of the same file, uploaded for an earlier input of this job */
static const char *
find_name (ComfyJob     *self,
           unsigned int  i)
{
  GPtrArray        *inputs = comfy_request_get_inputs (comfy_job_get_request (self));
  const ComfyInput *input = g_ptr_array_index (inputs, i);

  for (unsigned int j = 0; j < i; j++)
    if (g_str_equal (((const ComfyInput *) g_ptr_array_index (inputs, j))->file, input->file))
      return comfy_journal_entry_get_remote_input (self->entry, j);

  return NULL;
}

/* with the next that is uploaded it is on disk; without one it is found again */
static gboolean
set_input (ComfyJob      *self,
           ComfyApi      *api,
           unsigned int   i,
           GError       **error)
{
  g_autofree char *name = g_strdup (find_name (self, i));

  if (name == NULL)
    return upload_one (self, api, i, error);

  comfy_journal_entry_set_remote_input (self->entry, i, name);

  return TRUE;
}

/*
 * _comfy_job_upload:
 *
 * Uploads what is not uploaded yet, a file of several inputs once; each one is on disk before the
 * next one begins.
 *
 * Returns: %FALSE with @error set; the job has then stopped, and nothing was sent
 */
gboolean
_comfy_job_upload (ComfyJob  *self,
                   ComfyApi  *api,
                   GError   **error)
{
  GPtrArray *inputs = comfy_request_get_inputs (comfy_job_get_request (self));

  if (_comfy_server_memory_get_flag (self->settings,
                                     comfy_journal_entry_get_base_url (self->entry),
                                     COMFY_SERVER_WANTS_PNG))
    comfy_journal_entry_set_wants_png (self->entry, TRUE);

  for (unsigned int i = 0; i < inputs->len; i++)
    if (comfy_journal_entry_get_remote_input (self->entry, i) == NULL
        && !set_input (self, api, i, error))
      return FALSE;

  return TRUE;
}
