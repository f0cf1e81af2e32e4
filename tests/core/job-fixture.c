/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-codec.h"
#include "job-fixture.h"

#define BASE_URL "https://cloud.example/developer/api/v1"

#define SECOND ",\"2\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"\"}}}"

#define GRAPH "{\"3\":{\"class_type\":\"UNETLoader\"," \
              "\"inputs\":{\"unet_name\":\"best.safetensors\"}," \
              "\"_meta\":{\"title\":\"The model\"}}," \
              "\"4\":{\"class_type\":\"VAELoader\",\"inputs\":{\"vae_name\":\"ae.safetensors\"}}," \
              "\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"\"}}," \
              "\"57:8\":{\"class_type\":\"SaveImage\"," \
              "\"inputs\":{\"filename_prefix\":\"ComfyUI\",\"images\":[\"1\",0]}}," \
              "\"70\":{\"class_type\":\"PreviewAny\",\"inputs\":{\"source\":[\"1\",0]}}}"

static const ComfyPace quick = {
  .search_gap_ms = 1, .poll_first_ms = 1, .poll_last_ms = 1, .silence_ms = 5000,
  .retry_first_ms = 1, .retry_last_ms = 1, .tick_ms = 1, .tidy_ms = 5000,
};

static ComfyJob *
make_job (JobFixture           *fixture,
          ComfyJournalEntry *entry)
{
  ComfyJob *job = _comfy_job_new_for_api (entry, COMFY_API (fixture->api),
                                          COMFY_HOST (fixture->host));

  _comfy_job_set_pace (job, &quick);
  _comfy_job_set_settings (job, fixture->settings);

  return job;
}

static void
write_picture (const char *path)
{
  unsigned char          *data = g_malloc (8 * 8 * 3);
  g_autoptr(ComfyPixels)  pixels = NULL;
  g_autoptr(DexFuture)    written = NULL;

  for (unsigned int i = 0; i < 8 * 8 * 3; i++)
    data[i] = i;
  pixels = comfy_pixels_new_take (8, 8, 3, 8, data);
  written = test_settle (comfy_codec_encode (pixels, COMFY_FORMAT_AUTO, path));
  g_assert_true (dex_future_is_resolved (written));
}

static ComfyWorkflow *
new_graph (gboolean twice)
{
  g_autoptr(GString) text = g_string_new (GRAPH);
  g_autoptr(GBytes)  graph = NULL;

  if (twice)
    g_string_append (g_string_truncate (text, text->len - 1), SECOND);
  graph = g_bytes_new (text->str, text->len);

  return comfy_workflow_new_from_bytes (graph, NULL);
}

/* (transfer full): a new job */
static ComfyJob *
begin_job (JobFixture *fixture)
{
  static const char * const    models[] = { "best.safetensors", "good.safetensors",
                                            "fair.safetensors", NULL };
  static const char * const    vaes[] = { "ae.safetensors", "ae-2.safetensors", NULL };
  g_autoptr(ComfyWorkflow)     workflow = new_graph (fixture->twice);
  g_autoptr(ComfyPlacement)    placement = comfy_placement_new ();
  g_autoptr(GPtrArray)         inputs = NULL;
  g_autoptr(GPtrArray)         loaders = NULL;
  g_autoptr(ComfyRequest)      request = NULL;
  g_autoptr(ComfyJournalEntry) entry = NULL;
  g_autofree char             *staging = NULL;
  g_autofree char             *input = NULL;

  staging = comfy_journal_make_staging (fixture->journal, NULL);
  input = g_build_filename (staging, "input-0.webp", NULL);
  write_picture (input);
  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  g_ptr_array_add (inputs, comfy_input_new ("input-0.webp", "image/webp", "1", "image"));
  if (fixture->twice)
    g_ptr_array_add (inputs, comfy_input_new ("input-0.webp", "image/webp", "2", "image"));
  loaders = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_loader_free);
  g_ptr_array_add (loaders, comfy_loader_new ("3", "unet_name", models));
  g_ptr_array_add (loaders, comfy_loader_new ("4", "vae_name", vaes));
  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = "upscale-4x",
    .title = "Upscale 4×",
    .profile_id = "profile",
    .workflow = workflow,
    .inputs = inputs,
    .loaders = loaders,
    .outputs = fixture->outputs,
    .placement = placement,
    .deep = fixture->deep,
  });
  entry = comfy_journal_begin (fixture->journal, staging, request, NULL);
  comfy_journal_entry_set_base_url (entry, BASE_URL);

  return make_job (fixture, entry);
}

void
job_fixture_set_up (JobFixture    *fixture,
                    gconstpointer  flags)
{
  g_autofree char *settings = NULL;

  fixture->folder = g_dir_make_tmp ("comfy-job-XXXXXX", NULL);
  settings = g_build_filename (fixture->folder, "settings.ini", NULL);
  fixture->settings = comfy_settings_new (settings);
  fixture->journal = comfy_journal_new (fixture->folder);
  fixture->api = fake_api_new (GPOINTER_TO_INT (flags) & ~(DEEP | TWICE));
  fixture->host = fake_host_new ();
  fixture->deep = (GPOINTER_TO_INT (flags) & DEEP) != 0;
  fixture->twice = (GPOINTER_TO_INT (flags) & TWICE) != 0;
  fixture->job = begin_job (fixture);
}

void
job_fixture_begin (JobFixture *fixture)
{
  fixture->job = begin_job (fixture);
}

void
job_fixture_next_job (JobFixture *fixture)
{
  g_assert_finalize_object (fixture->job);
  fixture->job = begin_job (fixture);
}

void
job_fixture_tear_down (JobFixture    *fixture,
                       gconstpointer  flags)
{
  g_assert_finalize_object (fixture->job);
  g_assert_finalize_object (fixture->api);
  g_assert_finalize_object (fixture->host);
  g_assert_finalize_object (fixture->journal);
  g_object_unref (fixture->settings);
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
}

ComfyJob *
job_fixture_open (JobFixture *fixture,
                  const char *id)
{
  g_autoptr(GError)            error = NULL;
  g_autoptr(ComfyJournalEntry) entry = comfy_journal_open (fixture->journal, id, &error);

  g_assert_no_error (error);

  return make_job (fixture, entry);
}

/* As if the process had ended and another one found the job */
void
job_fixture_restart (JobFixture *fixture)
{
  g_autofree char *id = NULL;

  id = g_strdup (comfy_journal_entry_get_id (comfy_job_get_entry (fixture->job)));
  g_assert_finalize_object (fixture->job);
  fixture->job = job_fixture_open (fixture, id);
}

void
job_fixture_run_to_the_end (JobFixture *fixture)
{
  test_await_true (comfy_job_run (fixture->job));
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, COMFY_STATE_PLACED);
  g_assert_null (comfy_job_get_error (fixture->job));
  g_assert_false (comfy_job_is_running (fixture->job));
  g_assert_cmpuint (fake_host_get_n_placed (fixture->host), ==, 1);
}

void
job_fixture_run_until_it_stops (JobFixture    *fixture,
                    ComfyError  code,
                    ComfyState  state)
{
  test_await_error (comfy_job_run (fixture->job), code);
  g_assert_cmpint (comfy_job_get_state (fixture->job), ==, state);
  g_assert_error (comfy_job_get_error (fixture->job), COMFY_ERROR, (int) code);
  g_assert_false (comfy_job_is_running (fixture->job));
}

void
job_fixture_wait_until_held (JobFixture *fixture)
{
  while (!fake_api_is_holding (fixture->api))
    g_main_context_iteration (NULL, TRUE);
}

ComfyJournalEntry *
job_fixture_entry (JobFixture *fixture)
{
  return comfy_job_get_entry (fixture->job);
}

/* as a process leaves it that ends between sending and the answer */
void
job_fixture_leave_submitting (JobFixture *fixture,
                  gint64   age_s)
{
  ComfyJournalEntry *entry = job_fixture_entry (fixture);

  comfy_journal_entry_set_remote_input (entry, 0, "remote.webp");
  comfy_journal_entry_set_protocol (entry, G_OBJECT_TYPE_NAME (fixture->api));
  comfy_journal_entry_set_submitted_at (entry, g_get_real_time () / G_USEC_PER_SEC - age_s);
  comfy_journal_entry_set_state (entry, COMFY_STATE_SUBMITTING);
  g_assert_true (comfy_journal_entry_commit (entry, NULL));
}
