/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A window in which nobody works lets the processor sleep: what it says of the time is set right when
 * somebody comes back.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-minute.h"

#define PERIOD_S 60 /* after which "5 min ago" is not true any more */

typedef struct
{
  GtkWidget       *widget;  /* borrowed: has this */
  ComfyMinuteFunc  passed;
  GtkWidget       *window;  /* borrowed while mapped */
  gulong           handler; /* of @window */
  unsigned int     clock;   /* source id */
} Minute;

static gboolean
clock_cb (gpointer data)
{
  Minute *self = data;

  self->passed (self->widget);

  return G_SOURCE_CONTINUE;
}

static void
stop (Minute *self)
{
  g_clear_handle_id (&self->clock, g_source_remove);
}

static void
is_active_cb (Minute *self)
{
  stop (self);
  if (!gtk_window_is_active (GTK_WINDOW (self->window)))
    return;

  self->passed (self->widget);
  self->clock = g_timeout_add_seconds (PERIOD_S, clock_cb, self);
}

static void
unmap_cb (Minute *self)
{
  stop (self);
  if (self->window != NULL)
    g_clear_signal_handler (&self->handler, self->window);
  self->window = NULL;
}

static void
map_cb (Minute *self)
{
  unmap_cb (self);
  self->passed (self->widget);
  self->window = gtk_widget_get_toplevel (self->widget);
  if (!GTK_IS_WINDOW (self->window))
    {
      self->window = NULL;
      return;
    }
  self->handler = g_signal_connect_swapped (self->window, "notify::is-active",
                                            G_CALLBACK (is_active_cb), self);
  is_active_cb (self);
}

/**
 * comfy_minute_follow:
 * @widget: a widget; once
 * @passed: shows the time anew
 *
 * Calls @passed when @widget is shown, when its window gets the keyboard, and each minute while it
 * has it.
 */
void
comfy_minute_follow (GtkWidget       *widget,
                     ComfyMinuteFunc  passed)
{
  Minute *self = g_new0 (Minute, 1);

  self->widget = widget;
  self->passed = passed;
  g_object_set_data_full (G_OBJECT (widget), "comfy-minute", self, g_free);
  g_signal_connect_swapped (widget, "map", G_CALLBACK (map_cb), self);
  g_signal_connect_swapped (widget, "unmap", G_CALLBACK (unmap_cb), self);
}
