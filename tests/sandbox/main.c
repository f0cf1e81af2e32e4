/* SPDX-License-Identifier: GPL-3.0-or-later */

/* comfy-sandbox: the sandbox as a program. See README.md. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <glib-unix.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "comfy-json-private.h"
#include "comfy-sandbox.h"

typedef struct
{
  char  *nodes_path;
  char  *ledger_path;
  char  *responses_path;
  char  *ready_path;
  char  *protocol;
  char  *flavour;
  char  *tls;
  char  *tls_cert;
  char  *tls_key;
  char **keys;
  int    keys_from_stdin;
  int    port;
  int    job_ms;
  int    input_ms;
  int    link_seconds;
  int    retention_seconds;
  int    request_limit;
  int    queue_length;
  int    keep_alive_ms;
  int    stream_limit;
  gint64 job_cost;
  int    inline_content;
} Arguments;

static gboolean
parse_arguments (Arguments  *arguments,
                 int         argc,
                 char      **argv,
                 GError    **error)
{
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &arguments->port, "Port of the API; 0: a free one", "N" },
    { "key", 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments->keys,
      "An account; may be repeated", "KEY[:EMAIL[:MICROS[:PLAN]]]" },
    { "keys-from-stdin", 0, 0, G_OPTION_ARG_NONE, &arguments->keys_from_stdin,
      "Accounts, a line each, where arguments are for all to read", NULL },
    { "ready-file", 0, 0, G_OPTION_ARG_FILENAME, &arguments->ready_path,
      "Written when it listens: JSON with the URLs", "FILE" },
    { "ledger", 0, 0, G_OPTION_ARG_FILENAME, &arguments->ledger_path,
      "Append what is asked and started, a line of JSON each", "FILE" },
    { "responses", 0, 0, G_OPTION_ARG_FILENAME, &arguments->responses_path,
      "Hold what is answered against this table; what does not fit is answered 500", "FILE" },
    { "nodes", 0, 0, G_OPTION_ARG_FILENAME, &arguments->nodes_path, "The node table", "FILE" },
    { "protocol", 0, 0, G_OPTION_ARG_STRING, &arguments->protocol, "What is served", "both|v1|v2" },
    { "flavour", 0, 0, G_OPTION_ARG_STRING, &arguments->flavour,
      "As what v2 behaves; a proxy wants a key if there are any", "cloud|serverless|proxy" },
    { "job-ms", 0, 0, G_OPTION_ARG_INT, &arguments->job_ms, "How long a job takes", "MS" },
    { "input-ms", 0, 0, G_OPTION_ARG_INT, &arguments->input_ms,
      "How long an upload is \"uploading\"", "MS" },
    { "link-seconds", 0, 0, G_OPTION_ARG_INT, &arguments->link_seconds,
      "How long a download link is good", "S" },
    { "retention-seconds", 0, 0, G_OPTION_ARG_INT, &arguments->retention_seconds,
      "How long v2 keeps files and jobs", "S" },
    { "request-limit", 0, 0, G_OPTION_ARG_INT, &arguments->request_limit,
      "Requests per key in any 60 seconds", "N" },
    { "queue-length", 0, 0, G_OPTION_ARG_INT, &arguments->queue_length,
      "Jobs of an account that may wait", "N" },
    { "keep-alive-ms", 0, 0, G_OPTION_ARG_INT, &arguments->keep_alive_ms,
      "How often a silent event stream says that it is there", "MS" },
    { "stream-limit", 0, 0, G_OPTION_ARG_INT, &arguments->stream_limit,
      "Event streams that may be open", "N" },
    { "job-cost", 0, 0, G_OPTION_ARG_INT64, &arguments->job_cost,
      "What a job costs, in micros of a dollar", "MICROS" },
    { "inline-content", 0, 0, G_OPTION_ARG_NONE, &arguments->inline_content,
      "v2's /content answers itself instead of redirecting", NULL },
    { "tls", 0, 0, G_OPTION_ARG_STRING, &arguments->tls,
      "Serve HTTPS with a certificate that nobody trusts", "bad" },
    { "tls-cert", 0, 0, G_OPTION_ARG_FILENAME, &arguments->tls_cert, "Serve HTTPS", "PEM" },
    { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &arguments->tls_key, "Its private key", "PEM" },
    { NULL }
  };
  g_autoptr(GOptionContext) context =
    g_option_context_new ("- a stand-in for Comfy Cloud on this machine");

  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, &argc, &argv, error);
}

static gboolean
fill_options (const Arguments      *arguments,
              ComfySandboxOptions  *options,
              GError              **error)
{
  const char *protocol = arguments->protocol != NULL ? arguments->protocol : "both";

  options->nodes_path = arguments->nodes_path != NULL ? arguments->nodes_path : SANDBOX_NODES_PATH;
  options->ledger_path = arguments->ledger_path;
  options->responses_path = arguments->responses_path;
  options->port = (unsigned int) arguments->port;
  options->job_ms = (unsigned int) arguments->job_ms;
  options->input_ms = (unsigned int) arguments->input_ms;
  options->link_seconds = (unsigned int) arguments->link_seconds;
  options->retention_seconds = (unsigned int) arguments->retention_seconds;
  options->request_limit = (unsigned int) arguments->request_limit;
  options->queue_length = (unsigned int) arguments->queue_length;
  options->keep_alive_ms = (unsigned int) arguments->keep_alive_ms;
  options->stream_limit = (unsigned int) arguments->stream_limit;
  options->job_cost = arguments->job_cost;
  options->inline_content = arguments->inline_content;
  options->needs_token = arguments->keys != NULL || arguments->keys_from_stdin;

  if (arguments->flavour != NULL
      && !comfy_sandbox_flavour_from_name (arguments->flavour, &options->flavour))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "unknown flavour: %s",
                   arguments->flavour);
      return FALSE;
    }

  if (g_str_equal (protocol, "both"))
    options->protocols = COMFY_SANDBOX_BOTH;
  else if (g_str_equal (protocol, "v1"))
    options->protocols = COMFY_SANDBOX_V1;
  else if (g_str_equal (protocol, "v2"))
    options->protocols = COMFY_SANDBOX_V2;
  else
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "unknown protocol: %s",
                   protocol);
      return FALSE;
    }

  return TRUE;
}

/* → whether there is nothing wrong; without TLS there is no certificate */
static gboolean
load_certificate (const Arguments  *arguments,
                  GTlsCertificate **certificate,
                  GError          **error)
{
  if (arguments->tls_cert != NULL && arguments->tls_key != NULL)
    *certificate =
      g_tls_certificate_new_from_files (arguments->tls_cert, arguments->tls_key, error);
  else if (arguments->tls_cert != NULL)
    *certificate = g_tls_certificate_new_from_file (arguments->tls_cert, error);
  else if (g_strcmp0 (arguments->tls, "bad") == 0)
    *certificate = g_tls_certificate_new_from_file (SANDBOX_BAD_CERTIFICATE_PATH, error);
  else if (arguments->tls != NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "unknown TLS: %s",
                 arguments->tls);
  else
    return TRUE;

  return *certificate != NULL;
}

static void
add_key (ComfySandbox *sandbox,
         const char   *key,
         unsigned int  number)
{
  g_auto(GStrv) parts = g_strsplit (key, ":", 4);
  unsigned int count = g_strv_length (parts);
  g_autofree char *email = g_strdup_printf ("artist-%u@example.org", number);

  if (count > 0)
    comfy_sandbox_add_key (sandbox, parts[0], count > 1 && *parts[1] != '\0' ? parts[1] : email,
                           count > 2 ? g_ascii_strtoll (parts[2], NULL, 10) : 10000000,
                           count > 3 ? parts[3] : "standard");
}

static void
add_keys (ComfySandbox     *sandbox,
          const Arguments  *arguments)
{
  unsigned int number = 0;
  char *line = NULL; /* of getline() */
  size_t size = 0;

  for (unsigned int i = 0; arguments->keys != NULL && arguments->keys[i] != NULL; i++)
    add_key (sandbox, arguments->keys[i], ++number);
  while (arguments->keys_from_stdin && getline (&line, &size, stdin) > 0)
    add_key (sandbox, g_strchomp (line), ++number);

  free (line);
}

/* Complete or not there: whoever waits for the file may read it at once. */
static gboolean
write_ready_file (ComfySandbox  *sandbox,
                  const char    *path,
                  GError       **error)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  json_object_set_string_member (object, "base_url", comfy_sandbox_get_base_url (sandbox));
  json_object_set_string_member (object, "v1_url", comfy_sandbox_get_v1_url (sandbox));
  json_object_set_string_member (object, "v2_url", comfy_sandbox_get_v2_url (sandbox));
  json_object_set_string_member (object, "download_url", comfy_sandbox_get_download_url (sandbox));
  json_object_set_string_member (object, "control_url", comfy_sandbox_get_control_url (sandbox));
  node = json_node_init_object (json_node_alloc (), object);
  comfy_json_write (text, node);

  return g_file_set_contents (path, text->str, (gssize) text->len, error);
}

static gboolean
quit_cb (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
clear_arguments (Arguments *arguments)
{
  g_free (arguments->nodes_path);
  g_free (arguments->ledger_path);
  g_free (arguments->responses_path);
  g_free (arguments->ready_path);
  g_free (arguments->protocol);
  g_free (arguments->flavour);
  g_free (arguments->tls);
  g_free (arguments->tls_cert);
  g_free (arguments->tls_key);
  g_strfreev (arguments->keys);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, clear_arguments)

int
main (int   argc,
      char *argv[])
{
  g_auto(Arguments) arguments = { .job_ms = 800 };
  ComfySandboxOptions options = { 0 };
  g_autoptr(ComfySandbox) sandbox = NULL;
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GError) error = NULL;

  setlocale (LC_ALL, "");

  if (!parse_arguments (&arguments, argc, argv, &error)
      || !fill_options (&arguments, &options, &error)
      || !load_certificate (&arguments, &options.certificate, &error)
      || (sandbox = comfy_sandbox_new (&options, &error)) == NULL)
    {
      g_printerr ("comfy-sandbox: %s\n", error->message);
      return EXIT_FAILURE;
    }

  add_keys (sandbox, &arguments);
  if (arguments.ready_path != NULL && !write_ready_file (sandbox, arguments.ready_path, &error))
    {
      g_printerr ("comfy-sandbox: %s\n", error->message);
      return EXIT_FAILURE;
    }
  g_print ("Comfy sandbox: %s (control: %s)\n", comfy_sandbox_get_base_url (sandbox),
           comfy_sandbox_get_control_url (sandbox));

  g_unix_signal_add (SIGINT, quit_cb, loop);
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_main_loop_run (loop);

  g_clear_object (&options.certificate);
  return EXIT_SUCCESS;
}
