/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures of files, which GIMP loads.
 */
#include "config.h"

#include "canvas-fixture.h"
#include "comfy-error.h"

#define WIDTH  40
#define HEIGHT 30
#define ALL    GEGL_RECTANGLE (0, 0, WIDTH, HEIGHT)

#define PHOTO COMFY_TEST_SOURCE_DIR "/tests/data/rocket.jpg"

/* (transfer full): takes nothing but files */
static ComfyTake *
new_take (const char *path)
{
  ComfyTake       *take = fixture_new_take (COMFY_SOURCE_NONE, COMFY_EXTENT_WHOLE);
  g_autofree char *binding = g_strconcat ("file:", path, NULL);

  fixture_add_extra (take, "5", binding);

  return take;
}

/* (transfer full) (nullable): without an open image */
static ComfyCapture *
take_alone (Fixture    *fixture,
            ComfyTake  *take,
            GError    **error)
{
  g_autoptr(DexFuture)  future = comfy_host_capture (fixture->host, take, -1, NULL,
                                                     fixture->folder);
  const GValue         *value = fixture_settle (future, error);

  return value != NULL ? g_value_dup_boxed (value) : NULL;
}

/* capture and preview alike */
static void
fails_alone (Fixture    *fixture,
             ComfyTake  *take,
             int         code,
             const char *part)
{
  for (unsigned int i = 0; i < 2; i++)
    {
      g_autoptr(DexFuture)   future = NULL;
      g_autoptr(GError)      error = NULL;
      g_autofree GimpImage **images = NULL;

      future = i == 0 ? comfy_host_capture (fixture->host, take, -1, NULL, fixture->folder)
                      : comfy_host_preview (fixture->host, take, -1, NULL);
      g_assert_null (fixture_settle (future, &error));
      g_assert_error (error, COMFY_ERROR, code);
      g_assert_nonnull (strstr (error->message, part));
      images = gimp_get_images ();
      g_assert_null (images[0]);
    }
}

/* with its profile, whatever is usual */
static gboolean
export_png (GimpImage *image,
            GFile     *file)
{
  GimpProcedure  *procedure = gimp_pdb_lookup_procedure (gimp_get_pdb (), "file-png-export");
  GimpValueArray *returned = gimp_procedure_run (procedure, "run-mode", GIMP_RUN_NONINTERACTIVE,
                                                 "image", image, "file", file,
                                                 "include-color-profile", TRUE, NULL);
  gboolean        done = GIMP_VALUES_GET_ENUM (returned, 0) == GIMP_PDB_SUCCESS;

  gimp_value_array_unref (returned);

  return done;
}

/* (transfer full): the path of a file with @image in it, which is deleted */
static char *
save (Fixture    *fixture,
      GimpImage  *image,
      const char *name)
{
  char             *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr(GFile)  file = g_file_new_for_path (path);

  g_assert_true (g_str_has_suffix (name, ".png")
                   ? export_png (image, file)
                   : gimp_file_save (GIMP_RUN_NONINTERACTIVE, image, file, NULL));
  gimp_image_delete (image);

  return path;
}

static void
assert_sent (Fixture    *fixture,
             const char *path,
             int         width,
             int         height,
             int         depth,
             GBytes     *expected,
             int         tolerance)
{
  g_autoptr(ComfyTake)     take = new_take (path);
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyCapture)  capture = take_alone (fixture, take, &error);
  g_autoptr(ComfyPixels)   sent = NULL;
  g_autofree GimpImage   **images = gimp_get_images ();
  const guint8            *values;
  const guint8            *held = g_bytes_get_data (expected, NULL);

  g_assert_no_error (error);
  g_assert_null (images[0]);
  g_assert_cmpuint (capture->inputs->len, ==, 1);
  sent = fixture_load_input (fixture, capture, 0);
  values = g_bytes_get_data (sent->data, NULL);
  g_assert_cmpint (sent->width, ==, width);
  g_assert_cmpint (sent->height, ==, height);
  g_assert_cmpint (sent->channels, ==, 3);
  g_assert_cmpint (sent->depth, ==, depth);
  g_assert_cmpuint (g_bytes_get_size (sent->data), ==, g_bytes_get_size (expected));
  if (tolerance == 0)
    g_assert_true (g_bytes_equal (sent->data, expected));
  for (size_t i = 0; tolerance > 0 && i < g_bytes_get_size (expected); i++)
    g_assert_cmpint (ABS (values[i] - held[i]), <=, tolerance);
}

/* whatever is in the file, with the colours that it has in GIMP */
static void
test_modes (Fixture    *fixture,
            const void *data)
{
  static const char * const names[] = { "plain.png", "grey — “ü” %s.png", "indexed.png", "deep.png",
                                        "a b#c?.xcf" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GimpImage         *image;
      g_autoptr(GBytes)  seen = NULL;
      g_autofree char   *path = NULL;
      gboolean           deep = i == 3;

      image = gimp_image_new_with_precision (WIDTH, HEIGHT, i == 1 ? GIMP_GRAY : GIMP_RGB,
                                             deep ? GIMP_PRECISION_U16_NON_LINEAR
                                                  : GIMP_PRECISION_U8_NON_LINEAR);
      fixture_add_noise (image, ALL, FALSE);
      if (i == 2)
        g_assert_true (gimp_image_convert_indexed (image, GIMP_CONVERT_DITHER_NONE,
                                                   GIMP_CONVERT_PALETTE_GENERATE, 12, FALSE, FALSE,
                                                   ""));
      if (i == 4)
        fixture_add_noise (image, GEGL_RECTANGLE (-3, 5, 20, 60), FALSE);
      seen = fixture_read_visible (image, deep ? "R'G'B' u16" : "R'G'B' u8");
      path = save (fixture, image, names[i]);
      assert_sent (fixture, path, WIDTH, HEIGHT, deep ? 16 : 8, seen, 0);
    }
}

/* the numbers in the file mean other colours */
static void
test_profile (Fixture    *fixture,
              const void *data)
{
  GimpImage                   *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  g_autoptr(GimpColorProfile)  profile = gimp_color_profile_new_rgb_adobe ();
  g_autoptr(GBytes)            raw = NULL;
  g_autoptr(GBytes)            seen = NULL;
  g_autofree char             *path = NULL;
  GimpLayer                   *layer;

  layer = fixture_add_noise (image, ALL, FALSE);
  raw = fixture_read (layer, "R'G'B' u8");
  g_assert_true (gimp_image_set_color_profile (image, profile));
  seen = fixture_read (layer, "R'G'B' u8");
  g_assert_false (g_bytes_equal (raw, seen));
  path = save (fixture, image, "adobe.png");
  assert_sent (fixture, path, WIDTH, HEIGHT, 8, seen, 1);
}

/* (transfer full): the photo with a note that says how the camera was held */
static char *
write_turned (Fixture *fixture,
              guint8   orientation)
{
  const guint8           exif[] = {
    0xff, 0xe1, 0x00, 0x22, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 0x2a, 0, 0, 0, 8,
    0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0,
  };
  g_autofree char       *photo = NULL;
  g_autoptr(GByteArray)  turned = g_byte_array_new ();
  char                  *path = g_build_filename (fixture->folder, "turned.jpg", NULL);
  size_t                 length;
  size_t                 start = 2;

  g_assert_true (g_file_get_contents (PHOTO, &photo, &length, NULL));
  /* behind the segment of JFIF, where there is one */
  if ((guint8) photo[3] == 0xe0)
    start += 2 + ((guint8) photo[4] << 8) + (guint8) photo[5];
  g_byte_array_append (turned, (guint8 *) photo, (guint) start);
  g_byte_array_append (turned, exif, sizeof exif);
  g_byte_array_append (turned, (guint8 *) photo + start, (guint) (length - start));
  g_assert_true (g_file_set_contents (path, (char *) turned->data, turned->len, NULL));

  return path;
}

/* upright, as the artist knows it, and as ComfyUI itself turns what it loads */
static void
test_orientation (Fixture    *fixture,
                  const void *data)
{
  g_autoptr(GFile)   file = g_file_new_for_path (PHOTO);
  g_autofree char   *path = write_turned (fixture, 6);
  GimpImage         *image = gimp_file_load (GIMP_RUN_NONINTERACTIVE, file);
  g_autoptr(GBytes)  seen = NULL;
  int                width = gimp_image_get_width (image);
  int                height = gimp_image_get_height (image);

  g_assert_cmpint (width, !=, height);
  gimp_image_rotate (image, GIMP_ROTATE_DEGREES90);
  seen = fixture_read_visible (image, "R'G'B' u8");
  gimp_image_delete (image);
  assert_sent (fixture, path, height, width, 8, seen, 0);
}

static void
test_refusals (Fixture    *fixture,
               const void *data)
{
  g_autofree char       *bad = g_build_filename (fixture->folder, "bad.png", NULL);
  g_autofree char       *gone = g_build_filename (fixture->folder, "gone.png", NULL);
  g_autofree char       *large = NULL;
  g_autoptr(ComfyTake)   unreadable = new_take (bad);
  g_autoptr(ComfyTake)   missing = new_take (gone);
  g_autoptr(ComfyTake)   directory = new_take (fixture->folder);
  g_autoptr(ComfyTake)   endless = new_take ("/dev/zero");
  g_autoptr(ComfyTake)   too_large = NULL;
  GimpImage             *image = gimp_image_new (80, 70, GIMP_RGB);

  fixture_add_noise (image, GEGL_RECTANGLE (0, 0, 80, 70), FALSE);
  large = save (fixture, image, "large.png");
  too_large = new_take (large);
  too_large->max_pixels = 80 * 69;
  g_assert_true (g_file_set_contents (bad, "\x89PNG\r\n\x1a\n no more", -1, NULL));

  fails_alone (fixture, unreadable, COMFY_ERROR_IMAGE, "GIMP cannot open the file “bad.png”.");
  fails_alone (fixture, missing, COMFY_ERROR_INVALID_ARGUMENT, "There is no file “gone.png”");
  fails_alone (fixture, directory, COMFY_ERROR_INVALID_ARGUMENT, "There is no file “");
  fails_alone (fixture, endless, COMFY_ERROR_INVALID_ARGUMENT, "There is no file “zero”");
  fails_alone (fixture, too_large, COMFY_ERROR_TOO_LARGE,
               "The picture “large.png” has 80 × 70 pixels");
}

/* what needs an image says so */
static void
test_without_image (Fixture    *fixture,
                    const void *data)
{
  static const char * const bindings[] = { "layer:Sky", "visible", "selection" };
  static const ComfySource  sources[] = { COMFY_SOURCE_LAYER, COMFY_SOURCE_VISIBLE };

  for (unsigned int i = 0; i < G_N_ELEMENTS (bindings); i++)
    {
      g_autoptr(ComfyTake) take = new_take (PHOTO);

      fixture_add_extra (take, "6", bindings[i]);
      fails_alone (fixture, take, COMFY_ERROR_INVALID_ARGUMENT, "“Try” needs an image. Open one");
    }
  for (unsigned int i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autoptr(ComfyTake) take = fixture_new_take (sources[i], COMFY_EXTENT_WHOLE);

      fails_alone (fixture, take, COMFY_ERROR_INVALID_ARGUMENT, "“Try” needs an image. Open one");
    }
}

/* beside a picture of the canvas; twice is once; nothing of it stays open */
static void
test_beside (Fixture    *fixture,
             const void *data)
{
  GimpImage               *image = gimp_image_new (WIDTH, HEIGHT, GIMP_RGB);
  GimpLayer               *layer = fixture_add_noise (image, ALL, FALSE);
  g_autoptr(ComfyTake)     take = fixture_new_take (COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE);
  g_autoptr(ComfyCapture)  capture = NULL;
  g_autoptr(ComfyPreview)  preview = NULL;
  g_autoptr(ComfyPreview)  alone = NULL;
  g_autofree GimpImage   **images = NULL;
  const ComfyInput        *first;
  const ComfyInput        *second;

  fixture_add_extra (take, "5", "file:" PHOTO);
  fixture_add_extra (take, "6", "file:" PHOTO);
  preview = fixture_preview (fixture, take, image, LAYERS (layer));
  capture = fixture_take (fixture, take, image, LAYERS (layer));
  g_assert_cmpuint (capture->inputs->len, ==, 3);
  first = g_ptr_array_index (capture->inputs, 1);
  second = g_ptr_array_index (capture->inputs, 2);
  g_assert_cmpstr (first->file, ==, second->file);
  g_assert_cmpstr (first->content_type, ==, second->content_type);
  g_assert_cmpstr (second->node, ==, "6");
  g_assert_cmpuint (preview->bytes, ==, fixture_count_sent (fixture, capture));
  /* the artist's own picture is what is looked at */
  g_assert_cmpint (preview->thumbnail->width, ==, WIDTH);
  images = gimp_get_images ();
  g_assert_true (images[0] == image && images[1] == NULL);

  take->source = COMFY_SOURCE_NONE;
  alone = fixture_preview (fixture, take, image, LAYERS (layer));
  g_assert_cmpint (alone->thumbnail->width, ==, COMFY_PREVIEW_EDGE);
  g_assert_cmpint (alone->width, >, COMFY_PREVIEW_EDGE);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_capture_files_add (void)
{
  ADD ("/capture/files/every-mode-as-it-is-seen", test_modes);
  ADD ("/capture/files/a-profile-in-the-file-counts", test_profile);
  ADD ("/capture/files/photos-stand-upright", test_orientation);
  ADD ("/capture/files/says-what-cannot-be-opened", test_refusals);
  ADD ("/capture/files/no-image-has-to-be-open", test_without_image);
  ADD ("/capture/files/beside-the-canvas", test_beside);
}
