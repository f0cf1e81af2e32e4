/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The width alone decides, in measuring as in laying out. The orientation of the box is never
 * changed: that would ask for another size in the middle of giving one.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-reflow.h"

#define GAP 6 /* px: between controls one above the other */

G_DEFINE_TYPE (ComfyReflow, comfy_reflow, GTK_TYPE_BOX)

/* one that only keeps a column, of which there are none where all is stacked */
static gboolean
is_blank (GtkWidget *child)
{
  return GTK_IS_LABEL (child) && *gtk_label_get_text (GTK_LABEL (child)) == '\0';
}

/* (transfer container): the children that take room where all is stacked */
static GList *
list_shown (ComfyReflow *self)
{
  GList *children = gtk_container_get_children (GTK_CONTAINER (self));
  GList *next;

  for (GList *child = children; child != NULL; child = next)
    {
      next = child->next;
      if (!gtk_widget_get_visible (child->data) || is_blank (child->data))
        children = g_list_delete_link (children, child);
    }

  return children;
}

static gboolean
is_stacked (ComfyReflow *self,
            int          width)
{
  int minimum;

  GTK_WIDGET_CLASS (comfy_reflow_parent_class)->get_preferred_width (GTK_WIDGET (self), &minimum,
                                                                     NULL);

  return width < minimum;
}

static GtkSizeRequestMode
comfy_reflow_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* as narrow as its widest child, as wide as all of them */
static void
comfy_reflow_get_preferred_width (GtkWidget *widget,
                                  int       *minimum,
                                  int       *natural)
{
  g_autoptr(GList) children = list_shown (COMFY_REFLOW (widget));
  int              least;

  GTK_WIDGET_CLASS (comfy_reflow_parent_class)->get_preferred_width (widget, &least, natural);

  *minimum = 0;
  for (GList *child = children; child != NULL; child = child->next)
    {
      gtk_widget_get_preferred_width (child->data, &least, NULL);
      *minimum = MAX (*minimum, least);
    }
}

/* a viewport asks so; however high it is, it can be stacked */
static void
comfy_reflow_get_preferred_width_for_height (GtkWidget *widget,
                                             int        height,
                                             int       *minimum,
                                             int       *natural)
{
  comfy_reflow_get_preferred_width (widget, minimum, natural);
}

static void
comfy_reflow_get_preferred_height_for_width (GtkWidget *widget,
                                             int        width,
                                             int       *minimum,
                                             int       *natural)
{
  g_autoptr(GList) children = NULL;

  if (!is_stacked (COMFY_REFLOW (widget), width))
    {
      GTK_WIDGET_CLASS (comfy_reflow_parent_class)->get_preferred_height_for_width (
        widget, width, minimum, natural);
      return;
    }

  children = list_shown (COMFY_REFLOW (widget));
  *minimum = *natural = GAP * MAX (0, (int) g_list_length (children) - 1);
  for (GList *child = children; child != NULL; child = child->next)
    {
      int least;
      int best;

      gtk_widget_get_preferred_height_for_width (child->data, width, &least, &best);
      *minimum += least;
      *natural += best;
    }
}

/* that of the widest layout */
static void
comfy_reflow_get_preferred_height (GtkWidget *widget,
                                   int       *minimum,
                                   int       *natural)
{
  int width;

  gtk_widget_get_preferred_width (widget, NULL, &width);
  comfy_reflow_get_preferred_height_for_width (widget, width, minimum, natural);
}

/* what is left over goes to the children that expand */
static void
stack (ComfyReflow         *self,
       const GtkAllocation *allocation)
{
  g_autoptr(GList) children = list_shown (self);
  unsigned int     n_growing = 0;
  GtkAllocation    place = *allocation;
  int              needed;

  comfy_reflow_get_preferred_height_for_width (GTK_WIDGET (self), allocation->width, &needed, &needed);
  for (GList *child = children; child != NULL; child = child->next)
    n_growing += gtk_widget_compute_expand (child->data, GTK_ORIENTATION_VERTICAL) ? 1 : 0;

  for (GList *child = children; child != NULL; child = child->next)
    {
      gtk_widget_get_preferred_height_for_width (child->data, place.width, NULL, &place.height);
      if (gtk_widget_compute_expand (child->data, GTK_ORIENTATION_VERTICAL))
        place.height += MAX (0, allocation->height - needed) / (int) n_growing;
      gtk_widget_size_allocate (child->data, &place);
      place.y += place.height + GAP;
    }
}

static void
show_blank_cb (GtkWidget *child,
               gpointer   is_shown)
{
  if (is_blank (child))
    gtk_widget_set_child_visible (child, GPOINTER_TO_INT (is_shown));
}

static void
comfy_reflow_size_allocate (GtkWidget     *widget,
                            GtkAllocation *allocation)
{
  gboolean stacked = is_stacked (COMFY_REFLOW (widget), allocation->width);

  gtk_container_foreach (GTK_CONTAINER (widget), show_blank_cb, GINT_TO_POINTER (!stacked));
  if (!stacked)
    {
      GTK_WIDGET_CLASS (comfy_reflow_parent_class)->size_allocate (widget, allocation);
      return;
    }

  gtk_widget_set_allocation (widget, allocation);
  stack (COMFY_REFLOW (widget), allocation);
}

/* children alone: the box that GTK would draw around them has no place while they are stacked */
static gboolean
comfy_reflow_draw (GtkWidget *widget,
                   cairo_t   *cr)
{
  return GTK_WIDGET_CLASS (g_type_class_peek (GTK_TYPE_CONTAINER))->draw (widget, cr);
}

static void
comfy_reflow_class_init (ComfyReflowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->get_request_mode = comfy_reflow_get_request_mode;
  widget_class->get_preferred_width = comfy_reflow_get_preferred_width;
  widget_class->get_preferred_width_for_height = comfy_reflow_get_preferred_width_for_height;
  widget_class->get_preferred_height = comfy_reflow_get_preferred_height;
  widget_class->get_preferred_height_for_width = comfy_reflow_get_preferred_height_for_width;
  widget_class->size_allocate = comfy_reflow_size_allocate;
  widget_class->draw = comfy_reflow_draw;
}

static void
comfy_reflow_init (ComfyReflow *self)
{
}

/**
 * comfy_reflow_new:
 * @spacing: px: between controls beside each other
 *
 * Returns: (transfer floating): a line
 */
GtkWidget *
comfy_reflow_new (int spacing)
{
  return g_object_new (COMFY_TYPE_REFLOW, "spacing", spacing, NULL);
}
