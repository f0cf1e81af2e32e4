/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results of which each picture becomes something else, and pictures that are of no use: they keep
 * no other away.
 */
#include "config.h"

#include "outcome-fixture.h"

#define WIDTH  60
#define HEIGHT 50
#define OUTCOMES(...) ((const ComfyOutcome []) { __VA_ARGS__ })

static const ComfyRect whole = { 0, 0, WIDTH, HEIGHT };

/* one of everything, each of noise of its own */
typedef struct
{
  GimpImage      *image;
  GimpLayer      *layer;
  ComfyPlacement *placement; /* owned */
  ComfyPixels    *first;     /* owned: first.png, as large as the image */
  ComfyPixels    *second;    /* owned: second.png, half as large */
  ComfyPixels    *mask;      /* owned: mask.png */
} Ground;

static void
ground_clear (Ground *ground)
{
  comfy_placement_unref (ground->placement);
  comfy_pixels_unref (ground->first);
  comfy_pixels_unref (ground->second);
  comfy_pixels_unref (ground->mask);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ground, ground_clear)

static void
ground_init (Ground  *ground,
             Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "broken.png", NULL);

  ground->image = outcome_new_image (0, WIDTH, HEIGHT, &ground->layer);
  ground->placement = outcome_make_placement (fixture, ground->image, ground->layer, &whole);
  ground->first = fixture_make_pixels (WIDTH, HEIGHT, 3);
  ground->second = fixture_make_pixels (WIDTH / 2, HEIGHT / 2, 3);
  ground->mask = outcome_make_mask (WIDTH, HEIGHT);
  fixture_save (fixture, "first.png", ground->first);
  fixture_save (fixture, "second.png", ground->second);
  fixture_save (fixture, "mask.png", ground->mask);
  g_assert_true (g_file_set_contents (path, "<html>502 Bad Gateway</html>", -1, NULL));
}

static void
assert_shows (GimpLayer   *layer,
              ComfyPixels *expected)
{
  g_autoptr(ComfyPixels) pixels = outcome_read_layer (layer, expected->channels);

  outcome_assert_same (pixels, expected, 0);
}

static void
assert_selected (GimpImage   *image,
                 ComfyPixels *expected)
{
  g_autoptr(ComfyPixels) selection = NULL;

  selection = outcome_read_values (GIMP_DRAWABLE (gimp_image_get_selection (image)));
  outcome_assert_same (selection, expected, 0);
}

static void
assert_unplaced (ComfyResult *result,
                 const char  *expected)
{
  for (unsigned int i = 0; expected[i] != '\0'; i++)
    g_assert_cmpint (comfy_result_is_unplaced (result, i), ==, expected[i] == 'x');
}

static void
test_each (Fixture    *fixture,
           const void *data)
{
  g_auto(Ground)          ground = { 0 };
  g_autoptr(GPtrArray)    placed = NULL;
  g_autoptr(ComfyPixels)  values = NULL;

  ground_init (&ground, fixture);
  /* whatever the order in which they came */
  g_assert_true (outcome_place_each (fixture, ground.placement, NULL,
                                     NAMES ("mask.png", "mask.png", "second.png", "first.png"),
                                     OUTCOMES (COMFY_OUTCOME_SELECTION, COMFY_OUTCOME_LAYER_MASK,
                                               COMFY_OUTCOME_GROUP, COMFY_OUTCOME_LAYERS),
                                     "each", &placed, NULL) == ground.image);

  /* two that are new and the one that got the mask */
  g_assert_cmpuint (placed->len, ==, 3);
  g_assert_cmpuint (outcome_count_layers (ground.image), ==, 3);
  assert_shows (placed->pdata[0], ground.first);
  g_assert_null (gimp_item_get_parent (placed->pdata[0]));
  g_assert_nonnull (gimp_item_get_parent (placed->pdata[1]));
  g_assert_true (placed->pdata[2] == ground.layer);
  values = outcome_read_values (GIMP_DRAWABLE (gimp_layer_get_mask (ground.layer)));
  outcome_assert_same (values, ground.mask, 0);
  assert_selected (ground.image, ground.mask);

  /* and nothing of it twice */
  gimp_selection_none (ground.image);
  outcome_place_each (fixture, ground.placement, NULL, NAMES ("first.png", "mask.png"),
                      OUTCOMES (COMFY_OUTCOME_LAYERS, COMFY_OUTCOME_SELECTION), "each", NULL, NULL);
  g_assert_cmpuint (outcome_count_layers (ground.image), ==, 3);
  g_assert_true (gimp_selection_is_empty (ground.image));
}

/* even alone, with the name of what was done */
static void
test_group (Fixture    *fixture,
            const void *data)
{
  g_auto(Ground)        ground = { 0 };
  g_autoptr(GPtrArray)  placed = NULL;
  GimpItem             *group;
  g_autofree char      *name = NULL;

  ground_init (&ground, fixture);
  ground.placement->outcome = COMFY_OUTCOME_GROUP;
  outcome_place (fixture, ground.placement, NULL, NAMES ("first.png"), "group", &placed);
  g_assert_cmpuint (placed->len, ==, 1);
  group = gimp_item_get_parent (placed->pdata[0]);
  g_assert_nonnull (group);
  name = gimp_item_get_name (group);
  g_assert_true (g_str_has_prefix (name, "Invert"));
  g_assert_cmpint (gimp_image_get_item_position (ground.image, group), ==, 0);
}

/* in its own size; the image that it was asked for in stays as it is */
static void
test_new_image (Fixture    *fixture,
                const void *data)
{
  g_auto(Ground)        ground = { 0 };
  g_autoptr(GPtrArray)  placed = NULL;
  GimpImage            *made;

  ground_init (&ground, fixture);
  ground.placement->mask_file = g_strdup ("mask.png");
  /* wherever it was taken */
  ground.placement->region.crop.x = 7;
  ground.placement->region.crop.y = 5;
  gimp_image_clean_all (ground.image);
  made = outcome_place_each (fixture, ground.placement, NULL, NAMES ("second.png", "second.png"),
                             OUTCOMES (COMFY_OUTCOME_NEW_IMAGE, COMFY_OUTCOME_NEW_IMAGE), "new",
                             &placed, NULL);
  g_assert_false (made == ground.image);
  g_assert_cmpint (gimp_image_get_width (made), ==, WIDTH / 2);
  g_assert_cmpint (gimp_image_get_height (made), ==, HEIGHT / 2);
  g_assert_cmpuint (placed->len, ==, 2);
  outcome_assert_rect (placed->pdata[0], 0, 0, WIDTH / 2, HEIGHT / 2);
  assert_shows (placed->pdata[0], ground.second);
  g_assert_null (gimp_layer_get_mask (placed->pdata[0]));
  g_assert_false (gimp_image_is_dirty (ground.image));
  g_assert_cmpuint (outcome_count_layers (ground.image), ==, 1);
  g_assert_true (comfy_host_is_placed (fixture->host, "new"));
}

/* colour stays colour, whatever it was asked for in */
static void
test_new_image_beside_a_layer (Fixture    *fixture,
                               const void *data)
{
  g_auto(Ground)        ground = { 0 };
  GimpLayer            *layer;
  GimpImage            *grey = outcome_new_image (6, WIDTH, HEIGHT, &layer);
  g_autoptr(GPtrArray)  placed = NULL;
  GimpImage            *made;

  ground_init (&ground, fixture);
  comfy_placement_unref (ground.placement);
  ground.placement = outcome_make_placement (fixture, grey, layer, &whole);
  g_assert_true (outcome_place_each (fixture, ground.placement, NULL,
                                     NAMES ("second.png", "first.png"),
                                     OUTCOMES (COMFY_OUTCOME_NEW_IMAGE, COMFY_OUTCOME_LAYERS),
                                     "beside", &placed, NULL) == grey);
  g_assert_cmpuint (placed->len, ==, 2);
  g_assert_true (gimp_item_get_image (placed->pdata[0]) == grey);
  made = gimp_item_get_image (placed->pdata[1]);
  g_assert_false (made == grey);
  g_assert_cmpint (gimp_image_get_base_type (made), ==, GIMP_RGB);
  assert_shows (placed->pdata[1], ground.second);
}

/* everything in the one that is made for it */
static void
test_image_gone (Fixture    *fixture,
                 const void *data)
{
  g_auto(Ground)          ground = { 0 };
  g_autoptr(ComfyPixels)  values = NULL;
  g_autoptr(GPtrArray)    placed = NULL;
  GimpImage              *made;

  ground_init (&ground, fixture);
  gimp_image_delete (ground.image);
  fixture_save (fixture, "source.png", ground.first);
  made = outcome_place_each (fixture, ground.placement, "source.png",
                             NAMES ("first.png", "mask.png", "mask.png"),
                             OUTCOMES (COMFY_OUTCOME_LAYERS, COMFY_OUTCOME_LAYER_MASK,
                                       COMFY_OUTCOME_SELECTION), "gone", &placed, NULL);
  g_assert_cmpuint (placed->len, ==, 2);
  g_assert_true (gimp_item_get_image (placed->pdata[0]) == made);
  g_assert_true (gimp_item_get_image (placed->pdata[1]) == made);
  g_assert_null (gimp_layer_get_mask (placed->pdata[0]));
  values = outcome_read_values (GIMP_DRAWABLE (gimp_layer_get_mask (placed->pdata[1])));
  outcome_assert_same (values, ground.mask, 0);
  assert_selected (made, ground.mask);
}

/* The canvas grows to the left for one of them: the selection is where the layer was sent from. */
static void
test_canvas_grows (Fixture    *fixture,
                   const void *data)
{
  g_auto(Ground)          ground = { 0 };
  g_autoptr(ComfyPixels)  selection = NULL;

  ground_init (&ground, fixture);
  ground.placement->edges = (ComfyEdges) { .left = 10, .top = 4 };
  outcome_place_each (fixture, ground.placement, NULL, NAMES ("first.png", "mask.png"),
                      OUTCOMES (COMFY_OUTCOME_LAYERS, COMFY_OUTCOME_SELECTION), "grows", NULL,
                      NULL);
  g_assert_cmpint (gimp_image_get_width (ground.image), ==, WIDTH + 10);
  selection = outcome_read_values (GIMP_DRAWABLE (gimp_image_get_selection (ground.image)));
  for (int y = 0; y < HEIGHT + 4; y++)
    for (int x = 0; x < WIDTH + 10; x++)
      g_assert_cmpint (outcome_get (selection, x, y, 0), ==,
                       x >= 10 && y >= 4 ? outcome_get (ground.mask, x - 10, y - 4, 0) : 0);
}

/* made of words alone: in its own size, in the middle */
static void
test_nothing_taken (Fixture    *fixture,
                    const void *data)
{
  g_auto(Ground)        ground = { 0 };
  g_autoptr(GPtrArray)  placed = NULL;
  int                   x;
  int                   y;
  int                   right;
  int                   bottom;
  gboolean              is_selected;

  ground_init (&ground, fixture);
  ground.placement->region = (ComfyRegion) { 0 };
  ground.placement->fit = COMFY_FIT_NATURAL;
  fixture_save (fixture, "mask.png", ground.second);
  outcome_place_each (fixture, ground.placement, NULL, NAMES ("second.png", "mask.png"),
                      OUTCOMES (COMFY_OUTCOME_LAYERS, COMFY_OUTCOME_SELECTION), "words", &placed,
                      NULL);
  outcome_assert_rect (placed->pdata[0], WIDTH / 4, (HEIGHT - HEIGHT / 2) / 2, WIDTH / 2,
                       HEIGHT / 2);
  g_assert_true (gimp_selection_bounds (ground.image, &is_selected, &x, &y, &right, &bottom));
  g_assert_true (is_selected);
  g_assert_cmpint (x, >=, WIDTH / 4);
  g_assert_cmpint (right, <=, WIDTH / 4 + WIDTH / 2);
}

/* a mask of nothing is a picture all the same */
static void
test_no_subject (Fixture    *fixture,
                 const void *data)
{
  static const ComfyOutcome   outcomes[] = { COMFY_OUTCOME_LAYER_MASK, COMFY_OUTCOME_SELECTION };

  for (unsigned int i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
      g_autoptr(ComfyPixels)     mask = outcome_make_mask (WIDTH, HEIGHT);
      g_autoptr(GPtrArray)       placed = NULL;
      g_autofree char           *job_id = g_uuid_string_random ();

      placement->image_id = placement->layer_id = -1;
      placement->fit = COMFY_FIT_NATURAL;
      placement->outcome = outcomes[i];
      fixture_save (fixture, "mask.png", mask);
      outcome_place (fixture, placement, NULL, NAMES ("mask.png"), job_id, &placed);
      g_assert_cmpuint (placed->len, ==, 1);
      assert_shows (placed->pdata[0], mask);
    }
}

static void
test_unreadable (Fixture    *fixture,
                 const void *data)
{
  g_auto(Ground)          ground = { 0 };
  g_autoptr(ComfyResult)  result = NULL;
  g_autoptr(ComfyResult)  none = NULL;
  g_autoptr(GPtrArray)    placed = NULL;

  ground_init (&ground, fixture);
  outcome_place_each (fixture, ground.placement, NULL,
                      NAMES ("broken.png", "first.png", "missing.png"), NULL, "some", &placed,
                      &result);
  g_assert_cmpuint (placed->len, ==, 1);
  assert_shows (placed->pdata[0], ground.first);
  assert_unplaced (result, "x-x");

  g_assert_null (outcome_place_each (fixture, ground.placement, NULL, NAMES ("broken.png"), NULL,
                                     "none", NULL, &none));
  assert_unplaced (none, "x");
  g_assert_false (comfy_host_is_placed (fixture->host, "none"));
}

/* A picture of a size that no machine has memory for, whatever it becomes: it is kept as a file,
 * and keeps no other away. */
static void
test_no_memory (Fixture    *fixture,
                const void *data)
{
  static const ComfyOutcome outcomes[] = { COMFY_OUTCOME_LAYERS, COMFY_OUTCOME_LAYER_MASK,
                                           COMFY_OUTCOME_SELECTION };

  for (unsigned int i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_auto(Ground)          ground = { 0 };
      g_autoptr(ComfyResult)  result = NULL;
      g_autoptr(ComfyResult)  none = NULL;
      g_autoptr(GPtrArray)    placed = NULL;
      g_autofree char        *some = g_uuid_string_random ();
      g_autofree char        *nothing = g_uuid_string_random ();
      ComfyRegion            *region;

      ground_init (&ground, fixture);
      region = &ground.placement->region;
      region->crop = (ComfyRect) { 0, 0, G_MAXINT, G_MAXINT };
      region->width = region->height = 64;
      g_assert_null (outcome_place_each (fixture, ground.placement, NULL, NAMES ("first.png"),
                                         &outcomes[i], nothing, NULL, &none));
      assert_unplaced (none, "x");
      g_assert_false (comfy_host_is_placed (fixture->host, nothing));

      outcome_place_each (fixture, ground.placement, NULL, NAMES ("first.png", "second.png"),
                          OUTCOMES (outcomes[i], COMFY_OUTCOME_NEW_IMAGE), some, &placed, &result);
      g_assert_cmpuint (placed->len, ==, 1);
      assert_unplaced (result, "x-");
    }
}

/* there is one selection: the others are kept as files */
static void
test_one_selection (Fixture    *fixture,
                    const void *data)
{
  g_auto(Ground)          ground = { 0 };
  g_autoptr(ComfyResult)  result = NULL;

  ground_init (&ground, fixture);
  outcome_place_each (fixture, ground.placement, NULL, NAMES ("mask.png", "first.png"),
                      OUTCOMES (COMFY_OUTCOME_SELECTION, COMFY_OUTCOME_SELECTION), "one", NULL,
                      &result);
  assert_selected (ground.image, ground.mask);
  assert_unplaced (result, "-x");
}

/* what a job of the server made need not belong together */
static void
test_images_of_the_server (Fixture    *fixture,
                           const void *data)
{
  g_auto(Ground)        ground = { 0 };
  g_autoptr(GPtrArray)  placed = NULL;
  g_autoptr(GPtrArray)  again = NULL;
  GimpImage            *first;
  GimpImage            *second;
  GimpImage            *third;

  ground_init (&ground, fixture);
  fixture->remote_id = "job_1";
  first = outcome_place_each (fixture, ground.placement, NULL, NAMES ("first.png", "second.png"),
                              OUTCOMES (COMFY_OUTCOME_NEW_IMAGE, COMFY_OUTCOME_NEW_IMAGE), "apart",
                              &placed, NULL);
  g_assert_cmpuint (placed->len, ==, 2);
  second = gimp_item_get_image (placed->pdata[1]);
  g_assert_true (gimp_item_get_image (placed->pdata[0]) == first);
  g_assert_true (second != first && first != ground.image && second != ground.image);
  assert_shows (placed->pdata[0], ground.first);
  assert_shows (placed->pdata[1], ground.second);
  g_assert_cmpint (gimp_image_get_width (first), ==, WIDTH);
  g_assert_cmpint (gimp_image_get_width (second), ==, WIDTH / 2);
  g_assert_cmpuint (outcome_count_layers (ground.image), ==, 1);

  /* and none of them twice: one that is there is proof of both */
  third = outcome_place_each (fixture, ground.placement, NULL, NAMES ("first.png", "second.png"),
                              OUTCOMES (COMFY_OUTCOME_NEW_IMAGE, COMFY_OUTCOME_NEW_IMAGE), "apart",
                              &again, NULL);
  g_assert_true (third == first || third == second);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_outcome_several_add (void)
{
  ADD ("/outcome/several/each-picture-becomes-what-it-shall", test_each);
  ADD ("/outcome/several/a-group-even-of-one", test_group);
  ADD ("/outcome/several/an-image-of-its-own", test_new_image);
  ADD ("/outcome/several/an-image-of-its-own-beside-a-layer", test_new_image_beside_a_layer);
  ADD ("/outcome/several/images-of-a-job-of-the-server-are-one-each", test_images_of_the_server);
  ADD ("/outcome/several/an-image-that-is-gone-is-made-once", test_image_gone);
  ADD ("/outcome/several/a-selection-follows-a-canvas-that-grows", test_canvas_grows);
  ADD ("/outcome/several/what-nothing-was-taken-for-lies-in-the-middle", test_nothing_taken);
  ADD ("/outcome/several/a-mask-of-nothing-is-a-layer", test_no_subject);
  ADD ("/outcome/several/what-cannot-be-read-keeps-no-other-away", test_unreadable);
  ADD ("/outcome/several/no-memory-for-one-keeps-no-other-away", test_no_memory);
  ADD ("/outcome/several/one-selection-and-no-more", test_one_selection);
}
