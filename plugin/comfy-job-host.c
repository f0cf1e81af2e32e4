/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process that owns the jobs. GIMP starts a process for each call; the first that has a job to
 * watch stays, shows the job window, and takes the jobs of the others over. They reach it through a
 * door (comfy-door.h), which is looked for and made by one process at a time. Should there be two
 * hosts all the same, each keeps its own jobs: a job belongs to whoever holds its lock.
 */
#define G_LOG_DOMAIN "comfy-job-host"

#include "config.h"

#include <glib/gstdio.h>
#include <libgimp/gimpui.h>

#include "comfy-aside.h"
#include "comfy-door.h"
#include "comfy-error.h"
#include "comfy-gimp-host.h"
#include "comfy-hand.h"
#include "comfy-job-host.h"
#include "comfy-job-window.h"
#include "comfy-keyboard.h"
#include "comfy-panel-host.h"

#define FOLDER      "comfy-cloud-gimp"
#define ERRAND      "(&sii)" /* a job's id, empty to show a window; which window; the image, or -1 */
#define ERRAND_TYPE "(sii)"

/* what a process comes with: jobs, or the wish to see a window */
typedef struct
{
  const char * const *journal_ids; /* %NULL: only a window */
  ComfyShow           show;        /* without jobs: which */
  int                 image_id;    /* with @show; -1: none */
} Errand;

/* Lives in the frame of run_host() */
typedef struct
{
  GimpPlugIn     *plug_in; /* borrowed */
  ComfySession   *session; /* borrowed */
  ComfyJobWindow *window;  /* borrowed from GTK */
  ComfyPanelHost *panel;   /* owned */
  GMainLoop      *loop;    /* owned */
  const char     *folder;  /* borrowed: where its door is */
  int             turn;    /* owned descriptor, see comfy_door_wait_for_turn(); -1: not any more */
  unsigned int    n_arriving; /* who was let in and is not seen yet */
} JobHost;

/* (transfer full): where the host of this GIMP is to be found */
static char *
dup_door_folder (void)
{
  g_autofree char *name = g_strdup_printf ("host-%d", gimp_getpid ());

  return g_build_filename (g_get_user_runtime_dir (), FOLDER, name, NULL);
}

static gboolean
is_finished (JobHost *host)
{
  return host->n_arriving == 0 && comfy_job_window_is_finished (host->window)
         && !comfy_panel_host_is_open (host->panel);
}

static void
quit_if_finished (JobHost *host)
{
  if (is_finished (host))
    g_main_loop_quit (host->loop);
}

/* what came through the door, on its way */
typedef struct
{
  JobHost   *host;     /* borrowed */
  ComfyJob  *job;      /* owned, nullable: just show a window */
  ComfyShow  show;     /* without a job: which */
  int        image_id; /* with @show; -1: none */
} Arrival;

static void
arrival_free (Arrival *arrival)
{
  arrival->host->n_arriving--;
  g_clear_object (&arrival->job);
  g_free (arrival);
}

/* the panel has the jobs, too: while it is open it is the only window of them */
static void
show_window (Arrival *arrival)
{
  ComfyPanelHost *panel = arrival->host->panel;

  if (arrival->show == COMFY_SHOW_PANEL)
    comfy_panel_host_show (panel, arrival->image_id);
  else if (arrival->show == COMFY_SHOW_GENERATE)
    comfy_panel_host_generate (panel, arrival->image_id);
  else if (comfy_panel_host_is_open (panel))
    comfy_panel_host_show_jobs (panel);
  else
    gtk_window_present (GTK_WINDOW (arrival->host->window));
}

static gboolean
arrive_cb (void *data)
{
  Arrival *arrival = data;

  if (arrival->job != NULL)
    comfy_scheduler_add (comfy_session_get_scheduler (arrival->host->session), arrival->job);
  else
    show_window (arrival);

  return G_SOURCE_REMOVE;
}

/* Takes a job over: its lock now, and everything else when the windows are there. */
static gboolean
take_over (JobHost     *host,
           const char  *journal_id,
           ComfyShow    show,
           int          image_id,
           GError     **error)
{
  g_autoptr(ComfyJob) job = NULL;
  Arrival            *arrival;

  if (journal_id != NULL && journal_id[0] != '\0')
    {
      job = comfy_session_open_job (host->session, journal_id, error);
      if (job == NULL)
        return FALSE;
    }

  arrival = g_new0 (Arrival, 1);
  arrival->host = host;
  host->n_arriving++;
  arrival->job = g_steal_pointer (&job);
  arrival->show = show;
  arrival->image_id = image_id;
  g_idle_add_full (G_PRIORITY_DEFAULT, arrive_cb, arrival, (GDestroyNotify) arrival_free);

  return TRUE;
}

/* a ComfyDoorTake */
static gboolean
take_cb (GVariant *what,
         gpointer  data)
{
  g_autoptr(GError)  error = NULL;
  const char        *journal_id;
  int                show;
  int                image_id;

  g_variant_get (what, ERRAND, &journal_id, &show, &image_id);
  if (show >= 0 && show < COMFY_N_SHOWS
      && take_over (data, journal_id, (ComfyShow) show, image_id, &error))
    return TRUE;

  if (error != NULL)
    g_message ("The job %s is not taken: %s", journal_id, error->message);

  return FALSE;
}

/* Takes those over that it can. Returns: FALSE when there are some, and it could take none */
static gboolean
take_all_over (JobHost             *host,
               const char * const  *journal_ids,
               GError             **error)
{
  g_autoptr(GError) first = NULL;
  unsigned int      n_taken = 0;

  for (unsigned int i = 0; journal_ids[i] != NULL; i++)
    {
      g_autoptr(GError) failure = NULL;

      if (take_over (host, journal_ids[i], COMFY_SHOW_JOBS, -1, &failure))
        n_taken++;
      else
        g_message ("The job %s is left alone: %s", journal_ids[i], failure->message);
      if (first == NULL)
        first = g_steal_pointer (&failure);
    }

  if (n_taken > 0 || first == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&first));

  return FALSE;
}

/* jobs that the panel showed go on; from now on they are seen elsewhere */
static void
panel_changed_cb (JobHost *host)
{
  comfy_job_window_set_quiet (host->window, comfy_panel_host_is_open (host->panel));
  quit_if_finished (host);
}

static void
run_loop (JobHost *host)
{
  g_autoptr(GError)  error = NULL;
  ComfyDoor         *door = comfy_door_open (host->folder, G_VARIANT_TYPE (ERRAND_TYPE), take_cb,
                                             host, &error);

  /* then every process keeps its own jobs */
  if (door == NULL)
    g_warning ("%s", comfy_error_get_detail (error));
  g_clear_fd (&host->turn, NULL);

  host->loop = g_main_loop_new (NULL, FALSE);
  g_signal_connect_swapped (host->window, "finished", G_CALLBACK (quit_if_finished), host);
  gimp_plug_in_persistent_enable (host->plug_in);
  do
    g_main_loop_run (host->loop);
  while (!is_finished (host));
  g_clear_pointer (&door, comfy_door_close);
  g_clear_pointer (&host->loop, g_main_loop_unref);
}

/* Owns jobs until none runs and nothing is left to show. GIMP may end the process at any time: the
 * journal knows everything. */
static gboolean
run_host (GimpPlugIn    *plug_in,
          ComfySession  *session,
          Errand        *errand,
          const char    *folder,
          int            turn,
          GError       **error)
{
  JobHost host = { .plug_in = plug_in, .session = session, .folder = folder, .turn = turn };

  comfy_gimp_host_set_hand (COMFY_GIMP_HOST (comfy_session_get_host (session)),
                            comfy_hand_wait_until_free);

  /* before the window looks for jobs that nobody holds */
  if (errand->journal_ids != NULL
      ? !take_all_over (&host, errand->journal_ids, error)
      : !take_over (&host, NULL, errand->show, errand->image_id, error))
    {
      g_clear_fd (&host.turn, NULL);
      return FALSE;
    }

  gimp_ui_init (g_get_prgname ());
  host.window = COMFY_JOB_WINDOW (comfy_job_window_new (session));
  host.panel = comfy_panel_host_new (session, (ComfyPanelChanged) panel_changed_cb, &host);

  /* what jobs before were to delete on their servers and could not */
  dex_future_disown (comfy_session_clean_up (session));

  comfy_aside_set_moment (comfy_keyboard_wait_until_in_image);
  run_loop (&host);
  comfy_aside_drop_all ();

  comfy_panel_host_free (host.panel);
  gtk_widget_destroy (GTK_WIDGET (host.window));

  return TRUE;
}

static gboolean
knock (const char *folder,
       const char *journal_id,
       ComfyShow   show,
       int         image_id)
{
  return comfy_door_knock (folder, g_variant_new (ERRAND_TYPE, journal_id, (int) show, image_id));
}

/* Asks the host that there is; what it takes is no errand any more. Returns: whether it took all */
static gboolean
ask_host (const char *folder,
          Errand     *errand)
{
  if (errand->journal_ids == NULL)
    return knock (folder, "", errand->show, errand->image_id);

  while (*errand->journal_ids != NULL
         && knock (folder, *errand->journal_ids, COMFY_SHOW_JOBS, -1))
    errand->journal_ids++;

  return *errand->journal_ids == NULL;
}

/* Has the host do something, or becomes it */
static gboolean
run_errand (GimpPlugIn    *plug_in,
            ComfySession  *session,
            Errand         errand,
            GError       **error)
{
  g_autofree char *folder = dup_door_folder ();
  int              turn = comfy_door_wait_for_turn (folder);

  if (!ask_host (folder, &errand))
    return run_host (plug_in, session, &errand, folder, turn, error);
  g_clear_fd (&turn, NULL);

  return TRUE;
}

/**
 * comfy_job_host_hand_over:
 * @plug_in: the plug-in
 * @session: the session
 * @journal_ids: (array zero-terminated=1): jobs in the journal that nobody holds
 * @error: return location
 *
 * Gives the jobs to the process that owns the jobs of this GIMP, or becomes it until none runs and
 * nothing is left to show.
 *
 * Returns: %FALSE when this process became the owner, and could take not even one of them
 */
gboolean
comfy_job_host_hand_over (GimpPlugIn          *plug_in,
                          ComfySession        *session,
                          const char * const  *journal_ids,
                          GError             **error)
{
  Errand errand = { .journal_ids = journal_ids, .image_id = -1 };

  return run_errand (plug_in, session, errand, error);
}

/**
 * comfy_job_host_show:
 * @plug_in: the plug-in
 * @session: the session
 * @show: which window
 * @image_id: the image that is meant, -1: none
 * @error: return location
 *
 * Has the process that owns the jobs of this GIMP show a window, or raise it, or becomes it.
 *
 * Returns: %FALSE with @error set
 */
gboolean
comfy_job_host_show (GimpPlugIn    *plug_in,
                     ComfySession  *session,
                     ComfyShow      show,
                     int            image_id,
                     GError       **error)
{
  Errand errand = { .show = show, .image_id = image_id };

  return run_errand (plug_in, session, errand, error);
}
