/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-canvas-sketch.h"
#include "comfy-ui-util.h"

#define SKETCH_WIDTH  112 /* px, at least */
#define SKETCH_HEIGHT 84  /* px, at least */

/* drawn while there is no image whose proportions are known */
#define ANY_WIDTH  4
#define ANY_HEIGHT 3

/* as opaque as the text's colour is; told apart on dark and on light */
#define NEW_ALPHA 0.15
#define OLD_ALPHA 0.5

struct _ComfyCanvasSketch
{
  GtkDrawingArea parent_instance;

  int            width;  /* px of the canvas as it is, at least 1 */
  int            height; /* px */
  ComfyEdges     edges;
};

G_DEFINE_FINAL_TYPE (ComfyCanvasSketch, comfy_canvas_sketch, GTK_TYPE_DRAWING_AREA)

static void
fill (cairo_t       *cr,
      const GdkRGBA *color,
      double         alpha)
{
  cairo_set_source_rgba (cr, color->red, color->green, color->blue, alpha * color->alpha);
  cairo_fill (cr);
}

static gboolean
comfy_canvas_sketch_draw (GtkWidget *widget,
                          cairo_t   *cr)
{
  ComfyCanvasSketch *self = COMFY_CANVAS_SKETCH (widget);
  GtkStyleContext   *context = gtk_widget_get_style_context (widget);
  double             room_width = gtk_widget_get_allocated_width (widget);
  double             room_height = gtk_widget_get_allocated_height (widget);
  double             new_width = (double) self->edges.left + self->width + self->edges.right;
  double             new_height = (double) self->edges.top + self->height + self->edges.bottom;
  double             scale = MIN (room_width / new_width, room_height / new_height);
  double             x = (room_width - new_width * scale) / 2.0;
  double             y = (room_height - new_height * scale) / 2.0;
  GdkRGBA            color;

  gtk_style_context_get_color (context, gtk_style_context_get_state (context), &color);

  cairo_rectangle (cr, x, y, new_width * scale, new_height * scale);
  fill (cr, &color, NEW_ALPHA);
  /* never thinner than can be seen */
  cairo_rectangle (cr, x + self->edges.left * scale, y + self->edges.top * scale,
                   MAX (1.0, self->width * scale), MAX (1.0, self->height * scale));
  fill (cr, &color, OLD_ALPHA);

  return GDK_EVENT_PROPAGATE;
}

static void
comfy_canvas_sketch_class_init (ComfyCanvasSketchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->draw = comfy_canvas_sketch_draw;
  gtk_widget_class_set_accessible_role (widget_class, ATK_ROLE_IMAGE);
}

static void
comfy_canvas_sketch_init (ComfyCanvasSketch *self)
{
  self->width = ANY_WIDTH;
  self->height = ANY_HEIGHT;
  gtk_widget_set_size_request (GTK_WIDGET (self), SKETCH_WIDTH, SKETCH_HEIGHT);
  comfy_ui_set_name (GTK_WIDGET (self), _("The canvas as it is, within the new one"));
}

/**
 * comfy_canvas_sketch_new:
 *
 * Returns: (transfer floating): a drawing of a canvas that stays as it is
 */
GtkWidget *
comfy_canvas_sketch_new (void)
{
  return g_object_new (COMFY_TYPE_CANVAS_SKETCH, NULL);
}

/**
 * comfy_canvas_sketch_set:
 * @self: a drawing
 * @width: of the canvas as it is, px; 0 when it is not known
 * @height: of the canvas as it is, px; 0 when it is not known
 * @edges: by how much it grows; not drawn when the canvas is not known
 */
void
comfy_canvas_sketch_set (ComfyCanvasSketch *self,
                         int                width,
                         int                height,
                         const ComfyEdges  *edges)
{
  gboolean is_known = width > 0 && height > 0;

  g_return_if_fail (COMFY_IS_CANVAS_SKETCH (self));
  g_return_if_fail (edges != NULL);

  self->width = is_known ? width : ANY_WIDTH;
  self->height = is_known ? height : ANY_HEIGHT;
  self->edges = is_known ? *edges : (ComfyEdges) { 0 };
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
