/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one error domain. Foreign errors (GIO's, libsoup's, libsecret's, libdex's) are folded into it
 * at the border, so that everything above can show a message as it is.
 */
#define G_LOG_DOMAIN "comfy-error"

#include "config.h"

#include <glib/gi18n.h>
#include <libdex.h>
#include <libsecret/secret.h>
#include <libsoup/soup.h>

#include "comfy-error.h"

/* What the log and [Copy details] want to know; never part of the message */
typedef struct
{
  char         *detail;      /* owned, nullable; never holds a secret */
  char         *server_code; /* owned, nullable: error.code or error.type of the answer */
  char         *request_id;  /* owned, nullable: X-Comfy-Request-Id */
  GPtrArray    *problems;    /* owned, nullable, of ComfyNodeProblem; never changed */
  unsigned int  status;      /* HTTP status, 0 when there was no answer */
} ComfyErrorPrivate;

static void
comfy_error_private_init (ComfyErrorPrivate *priv)
{
}

static void
comfy_error_private_copy (const ComfyErrorPrivate *src,
                          ComfyErrorPrivate       *dest)
{
  dest->detail = g_strdup (src->detail);
  dest->server_code = g_strdup (src->server_code);
  dest->request_id = g_strdup (src->request_id);
  dest->problems = src->problems != NULL ? g_ptr_array_ref (src->problems) : NULL;
  dest->status = src->status;
}

static void
comfy_error_private_clear (ComfyErrorPrivate *priv)
{
  g_free (priv->detail);
  g_free (priv->server_code);
  g_free (priv->request_id);
  g_clear_pointer (&priv->problems, g_ptr_array_unref);
}

G_DEFINE_EXTENDED_ERROR (ComfyError, comfy_error)

static const char * const nicks[] = {
  "failed", "cancelled", "invalid-argument", "no-key", "unauthorized", "no-credits", "forbidden",
  "not-found", "rejected", "invalid-workflow", "too-large", "rate-limited", "queue-full", "offline",
  "host-not-found", "connection", "tls", "proxy", "timed-out", "server", "protocol", "wrong-origin",
  "not-supported", "keyring-locked", "keyring-dismissed", "keyring-missing", "job-failed",
  "job-expired", "outcome-unknown", "storage", "image", "partner-key",
};
G_STATIC_ASSERT (G_N_ELEMENTS (nicks) == COMFY_ERROR_LAST);

/**
 * comfy_error_code_to_nick:
 * @code: a code of this domain
 *
 * Returns: (transfer none): a stable word for files and logs, such as "no-credits"
 */
const char *
comfy_error_code_to_nick (ComfyError code)
{
  g_return_val_if_fail ((unsigned int) code < COMFY_ERROR_LAST, nicks[COMFY_ERROR_FAILED]);

  return nicks[code];
}

/**
 * comfy_error_code_from_nick:
 * @nick: (nullable): a word from comfy_error_code_to_nick()
 *
 * Returns: its code, %COMFY_ERROR_FAILED for an unknown word
 */
ComfyError
comfy_error_code_from_nick (const char *nick)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (nicks); i++)
    if (g_strcmp0 (nick, nicks[i]) == 0)
      return (ComfyError) i;

  return COMFY_ERROR_FAILED;
}

static GError *
comfy_error_new_take (ComfyError  code,
                      const char *detail,
                      char       *message)
{
  GError            *error = g_error_new_literal (COMFY_ERROR, code, message);
  ComfyErrorPrivate *priv = comfy_error_get_private (error);

  priv->detail = g_strdup (detail);
  g_free (message);

  return error;
}

/**
 * comfy_error_new:
 * @code: what happened
 * @detail: (nullable): for the log: what a developer wants to know; without secrets
 * @format: the sentence for the artist, translated
 *
 * Returns: (transfer full): a new error of this domain
 */
GError *
comfy_error_new (ComfyError  code,
                 const char *detail,
                 const char *format,
                 ...)
{
  va_list  args;
  char    *message;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  return comfy_error_new_take (code, detail, message);
}

/**
 * comfy_set_error:
 * @error: (nullable): where to put it
 * @code: what happened
 * @detail: (nullable): for the log, without secrets
 * @format: the sentence for the artist, translated
 *
 * As g_set_error(), for this domain.
 */
void
comfy_set_error (GError     **error,
                 ComfyError   code,
                 const char  *detail,
                 const char  *format,
                 ...)
{
  va_list  args;
  char    *message;

  if (error == NULL)
    return;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  g_propagate_error (error, comfy_error_new_take (code, detail, message));
}

/* The domains that can reach us, each mapped by table: a foreign code that is not listed keeps the
 * default of its domain, so nothing is dropped silently. */
static ComfyError
code_for_io_error (int code)
{
  static const struct { int from; ComfyError to; } table[] = {
    { G_IO_ERROR_CANCELLED,                  COMFY_ERROR_CANCELLED },
    { G_IO_ERROR_TIMED_OUT,                  COMFY_ERROR_TIMED_OUT },
    { G_IO_ERROR_NETWORK_UNREACHABLE,        COMFY_ERROR_OFFLINE },
    { G_IO_ERROR_HOST_UNREACHABLE,           COMFY_ERROR_OFFLINE },
    { G_IO_ERROR_HOST_NOT_FOUND,             COMFY_ERROR_HOST_NOT_FOUND },
    { G_IO_ERROR_CONNECTION_REFUSED,         COMFY_ERROR_CONNECTION },
    { G_IO_ERROR_CONNECTION_CLOSED,          COMFY_ERROR_CONNECTION },
    { G_IO_ERROR_NOT_CONNECTED,              COMFY_ERROR_CONNECTION },
    { G_IO_ERROR_PARTIAL_INPUT,              COMFY_ERROR_CONNECTION },
    { G_IO_ERROR_PROXY_FAILED,               COMFY_ERROR_PROXY },
    { G_IO_ERROR_PROXY_AUTH_FAILED,          COMFY_ERROR_PROXY },
    { G_IO_ERROR_PROXY_NEED_AUTH,            COMFY_ERROR_PROXY },
    { G_IO_ERROR_PROXY_NOT_ALLOWED,          COMFY_ERROR_PROXY },
    { G_IO_ERROR_INVALID_DATA,               COMFY_ERROR_PROTOCOL },
    { G_IO_ERROR_NOT_SUPPORTED,              COMFY_ERROR_NOT_SUPPORTED },
    { G_IO_ERROR_NO_SPACE,                   COMFY_ERROR_STORAGE },
    { G_IO_ERROR_PERMISSION_DENIED,          COMFY_ERROR_STORAGE },
    { G_IO_ERROR_READ_ONLY,                  COMFY_ERROR_STORAGE },
    { G_IO_ERROR_NOT_FOUND,                  COMFY_ERROR_STORAGE },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].from == code)
      return table[i].to;

  return COMFY_ERROR_FAILED;
}

static ComfyError
code_for_foreign (const GError *foreign)
{
  if (foreign->domain == G_IO_ERROR)
    return code_for_io_error (foreign->code);
  if (foreign->domain == G_TLS_ERROR)
    return COMFY_ERROR_TLS;
  if (foreign->domain == G_RESOLVER_ERROR)
    return COMFY_ERROR_HOST_NOT_FOUND;
  if (foreign->domain == G_FILE_ERROR)
    return COMFY_ERROR_STORAGE;
  if (foreign->domain == DEX_ERROR)
    return foreign->code == DEX_ERROR_TIMED_OUT          ? COMFY_ERROR_TIMED_OUT
           : foreign->code == DEX_ERROR_FIBER_CANCELLED ? COMFY_ERROR_CANCELLED
                                                        : COMFY_ERROR_FAILED;
  if (foreign->domain == SECRET_ERROR)
    return foreign->code == SECRET_ERROR_IS_LOCKED ? COMFY_ERROR_KEYRING_LOCKED
                                                   : COMFY_ERROR_KEYRING_MISSING;
  if (foreign->domain == SOUP_SESSION_ERROR || foreign->domain == SOUP_WEBSOCKET_ERROR)
    return COMFY_ERROR_PROTOCOL;

  return COMFY_ERROR_FAILED;
}

static char *
sentence_for (ComfyError  code,
              const char *host)
{
  const char *server = host != NULL ? host : _("the server");

  switch ((int) code)
    {
    case COMFY_ERROR_CANCELLED:
      return g_strdup (_("The operation was cancelled."));
    case COMFY_ERROR_TIMED_OUT:
      return g_strdup_printf (_("%s did not answer in time. Try again later."), server);
    case COMFY_ERROR_OFFLINE:
      return g_strdup_printf (_("There is no network connection to %s. "
                                "Check the connection and try again."), server);
    case COMFY_ERROR_HOST_NOT_FOUND:
      return g_strdup_printf (_("The name %s cannot be resolved. Check the network connection "
                                "and the environment's address."), server);
    case COMFY_ERROR_CONNECTION:
      return g_strdup_printf (_("The connection to %s was refused or broke. Try again later."),
                              server);
    case COMFY_ERROR_TLS:
      return g_strdup_printf (_("The identity of %s cannot be verified, so nothing was sent. "
                                "Check the date of this computer and the network it is in."),
                              server);
    case COMFY_ERROR_PROXY:
      return g_strdup_printf (_("The proxy did not let the connection to %s through. "
                                "Check the desktop's proxy settings."), server);
    case COMFY_ERROR_PROTOCOL:
      return g_strdup_printf (_("%s gave an answer that cannot be understood. "
                                "Check the environment's address."), server);
    case COMFY_ERROR_STORAGE:
      return g_strdup (_("A file could not be read or written. "
                         "Check the free space and permissions of your home folder."));
    case COMFY_ERROR_KEYRING_LOCKED:
      return g_strdup (_("The keyring is locked. Unlock it and try again."));
    case COMFY_ERROR_KEYRING_MISSING:
      return g_strdup (_("No keyring service answers. Start one, for example GNOME Keyring or "
                         "KeePassXC, and try again."));
    default:
      return g_strdup (_("Something unexpected happened. The details say more."));
    }
}

/**
 * comfy_error_fold:
 * @foreign: any error
 * @host: (nullable): the host that was talked to, for the sentence
 *
 * Folds a foreign error into this domain; an error of this domain is copied as it is. The foreign
 * message becomes the detail.
 *
 * Returns: (transfer full): an error of this domain
 */
GError *
comfy_error_fold (const GError *foreign,
                  const char   *host)
{
  g_autofree char *detail = NULL;
  ComfyError       code;

  g_return_val_if_fail (foreign != NULL, NULL);

  if (foreign->domain == COMFY_ERROR)
    return g_error_copy (foreign);

  code = code_for_foreign (foreign);
  detail = g_strdup_printf ("%s %d: %s", g_quark_to_string (foreign->domain), foreign->code,
                            foreign->message);

  return comfy_error_new_take (code, detail, sentence_for (code, host));
}

/**
 * comfy_error_set_response:
 * @error: an error of this domain
 * @status: HTTP status, 0 when there was none
 * @server_code: (nullable): the server's machine-readable code
 * @request_id: (nullable): the server's name for the request
 *
 * Adds what the server said, for the log and for [Copy details].
 */
void
comfy_error_set_response (GError       *error,
                          unsigned int  status,
                          const char   *server_code,
                          const char   *request_id)
{
  ComfyErrorPrivate *priv;

  g_return_if_fail (error != NULL && error->domain == COMFY_ERROR);

  priv = comfy_error_get_private (error);
  priv->status = status;
  g_set_str (&priv->server_code, server_code);
  g_set_str (&priv->request_id, request_id);
}

/**
 * comfy_error_set_problems:
 * @error: an error of this domain
 * @problems: (element-type ComfyNodeProblem): what the server has against single nodes; the
 *   reference is taken, and the array not changed any more
 *
 * Adds why a graph was refused, for who can do something about it.
 */
void
comfy_error_set_problems (GError    *error,
                          GPtrArray *problems)
{
  ComfyErrorPrivate *priv;

  g_return_if_fail (error != NULL && error->domain == COMFY_ERROR);
  g_return_if_fail (problems != NULL);

  priv = comfy_error_get_private (error);
  g_ptr_array_ref (problems);
  g_clear_pointer (&priv->problems, g_ptr_array_unref);
  priv->problems = problems;
}

/* NULL for errors of another domain */
static const ComfyErrorPrivate *
peek_private (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == COMFY_ERROR ? comfy_error_get_private (error) : NULL;
}

/**
 * comfy_error_get_detail:
 * @error: any error
 *
 * Returns: (transfer none) (nullable): what the log wants to know
 */
const char *
comfy_error_get_detail (const GError *error)
{
  const ComfyErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->detail : NULL;
}

/**
 * comfy_error_get_status:
 * @error: any error
 *
 * Returns: the HTTP status of the answer, 0 when there was none
 */
unsigned int
comfy_error_get_status (const GError *error)
{
  const ComfyErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->status : 0;
}

/**
 * comfy_error_get_server_code:
 * @error: any error
 *
 * Returns: (transfer none) (nullable): the server's code, such as "idempotency_key_reuse"
 */
const char *
comfy_error_get_server_code (const GError *error)
{
  const ComfyErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->server_code : NULL;
}

/**
 * comfy_error_get_request_id:
 * @error: any error
 *
 * Returns: (transfer none) (nullable): the server's name for the request that failed
 */
const char *
comfy_error_get_request_id (const GError *error)
{
  const ComfyErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->request_id : NULL;
}

/**
 * comfy_error_get_problems:
 * @error: any error
 *
 * Returns: (transfer none) (nullable) (element-type ComfyNodeProblem): what the server has against
 *   single nodes of a graph that it refused
 */
GPtrArray *
comfy_error_get_problems (const GError *error)
{
  const ComfyErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->problems : NULL;
}

/**
 * comfy_error_dup_report:
 * @error: any error
 *
 * The text behind [Copy details]: the message and everything known, a line each, untranslated
 * labels, without secrets.
 *
 * Returns: (transfer full): the text
 */
char *
comfy_error_dup_report (const GError *error)
{
  const ComfyErrorPrivate *priv = peek_private (error);
  GString                 *text = g_string_new (NULL);

  g_string_append_printf (text, "%s\n", error->message);
  g_string_append_printf (text, "error: %s\n",
                          priv != NULL ? comfy_error_code_to_nick (error->code)
                                       : g_quark_to_string (error->domain));
  if (priv != NULL && priv->status != 0)
    g_string_append_printf (text, "status: %u\n", priv->status);
  if (priv != NULL && priv->server_code != NULL)
    g_string_append_printf (text, "code: %s\n", priv->server_code);
  if (priv != NULL && priv->request_id != NULL)
    g_string_append_printf (text, "request: %s\n", priv->request_id);
  if (priv != NULL && priv->detail != NULL)
    g_string_append_printf (text, "detail: %s\n", priv->detail);

  return g_string_free (text, FALSE);
}
