/* SPDX-License-Identifier: GPL-3.0-or-later */

/* In what the places differ that serve Comfy API v2: the cloud, a serverless deployment, and
 * comfy-api-proxy before somebody's own ComfyUI. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-server.h"

/* where a gateway has mounted the API; links carry it, and are good only with it */
#define DEPLOYMENT_PATH "/deployment/dep-sandbox"

/* as comfy-api-proxy has it, for all that listen */
#define PROXY_STREAMS 8

static const char *const names[] = { "cloud", "serverless", "proxy" };

/**
 * comfy_sandbox_flavour_from_name:
 * @name: cloud, serverless or proxy
 * @flavour: (out): what it means
 *
 * Returns: whether there is one of that name
 */
gboolean
comfy_sandbox_flavour_from_name (const char          *name,
                                 ComfySandboxFlavour *flavour)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], name))
      {
        *flavour = i;
        return TRUE;
      }

  return FALSE;
}

/**
 * sandbox_flavour_set:
 * @needs_token: whether a proxy wants a key
 *
 * Makes the server behave as one of the places.
 */
void
sandbox_flavour_set (SandboxServer       *server,
                     ComfySandboxFlavour  flavour,
                     gboolean             needs_token)
{
  server->flavour = flavour;
  server->needs_token = needs_token;
  /* one's own machine asks for no money */
  server->engine->cost = flavour == COMFY_SANDBOX_PROXY ? 0 : server->options.job_cost;
}

/**
 * sandbox_flavour_run:
 * @arguments: `flavour`, and for a proxy `token`
 *
 * Does what the control request does.
 *
 * Returns: %TRUE, or %FALSE with %G_IO_ERROR when there is no such flavour
 */
gboolean
sandbox_flavour_run (SandboxServer  *server,
                     JsonObject     *arguments,
                     GError        **error)
{
  const char *name = comfy_json_get_string (arguments, "flavour");
  ComfySandboxFlavour flavour;

  if (name == NULL || !comfy_sandbox_flavour_from_name (name, &flavour))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "unknown flavour: %s",
                   name != NULL ? name : "(none)");
      return FALSE;
    }

  sandbox_flavour_set (server, flavour,
                       json_object_get_boolean_member_with_default (arguments, "token", FALSE));
  return TRUE;
}

/**
 * sandbox_flavour_has_v1:
 *
 * Returns: whether Developer API v1 is served too
 */
gboolean
sandbox_flavour_has_v1 (SandboxServer *server)
{
  return server->flavour == COMFY_SANDBOX_CLOUD
         && (server->options.protocols & COMFY_SANDBOX_V1) != 0;
}

/**
 * sandbox_flavour_tells_nodes:
 *
 * Returns: whether the server tells what its nodes take; a gateway hands on v2 alone
 */
gboolean
sandbox_flavour_tells_nodes (SandboxServer *server)
{
  return server->flavour == COMFY_SANDBOX_CLOUD;
}

/**
 * sandbox_flavour_find_guest:
 *
 * Returns: (transfer none) (nullable): whose requests without a key are, where they are let in
 */
SandboxAccount *
sandbox_flavour_find_guest (SandboxServer *server)
{
  static const char email[] = "local";
  SandboxAccount *guest;

  if (server->flavour != COMFY_SANDBOX_PROXY || server->needs_token)
    return NULL;

  guest = sandbox_accounts_lookup (server->accounts, email);
  if (guest == NULL)
    {
      g_autofree char *key = g_uuid_string_random ();

      guest = sandbox_account_new (key, email, 0, "standard");
      g_ptr_array_add (server->accounts, guest);
    }

  return guest;
}

/**
 * sandbox_flavour_dup_path:
 *
 * Returns: (transfer full): @path without what a gateway puts before it
 */
char *
sandbox_flavour_dup_path (SandboxServer *server,
                          const char    *path)
{
  if (server->flavour == COMFY_SANDBOX_SERVERLESS
      && g_str_has_prefix (path, DEPLOYMENT_PATH "/"))
    path += strlen (DEPLOYMENT_PATH);

  return g_strdup (path);
}

/**
 * sandbox_flavour_get_prefix:
 *
 * Returns: (transfer none): what stands before the paths of links
 */
const char *
sandbox_flavour_get_prefix (SandboxServer *server)
{
  return server->flavour == COMFY_SANDBOX_SERVERLESS ? DEPLOYMENT_PATH : "";
}

/**
 * sandbox_flavour_get_stream_limit:
 *
 * Returns: how many event streams may be open at a time, 0: any number
 */
unsigned int
sandbox_flavour_get_stream_limit (SandboxServer *server)
{
  return server->options.stream_limit == 0 && server->flavour == COMFY_SANDBOX_PROXY
         ? PROXY_STREAMS : server->options.stream_limit;
}

/**
 * sandbox_flavour_serves_content:
 *
 * Returns: whether the API hands out files itself, instead of redirecting to a signed link
 */
gboolean
sandbox_flavour_serves_content (SandboxServer *server)
{
  return server->options.inline_content || server->flavour == COMFY_SANDBOX_PROXY;
}
