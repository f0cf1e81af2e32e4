/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tests of capture begin and end with.
 */
#include "config.h"

#include <glib/gstdio.h>

#include "canvas-fixture.h"
#include "comfy-error.h"

static DexFuture *
capture (Fixture    *fixture,
         const char *action_id,
         GimpImage  *image,
         GimpLayer  *layer)
{
  g_autoptr(ComfyAction) action = fixture_get_action (action_id);
  g_autoptr(ComfyForm)   form = comfy_form_new (action);
  g_autoptr(ComfyTake)   take = comfy_form_dup_take (form);
  g_autoptr(GArray)      layer_ids = g_array_new (FALSE, FALSE, sizeof (int));

  if (layer != NULL)
    {
      int id = gimp_item_get_id (GIMP_ITEM (layer));

      g_array_append_val (layer_ids, id);
    }

  return comfy_host_capture (fixture->host, take, image != NULL ? gimp_image_get_id (image) : -1,
                             layer_ids, fixture->folder);
}

/* (transfer full) */
ComfyCapture *
fixture_capture (Fixture    *fixture,
                 const char *action_id,
                 GimpImage  *image,
                 GimpLayer  *layer)
{
  g_autoptr(DexFuture)  future = capture (fixture, action_id, image, layer);
  g_autoptr(GError)     error = NULL;
  const GValue         *value = fixture_settle (future, &error);

  g_assert_no_error (error);

  return g_value_dup_boxed (value);
}

/* @part: of the sentence that the artist gets */
void
fixture_capture_fails (Fixture    *fixture,
                       const char *action_id,
                       GimpImage  *image,
                       GimpLayer  *layer,
                       int         code,
                       const char *part)
{
  g_autoptr(DexFuture) future = capture (fixture, action_id, image, layer);
  g_autoptr(GError)    error = NULL;

  g_assert_null (fixture_settle (future, &error));
  g_assert_error (error, COMFY_ERROR, code);
  g_assert_nonnull (strstr (error->message, part));
}

/* (transfer full) */
ComfyTake *
fixture_new_take (ComfySource source,
                  ComfyExtent extent)
{
  ComfyTake *take = comfy_take_new ();

  take->title = g_strdup ("Try");
  take->source = source;
  take->extent = extent;
  take->max_pixels = 1 << 24;
  take->keep_alpha = TRUE;
  comfy_target_set (&take->image, "1", "image");

  return take;
}

void
fixture_add_extra (ComfyTake  *take,
                   const char *node,
                   const char *binding)
{
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyBinding)  parsed = comfy_binding_parse (binding, &error);
  const ComfyTarget        target = { (char *) node, (char *) "image" };

  g_assert_no_error (error);
  if (take->extras == NULL)
    take->extras = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_extra_free);
  g_ptr_array_add (take->extras, comfy_extra_new (&target, parsed));
}

static GArray *
list_ids (GimpLayer * const *layers)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (int));

  for (unsigned int i = 0; layers[i] != NULL; i++)
    {
      int id = gimp_item_get_id (GIMP_ITEM (layers[i]));

      g_array_append_val (ids, id);
    }

  return ids;
}

/* (transfer full) */
ComfyCapture *
fixture_take (Fixture           *fixture,
              const ComfyTake   *take,
              GimpImage         *image,
              GimpLayer * const *layers)
{
  g_autoptr(GArray)     ids = list_ids (layers);
  g_autoptr(DexFuture)  future = comfy_host_capture (fixture->host, take, gimp_image_get_id (image),
                                                     ids, fixture->folder);
  g_autoptr(GError)     error = NULL;
  const GValue         *value = fixture_settle (future, &error);

  g_assert_no_error (error);

  return g_value_dup_boxed (value);
}

/* capture and preview alike; @part: of the sentence that the artist gets */
void
fixture_take_fails (Fixture           *fixture,
                    const ComfyTake   *take,
                    GimpImage         *image,
                    GimpLayer * const *layers,
                    int                code,
                    const char        *part)
{
  g_autoptr(GArray) ids = list_ids (layers);
  int               image_id = gimp_image_get_id (image);

  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(DexFuture) future = NULL;
      g_autoptr(GError)    error = NULL;

      future = i == 0 ? comfy_host_capture (fixture->host, take, image_id, ids, fixture->folder)
                      : comfy_host_preview (fixture->host, take, image_id, ids);
      g_assert_null (fixture_settle (future, &error));
      g_assert_error (error, COMFY_ERROR, code);
      g_assert_nonnull (strstr (error->message, part));
    }
}

/* (transfer full) */
ComfyPreview *
fixture_preview (Fixture           *fixture,
                 const ComfyTake   *take,
                 GimpImage         *image,
                 GimpLayer * const *layers)
{
  g_autoptr(GArray)     ids = list_ids (layers);
  g_autoptr(DexFuture)  future = comfy_host_preview (fixture->host, take, gimp_image_get_id (image),
                                                     ids);
  g_autoptr(GError)     error = NULL;
  const GValue         *value = fixture_settle (future, &error);

  g_assert_no_error (error);

  return g_value_dup_boxed (value);
}

/* (transfer full): what goes up for one of the inputs */
ComfyPixels *
fixture_load_input (Fixture      *fixture,
                    ComfyCapture *capture,
                    unsigned int  i)
{
  const ComfyInput *input;

  g_assert_cmpuint (i, <, capture->inputs->len);
  input = g_ptr_array_index (capture->inputs, i);

  return fixture_load (fixture, input->file);
}

guint64
fixture_count_sent (Fixture      *fixture,
                    ComfyCapture *capture)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint64               size = 0;

  for (unsigned int i = 0; i < capture->inputs->len; i++)
    {
      const ComfyInput *input = g_ptr_array_index (capture->inputs, i);
      g_autofree char  *path = g_build_filename (fixture->folder, input->file, NULL);
      GStatBuf          info;

      g_assert_cmpint (g_stat (path, &info), ==, 0);
      if (g_hash_table_add (seen, input->file))
        size += (guint64) info.st_size;
    }

  return size;
}

/* (transfer full): the picture that goes up */
ComfyPixels *
fixture_load_sent (Fixture      *fixture,
                   ComfyCapture *capture)
{
  const ComfyInput *input = g_ptr_array_index (capture->inputs, 0);

  g_assert_cmpstr (input->node, ==, "1");

  return fixture_load (fixture, input->file);
}

/* (transfer full): what is to change, as it goes up */
ComfyPixels *
fixture_load_change (Fixture      *fixture,
                     ComfyCapture *capture)
{
  const ComfyInput *input = g_ptr_array_index (capture->inputs, 1);

  g_assert_cmpuint (capture->inputs->len, ==, 2);
  g_assert_cmpstr (input->node, ==, "2");

  return fixture_load (fixture, input->file);
}

/* (transfer full): what was sent unscaled, with what stayed here: RGBA of 8 bits, of the crop */
ComfyPixels *
fixture_load_seen (Fixture      *fixture,
                   ComfyCapture *capture)
{
  const ComfyRegion      *region = &capture->placement->region;
  g_autoptr(ComfyPixels)  sent = fixture_load_sent (fixture, capture);
  g_autoptr(ComfyPixels)  alpha = NULL;
  int                     width = region->crop.width;
  int                     height = region->crop.height;
  guint8                 *data = g_malloc_n ((size_t) width * height, 4);

  if (capture->placement->alpha_file != NULL)
    alpha = fixture_load (fixture, capture->placement->alpha_file);
  g_assert_cmpint (region->width, ==, width);
  g_assert_cmpint (region->height, ==, height);
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint8 *pixel = data + ((size_t) y * width + x) * 4;

        memcpy (pixel, fixture_get_pixel (sent, region->left + x, region->top + y), 3);
        pixel[3] = alpha != NULL ? *fixture_get_pixel (alpha, x, y) : 255;
      }

  return comfy_pixels_new_take (width, height, 4, 8, data);
}

/* (transfer full): what GIMP shows of the canvas */
GBytes *
fixture_read_visible (GimpImage  *image,
                      const char *format)
{
  GimpLayer *layer = gimp_layer_new_from_visible (image, image, "visible");
  GBytes    *bytes = fixture_read (layer, format);

  gimp_item_delete (GIMP_ITEM (layer));

  return bytes;
}

/* of 8 bits */
const guint8 *
fixture_get_pixel (ComfyPixels *pixels,
                   int          x,
                   int          y)
{
  const guint8 *data = g_bytes_get_data (pixels->data, NULL);

  g_assert_cmpint (pixels->depth, ==, 8);
  g_assert_true (x >= 0 && y >= 0 && x < pixels->width && y < pixels->height);

  return data + y * pixels->stride + (size_t) x * pixels->channels;
}

void
fixture_assert_crop (ComfyCapture *capture,
                     int           x,
                     int           y,
                     int           width,
                     int           height)
{
  const ComfyRect *crop = &capture->placement->region.crop;

  g_assert_cmpint (crop->x, ==, x);
  g_assert_cmpint (crop->y, ==, y);
  g_assert_cmpint (crop->width, ==, width);
  g_assert_cmpint (crop->height, ==, height);
}

/* a filter that is not merged, at its default values */
GimpDrawableFilter *
fixture_add_filter (GimpLayer  *layer,
                    const char *operation)
{
  GimpDrawableFilter *filter = gimp_drawable_filter_new (GIMP_DRAWABLE (layer), operation, "");

  gimp_drawable_append_filter (GIMP_DRAWABLE (layer), filter);

  return filter;
}
