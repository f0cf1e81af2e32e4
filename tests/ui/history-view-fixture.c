/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ui-test"

#include "config.h"

#include <string.h>

#include "comfy-history-list.h"
#include "comfy-late-spinner.h"
#include "comfy-picture-area.h"
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

/* (nullable): there is none while there are no pictures */
static ComfyHistoryList *
find_list (HistoryView *fixture)
{
  g_autoptr(GList) children = gtk_container_get_children (GTK_CONTAINER (fixture->view));

  for (GList *child = children; child != NULL; child = child->next)
    if (COMFY_IS_HISTORY_LIST (child->data))
      return child->data;
  g_assert_not_reached ();
}

/* (nullable) */
static ComfyHistoryThumb *
find_selected (HistoryView *fixture)
{
  return comfy_history_list_get_selected (find_list (fixture));
}

static ComfyPictureCache *
get_cache (HistoryView *fixture)
{
  return comfy_history_list_get_cache (find_list (fixture));
}

typedef struct
{
  HistoryView  *fixture;
  const char   *name;
  unsigned int  n;
} Wish;

static gboolean
is_selected (gpointer data)
{
  const Wish        *wish = data;
  ComfyHistoryThumb *thumb = find_selected (wish->fixture);
  g_autofree char   *name = thumb != NULL ? ui_test_dup_name (GTK_WIDGET (thumb)) : NULL;

  return g_strcmp0 (name, wish->name) == 0;
}

void
history_view_wait_until_selected (HistoryView *fixture,
                                  const char  *name)
{
  Wish wish = { fixture, name, 0 };

  ui_test_wait_for (is_selected, &wish);
  g_assert_true (gtk_flow_box_child_is_selected (GTK_FLOW_BOX_CHILD (find_selected (fixture))));
}

static gboolean
is_picture (gpointer data)
{
  const Wish        *wish = data;
  ComfyHistoryThumb *thumb = find_selected (wish->fixture);

  return thumb != NULL && comfy_history_thumb_get_picture (thumb) == wish->n;
}

void
history_view_wait_until_picture (HistoryView  *fixture,
                                 unsigned int  picture)
{
  Wish wish = { fixture, NULL, picture };

  ui_test_wait_for (is_picture, &wish);
}

const char *
history_view_get_selected_path (HistoryView *fixture)
{
  return comfy_history_thumb_get_path (find_selected (fixture));
}

static void
find_area_cb (GtkWidget *widget,
              gpointer   data)
{
  GtkWidget **found = data;

  if (COMFY_IS_PICTURE_AREA (widget))
    *found = widget;
  else if (*found == NULL)
    ui_test_descend (widget, find_area_cb, data);
}

static GtkWidget *
get_area (HistoryView *fixture)
{
  GtkWidget *found = NULL;

  find_area_cb (fixture->view, &found);
  g_assert_nonnull (found);

  return found;
}

static gboolean
has_comparison (gpointer data)
{
  GtkWidget  *area = get_area (data);
  const char *description = atk_object_get_description (gtk_widget_get_accessible (area));

  return description != NULL && *description != '\0';
}

void
history_view_wait_for_comparison (HistoryView *fixture)
{
  ui_test_wait_for (has_comparison, fixture);
}

static gboolean
was_compared (gpointer data)
{
  const Wish *wish = data;

  return preview_host_get_n_compared (wish->fixture->base.previews) >= wish->n;
}

void
history_view_wait_until_compared (HistoryView  *fixture,
                                  unsigned int  n)
{
  Wish wish = { fixture, NULL, n };

  ui_test_wait_for (was_compared, &wish);
}

static gboolean
was_placed (gpointer data)
{
  const Wish *wish = data;

  return fake_host_get_n_placed (wish->fixture->base.host) >= wish->n;
}

void
history_view_wait_until_placed (HistoryView  *fixture,
                                unsigned int  n)
{
  Wish wish = { fixture, NULL, n };

  ui_test_wait_for (was_placed, &wish);
  g_assert_cmpuint (fake_host_get_n_placed (fixture->base.host), ==, n);
}

void
history_view_wait_for_spinner (HistoryView *fixture)
{
  ui_test_wait_until_there (fixture->window, COMFY_TYPE_LATE_SPINNER, "The image is being read…");
}

cairo_surface_t *
history_view_get_shown (HistoryView *fixture)
{
  return comfy_picture_area_get_surface (COMFY_PICTURE_AREA (get_area (fixture)));
}

gboolean
history_view_shows (HistoryView *fixture,
                    const char  *description)
{
  AtkObject       *accessible = gtk_widget_get_accessible (get_area (fixture));
  cairo_surface_t *surface = history_view_get_shown (fixture);
  const guint8    *middle;

  if (g_strcmp0 (atk_object_get_description (accessible), description) != 0)
    return FALSE;

  /* what was painted has little blue */
  middle = cairo_image_surface_get_data (surface)
           + cairo_image_surface_get_stride (surface) * (cairo_image_surface_get_height (surface) / 2)
           + 4 * (cairo_image_surface_get_width (surface) / 2);

  return g_str_equal (description, "Before") == (middle[2] <= middle[0] + 60);
}

int
history_view_get_picture_edge (HistoryView *fixture)
{
  return comfy_picture_area_get_edge (COMFY_PICTURE_AREA (get_area (fixture)));
}

void
history_view_press_picture (HistoryView *fixture,
                            gboolean     is_down)
{
  GtkWidget *events = gtk_widget_get_ancestor (get_area (fixture), GTK_TYPE_EVENT_BOX);
  GdkEvent  *event = gdk_event_new (is_down ? GDK_BUTTON_PRESS : GDK_BUTTON_RELEASE);

  event->button.window = g_object_ref (gtk_widget_get_window (events));
  event->button.button = GDK_BUTTON_PRIMARY;
  gdk_event_set_device (event, gdk_seat_get_pointer (gdk_display_get_default_seat (
    gtk_widget_get_display (events))));
  gtk_widget_event (events, event);
  gdk_event_free (event);
}

void
history_view_focus_list (HistoryView *fixture)
{
  ComfyHistoryThumb *thumb = find_selected (fixture);

  if (thumb == NULL)
    gtk_widget_child_focus (GTK_WIDGET (find_list (fixture)), GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_grab_focus (GTK_WIDGET (thumb));
}

static void
count_cb (GtkWidget *widget,
          gpointer   data)
{
  unsigned int *n = data;

  if (COMFY_IS_HISTORY_THUMB (widget))
    (*n)++;
  else
    ui_test_descend (widget, count_cb, data);
}

unsigned int
history_view_count_thumbs (HistoryView *fixture)
{
  unsigned int n = 0;

  count_cb (GTK_WIDGET (find_list (fixture)), &n);

  return n;
}

static gboolean
has_thumbs (gpointer data)
{
  const Wish *wish = data;

  return history_view_count_thumbs (wish->fixture) == wish->n;
}

void
history_view_wait_until_thumbs (HistoryView  *fixture,
                                unsigned int  n)
{
  Wish wish = { fixture, NULL, n };

  ui_test_wait_for (has_thumbs, &wish);
}

static void
collect_labels_cb (GtkWidget *widget,
                   gpointer   data)
{
  GList **labels = data;

  if (GTK_IS_LABEL (widget))
    *labels = g_list_prepend (*labels, widget);
  else
    ui_test_descend (widget, collect_labels_cb, data);
}

GList *
history_view_list_labels (HistoryView *fixture)
{
  GList *labels = NULL;

  collect_labels_cb (GTK_WIDGET (find_list (fixture)), &labels);

  return labels;
}

unsigned int
history_view_count_pictures (HistoryView *fixture)
{
  return comfy_picture_cache_get_n (get_cache (fixture));
}

static gboolean
has_failed (gpointer data)
{
  HistoryView *fixture = data;

  return comfy_picture_cache_has_failed (get_cache (fixture),
                                         history_view_get_selected_path (fixture));
}

void
history_view_wait_until_unreadable (HistoryView *fixture)
{
  ui_test_wait_for (has_failed, fixture);
}

static gboolean
has_pictures (gpointer data)
{
  return history_view_count_pictures (data) >= MIN (4, history_view_count_thumbs (data));
}

void
history_view_wait_for_pictures (HistoryView *fixture)
{
  ui_test_wait_for (has_pictures, fixture);
}

void
history_view_scroll_to_the_end (HistoryView  *fixture,
                                unsigned int  n_thumbs)
{
  GtkScrolledWindow *scrolled = GTK_SCROLLED_WINDOW (find_list (fixture));
  GtkAdjustment     *adjustment = gtk_scrolled_window_get_vadjustment (scrolled);

  for (double y = 0.0;
       y < gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);
       y += gtk_adjustment_get_page_size (adjustment))
    {
      gtk_adjustment_set_value (adjustment, y);
      ui_test_wait_for_paint (fixture->window);
    }
  g_assert_cmpuint (history_view_count_thumbs (fixture), ==, n_thumbs);
}
