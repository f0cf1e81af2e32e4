/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A canvas that grows with its result, and takes everything along.
 */
#include "config.h"

#include "comfy-mask.h"
#include "outcome-fixture.h"

#define WIDTH  60
#define HEIGHT 50

static const ComfyEdges edges = { .left = 7, .top = 5, .right = 11, .bottom = 3 };
static const ComfyRect  grown = { -7, -5, WIDTH + 18, HEIGHT + 8 };

/* An image, and a result that reaches beyond it */
typedef struct
{
  GimpImage      *image;
  GimpLayer      *layer; /* a small one, partly off the canvas */
  ComfyPlacement *placement;
  ComfyPixels    *result;
  ComfyPixels    *mask;
} Sent;

static void
sent_clear (Sent *self)
{
  comfy_placement_unref (self->placement);
  comfy_pixels_unref (self->result);
  comfy_pixels_unref (self->mask);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sent, sent_clear)

static void
send_image (Fixture      *fixture,
            unsigned int  kind,
            Sent         *self)
{
  const ComfyRect inside = { 7, 5, WIDTH, HEIGHT };

  self->image = outcome_new_image (kind, WIDTH, HEIGHT, NULL);
  self->layer = fixture_add_noise (self->image, GEGL_RECTANGLE (-8, 12, 20, 50), FALSE);
  self->placement = outcome_make_placement (fixture, self->image, self->layer, &grown);
  self->placement->edges = edges;
  self->placement->mask_file = g_strdup ("mask.png");
  self->mask = comfy_mask_new_rect_outside (grown.width, grown.height, &inside, 6);
  self->result = fixture_make_pixels (grown.width, grown.height, 3);
  fixture_save (fixture, "mask.png", self->mask);
  fixture_save (fixture, "result.png", self->result);
}

static GimpLayer *
place (Fixture    *fixture,
       Sent       *sent,
       GimpImage **out_image)
{
  g_autoptr(GPtrArray)  placed = NULL;
  g_autofree char      *job_id = g_uuid_string_random ();
  GimpImage            *image = outcome_place (fixture, sent->placement, NULL,
                                               NAMES ("result.png"), job_id, &placed);

  if (out_image != NULL)
    *out_image = image;
  else
    g_assert_true (image == sent->image);

  return g_ptr_array_index (placed, 0);
}

static void
assert_size (GimpImage *image,
             int        width,
             int        height)
{
  g_assert_cmpint (gimp_image_get_width (image), ==, width);
  g_assert_cmpint (gimp_image_get_height (image), ==, height);
}

static void
test_grows (Fixture    *fixture,
            const void *data)
{
  for (unsigned int kind = 0; kind < OUTCOME_N_KINDS; kind++)
    {
      g_auto(Sent)       sent = { 0 };
      g_autoptr(GBytes)  before = NULL;
      g_autoptr(GBytes)  after = NULL;
      const guint8      *a;
      const guint8      *b;
      int                n;

      send_image (fixture, kind, &sent);
      before = outcome_look (sent.image, &n);
      outcome_assert_rect (place (fixture, &sent, NULL), 0, 0, grown.width, grown.height);
      assert_size (sent.image, grown.width, grown.height);
      outcome_assert_rect (sent.layer, -8 + 7, 12 + 5, 20, 50);

      after = outcome_look (sent.image, &n);
      a = g_bytes_get_data (before, NULL);
      b = g_bytes_get_data (after, NULL);
      for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
          if (outcome_get (sent.mask, x + 7, y + 5, 0) == 0)
            g_assert_cmpmem (a + (size_t) (y * WIDTH + x) * n, n,
                             b + (size_t) ((y + 5) * grown.width + x + 7) * n, n);
    }
}

static void
test_takes_along (Fixture    *fixture,
                  const void *data)
{
  g_auto(Sent)             sent = { 0 };
  GeglColor               *red = gegl_color_new ("red");
  GimpChannel             *channel;
  g_autoptr(ComfyPixels)   selection = NULL;
  g_autoptr(ComfyPixels)   channel_values = NULL;
  g_autofree GimpLayer   **selected = NULL;
  guint                    guides[2];
  guint                    point;
  int                      x;
  int                      y;

  send_image (fixture, 0, &sent);
  guides[0] = gimp_image_add_vguide (sent.image, 20);
  guides[1] = gimp_image_add_hguide (sent.image, 0);
  point = gimp_image_add_sample_point (sent.image, 13, 14);
  channel = gimp_channel_new (sent.image, "edges", WIDTH, HEIGHT, 50, red);
  g_object_unref (red);
  gimp_image_insert_channel (sent.image, channel, NULL, 0);
  gimp_image_set_selected_layers (sent.image, (const GimpLayer *[]) { sent.layer, NULL });
  gimp_image_select_rectangle (sent.image, GIMP_CHANNEL_OP_REPLACE, 30, 20, 30, 9);

  place (fixture, &sent, NULL);
  g_assert_cmpint (gimp_image_get_guide_position (sent.image, guides[0]), ==, 27);
  g_assert_cmpint (gimp_image_get_guide_position (sent.image, guides[1]), ==, 5);
  x = gimp_image_get_sample_point_position (sent.image, point, &y);
  g_assert_true (x == 20 && y == 19);
  g_assert_cmpint (gimp_drawable_get_width (GIMP_DRAWABLE (channel)), ==, grown.width);
  selected = gimp_image_get_selected_layers (sent.image);
  g_assert_true (selected[0] == sent.layer && selected[1] == NULL);
  selection = outcome_read_values (GIMP_DRAWABLE (gimp_image_get_selection (sent.image)));
  for (y = 0; y < grown.height; y++)
    for (x = 0; x < grown.width; x++)
      g_assert_cmpint (outcome_get (selection, x, y, 0), ==,
                       x >= 37 && x < 67 && y >= 25 && y < 34 ? 255 : 0);
}

/* an artist who has given the canvas another size meanwhile does not want it changed again */
static void
test_other_canvas (Fixture    *fixture,
                   const void *data)
{
  static const int sizes[][2] = { { 40, 30 }, { 60, 51 }, { 78, 58 } };

  for (unsigned int i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_auto(Sent) sent = { 0 };

      send_image (fixture, 0, &sent);
      gimp_image_resize (sent.image, sizes[i][0], sizes[i][1], 0, 0);
      outcome_assert_rect (place (fixture, &sent, NULL), -7, -5, grown.width, grown.height);
      assert_size (sent.image, sizes[i][0], sizes[i][1]);
      outcome_assert_rect (sent.layer, -8, 12, 20, 50);
    }
}

/* The new image is as large as the old one would have become, and shows all of the result. */
static void
test_image_gone (Fixture    *fixture,
                 const void *data)
{
  g_auto(Sent)            sent = { 0 };
  g_autoptr(ComfyPixels)  seen = NULL;
  g_autoptr(ComfyPixels)  values = NULL;
  GimpImage              *image;
  GimpLayer              *layer;

  send_image (fixture, 0, &sent);
  gimp_image_delete (sent.image);
  layer = place (fixture, &sent, &image);
  assert_size (image, grown.width, grown.height);
  outcome_assert_rect (layer, 0, 0, grown.width, grown.height);
  seen = outcome_look_plain (image);
  outcome_assert_same (seen, sent.result, 0);
  g_assert_false (gimp_layer_get_apply_mask (layer));
  values = outcome_read_values (GIMP_DRAWABLE (gimp_layer_get_mask (layer)));
  outcome_assert_same (values, sent.mask, 0);
}

/* several results make it grow once */
static void
test_several (Fixture    *fixture,
              const void *data)
{
  g_auto(Sent)          sent = { 0 };
  g_autoptr(GPtrArray)  placed = NULL;

  send_image (fixture, 0, &sent);
  outcome_place (fixture, sent.placement, NULL, NAMES ("result.png", "mask.png", "result.png"),
                 "several", &placed);
  assert_size (sent.image, grown.width, grown.height);
  for (unsigned int i = 0; i < 3; i++)
    outcome_assert_rect (g_ptr_array_index (placed, i), 0, 0, grown.width, grown.height);
}

static void
test_twice (Fixture    *fixture,
            const void *data)
{
  g_auto(Sent) sent = { 0 };

  send_image (fixture, 0, &sent);
  outcome_place (fixture, sent.placement, NULL, NAMES ("result.png"), "twice", NULL);
  outcome_place (fixture, sent.placement, NULL, NAMES ("result.png"), "twice", NULL);
  assert_size (sent.image, grown.width, grown.height);
  g_assert_cmpuint (outcome_count_layers (sent.image), ==, 3);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_outcome_edges_add (void)
{
  ADD ("/outcome/edges/the-canvas-grows-and-the-picture-stays", test_grows);
  ADD ("/outcome/edges/everything-moves-along", test_takes_along);
  ADD ("/outcome/edges/another-canvas-meanwhile-stays", test_other_canvas);
  ADD ("/outcome/edges/an-image-that-is-gone-is-made-as-large", test_image_gone);
  ADD ("/outcome/edges/several-make-it-grow-once", test_several);
  ADD ("/outcome/edges/never-twice", test_twice);
}
