/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-codec.h"
#include "outcome-fixture.h"

static const struct
{
  GimpImageBaseType base;
  GimpPrecision     precision;
} kinds[OUTCOME_N_KINDS] = {
  { GIMP_RGB, GIMP_PRECISION_U8_NON_LINEAR },
  { GIMP_RGB, GIMP_PRECISION_U8_LINEAR },
  { GIMP_RGB, GIMP_PRECISION_U16_NON_LINEAR },
  { GIMP_RGB, GIMP_PRECISION_HALF_LINEAR },
  { GIMP_RGB, GIMP_PRECISION_FLOAT_LINEAR },
  { GIMP_RGB, GIMP_PRECISION_FLOAT_NON_LINEAR },
  { GIMP_GRAY, GIMP_PRECISION_U8_NON_LINEAR },
  { GIMP_GRAY, GIMP_PRECISION_U16_LINEAR },
  { GIMP_INDEXED, GIMP_PRECISION_U8_NON_LINEAR },
};

gboolean
outcome_is_indexed (unsigned int kind)
{
  return kinds[kind].base == GIMP_INDEXED;
}

/* with one layer of noise, as large as it */
GimpImage *
outcome_new_image (unsigned int   kind,
                   int            width,
                   int            height,
                   GimpLayer    **out_layer)
{
  gboolean   indexed = outcome_is_indexed (kind);
  GimpImage *image = gimp_image_new_with_precision (width, height,
                                                    indexed ? GIMP_RGB : kinds[kind].base,
                                                    kinds[kind].precision);
  GimpLayer *layer = fixture_add_noise (image, GEGL_RECTANGLE (0, 0, width, height), FALSE);

  if (indexed)
    gimp_image_convert_indexed (image, GIMP_CONVERT_DITHER_NONE, GIMP_CONVERT_PALETTE_GENERATE, 24,
                                FALSE, FALSE, "");
  if (out_layer != NULL)
    *out_layer = layer;

  return image;
}

ComfyPlacement *
outcome_make_placement (Fixture         *fixture,
                        GimpImage       *image,
                        GimpLayer       *layer,
                        const ComfyRect *crop)
{
  /* it takes nothing, but notes where it would belong */
  g_autoptr(ComfyCapture)  capture = fixture_capture (fixture, "generate-image", image, layer);
  ComfyPlacement          *placement = comfy_placement_copy (capture->placement);

  placement->region = (ComfyRegion) { .crop = *crop, .width = crop->width, .height = crop->height };
  placement->fit = COMFY_FIT_REGION;

  return placement;
}

ComfyPixels *
outcome_read_layer (GimpLayer *layer,
                    int        channels)
{
  const char        *format = channels == 4 ? "R'G'B'A u8" : channels == 3 ? "R'G'B' u8" : "Y' u8";
  g_autoptr(GBytes)  bytes = fixture_read (layer, format);
  size_t             size;

  return comfy_pixels_new_take (gimp_drawable_get_width (GIMP_DRAWABLE (layer)),
                                gimp_drawable_get_height (GIMP_DRAWABLE (layer)), channels, 8,
                                g_bytes_unref_to_data (g_steal_pointer (&bytes), &size));
}

ComfyPixels *
outcome_make_mask (int width,
                   int height)
{
  guint8 *data = g_malloc_n (height, width);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      data[y * width + x] = x < width / 3 ? 0
                            : x < 2 * width / 3 ? (guint8) (y * width + x * 7)
                                                : 255;

  return comfy_pixels_new_take (width, height, 1, 8, data);
}

static ComfyRequest *
make_request (Fixture        *fixture,
              ComfyPlacement *placement,
              const char     *source)
{
  g_autoptr(ComfyAction)  action = fixture_get_action ("invert");
  g_autoptr(GPtrArray)    inputs = NULL;

  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  if (source != NULL)
    g_ptr_array_add (inputs, comfy_input_new (source, "image/png", "1", "image"));

  return comfy_request_new (&(ComfyRequestParts) {
    .action_id = "invert",
    .title = "Invert",
    .seed = 7,
    .profile_id = "profile",
    .workflow = comfy_action_get_variant (action, 0)->workflow,
    .inputs = inputs,
    .placement = placement,
    .remote_id = fixture->remote_id,
  });
}

ComfyResult *
outcome_new_result (Fixture            *fixture,
                    ComfyPlacement     *placement,
                    const char         *source,
                    const char * const *names,
                    const ComfyOutcome *outcomes,
                    const char         *job_id)
{
  g_autoptr(ComfyRequest)  request = make_request (fixture, placement, source);
  g_autoptr(GStrvBuilder)  builder = g_strv_builder_new ();
  g_auto(GStrv)            paths = NULL;

  for (unsigned int i = 0; names[i] != NULL; i++)
    g_strv_builder_take (builder, g_build_filename (fixture->folder, names[i], NULL));
  paths = g_strv_builder_end (builder);

  return comfy_result_new_with_outcomes (job_id, request, fixture->folder,
                                         (const char * const *) paths, outcomes);
}

GimpImage *
outcome_read_report (DexFuture  *future,
                     GPtrArray **out_layers)
{
  g_autoptr(DexFuture)     settling = future;
  g_autoptr(GVariantIter)  iter = NULL;
  g_autoptr(GPtrArray)     layers = g_ptr_array_new ();
  g_autoptr(GError)        error = NULL;
  const GValue            *value = fixture_settle (settling, &error);
  int                      image_id;
  int                      id;

  g_assert_no_error (error);
  g_variant_get (g_value_get_variant (value), "(iai)", &image_id, &iter);
  while (g_variant_iter_next (iter, "i", &id))
    g_ptr_array_add (layers, gimp_layer_get_by_id (id));
  if (out_layers != NULL)
    *out_layers = g_steal_pointer (&layers);

  return gimp_image_get_by_id (image_id);
}

GimpImage *
outcome_place_each (Fixture             *fixture,
                    ComfyPlacement      *placement,
                    const char          *source,
                    const char * const  *names,
                    const ComfyOutcome  *outcomes,
                    const char          *job_id,
                    GPtrArray          **out_layers,
                    ComfyResult        **out_result)
{
  g_autoptr(ComfyResult)  result = NULL;
  g_autoptr(DexFuture)    future = NULL;

  result = outcome_new_result (fixture, placement, source, names, outcomes, job_id);
  future = comfy_host_place (fixture->host, result);
  if (out_result != NULL)
    {
      *out_result = g_object_ref (result);
      if (fixture_settle (future, NULL) == NULL)
        return NULL;
    }

  return outcome_read_report (g_steal_pointer (&future), out_layers);
}

GimpImage *
outcome_place (Fixture             *fixture,
               ComfyPlacement      *placement,
               const char          *source,
               const char * const  *names,
               const char          *job_id,
               GPtrArray          **out_layers)
{
  return outcome_place_each (fixture, placement, source, names, NULL, job_id, out_layers, NULL);
}

GBytes *
outcome_look (GimpImage *image,
              int       *out_pixel_size)
{
  GimpImage             *copy = gimp_image_duplicate (image);
  GimpLayer             *flat = gimp_image_flatten (copy);
  g_autoptr(GeglBuffer)  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (flat));
  const Babl            *format = gegl_buffer_get_format (buffer);
  int                    width = gimp_image_get_width (image);
  int                    height = gimp_image_get_height (image);
  size_t                 n;
  guint8                *data;

  *out_pixel_size = babl_format_get_bytes_per_pixel (format);
  n = (size_t) width * height * *out_pixel_size;
  data = g_malloc (n);
  gegl_buffer_get (buffer, GEGL_RECTANGLE (0, 0, width, height), 1.0, format, data,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);
  g_clear_object (&buffer);
  gimp_image_delete (copy);

  return g_bytes_new_take (data, n);
}

ComfyPixels *
outcome_look_plain (GimpImage *image)
{
  GimpImage   *copy = gimp_image_duplicate (image);
  ComfyPixels *pixels = outcome_read_layer (gimp_image_flatten (copy), 3);

  gimp_image_delete (copy);

  return pixels;
}

ComfyPixels *
outcome_read_values (GimpDrawable *drawable)
{
  g_autoptr(GeglBuffer)  buffer = gimp_drawable_get_buffer (drawable);
  int                    width = gimp_drawable_get_width (drawable);
  int                    height = gimp_drawable_get_height (drawable);
  guint8                *data = g_malloc_n (height, width);

  gegl_buffer_get (buffer, GEGL_RECTANGLE (0, 0, width, height), 1.0, babl_format ("Y u8"), data,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);

  return comfy_pixels_new_take (width, height, 1, 8, data);
}

guint8
outcome_get (ComfyPixels *pixels,
             int          x,
             int          y,
             int          channel)
{
  const guint8 *data = g_bytes_get_data (pixels->data, NULL);

  return data[y * pixels->stride + (size_t) x * pixels->channels + channel];
}

void
outcome_assert_same (ComfyPixels *a,
                     ComfyPixels *b,
                     int          tolerance)
{
  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  g_assert_cmpint (a->channels, ==, b->channels);

  for (int y = 0; y < a->height; y++)
    for (int x = 0; x < a->width; x++)
      for (int channel = 0; channel < a->channels; channel++)
        g_assert_cmpint (ABS (outcome_get (a, x, y, channel) - outcome_get (b, x, y, channel)),
                         <=, tolerance);
}

void
outcome_assert_rect (GimpLayer *layer,
                     int        x,
                     int        y,
                     int        width,
                     int        height)
{
  int offset_x;
  int offset_y;

  gimp_drawable_get_offsets (GIMP_DRAWABLE (layer), &offset_x, &offset_y);
  g_assert_cmpint (offset_x, ==, x);
  g_assert_cmpint (offset_y, ==, y);
  g_assert_cmpint (gimp_drawable_get_width (GIMP_DRAWABLE (layer)), ==, width);
  g_assert_cmpint (gimp_drawable_get_height (GIMP_DRAWABLE (layer)), ==, height);
}

unsigned int
outcome_count_layers (GimpImage *image)
{
  g_autofree GimpLayer **layers = gimp_image_get_layers (image);
  unsigned int           n = 0;

  while (layers[n] != NULL)
    n++;

  return n;
}

static void
describe_values (GString      *text,
                 const char   *name,
                 GimpDrawable *drawable)
{
  g_autoptr(ComfyPixels)  values = outcome_read_values (drawable);
  g_autofree char        *sum = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, values->data);

  g_string_append_printf (text, "%s %dx%d %s\n", name, values->width, values->height, sum);
}

static void
describe_layers (GString   *text,
                 GimpItem **items)
{
  for (unsigned int i = 0; items != NULL && items[i] != NULL; i++)
    {
      GimpLayer              *layer = GIMP_LAYER (items[i]);
      g_autofree char        *name = gimp_item_get_name (items[i]);
      g_autoptr(ComfyPixels)  pixels = outcome_read_layer (layer, 4);
      g_autofree char        *sum = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, pixels->data);
      int                     x;
      int                     y;

      gimp_drawable_get_offsets (GIMP_DRAWABLE (layer), &x, &y);
      g_string_append_printf (text, "%s %d,%d %dx%d %s%s\n", name, x, y, pixels->width,
                              pixels->height, sum,
                              gimp_item_get_visible (items[i]) ? "" : " hidden");
      if (gimp_layer_get_mask (layer) != NULL)
        describe_values (text, gimp_layer_get_apply_mask (layer) ? "mask" : "mask (off)",
                         GIMP_DRAWABLE (gimp_layer_get_mask (layer)));
      if (gimp_item_is_group (items[i]))
        {
          g_autofree GimpItem **children = gimp_item_get_children (items[i]);

          describe_layers (text, children);
        }
    }
}

char *
outcome_describe (GimpImage *image)
{
  GString                   *text = g_string_new (NULL);
  g_autofree GimpLayer     **layers = gimp_image_get_layers (image);
  g_autofree GimpChannel   **channels = gimp_image_get_channels (image);
  g_auto(GStrv)              parasites = gimp_image_get_parasite_list (image);

  g_string_append_printf (text, "canvas %dx%d\n", gimp_image_get_width (image),
                          gimp_image_get_height (image));
  describe_layers (text, (GimpItem **) layers);
  for (unsigned int i = 0; channels[i] != NULL; i++)
    describe_values (text, "channel", GIMP_DRAWABLE (channels[i]));
  describe_values (text, "selection", GIMP_DRAWABLE (gimp_image_get_selection (image)));
  for (unsigned int i = 0; parasites != NULL && parasites[i] != NULL; i++)
    g_string_append_printf (text, "parasite %s\n", parasites[i]);
  g_string_append_printf (text, "guide at %d\n",
                          gimp_image_get_guide_position (image,
                                                         gimp_image_find_next_guide (image, 0)));

  return g_string_free (text, FALSE);
}
