/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "comfy-panel-picker.h"
#include "comfy-workflow-picker.h"

struct _ComfyPanelPicker
{
  GtkBox     parent_instance;

  GtkWidget *picker; /* borrowed: a child */
  GtkWidget *open;   /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyPanelPicker, comfy_panel_picker, GTK_TYPE_BOX)

enum
{
  PICKED,
  LEFT,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
picked_cb (ComfyWorkflowPicker *picker,
           ComfyForm           *form,
           ComfyMapping        *mapping,
           ComfyPanelPicker    *self)
{
  g_signal_emit (self, signals[PICKED], 0, form);
}

static void
leave (ComfyPanelPicker *self)
{
  g_signal_emit (self, signals[LEFT], 0);
}

static void
update_open (ComfyPanelPicker *self)
{
  gtk_widget_set_sensitive (self->open, comfy_workflow_picker_can_pick (
                              COMFY_WORKFLOW_PICKER (self->picker)));
}

/* Escape is the Back button */
static gboolean
comfy_panel_picker_key_press_event (GtkWidget   *widget,
                                    GdkEventKey *event)
{
  if (GTK_WIDGET_CLASS (comfy_panel_picker_parent_class)->key_press_event (widget, event))
    return GDK_EVENT_STOP;
  if (event->keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;

  leave (COMFY_PANEL_PICKER (widget));

  return GDK_EVENT_STOP;
}

static void
comfy_panel_picker_class_init (ComfyPanelPickerClass *klass)
{
  GTK_WIDGET_CLASS (klass)->key_press_event = comfy_panel_picker_key_press_event;

  signals[PICKED] =
    g_signal_new ("picked", COMFY_TYPE_PANEL_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, COMFY_TYPE_FORM);
  signals[LEFT] =
    g_signal_new ("left", COMFY_TYPE_PANEL_PICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_panel_picker_init (ComfyPanelPicker *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

static GtkWidget *
new_buttons (ComfyPanelPicker *self)
{
  GtkWidget *box = gtk_button_box_new (GTK_ORIENTATION_HORIZONTAL);
  GtkWidget *back = gtk_button_new_with_mnemonic (_("_Back"));

  self->open = gtk_button_new_with_mnemonic (_("_Open"));
  gtk_button_box_set_layout (GTK_BUTTON_BOX (box), GTK_BUTTONBOX_END);
  gtk_box_set_spacing (GTK_BOX (box), 6);
  g_signal_connect_swapped (back, "clicked", G_CALLBACK (leave), self);
  g_signal_connect_swapped (self->open, "clicked", G_CALLBACK (comfy_workflow_picker_pick),
                            self->picker);
  gtk_container_add (GTK_CONTAINER (box), back);
  gtk_container_add (GTK_CONTAINER (box), self->open);

  return box;
}

/**
 * comfy_panel_picker_new:
 * @opener: has the workflows
 * @image_id: the editor's id of the image that a form is about, -1 when there is none
 *
 * Returns: (transfer floating): a picker, shown
 */
GtkWidget *
comfy_panel_picker_new (ComfyOpener *opener,
                        int          image_id)
{
  ComfyPanelPicker *self;

  g_return_val_if_fail (COMFY_IS_OPENER (opener), NULL);

  self = g_object_new (COMFY_TYPE_PANEL_PICKER, NULL);
  self->picker = comfy_workflow_picker_new (opener, image_id);
  gtk_box_pack_start (GTK_BOX (self), self->picker, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (self), new_buttons (self), FALSE, FALSE, 0);
  g_signal_connect (self->picker, "picked", G_CALLBACK (picked_cb), self);
  g_signal_connect_swapped (self->picker, "selection-changed", G_CALLBACK (update_open), self);
  update_open (self);
  gtk_widget_show_all (GTK_WIDGET (self));

  return GTK_WIDGET (self);
}
