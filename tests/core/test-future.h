/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <errno.h>
#include <glib/gstdio.h>
#include <libdex.h>
#include <string.h>

#include "comfy-error.h"

G_BEGIN_DECLS

static inline DexFuture *
test_pass_on_cb (DexFuture *future,
                 gpointer   unused)
{
  return dex_ref (future);
}

/* Runs the main loop until @future, which is taken, is settled. Returns: (transfer full): it */
static inline DexFuture *
test_settle (DexFuture *future)
{
  /* a worker's end wakes this thread only where somebody here waits for it */
  g_autoptr(DexFuture) waiter = dex_future_finally (dex_ref (future), test_pass_on_cb, NULL, NULL);

  while (dex_future_is_pending (waiter))
    g_main_context_iteration (NULL, TRUE);

  return future;
}

/* The object that @future resolves to (transfer full); anything else ends the test */
static inline gpointer
test_await_object (DexFuture *taken)
{
  g_autoptr(DexFuture) future = test_settle (taken);
  g_autoptr(GError)    error = NULL;
  const GValue        *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);

  return g_value_dup_object (value);
}

/* The boxed value that @future resolves to (transfer full); anything else ends the test */
static inline gpointer
test_await_boxed (DexFuture *taken)
{
  g_autoptr(DexFuture) future = test_settle (taken);
  g_autoptr(GError)    error = NULL;
  const GValue        *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);

  return g_value_dup_boxed (value);
}

static inline void
test_await_true (DexFuture *taken)
{
  g_autoptr(DexFuture) future = test_settle (taken);
  g_autoptr(GError)    error = NULL;
  const GValue        *value = dex_future_get_value (future, &error);

  g_assert_no_error (error);
  g_assert_true (g_value_get_boolean (value));
}

/* Ends the test unless @future rejects with @code and a sentence */
static inline void
test_await_error (DexFuture  *taken,
                  ComfyError  code)
{
  g_autoptr(DexFuture) future = test_settle (taken);
  g_autoptr(GError)    error = NULL;

  g_assert_null (dex_future_get_value (future, &error));
  g_assert_error (error, COMFY_ERROR, (int) code);
  g_assert_true (g_str_has_suffix (error->message, "."));
}

static inline gboolean
test_is_of_lost_client (const char *message)
{
  return strstr (message, "could not get remote address") != NULL;
}

static inline gboolean
test_log_is_fatal (const char     *domain,
                   GLogLevelFlags  level,
                   const char     *message,
                   void           *data)
{
  return g_strcmp0 (domain, "libsoup") != 0 || !test_is_of_lost_client (message);
}

static inline void
test_log_libsoup (const char     *domain,
                  GLogLevelFlags  level,
                  const char     *message,
                  void           *data)
{
  if (!test_is_of_lost_client (message))
    g_log_default_handler (domain, level, message, data);
}

/* For the test that runs. A client that is killed, or that ends with many others, may be gone before
 * the server has looked who it is: libsoup warns of that, and it is what such a test is about. GLib
 * would go on, but tell of a failed test all the same. */
static inline void
test_allow_lost_clients (void)
{
  g_test_log_set_fatal_handler (test_log_is_fatal, NULL);
  g_log_set_handler ("libsoup", G_LOG_LEVEL_WARNING | G_LOG_FLAG_FATAL, test_log_libsoup, NULL);
}

/* Empties and removes @path, which a test made */
static inline void
test_remove_tree (const char *path)
{
  g_autoptr(GDir)  dir = g_dir_open (path, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      test_remove_tree (child);
    }

  /* what a thread on its way out has just removed itself is gone as well */
  g_assert_true (g_remove (path) == 0 || errno == ENOENT);
}

G_END_DECLS
