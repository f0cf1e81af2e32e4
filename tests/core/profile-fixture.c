/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "profile-fixture.h"

static void
set_up (ProfileFixture *fixture,
        gconstpointer   data)
{
  fixture->folder = g_dir_make_tmp ("comfy-profiles-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "settings.ini", NULL);
  fixture->settings = comfy_settings_new (fixture->path);
  fixture->keyring = comfy_keyring_new ();
  fixture->store = comfy_profile_store_new (fixture->settings, fixture->keyring);
}

static void
tear_down (ProfileFixture *fixture,
           gconstpointer   data)
{
  g_assert_finalize_object (fixture->store);
  g_assert_finalize_object (fixture->keyring);
  g_assert_finalize_object (fixture->settings);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

void
profile_test_add (const char  *path,
                  ProfileTest  test)
{
  g_test_add (path, ProfileFixture, NULL, set_up, test, tear_down);
}

int
profile_test_run (void)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-keyring-XXXXXX", NULL);
  int              result;

  dex_init ();
  test_use_file_keyring (folder);
  result = g_test_run ();
  test_remove_tree (folder);

  return result;
}

ComfyProfile *
profile_add (ProfileFixture *fixture,
             const char     *name,
             const char     *endpoint_id,
             const char     *tail)
{
  ComfyEndpoint               *endpoint = comfy_profile_store_find_endpoint (fixture->store,
                                                                             endpoint_id);
  g_autoptr(ComfyCredentials)  credentials = NULL;
  g_autoptr(ComfyProfile)      profile = NULL;

  credentials = test_make_credentials (tail, comfy_endpoint_get_origin (endpoint));
  profile = test_await_object (comfy_profile_store_add (fixture->store, name, endpoint,
                                                        credentials, NULL));

  return profile;
}

void
profile_assert_key (ProfileFixture *fixture,
                    ComfyProfile   *profile,
                    const char     *tail)
{
  g_autoptr(ComfyCredentials) found = NULL;

  found = test_await_boxed (comfy_profile_store_lookup (fixture->store, profile));
  g_assert_cmpstr (comfy_credentials_get_last_four (found), ==, tail);
}

unsigned int
profile_get_n_items (ProfileFixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->store));
}
