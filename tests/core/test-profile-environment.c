/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The profile that COMFY_API_KEY and COMFY_BASE_URL make, beside the stored ones.
 */

#include "config.h"

#include "profile-fixture.h"

#define STAGING "https://stagingcloud.comfy.org"

static void
use_environment (ProfileFixture *fixture,
                 const char     *key,
                 const char     *url)
{
  if (key != NULL)
    g_setenv ("COMFY_API_KEY", key, TRUE);
  if (url != NULL)
    g_setenv ("COMFY_BASE_URL", url, TRUE);
  comfy_profile_store_use_environment (fixture->store, comfy_environment_take ());
}

static void
test_wins (ProfileFixture *fixture,
           gconstpointer   data)
{
  ComfyProfile    *stored = profile_add (fixture, "A", COMFY_ENDPOINT_PRODUCTION, "aaaa");
  g_autofree char *key = g_strconcat ("comfyui-", "0123456789abcdef", "eeee", NULL);
  ComfyProfile    *given;

  use_environment (fixture, key, "http://127.0.0.1:8188");
  given = comfy_profile_store_get_active (fixture->store);

  g_assert_cmpstr (comfy_profile_get_id (given), ==, COMFY_ENVIRONMENT_ID);
  g_assert_false (comfy_profile_is_editable (given));
  g_assert_cmpstr (comfy_profile_get_last_four (given), ==, "eeee");
  g_assert_cmpuint (profile_get_n_items (fixture), ==, 2);
  g_assert_nonnull (comfy_profile_store_find_endpoint (fixture->store, COMFY_ENVIRONMENT_ID));
  profile_assert_key (fixture, given, "eeee");
  profile_assert_key (fixture, stored, "aaaa");
  test_await_error (comfy_profile_store_remove (fixture->store, given),
                    COMFY_ERROR_INVALID_ARGUMENT);
  test_await_error (comfy_profile_store_rename (fixture->store, given, "B"),
                    COMFY_ERROR_INVALID_ARGUMENT);

  /* what is learned of it stays in this process */
  comfy_profile_store_note_outcome (fixture->store, given, NULL, NULL);
  comfy_profile_store_note_used (fixture->store, given);
  g_assert_cmpint (comfy_profile_get_state (given), ==, COMFY_PROFILE_WORKS);
  g_assert_false (g_key_file_has_group (comfy_settings_get_key_file (fixture->settings),
                                        "profile " COMFY_ENVIRONMENT_ID));
}

static void
test_url_alone (ProfileFixture *fixture,
                gconstpointer   data)
{
  ComfyProfile *stored = profile_add (fixture, "A", COMFY_ENDPOINT_STAGING, "aaaa");

  use_environment (fixture, NULL, STAGING);
  g_assert_true (comfy_profile_store_get_active (fixture->store) == stored);
}

static void
test_url_of_custom (ProfileFixture *fixture,
                    gconstpointer   data)
{
  const char    *url = "http://127.0.0.1:8188/developer/api/v1";
  ComfyEndpoint *endpoint = comfy_profile_store_add_endpoint (fixture->store, "Mine", url, NULL);
  ComfyProfile  *stored = profile_add (fixture, "A", comfy_endpoint_get_id (endpoint), "aaaa");

  use_environment (fixture, NULL, "http://127.0.0.1:8188");
  g_assert_true (comfy_profile_store_get_active (fixture->store) == stored);
  g_assert_null (comfy_profile_store_find_endpoint (fixture->store, COMFY_ENVIRONMENT_ID));
}

static void
test_unusable (ProfileFixture *fixture,
               gconstpointer   data)
{
  ComfyProfile *given;

  profile_add (fixture, "A", COMFY_ENDPOINT_PRODUCTION, "aaaa");
  use_environment (fixture, NULL, "not a URL");

  /* never another key in its place */
  given = comfy_profile_store_get_active (fixture->store);
  g_assert_cmpstr (comfy_profile_get_id (given), ==, COMFY_ENVIRONMENT_ID);
  g_assert_nonnull (comfy_profile_get_problem (given));
  test_await_error (comfy_profile_store_lookup (fixture->store, given),
                    COMFY_ERROR_INVALID_ARGUMENT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  profile_test_add ("/profile-environment/wins", test_wins);
  profile_test_add ("/profile-environment/url-alone", test_url_alone);
  profile_test_add ("/profile-environment/url-of-custom", test_url_of_custom);
  profile_test_add ("/profile-environment/unusable", test_unusable);

  return profile_test_run ();
}
