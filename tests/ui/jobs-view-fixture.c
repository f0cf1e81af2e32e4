/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ui-test"

#include "config.h"

#include "comfy-fiber-private.h"
#include "comfy-journal-entry-private.h"
#include "jobs-view-fixture.h"
#include "pseudo-translation.h"
#include "test-future.h"
#include "ui-test.h"

#define WIDTH  340 /* px */
#define NARROW 280 /* px */
#define HEIGHT 640 /* px */

#define GRAPH \
  "{\"1\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":16,\"height\":16,\"batch_size\":1," \
  "\"color\":255}},\"2\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":[\"1\",0]," \
  "\"filename_prefix\":\"ComfyUI\"}}}"

static void
set_up (JobsView *fixture,
        int       width)
{
  session_fixture_set_up (&fixture->base, NULL);
  fake_host_set_size (fixture->base.host, -1);
  fixture->profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
  fixture->api = test_await_object (
    comfy_connector_open (comfy_session_get_connector (fixture->base.session), fixture->profile));

  fixture->window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  gtk_window_set_title (GTK_WINDOW (fixture->window), "Jobs");
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), width, HEIGHT);
  gtk_container_set_border_width (GTK_CONTAINER (fixture->window), 12);
  fixture->view = comfy_jobs_view_new (fixture->base.session);
  gtk_widget_show (fixture->view);
  gtk_container_add (GTK_CONTAINER (fixture->window), fixture->view);
}

void
jobs_view_set_up (JobsView      *fixture,
                  gconstpointer  data)
{
  set_up (fixture, data != NULL ? GPOINTER_TO_INT (data) : WIDTH);
}

void
jobs_view_set_up_strange (JobsView *fixture,
                          gboolean  is_rtl)
{
  pseudo_translation_use (is_rtl ? "ע[" : "[");
  gtk_widget_set_default_direction (is_rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  set_up (fixture, NARROW);
}

void
jobs_view_tear_down (JobsView      *fixture,
                     gconstpointer  data)
{
  gtk_widget_destroy (fixture->window);
  g_clear_object (&fixture->api);
  g_clear_object (&fixture->profile);
  session_fixture_tear_down (&fixture->base, NULL);
  pseudo_translation_use (NULL);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static ComfyRequest *
make_request (JobsView   *fixture,
              const char *prompt)
{
  g_autoptr(ComfyAction)     action = session_fixture_load_action ("generate-image");
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();

  return comfy_request_new (&(ComfyRequestParts) {
    .action_id = "generate-image",
    .title = "Generate Image",
    .model = "Z-Image Turbo",
    .prompt = prompt,
    .profile_id = comfy_profile_get_id (fixture->profile),
    .workflow = comfy_action_get_variant (action, 0)->workflow,
    .placement = placement,
  });
}

char *
jobs_view_leave (JobsView     *fixture,
                 const char   *prompt,
                 ComfyState    state,
                 gint64        age,
                 gint64        kept,
                 const char   *remote_id,
                 const GError *why)
{
  ComfyJournal                 *journal = comfy_session_get_journal (fixture->base.session);
  g_autofree char              *staging = comfy_journal_make_staging (journal, NULL);
  g_autoptr(ComfyRequest)       request = make_request (fixture, prompt);
  g_autoptr(ComfyJournalEntry)  entry = comfy_journal_begin (journal, staging, request, NULL);
  const ComfyCost               cost = { 20000, COMFY_CURRENCY_USD };
  gint64                        now = g_get_real_time () / G_USEC_PER_SEC;

  comfy_journal_entry_set_state (entry, state);
  comfy_journal_entry_set_error (entry, why);
  comfy_journal_entry_set_remote_id (entry, remote_id);
  if (state != COMFY_STATE_NEW && state != COMFY_STATE_UPLOADING)
    comfy_journal_entry_set_submitted_at (entry, now - age);
  if (state == COMFY_STATE_PLACED)
    comfy_journal_entry_set_cost (entry, &cost);
  if (kept != 0)
    comfy_journal_entry_set_expires_at (entry, now + kept);
  comfy_journal_entry_set_base_url (entry, comfy_sandbox_get_v1_url (fixture->base.sandbox));
  comfy_journal_entry_set_protocol (entry, "ComfyApiV1");
  entry->record->created -= age;
  g_assert_true (comfy_journal_entry_commit (entry, NULL));

  return g_strdup (comfy_journal_entry_get_id (entry));
}

/* the arguments of run_fiber() */
typedef struct
{
  ComfyApi      *api;
  ComfyWorkflow *workflow;
  char          *tag;
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  g_object_unref (run->api);
  g_object_unref (run->workflow);
  g_free (run->tag);
  g_free (run);
}

static DexFuture *
run_fiber (gpointer data)
{
  Run                         *run = data;
  g_autofree char             *key = g_uuid_string_random ();
  g_autoptr(ComfyRemoteJob)    job = NULL;
  g_autoptr(ComfyEventStream)  stream = NULL;
  GError                      *error = NULL;

  job = dex_await_boxed (comfy_api_submit (run->api, run->workflow, run->tag, key), &error);
  if (job != NULL)
    stream = dex_await_object (comfy_api_watch (run->api, job->id), &error);

  while (job != NULL && !comfy_remote_job_is_finished (job))
    {
      g_autoptr(ComfyRemoteJob) old = g_steal_pointer (&job);
      g_autoptr(ComfyEvent)     event = dex_await_boxed (comfy_event_stream_next (stream), NULL);

      job = dex_await_boxed (comfy_api_get_job (run->api, old->id), &error);
    }

  return job != NULL ? dex_future_new_take_boxed (COMFY_TYPE_REMOTE_JOB, g_steal_pointer (&job))
                     : dex_future_new_for_error (error);
}

ComfyRemoteJob *
jobs_view_run (JobsView   *fixture,
               const char *tag)
{
  g_autoptr(GBytes)  bytes = g_bytes_new_static (GRAPH, strlen (GRAPH));
  g_autoptr(GError)  error = NULL;
  Run               *run = g_new0 (Run, 1);

  run->api = g_object_ref (fixture->api);
  run->workflow = comfy_workflow_new_from_bytes (bytes, &error);
  g_assert_no_error (error);
  run->tag = g_strdup (tag != NULL ? tag : "elsewhere");

  return test_await_boxed (_comfy_spawn (run_fiber, run, run_free));
}

unsigned int
jobs_view_count_started (JobsView *fixture)
{
  return comfy_sandbox_count (fixture->base.sandbox, "job", NULL, NULL);
}

/* for the list: what asks for one job has a longer path */
unsigned int
jobs_view_count_asked (JobsView *fixture)
{
  return comfy_sandbox_count (fixture->base.sandbox, "request", "GET", "/developer/api/v1/jobs")
         - comfy_sandbox_count (fixture->base.sandbox, "request", "GET",
                                "/developer/api/v1/jobs/");
}

void
jobs_view_choose (JobsView   *fixture,
                  const char *list,
                  int         i)
{
  GtkListBox    *box = GTK_LIST_BOX (ui_test_get (fixture->window, GTK_TYPE_LIST_BOX, list));
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (box, i);

  g_assert_nonnull (row);
  gtk_list_box_select_row (box, row);
}

static void
count_cb (GtkWidget *row,
          gpointer   data)
{
  (*(unsigned int *) data)++;
}

unsigned int
jobs_view_count_rows (JobsView   *fixture,
                      const char *list)
{
  GtkWidget    *box = ui_test_find (fixture->window, GTK_TYPE_LIST_BOX, list);
  unsigned int  n = 0;

  if (box != NULL)
    gtk_container_foreach (GTK_CONTAINER (box), count_cb, &n);

  return n;
}

void
jobs_view_empty_queue (JobsView *fixture)
{
  ComfyScheduler *scheduler = comfy_session_get_scheduler (fixture->base.session);
  GListModel     *jobs = G_LIST_MODEL (scheduler);

  while (g_list_model_get_n_items (jobs) > 0)
    {
      g_autoptr(ComfyJob) job = g_list_model_get_item (jobs, 0);

      comfy_scheduler_remove (scheduler, job);
    }
}

/* a number of rows that is waited for */
typedef struct
{
  JobsView     *fixture;
  const char   *list;
  unsigned int  n;
} Rows;

static gboolean
has_rows (gpointer data)
{
  Rows *rows = data;

  return jobs_view_count_rows (rows->fixture, rows->list) == rows->n;
}

void
jobs_view_wait_for_rows (JobsView     *fixture,
                         const char   *list,
                         unsigned int  n)
{
  Rows rows = { fixture, list, n };

  ui_test_wait_for (has_rows, &rows);
}

gboolean
jobs_view_is_placed (gpointer data)
{
  return fake_host_get_n_placed (((JobsView *) data)->base.host) > 0;
}

gboolean
jobs_view_is_idle (gpointer data)
{
  JobsView *fixture = data;

  return comfy_scheduler_get_n_active (comfy_session_get_scheduler (fixture->base.session)) == 0;
}
