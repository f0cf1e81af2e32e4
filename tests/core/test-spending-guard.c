/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When the artist is asked before money is spent, and what is said of a run's time.
 */
#include "config.h"

#include "comfy-job-private.h"
#include "comfy-profile-private.h"
#include "comfy-settings.h"
#include "comfy-spending-guard.h"
#include "test-future.h"

#define DOLLAR G_GINT64_CONSTANT (1000000)

typedef struct
{
  char          *folder;
  char          *path;
  ComfySettings *settings;
  ComfyProfile  *profile;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = g_dir_make_tmp ("comfy-guard-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "settings.ini", NULL);
  fixture->settings = comfy_settings_new (fixture->path);
  fixture->profile = _comfy_profile_new ("id", "endpoint", 0, TRUE, TRUE);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->profile);
  g_assert_finalize_object (fixture->settings);
  test_remove_tree (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
set_balance (Fixture *fixture,
             gint64   micros)
{
  g_autoptr(ComfyAccount) account = comfy_account_new (NULL);

  account->has_balance = TRUE;
  account->balance_micros = micros;
  _comfy_profile_set_outcome (fixture->profile, COMFY_PROFILE_WORKS, account, NULL);
}

/* @question: (nullable): %NULL: nothing is asked */
static void
assert_question (Fixture      *fixture,
                 unsigned int  n_jobs,
                 const char   *question)
{
  g_autofree char *text = comfy_spending_guard_dup_question (fixture->settings, fixture->profile,
                                                             n_jobs);

  g_assert_cmpstr (text, ==, question);
}

static void
test_defaults (Fixture       *fixture,
               gconstpointer  unused)
{
  g_assert_cmpint (comfy_settings_get_ask_under_balance (fixture->settings), ==, 0);
  g_assert_cmpint (comfy_settings_get_ask_over_jobs (fixture->settings), ==, 10);
  set_balance (fixture, -5 * DOLLAR);
  assert_question (fixture, 10, NULL);
  assert_question (fixture, 11, "This begins 11 jobs, and each of them is paid for.");
}

static void
test_limits (Fixture       *fixture,
             gconstpointer  unused)
{
  comfy_settings_set_ask_under_balance (fixture->settings, 5 * DOLLAR);
  comfy_settings_set_ask_over_jobs (fixture->settings, 1);
  /* of a balance that nobody told nothing is claimed */
  assert_question (fixture, 1, NULL);
  set_balance (fixture, 5 * DOLLAR);
  assert_question (fixture, 1, NULL);
  set_balance (fixture, 5 * DOLLAR - 10000);
  assert_question (fixture, 1, "The balance was $4.99 when last asked, which is under $5.00.");
  assert_question (fixture, 2, "This begins 2 jobs, and each of them is paid for. The balance was "
                               "$4.99 when last asked, which is under $5.00.");

  comfy_settings_set_ask_under_balance (fixture->settings, 0);
  comfy_settings_set_ask_over_jobs (fixture->settings, 0);
  assert_question (fixture, 100, NULL);
}

static void
test_without_a_key (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(ComfyProfile) keyless = _comfy_profile_new ("own", "endpoint", 0, FALSE, TRUE);

  g_assert_null (comfy_spending_guard_dup_question (fixture->settings, keyless, 50));
}

static void
test_survives (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(ComfySettings) again = NULL;

  comfy_settings_set_ask_under_balance (fixture->settings, 2500000);
  comfy_settings_set_ask_over_jobs (fixture->settings, 0);
  again = comfy_settings_new (fixture->path);
  g_assert_cmpint (comfy_settings_get_ask_under_balance (again), ==, 2500000);
  g_assert_cmpint (comfy_settings_get_ask_over_jobs (again), ==, 0);
}

static void
test_nonsense (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(ComfySettings) settings = NULL;

  g_assert_true (g_file_set_contents (fixture->path, "[preferences]\nask-under-balance=-7\n"
                                                     "ask-over-jobs=-1\n", -1, NULL));
  settings = comfy_settings_new (fixture->path);
  g_assert_cmpint (comfy_settings_get_ask_under_balance (settings), ==, 0);
  g_assert_cmpint (comfy_settings_get_ask_over_jobs (settings), ==, 10);
}

static void
test_time (void)
{
  static const struct
  {
    const char *words;
    int         seconds;
    gint64      run_ms;
    const char *text;
  } cases[] = {
    { NULL, 12, -1, "Running, 12 s" },
    { NULL, 12, 20400, "Running, 12 s of about 20 s" },
    { NULL, 20, 20400, "Running, 20 s of about 20 s" },
    { NULL, 21, 20400, "Running, 21 s; most runs take about 20 s" },
    { NULL, 0, 300, "Running, 0 s" },
    { "Sampling, step 3 of 8", 12, -1, "Sampling, step 3 of 8" },
    { "Sampling, step 3 of 8", 12, 19600, "Sampling, step 3 of 8 · 12 s of about 20 s" },
    { "Sampling, step 3 of 8", 40, 20000, "Sampling, step 3 of 8 · 40 s" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = _comfy_job_dup_running (cases[i].words, cases[i].seconds,
                                                      cases[i].run_ms);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

#define ADD(name, func) \
  g_test_add ("/spending-guard/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  ADD ("asks-of-many-jobs-alone", test_defaults);
  ADD ("asks-past-the-limits", test_limits);
  ADD ("without-a-key-nothing-costs", test_without_a_key);
  ADD ("limits-survive-a-restart", test_survives);
  ADD ("nonsense-counts-as-missing", test_nonsense);
  g_test_add_func ("/job-words/time-is-told-with-what-is-expected", test_time);

  return g_test_run ();
}
