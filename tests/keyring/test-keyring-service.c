/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ComfyKeyring over the real gnome-keyring: each state that a desktop's keyring can be in.
 */
#include "config.h"

#include <string.h>

#include <gcr/gcr-base.h>

#include "comfy-keyring.h"
#include "keyring-service.h"
#include "test-file-keyring.h"

#define ORIGIN "https://cloud.comfy.org"
#define ID     "6e1c4f0a"

typedef struct
{
  KeyringService *service;
  ComfyKeyring   *keyring;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->service = keyring_service_new ();
  fixture->keyring = comfy_keyring_new ();
  keyring_prompter_start ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  /* every prompt that was expected was shown */
  g_assert_false (gcr_mock_prompter_is_expecting ());
  g_assert_finalize_object (fixture->keyring);
  secret_service_disconnect ();
  keyring_service_free (fixture->service);
  keyring_prompter_stop ();
}

static void
set_up_unlocked (Fixture       *fixture,
                 gconstpointer  data)
{
  set_up (fixture, data);
  keyring_service_start (fixture->service, TRUE);
}

static DexFuture *
store (Fixture    *fixture,
       const char *label,
       const char *tail)
{
  g_autoptr(ComfyCredentials) credentials = test_make_credentials (tail, ORIGIN);

  return comfy_keyring_store (fixture->keyring, ID, label, credentials);
}

static DexFuture *
lookup (Fixture  *fixture,
        gboolean  may_prompt)
{
  return comfy_keyring_lookup (fixture->keyring, ID, ORIGIN, may_prompt);
}

static void
assert_tail (DexFuture  *future,
             const char *tail)
{
  g_autoptr(ComfyCredentials) found = test_await_boxed (future);

  g_assert_cmpstr (comfy_credentials_get_last_four (found), ==, tail);
}

/* with an item in it */
static void
set_up_locked (Fixture       *fixture,
               gconstpointer  data)
{
  set_up_unlocked (fixture, data);
  test_await_true (store (fixture, "Production Backend", "aaaa"));
  keyring_service_lock (fixture->service);
}

static void
test_unlocked (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *label = NULL;

  test_await_true (store (fixture, "Production Backend", "aaaa"));
  assert_tail (lookup (fixture, FALSE), "aaaa");

  test_await_true (store (fixture, "Renamed", "bbbb"));
  assert_tail (lookup (fixture, FALSE), "bbbb");
  label = test_dup_label (ID);
  g_assert_cmpstr (label, ==, "Renamed");

  test_await_true (comfy_keyring_remove (fixture->keyring, ID, ORIGIN));
  test_await_error (lookup (fixture, FALSE), COMFY_ERROR_NO_KEY);
  test_await_true (comfy_keyring_remove (fixture->keyring, ID, ORIGIN));
}

static void
test_locked_then_unlocked (Fixture       *fixture,
                           gconstpointer  data)
{
  test_await_error (lookup (fixture, FALSE), COMFY_ERROR_KEYRING_LOCKED);

  gcr_mock_prompter_expect_password_ok (KEYRING_PASSWORD, NULL);
  assert_tail (lookup (fixture, TRUE), "aaaa");
  /* and stays so */
  assert_tail (lookup (fixture, FALSE), "aaaa");
}

static void
test_locked_wrong_password_first (Fixture       *fixture,
                                  gconstpointer  data)
{
  gcr_mock_prompter_expect_password_ok ("not the password", NULL);
  gcr_mock_prompter_expect_password_ok (KEYRING_PASSWORD, NULL);
  assert_tail (lookup (fixture, TRUE), "aaaa");
}

static void
test_locked_and_dismissed (Fixture       *fixture,
                           gconstpointer  data)
{
  gcr_mock_prompter_expect_password_cancel ();
  test_await_error (lookup (fixture, TRUE), COMFY_ERROR_KEYRING_DISMISSED);
  gcr_mock_prompter_expect_password_cancel ();
  test_await_error (store (fixture, "Other", "bbbb"), COMFY_ERROR_KEYRING_DISMISSED);
  gcr_mock_prompter_expect_password_cancel ();
  test_await_error (comfy_keyring_remove (fixture->keyring, ID, ORIGIN),
                    COMFY_ERROR_KEYRING_DISMISSED);

  /* nothing was changed meanwhile */
  gcr_mock_prompter_expect_password_ok (KEYRING_PASSWORD, NULL);
  assert_tail (lookup (fixture, TRUE), "aaaa");
}

/* jobs that come at a time ask once, and hear the same */
static void
test_several_ask_once (Fixture       *fixture,
                       gconstpointer  data)
{
  DexFuture *calls[3];

  gcr_mock_prompter_expect_password_cancel ();
  for (unsigned int i = 0; i < G_N_ELEMENTS (calls); i++)
    calls[i] = lookup (fixture, TRUE);
  for (unsigned int i = 0; i < G_N_ELEMENTS (calls); i++)
    test_await_error (calls[i], COMFY_ERROR_KEYRING_DISMISSED);

  gcr_mock_prompter_expect_password_ok (KEYRING_PASSWORD, NULL);
  for (unsigned int i = 0; i < G_N_ELEMENTS (calls); i++)
    calls[i] = lookup (fixture, TRUE);
  for (unsigned int i = 0; i < G_N_ELEMENTS (calls); i++)
    assert_tail (calls[i], "aaaa");
}

/* Some services show no items while locked. Finding nothing is believed only when unlocked. */
static void
test_locked_and_not_there (Fixture       *fixture,
                           gconstpointer  data)
{
  test_await_error (comfy_keyring_lookup (fixture->keyring, "another", ORIGIN, FALSE),
                    COMFY_ERROR_KEYRING_LOCKED);
  gcr_mock_prompter_expect_password_cancel ();
  test_await_error (comfy_keyring_lookup (fixture->keyring, "another", ORIGIN, TRUE),
                    COMFY_ERROR_KEYRING_DISMISSED);
  gcr_mock_prompter_expect_password_ok (KEYRING_PASSWORD, NULL);
  test_await_error (comfy_keyring_lookup (fixture->keyring, "another", ORIGIN, TRUE),
                    COMFY_ERROR_NO_KEY);
}

static void
test_locked_store_and_remove_ask (Fixture       *fixture,
                                  gconstpointer  data)
{
  gcr_mock_prompter_expect_password_ok (KEYRING_PASSWORD, NULL);
  test_await_true (store (fixture, "Production Backend", "bbbb"));
  assert_tail (lookup (fixture, FALSE), "bbbb");

  keyring_service_lock (fixture->service);
  gcr_mock_prompter_expect_password_ok (KEYRING_PASSWORD, NULL);
  test_await_true (comfy_keyring_remove (fixture->keyring, ID, ORIGIN));
  test_await_error (lookup (fixture, FALSE), COMFY_ERROR_NO_KEY);
}

static void
completed_cb (GDBusConnection *connection,
              const char      *sender,
              const char      *path,
              const char      *interface,
              const char      *signal,
              GVariant        *parameters,
              gpointer         user_data)
{
  gboolean *completed = user_data;

  *completed = TRUE;
}

static void
test_cancelled_while_prompting (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr(GDBusConnection)  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GCancellable)     cancellable = g_cancellable_new ();
  gboolean                    completed = FALSE;
  DexFuture                  *race;
  unsigned int                id;

  id = g_dbus_connection_signal_subscribe (bus, NULL, "org.freedesktop.Secret.Prompt", "Completed",
                                           NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, completed_cb,
                                           &completed, NULL);

  /* long enough to come after the cancellation, which follows at once */
  gcr_mock_prompter_set_delay_msec (500);
  gcr_mock_prompter_expect_password_ok (KEYRING_PASSWORD, NULL);
  race = dex_future_first (lookup (fixture, TRUE),
                           dex_cancellable_new_from_cancellable (cancellable), NULL);
  while (gcr_mock_prompter_is_expecting ())
    g_main_context_iteration (NULL, TRUE);

  g_cancellable_cancel (cancellable);
  race = test_settle (race);
  g_assert_true (dex_future_is_rejected (race));
  dex_unref (race);

  /* the prompt stays, and its answer counts */
  g_assert_true (keyring_prompter_is_prompting ());
  while (!completed)
    g_main_context_iteration (NULL, TRUE);
  assert_tail (lookup (fixture, FALSE), "aaaa");
  g_dbus_connection_signal_unsubscribe (bus, id);
}

static void
test_no_service (Fixture       *fixture,
                 gconstpointer  data)
{
  test_await_error (lookup (fixture, TRUE), COMFY_ERROR_KEYRING_MISSING);
  test_await_error (store (fixture, "A", "aaaa"), COMFY_ERROR_KEYRING_MISSING);
  test_await_error (comfy_keyring_remove (fixture->keyring, ID, ORIGIN),
                    COMFY_ERROR_KEYRING_MISSING);

  /* started while we run, it is found */
  keyring_service_start (fixture->service, TRUE);
  test_await_true (store (fixture, "A", "aaaa"));
  assert_tail (lookup (fixture, FALSE), "aaaa");
}

static void
test_no_default_collection (Fixture       *fixture,
                            gconstpointer  data)
{
  keyring_service_start (fixture->service, FALSE);
  test_await_error (lookup (fixture, TRUE), COMFY_ERROR_NO_KEY);
  test_await_true (comfy_keyring_remove (fixture->keyring, ID, ORIGIN));

  /* storing offers to make one */
  gcr_mock_prompter_expect_password_cancel ();
  test_await_error (store (fixture, "A", "aaaa"), COMFY_ERROR_KEYRING_DISMISSED);
  gcr_mock_prompter_expect_password_ok (KEYRING_PASSWORD, NULL);
  test_await_true (store (fixture, "A", "aaaa"));
  assert_tail (lookup (fixture, FALSE), "aaaa");
}

static void
test_dies_between_calls (Fixture       *fixture,
                         gconstpointer  data)
{
  test_await_true (store (fixture, "A", "aaaa"));
  assert_tail (lookup (fixture, FALSE), "aaaa");

  keyring_service_kill (fixture->service);
  test_await_error (lookup (fixture, TRUE), COMFY_ERROR_KEYRING_MISSING);

  keyring_service_start (fixture->service, TRUE);
  assert_tail (lookup (fixture, FALSE), "aaaa");

  /* without a call in between that could notice it */
  keyring_service_kill (fixture->service);
  keyring_service_start (fixture->service, TRUE);
  assert_tail (lookup (fixture, FALSE), "aaaa");
  keyring_service_kill (fixture->service);
  keyring_service_start (fixture->service, TRUE);
  test_await_true (store (fixture, "A", "bbbb"));
  keyring_service_kill (fixture->service);
  keyring_service_start (fixture->service, TRUE);
  test_await_true (comfy_keyring_remove (fixture->keyring, ID, ORIGIN));
  test_await_error (lookup (fixture, FALSE), COMFY_ERROR_NO_KEY);
}

static void
test_dies_while_prompting (Fixture       *fixture,
                           gconstpointer  data)
{
  GLogLevelFlags  fatal;
  DexFuture      *future;

  gcr_mock_prompter_set_delay_msec (G_MAXINT);
  gcr_mock_prompter_expect_password_cancel ();
  future = lookup (fixture, TRUE);
  while (gcr_mock_prompter_is_expecting ())
    g_main_context_iteration (NULL, TRUE);

  /* libsecret 0.21 complains of itself when the service dies now, and never completes */
  fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  keyring_service_kill (fixture->service);
  test_await_error (future, COMFY_ERROR_KEYRING_MISSING);
  g_log_set_always_fatal (fatal);
}

static void
test_files_hold_no_key (Fixture       *fixture,
                        gconstpointer  data)
{
  const char      *folder = keyring_service_get_files (fixture->service);
  g_autoptr(GDir)  dir = NULL;
  const char      *name;
  int              n_files = 0;

  test_await_true (store (fixture, "A", "aaaa"));
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *bytes = NULL;
      gsize            length;

      g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
      g_assert_null (memmem (bytes, length, "comfyui-", strlen ("comfyui-")));
      g_assert_null (memmem (bytes, length, "0123456789ab", strlen ("0123456789ab")));
      n_files++;
    }
  g_assert_cmpint (n_files, >, 0);
}

static gboolean
has_programs (void)
{
  static const char * const programs[] = { "dbus-daemon", "gnome-keyring-daemon" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_find_program_in_path (programs[i]);

      if (path == NULL)
        {
          g_print ("1..0 # SKIP %s is not installed\n", programs[i]);
          return FALSE;
        }
    }

  return TRUE;
}

int
main (int   argc,
      char *argv[])
{
  static GTestDBus *bus; /* for the life of the process: see below */
  int               result;

  if (!has_programs ())
    return 0;

  g_test_init (&argc, &argv, NULL);
  dex_init ();
  g_unsetenv ("SECRET_BACKEND");
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);

#define ADD(path, before, function) g_test_add (path, Fixture, NULL, before, function, tear_down)
  ADD ("/keyring/service/unlocked", set_up_unlocked, test_unlocked);
  ADD ("/keyring/service/locked-then-unlocked", set_up_locked, test_locked_then_unlocked);
  ADD ("/keyring/service/locked-wrong-password-first", set_up_locked,
       test_locked_wrong_password_first);
  ADD ("/keyring/service/locked-and-dismissed", set_up_locked, test_locked_and_dismissed);
  ADD ("/keyring/service/locked-and-several-ask-once", set_up_locked, test_several_ask_once);
  ADD ("/keyring/service/locked-and-not-there", set_up_locked, test_locked_and_not_there);
  ADD ("/keyring/service/locked-store-and-remove-ask", set_up_locked,
       test_locked_store_and_remove_ask);
  ADD ("/keyring/service/cancelled-while-prompting", set_up_locked, test_cancelled_while_prompting);
  ADD ("/keyring/service/no-service", set_up, test_no_service);
  ADD ("/keyring/service/no-default-collection", set_up, test_no_default_collection);
  ADD ("/keyring/service/dies-between-calls", set_up_unlocked, test_dies_between_calls);
  ADD ("/keyring/service/dies-while-prompting", set_up_locked, test_dies_while_prompting);
  ADD ("/keyring/service/files-hold-no-key", set_up_unlocked, test_files_hold_no_key);
#undef ADD

  result = g_test_run ();
  /* libsecret and libgcr keep the connection, for which the end of a GTestDBus would wait */
  g_dbus_connection_set_exit_on_close (g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL), FALSE);
  g_test_dbus_stop (bus);

  return result;
}
