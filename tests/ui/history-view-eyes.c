/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person sees of the history.
 */
#define G_LOG_DOMAIN "ui-test"

#include "config.h"

#include "comfy-history-list.h"
#include "comfy-late-spinner.h"
#include "comfy-picture-area.h"
#include "history-view-fixture.h"
#include "ui-test.h"

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
  int              width;
  int              height;

  if (g_strcmp0 (atk_object_get_description (accessible), description) != 0)
    return FALSE;

  /* what was painted has little blue */
  width = cairo_image_surface_get_width (surface);
  height = cairo_image_surface_get_height (surface);
  middle = cairo_image_surface_get_data (surface)
           + cairo_image_surface_get_stride (surface) * (height / 2) + 4 * (width / 2);

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
