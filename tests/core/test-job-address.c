/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What becomes of a job when its environment gets another address.
 */
#include "config.h"

#include "comfy-job.h"
#include "fake-host.h"
#include "profile-fixture.h"
#include "test-server.h"

#define GRAPH  "{\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"\"}}}"
#define DENIED "{\"error\":{\"type\":\"unauthorized\",\"message\":\"no\"}}"

typedef struct
{
  TestServer        *server;    /* at the new address */
  ComfyConnector    *connector;
  ComfyJournal      *journal;
  FakeHost          *host;
  ComfyJournalEntry *entry;     /* what the job's is */
  ComfyJob          *job;       /* its input was uploaded to the old address */
} Move;

static ComfyJournalEntry *
make_entry (ComfyJournal *journal,
            const char   *profile_id)
{
  g_autoptr(GBytes)          graph = g_bytes_new_static (GRAPH, sizeof GRAPH - 1);
  g_autoptr(ComfyWorkflow)   workflow = comfy_workflow_new_from_bytes (graph, NULL);
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(GPtrArray)       inputs = NULL;
  g_autoptr(ComfyRequest)    request = NULL;
  g_autofree char           *staging = comfy_journal_make_staging (journal, NULL);
  g_autofree char           *path = g_build_filename (staging, "input-0.webp", NULL);
  ComfyJournalEntry         *entry;

  g_assert_true (g_file_set_contents (path, "pixels", -1, NULL));
  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  g_ptr_array_add (inputs, comfy_input_new ("input-0.webp", "image/webp", "1", "image"));
  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = "upscale-4x",
    .title = "Upscale 4×",
    .profile_id = profile_id,
    .workflow = workflow,
    .inputs = inputs,
    .placement = placement,
  });
  entry = comfy_journal_begin (journal, staging, request, NULL);
  comfy_journal_entry_set_base_url (entry, "https://old.example/api");
  comfy_journal_entry_set_remote_input (entry, 0, "uploaded-to-the-old-one.webp");

  return entry;
}

static void
move_begin (Move           *move,
            ProfileFixture *fixture)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "jobs", NULL);
  g_autofree char *base_url = NULL;
  ComfyEndpoint   *endpoint;
  ComfyProfile    *profile;

  move->server = test_server_new (NULL);
  base_url = test_server_dup_url (move->server, "/api");
  endpoint = comfy_profile_store_add_endpoint (fixture->store, "Test", base_url, NULL);
  profile = profile_add (fixture, "A", comfy_endpoint_get_id (endpoint), "aaaa");

  move->connector = comfy_connector_new (fixture->store, fixture->settings, fixture->folder);
  move->journal = comfy_journal_new (folder);
  move->host = fake_host_new ();
  move->entry = make_entry (move->journal, comfy_profile_get_id (profile));
  move->job = comfy_job_new (move->entry, fixture->store, move->connector, fixture->settings,
                             COMFY_HOST (move->host));
}

static void
move_end (Move *move)
{
  /* a fiber that has ended is freed in the main loop */
  while (g_main_context_pending (NULL))
    g_main_context_iteration (NULL, FALSE);

  g_object_unref (move->entry);
  g_assert_finalize_object (move->job);
  g_assert_finalize_object (move->host);
  g_assert_finalize_object (move->journal);
  g_assert_finalize_object (move->connector);
  test_server_free (move->server);
}

static void
test_what_was_not_sent_goes_to_the_new_one (ProfileFixture *fixture,
                                            gconstpointer   data)
{
  g_autofree char *base_url = NULL;
  Move             move;

  move_begin (&move, fixture);
  base_url = test_server_dup_url (move.server, "/api");
  test_server_push_reply (move.server, 401, DENIED, NULL);
  test_server_push_reply (move.server, 401, DENIED, NULL);
  test_await_error (comfy_job_run (move.job), COMFY_ERROR_UNAUTHORIZED);

  /* which does not know the old one's name of the file */
  g_assert_cmpint (comfy_job_get_state (move.job), ==, COMFY_STATE_NEW);
  g_assert_cmpstr (comfy_journal_entry_get_base_url (move.entry), ==, base_url);
  g_assert_null (comfy_journal_entry_get_remote_input (move.entry, 0));
  move_end (&move);
}

static void
test_what_was_sent_is_not_looked_for_elsewhere (ProfileFixture *fixture,
                                                gconstpointer   data)
{
  Move move;

  move_begin (&move, fixture);
  comfy_journal_entry_set_submitted_at (move.entry, 1234567890);
  test_await_error (comfy_job_run (move.job), COMFY_ERROR_NO_KEY);
  g_assert_cmpuint (test_server_get_n (move.server), ==, 0);
  g_assert_cmpstr (comfy_journal_entry_get_base_url (move.entry), ==, "https://old.example/api");
  g_assert_nonnull (comfy_journal_entry_get_remote_input (move.entry, 0));
  move_end (&move);
}

/* as a job leaves it whose upload could not be deleted at its end */
static void
leave_unclean (Move *move)
{
  g_autoptr(ComfyUpload) upload = comfy_upload_new ("uploaded.webp", "inp_1");

  comfy_journal_entry_set_protocol (move->entry, "ComfyApiV1");
  comfy_journal_entry_set_state (move->entry, COMFY_STATE_PLACED);
  comfy_journal_entry_add_upload (move->entry, upload);
  comfy_journal_entry_set_delete_uploads (move->entry, TRUE);
  g_assert_true (comfy_journal_entry_commit (move->entry, NULL));
}

static void
test_nothing_is_deleted_elsewhere (ProfileFixture *fixture,
                                   gconstpointer   data)
{
  Move move;

  move_begin (&move, fixture);
  comfy_settings_set_protocol (fixture->settings, "v1");
  leave_unclean (&move);
  test_await_error (comfy_job_clean_up (move.job), COMFY_ERROR_NO_KEY);
  g_assert_cmpuint (test_server_get_n (move.server), ==, 0);
  g_assert_cmpuint (comfy_journal_entry_get_uploads (move.entry)->len, ==, 1);
  move_end (&move);
}

static void
test_nothing_is_deleted_by_another_protocol (ProfileFixture *fixture,
                                             gconstpointer   data)
{
  g_autofree char *base_url = NULL;
  Move             move;

  move_begin (&move, fixture);
  base_url = test_server_dup_url (move.server, "/api");
  comfy_settings_set_protocol (fixture->settings, "v2");
  comfy_journal_entry_set_base_url (move.entry, base_url);
  leave_unclean (&move);
  test_await_error (comfy_job_clean_up (move.job), COMFY_ERROR_PROTOCOL);
  g_assert_cmpuint (test_server_get_n (move.server), ==, 0);
  move_end (&move);
}

static void
test_what_was_uploaded_is_deleted_where_it_is (ProfileFixture *fixture,
                                               gconstpointer   data)
{
  g_autofree char *base_url = NULL;
  Move             move;

  move_begin (&move, fixture);
  base_url = test_server_dup_url (move.server, "/api");
  comfy_settings_set_protocol (fixture->settings, "v1");
  comfy_journal_entry_set_base_url (move.entry, base_url);
  leave_unclean (&move);
  test_server_push_reply (move.server, 204, "", NULL);
  test_await_true (comfy_job_clean_up (move.job));
  g_assert_cmpuint (test_server_get_n (move.server), ==, 1);
  g_assert_cmpuint (comfy_journal_entry_get_uploads (move.entry)->len, ==, 0);
  g_assert_false (comfy_journal_entry_get_delete_uploads (move.entry));
  move_end (&move);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  profile_test_add ("/job-address/what-was-not-sent-goes-to-the-new-one",
                    test_what_was_not_sent_goes_to_the_new_one);
  profile_test_add ("/job-address/what-was-sent-is-not-looked-for-elsewhere",
                    test_what_was_sent_is_not_looked_for_elsewhere);
  profile_test_add ("/job-address/nothing-is-deleted-elsewhere",
                    test_nothing_is_deleted_elsewhere);
  profile_test_add ("/job-address/nothing-is-deleted-by-another-protocol",
                    test_nothing_is_deleted_by_another_protocol);
  profile_test_add ("/job-address/what-was-uploaded-is-deleted-where-it-is",
                    test_what_was_uploaded_is_deleted_where_it_is);

  return profile_test_run ();
}
