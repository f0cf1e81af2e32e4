/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-late-spinner.h"

#define DELAY_MS 400 /* what comes sooner needs no spinner */
#define EDGE     32  /* px */

struct _ComfyLateSpinner
{
  GtkBin        parent_instance;

  GtkWidget    *spinner; /* borrowed: a child */
  unsigned int  delay;   /* source id: it is due */
};

G_DEFINE_FINAL_TYPE (ComfyLateSpinner, comfy_late_spinner, GTK_TYPE_BIN)

static void
comfy_late_spinner_finalize (GObject *object)
{
  g_clear_handle_id (&COMFY_LATE_SPINNER (object)->delay, g_source_remove);

  G_OBJECT_CLASS (comfy_late_spinner_parent_class)->finalize (object);
}

static void
comfy_late_spinner_class_init (ComfyLateSpinnerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_late_spinner_finalize;
}

static void
comfy_late_spinner_init (ComfyLateSpinner *self)
{
  self->spinner = gtk_spinner_new ();
  gtk_widget_set_size_request (self->spinner, EDGE, EDGE);
  gtk_widget_show (self->spinner);
  gtk_container_add (GTK_CONTAINER (self), self->spinner);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
}

static gboolean
due_cb (gpointer data)
{
  ComfyLateSpinner *self = data;

  self->delay = 0;
  gtk_spinner_start (GTK_SPINNER (self->spinner));
  gtk_widget_show (GTK_WIDGET (self));

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
  gtk_spinner_stop (GTK_SPINNER (self->spinner));
  gtk_widget_hide (GTK_WIDGET (self));
}
