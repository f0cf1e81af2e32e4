/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results of every size, depth and number, back in their place.
 */
#include "config.h"

#include "outcome-fixture.h"

#define WIDTH  60
#define HEIGHT 50

static const ComfyRect whole = { 0, 0, WIDTH, HEIGHT };

static ComfyPixels *
invert (ComfyPixels *pixels)
{
  size_t        n = (size_t) pixels->width * pixels->height * pixels->channels;
  const guint8 *source = g_bytes_get_data (pixels->data, NULL);
  guint8       *data = g_malloc (n);

  for (size_t i = 0; i < n; i++)
    data[i] = 255 - source[i];

  return comfy_pixels_new_take (pixels->width, pixels->height, pixels->channels, 8, data);
}

/* (transfer full): each pixel @factor times in both directions */
static ComfyPixels *
enlarge (ComfyPixels *pixels,
         int          factor)
{
  int     width = pixels->width * factor;
  int     height = pixels->height * factor;
  guint8 *data = g_malloc_n (height, (size_t) width * 3);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int channel = 0; channel < 3; channel++)
        data[((size_t) y * width + x) * 3 + channel] = outcome_get (pixels, x / factor, y / factor,
                                                                     channel);

  return comfy_pixels_new_take (width, height, 3, 8, data);
}

/* (transfer full): soft, so that it survives scaling; other values in each direction */
static ComfyPixels *
make_slope (int width,
            int height)
{
  guint8 *data = g_malloc_n (height, (size_t) width * 3);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        guint8 *pixel = data + ((size_t) y * width + x) * 3;

        pixel[0] = (guint8) (20 + 200 * x / width);
        pixel[1] = (guint8) (20 + 200 * y / height);
        pixel[2] = (guint8) (20 + 100 * x / width + 100 * y / height);
      }

  return comfy_pixels_new_take (width, height, 3, 8, data);
}

static GimpLayer *
place (Fixture        *fixture,
       GimpImage      *image,
       ComfyPlacement *placement)
{
  g_autoptr(GPtrArray)  placed = NULL;
  g_autofree char      *job_id = g_uuid_string_random ();

  g_assert_true (outcome_place (fixture, placement, NULL, NAMES ("result.png"), job_id, &placed)
                 == image);

  return g_ptr_array_index (placed, 0);
}

/* what goes there padded and scaled comes back into the same pixels */
static void
test_regions (Fixture    *fixture,
              const void *data)
{
  static const struct
  {
    ComfyRect   target;
    ComfySizing sizing;
    gboolean    scales;
  } cases[] = {
    { { 10, 11, 30, 20 }, { .multiple = 16 }, FALSE },
    { { 10, 11, 31, 21 }, { .multiple = 8, .min_edge = 64, .context = 0.2 }, FALSE },
    { { 0, 0, 60, 50 }, { .multiple = 64 }, FALSE },
    { { 3, 4, 37, 41 }, { .multiple = 16, .pixels = 128 * 128 }, TRUE },
    { { 3, 4, 50, 11 }, { .multiple = 16, .pixels = 20 * 20 }, TRUE },
    { { 20, 30, 9, 9 }, { .multiple = 8, .max_edge = 24, .context = 1.0, .context_min = 40 },
      TRUE },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GimpLayer                  *layer;
      GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
      g_autoptr(ComfyPlacement)   placement = outcome_make_placement (fixture, image, layer,
                                                                      &whole);
      ComfyRegion                *region = &placement->region;
      g_autoptr(ComfyPixels)      crop = NULL;
      g_autoptr(ComfyPixels)      sent = NULL;
      g_autoptr(ComfyPixels)      result = NULL;
      g_autoptr(ComfyPixels)      expected = NULL;
      g_autoptr(ComfyPixels)      came = NULL;
      GimpLayer                  *placed;

      comfy_region_plan (&cases[i].target, &whole, &cases[i].sizing, region);
      g_assert_cmpint (region->width != region->crop.width, ==, cases[i].scales);
      crop = cases[i].scales ? make_slope (region->crop.width, region->crop.height)
                             : fixture_make_pixels (region->crop.width, region->crop.height, 3);
      sent = comfy_region_pack (region, crop);
      result = invert (sent);
      fixture_save (fixture, "result.png", result);
      placed = place (fixture, image, placement);
      outcome_assert_rect (placed, region->crop.x, region->crop.y, region->crop.width,
                           region->crop.height);
      came = outcome_read_layer (placed, 3);
      expected = invert (crop);
      outcome_assert_same (came, expected, cases[i].scales ? 8 : 0);
    }
}

/* twice what was sent, less what was padded */
static void
test_natural (Fixture    *fixture,
              const void *data)
{
  const ComfyRect             crop = { 10, 11, 30, 21 };
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
  g_autoptr(ComfyPlacement)   placement = outcome_make_placement (fixture, image, layer, &crop);
  g_autoptr(ComfyPixels)      pixels = fixture_make_pixels (crop.width, crop.height, 3);
  g_autoptr(ComfyPixels)      mask = outcome_make_mask (crop.width, crop.height);
  g_autoptr(ComfyPixels)      sent = NULL;
  g_autoptr(ComfyPixels)      result = NULL;
  g_autoptr(ComfyPixels)      expected = enlarge (pixels, 2);
  g_autoptr(ComfyPixels)      came = NULL;
  g_autoptr(ComfyPixels)      values = NULL;
  GimpLayer                  *placed;

  comfy_region_plan (&crop, &crop, &(ComfySizing) { .multiple = 16 }, &placement->region);
  placement->fit = COMFY_FIT_NATURAL;
  placement->mask_file = g_strdup ("mask.png");
  fixture_save (fixture, "mask.png", mask);
  sent = comfy_region_pack (&placement->region, pixels);
  g_assert_true (sent->width == 32 && sent->height == 32);
  result = enlarge (sent, 2);
  fixture_save (fixture, "result.png", result);
  placed = place (fixture, image, placement);
  outcome_assert_rect (placed, 10, 11, 60, 42);
  came = outcome_read_layer (placed, 3);
  outcome_assert_same (came, expected, 0);
  g_assert_cmpint (gimp_image_get_width (image), ==, WIDTH);

  /* the mask is of the same size, and has its hard edges where they were */
  values = outcome_read_values (GIMP_DRAWABLE (gimp_layer_get_mask (placed)));
  for (int y = 0; y < 42; y++)
    g_assert_true (outcome_get (values, 15, y, 0) == 0 && outcome_get (values, 45, y, 0) == 255);
}

/* half of what was asked for, odd, far too small, twice */
static void
test_unasked_sizes (Fixture    *fixture,
                    const void *data)
{
  static const int sizes[][2] = { { 30, 25 }, { 61, 51 }, { 17, 93 }, { 1, 1 }, { 120, 100 } };

  for (unsigned int i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      GimpLayer                  *layer;
      GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
      g_autoptr(ComfyPlacement)   placement = outcome_make_placement (fixture, image, layer,
                                                                      &whole);
      g_autoptr(ComfyPixels)      result = make_slope (sizes[i][0], sizes[i][1]);
      g_autoptr(ComfyPixels)      expected = make_slope (WIDTH, HEIGHT);
      g_autoptr(ComfyPixels)      came = NULL;
      GimpLayer                  *placed;

      fixture_save (fixture, "result.png", result);
      placed = place (fixture, image, placement);
      outcome_assert_rect (placed, 0, 0, WIDTH, HEIGHT);
      came = outcome_read_layer (placed, 3);
      if (sizes[i][0] > 1)
        outcome_assert_same (came, expected, 20);
    }
}

static void
test_twenty (Fixture    *fixture,
             const void *data)
{
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
  g_autoptr(ComfyPlacement)   placement = outcome_make_placement (fixture, image, layer, &whole);
  g_autoptr(GPtrArray)        names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray)        pictures = NULL;
  g_autoptr(GPtrArray)        placed = NULL;

  pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_pixels_unref);
  for (unsigned int i = 0; i < 20; i++)
    {
      g_ptr_array_add (names, g_strdup_printf ("result-%u.png", i));
      g_ptr_array_add (pictures, fixture_make_pixels (WIDTH, HEIGHT, 3));
      fixture_save (fixture, g_ptr_array_index (names, i), g_ptr_array_index (pictures, i));
    }
  g_ptr_array_add (names, NULL);
  outcome_place (fixture, placement, NULL, (const char * const *) names->pdata, "twenty", &placed);
  g_assert_cmpuint (placed->len, ==, 20);
  g_assert_cmpuint (outcome_count_layers (image), ==, 2);
  for (unsigned int i = 0; i < 20; i++)
    {
      g_autoptr(ComfyPixels) came = outcome_read_layer (g_ptr_array_index (placed, i), 3);

      outcome_assert_same (came, g_ptr_array_index (pictures, i), 0);
    }
}

/* both count: what the layer let through and what the result does */
static void
test_alpha (Fixture    *fixture,
            const void *data)
{
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
  g_autoptr(ComfyPlacement)   placement = outcome_make_placement (fixture, image, layer, &whole);
  g_autoptr(ComfyPixels)      result = fixture_make_pixels (WIDTH, HEIGHT, 4);
  g_autoptr(ComfyPixels)      kept = outcome_make_mask (WIDTH, HEIGHT);
  g_autoptr(ComfyPixels)      came = NULL;

  placement->alpha_file = g_strdup ("alpha.png");
  fixture_save (fixture, "alpha.png", kept);
  fixture_save (fixture, "result.png", result);
  came = outcome_read_layer (place (fixture, image, placement), 4);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        int product = outcome_get (result, x, y, 3) * outcome_get (kept, x, y, 0);

        g_assert_cmpint (outcome_get (came, x, y, 3), ==, (product + 127) / 255);
        for (int channel = 0; channel < 3 && product > 255; channel++)
          g_assert_cmpint (outcome_get (came, x, y, channel), ==,
                           outcome_get (result, x, y, channel));
      }
}

static ComfyPixels *
make_deep (int channels)
{
  guint16 *data = g_new (guint16, WIDTH * HEIGHT * channels);

  for (int i = 0; i < WIDTH * HEIGHT * channels; i++)
    data[i] = (guint16) g_test_rand_int_range (0, 65536);

  return comfy_pixels_new_take (WIDTH, HEIGHT, channels, 16, data);
}

/* 16 bits are kept where the image has room for them, else rounded */
static void
test_deep (Fixture    *fixture,
           const void *data)
{
  static const struct
  {
    GimpPrecision precision;
    int           tolerance; /* of 65535 */
  } cases[] = {
    { GIMP_PRECISION_U8_NON_LINEAR, 129 },
    { GIMP_PRECISION_U16_NON_LINEAR, 0 },
    { GIMP_PRECISION_FLOAT_NON_LINEAR, 0 },
    { GIMP_PRECISION_FLOAT_LINEAR, 1 },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      GimpImage                  *image;
      GimpLayer                  *layer;
      g_autoptr(ComfyPlacement)   placement = NULL;
      g_autoptr(ComfyPixels)      result = make_deep (3);
      g_autoptr(GBytes)           came = NULL;
      const guint16              *a = g_bytes_get_data (result->data, NULL);
      const guint16              *b;

      image = gimp_image_new_with_precision (WIDTH, HEIGHT, GIMP_RGB, cases[i].precision);
      layer = fixture_add_noise (image, GEGL_RECTANGLE (0, 0, WIDTH, HEIGHT), FALSE);
      placement = outcome_make_placement (fixture, image, layer, &whole);
      fixture_save (fixture, "result.png", result);
      came = fixture_read (place (fixture, image, placement), "R'G'B' u16");
      b = g_bytes_get_data (came, NULL);
      for (int j = 0; j < WIDTH * HEIGHT * 3; j++)
        g_assert_cmpint (ABS (a[j] - b[j]), <=, cases[i].tolerance);
    }
}

/* each pixel has a colour of the palette, and none of the others is nearer */
static void
test_palette (Fixture    *fixture,
              const void *data)
{
  unsigned int                kind = 0;
  GimpLayer                  *layer;
  GimpImage                  *image;
  g_autoptr(ComfyPlacement)   placement = NULL;
  g_autoptr(ComfyPixels)      result = fixture_make_pixels (WIDTH, HEIGHT, 4);
  g_autoptr(ComfyPixels)      came = NULL;
  g_autoptr(GBytes)           colours = NULL;
  const guint8               *palette;
  int                         n;

  while (!outcome_is_indexed (kind))
    kind++;
  image = outcome_new_image (kind, WIDTH, HEIGHT, &layer);
  placement = outcome_make_placement (fixture, image, layer, &whole);
  fixture_save (fixture, "result.png", result);
  came = outcome_read_layer (place (fixture, image, placement), 4);
  palette = gimp_palette_get_colormap (gimp_image_get_palette (image), babl_format ("R'G'B' u8"),
                                       &n, NULL);
  g_assert_cmpint (n, >, 8);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        int best = G_MAXINT;
        int distance = 0;

        for (int channel = 0; channel < 3; channel++)
          {
            int difference = outcome_get (came, x, y, channel)
                             - outcome_get (result, x, y, channel);

            distance += difference * difference;
          }
        for (int i = 0; i < n; i++)
          {
            int sum = 0;

            for (int channel = 0; channel < 3; channel++)
              {
                int difference = palette[i * 3 + channel] - outcome_get (result, x, y, channel);

                sum += difference * difference;
              }
            best = MIN (best, sum);
          }
        g_assert_cmpint (outcome_get (came, x, y, 3), ==, outcome_get (result, x, y, 3));
        if (outcome_get (came, x, y, 3) > 0)
          g_assert_cmpint (distance, ==, best);
      }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_outcome_sizes_add (void)
{
  ADD ("/outcome/sizes/what-was-padded-and-scaled-comes-back", test_regions);
  ADD ("/outcome/sizes/a-natural-size-is-without-the-padding", test_natural);
  ADD ("/outcome/sizes/sizes-that-nobody-asked-for-fit", test_unasked_sizes);
  ADD ("/outcome/sizes/twenty-results", test_twenty);
  ADD ("/outcome/sizes/both-transparencies-count", test_alpha);
  ADD ("/outcome/sizes/deep-results-keep-their-depth", test_deep);
  ADD ("/outcome/sizes/a-palettes-nearest-colours", test_palette);
}
