/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <libdex.h>

#include "comfy-thumbnail.h"
#include "comfy-thumbnails.h"
#include "comfy-ui-util.h"

/* of a picture: four times 2048 × 2048, as an upscaler makes it, and room */
#define MAX_PIXELS 40000000

/* What is to be shown, and where */
typedef struct
{
  GWeakRef  image; /* a GtkImage: one that goes is not served any more */
  char     *path;  /* owned */
  int       edge;  /* px, before the screen's scale */
} Wish;

struct _ComfyThumbnails
{
  GObject   parent_instance;

  GQueue    wishes;  /* owned, of Wish */
  gboolean  is_busy;
};

G_DEFINE_FINAL_TYPE (ComfyThumbnails, comfy_thumbnails, G_TYPE_OBJECT)

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_weak_ref_clear (&wish->image);
  g_free (wish->path);
  g_free (wish);
}

static void
comfy_thumbnails_finalize (GObject *object)
{
  g_queue_clear_full (&COMFY_THUMBNAILS (object)->wishes, wish_free);

  G_OBJECT_CLASS (comfy_thumbnails_parent_class)->finalize (object);
}

static void
comfy_thumbnails_class_init (ComfyThumbnailsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_thumbnails_finalize;
}

static void
comfy_thumbnails_init (ComfyThumbnails *self)
{
  g_queue_init (&self->wishes);
}

/* In a fiber */
static void
fulfil (Wish *wish)
{
  g_autoptr(GtkWidget)       image = g_weak_ref_get (&wish->image);
  g_autoptr(ComfyThumbnail)  thumbnail = NULL;
  g_autoptr(GError)          error = NULL;
  int                        scale;

  if (image == NULL || !gtk_widget_get_realized (image))
    return;

  scale = gtk_widget_get_scale_factor (image);
  g_clear_object (&image);
  thumbnail = dex_await_boxed (comfy_thumbnail_load (wish->path, MAX_PIXELS, wish->edge * scale),
                               &error);
  if (thumbnail == NULL)
    {
      g_debug ("There is no thumbnail: %s", error->message);
      return;
    }

  image = g_weak_ref_get (&wish->image);
  if (image != NULL && gtk_widget_get_realized (image))
    comfy_ui_set_picture (image, thumbnail->pixels, wish->edge);
}

static DexFuture *
serve_fiber (gpointer data)
{
  ComfyThumbnails *self = data;
  Wish            *wish;

  while ((wish = g_queue_pop_head (&self->wishes)) != NULL)
    {
      fulfil (wish);
      wish_free (wish);
    }
  self->is_busy = FALSE;

  return dex_future_new_true ();
}

/**
 * comfy_thumbnails_new:
 *
 * Returns: (transfer full): one for each list
 */
ComfyThumbnails *
comfy_thumbnails_new (void)
{
  return g_object_new (COMFY_TYPE_THUMBNAILS, NULL);
}

/**
 * comfy_thumbnails_show:
 * @self: the pictures of a list
 * @image: what is on the screen
 * @path: a PNG, JPEG or WebP of any size
 * @edge: px, before the screen's scale: the longer edge is not shown larger
 *
 * Shows @path in @image when its turn comes; @image stays as it is when that cannot be done, or
 * when it is not on the screen any more.
 */
void
comfy_thumbnails_show (ComfyThumbnails *self,
                       GtkImage        *image,
                       const char      *path,
                       int              edge)
{
  Wish *wish;

  g_return_if_fail (COMFY_IS_THUMBNAILS (self));
  g_return_if_fail (GTK_IS_IMAGE (image));
  g_return_if_fail (path != NULL);

  wish = g_new0 (Wish, 1);
  g_weak_ref_init (&wish->image, image);
  wish->path = g_strdup (path);
  wish->edge = edge;
  g_queue_push_tail (&self->wishes, wish);
  if (self->is_busy)
    return;

  self->is_busy = TRUE;
  dex_future_disown (dex_scheduler_spawn (NULL, 0, serve_fiber, g_object_ref (self),
                                          g_object_unref));
}
