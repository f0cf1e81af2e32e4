/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What jobs cost, against the sandbox, whose ledger says what was charged.
 */
#include "config.h"

#include <json-glib/json-glib.h>

#include "comfy-job-private.h"
#include "comfy-sandbox.h"
#include "comfy-session.h"
#include "comfy-usage-fetch.h"
#include "fake-host.h"
#include "test-future.h"

#define OWNER   "ann@example.org"
#define BALANCE 1000000000
#define COST    12950 /* micros of a dollar: what the sandbox charges for a job */

static const ComfyPace quick = {
  .search_gap_ms = 10, .poll_first_ms = 5, .poll_last_ms = 20, .silence_ms = 200,
  .retry_first_ms = 10, .retry_last_ms = 20, .tick_ms = 20, .account_ms = 30000, .tidy_ms = 5000,
};

typedef struct
{
  ComfySandbox *sandbox;
  FakeHost     *host;
  ComfySession *session;
  ComfyForm    *form;
} Fixture;

static char *
make_key (void)
{
  return g_strconcat ("comfyui-", "0123456789abcdef", "0123456789ab", "abcd", NULL);
}

static ComfyForm *
make_form (void)
{
  const char             *data = g_getenv ("COMFY_TEST_DATA_DIR");
  g_autofree char        *graph = g_build_filename (data, "actions", "generate-image.json", NULL);
  g_autofree char        *sidecar = g_build_filename (data, "actions", "generate-image.gimp.json",
                                                      NULL);
  g_autoptr(ComfyAction)  action = comfy_action_new_from_files (graph, sidecar, NULL);
  ComfyForm              *form = comfy_form_new (action);

  comfy_form_set_value (form, "prompt", g_variant_new_string ("a red bicycle"));
  comfy_form_set_value (form, "size", g_variant_new ("(ii)", 256, 256));

  return form;
}

/* as a process does that starts now */
static void
open_session (Fixture    *fixture,
              const char *url)
{
  g_autofree char *key = make_key ();

  g_setenv ("COMFY_API_KEY", key, TRUE);
  g_setenv ("COMFY_BASE_URL", url, TRUE);
  g_clear_object (&fixture->session);
  fixture->session = comfy_session_new (COMFY_HOST (fixture->host));
}

/* @is_v2: non-%NULL for the protocol that tells nothing of money */
static void
set_up (Fixture       *fixture,
        gconstpointer  is_v2)
{
  g_autofree char     *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json",
                                                 NULL);
  ComfySandboxOptions  options = { .nodes_path = nodes, .job_ms = 40 };
  g_autofree char     *key = make_key ();
  g_autoptr(GError)    error = NULL;

  fixture->sandbox = comfy_sandbox_new (&options, &error);
  g_assert_no_error (error);
  comfy_sandbox_add_key (fixture->sandbox, key, OWNER, BALANCE, "creator");
  fixture->host = fake_host_new ();
  open_session (fixture, is_v2 != NULL ? comfy_sandbox_get_v2_url (fixture->sandbox)
                                       : comfy_sandbox_get_v1_url (fixture->sandbox));
  fixture->form = make_form ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  is_v2)
{
  const char *state = g_getenv ("XDG_STATE_HOME");

  if (g_file_test (state, G_FILE_TEST_EXISTS))
    test_remove_tree (state);
  g_object_unref (fixture->form);
  g_object_unref (fixture->session);
  g_object_unref (fixture->host);
  comfy_sandbox_free (fixture->sandbox);
}

static ComfyJob *
new_job (Fixture *fixture)
{
  g_autoptr(DexFuture)  future = NULL;
  g_autoptr(GError)     error = NULL;
  ComfyJob             *job;

  future = test_settle (comfy_session_prepare (fixture->session, fixture->form, -1, NULL));
  g_assert_true (dex_future_is_resolved (future));
  job = comfy_session_open_job (fixture->session,
                                g_value_get_string (dex_future_get_value (future, NULL)), &error);
  g_assert_no_error (error);
  _comfy_job_set_pace (job, &quick);

  return job;
}

/* (transfer full): a job that was placed */
static ComfyJob *
run (Fixture *fixture)
{
  ComfyJob *job = new_job (fixture);

  test_await_true (comfy_job_run (job));

  return job;
}

static void
control (Fixture    *fixture,
         const char *command,
         const char *arguments)
{
  g_assert_true (comfy_sandbox_control (fixture->sandbox, command, arguments));
}

/* what the ledger says that jobs were charged for */
static gint64
sum_up (Fixture *fixture)
{
  return comfy_sandbox_count (fixture->sandbox, "job", NULL, NULL) * (gint64) COST;
}

static unsigned int
count_questions (Fixture *fixture)
{
  return comfy_sandbox_count (fixture->sandbox, "request", "GET", "/developer/api/v1/account");
}

/* @micros: -1: not known */
static void
assert_cost (const ComfyCost *cost,
             gint64           micros)
{
  g_assert_cmpint (comfy_cost_is_known (cost) ? cost->micros : -1, ==, micros);
  g_assert_cmpstr (cost->currency, ==, micros >= 0 ? COMFY_CURRENCY_USD : NULL);
}

static ComfyProfile *
get_profile (Fixture *fixture)
{
  return comfy_profile_store_get_active (comfy_session_get_profiles (fixture->session));
}

/* what the next run is expected to cost; → how long, in ms */
static gint64
assert_expected (Fixture *fixture,
                 gint64   micros)
{
  g_autofree char *key = comfy_spending_dup_form_key (fixture->form);
  ComfyCost        cost;
  gint64           ms;

  comfy_spending_get_expected (comfy_session_get_spending (fixture->session),
                               comfy_profile_get_id (get_profile (fixture)), key, &cost, &ms);
  assert_cost (&cost, micros);

  return ms;
}

/* (transfer full): the job as the next process finds it */
static ComfyJournalEntry *
reopen (Fixture  *fixture,
        ComfyJob *job)
{
  g_autofree char   *id = g_strdup (comfy_journal_entry_get_id (comfy_job_get_entry (job)));
  ComfyJournalEntry *entry;

  g_object_unref (job);
  entry = comfy_journal_open (comfy_session_get_journal (fixture->session), id, NULL);
  g_assert_nonnull (entry);

  return entry;
}

static void
count_cb (ComfyJob   *job,
          GParamSpec *pspec,
          gpointer    data)
{
  (*(unsigned int *) data)++;
}

static void
test_told_with_the_job (Fixture       *fixture,
                        gconstpointer  is_v2)
{
  ComfyJob                     *job = new_job (fixture);
  g_autoptr(ComfyJournalEntry)  entry = NULL;
  unsigned int                  n_told = 0;

  assert_expected (fixture, -1);
  assert_cost (comfy_job_get_cost (job), -1);
  g_signal_connect (job, "notify::cost", G_CALLBACK (count_cb), &n_told);
  test_await_true (comfy_job_run (job));
  assert_cost (comfy_job_get_cost (job), sum_up (fixture));
  g_assert_cmpuint (n_told, ==, 1);
  g_assert_cmpint (assert_expected (fixture, COST), >=, 40);
  g_assert_cmpint (comfy_profile_get_account (get_profile (fixture))->balance_micros, ==,
                   BALANCE - sum_up (fixture));

  entry = reopen (fixture, job);
  assert_cost (comfy_journal_entry_get_cost (entry), COST);
  g_assert_cmpint (comfy_journal_entry_get_run_ms (entry), >=, 40);
}

/* once it is known that jobs tell, the balance is asked for only afterwards */
static void
test_is_not_asked_for_what_is_told (Fixture       *fixture,
                                    gconstpointer  is_v2)
{
  g_autoptr(ComfyJob) first = run (fixture);
  unsigned int        n = count_questions (fixture);
  g_autoptr(ComfyJob) second = run (fixture);

  assert_cost (comfy_job_get_cost (second), COST);
  g_assert_cmpuint (count_questions (fixture), ==, n + 1);
}

static void
test_seen_from_the_balance (Fixture       *fixture,
                            gconstpointer  is_v2)
{
  ComfyJob                     *job;
  g_autoptr(ComfyJournalEntry)  entry = NULL;

  control (fixture, "hide-usage", "{}");
  job = run (fixture);
  assert_cost (comfy_job_get_cost (job), sum_up (fixture));
  assert_expected (fixture, COST);

  entry = reopen (fixture, job);
  assert_cost (comfy_journal_entry_get_cost (entry), COST);
}

/* two at once: nobody can say which of them what is missing was for */
static void
test_two_at_once_are_not_guessed (Fixture       *fixture,
                                  gconstpointer  is_v2)
{
  g_autoptr(ComfyJob)   one = new_job (fixture);
  g_autoptr(ComfyJob)   two = new_job (fixture);
  g_autoptr(DexFuture)  first = NULL;
  g_autoptr(DexFuture)  second = NULL;

  control (fixture, "hide-usage", "{}");
  control (fixture, "hold", "{}");
  first = comfy_job_run (one);
  second = comfy_job_run (two);
  while (comfy_sandbox_count (fixture->sandbox, "job", NULL, NULL) < 2)
    g_main_context_iteration (NULL, TRUE);
  control (fixture, "release", "{}");
  test_await_true (g_steal_pointer (&first));
  test_await_true (g_steal_pointer (&second));

  assert_cost (comfy_job_get_cost (one), -1);
  assert_cost (comfy_job_get_cost (two), -1);
  g_assert_cmpint (assert_expected (fixture, -1), >=, 40);
}

/* who pays in meanwhile has not been paid by the job */
static void
test_a_top_up_is_no_cost (Fixture       *fixture,
                          gconstpointer  is_v2)
{
  g_autoptr(ComfyJob)   job = new_job (fixture);
  g_autoptr(DexFuture)  done = NULL;

  control (fixture, "hide-usage", "{}");
  control (fixture, "hold", "{}");
  done = comfy_job_run (job);
  while (comfy_sandbox_count (fixture->sandbox, "job", NULL, NULL) < 1)
    g_main_context_iteration (NULL, TRUE);
  control (fixture, "balance", "{\"account\":\"" OWNER "\",\"micros\":2000000000}");
  control (fixture, "release", "{}");
  test_await_true (g_steal_pointer (&done));

  assert_cost (comfy_job_get_cost (job), -1);
  g_assert_cmpint (comfy_profile_get_account (get_profile (fixture))->balance_micros, ==,
                   2000000000);
}

/* a failed run costs, and is no measure for the next one */
static void
test_a_failure_is_paid_and_not_learned_from (Fixture       *fixture,
                                             gconstpointer  is_v2)
{
  g_autoptr(ComfyJob) job = new_job (fixture);

  control (fixture, "fail", "{ \"message\": \"Out of memory.\" }");
  test_await_error (comfy_job_run (job), COMFY_ERROR_JOB_FAILED);
  assert_cost (comfy_job_get_cost (job), COST);
  g_assert_cmpint (assert_expected (fixture, -1), ==, -1);
}

static void
test_v2_tells_times_only (Fixture       *fixture,
                          gconstpointer  is_v2)
{
  g_autoptr(ComfyJob) job = run (fixture);

  assert_cost (comfy_job_get_cost (job), -1);
  g_assert_cmpint (assert_expected (fixture, -1), >=, 40);
}

/* an account that answers with nothing, or not at all, holds no job up and makes none fail */
static void
test_an_account_that_fails_is_no_matter (Fixture       *fixture,
                                         gconstpointer  is_v2)
{
  g_autoptr(ComfyJob) job = NULL;

  control (fixture, "hide-usage", "{}");
  /* who answers there is found out before */
  g_object_unref (run (fixture));
  control (fixture, "faults", "{\"kind\":\"status\",\"status\":500,\"count\":-1,"
                              "\"path\":\"/developer/api/v1/account\"}");
  job = new_job (fixture);
  test_await_true (comfy_job_run (job));
  assert_cost (comfy_job_get_cost (job), -1);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 2);
}

static DexFuture *
fetch (Fixture *fixture)
{
  return comfy_usage_fetch (comfy_session_get_connector (fixture->session),
                            get_profile (fixture));
}

static void
test_usage_of_the_account (Fixture       *fixture,
                           gconstpointer  is_v2)
{
  g_autoptr(ComfyJob)   job = run (fixture);
  g_autoptr(DexFuture)  future = test_settle (fetch (fixture));
  const GValue         *value = dex_future_get_value (future, NULL);
  GPtrArray            *all;

  g_assert_nonnull (value);
  all = g_value_get_boxed (value);
  g_assert_cmpuint (all->len, ==, COMFY_N_USAGE_PERIODS);
  for (unsigned int i = 0; i < all->len; i++)
    {
      const ComfyUsage *usage = g_ptr_array_index (all, i);

      g_assert_cmpint (usage->period, ==, (int) i);
      g_assert_cmpint (usage->n_completed, ==, 1);
      g_assert_cmpint (usage->n_failed, ==, 0);
      assert_cost (&usage->cost, sum_up (fixture));
    }
}

/* nor is it by the next process */
static void
test_usage_that_is_not_told_is_asked_for_once (Fixture       *fixture,
                                               gconstpointer  is_v2)
{
  control (fixture, "hide-usage", "{}");
  test_await_error (fetch (fixture), COMFY_ERROR_NOT_SUPPORTED);
  test_await_error (fetch (fixture), COMFY_ERROR_NOT_SUPPORTED);
  open_session (fixture, comfy_sandbox_get_v1_url (fixture->sandbox));
  test_await_error (fetch (fixture), COMFY_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (comfy_sandbox_count (fixture->sandbox, "request", "GET",
                                         "/developer/api/v1/account/usage"), ==, 1);
}

static void
test_v2_tells_no_usage (Fixture       *fixture,
                        gconstpointer  is_v2)
{
  test_await_error (fetch (fixture), COMFY_ERROR_NOT_SUPPORTED);
}

#define ADD(name, func) g_test_add ("/job-cost/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-job-cost-XXXXXX", NULL);
  g_autofree char *state = g_build_filename (folder, "state", NULL);
  int              status;

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  dex_init ();
  g_test_init (&argc, &argv, NULL);

  ADD ("is-told-with-the-job", test_told_with_the_job);
  ADD ("nobody-is-asked-for-what-is-told", test_is_not_asked_for_what_is_told);
  ADD ("else-it-is-seen-from-the-balance", test_seen_from_the_balance);
  ADD ("of-two-at-once-nothing-is-guessed", test_two_at_once_are_not_guessed);
  ADD ("a-top-up-is-no-cost", test_a_top_up_is_no_cost);
  ADD ("a-failure-is-paid-and-not-learned-from", test_a_failure_is_paid_and_not_learned_from);
  ADD ("an-account-that-fails-is-no-matter", test_an_account_that_fails_is_no_matter);
  ADD ("an-account-tells-what-it-used", test_usage_of_the_account);
  ADD ("usage-that-is-not-told-is-asked-for-once", test_usage_that_is_not_told_is_asked_for_once);
  g_test_add ("/job-cost/v2-tells-no-usage", Fixture, "v2", set_up, test_v2_tells_no_usage,
              tear_down);
  g_test_add ("/job-cost/v2-tells-times-only", Fixture, "v2", set_up, test_v2_tells_times_only,
              tear_down);

  status = g_test_run ();
  test_remove_tree (folder);

  return status;
}
