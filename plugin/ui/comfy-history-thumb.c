/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "comfy-history-thumb.h"
#include "comfy-ui-util.h"

#define STYLE "comfy-thumb"

#define BADGE  20.0 /* px across, before the screen's scale */
#define INSET  4.0  /* px from the corner of the picture */

struct _ComfyHistoryThumb
{
  GtkFlowBoxChild    parent_instance;

  ComfyHistoryItem  *item;    /* owned */
  unsigned int       picture; /* which of the item's */
  char              *path;    /* owned */
  ComfyPictureCache *cache;   /* owned */
  GtkWidget         *area;    /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyHistoryThumb, comfy_history_thumb, GTK_TYPE_FLOW_BOX_CHILD)

/* GIMP's themes hardly tell what is selected from what is not; among pictures that is too little */
static void
ensure_style (void)
{
  static gboolean           done = FALSE;
  g_autoptr(GtkCssProvider) provider = NULL;

  if (done)
    return;

  done = TRUE;
  provider = gtk_css_provider_new ();
  gtk_css_provider_load_from_data (provider,
                                   "flowboxchild." STYLE " { padding: 3px; border-radius: 4px; "
                                   "border: 2px solid transparent; "
                                   "background-color: transparent; outline-offset: -1px; }"
                                   "flowboxchild." STYLE ":hover "
                                   "{ background-color: alpha(@theme_fg_color, 0.12); }"
                                   "flowboxchild." STYLE ":selected "
                                   "{ border-color: @theme_selected_bg_color; "
                                   "background-color: alpha(@theme_selected_bg_color, 0.3); }",
                                   -1, NULL);
  gtk_style_context_add_provider_for_screen (gdk_screen_get_default (),
                                             GTK_STYLE_PROVIDER (provider),
                                             GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

static void
get_color (GtkWidget  *widget,
           const char *name,
           GdkRGBA    *out_color)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  if (!gtk_style_context_lookup_color (context, name, out_color))
    gtk_style_context_get_color (context, gtk_style_context_get_state (context), out_color);
}

/* a check on a disc, at the end where a text would end */
static void
draw_badge (GtkWidget          *area,
            cairo_t            *cr,
            const GdkRectangle *place)
{
  gboolean is_rtl = gtk_widget_get_direction (area) == GTK_TEXT_DIR_RTL;
  double   radius = BADGE / 2.0;
  double   x = is_rtl ? place->x + INSET + radius : place->x + place->width - INSET - radius;
  double   y = place->y + place->height - INSET - radius;
  GdkRGBA  disc;
  GdkRGBA  check;

  get_color (area, "theme_selected_bg_color", &disc);
  get_color (area, "theme_selected_fg_color", &check);

  cairo_arc (cr, x, y, radius, 0.0, 2.0 * G_PI);
  gdk_cairo_set_source_rgba (cr, &disc);
  cairo_fill_preserve (cr);
  gdk_cairo_set_source_rgba (cr, &check);
  cairo_set_line_width (cr, 1.5);
  cairo_stroke (cr);

  cairo_move_to (cr, x - 0.40 * radius, y + 0.02 * radius);
  cairo_line_to (cr, x - 0.10 * radius, y + 0.36 * radius);
  cairo_line_to (cr, x + 0.44 * radius, y - 0.34 * radius);
  cairo_set_line_width (cr, 2.0);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke (cr);
}

/* where a picture of that size stands in the middle of the area */
static GdkRectangle
get_place (GtkWidget *area,
           int        width,
           int        height)
{
  return (GdkRectangle) { (gtk_widget_get_allocated_width (area) - width) / 2,
                          (gtk_widget_get_allocated_height (area) - height) / 2, width, height };
}

/* a picture that is not there yet, or cannot be had */
static void
draw_nothing (GtkWidget          *area,
              cairo_t            *cr,
              const GdkRectangle *place,
              gboolean            has_failed)
{
  GdkRGBA color;

  get_color (area, "theme_fg_color", &color);
  color.alpha = 0.12;
  gdk_cairo_set_source_rgba (cr, &color);
  gdk_cairo_rectangle (cr, place);
  cairo_fill (cr);
  if (!has_failed)
    return;

  color.alpha = 0.6;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 2.0);
  cairo_rectangle (cr, place->x + place->width / 4, place->y + place->height / 4,
                   place->width / 2, place->height / 2);
  cairo_move_to (cr, place->x + place->width / 4, place->y + place->height / 4);
  cairo_rel_line_to (cr, place->width / 2, place->height / 2);
  cairo_stroke (cr);
}

static gboolean
draw_cb (GtkWidget         *area,
         cairo_t           *cr,
         ComfyHistoryThumb *self)
{
  cairo_surface_t *surface = comfy_picture_cache_get (self->cache, area, self->path);
  int              edge = comfy_picture_cache_get_edge (self->cache);
  GdkRectangle     place = get_place (area, edge, edge);

  if (surface == NULL)
    {
      draw_nothing (area, cr, &place, comfy_picture_cache_has_failed (self->cache, self->path));
    }
  else
    {
      double scale_x;
      double scale_y;

      cairo_surface_get_device_scale (surface, &scale_x, &scale_y);
      place = get_place (area, (int) lround (cairo_image_surface_get_width (surface) / scale_x),
                         (int) lround (cairo_image_surface_get_height (surface) / scale_y));
      cairo_set_source_surface (cr, surface, place.x, place.y);
      cairo_paint (cr);
    }

  if (comfy_history_item_is_applied (self->item, self->picture))
    draw_badge (area, cr, &place);

  return GDK_EVENT_PROPAGATE;
}

static void
comfy_history_thumb_finalize (GObject *object)
{
  ComfyHistoryThumb *self = COMFY_HISTORY_THUMB (object);

  g_clear_object (&self->item);
  g_clear_object (&self->cache);
  g_free (self->path);

  G_OBJECT_CLASS (comfy_history_thumb_parent_class)->finalize (object);
}

static void
comfy_history_thumb_class_init (ComfyHistoryThumbClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_history_thumb_finalize;
}

static void
comfy_history_thumb_init (ComfyHistoryThumb *self)
{
  ensure_style ();
  gtk_style_context_add_class (gtk_widget_get_style_context (GTK_WIDGET (self)), STYLE);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_START);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_START);
}

/**
 * comfy_history_thumb_new:
 * @item: a job
 * @picture: which of its pictures
 * @cache: has it
 *
 * Returns: (transfer floating): the picture, shown
 */
GtkWidget *
comfy_history_thumb_new (ComfyHistoryItem  *item,
                         unsigned int       picture,
                         ComfyPictureCache *cache)
{
  ComfyHistoryThumb *self;
  int                edge;

  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (item), NULL);
  g_return_val_if_fail (COMFY_IS_PICTURE_CACHE (cache), NULL);

  self = g_object_new (COMFY_TYPE_HISTORY_THUMB, NULL);
  self->item = g_object_ref (item);
  self->picture = picture;
  self->path = g_strdup (comfy_history_item_get_paths (item)[picture]);
  self->cache = g_object_ref (cache);
  edge = comfy_picture_cache_get_edge (cache);

  self->area = gtk_drawing_area_new ();
  gtk_widget_set_size_request (self->area, edge, edge);
  g_signal_connect (self->area, "draw", G_CALLBACK (draw_cb), self);
  gtk_container_add (GTK_CONTAINER (self), self->area);
  gtk_widget_show_all (GTK_WIDGET (self));
  comfy_history_thumb_update (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_history_thumb_get_item:
 *
 * Returns: (transfer none): the job
 */
ComfyHistoryItem *
comfy_history_thumb_get_item (ComfyHistoryThumb *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_THUMB (self), NULL);

  return self->item;
}

/**
 * comfy_history_thumb_get_picture:
 *
 * Returns: which of the job's pictures
 */
unsigned int
comfy_history_thumb_get_picture (ComfyHistoryThumb *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_THUMB (self), 0);

  return self->picture;
}

/**
 * comfy_history_thumb_get_path:
 *
 * Returns: the picture's file
 */
const char *
comfy_history_thumb_get_path (ComfyHistoryThumb *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_THUMB (self), NULL);

  return self->path;
}

/* (transfer full): what it is of */
static char *
dup_name (ComfyHistoryThumb *self)
{
  unsigned int  n = g_strv_length ((char **) comfy_history_item_get_paths (self->item));
  const char   *prompt = comfy_history_item_get_prompt (self->item);
  const char   *title = comfy_history_item_get_title (self->item);
  const char   *words = prompt != NULL && *prompt != '\0' ? prompt : title;

  if (n <= 1)
    return g_strdup (words);

  /* translators: what the artist wrote, and which of several pictures it is */
  return g_strdup_printf (_("%s, picture %u of %u"), words, self->picture + 1, n);
}

/**
 * comfy_history_thumb_update:
 *
 * Shows whether it was applied, as its item tells now. The item has the picture still.
 */
void
comfy_history_thumb_update (ComfyHistoryThumb *self)
{
  g_autofree char *name = NULL;

  g_return_if_fail (COMFY_IS_HISTORY_THUMB (self));

  name = dup_name (self);
  if (comfy_history_item_is_applied (self->item, self->picture))
    {
      /* translators: a picture that is in the image */
      g_autofree char *applied = g_strdup_printf (_("%s, applied"), name);

      comfy_ui_set_name (GTK_WIDGET (self), applied);
    }
  else
    {
      comfy_ui_set_name (GTK_WIDGET (self), name);
    }
  gtk_widget_queue_draw (self->area);
}
