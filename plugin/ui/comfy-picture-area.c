/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-picture-area.h"

#define MIN_EDGE   120 /* px: less says nothing */
#define MAX_HEIGHT 280 /* px: the rest is for what stands below */

struct _ComfyPictureArea
{
  GtkDrawingArea   parent_instance;

  cairo_surface_t *surface;  /* owned, nullable */
  gboolean         magnifies;
};

G_DEFINE_FINAL_TYPE (ComfyPictureArea, comfy_picture_area, GTK_TYPE_DRAWING_AREA)

static gboolean
comfy_picture_area_draw (GtkWidget *widget,
                         cairo_t   *cr)
{
  ComfyPictureArea *self = COMFY_PICTURE_AREA (widget);
  int               area_width = gtk_widget_get_allocated_width (widget);
  int               area_height = gtk_widget_get_allocated_height (widget);
  double            width;
  double            height;
  double            fit;
  double            scale_x;
  double            scale_y;

  if (self->surface == NULL)
    return GDK_EVENT_PROPAGATE;

  cairo_surface_get_device_scale (self->surface, &scale_x, &scale_y);
  width = cairo_image_surface_get_width (self->surface) / scale_x;
  height = cairo_image_surface_get_height (self->surface) / scale_y;
  fit = MIN (area_width / width, area_height / height);
  /* on a screen with twice the pixels, a small part of an image would be hardly seen */
  if (!self->magnifies)
    fit = MIN (fit, scale_x);

  /* whole pixels, or it would be blurred without need */
  cairo_translate (cr, (int) ((area_width - width * fit) / 2.0),
                   (int) ((area_height - height * fit) / 2.0));
  cairo_scale (cr, fit, fit);
  cairo_set_source_surface (cr, self->surface, 0.0, 0.0);
  cairo_paint (cr);

  return GDK_EVENT_PROPAGATE;
}

static GtkSizeRequestMode
comfy_picture_area_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
comfy_picture_area_get_preferred_width (GtkWidget *widget,
                                        int       *minimum,
                                        int       *natural)
{
  *minimum = *natural = MIN_EDGE;
}

static void
comfy_picture_area_get_preferred_height_for_width (GtkWidget *widget,
                                                   int        width,
                                                   int       *minimum,
                                                   int       *natural)
{
  *minimum = *natural = CLAMP (width * 3 / 4, MIN_EDGE, MAX_HEIGHT);
}

static void
comfy_picture_area_get_preferred_height (GtkWidget *widget,
                                         int       *minimum,
                                         int       *natural)
{
  *minimum = *natural = MIN_EDGE;
}

static void
comfy_picture_area_finalize (GObject *object)
{
  g_clear_pointer (&COMFY_PICTURE_AREA (object)->surface, cairo_surface_destroy);

  G_OBJECT_CLASS (comfy_picture_area_parent_class)->finalize (object);
}

static void
comfy_picture_area_class_init (ComfyPictureAreaClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = comfy_picture_area_finalize;
  widget_class->draw = comfy_picture_area_draw;
  widget_class->get_request_mode = comfy_picture_area_get_request_mode;
  widget_class->get_preferred_width = comfy_picture_area_get_preferred_width;
  widget_class->get_preferred_height = comfy_picture_area_get_preferred_height;
  widget_class->get_preferred_height_for_width = comfy_picture_area_get_preferred_height_for_width;
}

static void
comfy_picture_area_init (ComfyPictureArea *self)
{
}

/**
 * comfy_picture_area_new:
 *
 * Returns: (transfer floating): an empty area
 */
GtkWidget *
comfy_picture_area_new (void)
{
  return g_object_new (COMFY_TYPE_PICTURE_AREA, NULL);
}

/**
 * comfy_picture_area_set:
 * @surface: (nullable): the picture, with the screen's scale
 * @magnify: whether it fills the area even when it has fewer pixels; else a pixel of it is no
 *   larger than one before the screen's scale
 */
void
comfy_picture_area_set (ComfyPictureArea *self,
                        cairo_surface_t  *surface,
                        gboolean          magnify)
{
  g_return_if_fail (COMFY_IS_PICTURE_AREA (self));

  if (surface != NULL)
    cairo_surface_reference (surface);
  g_clear_pointer (&self->surface, cairo_surface_destroy);
  self->surface = surface;
  self->magnifies = magnify;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * comfy_picture_area_get_surface:
 *
 * Returns: (transfer none) (nullable): what is shown
 */
cairo_surface_t *
comfy_picture_area_get_surface (ComfyPictureArea *self)
{
  g_return_val_if_fail (COMFY_IS_PICTURE_AREA (self), NULL);

  return self->surface;
}

/**
 * comfy_picture_area_get_edge:
 *
 * Returns: px of the screen, at least 1: what is larger is not seen in full
 */
int
comfy_picture_area_get_edge (ComfyPictureArea *self)
{
  GtkWidget *widget;

  g_return_val_if_fail (COMFY_IS_PICTURE_AREA (self), 1);

  widget = GTK_WIDGET (self);

  return MAX (1, MAX (gtk_widget_get_allocated_width (widget),
                      gtk_widget_get_allocated_height (widget))
                 * gtk_widget_get_scale_factor (widget));
}
