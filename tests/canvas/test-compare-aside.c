/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A comparison leaves nothing behind, and nobody takes what it works in for an image of the artist.
 * That it is no undo step cannot be seen from a plug-in: see test-undo.c.
 */
#include "config.h"

#include <sys/wait.h>
#include <unistd.h>

#include "comfy-error.h"
#include "comfy-gimp-host.h"
#include "outcome-fixture.h"

#define WIDTH  600 /* enough for GIMP to be asked more than once */
#define HEIGHT 500
#define EDGE   400 /* px */

static const ComfyRect part = { 50, 60, 420, 300 };

static unsigned int
count_images (void)
{
  g_autofree GimpImage **images = gimp_get_images ();
  unsigned int           n = 0;

  while (images[n] != NULL)
    n++;

  return n;
}

/* (transfer full): what came for a layer of an image, which is new */
static ComfyResult *
new_result (Fixture       *fixture,
            ComfyOutcome   outcome,
            const char    *job_id,
            GimpImage    **out_image,
            GimpLayer    **out_layer)
{
  g_autoptr(ComfyPixels)     picture = fixture_make_pixels (part.width, part.height, 3);
  g_autoptr(ComfyPixels)     mask = outcome_make_mask (part.width, part.height);
  g_autoptr(ComfyPixels)     sent = NULL;
  g_autoptr(ComfyPlacement)  placement = NULL;

  *out_image = outcome_new_image (0, WIDTH, HEIGHT, NULL);
  *out_layer = fixture_add_noise (*out_image,
                                  GEGL_RECTANGLE (part.x, part.y, part.width, part.height), FALSE);
  sent = outcome_read_layer (*out_layer, 3);
  placement = outcome_make_placement (fixture, *out_image, *out_layer, &part);
  placement->outcome = outcome;
  fixture_save (fixture, "source.png", sent);
  fixture_save (fixture, "result.png", outcome == COMFY_OUTCOME_LAYER_MASK
                                       || outcome == COMFY_OUTCOME_SELECTION ? mask : picture);

  return outcome_new_result (fixture, placement, "source.png", NAMES ("result.png"), NULL, job_id);
}

static ComfyComparison *
compare (Fixture     *fixture,
         ComfyResult *result,
         int          edge)
{
  g_autoptr(DexFuture)  future = comfy_host_compare (fixture->host, result, edge);
  g_autoptr(GError)     error = NULL;
  const GValue         *value = fixture_settle (future, &error);

  g_assert_no_error (error);

  return g_value_dup_boxed (value);
}

static void
test_leaves_no_trace (Fixture    *fixture,
                      const void *data)
{
  static const ComfyOutcome outcomes[] = { COMFY_OUTCOME_LAYERS, COMFY_OUTCOME_LAYER_MASK,
                                           COMFY_OUTCOME_SELECTION, COMFY_OUTCOME_GROUP,
                                           COMFY_OUTCOME_NEW_IMAGE };

  for (unsigned int i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      GimpImage                   *image;
      GimpLayer                   *layer;
      g_autofree char             *job_id = g_uuid_string_random ();
      g_autoptr(ComfyResult)       result = NULL;
      g_autoptr(ComfyComparison)   comparison = NULL;
      g_autofree GimpLayer       **selected = NULL;
      g_autofree GimpLayer       **layers = NULL;
      g_autofree char             *before = NULL;
      g_autofree char             *after = NULL;
      const GimpLayer             *bottom[] = { NULL, NULL };

      result = new_result (fixture, outcomes[i], job_id, &image, &layer);
      layers = gimp_image_get_layers (image);
      bottom[0] = layers[1];
      gimp_image_set_selected_layers (image, bottom);
      gimp_image_select_ellipse (image, GIMP_CHANNEL_OP_REPLACE, 110, 120, 230, 240);
      before = outcome_describe (image);
      gimp_image_clean_all (image);

      comparison = compare (fixture, result, EDGE);
      g_assert_false (gimp_image_is_dirty (image));
      after = outcome_describe (image);
      g_assert_cmpstr (before, ==, after);
      selected = gimp_image_get_selected_layers (image);
      g_assert_true (selected[0] == bottom[0] && selected[1] == NULL);
      g_assert_cmpuint (count_images (), ==, i + 1);
      g_assert_false (comfy_host_is_placed (fixture->host, job_id));
    }
}

/* what it works in is open for a while, and lists what was placed before */
static void
test_stands_aside (Fixture    *fixture,
                   const void *data)
{
  GimpImage               *image;
  GimpLayer               *layer;
  g_autoptr(ComfyResult)   result = new_result (fixture, COMFY_OUTCOME_LAYERS, "aside", &image,
                                                &layer);
  g_autoptr(GPtrArray)     placed = NULL;
  g_autoptr(DexFuture)     future = NULL;
  g_autoptr(GArray)        open = NULL;

  /* too much for simple copies */
  gimp_layer_add_mask (layer, gimp_layer_create_mask (layer, GIMP_ADD_MASK_WHITE));
  outcome_read_report (comfy_host_place (fixture->host, result), &placed);
  future = comfy_host_compare (fixture->host, result, EDGE);
  while (count_images () < 3)
    {
      g_assert_true (dex_future_is_pending (future));
      g_main_context_iteration (NULL, TRUE);
    }

  open = comfy_host_list_images (fixture->host);
  g_assert_cmpuint (open->len, ==, 1);
  g_assert_cmpint (g_array_index (open, int, 0), ==, gimp_image_get_id (image));
  gimp_image_remove_layer (image, g_ptr_array_index (placed, 0));
  g_assert_false (comfy_host_is_placed (fixture->host, "aside"));

  g_assert_nonnull (fixture_settle (future, NULL));
  g_assert_cmpuint (count_images (), ==, 1);
}

/* where none is chosen, it is the last, that the artist has opened last */
static void
test_by_age (Fixture    *fixture,
             const void *data)
{
  GimpImage         *old = gimp_image_new (2, 2, GIMP_RGB);
  GimpImage         *new = gimp_image_new (2, 2, GIMP_RGB);
  g_autoptr(GArray)  open = comfy_host_list_images (fixture->host);

  g_assert_cmpuint (open->len, ==, 2);
  g_assert_cmpint (g_array_index (open, int, 0), ==, gimp_image_get_id (old));
  g_assert_cmpint (g_array_index (open, int, 1), ==, gimp_image_get_id (new));

  gimp_image_delete (new);
  gimp_image_delete (old);
}

/* how many images GIMP has ever had */
static int
get_n_made (void)
{
  GimpImage *image = gimp_image_new (1, 1, GIMP_RGB);
  int        id = gimp_image_get_id (image);

  gimp_image_delete (image);

  return id;
}

/* Flipping through a history: what nobody waits for any more is not begun, and what has begun
 * leaves nothing. */
static void
test_dropped (Fixture    *fixture,
              const void *data)
{
  GimpImage               *image;
  GimpLayer               *layer;
  g_autoptr(ComfyResult)   result = new_result (fixture, COMFY_OUTCOME_LAYERS, "dropped", &image,
                                                &layer);
  DexFuture               *future = comfy_host_compare (fixture->host, result, EDGE);
  int                      began;
  int                      n_made;

  while (count_images () < 3)
    g_main_context_iteration (NULL, TRUE);
  dex_unref (future);
  while (count_images () > 1)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (outcome_count_layers (image), ==, 2);

  began = get_n_made ();
  comfy_comparison_free (compare (fixture, result, EDGE));
  n_made = get_n_made () - began;
  began = get_n_made ();
  for (unsigned int i = 0; i < 5; i++)
    dex_unref (comfy_host_compare (fixture->host, result, EDGE));
  comfy_comparison_free (compare (fixture, result, EDGE));
  g_assert_cmpint (get_n_made () - began, ==, n_made);
}

static void
test_unreadable (Fixture    *fixture,
                 const void *data)
{
  GimpImage               *image;
  GimpLayer               *layer;
  g_autoptr(ComfyResult)   result = new_result (fixture, COMFY_OUTCOME_LAYERS, "broken", &image,
                                                &layer);
  g_autofree char         *path = g_build_filename (fixture->folder, "result.png", NULL);
  g_autoptr(DexFuture)     future = NULL;
  g_autoptr(GError)        error = NULL;

  g_assert_true (g_file_set_contents (path, "<html>502 Bad Gateway</html>", -1, NULL));
  future = comfy_host_compare (fixture->host, result, EDGE);
  g_assert_null (fixture_settle (future, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_IMAGE);
  g_assert_true (comfy_result_is_unplaced (result, 0));
  g_assert_cmpuint (count_images (), ==, 1);
}

/* the result alone; as a mask of what was sent, or with what is not selected of that dark */
static void
test_image_gone (Fixture    *fixture,
                 const void *data)
{
  static const ComfyOutcome outcomes[] = { COMFY_OUTCOME_LAYERS, COMFY_OUTCOME_LAYER_MASK,
                                           COMFY_OUTCOME_SELECTION, COMFY_OUTCOME_NEW_IMAGE };

  for (unsigned int i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      GimpImage                   *image;
      GimpLayer                   *layer;
      g_autofree char             *job_id = g_uuid_string_random ();
      g_autoptr(ComfyResult)       result = new_result (fixture, outcomes[i], job_id, &image,
                                                        &layer);
      g_autoptr(ComfyComparison)   comparison = NULL;
      g_autoptr(ComfyPixels)       came = fixture_load (fixture, "result.png");
      g_autoptr(ComfyPixels)       sent = fixture_load (fixture, "source.png");

      /* what becomes an image of its own is none of the artist's */
      if (outcomes[i] != COMFY_OUTCOME_NEW_IMAGE)
        gimp_image_delete (image);
      comparison = compare (fixture, result, part.width);
      g_assert_null (comparison->before);
      g_assert_cmpint (comparison->after->width, ==, part.width);
      g_assert_cmpint (comparison->after->height, ==, part.height);
      for (int y = 0; y < part.height; y++)
        for (int x = 0; x < part.width; x++)
          {
            const guint8 *pixel = fixture_get_pixel (comparison->after, x, y);
            const guint8 *from = fixture_get_pixel (came, x, y);
            gboolean      is_mask = came->channels == 1;
            int           light = outcomes[i] == COMFY_OUTCOME_SELECTION
                                    ? 90 + 165 * from[0] / 255 : 255;

            g_assert_cmpint (pixel[3], ==,
                             outcomes[i] == COMFY_OUTCOME_LAYER_MASK ? from[0] : 255);
            if (is_mask)
              from = fixture_get_pixel (sent, x, y);
            for (int channel = 0; channel < 3 && pixel[3] > 0; channel++)
              g_assert_cmpint (ABS (pixel[channel] - from[channel] * light / 255), <=,
                               255 / pixel[3]);
          }
      g_assert_cmpuint (count_images (), ==, outcomes[i] == COMFY_OUTCOME_NEW_IMAGE ? 1 : 0);
    }
}

static GimpImage *
set_aside (int pid)
{
  GimpImage       *image = gimp_image_new (10, 10, GIMP_RGB);
  g_autofree char *owner = g_strdup_printf ("%d", pid);
  GimpParasite    *parasite = gimp_parasite_new ("org.comfy.cloud.gimp.aside", 0,
                                                 (guint32) strlen (owner), owner);

  gimp_image_attach_parasite (image, parasite);
  gimp_parasite_free (parasite);

  return image;
}

/* what a process that was killed has left is closed by the next one; what another one works in, or
 * the artist, is not */
static void
test_swept (Fixture    *fixture,
            const void *data)
{
  const char            *argv[] = { "true", NULL };
  g_autoptr(GError)      error = NULL;
  g_autoptr(ComfyHost)   host = NULL;
  GimpImage             *left;
  GimpImage             *used;
  GimpImage             *artists = gimp_image_new (10, 10, GIMP_RGB);
  GPid                   ended;

  g_assert_true (g_spawn_async (NULL, (char **) argv, NULL,
                                G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &ended,
                                &error));
  g_assert_cmpint (waitpid (ended, NULL, 0), ==, ended);
  left = set_aside (ended);
  used = set_aside (getpid ());
  host = comfy_gimp_host_new (FALSE);
  g_assert_false (gimp_image_is_valid (left));
  g_assert_true (gimp_image_is_valid (used));
  g_assert_true (gimp_image_is_valid (artists));
}

/* Why the artist is not shown a layer instead: GIMP saves the image with it. (And where a layer is
 * moved or merged meanwhile, undoing that goes wrong: not for a test, for GIMP may crash.) */
static void
test_layer_would_be_saved (Fixture    *fixture,
                           const void *data)
{
  GimpImage            *image = outcome_new_image (0, WIDTH, HEIGHT, NULL);
  g_autofree char      *path = g_build_filename (fixture->folder, "work.xcf", NULL);
  g_autoptr(GFile)      file = g_file_new_for_path (path);
  GimpLayer            *layer;

  layer = gimp_layer_new (image, "preview", WIDTH, HEIGHT, GIMP_RGB_IMAGE, 100,
                          GIMP_LAYER_MODE_NORMAL);
  gimp_image_clean_all (image);
  gimp_image_undo_freeze (image);
  g_assert_true (gimp_image_insert_layer (image, layer, NULL, 0));
  gimp_image_undo_thaw (image);
  g_assert_true (gimp_image_is_dirty (image));
  g_assert_true (gimp_file_save (GIMP_RUN_NONINTERACTIVE, image, file, NULL));
  g_assert_cmpuint (outcome_count_layers (gimp_file_load (GIMP_RUN_NONINTERACTIVE, file)), ==, 2);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_compare_aside_add (void)
{
  ADD ("/compare/leaves-no-trace", test_leaves_no_trace);
  ADD ("/compare/works-in-no-image-of-the-artist", test_stands_aside);
  ADD ("/images/the-newest-comes-last", test_by_age);
  ADD ("/compare/what-nobody-waits-for-is-not-read", test_dropped);
  ADD ("/compare/what-cannot-be-read-leaves-nothing", test_unreadable);
  ADD ("/compare/without-the-image-the-result-alone", test_image_gone);
  ADD ("/compare/what-was-left-behind-is-swept-up", test_swept);
  ADD ("/compare/a-layer-with-frozen-undo-would-be-saved", test_layer_would_be_saved);
}
