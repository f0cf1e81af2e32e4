/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <libdex.h>

#include "comfy-picture-cache.h"
#include "comfy-thumbnail.h"
#include "comfy-ui-util.h"

/* of a picture: four times 2048 × 2048, as an upscaler makes it, and room */
#define MAX_PIXELS 40000000

/* more than are seen at once: what was asked for before has been scrolled out of sight */
#define MAX_WISHES 64

/* A picture that is there */
typedef struct
{
  char            *path;    /* owned */
  cairo_surface_t *surface; /* owned, nullable: it cannot be read */
  int              scale;   /* of the screen that it was made for */
  int              width;   /* px of the file's picture */
  int              height;
} Picture;

/* A picture that is to be drawn */
typedef struct
{
  char     *path;   /* owned */
  GWeakRef  widget; /* that has no picture to draw */
} Wish;

struct _ComfyPictureCache
{
  GObject       parent_instance;

  int           edge;     /* px, before the screen's scale */
  unsigned int  max;
  GHashTable   *pictures; /* owned: path → link of @order */
  GQueue        order;    /* owned, of Picture: what was drawn last is first */
  GQueue        wishes;   /* owned, of Wish: what was asked for last is first */
  GHashTable   *wished;   /* owned: set of the paths of wishes, and of the one that is being read */
  gboolean      is_busy;
};

G_DEFINE_FINAL_TYPE (ComfyPictureCache, comfy_picture_cache, G_TYPE_OBJECT)

enum
{
  LOADED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
picture_free (gpointer data)
{
  Picture *picture = data;

  g_clear_pointer (&picture->surface, cairo_surface_destroy);
  g_free (picture->path);
  g_free (picture);
}

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_weak_ref_clear (&wish->widget);
  g_free (wish->path);
  g_free (wish);
}

static void
comfy_picture_cache_finalize (GObject *object)
{
  ComfyPictureCache *self = COMFY_PICTURE_CACHE (object);

  g_hash_table_unref (self->pictures);
  g_hash_table_unref (self->wished);
  g_queue_clear_full (&self->order, picture_free);
  g_queue_clear_full (&self->wishes, wish_free);

  G_OBJECT_CLASS (comfy_picture_cache_parent_class)->finalize (object);
}

static void
comfy_picture_cache_class_init (ComfyPictureCacheClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_picture_cache_finalize;

  signals[LOADED] =
    g_signal_new ("loaded", COMFY_TYPE_PICTURE_CACHE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
comfy_picture_cache_init (ComfyPictureCache *self)
{
  self->pictures = g_hash_table_new (g_str_hash, g_str_equal);
  self->wished = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->order);
  g_queue_init (&self->wishes);
}

/* (nullable): it counts as drawn */
static Picture *
find (ComfyPictureCache *self,
      const char        *path)
{
  GList *link = g_hash_table_lookup (self->pictures, path);

  if (link == NULL)
    return NULL;

  g_queue_unlink (&self->order, link);
  g_queue_push_head_link (&self->order, link);

  return link->data;
}

static void
drop (ComfyPictureCache *self,
      GList             *link)
{
  Picture *picture = link->data;

  g_hash_table_remove (self->pictures, picture->path);
  g_queue_delete_link (&self->order, link);
  picture_free (picture);
}

static void
keep (ComfyPictureCache *self,
      Picture           *picture)
{
  GList *old = g_hash_table_lookup (self->pictures, picture->path);

  if (old != NULL)
    drop (self, old);
  while (g_queue_get_length (&self->order) >= self->max)
    drop (self, g_queue_peek_tail_link (&self->order));
  g_queue_push_head (&self->order, picture);
  g_hash_table_insert (self->pictures, picture->path, g_queue_peek_head_link (&self->order));
}

/* what is not to be seen any more needs no picture; it asks again when it is drawn again */
static GtkWidget *
dup_widget (Wish *wish)
{
  g_autoptr(GtkWidget) widget = g_weak_ref_get (&wish->widget);

  return widget != NULL && gtk_widget_get_mapped (widget) ? g_steal_pointer (&widget) : NULL;
}

/* In a fiber */
static void
fulfil (ComfyPictureCache *self,
        Wish              *wish)
{
  g_autoptr(GtkWidget)       widget = dup_widget (wish);
  g_autoptr(ComfyThumbnail)  thumbnail = NULL;
  g_autoptr(GError)          error = NULL;
  Picture                   *picture;

  if (widget == NULL)
    return;

  picture = g_new0 (Picture, 1);
  picture->path = g_strdup (wish->path);
  picture->scale = gtk_widget_get_scale_factor (widget);
  g_clear_object (&widget);
  thumbnail = dex_await_boxed (comfy_thumbnail_load (picture->path, MAX_PIXELS,
                                                     self->edge * picture->scale), &error);
  widget = dup_widget (wish);
  if (thumbnail != NULL)
    {
      picture->width = thumbnail->width;
      picture->height = thumbnail->height;
    }
  if (thumbnail == NULL)
    g_debug ("There is no thumbnail: %s", error->message);
  else if (widget == NULL)
    {
      picture_free (picture);
      return;
    }
  else
    picture->surface = comfy_ui_make_surface (widget, thumbnail->pixels, self->edge);

  keep (self, picture);
  g_signal_emit (self, signals[LOADED], 0, wish->path);
  if (widget != NULL)
    gtk_widget_queue_draw (widget);
}

static DexFuture *
serve_fiber (gpointer data)
{
  ComfyPictureCache *self = data;
  Wish              *wish;

  while ((wish = g_queue_pop_head (&self->wishes)) != NULL)
    {
      fulfil (self, wish);
      g_hash_table_remove (self->wished, wish->path);
      wish_free (wish);
    }
  self->is_busy = FALSE;

  return dex_future_new_true ();
}

static void
ask (ComfyPictureCache *self,
     GtkWidget         *widget,
     const char        *path)
{
  Wish *wish;

  if (!g_hash_table_add (self->wished, g_strdup (path)))
    return;

  wish = g_new0 (Wish, 1);
  g_weak_ref_init (&wish->widget, widget);
  wish->path = g_strdup (path);
  g_queue_push_head (&self->wishes, wish);
  if (g_queue_get_length (&self->wishes) > MAX_WISHES)
    {
      Wish *forgotten = g_queue_pop_tail (&self->wishes);

      g_hash_table_remove (self->wished, forgotten->path);
      wish_free (forgotten);
    }
  if (self->is_busy)
    return;

  self->is_busy = TRUE;
  dex_future_disown (dex_scheduler_spawn (NULL, 0, serve_fiber, g_object_ref (self),
                                          g_object_unref));
}

/**
 * comfy_picture_cache_new:
 * @edge: px, before the screen's scale: the longer edge is not shown larger
 * @max: how many pictures are kept, 1…
 *
 * Returns: (transfer full): one for each list
 */
ComfyPictureCache *
comfy_picture_cache_new (int          edge,
                         unsigned int max)
{
  ComfyPictureCache *self;

  g_return_val_if_fail (edge > 0 && max > 0, NULL);

  self = g_object_new (COMFY_TYPE_PICTURE_CACHE, NULL);
  self->edge = edge;
  self->max = max;

  return self;
}

/**
 * comfy_picture_cache_get_edge:
 *
 * Returns: px, before the screen's scale: the longer edge of a picture is not larger
 */
int
comfy_picture_cache_get_edge (ComfyPictureCache *self)
{
  g_return_val_if_fail (COMFY_IS_PICTURE_CACHE (self), 0);

  return self->edge;
}

/**
 * comfy_picture_cache_get:
 * @widget: what is being drawn
 * @path: a PNG, JPEG or WebP of any size
 *
 * Returns: (transfer none) (nullable): the picture; %NULL when it is not there yet: @widget is
 *   drawn again once it is. Never, when it cannot be read
 */
cairo_surface_t *
comfy_picture_cache_get (ComfyPictureCache *self,
                         GtkWidget         *widget,
                         const char        *path)
{
  Picture *picture;

  g_return_val_if_fail (COMFY_IS_PICTURE_CACHE (self), NULL);
  g_return_val_if_fail (GTK_IS_WIDGET (widget), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  picture = find (self, path);
  if (picture == NULL || picture->scale != gtk_widget_get_scale_factor (widget))
    ask (self, widget, path);

  return picture != NULL ? picture->surface : NULL;
}

/**
 * comfy_picture_cache_has_failed:
 * @path: a file
 *
 * Returns: whether it was looked at, and is no picture that can be read
 */
gboolean
comfy_picture_cache_has_failed (ComfyPictureCache *self,
                                const char        *path)
{
  GList *link;

  g_return_val_if_fail (COMFY_IS_PICTURE_CACHE (self), FALSE);

  link = g_hash_table_lookup (self->pictures, path);

  return link != NULL && ((Picture *) link->data)->surface == NULL;
}

/**
 * comfy_picture_cache_get_size:
 * @path: a file
 * @out_width: (out): px
 * @out_height: (out): px
 *
 * Returns: whether it is known how large the file's picture is
 */
gboolean
comfy_picture_cache_get_size (ComfyPictureCache *self,
                              const char        *path,
                              int               *out_width,
                              int               *out_height)
{
  GList   *link;
  Picture *picture;

  g_return_val_if_fail (COMFY_IS_PICTURE_CACHE (self), FALSE);

  link = g_hash_table_lookup (self->pictures, path);
  if (link == NULL || ((Picture *) link->data)->width == 0)
    return FALSE;

  picture = link->data;
  *out_width = picture->width;
  *out_height = picture->height;

  return TRUE;
}

/**
 * comfy_picture_cache_get_n:
 *
 * Returns: how many pictures are kept now
 */
unsigned int
comfy_picture_cache_get_n (ComfyPictureCache *self)
{
  g_return_val_if_fail (COMFY_IS_PICTURE_CACHE (self), 0);

  return g_queue_get_length (&self->order);
}
