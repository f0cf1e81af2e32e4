/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Both protocols against the sandbox, whose ledger judges what was started.
 */
#include "config.h"

#include <string.h>

#include "api-sandbox-fixture.h"
#include "comfy-codec.h"

#define SIZE 8 /* px, each way */

static unsigned int
count_jobs (ApiSandbox *fixture)
{
  return comfy_sandbox_count (fixture->sandbox, "job", NULL, NULL);
}

static void
test_account (ApiSandbox    *fixture,
              gconstpointer  data)
{
  g_autoptr(ComfyAccount) account = test_await_boxed (comfy_api_get_account (fixture->api));

  if (api_sandbox_is_v1 (data))
    {
      g_assert_cmpstr (account->email, ==, API_SANDBOX_EMAIL);
      g_assert_cmpint (account->balance_micros, ==, API_SANDBOX_BALANCE);
    }

  comfy_sandbox_control (fixture->sandbox, "revoke", "{\"account\":\"" API_SANDBOX_EMAIL "\"}");
  test_await_error (comfy_api_get_account (fixture->api), COMFY_ERROR_UNAUTHORIZED);
}

static void
test_whole (ApiSandbox    *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyWorkflow)  workflow = api_sandbox_prepare (fixture, 40);
  g_autofree char          *path = g_build_filename (fixture->folder, "out.png", NULL);
  g_autoptr(ComfyRemoteJob) started = NULL;
  g_autoptr(ComfyRemoteJob) job = NULL;
  g_autoptr(ComfyPixels)    result = NULL;
  const unsigned char      *bytes;

  started = test_await_boxed (comfy_api_submit (fixture->api, workflow, "gimp-1", "key-1"));
  job = api_sandbox_finish (fixture, started->id);
  g_assert_cmpint (job->status, ==, COMFY_REMOTE_SUCCEEDED);
  g_assert_true (job->has_begun);
  g_assert_cmpuint (job->outputs->len, ==, 1);

  test_await_true (comfy_api_download (fixture->api, job->outputs->pdata[0], path, NULL));
  result = test_await_boxed (comfy_codec_decode (path, SIZE * SIZE));
  g_assert_cmpint (result->width, ==, SIZE);
  bytes = g_bytes_get_data (result->data, NULL);
  g_assert_cmpint (bytes[0], ==, 255 - 40);
  g_assert_cmpuint (count_jobs (fixture), ==, 1);
}

/* the reply to a submit is lost after the job was made */
static void
test_lost_reply (ApiSandbox    *fixture,
                 gconstpointer  data)
{
  g_autoptr(ComfyWorkflow)  workflow = api_sandbox_prepare (fixture, 1);
  g_autoptr(GPtrArray)      found = NULL;
  g_autoptr(ComfyRemoteJob) again = NULL;
  const char               *path = api_sandbox_is_v1 (data) ? "/developer/api/v1/jobs" : "/api/v2/jobs";
  g_autofree char          *fault = g_strdup_printf ("{\"kind\":\"lose_reply\",\"method\":\"POST\","
                                                     "\"path\":\"%s\"}", path);

  g_assert_true (comfy_sandbox_control (fixture->sandbox, "faults", fault));
  test_await_error (comfy_api_submit (fixture->api, workflow, "gimp-1", "key-1"),
                    COMFY_ERROR_OUTCOME_UNKNOWN);
  g_assert_cmpuint (count_jobs (fixture), ==, 1);

  if (api_sandbox_is_v1 (data))
    {
      found = test_await_boxed (comfy_api_find_jobs (fixture->api, "gimp-1"));
      g_assert_cmpuint (found->len, ==, 1);
      again = test_await_boxed (comfy_api_submit (fixture->api, workflow, "gimp-1", "key-1"));
      g_assert_cmpstr (again->id, ==, ((ComfyRemoteJob *) found->pdata[0])->id);
    }
  else
    {
      test_await_error (comfy_api_submit (fixture->api, workflow, "gimp-1", "key-1"),
                        COMFY_ERROR_OUTCOME_UNKNOWN);
    }

  g_assert_cmpuint (count_jobs (fixture), ==, 1);
}

/* every other way in which an answer to a submit can be wrong: what is an error says the truth */
static void
test_no_job_after_an_error (ApiSandbox    *fixture,
                            gconstpointer  data)
{
  static const char * const kinds[] = {
    "status", "html", "empty", "flat_error", "plain_text", "garbage", "redirect", "reset",
    "lose_reply", "cut",
  };
  g_autoptr(ComfyWorkflow) workflow = api_sandbox_prepare (fixture, 1);
  const char              *path = api_sandbox_is_v1 (data) ? "/developer/api/v1/jobs" : "/api/v2/jobs";

  for (unsigned int i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      unsigned int          n = count_jobs (fixture);
      g_autofree char      *key = g_strdup_printf ("key-%u", i);
      g_autofree char      *fault = g_strdup_printf ("{\"kind\":\"%s\",\"method\":\"POST\","
                                                     "\"path\":\"%s\",\"location\":\"/\"}",
                                                     kinds[i], path);
      g_autoptr(DexFuture)  answer = NULL;
      g_autoptr(GError)     error = NULL;

      g_test_message ("%s", kinds[i]);
      g_assert_true (comfy_sandbox_control (fixture->sandbox, "faults", fault));
      answer = test_settle (comfy_api_submit (fixture->api, workflow, "gimp-1", key));
      g_assert_null (dex_future_get_value (answer, &error));
      if (!g_error_matches (error, COMFY_ERROR, COMFY_ERROR_OUTCOME_UNKNOWN))
        g_assert_cmpuint (count_jobs (fixture), ==, n);
      g_assert_cmpuint (count_jobs (fixture), <=, n + 1);
    }
}

static void
test_refused_graph (ApiSandbox    *fixture,
                    gconstpointer  data)
{
  g_autoptr(ComfyWorkflow) workflow = api_sandbox_prepare (fixture, 1);
  g_autoptr(DexFuture)     answer = NULL;
  g_autoptr(GError)        error = NULL;

  g_assert_true (comfy_workflow_set_string (workflow, "1", "image", "nobody-has-this.png", NULL));
  answer = test_settle (comfy_api_submit (fixture->api, workflow, "gimp-1", "key-1"));
  g_assert_null (dex_future_get_value (answer, &error));
  g_assert_cmpint (error->code, !=, COMFY_ERROR_OUTCOME_UNKNOWN);
  g_assert_cmpuint (count_jobs (fixture), ==, 0);
}

static void
test_failed (ApiSandbox    *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyWorkflow)  workflow = api_sandbox_prepare (fixture, 1);
  g_autoptr(ComfyRemoteJob) started = NULL;
  g_autoptr(ComfyRemoteJob) job = NULL;

  comfy_sandbox_control (fixture->sandbox, "fail", "{\"message\":\"Out of memory\"}");
  started = test_await_boxed (comfy_api_submit (fixture->api, workflow, "gimp-1", "key-1"));
  job = api_sandbox_finish (fixture, started->id);

  g_assert_cmpint (job->status, ==, COMFY_REMOTE_FAILED);
  g_assert_error (job->error, COMFY_ERROR, COMFY_ERROR_JOB_FAILED);
  g_assert_nonnull (strstr (job->error->message, "Out of memory"));
}

static void
test_cancel (ApiSandbox    *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyWorkflow)  workflow = api_sandbox_prepare (fixture, 1);
  g_autoptr(ComfyRemoteJob) started = NULL;
  g_autoptr(ComfyRemoteJob) cancelled = NULL;
  g_autoptr(ComfyRemoteJob) job = NULL;
  g_autoptr(ComfyRemoteJob) again = NULL;

  comfy_sandbox_control (fixture->sandbox, "hold", NULL);
  started = test_await_boxed (comfy_api_submit (fixture->api, workflow, "gimp-1", "key-1"));
  cancelled = test_await_boxed (comfy_api_cancel (fixture->api, started->id));
  comfy_sandbox_control (fixture->sandbox, "release", NULL);
  job = api_sandbox_finish (fixture, started->id);
  g_assert_cmpint (job->status, ==, COMFY_REMOTE_CANCELLED);

  /* it has ended: to ask again is no error */
  again = test_await_boxed (comfy_api_cancel (fixture->api, started->id));
  g_assert_cmpint (again->status, ==, COMFY_REMOTE_CANCELLED);
}

/* the socket is dropped while the job runs; the end is heard of all the same */
static void
test_dropped_socket (ApiSandbox    *fixture,
                     gconstpointer  data)
{
  g_autoptr(ComfyWorkflow)    workflow = api_sandbox_prepare (fixture, 1);
  g_autoptr(ComfyRemoteJob)   started = NULL;
  g_autoptr(ComfyRemoteJob)   job = NULL;
  g_autoptr(ComfyEventStream) stream = NULL;
  g_autoptr(ComfyEvent)       first = NULL;
  g_autoptr(ComfyEvent)       second = NULL;

  comfy_sandbox_control (fixture->sandbox, "hold", NULL);
  started = test_await_boxed (comfy_api_submit (fixture->api, workflow, "gimp-1", "key-1"));
  stream = test_await_object (comfy_api_watch (fixture->api, started->id));
  first = test_await_boxed (comfy_event_stream_next (stream));
  g_assert_cmpint (first->kind, ==, COMFY_EVENT_CONNECTED);

  comfy_sandbox_control (fixture->sandbox, "drop", NULL);
  comfy_sandbox_control (fixture->sandbox, "release", NULL);
  /* what the first socket had still brought comes before */
  do
    {
      g_clear_pointer (&second, comfy_event_free);
      second = test_await_boxed (comfy_event_stream_next (stream));
      g_assert_cmpint (second->kind, !=, COMFY_EVENT_LOST);
    }
  while (second->kind != COMFY_EVENT_CONNECTED);

  job = api_sandbox_finish (fixture, started->id);
  g_assert_cmpint (job->status, ==, COMFY_REMOTE_SUCCEEDED);
}

static void
test_queue_place (ApiSandbox    *fixture,
                  gconstpointer  data)
{
  g_autoptr(ComfyWorkflow)  workflow = api_sandbox_prepare (fixture, 1);
  g_autoptr(ComfyRemoteJob) first = NULL;
  g_autoptr(ComfyRemoteJob) second = NULL;
  g_autoptr(ComfyRemoteJob) job = NULL;

  comfy_sandbox_control (fixture->sandbox, "hold", NULL);
  first = test_await_boxed (comfy_api_submit (fixture->api, workflow, "gimp-1", "key-1"));
  second = test_await_boxed (comfy_api_submit (fixture->api, workflow, "gimp-2", "key-2"));
  job = test_await_boxed (comfy_api_get_job (fixture->api, second->id));

  g_assert_cmpint (job->status, ==, COMFY_REMOTE_QUEUED);
  g_assert_cmpint (job->queue_position, >=, 0);
  g_assert_false (job->has_begun);
  comfy_sandbox_control (fixture->sandbox, "release", NULL);
}

static void
test_probe (ApiSandbox    *fixture,
            gconstpointer  data)
{
  g_autoptr(DexFuture)  future = test_settle (comfy_protocol_probe (fixture->transport));
  const GValue         *value = dex_future_get_value (future, NULL);

  g_assert_nonnull (value);
  g_assert_cmpuint (g_value_get_uint (value), ==, COMFY_PROTOCOL_V1);
}

typedef void (*TestFunc) (ApiSandbox    *fixture,
                          gconstpointer  data);

static void
add (const char    *name,
     ComfyProtocol  protocol,
     TestFunc       func)
{
  g_autofree char *path = g_strdup_printf ("/api-sandbox/%s/%s", comfy_protocol_to_nick (protocol),
                                           name);

  g_test_add (path, ApiSandbox, GUINT_TO_POINTER (protocol), api_sandbox_set_up, func,
              api_sandbox_tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  for (ComfyProtocol i = COMFY_PROTOCOL_V1; i <= COMFY_PROTOCOL_V2; i++)
    {
      add ("account-tells-whether-the-key-works", i, test_account);
      add ("a-job-from-upload-to-download", i, test_whole);
      add ("a-lost-reply-never-starts-a-second-job", i, test_lost_reply);
      add ("an-error-that-is-clear-made-no-job", i, test_no_job_after_an_error);
      add ("a-graph-that-is-refused-made-no-job", i, test_refused_graph);
      add ("a-job-that-failed-says-why", i, test_failed);
      add ("cancel-tells-how-it-ended", i, test_cancel);
    }
  add ("a-dropped-socket-is-connected-again", COMFY_PROTOCOL_V1, test_dropped_socket);
  add ("is-found-first", COMFY_PROTOCOL_V1, test_probe);
  add ("tells-the-place-in-the-queue", COMFY_PROTOCOL_V2, test_queue_place);

  return g_test_run ();
}
