/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A history of 500 jobs: how long the main loop is held at a stretch while it is read, against how
 * long reading takes: goal at most a third. And a second look at a journal in which one job has
 * changed, against the first: goal at most a third.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "comfy-history-private.h"
#include "history-fixture.h"
#include "test-future.h"

#define N_JOBS   500
#define N_ROUNDS 9
#define GOAL     (1.0 / 3.0)

/* Looks whether the main loop turns */
typedef struct
{
  gint64 last;    /* µs */
  gint64 longest; /* µs */
} Watch;

static gboolean
turned_cb (gpointer data)
{
  Watch  *watch = data;
  gint64  now = g_get_monotonic_time ();

  watch->longest = MAX (watch->longest, now - watch->last);
  watch->last = now;

  return G_SOURCE_CONTINUE;
}

/* another job with the same files */
static void
copy_job (ComfyJournal *journal,
          const char   *id)
{
  static const char * const  files[] = { "job.json", "request.json", "graph.json" };
  g_autofree char           *copy = g_uuid_string_random ();
  g_autofree char           *folder = history_dup_path (journal, copy, NULL);

  g_assert_no_errno (g_mkdir (folder, 0700));
  for (unsigned int i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *from = history_dup_path (journal, id, files[i]);
      g_autofree char *to = history_dup_path (journal, copy, files[i]);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (from, &text, NULL, NULL));
      g_assert_true (g_file_set_contents_full (to, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
}

/* µs */
static gint64
look (ComfyHistory *history,
      gint64       *out_longest)
{
  gint64       began = g_get_monotonic_time ();
  Watch        watch = { began, 0 };
  unsigned int source = g_idle_add_full (G_PRIORITY_DEFAULT, turned_cb, &watch, NULL);

  test_await_true (_comfy_history_follow (history));
  g_source_remove (source);
  *out_longest = watch.longest;

  return g_get_monotonic_time () - began;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  double one = *(const double *) a;
  double two = *(const double *) b;

  return (one > two) - (one < two);
}

static gboolean
tell (const char *what,
      double     *ratios)
{
  double median;

  qsort (ratios, N_ROUNDS, sizeof (double), compare);
  median = ratios[N_ROUNDS / 2];
  g_print ("%s: %.3f (goal %.3f)\n", what, median, GOAL);

  return median <= GOAL;
}

int
main (void)
{
  g_autofree char         *folder = g_dir_make_tmp ("comfy-history-XXXXXX", NULL);
  g_autoptr(ComfyJournal)  journal = comfy_journal_new (folder);
  g_autofree char         *id = NULL;
  double                   held[N_ROUNDS];
  double                   again[N_ROUNDS];
  gboolean                 is_good;

  dex_init ();
  id = history_make (journal, &(HistoryJob) { .state = COMFY_STATE_PLACED, .n_pictures = 4,
                                              .prompt = "an oak" });
  for (unsigned int i = 1; i < N_JOBS; i++)
    copy_job (journal, id);

  for (unsigned int i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr(ComfyHistory) history = comfy_history_new (journal, NULL);
      gint64                  longest;
      gint64                  unused;
      gint64                  first = look (history, &longest);

      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (history)), ==, N_JOBS);
      held[i] = (double) longest / first;
      history_set_state (journal, id, i % 2 == 0 ? COMFY_STATE_READY : COMFY_STATE_PLACED);
      again[i] = (double) look (history, &unused) / first;
      if (i == 0)
        g_print ("%u jobs are read in %.1f ms\n", N_JOBS, first / 1000.0);
    }

  is_good = tell ("held at a stretch", held);
  is_good = tell ("the second look", again) && is_good;
  test_remove_tree (folder);

  return is_good ? 0 : 1;
}
