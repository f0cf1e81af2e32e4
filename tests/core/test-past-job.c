/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal as people read it.
 */
#include "config.h"

#include "comfy-past-job.h"
#include "test-future.h"

#define GRAPH "{\"1\":{\"class_type\":\"SaveImage\",\"inputs\":{}}}"

typedef struct
{
  char         *folder;
  ComfyJournal *journal;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("comfy-past-XXXXXX", NULL);
  fixture->journal = comfy_journal_new (fixture->folder);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->journal);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

static ComfyJournalEntry *
begin (Fixture    *fixture,
       const char *prompt,
       const char *remote_id)
{
  g_autoptr(GBytes)          graph = g_bytes_new_static (GRAPH, sizeof GRAPH - 1);
  g_autoptr(ComfyWorkflow)   workflow = comfy_workflow_new_from_bytes (graph, NULL);
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(ComfyRequest)    request = NULL;
  g_autoptr(GError)          error = NULL;
  g_autofree char           *staging = comfy_journal_make_staging (fixture->journal, &error);
  ComfyJournalEntry         *entry;

  g_assert_no_error (error);
  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = "generate-image",
    .title = "Generate Image",
    .model = "Z-Image",
    .prompt = prompt,
    .profile_id = "profile-1",
    .workflow = workflow,
    .placement = placement,
    .remote_id = remote_id,
  });
  entry = comfy_journal_begin (fixture->journal, staging, request, &error);
  g_assert_no_error (error);

  return entry;
}

/* (transfer full): the id of a job that nobody holds */
static char *
leave (Fixture      *fixture,
       const char   *prompt,
       ComfyState    state,
       const GError *why)
{
  g_autoptr(ComfyJournalEntry) entry = begin (fixture, prompt, NULL);
  const ComfyCost              cost = { 20000, COMFY_CURRENCY_USD };

  comfy_journal_entry_set_state (entry, state);
  comfy_journal_entry_set_error (entry, why);
  comfy_journal_entry_set_cost (entry, &cost);
  comfy_journal_entry_set_submitted_at (entry, 1700000000);
  comfy_journal_entry_set_expires_at (entry, 1700003600);
  g_assert_true (comfy_journal_entry_commit (entry, NULL));

  return g_strdup (comfy_journal_entry_get_id (entry));
}

static GPtrArray *
find (Fixture *fixture)
{
  return test_await_boxed (comfy_past_job_find_all (fixture->journal));
}

static const ComfyPastJob *
look_for (GPtrArray  *jobs,
          const char *id)
{
  for (unsigned int i = 0; i < jobs->len; i++)
    {
      const ComfyPastJob *job = g_ptr_array_index (jobs, i);

      if (g_str_equal (job->id, id))
        return job;
    }

  return NULL;
}

static void
test_tells (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GError)             why = comfy_error_new (COMFY_ERROR_JOB_FAILED, NULL, "It failed.");
  g_autofree char              *waiting = leave (fixture, "a fox", COMFY_STATE_WAITING, NULL);
  g_autofree char              *failed = leave (fixture, "an owl", COMFY_STATE_FAILED, why);
  g_autoptr(ComfyJournalEntry)  held = begin (fixture, "a hare", NULL);
  g_autoptr(GPtrArray)          jobs = find (fixture);
  g_autoptr(GPtrArray)          all = NULL;
  const ComfyPastJob           *job;

  /* one at work is not past */
  g_assert_cmpuint (jobs->len, ==, 2);
  job = look_for (jobs, waiting);
  g_assert_cmpstr (job->title, ==, "Generate Image");
  g_assert_cmpstr (job->model, ==, "Z-Image");
  g_assert_cmpstr (job->prompt, ==, "a fox");
  g_assert_cmpstr (job->profile_id, ==, "profile-1");
  g_assert_cmpint (job->state, ==, COMFY_STATE_WAITING);
  g_assert_true (job->was_sent);
  g_assert_false (job->is_remote);
  g_assert_cmpint (job->expires_at, ==, 1700003600);
  g_assert_false (comfy_past_job_is_finished (job));

  job = look_for (jobs, failed);
  g_assert_true (comfy_past_job_is_finished (job));
  g_assert_error (job->error, COMFY_ERROR, COMFY_ERROR_JOB_FAILED);
  g_assert_cmpint (job->cost.micros, ==, 20000);

  comfy_journal_entry_release (held);
  all = find (fixture);
  g_assert_cmpuint (all->len, ==, 3);
}

/* (transfer full): the id of a job whose process ended before it did something with what is here */
static char *
leave_held (Fixture    *fixture,
            const char *kind)
{
  g_autoptr(ComfyJournalEntry)  entry = begin (fixture, NULL, NULL);
  const char * const            names[] = { "output-0", NULL };
  g_autoptr(GPtrArray)          remote = NULL;
  ComfyRemoteOutput            *output = g_new0 (ComfyRemoteOutput, 1);

  output->id = g_strdup ("1");
  output->name = g_strdup (names[0]);
  output->kind = g_strdup (kind);
  remote = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_remote_output_free);
  g_ptr_array_add (remote, output);
  comfy_journal_entry_set_remote_outputs (entry, remote);
  comfy_journal_entry_set_outputs (entry, names);
  comfy_journal_entry_set_held (entry, TRUE);
  comfy_journal_entry_set_state (entry, COMFY_STATE_READY);
  g_assert_true (comfy_journal_entry_commit (entry, NULL));

  return g_strdup (comfy_journal_entry_get_id (entry));
}

/* The history has only pictures: whatever else was paid for is gone on with. */
static void
test_held (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char      *picture = leave_held (fixture, COMFY_REMOTE_KIND_IMAGE);
  g_autofree char      *text = leave_held (fixture, COMFY_REMOTE_KIND_TEXT);
  g_autoptr(GPtrArray)  jobs = find (fixture);
  g_auto(GStrv)         orphans = comfy_journal_list_orphans (fixture->journal);

  g_assert_true (look_for (jobs, picture)->is_shown);
  g_assert_false (look_for (jobs, text)->is_shown);
  g_assert_cmpuint (g_strv_length (orphans), ==, 1);
  g_assert_cmpstr (orphans[0], ==, text);
}

static void
test_newest_first (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GPtrArray) jobs = NULL;

  for (unsigned int i = 0; i < 300; i++)
    g_free (leave (fixture, "a fox", COMFY_STATE_PLACED, NULL));
  jobs = find (fixture);

  g_assert_cmpuint (jobs->len, ==, 300);
  for (unsigned int i = 1; i < jobs->len; i++)
    g_assert_cmpint (((ComfyPastJob *) jobs->pdata[i - 1])->created, >=,
                     ((ComfyPastJob *) jobs->pdata[i])->created);
}

static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char      *good = leave (fixture, "a fox", COMFY_STATE_PLACED, NULL);
  g_autofree char      *no_record = leave (fixture, "a fox", COMFY_STATE_PLACED, NULL);
  g_autofree char      *no_request = leave (fixture, "a fox", COMFY_STATE_PLACED, NULL);
  g_autofree char      *record = g_build_filename (fixture->folder, no_record, "job.json", NULL);
  g_autofree char      *request = g_build_filename (fixture->folder, no_request, "request.json",
                                                    NULL);
  g_autoptr(GPtrArray)  jobs = NULL;

  g_assert_true (g_file_set_contents (record, "[", -1, NULL));
  g_assert_true (g_file_set_contents (request, "{\"title\":7}", -1, NULL));
  jobs = find (fixture);
  g_assert_cmpuint (jobs->len, ==, 1);
  g_assert_nonnull (look_for (jobs, good));
  /* nothing is taken away for it */
  g_assert_true (g_file_test (record, G_FILE_TEST_EXISTS));
}

static void
test_delete (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char              *waiting = leave (fixture, "a fox", COMFY_STATE_WAITING, NULL);
  g_autofree char              *placed = leave (fixture, "a fox", COMFY_STATE_PLACED, NULL);
  g_autoptr(GError)             error = NULL;
  g_autoptr(ComfyJournalEntry)  held = NULL;
  g_autoptr(GPtrArray)          jobs = NULL;

  /* it may be paid for */
  g_assert_false (comfy_journal_delete (fixture->journal, waiting, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_FAILED);
  g_clear_error (&error);

  held = comfy_journal_open (fixture->journal, placed, NULL);
  g_assert_false (comfy_journal_delete (fixture->journal, placed, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_FAILED);
  g_clear_error (&error);
  g_clear_object (&held);

  g_assert_true (comfy_journal_delete (fixture->journal, placed, &error));
  g_assert_no_error (error);
  jobs = find (fixture);
  g_assert_cmpuint (jobs->len, ==, 1);
  g_assert_false (comfy_journal_delete (fixture->journal, placed, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (comfy_journal_delete (fixture->journal, "../elsewhere", &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND);
}

/* a tag is whatever somebody else has written */
static void
test_own_by_tag (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char           *id = leave (fixture, "a fox", COMFY_STATE_PLACED, NULL);
  g_autofree char           *tag = g_strconcat ("gimp-", id, NULL);
  g_autofree char           *none = g_uuid_string_random ();
  g_autofree char           *unknown = g_strconcat ("gimp-", none, NULL);
  g_autoptr(ComfyRemoteJob)  remote = comfy_remote_job_new ("job_1", COMFY_REMOTE_SUCCEEDED);
  const char                *foreign[] = { "gimp-", "gimp-../x", "gim", unknown, id, NULL };
  const char                *own[] = { "gimp-", "mine", tag, NULL };
  g_autofree char           *found = NULL;

  g_assert_null (comfy_journal_dup_id_of (fixture->journal, remote));
  remote->tags = g_strdupv ((char **) foreign);
  g_assert_null (comfy_journal_dup_id_of (fixture->journal, remote));
  g_strfreev (remote->tags);
  remote->tags = g_strdupv ((char **) own);
  found = comfy_journal_dup_id_of (fixture->journal, remote);
  g_assert_cmpstr (found, ==, id);
}

static void
test_remote (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyJournalEntry)  entry = begin (fixture, NULL, "job_1");
  g_autoptr(ComfyRequest)       request = NULL;
  g_autoptr(GPtrArray)          jobs = NULL;

  comfy_journal_entry_release (entry);
  jobs = find (fixture);
  g_assert_true (((ComfyPastJob *) jobs->pdata[0])->is_remote);
  g_assert_null (((ComfyPastJob *) jobs->pdata[0])->prompt);
  request = comfy_journal_read_request (fixture->journal, comfy_journal_entry_get_id (entry), NULL);
  g_assert_cmpstr (comfy_request_get_remote_id (request), ==, "job_1");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

#define ADD(path, func) g_test_add ("/past-job/" path, Fixture, NULL, set_up, func, tear_down)

  ADD ("tells-what-it-was-and-how-it-stands", test_tells);
  ADD ("only-a-picture-waits-in-the-history", test_held);
  ADD ("the-newest-comes-first", test_newest_first);
  ADD ("one-that-is-damaged-keeps-no-other-away", test_damaged);
  ADD ("only-what-has-ended-can-be-deleted", test_delete);
  ADD ("the-tag-tells-which-job-here-it-was", test_own_by_tag);
  ADD ("one-of-the-server-is-told-from-others", test_remote);

  return g_test_run ();
}
