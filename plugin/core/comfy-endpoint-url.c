/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which URLs may be a base URL, what an origin is, and whether a key may travel there. Pure
 * functions.
 */
#define G_LOG_DOMAIN "comfy-endpoint"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-endpoint.h"
#include "comfy-error.h"

/* A URL taken apart and brought into one form, so that equal origins are equal strings */
typedef struct
{
  const char *scheme; /* "http" or "https"; a WebSocket's handshake is an HTTP request */
  char       *host;   /* owned: lower case; an IPv6 address in its shortest form, bracketed */
  int         port;   /* -1: the scheme's own */
  gboolean    is_loopback;
} Authority;

static void
authority_clear (Authority *self)
{
  g_clear_pointer (&self->host, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Authority, authority_clear)

static gboolean
is_host_name (const char *host)
{
  return host[0] != '\0' && host[0] != '.' && host[0] != '-' && strstr (host, "..") == NULL &&
         strspn (host, "abcdefghijklmnopqrstuvwxyz0123456789-._") == strlen (host);
}

/* Only addresses that cannot leave the machine, whatever the resolver says: so no other name than
 * "localhost" (RFC 6761) and no IPv4 address hidden in an IPv6 one. */
static gboolean
authority_take_host (Authority  *self,
                     const char *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);
  g_autofree char        *lower = g_ascii_strdown (host, -1);

  if (address != NULL)
    {
      g_autofree char *text = g_inet_address_to_string (address);

      /* a zone ("%eth0") says something about this machine, not about the server */
      if (strchr (host, '%') != NULL)
        return FALSE;

      self->is_loopback = g_inet_address_get_is_loopback (address);
      self->host = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
                     ? g_strdup_printf ("[%s]", text) : g_steal_pointer (&text);
      return TRUE;
    }

  if (!is_host_name (lower))
    return FALSE;

  self->is_loopback = strcmp (lower, "localhost") == 0;
  self->host = g_steal_pointer (&lower);

  return TRUE;
}

static gboolean
authority_init (Authority *self,
                GUri      *uri)
{
  const char *scheme = g_uri_get_scheme (uri);
  int         own_port;

  if (g_str_equal (scheme, "https") || g_str_equal (scheme, "wss"))
    self->scheme = "https";
  else if (g_str_equal (scheme, "http") || g_str_equal (scheme, "ws"))
    self->scheme = "http";
  else
    return FALSE;

  own_port = g_str_equal (self->scheme, "https") ? 443 : 80;
  self->port = g_uri_get_port (uri) == own_port ? -1 : g_uri_get_port (uri);

  return self->port != 0 && g_uri_get_host (uri) != NULL &&
         authority_take_host (self, g_uri_get_host (uri));
}

static char *
authority_dup_host_and_port (const Authority *self)
{
  return self->port == -1 ? g_strdup (self->host)
                          : g_strdup_printf ("%s:%d", self->host, self->port);
}

static char *
authority_dup_origin (const Authority *self)
{
  g_autofree char *place = authority_dup_host_and_port (self);

  return g_strdup_printf ("%s://%s", self->scheme, place);
}

static gboolean
authority_may_carry_key (const Authority *self)
{
  return self->is_loopback || g_str_equal (self->scheme, "https");
}

/* Without blanks, control characters, backslashes and "." or ".." steps: what two programs could
 * read in two ways is no base URL. GUri would quietly repair some of it. */
static gboolean
is_unambiguous (const char *url)
{
  g_auto(GStrv) steps = g_strsplit (url, "/", -1);

  for (const char *p = url; *p != '\0'; p++)
    if (g_ascii_isspace (*p) || g_ascii_iscntrl (*p) || strchr ("\\\"<>^`{|}", *p) != NULL)
      return FALSE;

  return !g_strv_contains ((const char * const *) steps, ".") &&
         !g_strv_contains ((const char * const *) steps, "..");
}

static GUri *
parse_base (const char  *trimmed,
            Authority   *authority,
            GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (trimmed, G_URI_FLAGS_ENCODED, NULL);
  const char     *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";

  if (!g_str_equal (scheme, "https") && !g_str_equal (scheme, "http"))
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("Enter an address that begins with https://, for example "
                       "https://cloud.comfy.org."));
  else if (g_uri_get_userinfo (uri) != NULL)
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("Leave user name and password out of the address."));
  else if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("Leave out everything from the “?” or “#” in the address."));
  else if (!authority_init (authority, uri))
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("The name of the server in the address is missing or not valid."));
  else if (!is_unambiguous (trimmed))
    comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                     _("The address holds a blank or another character that does not belong "
                       "there."));
  else
    return g_steal_pointer (&uri);

  return NULL;
}

/**
 * comfy_endpoint_check_url:
 * @text: (nullable): what was typed so far
 * @out_base_url: (out) (optional): the URL in its one form: no blanks around it, no trailing slash,
 *   no default port, host in lower case
 * @out_warning: (out) (optional) (nullable): one sentence when the URL is allowed, but not for keys
 *
 * Whether a base URL is allowed: https to any host; http to this machine; http to other hosts with
 * a warning, because such an environment never gets a key. A bare origin is fine.
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT, saying what to change
 */
gboolean
comfy_endpoint_check_url (const char  *text,
                          char       **out_base_url,
                          char       **out_warning,
                          GError     **error)
{
  g_auto(Authority) authority = { 0, };
  g_autofree char  *trimmed = g_strstrip (g_strdup (text != NULL ? text : ""));
  g_autofree char  *origin = NULL;
  g_autofree char  *base_url = NULL;
  g_autoptr(GUri)   uri = parse_base (trimmed, &authority, error);

  if (uri == NULL)
    return FALSE;

  origin = authority_dup_origin (&authority);
  base_url = g_strconcat (origin, g_uri_get_path (uri), NULL);
  for (gsize n = strlen (base_url); base_url[n - 1] == '/'; n--)
    base_url[n - 1] = '\0';

  if (out_warning != NULL)
    *out_warning = authority_may_carry_key (&authority)
                     ? NULL
                     : g_strdup_printf (_("The connection to %s is not encrypted, so this "
                                          "environment can only be used without a key."),
                                        authority.host);
  if (out_base_url != NULL)
    *out_base_url = g_steal_pointer (&base_url);

  return TRUE;
}

/**
 * comfy_endpoint_origin_of_url:
 * @url: (nullable): an absolute http, https, ws or wss URL
 *
 * The scheme, host and port of a URL in one form, so that equal origins are equal strings. ws and
 * wss count as http and https: the handshake that would carry the key is an HTTP request.
 *
 * Returns: (transfer full) (nullable): for example "https://cloud.comfy.org"; %NULL for anything
 *   that is no such URL, or names a user
 */
char *
comfy_endpoint_origin_of_url (const char *url)
{
  g_auto(Authority) authority = { 0, };
  g_autoptr(GUri)   uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL) : NULL;

  if (uri == NULL || g_uri_get_userinfo (uri) != NULL || !authority_init (&authority, uri))
    return NULL;

  return authority_dup_origin (&authority);
}

/**
 * comfy_endpoint_url_may_carry_key:
 * @url: (nullable): an absolute URL or origin
 *
 * Returns: whether any key at all may be sent there: encrypted, or not leaving this machine
 */
gboolean
comfy_endpoint_url_may_carry_key (const char *url)
{
  g_auto(Authority) authority = { 0, };
  g_autoptr(GUri)   uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL) : NULL;

  return uri != NULL && g_uri_get_userinfo (uri) == NULL && authority_init (&authority, uri) &&
         authority_may_carry_key (&authority);
}
