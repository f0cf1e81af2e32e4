/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A GtkScrolledWindow asks for next to nothing, and a window that is made as low as it may be would
 * show a slit. This one asks for all that it needs, as if it did not scroll, up to a limit.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-scroller.h"
#include "comfy-ui-util.h"

#define AROUND 150 /* px: title, margins and buttons of a window, and the panels of a desktop */
#define LEAST  160 /* px: lower than that nothing can be filled in */
#define GAP    12  /* px: to each neighbour */

struct _ComfyScroller
{
  GtkScrolledWindow  parent_instance;

  int                limit;      /* px; 0: what the screen has room for */
  GPtrArray         *neighbours; /* owned, of borrowed GtkWidget: stand in the same window */
  gboolean           is_loose;   /* it takes the room that there is */
  GtkWidget         *wanted;     /* weak, nullable: is scrolled to once it has its place */
};

G_DEFINE_FINAL_TYPE (ComfyScroller, comfy_scroller, GTK_TYPE_SCROLLED_WINDOW)

/* px of the screen that the window is on, or will be */
static int
get_screen_height (ComfyScroller *self)
{
  GtkWidget    *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  GdkDisplay   *display = gtk_widget_get_display (GTK_WIDGET (self));
  GdkMonitor   *monitor;
  GdkRectangle  area;

  if (gtk_widget_get_realized (window))
    monitor = gdk_display_get_monitor_at_window (display, gtk_widget_get_window (window));
  else
    monitor = gdk_display_get_primary_monitor (display);
  if (monitor == NULL)
    monitor = gdk_display_get_monitor (display, 0);
  if (monitor == NULL)
    return G_MAXINT;

  gdk_monitor_get_workarea (monitor, &area);

  return area.height;
}

static int
get_limit (ComfyScroller *self,
           int            width)
{
  int limit;

  if (self->limit > 0)
    return self->limit;

  limit = get_screen_height (self) - AROUND;
  for (unsigned int i = 0; i < self->neighbours->len; i++)
    {
      GtkWidget *neighbour = g_ptr_array_index (self->neighbours, i);
      int        height = 0;

      if (!gtk_widget_get_visible (neighbour))
        continue;
      if (width > 0)
        gtk_widget_get_preferred_height_for_width (neighbour, width, &height, NULL);
      else
        gtk_widget_get_preferred_height (neighbour, &height, NULL);
      limit -= height + GAP;
    }

  return MAX (LEAST, limit);
}

/* @width: 0: not known yet */
static int
get_needed_height (ComfyScroller *self,
                   int            width)
{
  GtkWidget *child = gtk_bin_get_child (GTK_BIN (self));
  int        needed = 0;

  if (child == NULL)
    return 0;
  if (width > 0)
    gtk_widget_get_preferred_height_for_width (child, width, &needed, NULL);
  else
    gtk_widget_get_preferred_height (child, &needed, NULL);

  return MIN (needed, get_limit (self, width));
}

static GtkSizeRequestMode
comfy_scroller_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
comfy_scroller_get_preferred_height (GtkWidget *widget,
                                     int       *minimum,
                                     int       *natural)
{
  ComfyScroller *self = COMFY_SCROLLER (widget);

  *minimum = *natural = get_needed_height (self, 0);
  if (self->is_loose)
    *minimum = MIN (*minimum, LEAST);
}

static void
comfy_scroller_get_preferred_height_for_width (GtkWidget *widget,
                                               int        width,
                                               int       *minimum,
                                               int       *natural)
{
  ComfyScroller *self = COMFY_SCROLLER (widget);

  *minimum = *natural = get_needed_height (self, width);
  if (self->is_loose)
    *minimum = MIN (*minimum, LEAST);
}

static void
scroll_to_wanted (ComfyScroller *self)
{
  GtkWidget *content = gtk_bin_get_child (GTK_BIN (gtk_bin_get_child (GTK_BIN (self))));
  int        height = gtk_widget_get_allocated_height (self->wanted);
  int        y;

  if (gtk_widget_translate_coordinates (self->wanted, content, 0, 0, NULL, &y))
    gtk_adjustment_clamp_page (
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self)), y, y + height);
  g_clear_weak_pointer (&self->wanted);
}

static void
comfy_scroller_size_allocate (GtkWidget     *widget,
                              GtkAllocation *allocation)
{
  GTK_WIDGET_CLASS (comfy_scroller_parent_class)->size_allocate (widget, allocation);

  if (COMFY_SCROLLER (widget)->wanted != NULL)
    scroll_to_wanted (COMFY_SCROLLER (widget));
}

static void
comfy_scroller_finalize (GObject *object)
{
  g_clear_weak_pointer (&COMFY_SCROLLER (object)->wanted);
  g_ptr_array_unref (COMFY_SCROLLER (object)->neighbours);

  G_OBJECT_CLASS (comfy_scroller_parent_class)->finalize (object);
}

static void
comfy_scroller_class_init (ComfyScrollerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = comfy_scroller_finalize;
  widget_class->get_request_mode = comfy_scroller_get_request_mode;
  widget_class->get_preferred_height = comfy_scroller_get_preferred_height;
  widget_class->size_allocate = comfy_scroller_size_allocate;
  widget_class->get_preferred_height_for_width = comfy_scroller_get_preferred_height_for_width;
}

static void
comfy_scroller_init (ComfyScroller *self)
{
  self->neighbours = g_ptr_array_new ();
}

/**
 * comfy_scroller_new:
 * @child: (transfer floating): what is in it
 * @limit: px that it is high at most; 0: what the screen has room for
 *
 * Returns: (transfer floating): a scroller
 */
GtkWidget *
comfy_scroller_new (GtkWidget *child,
                    int        limit)
{
  ComfyScroller     *self;
  GtkScrolledWindow *scrolled;

  g_return_val_if_fail (GTK_IS_WIDGET (child), NULL);

  self = g_object_new (COMFY_TYPE_SCROLLER, NULL);
  scrolled = GTK_SCROLLED_WINDOW (self);
  self->limit = limit;
  gtk_scrolled_window_set_policy (scrolled, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  comfy_ui_keep_clear (scrolled);
  gtk_container_add (GTK_CONTAINER (self), child);

  return GTK_WIDGET (self);
}

/**
 * comfy_scroller_set_loose:
 *
 * For a window whose room is shared: lower than what is in it, it scrolls.
 */
void
comfy_scroller_set_loose (ComfyScroller *self)
{
  g_return_if_fail (COMFY_IS_SCROLLER (self));

  self->is_loose = TRUE;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

/**
 * comfy_scroller_add_neighbour:
 * @neighbour: something that stands above or below it, in the same column, as long as it lives
 *
 * Leaves room for it on the screen while it is visible.
 */
void
comfy_scroller_add_neighbour (ComfyScroller *self,
                              GtkWidget     *neighbour)
{
  g_return_if_fail (COMFY_IS_SCROLLER (self));
  g_return_if_fail (GTK_IS_WIDGET (neighbour));

  g_ptr_array_add (self->neighbours, neighbour);
  g_signal_connect_object (neighbour, "notify::visible", G_CALLBACK (gtk_widget_queue_resize), self,
                           G_CONNECT_SWAPPED);
}

/**
 * comfy_scroller_reveal:
 * @widget: somewhere in a scroller, or in none
 *
 * Scrolls to it, once it has its place.
 */
void
comfy_scroller_reveal (GtkWidget *widget)
{
  ComfyScroller *self;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  self = (ComfyScroller *) gtk_widget_get_ancestor (widget, COMFY_TYPE_SCROLLER);
  if (self == NULL)
    return;

  g_set_weak_pointer (&self->wanted, widget);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
