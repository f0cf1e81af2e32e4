/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What layers tell of a canvas that has moved.
 */
#include "config.h"

#include "comfy-drift.h"

#define N_LAYERS 5

static GArray *
make_boxes (void)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (ComfyLayerBox));

  for (unsigned int i = 0; i < N_LAYERS; i++)
    {
      ComfyLayerBox layer = { 10 + i, { g_test_rand_int_range (-500, 500),
                                        g_test_rand_int_range (-500, 500),
                                        g_test_rand_int_range (1, 1000),
                                        g_test_rand_int_range (1, 1000) } };

      g_array_append_val (boxes, layer);
    }

  return boxes;
}

static ComfyLayerBox *
get (GArray       *boxes,
     unsigned int  i)
{
  return &g_array_index (boxes, ComfyLayerBox, i);
}

/* (transfer full): the layers after the canvas has moved by -@x, -@y under them */
static GArray *
move_all (GArray *boxes,
          int     x,
          int     y)
{
  GArray *moved = g_array_copy (boxes);

  for (unsigned int i = 0; i < moved->len; i++)
    {
      get (moved, i)->box.x += x;
      get (moved, i)->box.y += y;
    }

  return moved;
}

/* some were moved by the artist, one was cropped, one is gone, one is new */
static void
test_most_of_them_tell (void)
{
  for (unsigned int run = 0; run < 200; run++)
    {
      g_autoptr(GArray) before = make_boxes ();
      g_autoptr(GArray) now = NULL;
      ComfyLayerBox     added = { 99, { 0, 0, 7, 7 } };
      int               x = g_test_rand_int_range (-300, 300);
      int               y = g_test_rand_int_range (-300, 300);
      int               found_x = 0;
      int               found_y = 0;

      now = move_all (before, x, y);
      get (now, 0)->box.x += 5;
      get (now, 1)->box.width += 1;
      g_array_remove_index (now, 2);
      g_array_prepend_val (now, added);
      g_assert_true (comfy_drift_find (before, now, &found_x, &found_y));
      g_assert_cmpint (found_x, ==, x);
      g_assert_cmpint (found_y, ==, y);
    }
}

static void
test_who_does_not_know_says_so (void)
{
  g_autoptr(GArray) before = make_boxes ();
  g_autoptr(GArray) split = move_all (before, 3, 4);
  g_autoptr(GArray) scaled = move_all (before, 3, 4);
  g_autoptr(GArray) none = g_array_new (FALSE, FALSE, sizeof (ComfyLayerBox));
  int               x = 0;
  int               y = 0;

  /* two say this, two say that */
  g_array_remove_index (split, 4);
  get (split, 0)->box.x += 9;
  get (split, 1)->box.x += 9;
  g_assert_false (comfy_drift_find (before, split, &x, &y));

  for (unsigned int i = 0; i < N_LAYERS; i++)
    get (scaled, i)->box.width *= 2;
  g_assert_false (comfy_drift_find (before, scaled, &x, &y));
  g_assert_false (comfy_drift_find (before, none, &x, &y));
  g_assert_false (comfy_drift_find (none, before, &x, &y));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/drift/most-of-them-tell", test_most_of_them_tell);
  g_test_add_func ("/drift/who-does-not-know-says-so", test_who_does_not_know_says_so);

  return g_test_run ();
}
