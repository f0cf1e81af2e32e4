/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include "comfy-durable.h"
#include "comfy-error.h"
#include "comfy-journal.h"

#define BIG_SEED G_GUINT64_CONSTANT (18446744073709551615)
#define GRAPH "{\"3\":{\"class_type\":\"KSampler\",\"inputs\":{\"seed\":18446744073709551615}}," \
              "\"9\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"\"}}}"

typedef struct
{
  char         *folder;
  ComfyJournal *journal;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *base = g_dir_make_tmp ("comfy-journal-XXXXXX", &error);

  g_assert_no_error (error);
  fixture->folder = g_build_filename (base, "jobs", NULL);
  fixture->journal = comfy_journal_new (fixture->folder);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char  *base = g_path_get_dirname (fixture->folder);
  g_autoptr(GDir)   dir = g_dir_open (fixture->folder, 0, NULL);
  const char       *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_true (comfy_durable_remove (path, NULL));
    }
  g_rmdir (fixture->folder);
  g_rmdir (base);
  g_assert_finalize_object (fixture->journal);
  g_free (fixture->folder);
}

static const ComfyLayerBox layer = { 4294967295, { -3, 4, 500, 600 } };

static ComfyRequest *
make_request (const char *prompt,
              guint64     seed)
{
  g_autoptr(GBytes)         graph = g_bytes_new_static (GRAPH, sizeof GRAPH - 1);
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyWorkflow)  workflow = comfy_workflow_new_from_bytes (graph, &error);
  g_autoptr(ComfyPlacement) placement = comfy_placement_new ();
  g_autoptr(GPtrArray)      inputs = NULL;

  g_assert_no_error (error);
  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  g_ptr_array_add (inputs, comfy_input_new ("input-0.webp", "image/webp", "9", "image"));
  placement->gimp_pid = 4711;
  placement->image_id = 3;
  placement->image_file = g_strdup ("/home/\xff not utf-8/picture.xcf");
  placement->image_mark = g_strdup ("mark");
  placement->region = (ComfyRegion) { { -20, 5, 64, 48 }, 128, 96, 3, 4, 5, 6 };
  placement->edges = (ComfyEdges) { 1, 2, 3, 4 };
  placement->outcome = COMFY_OUTCOME_SELECTION;
  placement->order = COMFY_ORDER_LOWEST_FIRST;
  placement->mask_file = g_strdup ("mask.png");
  g_array_append_val (placement->layers, layer);
  placement->fit = COMFY_FIT_NATURAL;
  placement->alpha_file = g_strdup ("alpha.png");

  return comfy_request_new (&(ComfyRequestParts) {
    .action_id = "upscale-4x",
    .title = "Upscale 4×",
    .prompt = prompt,
    .seed = seed,
    .profile_id = "profile-1",
    .workflow = workflow,
    .inputs = inputs,
    .placement = placement,
  });
}

static ComfyJournalEntry *
begin (Fixture *fixture)
{
  g_autoptr(ComfyRequest)  request = make_request ("red bicycle", BIG_SEED);
  g_autoptr(GError)        error = NULL;
  g_autofree char         *staging = comfy_journal_make_staging (fixture->journal, &error);
  g_autofree char         *input = NULL;
  ComfyJournalEntry       *entry;

  g_assert_no_error (error);
  input = g_build_filename (staging, "input-0.webp", NULL);
  g_assert_true (g_file_set_contents (input, "pixels", -1, NULL));
  entry = comfy_journal_begin (fixture->journal, staging, request, &error);
  g_assert_no_error (error);

  return entry;
}

/* begins a job, moves it to @state, and gives it up */
static char *
begin_and_leave (Fixture    *fixture,
                 ComfyState  state)
{
  g_autoptr(ComfyJournalEntry) entry = begin (fixture);

  comfy_journal_entry_set_state (entry, state);
  g_assert_true (comfy_journal_entry_commit (entry, NULL));

  return g_strdup (comfy_journal_entry_get_id (entry));
}

static void
test_an_entry_comes_back_as_it_was (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry) entry = begin (fixture);
  g_autoptr(GError)            error = NULL;
  g_autoptr(GError)            why = NULL;
  g_autofree char             *id = g_strdup (comfy_journal_entry_get_id (entry));
  g_autofree char             *key = g_strdup (comfy_journal_entry_get_idempotency_key (entry));
  g_autofree char             *tag = g_strconcat ("gimp-", id, NULL);
  g_autofree char             *input = NULL;
  const char * const           outputs[] = { "output-0.png", "output-1.png", NULL };
  ComfyPlacement              *placement;
  guint64                      seed = 0;

  g_assert_cmpstr (comfy_journal_entry_get_tag (entry), ==, tag);
  why = comfy_error_new (COMFY_ERROR_UNAUTHORIZED, "detail", "The key was rejected.");
  comfy_error_set_response (why, 401, "unauthorized", "request-7");
  comfy_journal_entry_set_state (entry, COMFY_STATE_DOWNLOADING);
  comfy_journal_entry_set_submitted_at (entry, 1234567890);
  comfy_journal_entry_set_base_url (entry, "https://cloud.example/api");
  comfy_journal_entry_set_protocol (entry, "ComfyApiV1");
  comfy_journal_entry_set_remote_id (entry, "remote-1");
  comfy_journal_entry_set_remote_input (entry, 0, "uploaded.webp");
  comfy_journal_entry_set_outputs (entry, outputs);
  comfy_journal_entry_set_error (entry, why);
  g_assert_true (comfy_journal_entry_commit (entry, NULL));
  g_clear_object (&entry);

  entry = comfy_journal_open (fixture->journal, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (comfy_journal_entry_get_state (entry), ==, COMFY_STATE_DOWNLOADING);
  g_assert_cmpstr (comfy_journal_entry_get_idempotency_key (entry), ==, key);
  g_assert_cmpstr (comfy_journal_entry_get_tag (entry), ==, tag);
  g_assert_cmpint (comfy_journal_entry_get_submitted_at (entry), ==, 1234567890);
  g_assert_cmpstr (comfy_journal_entry_get_base_url (entry), ==, "https://cloud.example/api");
  g_assert_cmpstr (comfy_journal_entry_get_protocol (entry), ==, "ComfyApiV1");
  g_assert_cmpstr (comfy_journal_entry_get_remote_id (entry), ==, "remote-1");
  g_assert_cmpstr (comfy_journal_entry_get_remote_input (entry, 0), ==, "uploaded.webp");
  g_assert_cmpstrv (comfy_journal_entry_get_outputs (entry), outputs);
  g_assert_error (comfy_journal_entry_get_error (entry), COMFY_ERROR, COMFY_ERROR_UNAUTHORIZED);
  g_assert_cmpint (comfy_error_get_status (comfy_journal_entry_get_error (entry)), ==, 401);

  input = g_build_filename (comfy_journal_entry_get_folder (entry), "input-0.webp", NULL);
  g_assert_true (g_file_test (input, G_FILE_TEST_IS_REGULAR));
  g_assert_true (comfy_workflow_get_uint64 (
    comfy_request_get_workflow (comfy_journal_entry_get_request (entry)), "3", "seed", &seed));
  g_assert_cmpuint (seed, ==, BIG_SEED);
  g_assert_cmpuint (comfy_request_get_seed (comfy_journal_entry_get_request (entry)), ==, BIG_SEED);
  g_assert_cmpint (comfy_request_get_inputs (comfy_journal_entry_get_request (entry))->len, ==, 1);

  placement = comfy_request_get_placement (comfy_journal_entry_get_request (entry));
  g_assert_cmpint (placement->gimp_pid, ==, 4711);
  g_assert_cmpstr (placement->image_file, ==, "/home/\xff not utf-8/picture.xcf");
  g_assert_cmpmem (&placement->region, sizeof placement->region,
                   &((ComfyRegion) { { -20, 5, 64, 48 }, 128, 96, 3, 4, 5, 6 }),
                   sizeof placement->region);
  g_assert_cmpmem (&placement->edges, sizeof placement->edges, &((ComfyEdges) { 1, 2, 3, 4 }),
                   sizeof placement->edges);
  g_assert_cmpint (placement->outcome, ==, COMFY_OUTCOME_SELECTION);
  g_assert_cmpint (placement->order, ==, COMFY_ORDER_LOWEST_FIRST);
  g_assert_cmpstr (placement->mask_file, ==, "mask.png");
  g_assert_cmpuint (placement->layers->len, ==, 1);
  g_assert_cmpmem (placement->layers->data, sizeof layer, &layer, sizeof layer);
  g_assert_cmpint (placement->layer_id, ==, -1);
  g_assert_cmpint (placement->fit, ==, COMFY_FIT_NATURAL);
  g_assert_cmpstr (placement->alpha_file, ==, "alpha.png");
}

static void
test_nobody_else_can_read_it (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = begin (fixture);
  const char                   *folder = comfy_journal_entry_get_folder (entry);
  const char * const            files[] = { "job.json", "request.json", "graph.json", "lock" };
  GStatBuf                      buf;

  g_assert_cmpint (g_stat (fixture->folder, &buf), ==, 0);
  g_assert_cmpint (buf.st_mode & 0777, ==, 0700);
  g_assert_cmpint (g_stat (folder, &buf), ==, 0);
  g_assert_cmpint (buf.st_mode & 0777, ==, 0700);
  for (unsigned int i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);

      g_assert_cmpint (g_stat (path, &buf), ==, 0);
      g_assert_cmpint (buf.st_mode & 0777, ==, 0600);
    }
}

static void
test_one_holder_at_a_time (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry) entry = begin (fixture);
  g_autoptr(ComfyJournalEntry) second = NULL;
  g_autoptr(GError)            error = NULL;
  const char                  *id = comfy_journal_entry_get_id (entry);
  g_auto(GStrv)                orphans = comfy_journal_list_orphans (fixture->journal);

  g_assert_cmpint (g_strv_length (orphans), ==, 0);
  g_assert_null (comfy_journal_open (fixture->journal, id, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_FAILED);
  g_clear_error (&error);

  comfy_journal_entry_release (entry);
  second = comfy_journal_open (fixture->journal, id, &error);
  g_assert_no_error (error);
  g_assert_nonnull (second);
}

static void
test_a_dead_holder_leaves_an_orphan (Fixture       *fixture,
                                     gconstpointer  data)
{
  g_auto(GStrv) orphans = NULL;
  int           status = 0;
  pid_t         child = fork ();

  if (child == 0)
    {
      begin (fixture);
      raise (SIGKILL);
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  orphans = comfy_journal_list_orphans (fixture->journal);
  g_assert_cmpint (g_strv_length (orphans), ==, 1);
}

static void
test_orphans_are_the_unfinished (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_auto(GStrv) orphans = NULL;
  unsigned int  n_expected = 0;

  for (int state = 0; state < COMFY_N_STATES; state++)
    {
      g_autofree char *id = begin_and_leave (fixture, state);

      n_expected += comfy_state_is_final (state) ? 0 : 1;
    }

  orphans = comfy_journal_list_orphans (fixture->journal);
  g_assert_cmpint (g_strv_length (orphans), ==, n_expected);
  g_assert_false (comfy_state_is_final (COMFY_STATE_UNKNOWN));
  g_assert_cmpint (n_expected, ==, COMFY_N_STATES - 4);
}

static void
test_ids_from_outside_are_not_paths (Fixture       *fixture,
                                     gconstpointer  data)
{
  const char * const ids[] = { "", ".", "..", "../jobs", "/etc", "no-uuid" };
  g_autofree char   *id = begin_and_leave (fixture, COMFY_STATE_WAITING);

  for (unsigned int i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (comfy_journal_open (fixture->journal, ids[i], &error));
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND);
    }
}

static void
test_a_damaged_record_is_an_error (Fixture       *fixture,
                                   gconstpointer  data)
{
  const char * const files[] = { "job.json", "request.json", "graph.json" };
  const char * const contents[] = { "", "{", "[]", "{}", "{\"idempotency_key\":\"k\",\"outputs\":[\"../x\"]}" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (files); i++)
    for (unsigned int j = 0; j < G_N_ELEMENTS (contents); j++)
      {
        g_autofree char   *id = begin_and_leave (fixture, COMFY_STATE_WAITING);
        g_autofree char   *path = g_build_filename (fixture->folder, id, files[i], NULL);
        g_autoptr(GError)  error = NULL;

        g_assert_true (g_file_set_contents (path, contents[j], -1, NULL));
        g_assert_null (comfy_journal_open (fixture->journal, id, &error));
        g_assert_nonnull (error);
        g_assert_true (error->domain == COMFY_ERROR);
      }
}

static void
test_sweeping_keeps_what_is_unfinished (Fixture       *fixture,
                                        gconstpointer  data)
{
  g_autofree char  *waiting = begin_and_leave (fixture, COMFY_STATE_WAITING);
  g_autofree char  *placed = begin_and_leave (fixture, COMFY_STATE_PLACED);
  g_autofree char  *waiting_folder = g_build_filename (fixture->folder, waiting, NULL);
  g_autofree char  *placed_folder = g_build_filename (fixture->folder, placed, NULL);
  g_autofree char  *fresh = comfy_journal_make_staging (fixture->journal, NULL);
  g_autofree char  *stale = comfy_journal_make_staging (fixture->journal, NULL);
  struct utimbuf    long_ago = { 0, 0 };

  g_assert_cmpint (utime (stale, &long_ago), ==, 0);
  comfy_journal_sweep (fixture->journal, 30);
  g_assert_true (g_file_test (placed_folder, G_FILE_TEST_IS_DIR));
  g_assert_true (g_file_test (fresh, G_FILE_TEST_IS_DIR));
  g_assert_false (g_file_test (stale, G_FILE_TEST_EXISTS));

  comfy_journal_delete_finished (fixture->journal);
  g_assert_false (g_file_test (placed_folder, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (waiting_folder, G_FILE_TEST_IS_DIR));
}

static void
test_sweeping_removes_what_is_old (Fixture       *fixture,
                                   gconstpointer  data)
{
  g_autofree char *placed = begin_and_leave (fixture, COMFY_STATE_PLACED);
  g_autofree char *folder = g_build_filename (fixture->folder, placed, NULL);

  comfy_journal_sweep (fixture->journal, -1);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));
}

/* Damaged, or not to be read just now: it may be paid for, and must not hide the others. */
static void
test_what_cannot_be_read_is_never_removed (Fixture       *fixture,
                                           gconstpointer  data)
{
  g_autofree char *waiting = begin_and_leave (fixture, COMFY_STATE_WAITING);
  g_autofree char *damaged = begin_and_leave (fixture, COMFY_STATE_PLACED);
  g_autofree char *unreadable = begin_and_leave (fixture, COMFY_STATE_PLACED);
  g_autofree char *damaged_path = g_build_filename (fixture->folder, damaged, "job.json", NULL);
  g_autofree char *unreadable_path = g_build_filename (fixture->folder, unreadable, "job.json",
                                                       NULL);
  g_auto(GStrv)    orphans = NULL;

  g_assert_true (g_file_set_contents (damaged_path, "{", -1, NULL));
  g_assert_no_errno (g_unlink (unreadable_path));
  g_assert_no_errno (g_mkdir (unreadable_path, 0700));

  comfy_journal_sweep (fixture->journal, -1);
  comfy_journal_delete_finished (fixture->journal);
  g_assert_true (g_file_test (damaged_path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (unreadable_path, G_FILE_TEST_EXISTS));

  orphans = comfy_journal_list_orphans (fixture->journal);
  g_assert_cmpint (g_strv_length (orphans), ==, 1);
  g_assert_cmpstr (orphans[0], ==, waiting);

  g_assert_no_errno (g_rmdir (unreadable_path));
}

static void
test_layer_names_tell_runs_apart (void)
{
  static const struct
  {
    const char  *prompt;
    guint64      seed;
    unsigned int n;
    const char  *name;
  } cases[] = {
    { NULL, 0, 1, "Upscale 4×" },
    { "", 0, 1, "Upscale 4×" },
    { " red\n bicycle ", 42, 1, "Upscale 4×: red bicycle (seed 42)" },
    { "a red bicycle that leans against an old stone wall", 42, 1,
      "Upscale 4×: a red bicycle that leans against… (seed 42)" },
    { "unbelievablylongwordwithoutanyspaceinit", BIG_SEED, 1,
      "Upscale 4×: unbelievablylongwordwithoutanysp… (seed 18446744073709551615)" },
    { "ein grünes Fahrrad", 7, 4, "Upscale 4×: ein grünes Fahrrad (seed 7, 2 of 4)" },
    { NULL, 0, 4, "Upscale 4× (2 of 4)" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyRequest)  request = make_request (cases[i].prompt, cases[i].seed);
      g_autofree char         *name = comfy_request_dup_layer_name (request, 1, cases[i].n);

      g_assert_cmpstr (name, ==, cases[i].name);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/journal/an-entry-comes-back-as-it-was", test_an_entry_comes_back_as_it_was);
  ADD ("/journal/nobody-else-can-read-it", test_nobody_else_can_read_it);
  ADD ("/journal/one-holder-at-a-time", test_one_holder_at_a_time);
  ADD ("/journal/a-dead-holder-leaves-an-orphan", test_a_dead_holder_leaves_an_orphan);
  ADD ("/journal/orphans-are-the-unfinished", test_orphans_are_the_unfinished);
  ADD ("/journal/ids-from-outside-are-not-paths", test_ids_from_outside_are_not_paths);
  ADD ("/journal/a-damaged-record-is-an-error", test_a_damaged_record_is_an_error);
  ADD ("/journal/sweeping-keeps-what-is-unfinished", test_sweeping_keeps_what_is_unfinished);
  ADD ("/journal/sweeping-removes-what-is-old", test_sweeping_removes_what_is_old);
  ADD ("/journal/what-cannot-be-read-is-never-removed", test_what_cannot_be_read_is_never_removed);
  g_test_add_func ("/request/layer-names-tell-runs-apart", test_layer_names_tell_runs_apart);

  return g_test_run ();
}
