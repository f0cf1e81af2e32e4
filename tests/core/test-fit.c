/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-fit.h"
#include "comfy-placement-private.h"

static ComfyPlacement *
make_placement (ComfyFit fit,
                int      x,
                int      y,
                int      width,
                int      height)
{
  ComfyPlacement *placement = comfy_placement_new ();

  placement->fit = fit;
  placement->image_width = 100;
  placement->image_height = 80;
  placement->region.crop.x = x;
  placement->region.crop.y = y;
  placement->region.crop.width = width;
  placement->region.crop.height = height;
  placement->region.width = width;
  placement->region.height = height;

  return placement;
}

#define CANVAS ((ComfyRect) { 0, 0, 100, 80 })

static void
assert_rect (const ComfyRect *rect,
             int              x,
             int              y,
             int              width,
             int              height)
{
  g_assert_cmpint (rect->x, ==, x);
  g_assert_cmpint (rect->y, ==, y);
  g_assert_cmpint (rect->width, ==, width);
  g_assert_cmpint (rect->height, ==, height);
}

/* whatever size comes, it fills what was taken, and the canvas stays */
static void
test_region (void)
{
  for (unsigned int run = 0; run < 200; run++)
    {
      int                       x = g_test_rand_int_range (-200, 200);
      int                       y = g_test_rand_int_range (-200, 200);
      int                       width = g_test_rand_int_range (1, 300);
      int                       height = g_test_rand_int_range (1, 300);
      g_autoptr(ComfyPlacement) placement = NULL;
      ComfyRect                 layer;
      ComfyRect                 canvas = CANVAS;

      placement = make_placement (COMFY_FIT_REGION, x, y, width, height);
      comfy_fit_layer (placement, g_test_rand_int_range (1, 5000),
                       g_test_rand_int_range (1, 5000), &layer);
      assert_rect (&layer, x, y, width, height);
      comfy_fit_canvas (placement, &layer, &canvas);
      assert_rect (&canvas, 0, 0, 100, 80);
    }
}

static void
test_natural (void)
{
  g_autoptr(ComfyPlacement) filling = make_placement (COMFY_FIT_NATURAL, 0, 0, 100, 80);
  g_autoptr(ComfyPlacement) part = make_placement (COMFY_FIT_NATURAL, 1, 0, 99, 80);
  g_autoptr(ComfyPlacement) beyond = make_placement (COMFY_FIT_NATURAL, -10, -5, 120, 90);
  ComfyRect                 layer;
  ComfyRect                 canvas = CANVAS;

  comfy_fit_layer (part, 396, 320, &layer);
  assert_rect (&layer, 1, 0, 396, 320);
  comfy_fit_canvas (part, &layer, &canvas);
  assert_rect (&canvas, 0, 0, 100, 80);

  comfy_fit_layer (beyond, 480, 360, &layer);
  assert_rect (&layer, -10, -5, 480, 360);
  comfy_fit_canvas (beyond, &layer, &canvas);
  assert_rect (&canvas, 0, 0, 470, 355);

  canvas = CANVAS;
  comfy_fit_layer (filling, 400, 320, &layer);
  comfy_fit_canvas (filling, &layer, &canvas);
  assert_rect (&canvas, 0, 0, 400, 320);

  /* smaller than the canvas: that stays */
  canvas = CANVAS;
  comfy_fit_layer (filling, 50, 40, &layer);
  comfy_fit_canvas (filling, &layer, &canvas);
  assert_rect (&canvas, 0, 0, 100, 80);

  /* the artist has cropped the image meanwhile */
  canvas = (ComfyRect) { 0, 0, 60, 60 };
  comfy_fit_layer (filling, 400, 320, &layer);
  comfy_fit_canvas (filling, &layer, &canvas);
  assert_rect (&canvas, 0, 0, 60, 60);
}

static void
test_nothing_taken (void)
{
  g_autoptr(ComfyPlacement) region = make_placement (COMFY_FIT_REGION, 0, 0, 0, 0);
  g_autoptr(ComfyPlacement) natural = make_placement (COMFY_FIT_NATURAL, 0, 0, 0, 0);
  g_autoptr(ComfyPlacement) no_image = comfy_placement_new ();
  ComfyRect                 layer;
  ComfyRect                 canvas = CANVAS;

  comfy_fit_layer (region, 1024, 816, &layer);
  assert_rect (&layer, 0, 0, 100, 80);

  comfy_fit_layer (natural, 200, 40, &layer);
  assert_rect (&layer, -50, 20, 200, 40);
  comfy_fit_canvas (natural, &layer, &canvas);
  assert_rect (&canvas, 0, 0, 100, 80);

  comfy_fit_layer (no_image, 640, 480, &layer);
  assert_rect (&layer, 0, 0, 640, 480);
  canvas = (ComfyRect) { 0 };
  comfy_fit_canvas (no_image, &layer, &canvas);
  assert_rect (&canvas, 0, 0, 640, 480);
}

/* what is there moves with the canvas; but not in one that the artist has cropped meanwhile */
static void
test_edges (void)
{
  g_autoptr(ComfyPlacement) placement = make_placement (COMFY_FIT_REGION, -10, 0, 60, 80);
  ComfyRect                 canvas = CANVAS;
  ComfyRect                 layer;

  placement->edges = (ComfyEdges) { 10, 20, 3, 4 };
  comfy_fit_layer (placement, 60, 80, &layer);
  assert_rect (&layer, -10, 0, 60, 80);
  comfy_fit_canvas (placement, &layer, &canvas);
  assert_rect (&canvas, -10, -20, 113, 104);
  /* the second of two results */
  comfy_fit_canvas (placement, &layer, &canvas);
  assert_rect (&canvas, -10, -20, 113, 104);

  canvas = (ComfyRect) { 0, 0, 99, 80 };
  comfy_fit_canvas (placement, &layer, &canvas);
  assert_rect (&canvas, 0, 0, 99, 80);
}

/* what was padded to be sent is no part of the result */
static void
test_padding (void)
{
  g_autoptr(ComfyPlacement) placement = make_placement (COMFY_FIT_NATURAL, 5, 6, 100, 80);
  ComfyRect                 layer;

  placement->region.left = 6;
  placement->region.right = 6;
  comfy_fit_layer (placement, 448, 320, &layer);
  assert_rect (&layer, 5, 6, 400, 320);
}

/* a poster is not filled with what no memory holds */
static void
test_huge_canvas (void)
{
  g_autoptr(ComfyPlacement) placement = make_placement (COMFY_FIT_REGION, 0, 0, 0, 0);
  ComfyRect                 layer;

  placement->image_width = placement->image_height = 16384;
  comfy_fit_layer (placement, 1024, 1024, &layer);
  assert_rect (&layer, 0, 0, 16384, 16384);

  placement->image_width = 16386;
  comfy_fit_layer (placement, 1024, 1024, &layer);
  assert_rect (&layer, 7681, 7680, 1024, 1024);
}

/* (transfer full): @placement, written down and read again */
static ComfyPlacement *
read_again (ComfyPlacement *placement)
{
  g_autoptr(JsonNode) node = _comfy_placement_to_json (placement);

  return _comfy_placement_from_json (json_node_get_object (node));
}

/* sizes that nobody can reckon with, or that no memory holds, are none */
static void
test_damaged_record (void)
{
  g_autoptr(ComfyPlacement) placement = make_placement (COMFY_FIT_REGION, -5, 6, 16384, 16384);
  g_autoptr(ComfyPlacement) sane = NULL;
  g_autoptr(ComfyPlacement) mad = NULL;

  placement->edges = (ComfyEdges) { 1, 2, 3, 4 };
  sane = read_again (placement);
  assert_rect (&sane->region.crop, -5, 6, 16384, 16384);
  g_assert_cmpint (sane->edges.bottom, ==, 4);
  g_assert_cmpint (sane->image_width, ==, 100);

  placement->region.crop.width = 16385;
  placement->edges = (ComfyEdges) { G_MAXINT, -1, 3, 4 };
  placement->image_width = G_MAXINT;
  placement->image_height = -80;
  mad = read_again (placement);
  assert_rect (&mad->region.crop, 0, 0, 0, 0);
  g_assert_cmpint (mad->edges.left, ==, 0);
  g_assert_cmpint (mad->edges.top, ==, 0);
  g_assert_cmpint (mad->edges.right, ==, 3);
  g_assert_cmpint (mad->image_width, ==, 0);
  g_assert_cmpint (mad->image_height, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/fit/region-is-filled-exactly", test_region);
  g_test_add_func ("/fit/edges-grow-the-canvas", test_edges);
  g_test_add_func ("/fit/padding-is-no-part-of-the-result", test_padding);
  g_test_add_func ("/fit/natural-size-grows-a-canvas-that-was-filled", test_natural);
  g_test_add_func ("/fit/nothing-taken-means-the-canvas", test_nothing_taken);

  g_test_add_func ("/fit/a-huge-canvas-is-not-filled", test_huge_canvas);
  g_test_add_func ("/fit/damaged-records-tell-no-sizes", test_damaged_record);

  return g_test_run ();
}
