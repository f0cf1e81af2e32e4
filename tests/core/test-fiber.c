/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-fiber-private.h"
#include "test-future.h"

typedef struct
{
  DexPromise *leaf;      /* owned, nullable: what the fiber awaits */
  gboolean    is_awake;
  gboolean    was_cancelled;
} Trial;

static DexFuture *
await_leaf_fiber (gpointer data)
{
  Trial             *trial = data;
  g_autoptr(GError)  error = NULL;

  dex_await (dex_ref (DEX_FUTURE (trial->leaf)), &error);
  trial->is_awake = TRUE;
  trial->was_cancelled = g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED);

  return dex_future_new_true ();
}

static DexFuture *
sleep_fiber (gpointer data)
{
  g_autoptr(GError) error = NULL;

  if (!_comfy_sleep (1000, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

static void
test_dropping_the_future_cancels_the_fiber (void)
{
  Trial      trial = { dex_promise_new_cancellable (), FALSE, FALSE };
  DexFuture *future = _comfy_spawn (await_leaf_fiber, &trial, NULL);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (_comfy_promise_is_wanted (trial.leaf));
  dex_unref (future);
  while (!trial.is_awake)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (trial.was_cancelled);
  g_assert_false (_comfy_promise_is_wanted (trial.leaf));
  dex_unref (trial.leaf);
}

static void
test_what_is_dropped_before_it_began_never_begins (void)
{
  Trial trial = { dex_promise_new_cancellable (), FALSE, FALSE };

  dex_promise_resolve_boolean (trial.leaf, TRUE);
  dex_unref (_comfy_spawn (await_leaf_fiber, &trial, NULL));
  test_await_true (_comfy_spawn (sleep_fiber, NULL, NULL));
  g_assert_false (trial.is_awake);
  dex_unref (trial.leaf);
}

static gboolean
take_a_moment (gpointer   data,
               GError   **error)
{
  int *fails = data;

  if (*fails)
    comfy_set_error (error, COMFY_ERROR_STORAGE, NULL, "It failed.");

  return !*fails;
}

static void
test_a_thread_tells_how_it_went (void)
{
  int good = FALSE;
  int bad = TRUE;

  test_await_true (_comfy_run_in_thread (take_a_moment, &good, NULL));
  test_await_error (_comfy_run_in_thread (take_a_moment, &bad, NULL), COMFY_ERROR_STORAGE);
}

/* What libdex 0.10 does not survive, many times over: a fiber is dropped, and what it awaited is
 * settled before it has run. Other fibers go on all the same. */
static void
test_what_ends_after_it_was_dropped_harms_nobody (void)
{
  for (int round = 0; round < 50; round++)
    {
      Trial      trial = { dex_promise_new_cancellable (), FALSE, FALSE };
      DexFuture *future = _comfy_spawn (await_leaf_fiber, &trial, NULL);

      while (g_main_context_iteration (NULL, FALSE))
        ;
      dex_unref (future);
      dex_promise_resolve_boolean (trial.leaf, TRUE);
      while (!trial.is_awake)
        g_main_context_iteration (NULL, TRUE);

      test_await_true (_comfy_spawn (sleep_fiber, NULL, NULL));
      dex_unref (trial.leaf);
    }
}

static DexFuture *
await_other_fiber (gpointer data)
{
  g_autoptr(GError) error = NULL;

  dex_await (_comfy_spawn (await_leaf_fiber, data, NULL), &error);

  return dex_future_new_true ();
}

static void
test_a_fiber_behind_a_fiber_is_cancelled_too (void)
{
  Trial      trial = { dex_promise_new_cancellable (), FALSE, FALSE };
  DexFuture *future = _comfy_spawn (await_other_fiber, &trial, NULL);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  dex_unref (future);
  while (!trial.is_awake)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (trial.was_cancelled);
  test_await_true (_comfy_spawn (sleep_fiber, NULL, NULL));
  dex_unref (trial.leaf);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/fiber/dropping-the-future-cancels-the-fiber",
                   test_dropping_the_future_cancels_the_fiber);
  g_test_add_func ("/fiber/what-is-dropped-before-it-began-never-begins",
                   test_what_is_dropped_before_it_began_never_begins);
  g_test_add_func ("/fiber/a-thread-tells-how-it-went", test_a_thread_tells_how_it_went);
  g_test_add_func ("/fiber/what-ends-after-it-was-dropped-harms-nobody",
                   test_what_ends_after_it_was_dropped_harms_nobody);
  g_test_add_func ("/fiber/a-fiber-behind-a-fiber-is-cancelled-too",
                   test_a_fiber_behind_a_fiber_is_cancelled_too);

  return g_test_run ();
}
