/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "canvas-fixture.h"
#include "comfy-codec.h"
#include "comfy-error.h"
#include "comfy-gimp-host.h"

#define ACTIONS_FOLDER      COMFY_TEST_SOURCE_DIR "/data/actions"
#define TEST_ACTIONS_FOLDER COMFY_TEST_SOURCE_DIR "/tests/data/actions"

void
fixture_set_up (Fixture    *fixture,
                const void *data)
{
  fixture->folder = g_dir_make_tmp ("comfy-canvas-XXXXXX", NULL);
  fixture->host = comfy_gimp_host_new (FALSE);
}

void
fixture_tear_down (Fixture    *fixture,
                   const void *data)
{
  g_autofree GimpImage **images = gimp_get_images ();
  g_autoptr(GDir)        dir = g_dir_open (fixture->folder, 0, NULL);
  const char            *name;

  for (unsigned int i = 0; images[i] != NULL; i++)
    gimp_image_delete (images[i]);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_object_unref (fixture->host);
}

/* (transfer full): an action of the product or of the tests */
ComfyAction *
fixture_get_action (const char *id)
{
  const char        *folder = g_str_equal (id, "invert") ? TEST_ACTIONS_FOLDER : ACTIONS_FOLDER;
  g_autofree char   *graph = g_strdup_printf ("%s/%s.json", folder, id);
  g_autofree char   *sidecar = g_strdup_printf ("%s/%s.gimp.json", folder, id);
  g_autoptr(GError)  error = NULL;
  ComfyAction       *action = comfy_action_new_from_files (graph, sidecar, &error);

  g_assert_no_error (error);

  return action;
}

/* a layer on top that no two pixels of are known to be the same */
GimpLayer *
fixture_add_noise (GimpImage           *image,
                   const GeglRectangle *rect,
                   gboolean             alpha)
{
  g_autoptr(GeglBuffer)  buffer = NULL;
  g_autofree guint8     *data = NULL;
  int                    base = gimp_image_get_base_type (image);
  GimpLayer             *layer;
  size_t                 n = (size_t) rect->width * rect->height * 4;

  /* the types come in pairs, without and with alpha, in the order of the base types */
  layer = gimp_layer_new (image, "noise", rect->width, rect->height,
                          (GimpImageType) (base * 2 + (alpha ? 1 : 0)), 100.0,
                          GIMP_LAYER_MODE_NORMAL);
  gimp_layer_set_offsets (layer, rect->x, rect->y);
  gimp_image_insert_layer (image, layer, NULL, 0);

  data = g_malloc (n);
  for (size_t i = 0; i < n; i++)
    data[i] = g_test_rand_int_range (0, 256);
  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  gegl_buffer_set (buffer, GEGL_RECTANGLE (0, 0, rect->width, rect->height), 0,
                   babl_format ("R'G'B'A u8"), data, GEGL_AUTO_ROWSTRIDE);

  return layer;
}

/* (transfer full): all pixels of a layer */
GBytes *
fixture_read (GimpLayer  *layer,
              const char *format)
{
  g_autoptr(GeglBuffer)  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (layer));
  const Babl            *babl = babl_format (format);
  int                    width = gimp_drawable_get_width (GIMP_DRAWABLE (layer));
  int                    height = gimp_drawable_get_height (GIMP_DRAWABLE (layer));
  size_t                 n = (size_t) width * height * babl_format_get_bytes_per_pixel (babl);
  guint8                *data = g_malloc (n);

  gegl_buffer_get (buffer, GEGL_RECTANGLE (0, 0, width, height), 1.0, babl, data,
                   GEGL_AUTO_ROWSTRIDE, GEGL_ABYSS_NONE);

  return g_bytes_new_take (data, n);
}

static DexFuture *
pass_on_cb (DexFuture *future,
            void      *data)
{
  return dex_ref (future);
}

/* runs the main loop until @future is settled */
const GValue *
fixture_settle (DexFuture  *future,
                GError    **error)
{
  /* a worker's end wakes this thread only where somebody here waits for it */
  g_autoptr(DexFuture) waiter = dex_future_finally (dex_ref (future), pass_on_cb, NULL, NULL);

  while (dex_future_is_pending (waiter))
    g_main_context_iteration (NULL, TRUE);

  return dex_future_get_value (future, error);
}

/* (transfer full): a picture in the job's folder */
ComfyPixels *
fixture_load (Fixture    *fixture,
              const char *name)
{
  g_autofree char      *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr(DexFuture)  future = comfy_codec_decode (path, G_MAXUINT32);
  g_autoptr(GError)     error = NULL;
  const GValue         *value = fixture_settle (future, &error);

  g_assert_no_error (error);

  return g_value_dup_boxed (value);
}

void
fixture_save (Fixture     *fixture,
              const char  *name,
              ComfyPixels *pixels)
{
  g_autofree char      *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr(DexFuture)  future = comfy_codec_encode (pixels, COMFY_FORMAT_PNG, path);
  g_autoptr(GError)     error = NULL;

  fixture_settle (future, &error);
  g_assert_no_error (error);
}

/* (transfer full): noise */
ComfyPixels *
fixture_make_pixels (int width,
                     int height,
                     int channels)
{
  size_t  n = (size_t) width * height * channels;
  guint8 *data = g_malloc (n);

  for (size_t i = 0; i < n; i++)
    data[i] = g_test_rand_int_range (0, 256);

  return comfy_pixels_new_take (width, height, channels, 8, data);
}

/* @names: files in the job's folder; @out_layers: (out) (optional) (transfer container) */
GimpImage *
fixture_place (Fixture             *fixture,
               ComfyPlacement      *placement,
               const char * const  *names,
               const char          *job_id,
               GPtrArray          **out_layers)
{
  g_autoptr(ComfyAction)   action = fixture_get_action ("invert");
  g_autoptr(ComfyRequest)  request = NULL;
  g_autoptr(ComfyResult)   result = NULL;
  g_autoptr(GStrvBuilder)  builder = g_strv_builder_new ();
  g_auto(GStrv)            paths = NULL;
  g_autoptr(DexFuture)     future = NULL;
  g_autoptr(GVariantIter)  iter = NULL;
  g_autoptr(GError)        error = NULL;
  g_autoptr(GPtrArray)     layers = g_ptr_array_new ();
  const GValue            *value;
  int                      id;

  request = comfy_request_new (&(ComfyRequestParts) {
    .action_id = "invert",
    .title = "Invert",
    .seed = 7,
    .profile_id = "profile",
    .workflow = comfy_action_get_variant (action, 0)->workflow,
    .placement = placement,
  });
  for (unsigned int i = 0; names[i] != NULL; i++)
    g_strv_builder_take (builder, g_build_filename (fixture->folder, names[i], NULL));
  paths = g_strv_builder_end (builder);
  result = comfy_result_new (job_id, request, fixture->folder, (const char * const *) paths);

  future = comfy_host_place (fixture->host, result);
  value = fixture_settle (future, &error);
  g_assert_no_error (error);

  g_variant_get (g_value_get_variant (value), "(iai)", NULL, &iter);
  while (g_variant_iter_next (iter, "i", &id))
    g_ptr_array_add (layers, gimp_layer_get_by_id (id));
  g_variant_get_child (g_value_get_variant (value), 0, "i", &id);
  if (out_layers != NULL)
    *out_layers = g_steal_pointer (&layers);

  return gimp_image_get_by_id (id);
}

GimpLayer *
fixture_send_and_return (Fixture   *fixture,
                         GimpImage *image,
                         GimpLayer *layer)
{
  g_autoptr(ComfyCapture) capture = fixture_capture (fixture, "invert", image, layer);
  g_autoptr(GPtrArray)    placed = NULL;
  g_autofree char        *job_id = g_uuid_string_random ();
  const ComfyInput       *input = g_ptr_array_index (capture->inputs, 0);
  const char             *names[] = { input->file, NULL };

  g_assert_true (fixture_place (fixture, capture->placement, names, job_id, &placed) == image);
  g_assert_cmpuint (placed->len, ==, 1);

  return g_ptr_array_index (placed, 0);
}
