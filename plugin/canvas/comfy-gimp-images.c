/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-gimp-host"

#include "config.h"

#include <string.h>

#include <libgimp/gimp.h>

#include "comfy-gimp-images.h"
#include "comfy-provenance.h"
#include "comfy-target.h"

/* the upmost first, a group before what is in it */
static void
add_names (GStrvBuilder *names,
           GimpItem    **items)
{
  for (unsigned int i = 0; items[i] != NULL; i++)
    {
      g_autofree GimpItem **children = NULL;

      g_strv_builder_take (names, gimp_item_get_name (items[i]));
      if (!gimp_item_is_group (items[i]))
        continue;
      children = gimp_item_get_children (items[i]);
      add_names (names, children);
    }
}

static char **
dup_layer_names (ComfyHost *host,
                 int        image_id)
{
  g_autoptr(GStrvBuilder)  names = g_strv_builder_new ();
  g_autofree GimpLayer   **layers = NULL;

  if (image_id >= 0 && gimp_image_id_is_valid (image_id))
    {
      layers = gimp_image_get_layers (gimp_image_get_by_id (image_id));
      add_names (names, (GimpItem **) layers);
    }

  return g_strv_builder_end (names);
}

static int
compare_age (gconstpointer a,
             gconstpointer b)
{
  return *(const int *) a - *(const int *) b;
}

static GArray *
list_images (ComfyHost *host)
{
  g_autofree GimpImage **images = gimp_get_images ();
  GArray                *ids = g_array_new (FALSE, FALSE, sizeof (int));

  for (unsigned int i = 0; images[i] != NULL; i++)
    {
      int id = gimp_image_get_id (images[i]);

      if (comfy_provenance_is_aside (images[i]))
        continue;
      g_array_append_val (ids, id);
    }
  /* with a window GIMP has another order than without; it counts up */
  g_array_sort (ids, compare_age);

  return ids;
}

static gboolean
get_image_size (ComfyHost *host,
                int        image_id,
                int       *out_width,
                int       *out_height)
{
  GimpImage *image;

  if (!gimp_image_id_is_valid (image_id))
    return FALSE;

  image = gimp_image_get_by_id (image_id);
  *out_width = gimp_image_get_width (image);
  *out_height = gimp_image_get_height (image);

  return TRUE;
}

static ComfyImageInfo *
dup_image_info (ComfyHost *host,
                int        image_id)
{
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autofree char *mark = NULL;
  GimpImage       *image;

  if (!gimp_image_id_is_valid (image_id))
    return NULL;

  image = gimp_image_get_by_id (image_id);
  name = gimp_image_get_name (image);
  path = comfy_target_dup_file (image);
  mark = comfy_provenance_dup_image_mark (image);

  return comfy_image_info_new (image_id, name, path, mark, gimp_image_get_width (image),
                               gimp_image_get_height (image));
}

/* (transfer full): grey with alpha, which ComfyPixels does not have, as RGBA */
static guint8 *
grey_to_rgba (const guint8 *grey,
              size_t        n)
{
  guint8 *rgba = g_malloc (n * 4);

  for (size_t i = 0; i < n; i++)
    {
      memset (rgba + i * 4, grey[i * 2], 3);
      rgba[i * 4 + 3] = grey[i * 2 + 1];
    }

  return rgba;
}

static ComfyPixels *
dup_thumbnail (ComfyHost *host,
               int        image_id,
               int        edge)
{
  g_autoptr(GBytes)  bytes = NULL;
  const void        *data;
  size_t             size;
  int                width = edge;
  int                height = edge;
  int                channels = 0;

  if (!gimp_image_id_is_valid (image_id))
    return NULL;

  bytes = gimp_image_get_thumbnail_data (gimp_image_get_by_id (image_id), &width, &height,
                                         &channels);
  if (bytes == NULL || width < 1 || height < 1)
    return NULL;

  data = g_bytes_get_data (bytes, &size);
  if (channels < 1 || channels > 4 || size < (size_t) width * height * channels)
    return NULL;

  return channels == 2
           ? comfy_pixels_new_take (width, height, 4, 8,
                                    grey_to_rgba (data, (size_t) width * height))
           : comfy_pixels_new_take (width, height, channels, 8, g_memdup2 (data, size));
}

/*
 * _comfy_gimp_images_iface_init:
 *
 * Fills in what #ComfyHost tells of images.
 */
void
_comfy_gimp_images_iface_init (ComfyHostInterface *iface)
{
  iface->dup_layer_names = dup_layer_names;
  iface->list_images = list_images;
  iface->get_image_size = get_image_size;
  iface->dup_image_info = dup_image_info;
  iface->dup_thumbnail = dup_thumbnail;
}
