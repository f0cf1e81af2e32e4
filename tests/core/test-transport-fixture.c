/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-error.h"
#include "test-future.h"
#include "test-transport-fixture.h"

static gint64
clock_now_us (gpointer data)
{
  TestClock *self = data;
  gint64     now_us = self->now_us;

  if (!self->budget_left)
    self->now_us += COMFY_RETRY_BUDGET_US;

  return now_us;
}

static gboolean
clock_sleep (gpointer   data,
             gint64     duration_us,
             GError   **error)
{
  TestClock *self = data;

  g_array_append_val (self->waits, duration_us);
  self->now_us += duration_us;

  return TRUE;
}

/* in the middle, always */
static double
clock_random (gpointer data)
{
  return 0.5;
}

/* Makes the transport anew, after its options were changed */
void
fixture_renew_transport (TestFixture *fixture)
{
  g_clear_object (&fixture->transport);
  fixture->transport = _comfy_transport_new_full (fixture->endpoint, fixture->credentials, NULL,
                                                  &fixture->options);
}

/* Another environment, with a key of its own */
void
fixture_use_url (TestFixture *fixture,
                 const char  *base_url)
{
  g_autoptr(GError) error = NULL;

  g_clear_object (&fixture->endpoint);
  g_clear_pointer (&fixture->credentials, comfy_credentials_unref);
  fixture->endpoint = comfy_endpoint_new ("test", "Test", base_url, &error);
  g_assert_no_error (error);
  fixture->credentials = comfy_credentials_new (TEST_KEY, base_url, &error);
  g_assert_no_error (error);
  fixture_renew_transport (fixture);
}

void
fixture_set_stall (TestFixture  *fixture,
                   unsigned int  stall_ms)
{
  fixture->options.stall_ms = stall_ms;
  fixture_renew_transport (fixture);
}

/* µs that the transport waited the (@i + 1)th time */
gint64
fixture_get_wait (TestFixture  *fixture,
                  unsigned int  i)
{
  g_assert_cmpuint (i, <, fixture->clock.waits->len);

  return g_array_index (fixture->clock.waits, gint64, i);
}

/* The error that @future, which is taken, rejects with (transfer full) */
GError *
fixture_reject (DexFuture *future)
{
  g_autoptr(DexFuture) settled = test_settle (future);
  GError              *error = NULL;

  g_assert_null (dex_future_get_value (settled, &error));
  g_assert_cmpuint (error->domain, ==, COMFY_ERROR);

  return error;
}

static void
set_up (TestFixture *fixture,
        const void  *data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *base_url = NULL;

  fixture->folder = g_dir_make_tmp ("comfy-test-XXXXXX", &error);
  g_assert_no_error (error);

  fixture->clock.clock = (ComfyClock) { clock_now_us, clock_sleep, clock_random, &fixture->clock };
  fixture->clock.waits = g_array_new (FALSE, FALSE, sizeof (gint64));
  fixture->clock.budget_left = TRUE;
  fixture->options.clock = &fixture->clock.clock;

  fixture->server = test_server_new (NULL);
  base_url = test_server_dup_url (fixture->server, "/api");
  fixture_use_url (fixture, base_url);
}

static void
tear_down (TestFixture *fixture,
           const void  *data)
{
  g_clear_object (&fixture->transport);
  g_clear_pointer (&fixture->credentials, comfy_credentials_unref);
  g_clear_object (&fixture->endpoint);
  test_server_free (fixture->server);
  g_array_unref (fixture->clock.waits);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

void
test_fixture_init (int    *argc,
                   char ***argv)
{
  /* no test asks the desktop for a proxy */
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (argc, argv, NULL);
  dex_init ();
}

void
test_fixture_add (const char      *path,
                  TestFixtureFunc  func)
{
  g_test_add (path, TestFixture, NULL, set_up, func, tear_down);
}
