/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results that become the selection, value for value.
 */
#include "config.h"

#include "comfy-mask.h"
#include "outcome-fixture.h"

#define WIDTH  60
#define HEIGHT 50

static const ComfyRect whole = { 0, 0, WIDTH, HEIGHT };

static unsigned int
count_channels (GimpImage *image)
{
  g_autofree GimpChannel **channels = gimp_image_get_channels (image);
  unsigned int             n = 0;

  while (channels[n] != NULL)
    n++;

  return n;
}

static ComfyPixels *
read_selection (GimpImage *image)
{
  return outcome_read_values (GIMP_DRAWABLE (gimp_image_get_selection (image)));
}

static ComfyPlacement *
make_placement (Fixture         *fixture,
                GimpImage       *image,
                GimpLayer       *layer,
                const ComfyRect *crop)
{
  ComfyPlacement *placement = outcome_make_placement (fixture, image, layer, crop);

  placement->outcome = COMFY_OUTCOME_SELECTION;

  return placement;
}

static void
test_exact (Fixture    *fixture,
            const void *data)
{
  g_autoptr(ComfyPixels) mask = outcome_make_mask (WIDTH, HEIGHT);

  fixture_save (fixture, "result.png", mask);
  for (unsigned int kind = 0; kind < OUTCOME_N_KINDS; kind++)
    {
      GimpLayer                  *layer;
      GimpImage                  *image = outcome_new_image (kind, WIDTH, HEIGHT, &layer);
      g_autoptr(ComfyPlacement)   placement = make_placement (fixture, image, layer, &whole);
      g_autoptr(ComfyPixels)      selection = NULL;
      g_autoptr(GPtrArray)        placed = NULL;
      g_autofree char            *job_id = g_uuid_string_random ();
      g_autofree GimpLayer      **selected = NULL;
      int                         pixel_size;
      g_autoptr(GBytes)           before = outcome_look (image, &pixel_size);
      g_autoptr(GBytes)           after = NULL;

      gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 3, 4, 5, 6);
      g_assert_true (outcome_place (fixture, placement, NULL, NAMES ("result.png"), job_id, &placed)
                     == image);
      g_assert_cmpuint (placed->len, ==, 0);
      selection = read_selection (image);
      outcome_assert_same (selection, mask, 0);
      after = outcome_look (image, &pixel_size);
      g_assert_true (g_bytes_equal (before, after));
      g_assert_cmpuint (count_channels (image), ==, 0);
      g_assert_cmpuint (outcome_count_layers (image), ==, 1);
      selected = gimp_image_get_selected_layers (image);
      g_assert_true (selected[0] == layer && selected[1] == NULL);
    }
}

/* colours count as their brightness, and a part of the canvas lies where it was taken */
static void
test_part (Fixture    *fixture,
           const void *data)
{
  const ComfyRect             crop = { -6, 20, 40, 50 };
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
  g_autoptr(ComfyPlacement)   placement = make_placement (fixture, image, layer, &crop);
  g_autoptr(ComfyPixels)      result = fixture_make_pixels (crop.width, crop.height, 3);
  g_autoptr(ComfyPixels)      mask = comfy_mask_from_picture (result);
  g_autoptr(ComfyPixels)      selection = NULL;

  fixture_save (fixture, "result.png", result);
  outcome_place (fixture, placement, NULL, NAMES ("result.png"), "part", NULL);
  selection = read_selection (image);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      g_assert_cmpint (outcome_get (selection, x, y, 0), ==,
                       x < 34 && y >= 20 ? outcome_get (mask, x + 6, y - 20, 0) : 0);
}

/* in whatever size it comes, and even if it was to keep its size */
static void
test_other_size (Fixture    *fixture,
                 const void *data)
{
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
  g_autoptr(ComfyPlacement)   placement = make_placement (fixture, image, layer, &whole);
  g_autoptr(ComfyPixels)      mask = outcome_make_mask (WIDTH / 2, HEIGHT / 2);
  g_autoptr(ComfyPixels)      selection = NULL;

  placement->fit = COMFY_FIT_NATURAL;
  fixture_save (fixture, "result.png", mask);
  outcome_place (fixture, placement, NULL, NAMES ("result.png"), "half", NULL);
  selection = read_selection (image);
  for (int y = 0; y < HEIGHT; y++)
    {
      g_assert_cmpint (outcome_get (selection, 4, y, 0), ==, 0);
      g_assert_cmpint (outcome_get (selection, WIDTH - 4, y, 0), ==, 255);
    }
}

/* it stays where it was taken, as far as there is a canvas */
static void
test_canvas_changed (Fixture    *fixture,
                     const void *data)
{
  static const int sizes[][2] = { { 40, 70 }, { 90, 30 } };

  for (unsigned int i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      GimpLayer                  *layer;
      GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
      g_autoptr(ComfyPlacement)   placement = make_placement (fixture, image, layer, &whole);
      g_autoptr(ComfyPixels)      mask = outcome_make_mask (WIDTH, HEIGHT);
      g_autoptr(ComfyPixels)      selection = NULL;
      g_autofree char            *job_id = g_uuid_string_random ();

      fixture_save (fixture, "result.png", mask);
      gimp_image_resize (image, sizes[i][0], sizes[i][1], 0, 0);
      outcome_place (fixture, placement, NULL, NAMES ("result.png"), job_id, NULL);
      selection = read_selection (image);
      g_assert_cmpint (selection->width, ==, sizes[i][0]);
      g_assert_cmpint (selection->height, ==, sizes[i][1]);
      for (int y = 0; y < sizes[i][1]; y++)
        for (int x = 0; x < sizes[i][0]; x++)
          g_assert_cmpint (outcome_get (selection, x, y, 0), ==,
                           x < WIDTH && y < HEIGHT ? outcome_get (mask, x, y, 0) : 0);
    }
}

/* what was sent is an image again, with the selection */
static void
test_image_gone (Fixture    *fixture,
                 const void *data)
{
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
  g_autoptr(ComfyPlacement)   placement = make_placement (fixture, image, layer, &whole);
  g_autoptr(ComfyPixels)      sent = outcome_read_layer (layer, 3);
  g_autoptr(ComfyPixels)      mask = outcome_make_mask (WIDTH, HEIGHT);
  g_autoptr(ComfyPixels)      seen = NULL;
  g_autoptr(ComfyPixels)      selection = NULL;
  GimpImage                  *made;
  GimpImage                  *again;

  fixture_save (fixture, "source.png", sent);
  fixture_save (fixture, "result.png", mask);
  gimp_image_delete (image);
  made = outcome_place (fixture, placement, "source.png", NAMES ("result.png"), "gone", NULL);
  g_assert_cmpint (gimp_image_get_width (made), ==, WIDTH);
  g_assert_cmpint (gimp_image_get_height (made), ==, HEIGHT);
  seen = outcome_look_plain (made);
  outcome_assert_same (seen, sent, 0);
  selection = read_selection (made);
  outcome_assert_same (selection, mask, 0);

  again = outcome_place (fixture, placement, "source.png", NAMES ("result.png"), "gone", NULL);
  g_assert_true (again == made);
}

/* a channel that is painted on stays the one */
static void
test_keeps_channel (Fixture    *fixture,
                    const void *data)
{
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
  g_autoptr(ComfyPlacement)   placement = make_placement (fixture, image, layer, &whole);
  g_autoptr(ComfyPixels)      mask = outcome_make_mask (WIDTH, HEIGHT);
  GeglColor                  *red = gegl_color_new ("red");
  GimpChannel                *channel = gimp_channel_new (image, "edges", WIDTH, HEIGHT, 50, red);
  GimpChannel                *upper = gimp_channel_new (image, "upper", WIDTH, HEIGHT, 50, red);
  const GimpChannel          *painted_on[] = { channel, NULL };
  g_autofree GimpChannel    **selected = NULL;

  g_object_unref (red);
  gimp_image_insert_channel (image, channel, NULL, 0);
  gimp_image_insert_channel (image, upper, NULL, 0);
  gimp_image_set_selected_channels (image, painted_on);
  fixture_save (fixture, "result.png", mask);
  outcome_place (fixture, placement, NULL, NAMES ("result.png"), "channel", NULL);
  selected = gimp_image_get_selected_channels (image);
  g_assert_true (selected[0] == channel && selected[1] == NULL);
  g_assert_cmpuint (count_channels (image), ==, 2);
}

/* in the middle of pasting: it goes on floating */
static void
test_floating (Fixture    *fixture,
               const void *data)
{
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
  GimpDrawable               *drawables[] = { GIMP_DRAWABLE (layer), NULL };
  g_autoptr(ComfyPlacement)   placement = make_placement (fixture, image, layer, &whole);
  g_autoptr(ComfyPixels)      mask = outcome_make_mask (WIDTH, HEIGHT);
  g_autoptr(ComfyPixels)      selection = NULL;
  GimpLayer                  *floating;

  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 10, 10, 20, 20);
  floating = gimp_selection_float (image, drawables, 3, 3);
  fixture_save (fixture, "result.png", mask);
  outcome_place (fixture, placement, NULL, NAMES ("result.png"), "floating", NULL);
  g_assert_true (gimp_image_get_floating_sel (image) == floating);
  selection = read_selection (image);
  outcome_assert_same (selection, mask, 0);
}

static void
test_twice (Fixture    *fixture,
            const void *data)
{
  GimpLayer                  *layer;
  GimpImage                  *image = outcome_new_image (0, WIDTH, HEIGHT, &layer);
  g_autoptr(ComfyPlacement)   placement = make_placement (fixture, image, layer, &whole);
  g_autoptr(ComfyPixels)      mask = outcome_make_mask (WIDTH, HEIGHT);

  fixture_save (fixture, "result.png", mask);
  g_assert_false (comfy_host_is_placed (fixture->host, "twice"));
  outcome_place (fixture, placement, NULL, NAMES ("result.png"), "twice", NULL);
  g_assert_true (comfy_host_is_placed (fixture->host, "twice"));
  g_assert_false (comfy_host_is_placed (fixture->host, "other"));

  /* what the artist has selected since is not lost to it */
  gimp_selection_none (image);
  outcome_place (fixture, placement, NULL, NAMES ("result.png"), "twice", NULL);
  g_assert_true (gimp_selection_is_empty (image));
  outcome_place (fixture, placement, NULL, NAMES ("result.png"), "other", NULL);
  g_assert_false (gimp_selection_is_empty (image));
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_outcome_selection_add (void)
{
  ADD ("/outcome/selection/is-the-result-value-for-value", test_exact);
  ADD ("/outcome/selection/lies-where-it-was-taken", test_part);
  ADD ("/outcome/selection/a-result-of-another-size-fits", test_other_size);
  ADD ("/outcome/selection/another-canvas-meanwhile", test_canvas_changed);
  ADD ("/outcome/selection/an-image-that-is-gone-is-made-anew", test_image_gone);
  ADD ("/outcome/selection/the-channel-painted-on-is-kept", test_keeps_channel);
  ADD ("/outcome/selection/beside-a-floating-selection", test_floating);
  ADD ("/outcome/selection/never-twice", test_twice);
}
