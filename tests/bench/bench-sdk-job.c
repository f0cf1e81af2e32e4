/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inverts a picture COUNT times with core alone, one job after the other, as the plug-in does it:
 * session, journal, upload cache, node table, and the pace of the product. Against COMFY_BASE_URL
 * with COMFY_API_KEY; see bench-sdk.py.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "comfy-session.h"
#include "file-host.h"
#include "test-future.h"

static ComfyAction *
load_action (void)
{
  const char             *tests = g_getenv ("G_TEST_SRCDIR");
  g_autofree char        *graph = g_build_filename (tests, "data", "actions", "invert.json", NULL);
  g_autofree char        *sidecar = g_build_filename (tests, "data", "actions", "invert.gimp.json",
                                                      NULL);
  g_autoptr(GError)       error = NULL;
  g_autoptr(ComfyAction)  action = comfy_action_new_from_files (graph, sidecar, &error);

  g_assert_no_error (error);

  return g_steal_pointer (&action);
}

static void
run_job (ComfySession *session,
         ComfyAction  *action)
{
  g_autoptr(ComfyForm) form = comfy_form_new (action);
  g_autoptr(DexFuture) prepared = test_settle (comfy_session_prepare (session, form, 1, NULL));
  g_autoptr(ComfyJob)  job = NULL;
  g_autoptr(GError)    error = NULL;
  const GValue        *id = dex_future_get_value (prepared, &error);
  g_autoptr(DexFuture) placed = NULL;

  g_assert_no_error (error);
  job = comfy_session_open_job (session, g_value_get_string (id), &error);
  g_assert_no_error (error);

  placed = test_settle (comfy_job_run (job));
  dex_future_get_value (placed, &error);
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(FileHost)     host = NULL;
  g_autoptr(ComfySession) session = NULL;
  g_autoptr(ComfyAction)  action = NULL;
  g_autofree char        *placed = NULL;
  g_autofree char        *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json",
                                                    NULL);

  if (argc != 4)
    {
      fprintf (stderr, "bench-sdk-job PICTURE FOLDER COUNT\n");
      return EXIT_FAILURE;
    }

  dex_init ();
  placed = g_build_filename (argv[2], "placed", NULL);
  host = file_host_new (argv[1], placed);
  file_host_keep_in (host, argv[2]);
  session = comfy_session_new (COMFY_HOST (host));
  comfy_session_use_node_table (session, nodes);
  action = load_action ();
  for (int i = atoi (argv[3]); i > 0; i--)
    run_job (session, action);

  return EXIT_SUCCESS;
}
