/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libdex.h>
#include <libsoup/soup.h>

#include "comfy-credentials.h"
#include "comfy-endpoint.h"
#include "comfy-progress.h"
#include "comfy-rate-limit.h"

G_BEGIN_DECLS

/* One SoupSession for one environment and one key. The key goes to the environment's own origin
 * only; redirects are followed by hand, without it. Repeats what may be repeated. Property
 * "waiting-until" (int64) notifies. */
#define COMFY_TYPE_TRANSPORT (comfy_transport_get_type ())
G_DECLARE_FINAL_TYPE (ComfyTransport, comfy_transport, COMFY, TRANSPORT, GObject)

/**
 * ComfyTransportFlags:
 * @COMFY_TRANSPORT_NONE: sent once; only a 429, and a connection that was refused before anything
 *   was sent, are tried again
 * @COMFY_TRANSPORT_REPEATABLE: asking twice changes nothing: 408, 5xx and broken connections are
 *   tried again too, until the budget ends
 * @COMFY_TRANSPORT_ANY_STATUS: an answer of any status is a result, not an error; tried once
 * @COMFY_TRANSPORT_KEEP_REFUSALS: 400, 409 and 422 are results, for who reads the reasons in the
 *   body; comfy_transport_dup_error() makes the error of them. The rest is as without the flag
 * @COMFY_TRANSPORT_LEND_KEY: the key, if there is one, is a member of the body, too:
 *   extra_data.api_key_comfy_org
 */
typedef enum
{
  COMFY_TRANSPORT_NONE          = 0,
  COMFY_TRANSPORT_REPEATABLE    = 1 << 0,
  COMFY_TRANSPORT_ANY_STATUS    = 1 << 1,
  COMFY_TRANSPORT_KEEP_REFUSALS = 1 << 2,
  COMFY_TRANSPORT_LEND_KEY      = 1 << 3,
} ComfyTransportFlags;

/* An answer, read whole. A boxed value, reference counted. */
typedef struct
{
  unsigned int  status;         /* HTTP */
  JsonNode     *json;           /* owned, nullable: the body, when it was JSON within the caps */
  char         *text;           /* owned, nullable: the beginning of a body that was no JSON */
  char         *request_id;     /* owned, nullable */
  gint64        retry_after_us; /* what the server asked for, -1 when nothing */
} ComfyResponse;

#define COMFY_TYPE_RESPONSE (comfy_response_get_type ())
GType            comfy_response_get_type        (void);
ComfyResponse   *comfy_response_ref             (ComfyResponse       *self);
void             comfy_response_unref           (ComfyResponse       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyResponse, comfy_response_unref)

ComfyTransport  *comfy_transport_new            (ComfyEndpoint       *endpoint,
                                                 ComfyCredentials    *credentials,
                                                 ComfyRateLimit      *limit);
ComfyEndpoint   *comfy_transport_get_endpoint   (ComfyTransport      *self);
/* µs of the monotonic clock until which a request is held back, by a 429, by our own limit, or by a
 * try that failed; 0 when none is */
gint64           comfy_transport_get_waiting_until (ComfyTransport   *self);
/* whether that is because the way to the server is broken */
gboolean         comfy_transport_is_cut_off     (ComfyTransport      *self);

/* → ComfyResponse. @url is absolute or relative to the base URL; @body is nullable;
 * @idempotency_key is nullable. What is not COMFY_TRANSPORT_REPEATABLE rejects with
 * COMFY_ERROR_OUTCOME_UNKNOWN when the server may have acted and did not say so: the connection
 * broke once something was sent, no answer in time, 408, 5xx. Every other error: it did not act. */
DexFuture       *comfy_transport_send           (ComfyTransport      *self,
                                                 const char          *method,
                                                 const char          *url,
                                                 JsonNode            *body,
                                                 const char          *idempotency_key,
                                                 ComfyTransportFlags  flags) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full): what comfy_transport_send() rejects with for such an answer */
GError          *comfy_transport_dup_error      (ComfyTransport      *self,
                                                 ComfyResponse       *response);

/* A multipart part that is text; they are sent before the file, in order */
typedef struct
{
  const char *name;
  const char *value;
} ComfyTextPart;

/* → ComfyResponse. Streams @path from disk; refuses more than COMFY_TRANSPORT_MAX_UPLOAD bytes
 * before a byte is sent. @progress is nullable: told the bytes that went up. Uploads are
 * repeatable: a second copy of an input costs nothing. */
DexFuture       *comfy_transport_upload         (ComfyTransport      *self,
                                                 const char          *url,
                                                 const ComfyTextPart *parts,
                                                 unsigned int         n_parts,
                                                 const char          *path,
                                                 const char          *file_name,
                                                 const char          *content_type,
                                                 const char          *idempotency_key,
                                                 ComfyProgress       *progress) G_GNUC_WARN_UNUSED_RESULT;

/* → TRUE. Into a temporary file beside @path, resumed with Range after a cut, checked against
 * @expected_size (-1: unknown), fsynced and renamed when complete. */
DexFuture       *comfy_transport_download       (ComfyTransport      *self,
                                                 const char          *url,
                                                 const char          *path,
                                                 gint64               expected_size,
                                                 ComfyProgress       *progress) G_GNUC_WARN_UNUSED_RESULT;
/* the same, and at most @max bytes of it */
DexFuture       *comfy_transport_download_up_to (ComfyTransport      *self,
                                                 const char          *url,
                                                 const char          *path,
                                                 gint64               max) G_GNUC_WARN_UNUSED_RESULT;

/* → ComfyExchange to read from, whatever the answer is */
DexFuture       *comfy_transport_open_stream    (ComfyTransport      *self,
                                                 const char          *url,
                                                 const char          *content_type,
                                                 unsigned int         stall_ms) G_GNUC_WARN_UNUSED_RESULT;
/* → SoupWebsocketConnection; the key goes in the handshake's Authorization header */
DexFuture       *comfy_transport_open_websocket (ComfyTransport      *self,
                                                 const char          *url) G_GNUC_WARN_UNUSED_RESULT;

#define COMFY_TRANSPORT_MAX_UPLOAD (G_GINT64_CONSTANT (100) * 1000 * 1000) /* bytes */

GError          *_comfy_transport_check_file    (const char          *path);

G_END_DECLS
