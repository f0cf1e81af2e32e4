/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A whole session of core with a known key, ending in an abort: what test-leak searches.
 *
 *   leak-session [--plant] < KEY
 *
 * It adds a custom environment, tests, stores, renames and replaces the key, meets rejections and
 * broken answers, among them one that repeats the key, and runs a job that works and one that fails
 * over each protocol. --plant leaves a part of the key behind, to show that the test can fail.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "comfy-hardening.h"
#include "comfy-sandbox.h"
#include "comfy-session.h"
#include "fake-host.h"
#include "test-future.h"

#define MAX_KEY 200

typedef struct
{
  char          key[MAX_KEY];
  ComfySandbox *sandbox;
  ComfySession *session;
} Leak;

static void
read_key (Leak *leak)
{
  gssize n = read (STDIN_FILENO, leak->key, sizeof leak->key - 1);

  g_assert_cmpint (n, >, 0);
  leak->key[n] = '\0';
}

static void
start_sandbox (Leak *leak)
{
  g_autofree char           *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                       "nodes.json", NULL);
  g_autofree char           *ledger = g_build_filename (g_get_user_cache_dir (), "ledger", NULL);
  const ComfySandboxOptions  options = { .nodes_path = nodes, .ledger_path = ledger };
  g_autoptr(GError)          error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (g_get_user_cache_dir (), 0700));
  leak->sandbox = comfy_sandbox_new (&options, &error);
  g_assert_no_error (error);
  comfy_sandbox_add_key (leak->sandbox, leak->key, "ann@example.net", 5000000, "standard");
}

static ComfyCredentials *
make_credentials (Leak          *leak,
                  ComfyEndpoint *endpoint)
{
  g_autoptr(GError)  error = NULL;
  ComfyCredentials  *credentials;

  credentials = comfy_credentials_new (leak->key, comfy_endpoint_get_origin (endpoint), &error);
  g_assert_no_error (error);

  return credentials;
}

/* Everything that a user could be shown or copy of an error */
static void
show_outcome (const char *what,
              DexFuture  *taken)
{
  g_autoptr(DexFuture)  future = test_settle (taken);
  g_autoptr(GError)     error = NULL;
  g_autofree char      *report = NULL;

  dex_future_get_value (future, &error);
  report = error != NULL ? comfy_error_dup_report (error) : g_strdup ("fine\n");
  g_print ("%s: %s", what, report);
}

static void
misbehave (Leak       *leak,
           const char *format,
           ...) G_GNUC_PRINTF (2, 3);

static void
misbehave (Leak       *leak,
           const char *format,
           ...)
{
  g_autofree char *json = NULL;
  va_list          args;

  va_start (args, format);
  json = g_strdup_vprintf (format, args);
  va_end (args);
  g_assert_true (comfy_sandbox_control (leak->sandbox, "faults", json));
}

static ComfyProfile *
add_key (Leak       *leak,
         const char *name,
         const char *url)
{
  ComfyProfileStore           *profiles = comfy_session_get_profiles (leak->session);
  ComfyConnector              *connector = comfy_session_get_connector (leak->session);
  g_autoptr(ComfyCredentials)  credentials = NULL;
  g_autoptr(ComfyAccount)      account = NULL;
  g_autoptr(ComfyProfile)      profile = NULL;
  g_autoptr(GError)            error = NULL;
  ComfyEndpoint               *endpoint;

  endpoint = comfy_profile_store_add_endpoint (profiles, name, url, &error);
  g_assert_no_error (error);
  credentials = make_credentials (leak, endpoint);

  account = test_await_boxed (comfy_connector_try (connector, endpoint, credentials));
  profile = test_await_object (comfy_profile_store_add (profiles, name, endpoint, credentials,
                                                        account));
  test_await_true (comfy_profile_store_rename (profiles, profile, "Production Backend"));
  test_await_true (comfy_profile_store_replace (profiles, profile, credentials));
  test_await_true (comfy_profile_store_refresh (profiles, TRUE));
  comfy_settings_set_endpoint (comfy_session_get_settings (leak->session),
                               comfy_endpoint_get_id (endpoint));

  return profile;
}

/* Answers that a key could come back in */
static void
meet_errors (Leak         *leak,
             ComfyProfile *profile)
{
  ComfyConnector *connector = comfy_session_get_connector (leak->session);

  misbehave (leak, "{\"kind\": \"status\", \"path\": \"/\", \"status\": 401,"
             " \"code\": \"unauthorized\", \"message\": \"Invalid API key %s\"}", leak->key);
  show_outcome ("rejected", comfy_connector_test (connector, profile));
  g_print ("problem: %s\n", comfy_profile_get_problem (profile));
  misbehave (leak, "{\"kind\": \"plain_text\", \"path\": \"/\", \"status\": 403,"
             " \"message\": \"Authorization: Bearer %s is not welcome\"}", leak->key);
  show_outcome ("plain text", comfy_connector_test (connector, profile));
  misbehave (leak, "{\"kind\": \"html\", \"path\": \"/\", \"status\": 404}");
  show_outcome ("a page", comfy_connector_test (connector, profile));
  misbehave (leak, "{\"kind\": \"reset\", \"path\": \"/\"}");
  show_outcome ("reset", comfy_connector_test (connector, profile));
  show_outcome ("in the end", comfy_connector_test (connector, profile));
}

static void
run_actions (Leak *leak)
{
  g_autofree char      *folder = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "actions",
                                                   NULL);
  g_autoptr(GPtrArray)  actions = comfy_action_list_folder (folder);

  g_assert_cmpuint (actions->len, >, 0);
  for (unsigned int i = 0; i < actions->len; i++)
    {
      ComfyAction          *action = g_ptr_array_index (actions, i);
      g_autoptr(ComfyForm)  form = comfy_form_new (action);
      g_autoptr(DexFuture)  prepared = NULL;
      g_autoptr(ComfyJob)   job = NULL;
      g_autoptr(GError)     error = NULL;
      const GValue         *id;

      if (comfy_action_find_field (action, "prompt") != NULL)
        comfy_form_set_value (form, "prompt", g_variant_new_string ("a raccoon with coffee"));
      if (comfy_action_find_field (action, "edges") != NULL)
        comfy_form_set_value (form, "edges", g_variant_new ("(iiii)", 0, 0, 64, 0));

      prepared = test_settle (comfy_session_prepare (leak->session, form, 1, NULL));
      id = dex_future_get_value (prepared, &error);
      g_assert_no_error (error);
      job = comfy_session_open_job (leak->session, g_value_get_string (id), &error);
      g_assert_no_error (error);
      show_outcome (comfy_action_get_id (action),
                    comfy_scheduler_run (comfy_session_get_scheduler (leak->session), job));
    }
}

static void
plant (Leak *leak)
{
  g_autofree char *path = g_build_filename (g_get_user_state_dir (), "planted", NULL);

  g_assert_true (g_file_set_contents (path, leak->key + strlen (leak->key) - 12, 12, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(FakeHost) host = NULL;
  struct rlimit       limit;
  Leak                leak = { 0, };

  /* as on a desktop that keeps cores */
  g_assert_no_errno (getrlimit (RLIMIT_CORE, &limit));
  limit.rlim_cur = limit.rlim_max;
  g_assert_no_errno (setrlimit (RLIMIT_CORE, &limit));

  comfy_hardening_apply ();
  dex_init ();
  read_key (&leak);
  start_sandbox (&leak);
  host = fake_host_new ();
  leak.session = comfy_session_new (COMFY_HOST (host));

  meet_errors (&leak, add_key (&leak, "v1", comfy_sandbox_get_v1_url (leak.sandbox)));
  run_actions (&leak);
  comfy_settings_set_protocol (comfy_session_get_settings (leak.session), "v2");
  meet_errors (&leak, add_key (&leak, "v2", comfy_sandbox_get_v2_url (leak.sandbox)));
  run_actions (&leak);

  g_assert_cmpuint (fake_host_get_n_placed (host), >, 0);
  if (g_strcmp0 (argv[1], "--plant") == 0)
    plant (&leak);

  g_print ("the session is complete\n");
  fflush (NULL);
  abort ();
}
