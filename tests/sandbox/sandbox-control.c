/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a test, or a person with curl, tells the sandbox what to do: POST /_sandbox/COMMAND with an
 * object of arguments, GET /_sandbox/ledger. Loopback only, no key. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-server.h"

static gboolean
run_faults (SandboxServer  *server,
            JsonObject     *arguments,
            GError        **error)
{
  SandboxFault *fault = sandbox_fault_new (arguments, error);

  if (fault != NULL)
    g_ptr_array_add (server->faults, fault);

  return fault != NULL;
}

static gboolean
run_hold (SandboxServer  *server,
          JsonObject     *arguments,
          GError        **error)
{
  sandbox_engine_hold (server->engine, TRUE);
  return TRUE;
}

static gboolean
run_release (SandboxServer  *server,
             JsonObject     *arguments,
             GError        **error)
{
  sandbox_engine_hold (server->engine, FALSE);
  return TRUE;
}

static gboolean
run_fail (SandboxServer  *server,
          JsonObject     *arguments,
          GError        **error)
{
  const char *message = comfy_json_get_string (arguments, "message");

  sandbox_engine_fail_next (server->engine, message != NULL ? message : "Out of memory");
  return TRUE;
}

static gboolean
run_drop (SandboxServer  *server,
          JsonObject     *arguments,
          GError        **error)
{
  sandbox_sockets_drop (server);
  sandbox_events_drop (server);
  return TRUE;
}

static gboolean
run_mute (SandboxServer  *server,
          JsonObject     *arguments,
          GError        **error)
{
  server->muted = TRUE;
  return TRUE;
}

static gboolean
run_hide_usage (SandboxServer  *server,
                JsonObject     *arguments,
                GError        **error)
{
  server->hides_usage = TRUE;
  return TRUE;
}

static gboolean
run_result_format (SandboxServer  *server,
                   JsonObject     *arguments,
                   GError        **error)
{
  return sandbox_results_set_format (server->engine->results, arguments, error);
}

static gboolean
run_result (SandboxServer  *server,
            JsonObject     *arguments,
            GError        **error)
{
  return sandbox_results_add (server->engine->results, arguments, error);
}

static gboolean
run_missing_model (SandboxServer  *server,
                   JsonObject     *arguments,
                   GError        **error)
{
  return sandbox_missing_add_model (server->engine->missing, arguments, error);
}

static gboolean
run_missing_node (SandboxServer  *server,
                  JsonObject     *arguments,
                  GError        **error)
{
  return sandbox_missing_add_node (server->engine->missing, arguments, error);
}

static gboolean
run_flavour (SandboxServer  *server,
             JsonObject     *arguments,
             GError        **error)
{
  return sandbox_flavour_run (server, arguments, error);
}

static gboolean
run_refuse_webp (SandboxServer  *server,
                 JsonObject     *arguments,
                 GError        **error)
{
  server->refuses_webp = TRUE;
  return TRUE;
}

/* "account": its e-mail; %NULL with an error when there is none */
static SandboxAccount *
find_account (SandboxServer  *server,
              JsonObject     *arguments,
              GError        **error)
{
  const char *email = comfy_json_get_string (arguments, "account");
  SandboxAccount *account = NULL;

  if (email != NULL)
    account = sandbox_accounts_lookup (server->accounts, email);
  if (account == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no such account");
  return account;
}

static gboolean
run_revoke (SandboxServer  *server,
            JsonObject     *arguments,
            GError        **error)
{
  SandboxAccount *account = find_account (server, arguments, error);

  if (account != NULL)
    account->revoked = TRUE;

  return account != NULL;
}

/* "key": what the account authenticates with from now on; its jobs and files stay its own */
static gboolean
run_renew (SandboxServer  *server,
           JsonObject     *arguments,
           GError        **error)
{
  SandboxAccount *account = find_account (server, arguments, error);
  const char *key = comfy_json_get_string (arguments, "key");

  if (account == NULL)
    return FALSE;
  if (key == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no key");
      return FALSE;
    }

  g_set_str (&account->key, key);
  account->revoked = FALSE;
  return TRUE;
}

static gboolean
run_balance (SandboxServer  *server,
             JsonObject     *arguments,
             GError        **error)
{
  SandboxAccount *account = find_account (server, arguments, error);

  if (account != NULL)
    account->balance = json_object_get_int_member_with_default (arguments, "micros", 0);

  return account != NULL;
}

/* Forgets files and jobs too, as a server does when their time is over; "jobs": "kept" leaves the
 * jobs, which say that they are expired. */
static gboolean
run_expire (SandboxServer  *server,
            JsonObject     *arguments,
            GError        **error)
{
  if (g_strcmp0 (comfy_json_get_string (arguments, "jobs"), "kept") == 0)
    {
      sandbox_engine_expire (server->engine);
      sandbox_store_clear (server->store);
      return TRUE;
    }

  sandbox_events_drop (server);
  sandbox_engine_reset (server->engine);
  sandbox_store_clear (server->store);
  return TRUE;
}

/* All download links given out so far stop working; the next ones work. */
static gboolean
run_expire_links (SandboxServer  *server,
                  JsonObject     *arguments,
                  GError        **error)
{
  sandbox_store_expire_links (server->store);
  return TRUE;
}

/* As a server that keeps idempotency keys for a short time: none that was used counts any more. */
static gboolean
run_forget_keys (SandboxServer  *server,
                 JsonObject     *arguments,
                 GError        **error)
{
  for (unsigned int i = 0; i < server->accounts->len; i++)
    {
      SandboxAccount *account = g_ptr_array_index (server->accounts, i);

      g_hash_table_remove_all (account->claimed);
      g_hash_table_remove_all (account->replayed);
    }

  return TRUE;
}

static gboolean
run_reset (SandboxServer  *server,
           JsonObject     *arguments,
           GError        **error)
{
  g_ptr_array_set_size (server->faults, 0);
  server->muted = FALSE;
  server->refuses_webp = FALSE;
  server->hides_usage = FALSE;
  g_clear_pointer (&server->violation, g_free);
  sandbox_flavour_set (server, server->options.flavour, server->options.needs_token);
  sandbox_results_clear (server->engine->results);
  sandbox_missing_clear (server->engine->missing);
  sandbox_sockets_drop (server);
  sandbox_ledger_clear (server->ledger);
  for (unsigned int i = 0; i < server->accounts->len; i++)
    sandbox_account_reset (g_ptr_array_index (server->accounts, i));
  return run_expire (server, arguments, error);
}

/**
 * sandbox_control_run:
 * @command: faults, hold, release, fail, result, result-format, missing-model, missing-node,
 *   flavour, refuse-webp, hide-usage, drop, mute, refuse, revoke, renew, balance, expire,
 *   expire-links, forget-keys or reset
 * @arguments: as the README tells
 *
 * Returns: %TRUE, or %FALSE with %G_IO_ERROR
 */
gboolean
sandbox_control_run (SandboxServer  *server,
                     const char     *command,
                     JsonObject     *arguments,
                     GError        **error)
{
  static const struct
  {
    const char *command;
    gboolean  (*func) (SandboxServer  *server,
                       JsonObject     *arguments,
                       GError        **error);
  } commands[] = {
    { "faults", run_faults },
    { "hold", run_hold },
    { "release", run_release },
    { "fail", run_fail },
    { "result", run_result },
    { "result-format", run_result_format },
    { "missing-model", run_missing_model },
    { "missing-node", run_missing_node },
    { "flavour", run_flavour },
    { "refuse-webp", run_refuse_webp },
    { "hide-usage", run_hide_usage },
    { "drop", run_drop },
    { "mute", run_mute },
    { "refuse", sandbox_refuse_run },
    { "revoke", run_revoke },
    { "renew", run_renew },
    { "balance", run_balance },
    { "expire", run_expire },
    { "expire-links", run_expire_links },
    { "forget-keys", run_forget_keys },
    { "reset", run_reset },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].command, command))
      return commands[i].func (server, arguments, error);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "unknown command: %s", command);
  return FALSE;
}

/**
 * sandbox_control_handle:
 * @request: under SANDBOX_CONTROL_PATH
 *
 * Answers a control request.
 */
void
sandbox_control_handle (SandboxRequest *request)
{
  g_autofree char *command =
    sandbox_request_dup_id (request, "POST", SANDBOX_CONTROL_PATH "/", "");
  g_autoptr(JsonNode) body = sandbox_request_read_json (request);
  g_autoptr(JsonObject) nothing = json_object_new ();
  g_autoptr(GError) error = NULL;

  if (sandbox_request_is (request, "GET", SANDBOX_CONTROL_PATH "/ledger"))
    {
      char *ledger = sandbox_ledger_to_json (request->server->ledger);

      soup_server_message_set_status (request->message, 200, NULL);
      soup_server_message_set_response (request->message, "application/json", SOUP_MEMORY_TAKE,
                                        ledger, strlen (ledger));
    }
  else if (command == NULL)
    sandbox_request_reply_error (request, 404, "not_found", "No such control request", NULL);
  else if (sandbox_control_run (request->server, command,
                                body != NULL ? json_node_get_object (body) : nothing, &error))
    sandbox_request_reply (request, 204, NULL);
  else
    sandbox_request_reply_error (request, 400, "invalid_request", error->message, NULL);
}
