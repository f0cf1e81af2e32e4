/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ui-test"

#include "config.h"

#include <string.h>
#include <gdk-pixbuf/gdk-pixbuf.h>

#include "session-fixture.h"
#include "test-file-keyring.h"

#define BALANCE 12340000 /* micros of a dollar */
#define JOB_MS  20

#define THUMBNAIL 256 /* px: the longer edge */

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
  g_autofree char         *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"),
                                                     "nodes.json", NULL);
  ComfySandboxOptions      options = { .nodes_path = nodes, .job_ms = JOB_MS };
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyPreview)  preview = NULL;

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
  preview = session_fixture_make_preview (1024, 768, TRUE);
  fixture->previews = preview_host_new (fixture->host);
  preview_host_set (fixture->previews, preview);
  fixture->session = comfy_session_new (COMFY_HOST (fixture->previews));
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
  g_clear_object (&fixture->previews);
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

static ComfyAction *
load_action (const char *folder,
             const char *id)
{
  g_autofree char   *graph_name = g_strconcat (id, ".json", NULL);
  g_autofree char   *sidecar_name = g_strconcat (id, ".gimp.json", NULL);
  g_autofree char   *graph = g_build_filename (folder, "actions", graph_name, NULL);
  g_autofree char   *sidecar = g_build_filename (folder, "actions", sidecar_name, NULL);
  g_autoptr(GError)  error = NULL;
  ComfyAction       *action = comfy_action_new_from_files (graph, sidecar, &error);

  g_assert_no_error (error);

  return action;
}

/* One of the product's actions (transfer full) */
ComfyAction *
session_fixture_load_action (const char *id)
{
  return load_action (g_getenv ("COMFY_TEST_DATA_DIR"), id);
}

/* One of tests/data/actions (transfer full) */
ComfyAction *
session_fixture_load_test_action (const char *id)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "data", NULL);

  return load_action (folder, id);
}

/* A photograph's thumbnail, for a picture of @width × @height px (transfer full) */
ComfyPreview *
session_fixture_make_preview (int      width,
                              int      height,
                              gboolean has_selection)
{
  g_autofree char        *path = g_test_build_filename (G_TEST_DIST, "data", "raccoon.jpg", NULL);
  g_autoptr(GError)       error = NULL;
  g_autoptr(GdkPixbuf)    scaled = NULL;
  g_autoptr(GdkPixbuf)    picture = NULL;
  g_autoptr(ComfyPixels)  thumbnail = NULL;
  double                  fit = MIN (1.0, (double) THUMBNAIL / MAX (width, height));
  size_t                  row;
  guint8                 *data;

  scaled = gdk_pixbuf_new_from_file_at_scale (path, MAX (1, (int) (width * fit)),
                                              MAX (1, (int) (height * fit)), FALSE, &error);
  g_assert_no_error (error);
  picture = gdk_pixbuf_add_alpha (scaled, FALSE, 0, 0, 0);
  row = (size_t) gdk_pixbuf_get_width (picture) * 4;
  data = g_malloc (row * gdk_pixbuf_get_height (picture));
  for (int y = 0; y < gdk_pixbuf_get_height (picture); y++)
    memcpy (data + row * y,
            gdk_pixbuf_read_pixels (picture) + (size_t) gdk_pixbuf_get_rowstride (picture) * y,
            row);
  thumbnail = comfy_pixels_new_take (gdk_pixbuf_get_width (picture),
                                     gdk_pixbuf_get_height (picture), 4, 8, data);

  return comfy_preview_new (thumbnail, width, height, (guint64) width * height * 5 / 3,
                            has_selection);
}

unsigned int
session_fixture_count_keys (SessionFixture *fixture)
{
  return g_list_model_get_n_items (
    G_LIST_MODEL (comfy_session_get_profiles (fixture->session)));
}
