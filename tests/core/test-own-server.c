/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Servers that are not Comfy Cloud.
 */
#include "config.h"

#include "comfy-connector.h"
#include "comfy-error.h"
#include "test-file-keyring.h"
#include "test-server.h"

typedef struct
{
  char              *folder;
  TestServer        *server;
  ComfySettings     *settings;
  ComfyKeyring      *keyring;
  ComfyProfileStore *store;
  ComfyConnector    *connector;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError)  error = NULL;
  g_autofree char   *path = NULL;

  fixture->folder = g_dir_make_tmp ("comfy-connector-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->folder, "settings.ini", NULL);
  fixture->server = test_server_new (NULL);
  fixture->settings = comfy_settings_new (path);
  fixture->keyring = comfy_keyring_new ();
  fixture->store = comfy_profile_store_new (fixture->settings, fixture->keyring);
  fixture->connector = comfy_connector_new (fixture->store, fixture->settings, fixture->folder);
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

static void
push_v2 (Fixture *fixture)
{
  test_server_push_reply (fixture->server, 404, "<html>", NULL);
  test_server_push_reply (fixture->server, 404, "", NULL);
  test_server_push_reply (fixture->server, 404, "{\"error\":{\"code\":\"not_found\"}}", NULL);
}

/* a ComfyUI of one's own: no key, or any token, over http to this computer */
static void
test_own_server (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError)            error = NULL;
  g_autoptr(ComfyCredentials)  token = NULL;
  const char                  *origin = test_server_get_url (fixture->server);
  ComfyEndpoint               *own;

  own = comfy_profile_store_add_endpoint (fixture->store, "My ComfyUI", origin, &error);
  g_assert_no_error (error);
  token = comfy_credentials_new ("any;token=1", origin, &error);
  g_assert_no_error (error);

  for (unsigned int i = 0; i < 2; i++)
    {
      ComfyCredentials         *key = i == 0 ? NULL : token;
      unsigned int              n = test_server_get_n (fixture->server);
      g_autofree char          *name = g_strdup_printf ("Key %u", i);
      g_autoptr(ComfyAccount)   tried = NULL;
      g_autoptr(ComfyAccount)   tested = NULL;
      g_autoptr(ComfyProfile)   profile = NULL;

      if (i == 0)
        push_v2 (fixture);
      test_server_push_reply (fixture->server, 404, "", NULL);
      tried = test_await_boxed (comfy_connector_try (fixture->connector, own, key));
      profile = test_await_object (comfy_profile_store_add (fixture->store, name, own, key, NULL));
      test_server_push_reply (fixture->server, 404, "", NULL);
      tested = test_await_boxed (comfy_connector_test (fixture->connector, profile));
      g_assert_cmpint (comfy_profile_get_state (profile), ==, COMFY_PROFILE_WORKS);
      g_assert_cmpint (comfy_profile_has_key (profile), ==, key != NULL);

      for (unsigned int j = n; j < test_server_get_n (fixture->server); j++)
        g_assert_cmpstr (test_request_get_header (test_server_get_request (fixture->server, j),
                                                  "Authorization"), ==,
                         key != NULL ? "Bearer any;token=1" : NULL);
    }

  g_assert_cmpstr (comfy_connector_get_protocol_name (fixture->connector, own), ==,
                   "Comfy API v2");
}

#define ADD(path, func) g_test_add ("/own-server/" path, Fixture, NULL, set_up, func, tear_down)

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

  ADD ("needs-no-key-or-any", test_own_server);

  result = g_test_run ();
  test_remove_tree (keyring_folder);

  return result;
}
