/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From an answer to one plain sentence. Every shape of error body that the service, its gateways
 * and the proxies before it are known to send is read here; what cannot be read leaves the status.
 */
#define G_LOG_DOMAIN "comfy-response"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-credentials-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-response-private.h"

/* in characters */
#define MAX_SAID   200
#define MAX_DETAIL 1000

/* What the server said, in its own words */
typedef struct
{
  const char *code;    /* nullable, borrowed from the JSON */
  const char *message; /* nullable, borrowed from the JSON */
} Said;

/* (nullable): a member that is a string with something in it */
static const char *
get_words (JsonObject *object,
           const char *name)
{
  const char *text = comfy_json_get_string (object, name);

  return text != NULL && text[0] != '\0' ? text : NULL;
}

static void
read_object (JsonObject *object,
             Said       *said)
{
  said->code = get_words (object, "code");
  if (said->code == NULL)
    said->code = get_words (object, "type");
  said->message = get_words (object, "message");
}

/* HTML is for people with a browser: the words in it say nothing here */
static gboolean
is_html (const char *text)
{
  return strcasestr (text, "<html") != NULL || strcasestr (text, "<!doctype") != NULL;
}

/* {"error": {code|type, message}}, {"error": "text"}, {code, message}, {message},
 * {"detail": "text"}, or text without any JSON */
static Said
read_body (ComfyResponse *response)
{
  Said        said = { NULL, NULL };
  JsonObject *root;
  JsonNode   *inner;

  if (response->json == NULL && response->text != NULL && !is_html (response->text))
    said.message = response->text;
  if (response->json == NULL || !JSON_NODE_HOLDS_OBJECT (response->json))
    return said;

  root = json_node_get_object (response->json);
  inner = json_object_get_member (root, "error");
  if (inner != NULL && JSON_NODE_HOLDS_OBJECT (inner))
    {
      read_object (json_node_get_object (inner), &said);
      return said;
    }

  read_object (root, &said);
  if (said.message == NULL)
    said.message = get_words (root, "error");
  if (said.message == NULL)
    said.message = get_words (root, "detail");

  return said;
}

static gboolean
mask_cb (const GMatchInfo *match,
         GString          *result,
         gpointer          data)
{
  g_autofree char *before = g_match_info_fetch (match, 1);

  g_string_append (result, before);
  g_string_append (result, "…");

  return FALSE;
}

/**
 * _comfy_redact:
 * @text: valid UTF-8 from outside
 * @credentials: (nullable): the key that may be quoted in it
 * @max_chars: how much of it to keep
 *
 * Makes foreign words fit to be shown and logged: on one line, not too long, and without anything
 * that looks like a key (servers quote what they were sent).
 *
 * Returns: (transfer full): the text
 */
char *
_comfy_redact (const char       *text,
               ComfyCredentials *credentials,
               gsize             max_chars)
{
  /* the words that go before a secret, kept, and the secret */
  static const char *pattern =
    "(comfyui-|bearer\\s+|\"(?:api_key|auth_token)_comfy_org\"\\s*:\\s*\"|"
    "\"(?:access|refresh)_token\"\\s*:\\s*\"|[?&](?:api_key|token)=)[^\\s\"'&<>]+";
  g_autoptr(GRegex)  regex = g_regex_new (pattern, G_REGEX_CASELESS, 0, NULL);
  g_autofree char   *unkeyed = credentials != NULL ? _comfy_credentials_mask (credentials, text)
                                                   : g_strdup (text);
  g_autofree char   *masked = g_regex_replace_eval (regex, unkeyed, -1, 0, 0, mask_cb, NULL, NULL);
  g_autoptr(GString) line = g_string_new (NULL);
  gsize              n = 0;

  for (const char *p = masked != NULL ? masked : ""; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean is_blank = g_unichar_isspace (c) || !g_unichar_isprint (c);

      if (is_blank && (line->len == 0 || line->str[line->len - 1] == ' '))
        continue;
      if (n++ == max_chars)
        {
          g_string_append (line, "…");
          break;
        }
      g_string_append_unichar (line, is_blank ? ' ' : c);
    }

  return g_strchomp (g_string_free_and_steal (g_steal_pointer (&line)));
}

/* The server's own code is more exact than the status */
static ComfyError
code_for (unsigned int  status,
          const char   *server_code)
{
  static const struct { const char *from; ComfyError to; } codes[] = {
    { "unauthorized",         COMFY_ERROR_UNAUTHORIZED },
    { "insufficient_credits", COMFY_ERROR_NO_CREDITS },
    { "forbidden",            COMFY_ERROR_FORBIDDEN },
    { "queue_full",           COMFY_ERROR_QUEUE_FULL },
    { "rate_limited",         COMFY_ERROR_RATE_LIMITED },
    { "not_found",            COMFY_ERROR_NOT_FOUND },
    { "invalid_workflow",     COMFY_ERROR_INVALID_WORKFLOW },
    { "workflow_format_ui",   COMFY_ERROR_INVALID_WORKFLOW },
    { "not_implemented",      COMFY_ERROR_NOT_SUPPORTED },
    { "deployment_not_ready", COMFY_ERROR_RATE_LIMITED },
    { "deployment_stopped",   COMFY_ERROR_SERVER },
    { "missing_asset",        COMFY_ERROR_REJECTED },
  };
  static const struct { unsigned int from; ComfyError to; } statuses[] = {
    { 401, COMFY_ERROR_UNAUTHORIZED }, { 402, COMFY_ERROR_NO_CREDITS },
    { 403, COMFY_ERROR_FORBIDDEN },    { 404, COMFY_ERROR_NOT_FOUND },
    { 407, COMFY_ERROR_PROXY },        { 408, COMFY_ERROR_TIMED_OUT },
    { 410, COMFY_ERROR_NOT_FOUND },    { 413, COMFY_ERROR_TOO_LARGE },
    { 429, COMFY_ERROR_RATE_LIMITED }, { 501, COMFY_ERROR_NOT_SUPPORTED },
  };

  /* the codes of v1 have no word for it */
  if (status == 402)
    return COMFY_ERROR_NO_CREDITS;

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_strcmp0 (codes[i].from, server_code) == 0)
      return codes[i].to;
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (statuses[i].from == status)
      return statuses[i].to;

  return status >= 500 ? COMFY_ERROR_SERVER
         : status >= 400 ? COMFY_ERROR_REJECTED : COMFY_ERROR_PROTOCOL;
}

/* (transfer full) (nullable): where the server's own code says more than the kind of error */
static GError *
error_for_server_code (const char *server_code,
                       ComfyError  code,
                       const char *detail,
                       const char *host)
{
  if (g_strcmp0 (server_code, "deployment_not_ready") == 0)
    return comfy_error_new (code, detail, _("The deployment at %s is still starting. Try again in "
                                            "a minute."), host);
  if (g_strcmp0 (server_code, "deployment_stopped") == 0)
    return comfy_error_new (code, detail, _("The deployment at %s is stopped. Start it and try "
                                            "again."), host);
  if (g_strcmp0 (server_code, "missing_asset") == 0)
    return comfy_error_new (code, detail, _("%s does not find a picture that was uploaded to it. "
                                            "Run the job again."), host);

  return NULL;
}

/* @said: (nullable): the server's words, fit to be shown */
static GError *
error_for (ComfyError  code,
           const char *detail,
           const char *host,
           const char *said)
{
  switch ((int) code)
    {
    case COMFY_ERROR_UNAUTHORIZED:
      return comfy_error_new (code, detail, _("The key was rejected by %s. Replace it, or look it "
                                              "up at platform.comfy.org."), host);
    case COMFY_ERROR_NO_CREDITS:
      return comfy_error_new (code, detail, _("The account has no credits left. Add some at "
                                              "platform.comfy.org and try again."));
    case COMFY_ERROR_FORBIDDEN:
      return comfy_error_new (code, detail, _("The key is good, but the account's plan does not "
                                              "allow this. See the plans at platform.comfy.org."));
    case COMFY_ERROR_NOT_FOUND:
      return comfy_error_new (code, detail, _("%s does not know this, or no longer."), host);
    case COMFY_ERROR_PROXY:
      return comfy_error_new (code, detail, _("The proxy did not let the connection to %s "
                                              "through. Check the desktop's proxy settings."),
                              host);
    case COMFY_ERROR_TIMED_OUT:
      return comfy_error_new (code, detail, _("%s did not answer in time. Try again later."),
                              host);
    case COMFY_ERROR_TOO_LARGE:
      return comfy_error_new (code, detail, _("%s refused the request because it is too large. "
                                              "Try a smaller picture."), host);
    case COMFY_ERROR_RATE_LIMITED:
      return comfy_error_new (code, detail, _("%s asks to slow down. Try again in a minute."),
                              host);
    case COMFY_ERROR_QUEUE_FULL:
      return comfy_error_new (code, detail, _("All jobs that the plan allows at once are taken. "
                                              "Try again when one has ended."));
    case COMFY_ERROR_NOT_SUPPORTED:
      return comfy_error_new (code, detail, _("%s cannot do this."), host);
    case COMFY_ERROR_SERVER:
      return comfy_error_new (code, detail, _("%s has a problem. Try again later."), host);
    case COMFY_ERROR_PROTOCOL:
      return comfy_error_new (code, detail, _("%s gave an answer that cannot be understood. "
                                              "Check the environment's address."), host);
    case COMFY_ERROR_INVALID_WORKFLOW:
      if (said == NULL)
        return comfy_error_new (code, detail, _("%s does not accept the workflow."), host);
      return comfy_error_new (code, detail, _("%s does not accept the workflow: %s."), host, said);
    default:
      if (said == NULL)
        return comfy_error_new (code, detail, _("%s refused the request."), host);
      return comfy_error_new (code, detail, _("%s refused the request: %s."), host, said);
    }
}

/* (transfer full): the body for the log */
static char *
describe_body (ComfyResponse    *response,
               ComfyCredentials *credentials)
{
  g_autoptr(GString) whole = g_string_new (response->text);

  if (response->json != NULL)
    comfy_json_write (whole, response->json);
  else if (response->text == NULL)
    return g_strdup ("an empty body");
  else if (is_html (response->text))
    return g_strdup ("a page of HTML");

  return _comfy_redact (whole->str, credentials, MAX_DETAIL);
}

/**
 * _comfy_response_to_error:
 * @self: an answer that is not what was asked for
 * @host: who gave it
 * @credentials: (nullable): what the request carried
 * @request: what was asked, for the log, such as "GET /api/v2/jobs/1": without query
 *
 * Returns: (transfer full): a COMFY_ERROR with all that the answer tells
 */
GError *
_comfy_response_to_error (ComfyResponse    *self,
                          const char       *host,
                          ComfyCredentials *credentials,
                          const char       *request)
{
  Said             said = read_body (self);
  g_autofree char *body = describe_body (self, credentials);
  g_autofree char *detail = g_strdup_printf ("%s → %u, %s", request, self->status, body);
  g_autofree char *shown = NULL;
  g_autofree char *code = NULL;
  g_autofree char *request_id = NULL;
  GError          *error;

  if (said.message != NULL)
    shown = _comfy_redact (said.message, credentials, MAX_SAID);
  /* our sentence ends with its own full stop */
  if (shown != NULL && g_str_has_suffix (shown, "."))
    shown[strlen (shown) - 1] = '\0';
  if (said.code != NULL)
    code = _comfy_redact (said.code, credentials, MAX_SAID);
  if (self->request_id != NULL)
    request_id = _comfy_redact (self->request_id, credentials, MAX_SAID);

  error = error_for_server_code (code, code_for (self->status, code), detail, host);
  if (error == NULL)
    error = error_for (code_for (self->status, code), detail, host, shown);
  comfy_error_set_response (error, self->status, code, request_id);

  return error;
}
