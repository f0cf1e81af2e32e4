/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keyring over libsecret's file backend, as inside of a Flatpak. The states that only a Secret
 * Service has are in tests/keyring/.
 */

#include "config.h"

#include "comfy-keyring.h"
#include "test-file-keyring.h"

#define ORIGIN       "https://cloud.comfy.org"
#define OTHER_ORIGIN "https://stagingcloud.comfy.org"

static void
store (ComfyKeyring *keyring,
       const char   *id,
       const char   *label,
       const char   *tail,
       const char   *origin)
{
  g_autoptr(ComfyCredentials) credentials = test_make_credentials (tail, origin);

  test_await_true (comfy_keyring_store (keyring, id, label, credentials));
}

static void
assert_tail (ComfyKeyring *keyring,
             const char   *id,
             const char   *origin,
             const char   *tail)
{
  g_autoptr(ComfyCredentials) found = NULL;

  found = test_await_boxed (comfy_keyring_lookup (keyring, id, origin, FALSE));
  g_assert_cmpstr (comfy_credentials_get_last_four (found), ==, tail);
  g_assert_cmpstr (comfy_credentials_get_origin (found), ==, origin);
}

static void
test_round_trip (void)
{
  g_autoptr(ComfyKeyring) keyring = comfy_keyring_new ();
  g_autoptr(ComfyKeyring) another = comfy_keyring_new ();

  store (keyring, "round", "Production Backend", "aaaa", ORIGIN);
  assert_tail (another, "round", ORIGIN, "aaaa");
  test_await_true (comfy_keyring_remove (keyring, "round", ORIGIN));
  test_await_error (comfy_keyring_lookup (another, "round", ORIGIN, TRUE), COMFY_ERROR_NO_KEY);
}

static void
test_other_origin_finds_nothing (void)
{
  g_autoptr(ComfyKeyring) keyring = comfy_keyring_new ();

  store (keyring, "origin", "A", "aaaa", ORIGIN);
  test_await_error (comfy_keyring_lookup (keyring, "origin", OTHER_ORIGIN, TRUE),
                    COMFY_ERROR_NO_KEY);
  store (keyring, "origin", "B", "bbbb", OTHER_ORIGIN);
  assert_tail (keyring, "origin", ORIGIN, "aaaa");
  assert_tail (keyring, "origin", OTHER_ORIGIN, "bbbb");
}

static void
test_replaces_in_place (void)
{
  g_autoptr(ComfyKeyring)  keyring = comfy_keyring_new ();
  g_autofree char         *label = NULL;

  store (keyring, "replace", "Old", "aaaa", ORIGIN);
  store (keyring, "replace", "New", "bbbb", ORIGIN);
  assert_tail (keyring, "replace", ORIGIN, "bbbb");
  label = test_dup_label ("replace");
  g_assert_cmpstr (label, ==, "New");
}

static void
test_removing_nothing_is_fine (void)
{
  g_autoptr(ComfyKeyring) keyring = comfy_keyring_new ();

  test_await_true (comfy_keyring_remove (keyring, "never stored", ORIGIN));
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = NULL;
  int              result;

  g_test_init (&argc, &argv, NULL);
  dex_init ();
  folder = g_dir_make_tmp ("comfy-keyring-XXXXXX", NULL);
  test_use_file_keyring (folder);

  g_test_add_func ("/keyring/file/round-trip", test_round_trip);
  g_test_add_func ("/keyring/file/other-origin-finds-nothing", test_other_origin_finds_nothing);
  g_test_add_func ("/keyring/file/replaces-in-place", test_replaces_in_place);
  g_test_add_func ("/keyring/file/removing-nothing-is-fine", test_removing_nothing_is_fine);

  result = g_test_run ();
  test_remove_tree (folder);

  return result;
}
