/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-thumb-box.h"

#define MAX_COLUMNS 100

struct _ComfyThumbBox
{
  GtkFlowBox parent_instance;
};

G_DEFINE_FINAL_TYPE (ComfyThumbBox, comfy_thumb_box, GTK_TYPE_FLOW_BOX)

/* px that whole columns take of @width */
static int
fit (ComfyThumbBox *self,
     int            width)
{
  GtkFlowBoxChild *child = gtk_flow_box_get_child_at_index (GTK_FLOW_BOX (self), 0);
  int              column = 0;

  if (child != NULL)
    gtk_widget_get_preferred_width (GTK_WIDGET (child), NULL, &column);

  return column > 0 && width > column ? width / column * column : width;
}

static void
comfy_thumb_box_get_preferred_height_for_width (GtkWidget *widget,
                                                int        width,
                                                int       *minimum,
                                                int       *natural)
{
  GTK_WIDGET_CLASS (comfy_thumb_box_parent_class)->get_preferred_height_for_width (
    widget, fit (COMFY_THUMB_BOX (widget), width), minimum, natural);
}

static void
comfy_thumb_box_size_allocate (GtkWidget     *widget,
                               GtkAllocation *allocation)
{
  GtkAllocation whole = *allocation;

  whole.width = fit (COMFY_THUMB_BOX (widget), allocation->width);
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    whole.x += allocation->width - whole.width;

  GTK_WIDGET_CLASS (comfy_thumb_box_parent_class)->size_allocate (widget, &whole);
}

static void
comfy_thumb_box_class_init (ComfyThumbBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->get_preferred_height_for_width = comfy_thumb_box_get_preferred_height_for_width;
  widget_class->size_allocate = comfy_thumb_box_size_allocate;
}

static void
comfy_thumb_box_init (ComfyThumbBox *self)
{
  GtkFlowBox *box = GTK_FLOW_BOX (self);

  gtk_flow_box_set_selection_mode (box, GTK_SELECTION_SINGLE);
  gtk_flow_box_set_activate_on_single_click (box, FALSE);
  gtk_flow_box_set_max_children_per_line (box, MAX_COLUMNS);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_START);
}

/**
 * comfy_thumb_box_new:
 *
 * Returns: (transfer floating): an empty box of which one child may be selected
 */
GtkWidget *
comfy_thumb_box_new (void)
{
  return g_object_new (COMFY_TYPE_THUMB_BOX, NULL);
}
