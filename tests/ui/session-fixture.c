/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ui-test"

#include "config.h"

#include "session-fixture.h"
#include "test-file-keyring.h"

#define BALANCE 12340000 /* micros of a dollar */
#define JOB_MS  20

/* Before anything asks libsecret for a key: it looks once. with-display.sh has made HOME a new
 * folder and pointed the XDG folders into it. @has_keyring: else there is no service to ask. */
void
session_fixture_init_process (gboolean has_keyring)
{
  if (has_keyring)
    test_use_file_keyring (g_getenv ("HOME"));
  else
    g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_unsetenv ("COMFY_API_KEY");
  g_unsetenv ("COMFY_BASE_URL");
}

static void
remove_if_there (const char *folder)
{
  if (g_file_test (folder, G_FILE_TEST_EXISTS))
    test_remove_tree (folder);
}

/* @from_environment: non-%NULL for a process that finds the key in COMFY_API_KEY */
void
session_fixture_set_up (SessionFixture *fixture,
                        gconstpointer   from_environment)
{
  g_autofree char     *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json",
                                                 NULL);
  ComfySandboxOptions  options = { .nodes_path = nodes, .job_ms = JOB_MS };
  g_autoptr(GError)    error = NULL;

  remove_if_there (g_get_user_config_dir ());
  remove_if_there (g_get_user_state_dir ());

  fixture->sandbox = comfy_sandbox_new (&options, &error);
  g_assert_no_error (error);
  fixture->key = session_fixture_make_key ("abcd");
  comfy_sandbox_add_key (fixture->sandbox, fixture->key, "ann@example.org", BALANCE, "creator");

  if (from_environment != NULL)
    {
      g_setenv ("COMFY_API_KEY", fixture->key, TRUE);
      g_setenv ("COMFY_BASE_URL", comfy_sandbox_get_v1_url (fixture->sandbox), TRUE);
    }
  fixture->host = fake_host_new ();
  fixture->session = comfy_session_new (COMFY_HOST (fixture->host));
  fixture->endpoint =
    comfy_profile_store_add_endpoint (comfy_session_get_profiles (fixture->session), "Sandbox",
                                      comfy_sandbox_get_v1_url (fixture->sandbox), &error);
  g_assert_no_error (error);
  comfy_settings_set_endpoint (comfy_session_get_settings (fixture->session),
                               comfy_endpoint_get_id (fixture->endpoint));
}

void
session_fixture_tear_down (SessionFixture *fixture,
                           gconstpointer   data)
{
  g_clear_object (&fixture->session);
  g_clear_object (&fixture->host);
  g_clear_pointer (&fixture->sandbox, comfy_sandbox_free);
  g_clear_pointer (&fixture->key, g_free);
}

/* A key of the usual form that ends in @tail (transfer full). Made at run time, so that no source
 * file looks as if it held one. */
char *
session_fixture_make_key (const char *tail)
{
  return g_strconcat ("comfyui-", "0123456789abcdef", "0123456789ab", tail, NULL);
}

/* Stores @key without a test. Returns: (transfer full) */
ComfyProfile *
session_fixture_add_profile (SessionFixture *fixture,
                             const char     *name,
                             const char     *key)
{
  g_autoptr(GError)           error = NULL;
  g_autoptr(ComfyCredentials) credentials = NULL;

  credentials = comfy_credentials_new (key, comfy_endpoint_get_origin (fixture->endpoint), &error);
  g_assert_no_error (error);

  return test_await_object (
    comfy_profile_store_add (comfy_session_get_profiles (fixture->session), name,
                             fixture->endpoint, credentials, NULL));
}

/* One of the product's actions (transfer full) */
ComfyAction *
session_fixture_load_action (const char *id)
{
  const char        *data = g_getenv ("COMFY_TEST_DATA_DIR");
  g_autofree char   *graph_name = g_strconcat (id, ".json", NULL);
  g_autofree char   *sidecar_name = g_strconcat (id, ".gimp.json", NULL);
  g_autofree char   *graph = g_build_filename (data, "actions", graph_name, NULL);
  g_autofree char   *sidecar = g_build_filename (data, "actions", sidecar_name, NULL);
  g_autoptr(GError)  error = NULL;
  ComfyAction       *action = comfy_action_new_from_files (graph, sidecar, &error);

  g_assert_no_error (error);

  return action;
}

unsigned int
session_fixture_count_keys (SessionFixture *fixture)
{
  return g_list_model_get_n_items (
    G_LIST_MODEL (comfy_session_get_profiles (fixture->session)));
}
