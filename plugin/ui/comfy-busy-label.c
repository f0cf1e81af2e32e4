/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-busy-label.h"
#include "comfy-ui-util.h"

struct _ComfyBusyLabel
{
  GtkBox     parent_instance;

  GtkWidget *spinner; /* borrowed: a child */
  GtkWidget *label;   /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyBusyLabel, comfy_busy_label, GTK_TYPE_BOX)

static void
comfy_busy_label_class_init (ComfyBusyLabelClass *klass)
{
}

static void
comfy_busy_label_init (ComfyBusyLabel *self)
{
  gtk_box_set_spacing (GTK_BOX (self), 6);

  self->spinner = gtk_spinner_new ();
  gtk_widget_set_no_show_all (self->spinner, TRUE);
  gtk_box_pack_start (GTK_BOX (self), self->spinner, FALSE, FALSE, 0);
  self->label = comfy_ui_hint_new (NULL);
  gtk_box_pack_start (GTK_BOX (self), self->label, TRUE, TRUE, 0);
}

/**
 * comfy_busy_label_new:
 *
 * Returns: (transfer floating): an empty line
 */
GtkWidget *
comfy_busy_label_new (void)
{
  return g_object_new (COMFY_TYPE_BUSY_LABEL, NULL);
}

/**
 * comfy_busy_label_allow_narrow:
 * @self: a line
 * @min_chars: how many are beside each other at least
 *
 * Lets it be squeezed.
 */
void
comfy_busy_label_allow_narrow (ComfyBusyLabel *self,
                               int             min_chars)
{
  g_return_if_fail (COMFY_IS_BUSY_LABEL (self));

  gtk_label_set_width_chars (GTK_LABEL (self->label), min_chars);
}

/**
 * comfy_busy_label_set:
 * @self: a line
 * @text: (nullable): translated
 * @is_busy: whether the spinner spins
 */
void
comfy_busy_label_set (ComfyBusyLabel *self,
                      const char     *text,
                      gboolean        is_busy)
{
  g_return_if_fail (COMFY_IS_BUSY_LABEL (self));

  gtk_label_set_text (GTK_LABEL (self->label), text);
  g_object_set (self->spinner, "active", is_busy, "visible", is_busy, NULL);
}
