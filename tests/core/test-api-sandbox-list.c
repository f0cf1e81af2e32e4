/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an account has on the sandbox, by both protocols, and the end of it.
 */
#include "config.h"

#include <string.h>

#include "api-sandbox-fixture.h"

/* a job of the graph that inverts, from beginning to end (transfer full) */
static ComfyRemoteJob *
run (ApiSandbox    *fixture,
     ComfyWorkflow *workflow,
     const char    *tag)
{
  g_autoptr(ComfyRemoteJob) started = NULL;

  started = test_await_boxed (comfy_api_submit (fixture->api, workflow, tag, tag));

  return api_sandbox_finish (fixture, started->id);
}

static gboolean
has_tag (ComfyRemotePage *page,
         unsigned int     i,
         const char      *tag)
{
  ComfyRemoteJob *job = g_ptr_array_index (page->jobs, i);

  return job->tags != NULL && g_strv_contains ((const char * const *) job->tags, tag);
}

static void
test_list (ApiSandbox    *fixture,
           gconstpointer  data)
{
  g_autoptr(ComfyWorkflow)   workflow = api_sandbox_prepare (fixture, 1);
  g_autoptr(ComfyRemotePage) first = NULL;
  g_autoptr(ComfyRemotePage) last = NULL;

  for (unsigned int i = 0; i < 21; i++)
    {
      g_autofree char           *tag = g_strdup_printf ("gimp-%u", i);
      g_autoptr(ComfyRemoteJob)  job = run (fixture, workflow, tag);

      g_assert_cmpint (job->status, ==, COMFY_REMOTE_SUCCEEDED);
    }

  first = test_await_boxed (comfy_api_list_jobs (fixture->api, NULL));
  g_assert_cmpuint (first->jobs->len, ==, 20);
  g_assert_true (has_tag (first, 0, "gimp-20"));
  g_assert_nonnull (first->next);
  last = test_await_boxed (comfy_api_list_jobs (fixture->api, first->next));
  g_assert_cmpuint (last->jobs->len, ==, 1);
  g_assert_true (has_tag (last, 0, "gimp-0"));
  g_assert_cmpint (((ComfyRemoteJob *) last->jobs->pdata[0])->created_at, >, 0);
  g_assert_null (last->next);
}

static void
test_no_list (ApiSandbox    *fixture,
              gconstpointer  data)
{
  g_assert_true ((comfy_api_get_flags (fixture->api) & COMFY_API_BROWSE) == 0);
  test_await_error (comfy_api_list_jobs (fixture->api, NULL), COMFY_ERROR_NOT_SUPPORTED);
  /* its jobs hold on to what they made */
  g_assert_true ((comfy_api_get_flags (fixture->api) & COMFY_API_DELETE) == 0);
  test_await_error (comfy_api_delete_output (fixture->api, "x"), COMFY_ERROR_NOT_SUPPORTED);
}

/* by the ledger, and by what the server has afterwards */
static void
test_delete_output (ApiSandbox    *fixture,
                    gconstpointer  data)
{
  g_autoptr(ComfyWorkflow)   workflow = api_sandbox_prepare (fixture, 1);
  g_autoptr(ComfyRemoteJob)  job = run (fixture, workflow, "gimp-1");
  ComfyRemoteOutput         *output = g_ptr_array_index (job->outputs, 0);
  g_autofree char           *path = g_build_filename (fixture->folder, "out.png", NULL);
  g_autofree char           *ledger = NULL;

  test_await_true (comfy_api_delete_output (fixture->api, output->id));
  g_clear_pointer (&output->url, g_free);
  test_await_error (comfy_api_download (fixture->api, output, path, NULL),
                    COMFY_ERROR_JOB_EXPIRED);
  /* and once more, as after a lost answer */
  test_await_true (comfy_api_delete_output (fixture->api, output->id));

  ledger = comfy_sandbox_dup_ledger (fixture->sandbox);
  g_assert_nonnull (strstr (ledger, "\"DELETE\""));
}

static void
add (const char    *path,
     ComfyProtocol  protocol,
     void         (*func) (ApiSandbox    *fixture,
                           gconstpointer  data))
{
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

  add ("/api-sandbox-list/v1/page-by-page", COMFY_PROTOCOL_V1, test_list);
  add ("/api-sandbox-list/v2/has-none-and-deletes-none", COMFY_PROTOCOL_V2, test_no_list);
  add ("/api-sandbox-list/v1/an-output-that-was-deleted-is-gone", COMFY_PROTOCOL_V1,
       test_delete_output);

  return g_test_run ();
}
