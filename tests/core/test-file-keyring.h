/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsecret/secret.h>

#include "comfy-credentials.h"
#include "test-future.h"

G_BEGIN_DECLS

/* Makes libsecret keep its items in an encrypted file in @folder: no bus, no service. Before the
 * first use of libsecret, because it looks once. */
static inline void
test_use_file_keyring (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "keyring", NULL);

  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", "a test's password", TRUE);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
}

/* A key of the usual form whose last characters are @tail (transfer full). Made at run time, so
 * that no source file looks as if it held one. */
static inline ComfyCredentials *
test_make_credentials (const char *tail,
                       const char *origin)
{
  g_autofree char   *key = g_strconcat ("comfyui-", "0123456789abcdef", "0123456789ab", tail, NULL);
  g_autoptr(GError)  error = NULL;
  ComfyCredentials  *credentials = comfy_credentials_new (key, origin, &error);

  g_assert_no_error (error);

  return credentials;
}

/* The label of the only item in the keyring (transfer full) */
static inline char *
test_dup_label (const char *profile_id)
{
  static const SecretSchema any = {
    "any", SECRET_SCHEMA_DONT_MATCH_NAME,
    { { "profile-id", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } }
  };
  g_autoptr(GError) error = NULL;
  GList            *found;
  char             *label;

  found = secret_password_search_sync (&any, SECRET_SEARCH_ALL, NULL, &error,
                                       "profile-id", profile_id, NULL);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_length (found), ==, 1);
  label = secret_retrievable_get_label (found->data);
  g_list_free_full (found, g_object_unref);

  return label;
}

G_END_DECLS
