/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist applies out of a history: one picture of a job that made several, or what was
 * applied before.
 */
#include "config.h"

#include "comfy-mask.h"
#include "outcome-fixture.h"

#define WIDTH  60
#define HEIGHT 50

static const ComfyRect part = { 5, 6, 42, 30 };

/* An image with a layer that was sent, and two pictures that came */
typedef struct
{
  GimpImage      *image;
  GimpLayer      *layer;
  ComfyPlacement *placement; /* owned */
  ComfyPixels    *first;     /* owned: first.png */
  ComfyPixels    *second;    /* owned: second.png */
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
  ground->image = outcome_new_image (0, WIDTH, HEIGHT, NULL);
  ground->layer = fixture_add_noise (ground->image,
                                     GEGL_RECTANGLE (part.x, part.y, part.width, part.height),
                                     FALSE);
  ground->placement = outcome_make_placement (fixture, ground->image, ground->layer, &part);
  ground->first = fixture_make_pixels (part.width, part.height, 3);
  ground->second = fixture_make_pixels (part.width, part.height, 3);
  ground->mask = outcome_make_mask (part.width, part.height);
  fixture_save (fixture, "first.png", ground->first);
  fixture_save (fixture, "second.png", ground->second);
  fixture_save (fixture, "mask.png", ground->mask);
}

/* the layers that it was placed as */
static GPtrArray *
place_again (Fixture            *fixture,
             Ground             *ground,
             const char * const *names,
             const char         *job_id)
{
  g_autoptr(ComfyResult)  result = NULL;
  GPtrArray              *layers;

  result = outcome_new_result (fixture, ground->placement, NULL, names, NULL, job_id);
  g_assert_true (outcome_read_report (comfy_host_place_again (fixture->host, result), &layers)
                 == ground->image);

  return layers;
}

static void
assert_stack (GimpImage        *image,
              GimpItem * const *expected)
{
  g_autofree GimpLayer **layers = gimp_image_get_layers (image);
  unsigned int           i;

  for (i = 0; expected[i] != NULL; i++)
    g_assert_true (GIMP_ITEM (layers[i]) == expected[i]);
  g_assert_null (layers[i + 1]); /* the ground */
}

/* on top of what the job has brought before, else it would not be seen; with its mask and mark */
static void
test_one_of_several (Fixture    *fixture,
                     const void *data)
{
  g_auto(Ground)          ground = { 0 };
  g_autoptr(GPtrArray)    all = NULL;
  g_autoptr(GPtrArray)    one = NULL;
  g_autoptr(ComfyPixels)  pixels = NULL;
  g_autoptr(ComfyPixels)  values = NULL;
  GimpLayer              *layer;

  ground_init (&ground, fixture);
  ground.placement->mask_file = g_strdup ("mask.png");
  outcome_place (fixture, ground.placement, NULL, NAMES ("first.png", "second.png"), "job", &all);
  one = place_again (fixture, &ground, NAMES ("second.png"), "job");

  g_assert_cmpuint (one->len, ==, 1);
  layer = g_ptr_array_index (one, 0);
  assert_stack (ground.image, (GimpItem * const []) {
    GIMP_ITEM (layer), gimp_item_get_parent (g_ptr_array_index (all, 0)),
    GIMP_ITEM (ground.layer), NULL });
  pixels = outcome_read_layer (layer, 3);
  outcome_assert_same (pixels, ground.second, 0);
  values = outcome_read_values (GIMP_DRAWABLE (gimp_layer_get_mask (layer)));
  outcome_assert_same (values, ground.mask, 0);
  g_assert_true (gimp_item_get_visible (GIMP_ITEM (layer)));

  /* it counts as the job's result by itself */
  gimp_image_remove_layer (ground.image,
                           GIMP_LAYER (gimp_item_get_parent (g_ptr_array_index (all, 0))));
  g_assert_true (comfy_host_is_placed (fixture->host, "job"));
  gimp_image_remove_layer (ground.image, layer);
  g_assert_false (comfy_host_is_placed (fixture->host, "job"));
}

/* whether it is there or was deleted; what came by itself covers nothing */
static void
test_again (Fixture    *fixture,
            const void *data)
{
  g_auto(Ground)        ground = { 0 };
  g_autoptr(GPtrArray)  first = NULL;
  g_autoptr(GPtrArray)  by_itself = NULL;
  g_autoptr(GPtrArray)  second = NULL;
  g_autoptr(GPtrArray)  third = NULL;
  GimpItem             *top;

  ground_init (&ground, fixture);
  outcome_place (fixture, ground.placement, NULL, NAMES ("first.png"), "job", &first);
  outcome_place (fixture, ground.placement, NULL, NAMES ("second.png"), "other", &by_itself);
  second = place_again (fixture, &ground, NAMES ("first.png"), "job");
  top = g_ptr_array_index (second, 0);
  assert_stack (ground.image, (GimpItem * const []) {
    top, g_ptr_array_index (first, 0), g_ptr_array_index (by_itself, 0), GIMP_ITEM (ground.layer),
    NULL });

  gimp_image_remove_layer (ground.image, GIMP_LAYER (top));
  gimp_image_remove_layer (ground.image, g_ptr_array_index (first, 0));
  third = place_again (fixture, &ground, NAMES ("first.png"), "job");
  assert_stack (ground.image, (GimpItem * const []) {
    g_ptr_array_index (third, 0), g_ptr_array_index (by_itself, 0), GIMP_ITEM (ground.layer),
    NULL });
}

/* the artist's own layers stay on top */
static void
test_below_others (Fixture    *fixture,
                   const void *data)
{
  g_auto(Ground)        ground = { 0 };
  g_autoptr(GPtrArray)  first = NULL;
  g_autoptr(GPtrArray)  second = NULL;
  GimpLayer            *top;

  ground_init (&ground, fixture);
  top = fixture_add_noise (ground.image, GEGL_RECTANGLE (0, 0, WIDTH, HEIGHT), TRUE);
  outcome_place (fixture, ground.placement, NULL, NAMES ("first.png"), "job", &first);
  second = place_again (fixture, &ground, NAMES ("first.png"), "job");
  assert_stack (ground.image, (GimpItem * const []) {
    GIMP_ITEM (top), g_ptr_array_index (second, 0), g_ptr_array_index (first, 0),
    GIMP_ITEM (ground.layer), NULL });
}

/* the artist has selected something else since, or taken the mask off: no step was undone, and the
 * image still notes the job */
static void
test_masks (Fixture    *fixture,
            const void *data)
{
  g_auto(Ground)          ground = { 0 };
  g_autoptr(GPtrArray)    layers = NULL;
  g_autoptr(GPtrArray)    none = NULL;
  g_autoptr(ComfyPixels)  values = NULL;
  ComfyRect               bounds;

  ground_init (&ground, fixture);
  ground.placement->outcome = COMFY_OUTCOME_LAYER_MASK;
  outcome_place (fixture, ground.placement, NULL, NAMES ("mask.png"), "masked", NULL);
  gimp_layer_remove_mask (ground.layer, GIMP_MASK_DISCARD);
  layers = place_again (fixture, &ground, NAMES ("mask.png"), "masked");
  g_assert_true (g_ptr_array_index (layers, 0) == ground.layer);
  values = outcome_read_values (GIMP_DRAWABLE (gimp_layer_get_mask (ground.layer)));
  outcome_assert_same (values, ground.mask, 0);

  ground.placement->outcome = COMFY_OUTCOME_SELECTION;
  outcome_place (fixture, ground.placement, NULL, NAMES ("mask.png"), "selected", NULL);
  gimp_selection_none (ground.image);
  none = place_again (fixture, &ground, NAMES ("mask.png"), "selected");
  g_assert_cmpuint (none->len, ==, 0);
  g_clear_pointer (&values, comfy_pixels_unref);
  values = outcome_read_values (GIMP_DRAWABLE (gimp_image_get_selection (ground.image)));
  g_assert_true (comfy_mask_get_bounds (values, &bounds));
  g_assert_true (comfy_rect_contains (&part, &bounds));
}

/* Applying what is applied changes nothing, with a mask that was there before as without. */
static void
test_mask_twice (Fixture    *fixture,
                 const void *data)
{
  for (unsigned int i = 0; i < 2; i++)
    {
      g_auto(Ground)          ground = { 0 };
      g_autoptr(GPtrArray)    layers = NULL;
      g_autoptr(ComfyPixels)  once = NULL;
      g_autoptr(ComfyPixels)  twice = NULL;
      g_autofree char        *job_id = g_uuid_string_random ();

      ground_init (&ground, fixture);
      ground.placement->outcome = COMFY_OUTCOME_LAYER_MASK;
      gimp_image_select_ellipse (ground.image, GIMP_CHANNEL_OP_REPLACE, 8, 8, 30, 20);
      if (i == 1)
        gimp_layer_add_mask (ground.layer,
                             gimp_layer_create_mask (ground.layer, GIMP_ADD_MASK_SELECTION));
      outcome_place (fixture, ground.placement, NULL, NAMES ("mask.png"), job_id, NULL);
      once = outcome_read_values (GIMP_DRAWABLE (gimp_layer_get_mask (ground.layer)));
      layers = place_again (fixture, &ground, NAMES ("mask.png"), job_id);
      g_assert_true (g_ptr_array_index (layers, 0) == ground.layer);
      twice = outcome_read_values (GIMP_DRAWABLE (gimp_layer_get_mask (ground.layer)));
      outcome_assert_same (once, twice, 0);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_outcome_again_add (void)
{
  ADD ("/outcome/again/one-of-several-on-top", test_one_of_several);
  ADD ("/outcome/again/whether-it-is-there-or-not", test_again);
  ADD ("/outcome/again/below-what-the-artist-has-on-top", test_below_others);
  ADD ("/outcome/again/a-mask-and-a-selection", test_masks);
  ADD ("/outcome/again/a-mask-twice-is-the-same-mask", test_mask_twice);
}
