/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What jobs used, with the job and for the account, is what was taken off the balance. */

#include "config.h"

#include "comfy-json-private.h"
#include "test-fixture.h"

#define V1      "/developer/api/v1"
#define BALANCE 1000000

static Reply
submit (Fixture *fixture)
{
  g_autofree char *graph = dup_graph ("sandbox_generate_color.json", NULL);
  g_autofree char *job = g_strdup_printf ("{\"workflow\":%s}", graph);

  return fixture_send (fixture, "POST", V1 "/jobs", fixture->alice_key, NULL, job);
}

/* → micros of a dollar that its events name; -1: it tells none */
static gint64
sum_up (JsonObject *job)
{
  JsonObject *usage = comfy_json_get_object (job, "usage");
  JsonArray *events = usage != NULL ? comfy_json_get_array (usage, "events") : NULL;
  gint64 sum = 0;

  if (events == NULL)
    return -1;

  for (unsigned int i = 0; i < json_array_get_length (events); i++)
    sum += json_object_get_int_member (
      json_object_get_object_member (json_array_get_object_element (events, i), "properties"),
      "credits_used");

  return sum;
}

static gint64
get_spent (Fixture *fixture)
{
  g_auto(Reply) account =
    fixture_send (fixture, "GET", V1 "/account", fixture->alice_key, NULL, NULL);

  return BALANCE - json_object_get_int_member (account.json, "balance");
}

static void
assert_usage (Fixture    *fixture,
              const char *period,
              int         n_completed,
              int         n_failed)
{
  g_autofree char *url = g_strconcat (V1 "/account/usage", period, NULL);
  g_auto(Reply) usage = fixture_send (fixture, "GET", url, fixture->alice_key, NULL, NULL);

  g_assert_cmpuint (usage.status, ==, 200);
  g_assert_cmpint (json_object_get_int_member (usage.json, "jobs_completed"), ==, n_completed);
  g_assert_cmpint (json_object_get_int_member (usage.json, "jobs_failed"), ==, n_failed);
  g_assert_cmpint (json_object_get_int_member (usage.json, "credits_used"), ==,
                   get_spent (fixture));
}

static void
test_usage (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) running = { 0 };
  g_auto(Reply) pending = { 0 };
  g_auto(Reply) cancelled = { 0 };
  g_auto(Reply) done = { 0 };
  g_auto(Reply) failing = { 0 };
  g_auto(Reply) of_bob = { 0 };
  g_autofree char *url = NULL;
  g_autofree char *cancel_url = NULL;
  g_autofree char *failing_url = NULL;
  g_autofree char *status = NULL;
  g_autofree char *failed = NULL;

  fixture_start (&fixture, NULL);
  assert_usage (&fixture, "", 0, 0);

  fixture_control (&fixture, "hold", "{}");
  running = submit (&fixture);
  pending = submit (&fixture);
  g_assert_cmpint (sum_up (running.json), ==, -1);
  assert_usage (&fixture, "?period=day", 0, 0);

  cancel_url = g_strdup_printf (V1 "/jobs/%s/cancel", reply_get (&pending, "id"));
  cancelled = fixture_send (&fixture, "POST", cancel_url, fixture.alice_key, NULL, NULL);
  g_assert_cmpint (sum_up (cancelled.json), ==, -1);
  assert_usage (&fixture, "?period=day", 0, 0);

  fixture_control (&fixture, "release", "{}");
  url = g_strconcat (V1 "/jobs/", reply_get (&running, "id"), NULL);
  status = fixture_wait_for_job (&fixture, url, fixture.alice_key);
  done = fixture_send (&fixture, "GET", url, fixture.alice_key, NULL, NULL);
  g_assert_cmpint (get_spent (&fixture), >, 0);
  g_assert_cmpint (sum_up (done.json), ==, get_spent (&fixture));
  assert_usage (&fixture, "?period=week", 1, 0);

  fixture_control (&fixture, "fail", "{\"message\":\"Allocation on device\"}");
  failing = submit (&fixture);
  failing_url = g_strconcat (V1 "/jobs/", reply_get (&failing, "id"), NULL);
  failed = fixture_wait_for_job (&fixture, failing_url, fixture.alice_key);
  assert_usage (&fixture, "?period=month", 1, 1);

  of_bob = fixture_send (&fixture, "GET", V1 "/account/usage", fixture.bob_key, NULL, NULL);
  g_assert_cmpint (json_object_get_int_member (of_bob.json, "credits_used"), ==, 0);
}

static void
test_hidden (void)
{
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) submitted = { 0 };
  g_auto(Reply) done = { 0 };
  g_auto(Reply) usage = { 0 };
  g_autofree char *url = NULL;
  g_autofree char *status = NULL;

  fixture_start (&fixture, NULL);
  fixture_control (&fixture, "hide-usage", "{}");
  submitted = submit (&fixture);
  url = g_strconcat (V1 "/jobs/", reply_get (&submitted, "id"), NULL);
  status = fixture_wait_for_job (&fixture, url, fixture.alice_key);
  done = fixture_send (&fixture, "GET", url, fixture.alice_key, NULL, NULL);
  usage = fixture_send (&fixture, "GET", V1 "/account/usage", fixture.alice_key, NULL, NULL);

  g_assert_cmpint (sum_up (done.json), ==, -1);
  g_assert_cmpuint (usage.status, ==, 404);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sandbox-usage/is-what-was-taken-off-the-balance", test_usage);
  g_test_add_func ("/sandbox-usage/some-servers-do-not-tell", test_hidden);

  return g_test_run ();
}
