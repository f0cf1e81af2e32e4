/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "comfy-api-v2-private.h"
#include "comfy-connector.h"
#include "comfy-error.h"
#include "test-file-keyring.h"
#include "test-server.h"

#define ACCOUNT "{\"id\":\"acc\",\"email\":\"a@b.example\",\"balance\":1230000}"
#define DENIED  "{\"error\":{\"type\":\"unauthorized\",\"message\":\"no\"}}"

typedef struct
{
  char              *folder;
  TestServer        *server;
  ComfySettings     *settings;
  ComfyKeyring      *keyring;
  ComfyProfileStore *store;
  ComfyConnector    *connector;
  ComfyEndpoint     *endpoint;  /* the store's */
  ComfyProfile      *profile;   /* the store's: with a key that ends in "aaaa" */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError)            error = NULL;
  g_autofree char             *path = NULL;
  g_autofree char             *base_url = NULL;
  g_autoptr(ComfyCredentials)  credentials = NULL;
  g_autoptr(ComfyProfile)      profile = NULL;

  fixture->folder = g_dir_make_tmp ("comfy-connector-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->folder, "settings.ini", NULL);
  fixture->server = test_server_new (NULL);
  fixture->settings = comfy_settings_new (path);
  fixture->keyring = comfy_keyring_new ();
  fixture->store = comfy_profile_store_new (fixture->settings, fixture->keyring);
  fixture->connector = comfy_connector_new (fixture->store, fixture->settings, fixture->folder);

  base_url = test_server_dup_url (fixture->server, "/api");
  fixture->endpoint = comfy_profile_store_add_endpoint (fixture->store, "Test", base_url, &error);
  g_assert_no_error (error);
  credentials = test_make_credentials ("aaaa", base_url);
  profile = test_await_object (comfy_profile_store_add (fixture->store, "Local Dev",
                                                        fixture->endpoint, credentials, NULL));
  fixture->profile = profile;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  /* a fiber that has ended is freed in the main loop */
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);

  g_assert_finalize_object (fixture->connector);
  g_assert_finalize_object (fixture->store);
  g_assert_finalize_object (fixture->keyring);
  g_assert_finalize_object (fixture->settings);
  test_server_free (fixture->server);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

static ComfyApi *
open_api (Fixture *fixture)
{
  return test_await_object (comfy_connector_open (fixture->connector, fixture->profile));
}

/* whether the (@i + 1)th request carried the key that ends in @tail */
static void
assert_key (Fixture      *fixture,
            unsigned int  i,
            const char   *tail)
{
  const char *header = test_request_get_header (test_server_get_request (fixture->server, i),
                                                "Authorization");

  g_assert_nonnull (header);
  g_assert_true (g_str_has_prefix (header, "Bearer comfyui-") && g_str_has_suffix (header, tail));
}

static void
test_open (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(ComfyApi)       first = NULL;
  g_autoptr(ComfyApi)       second = NULL;
  g_autoptr(ComfyApi)       elsewhere = NULL;
  g_autoptr(ComfyConnector) other = NULL;

  g_assert_null (comfy_connector_get_protocol_name (fixture->connector, fixture->endpoint));
  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  first = open_api (fixture);
  assert_key (fixture, 0, "aaaa");
  g_assert_cmpstr (comfy_connector_get_protocol_name (fixture->connector, fixture->endpoint), ==,
                   comfy_api_get_name (first));

  /* known from now on, here and in other processes */
  second = open_api (fixture);
  g_assert_true (first == second);
  other = comfy_connector_new (fixture->store, fixture->settings, fixture->folder);
  elsewhere = test_await_object (comfy_connector_open (other, fixture->profile));
  g_assert_cmpstr (comfy_api_get_name (elsewhere), ==, comfy_api_get_name (first));
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 1);
}

/* what jobs learn of a server is kept, and told to the next process */
static void
test_learns (Fixture       *fixture,
             gconstpointer  data)
{
  const char          *base_url = comfy_endpoint_get_base_url (fixture->endpoint);
  g_autoptr(ComfyApi)  first = NULL;
  g_autoptr(ComfyApi)  second = NULL;

  comfy_settings_set_protocol (fixture->settings, "v2");
  first = open_api (fixture);
  g_assert_false (COMFY_API_V2 (first)->names_only);
  comfy_api_emit_learned (first, COMFY_SERVER_NAMES_ONLY, TRUE);
  g_assert_true (_comfy_server_memory_get_flag (fixture->settings, base_url,
                                                COMFY_SERVER_NAMES_ONLY));

  g_clear_object (&fixture->connector);
  fixture->connector = comfy_connector_new (fixture->store, fixture->settings, fixture->folder);
  second = open_api (fixture);
  g_assert_true (COMFY_API_V2 (second)->names_only);
  comfy_api_emit_learned (second, COMFY_SERVER_NAMES_ONLY, FALSE);
  g_assert_false (_comfy_server_memory_get_flag (fixture->settings, base_url,
                                                 COMFY_SERVER_NAMES_ONLY));
}

static void
test_open_twice_at_once (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(DexFuture) other = NULL;
  g_autoptr(ComfyApi)  first = NULL;
  g_autoptr(ComfyApi)  second = NULL;

  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  other = comfy_connector_open (fixture->connector, fixture->profile);
  first = open_api (fixture);
  second = test_await_object (g_steal_pointer (&other));
  g_assert_true (first == second);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 2);
}

static void
test_replaced_key (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(ComfyApi)         before = NULL;
  g_autoptr(ComfyApi)         after = NULL;
  g_autoptr(ComfyAccount)     account = NULL;
  g_autoptr(ComfyCredentials) credentials = NULL;

  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  before = open_api (fixture);

  credentials = test_make_credentials ("bbbb", comfy_endpoint_get_origin (fixture->endpoint));
  test_await_true (comfy_profile_store_replace (fixture->store, fixture->profile, credentials));
  after = open_api (fixture);
  g_assert_true (before != after);

  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  account = test_await_boxed (comfy_api_get_account (after));
  assert_key (fixture, 1, "bbbb");
}

static void
test_removed_key (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(ComfyProfile) profile = g_object_ref (fixture->profile);
  g_autoptr(ComfyApi)     api = NULL;

  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  api = open_api (fixture);
  test_await_true (comfy_profile_store_remove (fixture->store, profile));
  test_await_error (comfy_connector_open (fixture->connector, profile), COMFY_ERROR_NO_KEY);
}

static void
test_works (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyAccount)  account = NULL;
  const ComfyAccount      *noted;

  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  account = test_await_boxed (comfy_connector_test (fixture->connector, fixture->profile));

  g_assert_cmpstr (account->email, ==, "a@b.example");
  g_assert_cmpint (comfy_profile_get_state (fixture->profile), ==, COMFY_PROFILE_WORKS);
  noted = comfy_profile_get_account (fixture->profile);
  g_assert_cmpstr (noted->email, ==, "a@b.example");
  g_assert_cmpint (noted->balance_micros, ==, 1230000);
}

static void
assert_rejected (Fixture    *fixture,
                 const char *body,
                 const char *hint)
{
  g_autoptr(DexFuture)  future = NULL;
  g_autoptr(GError)     error = NULL;
  const char           *problem;

  test_server_push_reply (fixture->server, 401, body, NULL);
  future = test_settle (comfy_connector_test (fixture->connector, fixture->profile));
  g_assert_null (dex_future_get_value (future, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (comfy_error_get_status (error), ==, 401);

  g_assert_cmpint (comfy_profile_get_state (fixture->profile), ==, COMFY_PROFILE_REJECTED);
  problem = comfy_profile_get_problem (fixture->profile);
  g_assert_cmpstr (problem, ==, error->message);
  g_assert_nonnull (strstr (problem, "“Local Dev”"));
  g_assert_nonnull (strstr (problem, hint));
  /* the four causes of the authentication page */
  g_assert_nonnull (strstr (problem, "proxy"));
  g_assert_nonnull (strstr (problem, "not copied whole"));
  g_assert_nonnull (strstr (problem, "revoked or deleted"));
  g_assert_nonnull (strstr (problem, "another environment than Test"));
}

static void
test_rejected (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(ComfyAccount) account = NULL;

  test_server_push_reply (fixture->server, 401, DENIED, NULL);
  assert_rejected (fixture, DENIED, "The key has been revoked or deleted");
  assert_rejected (fixture, "<html>log in</html>", "does not look like one of the service");

  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  account = test_await_boxed (comfy_connector_test (fixture->connector, fixture->profile));
  assert_rejected (fixture, DENIED, "worked before");
}

static void
test_unreachable (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(ComfyApi) api = NULL;

  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  api = open_api (fixture);

  test_server_push_reply (fixture->server, 503, "<html>", NULL);
  test_await_error (comfy_connector_test (fixture->connector, fixture->profile),
                    COMFY_ERROR_SERVER);
  g_assert_cmpint (comfy_profile_get_state (fixture->profile), ==, COMFY_PROFILE_UNREACHABLE);
  g_assert_nonnull (comfy_profile_get_problem (fixture->profile));

  test_server_free (fixture->server);
  test_await_error (comfy_connector_test (fixture->connector, fixture->profile),
                    COMFY_ERROR_CONNECTION);
  fixture->server = test_server_new (NULL);
}

static void
push_v2 (Fixture *fixture)
{
  test_server_push_reply (fixture->server, 404, "<html>", NULL);
  test_server_push_reply (fixture->server, 404, "", NULL);
  test_server_push_reply (fixture->server, 404, "{\"error\":{\"code\":\"not_found\"}}", NULL);
}

/* an environment moves from one protocol to the other */
static void
test_moved (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyApi)     before = NULL;
  g_autoptr(ComfyApi)     after = NULL;
  g_autoptr(ComfyAccount) account = NULL;

  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  before = open_api (fixture);

  test_server_push_reply (fixture->server, 404, "<html>", NULL);
  push_v2 (fixture);
  test_server_push_reply (fixture->server, 404, "", NULL);
  account = test_await_boxed (comfy_connector_test (fixture->connector, fixture->profile));

  after = open_api (fixture);
  g_assert_cmpstr (comfy_api_get_name (after), !=, comfy_api_get_name (before));
  g_assert_cmpstr (comfy_connector_get_protocol_name (fixture->connector, fixture->endpoint), ==,
                   comfy_api_get_name (after));
  g_assert_cmpint (comfy_profile_get_state (fixture->profile), ==, COMFY_PROFILE_WORKS);
}

/* a job meets it first */
static void
test_moved_under_a_job (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autofree char     *path = g_build_filename (fixture->folder, "in.png", NULL);
  g_autoptr(ComfyApi)  before = NULL;
  g_autoptr(ComfyApi)  after = NULL;

  g_assert_true (g_file_set_contents (path, "PIXELS", -1, NULL));
  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  before = open_api (fixture);
  test_server_push_reply (fixture->server, 404, "<html>", NULL);
  test_await_error (comfy_api_upload (before, path, "in.png", "image/png", NULL),
                    COMFY_ERROR_NOT_FOUND);

  push_v2 (fixture);
  after = open_api (fixture);
  g_assert_cmpstr (comfy_api_get_name (after), !=, comfy_api_get_name (before));
}

static void
test_chosen (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyApi) v2 = NULL;
  g_autoptr(ComfyApi) v1 = NULL;

  comfy_settings_set_protocol (fixture->settings, "v2");
  v2 = open_api (fixture);
  comfy_settings_set_protocol (fixture->settings, "v1");
  v1 = open_api (fixture);

  g_assert_cmpstr (comfy_api_get_name (v1), !=, comfy_api_get_name (v2));
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 0);

  /* and it stays chosen when it makes no sense */
  test_server_push_reply (fixture->server, 404, "<html>", NULL);
  test_await_error (comfy_connector_test (fixture->connector, fixture->profile),
                    COMFY_ERROR_NOT_FOUND);
}

static void
test_try (Fixture       *fixture,
          gconstpointer  data)
{
  g_autoptr(ComfyCredentials)  credentials = NULL;
  g_autoptr(ComfyAccount)      account = NULL;
  g_autoptr(DexFuture)         keyless = NULL;
  g_autoptr(GError)            error = NULL;

  credentials = test_make_credentials ("cccc", comfy_endpoint_get_origin (fixture->endpoint));
  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  test_server_push_reply (fixture->server, 200, ACCOUNT, NULL);
  account = test_await_boxed (comfy_connector_try (fixture->connector, fixture->endpoint,
                                                   credentials));
  g_assert_cmpstr (account->email, ==, "a@b.example");
  assert_key (fixture, 1, "cccc");
  g_assert_cmpint (comfy_profile_get_state (fixture->profile), ==, COMFY_PROFILE_NOT_TESTED);

  test_server_push_reply (fixture->server, 401, DENIED, NULL);
  test_await_error (comfy_connector_try (fixture->connector, fixture->endpoint, credentials),
                    COMFY_ERROR_UNAUTHORIZED);

  test_server_push_reply (fixture->server, 401, DENIED, NULL);
  keyless = test_settle (comfy_connector_try (fixture->connector, fixture->endpoint, NULL));
  g_assert_null (dex_future_get_value (keyless, &error));
  g_assert_nonnull (strstr (error->message, "asks for a key"));
  g_assert_null (test_request_get_header (test_server_get_request (fixture->server, 3),
                                          "Authorization"));
}

static void
test_dropped (Fixture       *fixture,
              gconstpointer  data)
{
  typedef DexFuture *(*Start) (ComfyConnector *connector,
                               ComfyProfile   *profile);
  static const Start starts[] = { comfy_connector_open, comfy_connector_test };

  for (unsigned int i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      DexFuture *future;

      test_server_push_silence (fixture->server);
      future = starts[i] (fixture->connector, fixture->profile);
      while (test_server_get_n (fixture->server) < i + 1)
        g_main_context_iteration (NULL, TRUE);
      dex_unref (future);
    }

  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 2);
  g_assert_cmpint (comfy_profile_get_state (fixture->profile), ==, COMFY_PROFILE_NOT_TESTED);
}

#define ADD(path, func) g_test_add ("/connector/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_autofree char *keyring_folder = NULL;
  int              result;

  keyring_folder = g_dir_make_tmp ("comfy-keyring-XXXXXX", NULL);
  test_use_file_keyring (keyring_folder);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("finds-the-protocol-out-once", test_open);
  ADD ("who-asks-at-once-gets-the-same", test_open_twice_at_once);
  ADD ("what-is-learned-of-a-server-is-kept", test_learns);
  ADD ("a-replaced-key-is-not-used-again", test_replaced_key);
  ADD ("a-removed-key-is-not-used-again", test_removed_key);
  ADD ("a-test-notes-that-the-key-works", test_works);
  ADD ("a-test-notes-why-a-key-may-have-been-rejected", test_rejected);
  ADD ("a-test-notes-that-nobody-answers", test_unreachable);
  ADD ("a-test-finds-another-protocol", test_moved);
  ADD ("a-job-that-meets-another-protocol-has-it-found-out", test_moved_under_a_job);
  ADD ("a-chosen-protocol-is-not-asked-for", test_chosen);
  ADD ("an-unstored-key-can-be-tried", test_try);
  ADD ("every-call-can-be-dropped", test_dropped);

  result = g_test_run ();
  test_remove_tree (keyring_folder);

  return result;
}
