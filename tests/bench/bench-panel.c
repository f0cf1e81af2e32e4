/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The panel at work: 8 jobs at once whose uploads are 4096², live previews, results of 4096² that come
 * into the history, their thumbnails, and comparisons; the sandbox is a process of its own.
 * Goals: the main loop is not held longer than 50 ms; at most 96 MB of anonymous memory over the
 * empty panel, and what the thumbnails may take. Time in which the main thread stood in line for a
 * processor does not count.
 *
 *     bench-panel SANDBOX
 */
#include "config.h"

#include <glib/gstdio.h>
#include <malloc.h>

#include "bench-panel-host.h"
#include "bench-stalls.h"
#include "canvas-bench.h"
#include "comfy-codec.h"
#include "comfy-history-thumb.h"
#include "comfy-history-view.h"
#include "comfy-json-private.h"
#include "comfy-panel.h"
#include "comfy-settings-panel.h"
#include "test-file-keyring.h"
#include "test-future.h"
#include "ui-test.h"

#define EDGE        4096 /* px */
#define N_JOBS      8
#define GOAL_MS     50.0
#define GOAL_MEMORY 96.0                          /* MB */
#define THUMBNAILS  (200 * 96 * 96 * 4 / 1000000.0) /* MB: the history's budget */
#define IMAGE_ID    7                             /* of the fake editor */
#define ACTION      "restyle-layer"
#define BUTTON      "Restyle"

typedef struct
{
  char           *folder;  /* owned */
  GSubprocess    *sandbox; /* owned */
  char           *url;     /* owned */
  char           *key;     /* owned */
  BenchPanelHost *host;    /* owned */
  ComfySession   *session; /* owned */
  ComfyOpener    *opener;  /* owned */
  GtkWidget      *panel;   /* borrowed from GTK */
  BenchStalls    *stalls;  /* owned */
  unsigned int    wanted;  /* captures */
  gboolean        missed;
} Panel;

static void
judge (Panel      *self,
       gboolean    is_good,
       const char *text)
{
  g_print ("%s%s\n", text, is_good ? "" : " MISSED");
  self->missed |= !is_good;
}

static void
start_sandbox (Panel      *self,
               const char *program)
{
  g_autofree char     *ready = g_build_filename (self->folder, "ready.json", NULL);
  g_autofree char     *account = g_strconcat (self->key, ":bench@b.example:90000000:pro", NULL);
  g_autoptr(GError)    error = NULL;
  g_autoptr(JsonNode)  node = NULL;
  g_autofree char     *text = NULL;
  gsize                length;

  self->sandbox = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, program,
                                    "--job-ms=1500", "--ready-file", ready, "--key", account, NULL);
  g_assert_no_error (error);
  while (!g_file_get_contents (ready, &text, &length, NULL))
    {
      g_assert_nonnull (g_subprocess_get_identifier (self->sandbox));
      g_usleep (10 * 1000);
    }
  node = comfy_json_read (text, length, length, 8, &error);
  g_assert_no_error (error);
  self->url = g_strdup (comfy_json_get_string (json_node_get_object (node), "v2_url"));
}

/* (transfer full): what each capture sends */
static char *
make_picture (Panel *self)
{
  char                   *path = g_build_filename (self->folder, "picture.webp", NULL);
  g_autoptr(ComfyPixels)  pixels = bench_photograph ("raccoon", EDGE);
  g_autoptr(DexFuture)    future = test_settle (comfy_codec_encode (pixels, COMFY_FORMAT_AUTO,
                                                                    path));
  g_autoptr(GError)       error = NULL;

  dex_future_get_value (future, &error);
  g_assert_no_error (error);

  return path;
}

static void
make_session (Panel *self)
{
  g_autofree char         *picture = make_picture (self);
  g_autofree char         *shipped = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "actions",
                                                       NULL);
  g_autofree char         *nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json",
                                                     NULL);
  g_autoptr(GPtrArray)     actions = comfy_action_list_folder (shipped);
  g_autoptr(GUri)          uri = g_uri_parse (self->url, G_URI_FLAGS_NONE, NULL);
  g_autofree char         *origin = NULL;
  ComfySettings           *settings;

  g_setenv ("COMFY_API_KEY", self->key, TRUE);
  g_setenv ("COMFY_BASE_URL", self->url, TRUE);
  self->host = bench_panel_host_new (picture, EDGE);
  self->session = comfy_session_new (COMFY_HOST (self->host));
  comfy_session_use_node_table (self->session, nodes);
  self->opener = comfy_opener_new (self->session, actions, self->folder);

  settings = comfy_session_get_settings (self->session);
  origin = g_strdup_printf ("http://%s:%d", g_uri_get_host (uri), g_uri_get_port (uri));
  comfy_settings_give_consent (settings, origin);
  comfy_settings_set_max_jobs (settings, N_JOBS);
  comfy_settings_set_panel_action (settings, ACTION);
}

/* not while the last one is being prepared */
static gboolean
can_generate (gpointer data)
{
  GtkWidget *button = ui_test_find (((Panel *) data)->panel, GTK_TYPE_BUTTON, BUTTON);

  return button != NULL && gtk_widget_is_sensitive (button);
}

static gboolean
is_captured (gpointer data)
{
  return bench_panel_host_get_n_captured (((Panel *) data)->host) >= ((Panel *) data)->wanted;
}

static gboolean
is_done (gpointer data)
{
  ComfyScheduler *scheduler = comfy_session_get_scheduler (((Panel *) data)->session);

  return g_list_model_get_n_items (G_LIST_MODEL (scheduler)) == 0;
}

static void
collect_cb (GtkWidget *widget,
            gpointer   thumbs)
{
  if (COMFY_IS_HISTORY_THUMB (widget))
    g_ptr_array_add (thumbs, widget);
  else
    ui_test_descend (widget, collect_cb, thumbs);
}

/* (transfer container) */
static GPtrArray *
list_thumbs (Panel *self)
{
  GPtrArray *thumbs = g_ptr_array_new ();

  collect_cb (self->panel, thumbs);

  return thumbs;
}

static gboolean
is_listed (gpointer data)
{
  g_autoptr(GPtrArray) thumbs = list_thumbs (data);

  return thumbs->len >= N_JOBS;
}

static void
find_view_cb (GtkWidget *widget,
              gpointer   out_view)
{
  if (COMFY_IS_HISTORY_VIEW (widget))
    *(GtkWidget **) out_view = widget;
  else
    ui_test_descend (widget, find_view_cb, out_view);
}

static gboolean
is_compared (gpointer data)
{
  return bench_panel_host_get_n_compared (((Panel *) data)->host) >= ((Panel *) data)->wanted;
}

static void
run_jobs (Panel *self)
{
  for (unsigned int i = 0; i < N_JOBS; i++)
    {
      ui_test_wait_for (can_generate, self);
      self->wanted = i + 1;
      comfy_panel_generate (COMFY_PANEL (self->panel), IMAGE_ID);
      ui_test_wait_for (is_captured, self);
    }
  ui_test_wait_for (is_done, self);
  ui_test_wait_for (is_listed, self);
}

static void
painted_cb (gboolean *painted)
{
  *painted = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

/* not ui_test_wait_for_paint(), for which the watch leaves no moment without events */
static void
wait_for_frame (Panel *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (self->panel);
  gboolean       painted = FALSE;
  gulong         handler = g_signal_connect_swapped (clock, "after-paint",
                                                     G_CALLBACK (painted_cb), &painted);

  gtk_widget_queue_draw (self->panel);
  ui_test_wait_for (is_true, &painted);
  g_signal_handler_disconnect (clock, handler);
}

/* one after the other, as an artist goes through them */
static void
compare_all (Panel *self)
{
  g_autoptr(GPtrArray)  thumbs = list_thumbs (self);
  GtkWidget            *view = NULL;

  find_view_cb (self->panel, &view);
  for (unsigned int i = 0; i < thumbs->len; i++)
    {
      ComfyHistoryItem *item = comfy_history_thumb_get_item (g_ptr_array_index (thumbs, i));

      /* what came first was looked at when it came */
      if (gtk_flow_box_child_is_selected (g_ptr_array_index (thumbs, i)))
        continue;
      self->wanted = bench_panel_host_get_n_compared (self->host) + 1;
      comfy_history_view_select (COMFY_HISTORY_VIEW (view), comfy_history_item_get_id (item));
      ui_test_wait_for (is_compared, self);
      wait_for_frame (self);
    }
}

static void
measure (Panel      *self,
         const char *what,
         void      (*work) (Panel *),
         gint64      empty)
{
  double           ms;
  double           memory;
  g_autofree char *held = NULL;
  g_autofree char *taken = NULL;

  bench_stalls_begin (self->stalls);
  work (self);
  ms = bench_stalls_end (self->stalls);
  memory = (bench_stalls_take_peak (self->stalls) - empty) / 1e6;

  held = g_strdup_printf ("%s: the main loop is held for %.0f ms at most (goal %.0f)", what, ms,
                          GOAL_MS);
  judge (self, ms <= GOAL_MS, held);
  taken = g_strdup_printf ("%s: %.0f MB of anonymous memory over the empty panel (goal %.0f + %.0f)",
                           what, memory, GOAL_MEMORY, THUMBNAILS);
  judge (self, memory <= GOAL_MEMORY + THUMBNAILS, taken);
  bench_stalls_tell (self->stalls, GOAL_MS / 2.0);
}

static void
run (Panel *self)
{
  GtkWidget *prompt;
  gint64     empty;

  self->panel = comfy_panel_new (self->opener);
  gtk_window_resize (GTK_WINDOW (self->panel), 900, 900);
  ui_test_show (self->panel);
  ui_test_wait_until_there (self->panel, GTK_TYPE_BUTTON, BUTTON);
  prompt = ui_test_get (self->panel, GTK_TYPE_TEXT_VIEW, "Prompt");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (prompt)), "An old oak", -1);
  ui_test_wait_for_paint (self->panel);
  malloc_trim (0); /* of what the picture was made of */
  empty = bench_stalls_get_memory ();
  g_print ("the empty panel: %.0f MB of anonymous memory\n", empty / 1e6);

  self->stalls = bench_stalls_new ();
  measure (self, "8 jobs of 4096²", run_jobs, empty);
  ui_test_shoot (self->panel, "bench-panel");
  measure (self, "8 comparisons of 4096²", compare_all, empty);
  bench_stalls_free (self->stalls);
  gtk_widget_destroy (self->panel);
}

/* what a test tells of all libraries would be most of what is measured */
static void
log_cb (const char     *domain,
        GLogLevelFlags  level,
        const char     *message,
        gpointer        unused)
{
  if (level <= G_LOG_LEVEL_MESSAGE || (level & G_LOG_FLAG_FATAL) != 0)
    g_printerr ("%s: %s\n", domain, message);
}

int
main (int   argc,
      char *argv[])
{
  Panel             self = { NULL };
  g_autoptr(GError) error = NULL;

  test_use_file_keyring (g_getenv ("HOME"));
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  ui_test_init (&argc, &argv);
  g_log_set_default_handler (log_cb, NULL);
  g_assert_cmpint (argc, ==, 2);
  self.folder = g_dir_make_tmp ("comfy-bench-XXXXXX", &error);
  g_assert_no_error (error);
  self.key = g_strdup ("comfyui-bench-0123456789");

  start_sandbox (&self, argv[1]);
  make_session (&self);
  run (&self);

  g_clear_object (&self.opener);
  g_clear_object (&self.session);
  g_clear_object (&self.host);
  g_subprocess_send_signal (self.sandbox, SIGTERM);
  g_subprocess_wait (self.sandbox, NULL, NULL);
  g_object_unref (self.sandbox);
  test_remove_tree (self.folder);
  g_free (self.folder);
  g_free (self.url);
  g_free (self.key);

  return self.missed ? 1 : 0;
}
