/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-late-spinner.h"

#define DELAY_MS 400                    /* what comes sooner needs no spinner */
#define EDGE     40                     /* px */
#define RADIUS   10.0                   /* px */
#define TURN_US  (1 * G_USEC_PER_SEC)   /* once round */

struct _ComfyLateSpinner
{
  GtkDrawingArea parent_instance;

  unsigned int   delay; /* source id: it is due */
  unsigned int   tick;  /* id of the callback that turns it */
};

G_DEFINE_FINAL_TYPE (ComfyLateSpinner, comfy_late_spinner, GTK_TYPE_DRAWING_AREA)

static void
get_color (GtkWidget  *widget,
           const char *name,
           double      alpha,
           GdkRGBA    *out_color)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  if (!gtk_style_context_lookup_color (context, name, out_color))
    gtk_style_context_get_color (context, gtk_style_context_get_state (context), out_color);
  out_color->alpha = alpha;
}

/* three quarters of a ring on a disc */
static gboolean
comfy_late_spinner_draw (GtkWidget *widget,
                         cairo_t   *cr)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gint64         now = clock != NULL ? gdk_frame_clock_get_frame_time (clock) : 0;
  double         angle = 2.0 * G_PI * (double) (now % TURN_US) / TURN_US;
  double         middle = EDGE / 2.0;
  GdkRGBA        color;

  if (COMFY_LATE_SPINNER (widget)->tick == 0)
    angle = 0.0;

  get_color (widget, "theme_bg_color", 0.85, &color);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_arc (cr, middle, middle, middle, 0.0, 2.0 * G_PI);
  cairo_fill (cr);

  get_color (widget, "theme_fg_color", 1.0, &color);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 3.0);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_arc (cr, middle, middle, RADIUS, angle, angle + 1.5 * G_PI);
  cairo_stroke (cr);

  return GDK_EVENT_PROPAGATE;
}

static void
stop_turning (ComfyLateSpinner *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
}

static void
comfy_late_spinner_destroy (GtkWidget *widget)
{
  ComfyLateSpinner *self = COMFY_LATE_SPINNER (widget);

  g_clear_handle_id (&self->delay, g_source_remove);
  stop_turning (self);

  GTK_WIDGET_CLASS (comfy_late_spinner_parent_class)->destroy (widget);
}

static void
comfy_late_spinner_class_init (ComfyLateSpinnerClass *klass)
{
  GTK_WIDGET_CLASS (klass)->draw = comfy_late_spinner_draw;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_late_spinner_destroy;
}

static void
comfy_late_spinner_init (ComfyLateSpinner *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_set_size_request (widget, EDGE, EDGE);
  gtk_widget_set_halign (widget, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_widget_set_no_show_all (widget, TRUE);
}

static gboolean
turn_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       unused)
{
  gtk_widget_queue_draw (widget);

  return G_SOURCE_CONTINUE;
}

static gboolean
due_cb (gpointer data)
{
  ComfyLateSpinner *self = data;
  gboolean          animates;

  self->delay = 0;
  /* who does not want anything to move sees that something is under way all the same */
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animates,
                NULL);
  gtk_widget_show (GTK_WIDGET (self));
  if (animates)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), turn_cb, NULL, NULL);

  return G_SOURCE_REMOVE;
}

/**
 * comfy_late_spinner_new:
 *
 * Returns: (transfer floating): a hidden spinner
 */
GtkWidget *
comfy_late_spinner_new (void)
{
  return g_object_new (COMFY_TYPE_LATE_SPINNER, NULL);
}

/**
 * comfy_late_spinner_start:
 *
 * Something has begun.
 */
void
comfy_late_spinner_start (ComfyLateSpinner *self)
{
  g_return_if_fail (COMFY_IS_LATE_SPINNER (self));

  if (self->delay == 0 && !gtk_widget_get_visible (GTK_WIDGET (self)))
    self->delay = g_timeout_add (DELAY_MS, due_cb, self);
}

/**
 * comfy_late_spinner_stop:
 *
 * It has ended.
 */
void
comfy_late_spinner_stop (ComfyLateSpinner *self)
{
  g_return_if_fail (COMFY_IS_LATE_SPINNER (self));

  g_clear_handle_id (&self->delay, g_source_remove);
  stop_turning (self);
  gtk_widget_hide (GTK_WIDGET (self));
}
