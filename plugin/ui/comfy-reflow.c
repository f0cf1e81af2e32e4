/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The width alone decides, in measuring as in laying out. The orientation of the box is never
 * changed: that would ask for another size in the middle of giving one.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-reflow.h"

#define GAP 6 /* px: between lines */

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

/* Returns: (transfer none) (nullable): the first of @children that does not fit into the line */
static GList *
find_end_of_line (ComfyReflow *self,
                  GList       *children,
                  int          width)
{
  int used = 0;

  for (GList *child = children; child != NULL; child = child->next)
    {
      int least;

      gtk_widget_get_preferred_width (child->data, &least, NULL);
      used += least + (child != children ? gtk_box_get_spacing (GTK_BOX (self)) : 0);
      if (used > width && child != children)
        return child;
    }

  return NULL;
}

static gboolean
expands (ComfyReflow *self,
         GtkWidget   *child)
{
  gboolean expand;

  gtk_box_query_child_packing (GTK_BOX (self), child, &expand, NULL, NULL, NULL);

  return expand || gtk_widget_get_hexpand (child);
}

/* one that says where in its room it stands has all of a line that it is alone in */
static gboolean
has_line (GList *children,
          GList *end)
{
  return children->next == end && gtk_widget_get_halign (children->data) != GTK_ALIGN_FILL;
}

/* (transfer full): of each child of the line, px: as much as it needs, then what it likes; the rest is
 * for those that expand */
static int *
divide_line (ComfyReflow *self,
             GList       *children,
             GList       *end,
             int          width)
{
  GArray *widths = g_array_new (FALSE, FALSE, sizeof (int));
  int     n_growing = 0;
  int     rest = width;
  int     i = 0;

  for (GList *child = children; child != end; child = child->next)
    {
      int least;

      gtk_widget_get_preferred_width (child->data, &least, NULL);
      rest -= least + (child != children ? gtk_box_get_spacing (GTK_BOX (self)) : 0);
      n_growing += expands (self, child->data) || has_line (children, end) ? 1 : 0;
      g_array_append_val (widths, least);
    }

  for (GList *child = children; child != end && rest > 0; child = child->next, i++)
    {
      int best;
      int more;

      gtk_widget_get_preferred_width (child->data, NULL, &best);
      more = CLAMP (best - g_array_index (widths, int, i), 0, rest);
      g_array_index (widths, int, i) += more;
      rest -= more;
    }

  i = 0;
  for (GList *child = children; child != end && rest > 0; child = child->next, i++)
    if (expands (self, child->data) || has_line (children, end))
      g_array_index (widths, int, i) += rest / n_growing;

  return (int *) g_array_free (widths, FALSE);
}

/* px */
static int
get_line_height (GList *children,
                 GList *end,
                 int   *widths)
{
  int height = 0;

  for (GList *child = children; child != end; child = child->next, widths++)
    {
      int best;

      gtk_widget_get_preferred_height_for_width (child->data, *widths, NULL, &best);
      height = MAX (height, best);
    }

  return height;
}

static void
comfy_reflow_get_preferred_height_for_width (GtkWidget *widget,
                                             int        width,
                                             int       *minimum,
                                             int       *natural)
{
  ComfyReflow      *self = COMFY_REFLOW (widget);
  g_autoptr(GList)  children = NULL;
  GList            *end;

  if (!is_stacked (self, width))
    {
      GTK_WIDGET_CLASS (comfy_reflow_parent_class)->get_preferred_height_for_width (
        widget, width, minimum, natural);
      return;
    }

  children = list_shown (self);
  *natural = 0;
  for (GList *line = children; line != NULL; line = end)
    {
      g_autofree int *widths = NULL;

      end = find_end_of_line (self, line, width);
      widths = divide_line (self, line, end, width);
      *natural += get_line_height (line, end, widths) + (line != children ? GAP : 0);
    }
  *minimum = *natural;
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

static void
place_line (ComfyReflow         *self,
            GList               *children,
            GList               *end,
            const int           *widths,
            const GtkAllocation *line)
{
  gboolean      is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  GtkAllocation place = *line;
  int           x = 0;

  for (GList *child = children; child != end; child = child->next, widths++)
    {
      place.width = *widths;
      place.x = line->x + (is_rtl ? line->width - x - *widths : x);
      gtk_widget_size_allocate (child->data, &place);
      x += *widths + gtk_box_get_spacing (GTK_BOX (self));
    }
}

static void
stack (ComfyReflow         *self,
       const GtkAllocation *allocation)
{
  g_autoptr(GList) children = list_shown (self);
  GtkAllocation    place = *allocation;
  GList           *end;

  for (GList *line = children; line != NULL; line = end)
    {
      g_autofree int *widths = NULL;

      end = find_end_of_line (self, line, allocation->width);
      widths = divide_line (self, line, end, allocation->width);
      place.height = get_line_height (line, end, widths);
      place_line (self, line, end, widths, &place);
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
