/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "profile-fixture.h"

#define PRODUCTION "https://cloud.comfy.org"
#define STAGING    "https://stagingcloud.comfy.org"

static ComfyProfile *
add (ProfileFixture *fixture,
     const char     *name,
     const char     *tail)
{
  return profile_add (fixture, name, COMFY_ENDPOINT_PRODUCTION, tail);
}

static ComfyEndpoint *
find_staging (ProfileFixture *fixture)
{
  return comfy_profile_store_find_endpoint (fixture->store, COMFY_ENDPOINT_STAGING);
}

static void
test_add (ProfileFixture *fixture,
          gconstpointer   data)
{
  ComfyProfile    *profile = profile_add (fixture, " Production Backend ",
                                          COMFY_ENDPOINT_PRODUCTION, "wxyz");
  g_autofree char *label = test_dup_label (comfy_profile_get_id (profile));
  g_autofree char *index = NULL;

  g_assert_cmpuint (profile_get_n_items (fixture), ==, 1);
  g_assert_cmpstr (comfy_profile_get_name (profile), ==, "Production Backend");
  g_assert_cmpstr (comfy_profile_get_last_four (profile), ==, "wxyz");
  g_assert_cmpint (comfy_profile_get_state (profile), ==, COMFY_PROFILE_NOT_TESTED);
  g_assert_true (comfy_profile_is_default (profile));
  g_assert_true (comfy_profile_is_editable (profile));
  g_assert_false (comfy_profile_is_stale (profile));
  g_assert_cmpint (comfy_profile_get_last_used (profile), ==, 0);
  g_assert_cmpstr (label, ==, "Production Backend");
  profile_assert_key (fixture, profile, "wxyz");
  g_assert_true (comfy_profile_store_get_active (fixture->store) == profile);

  /* not even the end of the key lies in the index; its letters cannot be part of an id */
  g_assert_true (g_file_get_contents (fixture->path, &index, NULL, NULL));
  g_assert_null (strstr (index, "wxyz"));
  g_assert_null (strstr (index, "comfyui-"));
}

static void
test_names (ProfileFixture *fixture,
            gconstpointer   data)
{
  ComfyEndpoint               *endpoint = find_staging (fixture);
  g_autoptr(ComfyCredentials)  credentials = test_make_credentials ("bbbb", STAGING);

  profile_add (fixture, "Local Dev", COMFY_ENDPOINT_STAGING, "aaaa");
  test_await_error (comfy_profile_store_add (fixture->store, "Local Dev", endpoint, credentials,
                                             NULL), COMFY_ERROR_INVALID_ARGUMENT);
  test_await_error (comfy_profile_store_add (fixture->store, "  ", endpoint, credentials, NULL),
                    COMFY_ERROR_INVALID_ARGUMENT);
  /* the same name in another environment is another key */
  profile_add (fixture, "Local Dev", COMFY_ENDPOINT_PRODUCTION, "cccc");
  g_assert_cmpuint (profile_get_n_items (fixture), ==, 2);
}

static void
test_key_of_another_environment (ProfileFixture *fixture,
                                 gconstpointer   data)
{
  ComfyEndpoint               *endpoint = find_staging (fixture);
  g_autoptr(ComfyCredentials)  credentials = test_make_credentials ("bbbb", PRODUCTION);
  ComfyProfile                *profile;

  test_await_error (comfy_profile_store_add (fixture->store, "A", endpoint, credentials, NULL),
                    COMFY_ERROR_WRONG_ORIGIN);
  profile = profile_add (fixture, "B", COMFY_ENDPOINT_STAGING, "aaaa");
  test_await_error (comfy_profile_store_replace (fixture->store, profile, credentials),
                    COMFY_ERROR_WRONG_ORIGIN);
  g_assert_cmpuint (profile_get_n_items (fixture), ==, 1);
}

static void
test_rename (ProfileFixture *fixture,
             gconstpointer   data)
{
  ComfyProfile    *profile = add (fixture, "Old", "aaaa");
  g_autofree char *label = NULL;

  test_await_true (comfy_profile_store_rename (fixture->store, profile, "New"));
  g_assert_cmpstr (comfy_profile_get_name (profile), ==, "New");
  label = test_dup_label (comfy_profile_get_id (profile));
  g_assert_cmpstr (label, ==, "New");
  profile_assert_key (fixture, profile, "aaaa");
  /* to its own name is no clash */
  test_await_true (comfy_profile_store_rename (fixture->store, profile, "New"));
}

static void
test_replace (ProfileFixture *fixture,
              gconstpointer   data)
{
  ComfyProfile                *profile = add (fixture, "A", "aaaa");
  g_autoptr(ComfyCredentials)  credentials = test_make_credentials ("bbbb", PRODUCTION);

  comfy_profile_store_note_outcome (fixture->store, profile, NULL, NULL);
  g_assert_cmpint (comfy_profile_get_state (profile), ==, COMFY_PROFILE_WORKS);
  test_await_true (comfy_profile_store_replace (fixture->store, profile, credentials));
  g_assert_cmpint (comfy_profile_get_state (profile), ==, COMFY_PROFILE_NOT_TESTED);
  g_assert_cmpstr (comfy_profile_get_last_four (profile), ==, "bbbb");
  profile_assert_key (fixture, profile, "bbbb");
}

static void
test_remove_hands_default_on (ProfileFixture *fixture,
                              gconstpointer   data)
{
  ComfyProfile            *first = add (fixture, "A", "aaaa");
  ComfyProfile            *second = add (fixture, "B", "bbbb");
  ComfyProfile            *third = add (fixture, "C", "cccc");
  g_autofree char         *id = g_strdup (comfy_profile_get_id (third));

  g_assert_true (comfy_profile_is_default (first));
  comfy_profile_store_set_default (fixture->store, third);
  g_assert_false (comfy_profile_is_default (first));
  g_assert_true (comfy_profile_store_get_active (fixture->store) == third);

  test_await_true (comfy_profile_store_remove (fixture->store, third));
  g_assert_cmpuint (profile_get_n_items (fixture), ==, 2);
  g_assert_null (comfy_profile_store_find (fixture->store, id));
  g_assert_true (comfy_profile_is_default (first));
  g_assert_false (comfy_profile_is_default (second));
  test_await_error (comfy_keyring_lookup (fixture->keyring, id, PRODUCTION, FALSE),
                    COMFY_ERROR_NO_KEY);
}

static void
test_outcomes (ProfileFixture *fixture,
               gconstpointer   data)
{
  static const struct { ComfyError code; ComfyProfileState state; } cases[] = {
    { COMFY_ERROR_OFFLINE, COMFY_PROFILE_UNREACHABLE },
    { COMFY_ERROR_CANCELLED, COMFY_PROFILE_UNREACHABLE }, /* says nothing: stays */
    { COMFY_ERROR_NO_CREDITS, COMFY_PROFILE_WORKS },
    { COMFY_ERROR_KEYRING_LOCKED, COMFY_PROFILE_WORKS },
    { COMFY_ERROR_UNAUTHORIZED, COMFY_PROFILE_REJECTED },
  };
  ComfyProfile            *profile = add (fixture, "A", "aaaa");
  g_autoptr(ComfyAccount)  account = comfy_account_new ("ann@example.net");

  account->has_balance = TRUE;
  account->balance_micros = -1500000;
  comfy_profile_store_note_outcome (fixture->store, profile, account, NULL);
  g_assert_cmpint (comfy_profile_get_state (profile), ==, COMFY_PROFILE_WORKS);
  g_assert_cmpstr (comfy_profile_get_account (profile)->email, ==, "ann@example.net");
  g_assert_cmpint (comfy_profile_get_account (profile)->balance_micros, ==, -1500000);

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = comfy_error_new (cases[i].code, NULL, "A sentence.");

      comfy_profile_store_note_outcome (fixture->store, profile, NULL, error);
      g_assert_cmpint (comfy_profile_get_state (profile), ==, cases[i].state);
      g_assert_cmpstr (comfy_profile_get_problem (profile), ==, "A sentence.");
      g_assert_true ((comfy_profile_get_account (profile) != NULL) ==
                     (cases[i].state != COMFY_PROFILE_REJECTED));
    }

  comfy_profile_store_note_outcome (fixture->store, profile, NULL, NULL);
  g_assert_null (comfy_profile_get_problem (profile));
}

static void
test_survives_restart (ProfileFixture *fixture,
                       gconstpointer   data)
{
  ComfyProfile                 *profile = profile_add (fixture, "A [b] = \n c",
                                                       COMFY_ENDPOINT_STAGING, "aaaa");
  g_autoptr(ComfyAccount)       account = comfy_account_new ("ann@example.net");
  g_autoptr(ComfySettings)      settings = NULL;
  g_autoptr(ComfyProfileStore)  again = NULL;
  ComfyProfile                 *found;

  comfy_profile_store_note_outcome (fixture->store, profile, account, NULL);
  comfy_profile_store_note_used (fixture->store, profile);

  settings = comfy_settings_new (fixture->path);
  again = comfy_profile_store_new (settings, fixture->keyring);
  found = comfy_profile_store_find (again, comfy_profile_get_id (profile));
  g_assert_nonnull (found);
  g_assert_cmpstr (comfy_profile_get_name (found), ==, "A [b] = \n c");
  g_assert_cmpstr (comfy_profile_get_endpoint_id (found), ==, COMFY_ENDPOINT_STAGING);
  g_assert_cmpint (comfy_profile_get_state (found), ==, COMFY_PROFILE_WORKS);
  g_assert_cmpstr (comfy_profile_get_account (found)->email, ==, "ann@example.net");
  g_assert_false (comfy_profile_get_account (found)->has_balance);
  g_assert_cmpint (comfy_profile_get_last_used (found), >, 0);
  g_assert_true (comfy_profile_has_key (found));
  g_assert_true (comfy_profile_is_default (found));

  /* the end of the key is known only when the keyring told it */
  g_assert_null (comfy_profile_get_last_four (found));
  test_await_true (comfy_profile_store_refresh (again, FALSE));
  g_assert_cmpstr (comfy_profile_get_last_four (found), ==, "aaaa");
}

static void
test_follows_other_process (ProfileFixture *fixture,
                            gconstpointer   data)
{
  ComfyProfile                 *profile = add (fixture, "A", "aaaa");
  g_autoptr(ComfySettings)      settings = comfy_settings_new (fixture->path);
  g_autoptr(ComfyProfileStore)  other = comfy_profile_store_new (settings, fixture->keyring);
  ComfyProfile                 *twin;

  twin = comfy_profile_store_find (other, comfy_profile_get_id (profile));
  test_await_true (comfy_profile_store_rename (other, twin, "B"));
  while (g_strcmp0 (comfy_profile_get_name (profile), "B") != 0)
    g_main_context_iteration (NULL, TRUE);

  test_await_true (comfy_profile_store_remove (other, twin));
  while (profile_get_n_items (fixture) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_stale (ProfileFixture *fixture,
            gconstpointer   data)
{
  GKeyFile     *keys = comfy_settings_get_key_file (fixture->settings);
  gint64        now = g_get_real_time () / G_USEC_PER_SEC;
  ComfyProfile *profile;

  g_key_file_set_string (keys, "profile old", "name", "Old");
  g_key_file_set_string (keys, "profile old", "environment", COMFY_ENDPOINT_PRODUCTION);
  g_key_file_set_boolean (keys, "profile old", "has-key", TRUE);
  g_key_file_set_int64 (keys, "profile old", "created", now - 400 * 86400);
  g_assert_true (comfy_settings_save (fixture->settings, NULL));
  profile = comfy_profile_store_find (fixture->store, "old");
  g_assert_true (comfy_profile_is_stale (profile));

  g_key_file_set_int64 (keys, "profile old", "last-used", now - 91 * 86400);
  g_assert_true (comfy_settings_save (fixture->settings, NULL));
  g_assert_true (comfy_profile_is_stale (profile));

  g_key_file_set_int64 (keys, "profile old", "last-used", now - 89 * 86400);
  g_assert_true (comfy_settings_save (fixture->settings, NULL));
  g_assert_false (comfy_profile_is_stale (profile));
}

static void
test_gone_from_keyring (ProfileFixture *fixture,
                        gconstpointer   data)
{
  ComfyProfile *profile = add (fixture, "A", "aaaa");

  test_await_true (comfy_keyring_remove (fixture->keyring, comfy_profile_get_id (profile),
                                         PRODUCTION));
  test_await_error (comfy_profile_store_lookup (fixture->store, profile), COMFY_ERROR_NO_KEY);
  test_await_true (comfy_profile_store_refresh (fixture->store, FALSE));
  g_assert_null (comfy_profile_get_last_four (profile));
  g_assert_nonnull (comfy_profile_get_problem (profile));
  /* it can still be removed */
  test_await_true (comfy_profile_store_remove (fixture->store, profile));
}

static void
test_custom_environment (ProfileFixture *fixture,
                         gconstpointer   data)
{
  g_autoptr(GError)        error = NULL;
  ComfyEndpoint           *endpoint;
  g_autofree char         *id = NULL;
  g_autoptr(ComfyProfile)  profile = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (comfy_profile_store_get_endpoints (fixture->store)),
                    ==, 2);
  g_assert_null (comfy_profile_store_add_endpoint (fixture->store, "Mine", "ftp://example.net",
                                                   &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  endpoint = comfy_profile_store_add_endpoint (fixture->store, "Mine",
                                               "http://127.0.0.1:8188/base/", &error);
  g_assert_no_error (error);
  id = g_strdup (comfy_endpoint_get_id (endpoint));
  g_assert_cmpstr (comfy_endpoint_get_base_url (endpoint), ==, "http://127.0.0.1:8188/base");
  g_assert_null (comfy_profile_store_add_endpoint (fixture->store, "Mine", "https://example.net",
                                                   &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  /* without a key, and chosen */
  profile = test_await_object (comfy_profile_store_add (fixture->store, "None", endpoint, NULL,
                                                        NULL));
  g_assert_false (comfy_profile_has_key (profile));
  test_await_error (comfy_profile_store_lookup (fixture->store, profile), COMFY_ERROR_NO_KEY);
  comfy_settings_set_endpoint (fixture->settings, id);
  g_assert_true (comfy_profile_store_get_active (fixture->store) == profile);

  /* not while keys need it; afterwards Production is what actions use */
  g_assert_false (comfy_profile_store_remove_endpoint (fixture->store, id, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  test_await_true (comfy_profile_store_remove (fixture->store, profile));
  g_assert_true (comfy_profile_store_remove_endpoint (fixture->store, id, &error));
  g_assert_null (comfy_profile_store_find_endpoint (fixture->store, id));
  g_assert_null (comfy_profile_store_get_active (fixture->store));

  g_assert_false (comfy_profile_store_remove_endpoint (fixture->store, COMFY_ENDPOINT_PRODUCTION,
                                                       &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  profile_test_add ("/profile-store/add", test_add);
  profile_test_add ("/profile-store/names", test_names);
  profile_test_add ("/profile-store/key-of-another-environment", test_key_of_another_environment);
  profile_test_add ("/profile-store/rename", test_rename);
  profile_test_add ("/profile-store/replace", test_replace);
  profile_test_add ("/profile-store/remove-hands-default-on", test_remove_hands_default_on);
  profile_test_add ("/profile-store/outcomes", test_outcomes);
  profile_test_add ("/profile-store/survives-restart", test_survives_restart);
  profile_test_add ("/profile-store/follows-other-process", test_follows_other_process);
  profile_test_add ("/profile-store/stale", test_stale);
  profile_test_add ("/profile-store/gone-from-keyring", test_gone_from_keyring);
  profile_test_add ("/profile-store/custom-environment", test_custom_environment);

  return profile_test_run ();
}
