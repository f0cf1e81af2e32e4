/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Downloads: into a temporary file, gone on with after a cut, checked, and renamed when complete.
 */
#define G_LOG_DOMAIN "comfy-transport"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-call-private.h"
#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-partial-file.h"
#include "comfy-response-private.h"

#define STALL_MS     (60 * 1000)
#define READ_SIZE    (64 * 1024)
/* each cut that moved something starts a new budget; a server that gives single bytes ends here */
#define MAX_CUTS     100
/* the largest picture that GIMP would want to open is far below */
#define MAX_DOWNLOAD (G_GINT64_CONSTANT (1) << 30)

typedef struct
{
  ComfyCall        *call;          /* owned */
  char             *path;          /* owned */
  gint64            expected_size; /* bytes; -1: unknown */
  gint64            max;           /* bytes */
  gint64            total;         /* bytes, as the server announced them; -1: not yet */
  ComfyPartialFile *file;          /* owned, nullable */
} Download;

static void
download_free (Download *self)
{
  g_clear_pointer (&self->file, comfy_partial_file_free);
  _comfy_call_free (self->call);
  g_free (self->path);
  g_free (self);
}

static const char *
get_host (Download *self)
{
  return comfy_endpoint_get_host (comfy_transport_get_endpoint (self->call->transport));
}

static gboolean
check_size (Download  *self,
            gint64     size,
            GError   **error)
{
  const ComfyTransportOptions *options = _comfy_transport_get_options (self->call->transport);
  gint64                       limit = options->max_download != 0 ? options->max_download
                                                                  : self->max;
  g_autofree char             *limit_text = NULL;

  if (size <= limit)
    return TRUE;

  limit_text = g_format_size ((guint64) limit);
  comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                   _("The result is larger than %s, so it was not fetched."), limit_text);

  return FALSE;
}

/* What the head of a 200 or 206 says of the whole. FALSE without @error: what there is so far does
 * not fit to it. */
static gboolean
read_head (Download     *self,
           SoupMessage  *message,
           GError      **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char         *etag = soup_message_headers_get_one (headers, "ETag");
  gint64              have = comfy_partial_file_get_size (self->file);
  gint64              total = -1;
  goffset             start = 0, end, whole;

  if (soup_message_get_status (message) == SOUP_STATUS_PARTIAL_CONTENT)
    {
      if (!soup_message_headers_get_content_range (headers, &start, &end, &whole) || start != have)
        return FALSE;
      total = whole;
    }
  else if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH)
    total = soup_message_headers_get_content_length (headers);

  if (start > 0 && total >= 0 && self->total >= 0 && total != self->total)
    return FALSE;
  if (total >= 0 && self->expected_size >= 0 && total != self->expected_size)
    {
      comfy_set_error (error, COMFY_ERROR_PROTOCOL, "announced size differs from the job's",
                       _("%s announced a result of another size than expected, so it was not "
                         "fetched. Try again later."), get_host (self));
      return FALSE;
    }

  self->total = total >= 0 ? total : self->expected_size;
  /* only a strong one says that the bytes are the same */
  g_clear_pointer (&self->call->if_range, g_free);
  if (etag != NULL && etag[0] == '"')
    self->call->if_range = g_strdup (etag);

  return check_size (self, self->total, error);
}

static gboolean
read_body (Download       *self,
           ComfyExchange  *exchange,
           GError        **error)
{
  for (;;)
    {
      g_autoptr(GBytes) chunk = _comfy_exchange_read (exchange, READ_SIZE, error);
      gint64            have;

      if (chunk == NULL)
        return FALSE;
      if (g_bytes_get_size (chunk) == 0)
        break;

      if (!comfy_partial_file_append (self->file, chunk, error))
        return FALSE;
      have = comfy_partial_file_get_size (self->file);
      if (!check_size (self, have, error))
        return FALSE;
      if (self->call->progress != NULL)
        comfy_progress_set_bytes (self->call->progress, (guint64) have,
                                  (guint64) MAX (self->total, 0));
    }

  if (self->total < 0 || comfy_partial_file_get_size (self->file) == self->total)
    return TRUE;

  comfy_set_error (error, COMFY_ERROR_CONNECTION, "fewer bytes than announced",
                   _("The connection to %s was refused or broke. Try again later."),
                   get_host (self));

  return FALSE;
}

/* begins anew, as if the connection had been cut before the first byte */
static gboolean
start_over (Download  *self,
            GError   **error)
{
  self->total = -1;
  g_clear_pointer (&self->call->if_range, g_free);
  if (!comfy_partial_file_restart (self->file, error))
    return FALSE;

  comfy_set_error (error, COMFY_ERROR_CONNECTION, "what is there does not fit to what comes",
                   _("The connection to %s was refused or broke. Try again later."),
                   get_host (self));

  return FALSE;
}

/* One try: from where the file ends. @last gets what the retry policy wants to know. */
static gboolean
try_once (Download  *self,
          ComfyTry  *last,
          GError   **error)
{
  gint64                    have = comfy_partial_file_get_size (self->file);
  g_autoptr(ComfyExchange)  exchange = NULL;
  g_autoptr(ComfyResponse)  refusal = NULL;
  g_autoptr(GError)         misfit = NULL;
  g_autofree char          *label = NULL;
  unsigned int              status;

  self->call->range_start = have;
  exchange = _comfy_call_start (self->call, error);
  if (exchange == NULL)
    return FALSE;

  status = soup_message_get_status (_comfy_exchange_get_message (exchange));
  /* the file had all of it, only its end was not heard */
  if (status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE && have > 0 && have == self->total)
    return TRUE;
  if (status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE && have > 0)
    return start_over (self, error);

  if (status == SOUP_STATUS_OK || (status == SOUP_STATUS_PARTIAL_CONTENT && have > 0))
    {
      if (status == SOUP_STATUS_OK && have > 0 && !comfy_partial_file_restart (self->file, error))
        return FALSE;
      if (read_head (self, _comfy_exchange_get_message (exchange), &misfit))
        return read_body (self, exchange, error);
      if (misfit == NULL)
        return start_over (self, error);

      g_propagate_error (error, g_steal_pointer (&misfit));
      return FALSE;
    }

  refusal = _comfy_response_read (exchange,
                                  _comfy_transport_get_credentials (self->call->transport), error);
  if (refusal == NULL)
    return FALSE;

  last->status = refusal->status;
  last->retry_after_us = refusal->retry_after_us;
  label = _comfy_call_dup_label (self->call);
  g_propagate_error (error, _comfy_response_to_error (refusal, get_host (self),
                     _comfy_transport_get_credentials (self->call->transport), label));

  return FALSE;
}

static gboolean
finish_in_thread (gpointer   data,
                  GError   **error)
{
  return comfy_partial_file_finish (data, error);
}

static DexFuture *
download_fiber (gpointer data)
{
  Download         *self = data;
  const ComfyClock *clock = _comfy_transport_get_options (self->call->transport)->clock;
  ComfyRetry        retry;
  unsigned int      n_cuts = 0;
  GError           *fatal = NULL;

  if (clock == NULL)
    clock = &_comfy_system_clock;
  self->file = comfy_partial_file_new (self->path, &fatal);
  if (self->file == NULL)
    return dex_future_new_for_error (fatal);

  _comfy_retry_begin (&retry, clock);
  for (;;)
    {
      g_autoptr(GError) error = NULL;
      gint64            before = comfy_partial_file_get_size (self->file);
      ComfyTry          last = { 0, NULL, TRUE, -1 };
      gint64            wait_us;

      if (try_once (self, &last, &error))
        break;

      if (comfy_partial_file_get_size (self->file) > before && n_cuts++ < MAX_CUTS)
        _comfy_retry_begin (&retry, clock);

      last.error = error;
      wait_us = _comfy_retry_next (&retry, &last, TRUE);
      if (wait_us < 0)
        {
          _comfy_retry_tell (&retry, error);
          return dex_future_new_for_error (g_steal_pointer (&error));
        }
      if (!_comfy_call_wait (self->call, wait_us, last.status == 0, &fatal))
        return dex_future_new_for_error (fatal);
    }

  /* waits for the disk, so not on this thread */
  return _comfy_run_in_thread (finish_in_thread, g_steal_pointer (&self->file),
                               (GDestroyNotify) comfy_partial_file_free);
}

static Download *
download_new (ComfyTransport *transport,
              const char     *url,
              const char     *path)
{
  Download *self = g_new0 (Download, 1);

  self->call = _comfy_call_new (transport, "GET", url);
  self->call->flags = COMFY_TRANSPORT_REPEATABLE;
  self->call->is_file = TRUE;
  self->call->total_ms = 0;
  if (_comfy_transport_get_options (transport)->stall_ms == 0)
    self->call->stall_ms = STALL_MS;
  self->path = g_strdup (path);
  self->expected_size = -1;
  self->max = MAX_DOWNLOAD;
  self->total = -1;

  return self;
}

/**
 * comfy_transport_download:
 * @url: absolute, or relative to the base URL; may be of another origin, which then gets no key
 * @path: where it shall lie; ".part" is added until it is complete
 * @expected_size: bytes, -1 when unknown
 * @progress: (nullable): told the bytes that came down
 *
 * Each try asks @url anew, so a signed URL that it redirects to may expire meanwhile.
 *
 * Errors: %COMFY_ERROR_PROTOCOL when the size is not @expected_size; %COMFY_ERROR_TOO_LARGE;
 *   %COMFY_ERROR_STORAGE; and as comfy_transport_send(). Nothing is left of it then
 *
 * Returns: (transfer full): a future of %TRUE; dropping it cancels the download
 */
DexFuture *
comfy_transport_download (ComfyTransport *self,
                          const char     *url,
                          const char     *path,
                          gint64          expected_size,
                          ComfyProgress  *progress)
{
  Download *download;

  g_return_val_if_fail (COMFY_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (url != NULL && path != NULL, NULL);

  download = download_new (self, url, path);
  download->expected_size = expected_size;
  g_set_object (&download->call->progress, progress);

  return _comfy_spawn (download_fiber, download, (GDestroyNotify) download_free);
}

/**
 * comfy_transport_download_up_to:
 * @url: absolute, or relative to the base URL
 * @path: where it shall lie
 * @max: bytes: what is larger is given up
 *
 * As comfy_transport_download().
 *
 * Returns: (transfer full): a future of %TRUE; dropping it cancels the download
 */
DexFuture *
comfy_transport_download_up_to (ComfyTransport *self,
                                const char     *url,
                                const char     *path,
                                gint64          max)
{
  Download *download;

  g_return_val_if_fail (COMFY_IS_TRANSPORT (self), NULL);
  g_return_val_if_fail (url != NULL && path != NULL && max > 0, NULL);

  download = download_new (self, url, path);
  download->max = max;

  return _comfy_spawn (download_fiber, download, (GDestroyNotify) download_free);
}
