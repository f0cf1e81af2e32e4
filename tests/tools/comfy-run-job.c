/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs one job with core alone, against COMFY_BASE_URL with COMFY_API_KEY, from an empty folder or
 * from what an earlier run left there. It can be told to be killed at, or to lose, its Nth write of
 * the journal. The product knows nothing of that: rename(), by which each write becomes true, and
 * comfy_api_submit() are wrapped by the linker.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "comfy-error.h"
#include "comfy-job-private.h"
#include "comfy-session.h"
#include "file-host.h"

/* exit codes */
enum
{
  EXIT_PLACED = 0,
  EXIT_STOPPED = 1,
  EXIT_USAGE = 2,
  EXIT_UNKNOWN = 3,
  EXIT_NOTHING_TO_RESUME = 4,
};

static const ComfyPace quick = {
  .search_gap_ms = 20, .poll_first_ms = 5, .poll_last_ms = 50, .silence_ms = 1000,
  .retry_first_ms = 20, .retry_last_ms = 100, .tick_ms = 1000,
};

static int      kill_before;
static int      kill_after;
static int      skip;
static gboolean without_tag;
static int      n_writes;

int        __real_rename           (const char    *from,
                                    const char    *to);
int        __wrap_rename           (const char    *from,
                                    const char    *to);
DexFuture *__real_comfy_api_submit (ComfyApi      *self,
                                    ComfyWorkflow *workflow,
                                    const char    *tag,
                                    const char    *idempotency_key);
DexFuture *__wrap_comfy_api_submit (ComfyApi      *self,
                                    ComfyWorkflow *workflow,
                                    const char    *tag,
                                    const char    *idempotency_key);

/* An entry begins with the rename of its staging folder, and changes with that of its job.json. */
static gboolean
is_journal_write (const char *from,
                  const char *to)
{
  g_autofree char *from_name = g_path_get_basename (from);
  g_autofree char *to_name = g_path_get_basename (to);

  if (strstr (to, "/.staging-") != NULL)
    return FALSE;

  return g_str_has_prefix (from_name, ".staging-") ? to_name[0] != '.'
                                                   : g_str_equal (to_name, "job.json");
}

int
__wrap_rename (const char *from,
               const char *to)
{
  int status;

  if (!is_journal_write (from, to))
    return __real_rename (from, to);

  n_writes++;
  if (n_writes == kill_before)
    raise (SIGKILL);
  if (n_writes == skip)
    return 0;

  status = __real_rename (from, to);
  if (n_writes == kill_after)
    raise (SIGKILL);

  return status;
}

DexFuture *
__wrap_comfy_api_submit (ComfyApi      *self,
                         ComfyWorkflow *workflow,
                         const char    *tag,
                         const char    *idempotency_key)
{
  return __real_comfy_api_submit (self, workflow, without_tag ? "no-tag" : tag, idempotency_key);
}

static gboolean
settle (DexFuture  *future,
        GError    **error)
{
  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);

  return dex_future_get_value (future, error) != NULL;
}

static ComfyForm *
make_form (GError **error)
{
  const char             *data = g_getenv ("COMFY_TEST_DATA_DIR");
  g_autofree char        *graph = g_build_filename (data, "actions", "upscale-4x.json", NULL);
  g_autofree char        *sidecar = g_build_filename (data, "actions", "upscale-4x.gimp.json",
                                                      NULL);
  g_autoptr(ComfyAction)  action = comfy_action_new_from_files (graph, sidecar, error);

  return action != NULL ? comfy_form_new (action) : NULL;
}

static char *
begin (ComfySession  *session,
       GError       **error)
{
  g_autoptr(ComfyForm) form = make_form (error);
  g_autoptr(DexFuture) prepared = NULL;

  if (form == NULL)
    return NULL;

  prepared = comfy_session_prepare (session, form, 1, NULL);

  return settle (prepared, error) ? g_value_dup_string (dex_future_get_value (prepared, NULL))
                                  : NULL;
}

static int
run (ComfySession *session,
     const char   *id)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(ComfyJob)  job = comfy_session_open_job (session, id, &error);
  g_autoptr(DexFuture) placed = NULL;

  if (job != NULL)
    {
      _comfy_job_set_pace (job, &quick);
      placed = comfy_job_run (job);
      if (settle (placed, &error))
        return EXIT_PLACED;
    }

  fprintf (stderr, "%s: %s\n", job != NULL ? comfy_state_to_nick (comfy_job_get_state (job)) : id,
           comfy_error_dup_report (error));

  return job != NULL && comfy_job_get_state (job) == COMFY_STATE_UNKNOWN ? EXIT_UNKNOWN
                                                                         : EXIT_STOPPED;
}

static int
begin_or_resume (const char *command,
                 const char *picture_path,
                 const char *placed_path)
{
  g_autoptr(FileHost)      host = file_host_new (picture_path, placed_path);
  g_autoptr(ComfySession)  session = comfy_session_new (COMFY_HOST (host));
  g_autoptr(GError)        error = NULL;
  g_autofree char         *id = NULL;

  if (g_str_equal (command, "resume"))
    {
      g_auto(GStrv) orphans = comfy_journal_list_orphans (comfy_session_get_journal (session));

      if (orphans[0] == NULL)
        return EXIT_NOTHING_TO_RESUME;
      id = g_strdup (orphans[0]);
    }
  else
    id = begin (session, &error);

  if (id == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      return EXIT_STOPPED;
    }

  return run (session, id);
}

int
main (int   argc,
      char *argv[])
{
  const GOptionEntry entries[] = {
    { "kill-before", 0, 0, G_OPTION_ARG_INT, &kill_before, "Be killed before that write", "N" },
    { "kill-after", 0, 0, G_OPTION_ARG_INT, &kill_after, "Be killed after that write", "N" },
    { "skip", 0, 0, G_OPTION_ARG_INT, &skip, "Lose that write", "N" },
    { "without-tag", 0, 0, G_OPTION_ARG_NONE, &without_tag, "Submit without the job's tag", NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("begin|resume PICTURE PLACED");
  int                       status;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || argc != 4)
    return EXIT_USAGE;

  dex_init ();
  status = begin_or_resume (argv[1], argv[2], argv[3]);
  printf ("%d\n", n_writes);

  return status;
}
