/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A gnome-keyring daemon for tests, and a prompter for it that needs no display.
 */
#include "config.h"

#include <gcr/gcr-base.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>

#include "keyring-service.h"
#include "test-future.h"

#define SERVICE_NAME  "org.freedesktop.secrets"
#define PROMPTER_NAME "org.gnome.keyring.SystemPrompter"

struct _KeyringService
{
  char         *folder;  /* everything that the daemon writes is below */
  char         *files;   /* its keyrings */
  GSubprocess  *daemon;  /* nullable: not running */
  unsigned int  watch;
  gboolean      is_there;
};

static void
appeared_cb (GDBusConnection *connection,
             const char      *name,
             const char      *owner,
             gpointer         user_data)
{
  KeyringService *self = user_data;

  self->is_there = TRUE;
}

static void
vanished_cb (GDBusConnection *connection,
             const char      *name,
             gpointer         user_data)
{
  KeyringService *self = user_data;

  self->is_there = FALSE;
}

static void
wait_until (KeyringService *self,
            gboolean        is_there)
{
  while (self->is_there != is_there)
    g_main_context_iteration (NULL, TRUE);
}

/**
 * keyring_service_new:
 *
 * Returns: (transfer full): a service that does not run yet, without any keyring
 */
KeyringService *
keyring_service_new (void)
{
  KeyringService *self = g_new0 (KeyringService, 1);

  self->folder = g_dir_make_tmp ("comfy-keyring-XXXXXX", NULL);
  self->files = g_build_filename (self->folder, "data", "keyrings", NULL);
  self->watch = g_bus_watch_name (G_BUS_TYPE_SESSION, SERVICE_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                  appeared_cb, vanished_cb, self, NULL);

  return self;
}

/**
 * keyring_service_free:
 *
 * Ends the daemon and removes what it wrote.
 */
void
keyring_service_free (KeyringService *self)
{
  if (self->daemon != NULL)
    keyring_service_kill (self);
  g_bus_unwatch_name (self->watch);
  test_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->files);
  g_free (self);
}

/**
 * keyring_service_start:
 * @unlocked: whether the login keyring is made and unlocked, as at a desktop's login; else there is
 *   none, or it is locked when it was made before
 *
 * Returns when the service can be called.
 */
void
keyring_service_start (KeyringService *self,
                       gboolean        unlocked)
{
  g_autoptr(GSubprocessLauncher)  launcher = NULL;
  g_autofree char                *runtime = g_build_filename (self->folder, "runtime", NULL);
  g_autofree char                *data = g_build_filename (self->folder, "data", NULL);
  g_autofree char                *config = g_build_filename (self->folder, "config", NULL);
  g_autofree char                *cache = g_build_filename (self->folder, "cache", NULL);
  g_autoptr(GError)               error = NULL;
  GOutputStream                  *input;

  g_assert_null (self->daemon);
  g_assert_no_errno (g_mkdir_with_parents (runtime, 0700));

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                        G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", runtime, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", data, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", config, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CACHE_HOME", cache, TRUE);
  g_subprocess_launcher_setenv (launcher, "HOME", self->folder, TRUE);
  self->daemon = g_subprocess_launcher_spawn (launcher, &error, "gnome-keyring-daemon",
                                              "--foreground", "--components=secrets",
                                              unlocked ? "--unlock" : NULL, NULL);
  g_assert_no_error (error);

  input = g_subprocess_get_stdin_pipe (self->daemon);
  if (unlocked)
    g_output_stream_write_all (input, KEYRING_PASSWORD, strlen (KEYRING_PASSWORD), NULL, NULL,
                               &error);
  g_assert_no_error (error);
  g_assert_true (g_output_stream_close (input, NULL, NULL));

  wait_until (self, TRUE);
}

/**
 * keyring_service_kill:
 *
 * Ends the daemon without a chance to say so. Returns when its name is gone from the bus.
 */
void
keyring_service_kill (KeyringService *self)
{
  g_subprocess_force_exit (self->daemon);
  g_assert_true (g_subprocess_wait (self->daemon, NULL, NULL));
  g_clear_object (&self->daemon);
  wait_until (self, FALSE);
}

/**
 * keyring_service_lock:
 *
 * Locks the default collection, as when the screen saver or the user does.
 */
void
keyring_service_lock (KeyringService *self)
{
  g_autoptr(SecretService)     service = NULL;
  g_autoptr(SecretCollection)  collection = NULL;
  g_autoptr(GError)            error = NULL;
  GList                        collections = { NULL, };

  service = secret_service_get_sync (SECRET_SERVICE_NONE, NULL, &error);
  g_assert_no_error (error);
  collection = secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT,
                                                 SECRET_COLLECTION_NONE, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (collection);
  collections.data = collection;
  g_assert_cmpint (secret_service_lock_sync (service, &collections, NULL, NULL, &error), ==, 1);
  g_assert_no_error (error);
}

/**
 * keyring_service_get_files:
 *
 * Returns: (transfer none): the folder of the daemon's keyrings
 */
const char *
keyring_service_get_files (KeyringService *self)
{
  return self->files;
}

static GcrSystemPrompter *prompter;
static unsigned int       prompter_name;

/* libgcr's mock prompter listens on a connection of its own, without the name that the daemon
 * calls. So its prompts, which answer as they are told to, are put behind a prompter that has the
 * name. */
void
keyring_prompter_start (void)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  /* the type comes into being with the first expectation, at the latest */
  gcr_mock_prompter_start ();
  gcr_mock_prompter_expect_confirm_ok (NULL, NULL);
  gcr_mock_prompter_stop ();

  gcr_mock_prompter_start ();
  prompter = gcr_system_prompter_new (GCR_SYSTEM_PROMPTER_SINGLE,
                                      g_type_from_name ("GcrMockPrompt"));
  gcr_system_prompter_register (prompter, bus);
  prompter_name = g_bus_own_name_on_connection (bus, PROMPTER_NAME, G_BUS_NAME_OWNER_FLAGS_NONE,
                                                NULL, NULL, NULL, NULL);
}

void
keyring_prompter_stop (void)
{
  g_bus_unown_name (prompter_name);
  gcr_system_prompter_unregister (prompter, FALSE);
  g_clear_object (&prompter);
  gcr_mock_prompter_stop ();
}

/**
 * keyring_prompter_is_prompting:
 *
 * Returns: whether a prompt is open
 */
gboolean
keyring_prompter_is_prompting (void)
{
  return gcr_system_prompter_get_prompting (prompter);
}
