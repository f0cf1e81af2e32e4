/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Uploads: a file as multipart/form-data, streamed from disk.
 */
#define G_LOG_DOMAIN "comfy-transport"

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "comfy-call-private.h"
#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-multipart-stream.h"

#define STALL_MS (60 * 1000)

typedef struct
{
  char   *path; /* owned */
  GBytes *head; /* owned: the text parts, and what announces the file */
  GBytes *tail; /* owned */
} Upload;

static void
upload_free (Upload *self)
{
  g_free (self->path);
  g_bytes_unref (self->head);
  g_bytes_unref (self->tail);
  g_free (self);
}

/* A name inside of quotes, as browsers write it (WHATWG HTML, multipart/form-data encoding) */
static void
append_quoted (GString    *text,
               const char *name)
{
  for (const char *p = name; *p != '\0'; p++)
    if (*p == '"')
      g_string_append (text, "%22");
    else if (*p == '\r')
      g_string_append (text, "%0D");
    else if (*p == '\n')
      g_string_append (text, "%0A");
    else
      g_string_append_c (text, *p);
}

static void
append_part (GString    *text,
             const char *boundary,
             const char *name)
{
  g_string_append_printf (text, "--%s\r\nContent-Disposition: form-data; name=\"", boundary);
  append_quoted (text, name);
  g_string_append_c (text, '"');
}

static Upload *
upload_new (const char          *boundary,
            const ComfyTextPart *parts,
            unsigned int         n_parts,
            const char          *path,
            const char          *file_name,
            const char          *content_type)
{
  Upload  *self = g_new0 (Upload, 1);
  GString *head = g_string_new (NULL);
  char    *tail = g_strdup_printf ("\r\n--%s--\r\n", boundary);

  for (unsigned int i = 0; i < n_parts; i++)
    {
      append_part (head, boundary, parts[i].name);
      g_string_append_printf (head, "\r\n\r\n%s\r\n", parts[i].value);
    }
  append_part (head, boundary, "file");
  g_string_append (head, "; filename=\"");
  append_quoted (head, file_name);
  g_string_append_printf (head, "\"\r\nContent-Type: %s\r\n\r\n", content_type);

  self->path = g_strdup (path);
  self->head = g_string_free_to_bytes (head);
  self->tail = g_bytes_new_take (tail, strlen (tail));

  return self;
}

static GInputStream *
open_upload (ComfyCall  *call,
             goffset    *out_length,
             GError    **error)
{
  Upload               *self = call->body_data;
  g_autoptr(GError)     foreign = NULL;
  ComfyMultipartStream *stream;

  stream = comfy_multipart_stream_open (self->path, self->head, self->tail, &foreign);
  if (stream == NULL)
    {
      g_propagate_error (error, comfy_error_fold (foreign, NULL));
      return NULL;
    }

  *out_length = comfy_multipart_stream_get_length (stream);

  return G_INPUT_STREAM (stream);
}

/*
 * _comfy_transport_check_file:
 * @path: a file that may go up
 *
 * Returns: (transfer full) (nullable): why it cannot go up at all: %COMFY_ERROR_TOO_LARGE above
 *   %COMFY_TRANSPORT_MAX_UPLOAD, %COMFY_ERROR_STORAGE when it is not there
 */
GError *
_comfy_transport_check_file (const char *path)
{
  g_autofree char *size_text = NULL;
  g_autofree char *limit_text = g_format_size (COMFY_TRANSPORT_MAX_UPLOAD);
  GStatBuf         info;

  if (g_stat (path, &info) != 0)
    return comfy_error_new (COMFY_ERROR_STORAGE, path,
                            _("A picture that was to be uploaded is no longer there. "
                              "Start the action again."));
  if (info.st_size <= COMFY_TRANSPORT_MAX_UPLOAD)
    return NULL;

  size_text = g_format_size ((guint64) info.st_size);

  return comfy_error_new (COMFY_ERROR_TOO_LARGE, path,
                          _("The picture takes %s, but at most %s can be uploaded. Select a "
                            "smaller part of it, or scale it down."), size_text, limit_text);
}

/**
 * comfy_transport_upload:
 * @url: absolute, or relative to the base URL
 * @parts: (array length=n_parts): sent before the file, in order; copied
 * @path: the file
 * @file_name: what the server is told it is called
 * @content_type: of the file
 * @idempotency_key: (nullable): sent as Idempotency-Key
 * @progress: (nullable): told the bytes that went up
 *
 * Streams a file as the part "file" of a form. A second copy costs nothing, so it is repeatable.
 *
 * Errors: %COMFY_ERROR_TOO_LARGE before a byte is sent when it is above
 *   %COMFY_TRANSPORT_MAX_UPLOAD; %COMFY_ERROR_STORAGE when it cannot be read; and as
 *   comfy_transport_send()
 *
 * Returns: (transfer full): a future of a #ComfyResponse; dropping it cancels the upload
 */
DexFuture *
comfy_transport_upload (ComfyTransport      *self,
                        const char          *url,
                        const ComfyTextPart *parts,
                        unsigned int         n_parts,
                        const char          *path,
                        const char          *file_name,
                        const char          *content_type,
                        const char          *idempotency_key,
                        ComfyProgress       *progress)
{
  g_autofree char *boundary = NULL;
  GError          *error;
  ComfyCall       *call;

  g_return_val_if_fail (COMFY_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (url != NULL && path != NULL, NULL);
  g_return_val_if_fail (file_name != NULL && content_type != NULL, NULL);

  error = _comfy_transport_check_file (path);
  if (error != NULL)
    return dex_future_new_for_error (error);

  /* 122 bits of chance: no file holds it */
  boundary = g_uuid_string_random ();

  call = _comfy_call_new (self, "POST", url);
  call->flags = COMFY_TRANSPORT_REPEATABLE;
  call->idempotency_key = g_strdup (idempotency_key);
  call->content_type = g_strdup_printf ("multipart/form-data; boundary=%s", boundary);
  call->sends_file = TRUE;
  call->open_body = open_upload;
  call->body_data = upload_new (boundary, parts, n_parts, path, file_name, content_type);
  call->body_destroy = (GDestroyNotify) upload_free;
  call->total_ms = 0;
  if (_comfy_transport_get_options (self)->stall_ms == 0)
    call->stall_ms = STALL_MS;
  g_set_object (&call->progress, progress);

  return _comfy_spawn (_comfy_call_run_fiber, call, (GDestroyNotify) _comfy_call_free);
}
