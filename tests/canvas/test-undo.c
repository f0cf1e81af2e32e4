/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each result is one step back for the artist: it takes all of it away and nothing else. No plug-in
 * can undo, so the artist's keys are pressed: for a GIMP with windows, see tests/e2e/test-undo.py.
 */
#include "config.h"

#include "comfy-provenance.h"
#include "outcome-fixture.h"

#define WIDTH   60
#define HEIGHT  50
#define PATIENCE (20 * G_USEC_PER_SEC)

static GimpDisplay *display; /* of the test that runs */

static void
press (const char *keys)
{
  const char        *argv[] = { "xdotool", "key", "--clearmodifiers", keys, NULL };
  g_autoptr(GError)  error = NULL;
  int                status;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
}

/* Presses keys and waits until the result has come or gone. While it does an image cannot be looked
 * at as a whole: GIMP may go on between two questions. */
static void
press_and_wait (Fixture    *fixture,
                const char *keys,
                const char *job_id,
                gboolean    is_placed)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  press (keys);
  while (comfy_host_is_placed (fixture->host, job_id) != is_placed)
    g_assert_cmpint (g_get_monotonic_time (), <, deadline);
}

static void
assert_is (GimpImage  *image,
           const char *expected)
{
  g_autofree char *now = outcome_describe (image);

  g_assert_cmpstr (now, ==, expected);
}

/* an image in a window, and a result of @crop that is about to come */
static GimpImage *
open_image (Fixture          *fixture,
            ComfyOutcome      outcome,
            const ComfyRect  *crop,
            ComfyPlacement  **out_placement)
{
  GimpLayer              *layer;
  GimpImage              *image = outcome_new_image (0, WIDTH, HEIGHT, NULL);
  g_autoptr(ComfyPixels)  mask = outcome_make_mask (crop->width, crop->height);
  g_autoptr(ComfyPixels)  result = fixture_make_pixels (crop->width, crop->height, 3);

  layer = fixture_add_noise (image, GEGL_RECTANGLE (4, 5, 30, 20), FALSE);
  gimp_image_add_vguide (image, 20);
  *out_placement = outcome_make_placement (fixture, image, layer, crop);
  (*out_placement)->outcome = outcome;
  fixture_save (fixture, "mask.png", mask);
  fixture_save (fixture, "result.png", result);
  display = gimp_display_new (image);
  g_assert_nonnull (display);
  /* the artist's last step, which has to stay */
  gimp_image_select_ellipse (image, GIMP_CHANNEL_OP_REPLACE, 10, 10, 30, 20);
  gimp_displays_flush ();

  return image;
}

/* back, again, back, and then the same result once more */
static void
go_back_and_forth_each (Fixture            *fixture,
                        GimpImage          *image,
                        ComfyPlacement     *placement,
                        const char * const *names,
                        const ComfyOutcome *outcomes)
{
  g_autofree char *before = outcome_describe (image);
  g_autofree char *after = NULL;
  g_autofree char *job_id = g_uuid_string_random ();

  outcome_place_each (fixture, placement, "result.png", names, outcomes, job_id, NULL, NULL);
  after = outcome_describe (image);
  g_assert_cmpstr (before, !=, after);

  press_and_wait (fixture, "ctrl+z", job_id, FALSE);
  assert_is (image, before);
  press_and_wait (fixture, "ctrl+y", job_id, TRUE);
  assert_is (image, after);
  press_and_wait (fixture, "ctrl+z", job_id, FALSE);

  outcome_place_each (fixture, placement, "result.png", names, outcomes, job_id, NULL, NULL);
  assert_is (image, after);
  press_and_wait (fixture, "ctrl+z", job_id, FALSE);
  assert_is (image, before);
}

static void
go_back_and_forth (Fixture            *fixture,
                   GimpImage          *image,
                   ComfyPlacement     *placement,
                   const char * const *names)
{
  go_back_and_forth_each (fixture, image, placement, names, NULL);
}

static void
test_layer (Fixture    *fixture,
            const void *data)
{
  const ComfyRect             crop = { 4, 5, 30, 20 };
  g_autoptr(ComfyPlacement)   placement = NULL;
  GimpImage                  *image;

  image = open_image (fixture, COMFY_OUTCOME_LAYERS, &crop, &placement);
  placement->mask_file = g_strdup ("mask.png");
  go_back_and_forth (fixture, image, placement, NAMES ("result.png"));
}

static void
test_layers (Fixture    *fixture,
             const void *data)
{
  const ComfyRect             crop = { 4, 5, 30, 20 };
  g_autoptr(ComfyPlacement)   placement = NULL;
  GimpImage                  *image;

  image = open_image (fixture, COMFY_OUTCOME_LAYERS, &crop, &placement);
  placement->mask_file = g_strdup ("mask.png");
  go_back_and_forth (fixture, image, placement, NAMES ("result.png", "mask.png", "result.png"));
}

static void
test_edges (Fixture    *fixture,
            const void *data)
{
  const ComfyRect             grown = { -7, -5, WIDTH + 18, HEIGHT + 8 };
  g_autoptr(ComfyPlacement)   placement = NULL;
  GimpImage                  *image;

  image = open_image (fixture, COMFY_OUTCOME_LAYERS, &grown, &placement);
  placement->edges = (ComfyEdges) { .left = 7, .top = 5, .right = 11, .bottom = 3 };
  placement->mask_file = g_strdup ("mask.png");
  go_back_and_forth (fixture, image, placement, NAMES ("result.png"));
}

static void
test_mask (Fixture    *fixture,
           const void *data)
{
  const ComfyRect             crop = { 4, 5, 30, 20 };
  g_autoptr(ComfyPlacement)   placement = NULL;
  GimpImage                  *image;
  GimpLayer                  *layer;

  image = open_image (fixture, COMFY_OUTCOME_LAYER_MASK, &crop, &placement);
  go_back_and_forth (fixture, image, placement, NAMES ("mask.png"));

  /* the one that it had comes back */
  layer = GIMP_LAYER (gimp_item_get_by_id (placement->layer_id));
  gimp_layer_add_mask (layer, gimp_layer_create_mask (layer, GIMP_ADD_MASK_SELECTION));
  go_back_and_forth (fixture, image, placement, NAMES ("mask.png"));

  gimp_image_remove_layer (image, layer);
  go_back_and_forth (fixture, image, placement, NAMES ("mask.png"));
}

static void
test_selection (Fixture    *fixture,
                const void *data)
{
  const ComfyRect             crop = { 0, 0, WIDTH, HEIGHT };
  g_autoptr(ComfyPlacement)   placement = NULL;
  GimpImage                  *image;

  image = open_image (fixture, COMFY_OUTCOME_SELECTION, &crop, &placement);
  go_back_and_forth (fixture, image, placement, NAMES ("mask.png"));
}

/* all at once, however different it is */
static void
test_several (Fixture    *fixture,
              const void *data)
{
  static const ComfyOutcome   outcomes[] = { COMFY_OUTCOME_LAYERS, COMFY_OUTCOME_GROUP,
                                             COMFY_OUTCOME_LAYER_MASK, COMFY_OUTCOME_SELECTION };
  const ComfyRect             crop = { 4, 5, 30, 20 };
  g_autoptr(ComfyPlacement)   placement = NULL;
  GimpImage                  *image;

  image = open_image (fixture, COMFY_OUTCOME_LAYERS, &crop, &placement);
  placement->edges = (ComfyEdges) { .left = 7, .top = 5, .right = 11, .bottom = 3 };
  go_back_and_forth_each (fixture, image, placement,
                          NAMES ("result.png", "result.png", "mask.png", "mask.png"), outcomes);
}

static void
compare (Fixture     *fixture,
         ComfyResult *result)
{
  g_autoptr(DexFuture)  future = comfy_host_compare (fixture->host, result, WIDTH);
  g_autoptr(GError)     error = NULL;

  g_assert_nonnull (fixture_settle (future, &error));
  g_assert_no_error (error);
}

/* it takes no step for its own, and keeps those that were undone */
static void
test_comparison (Fixture    *fixture,
                 const void *data)
{
  const ComfyRect            crop = { 4, 5, 30, 20 };
  g_autoptr(ComfyPlacement)  placement = NULL;
  GimpImage                 *image = open_image (fixture, COMFY_OUTCOME_LAYERS, &crop, &placement);
  g_autofree char           *before = outcome_describe (image);
  g_autofree char           *after = NULL;
  g_autofree char           *job_id = g_uuid_string_random ();
  g_autoptr(ComfyResult)     result = NULL;

  result = outcome_new_result (fixture, placement, NULL, NAMES ("result.png"), NULL, job_id);
  outcome_read_report (comfy_host_place (fixture->host, result), NULL);
  after = outcome_describe (image);
  compare (fixture, result);
  assert_is (image, after);
  press_and_wait (fixture, "ctrl+z", job_id, FALSE);
  assert_is (image, before);
  compare (fixture, result);
  press_and_wait (fixture, "ctrl+y", job_id, TRUE);
  assert_is (image, after);
}

/* the keys are for GIMP's window, which the window manager has to have given them to */
static void
test_window (Fixture    *fixture,
             const void *data)
{
  const char        *argv[] = { "xdotool", "search", "--sync", "--onlyvisible", "--name", "GIMP",
                                "windowactivate", "--sync", NULL };
  GimpImage         *image = outcome_new_image (0, WIDTH, HEIGHT, NULL);
  g_autoptr(GError)  error = NULL;
  int                status;

  display = gimp_display_new (image);
  g_assert_nonnull (display);
  gimp_displays_flush ();
  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
}

/* its image goes with it */
static void
close_window (Fixture    *fixture,
              const void *data)
{
  gimp_display_delete (display);
  fixture_tear_down (fixture, data);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, close_window)

void
test_undo_add (void)
{
  ADD ("/undo/gimp-has-a-window", test_window);
  ADD ("/undo/a-layer-is-one-step", test_layer);
  ADD ("/undo/several-layers-are-one-step", test_layers);
  ADD ("/undo/a-canvas-that-grows-is-one-step", test_edges);
  ADD ("/undo/a-mask-is-one-step", test_mask);
  ADD ("/undo/a-selection-is-one-step", test_selection);
  ADD ("/undo/results-of-all-kinds-are-one-step", test_several);
  ADD ("/undo/a-comparison-is-no-step", test_comparison);
}
