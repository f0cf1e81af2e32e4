/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ui-test"

#include "config.h"

#include <string.h>

#include "history-view-fixture.h"
#include "pseudo-translation.h"
#include "test-future.h"
#include "ui-test.h"

#define WIDE   420 /* px */
#define HEIGHT 700

static void
default_clicked_cb (HistoryView *fixture)
{
  fixture->n_default++;
}

static void
again_cb (HistoryView *fixture,
          const char  *id)
{
  g_set_str (&fixture->again, id);
}

static void
edit_cb (HistoryView  *fixture,
         ComfyRequest *request,
         const char   *id)
{
  g_set_object (&fixture->edited, request);
  g_set_str (&fixture->edited_id, id);
}

static void
make_window (HistoryView *fixture,
             int          width)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *button = gtk_button_new_with_label ("Spend");

  fixture->view = comfy_history_view_new (fixture->base.session, fixture->history);
  g_signal_connect_swapped (fixture->view, "again", G_CALLBACK (again_cb), fixture);
  g_signal_connect_swapped (fixture->view, "edit", G_CALLBACK (edit_cb), fixture);
  gtk_box_pack_start (GTK_BOX (box), fixture->view, TRUE, TRUE, 0);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (default_clicked_cb), fixture);
  gtk_box_pack_end (GTK_BOX (box), button, FALSE, FALSE, 0);
  gtk_widget_set_can_default (button, TRUE);

  fixture->window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  gtk_window_set_title (GTK_WINDOW (fixture->window), "History");
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), width, HEIGHT);
  gtk_container_add (GTK_CONTAINER (fixture->window), box);
  gtk_window_set_default (GTK_WINDOW (fixture->window), button);
  gtk_widget_show (fixture->view);
  gtk_widget_show (button);
  gtk_widget_show (box);
}

static void
set_up (HistoryView *fixture,
        int          width)
{
  ComfyJournal *journal;

  session_fixture_set_up (&fixture->base, NULL);
  fixture->profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
  journal = comfy_session_get_journal (fixture->base.session);
  fixture->journal = comfy_journal_new (comfy_journal_get_folder (journal));
  fixture->history = comfy_history_new (journal,
                                        comfy_session_get_scheduler (fixture->base.session));
  history_view_set_comparison (fixture, TRUE);
  make_window (fixture, width);
}

void
history_view_set_up (HistoryView   *fixture,
                     gconstpointer  data)
{
  set_up (fixture, WIDE);
}

void
history_view_set_up_narrow (HistoryView   *fixture,
                            gconstpointer  data)
{
  set_up (fixture, HISTORY_VIEW_NARROW);
}

void
history_view_set_up_long (HistoryView   *fixture,
                          gconstpointer  data)
{
  pseudo_translation_use ("[");
  set_up (fixture, HISTORY_VIEW_NARROW);
}

void
history_view_set_up_rtl (HistoryView   *fixture,
                         gconstpointer  data)
{
  pseudo_translation_use ("ע[");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  set_up (fixture, HISTORY_VIEW_NARROW);
}

static gboolean
is_idle (gpointer history)
{
  return !comfy_history_is_busy (history);
}

static gboolean
is_gone (gpointer data)
{
  return *(ComfyHistory **) data == NULL;
}

/* the view goes with its window, and lets go of the history */
void
history_view_tear_down (HistoryView   *fixture,
                        gconstpointer  data)
{
  ComfyHistory *history = NULL;

  ui_test_wait_for (is_idle, fixture->history);
  if (fixture->window != NULL)
    gtk_widget_destroy (fixture->window);
  g_set_weak_pointer (&history, fixture->history);
  g_clear_object (&fixture->history);
  ui_test_wait_for (is_gone, &history);
  g_clear_object (&fixture->journal);
  g_clear_object (&fixture->profile);
  g_clear_object (&fixture->edited);
  g_clear_pointer (&fixture->edited_id, g_free);
  g_clear_pointer (&fixture->again, g_free);
  g_clear_pointer (&fixture->last, g_free);
  session_fixture_tear_down (&fixture->base, NULL);
  pseudo_translation_use (NULL);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* what is new there */
static ComfyPixels *
paint (ComfyPixels *pixels)
{
  size_t  size;
  guint8 *data = g_memdup2 (g_bytes_get_data (pixels->data, &size),
                            pixels->stride * pixels->height);

  for (int y = pixels->height / 4; y < pixels->height * 3 / 4; y++)
    for (int x = pixels->width / 4; x < pixels->width * 3 / 4; x++)
      {
        guint8 *pixel = data + y * pixels->stride + (size_t) x * 4;

        pixel[0] = (guint8) MIN (255, pixel[0] + 70);
        pixel[2] = (guint8) (pixel[2] / 2);
      }

  return comfy_pixels_new_take (pixels->width, pixels->height, 4, 8, data);
}

void
history_view_set_comparison (HistoryView *fixture,
                             gboolean     has_before)
{
  g_autoptr(ComfyPreview)    preview = session_fixture_make_preview (1024, 768, FALSE);
  g_autoptr(ComfyPixels)     after = paint (preview->thumbnail);
  g_autoptr(ComfyComparison) comparison = NULL;

  comparison = comfy_comparison_new (has_before ? preview->thumbnail : NULL, after,
                                     &(ComfyRect) { 0, 0, 1024, 768 });
  fake_host_set_comparison (fixture->base.host, comparison);
}

void
history_view_make (HistoryView      *fixture,
                   const HistoryJob *job)
{
  static const char * const  names[] = { "raccoon.jpg", "coffee.jpg", "rocket.jpg" };
  HistoryJob                 copy = *job;
  g_autofree char           *path = NULL;

  path = g_test_build_filename (G_TEST_DIST, "data",
                                names[fixture->n_made++ % G_N_ELEMENTS (names)], NULL);
  if (copy.edge == 0 && copy.picture == NULL)
    copy.picture = path;
  g_free (fixture->last);
  fixture->last = history_make (fixture->journal, &copy);
}

void
history_view_show (HistoryView *fixture)
{
  comfy_history_refresh (fixture->history);
  ui_test_wait_for (is_idle, fixture->history);
  ui_test_show (fixture->window);
}
