/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist works with is as it was after a result has come. The undo history and the tools
 * cannot be seen from a plug-in: tests/e2e/ looks at them.
 */
#include "config.h"

#include "canvas-fixture.h"
#include "comfy-gimp-host.h"

#define RECT(x, y, width, height) GEGL_RECTANGLE (x, y, width, height)

static unsigned int n_hands; /* how often it was asked whether the artist's hand is free */

/* selected layer, selection; and the order is right */
static void
test_keeps_selection (Fixture    *fixture,
                      const void *data)
{
  GimpImage              *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer              *bottom = fixture_add_noise (image, RECT (0, 0, 60, 50), FALSE);
  GimpLayer              *source = fixture_add_noise (image, RECT (5, 5, 20, 20), FALSE);
  GimpLayer              *top = fixture_add_noise (image, RECT (0, 0, 60, 50), FALSE);
  const GimpLayer        *selected[] = { bottom, NULL };
  g_autofree GimpLayer  **layers = NULL;
  g_autofree GimpLayer  **after = NULL;
  GimpLayer              *came;
  gboolean                non_empty;
  int                     x1;
  int                     y1;
  int                     x2;
  int                     y2;

  gimp_image_set_selected_layers (image, selected);
  gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 11, 12, 13, 14);
  came = fixture_send_and_return (fixture, image, source);

  layers = gimp_image_get_layers (image);
  g_assert_true (layers[0] == top && layers[1] == came && layers[2] == source
                 && layers[3] == bottom);
  after = gimp_image_get_selected_layers (image);
  g_assert_true (after[0] == bottom && after[1] == NULL);
  gimp_selection_bounds (image, &non_empty, &x1, &y1, &x2, &y2);
  g_assert_true (non_empty && x1 == 11 && y1 == 12 && x2 == 24 && y2 == 26);
}

/* whatever the artist is about to paint on: several layers, a layer's mask, a channel */
static void
test_keeps_what_is_painted_on (Fixture    *fixture,
                               const void *data)
{
  GimpImage                *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer                *bottom = fixture_add_noise (image, RECT (0, 0, 60, 50), FALSE);
  GimpLayer                *top = fixture_add_noise (image, RECT (5, 5, 20, 20), TRUE);
  GeglColor                *red = gegl_color_new ("red");
  GimpChannel              *channel = gimp_channel_new (image, "edges", 60, 50, 50, red);
  const GimpLayer          *both[] = { bottom, top, NULL };
  const GimpLayer          *masked[] = { top, NULL };
  const GimpChannel        *channels[] = { channel, NULL };
  g_autofree GimpLayer    **after_several = NULL;
  g_autofree GimpLayer    **after_mask = NULL;
  g_autofree GimpLayer    **after_channel = NULL;
  g_autofree GimpChannel  **after = NULL;

  g_object_unref (red);
  gimp_image_set_selected_layers (image, both);
  fixture_send_and_return (fixture, image, bottom);
  after_several = gimp_image_get_selected_layers (image);
  g_assert_true (after_several[0] != NULL && after_several[1] != NULL && after_several[2] == NULL);
  g_assert_true (after_several[0] == top || after_several[1] == top);
  g_assert_true (after_several[0] == bottom || after_several[1] == bottom);

  gimp_image_set_selected_layers (image, masked);
  gimp_layer_add_mask (top, gimp_layer_create_mask (top, GIMP_ADD_MASK_WHITE));
  gimp_layer_set_edit_mask (top, TRUE);
  fixture_send_and_return (fixture, image, bottom);
  after_mask = gimp_image_get_selected_layers (image);
  g_assert_true (after_mask[0] == top && after_mask[1] == NULL);
  g_assert_true (gimp_layer_get_edit_mask (top));

  gimp_image_insert_channel (image, channel, NULL, 0);
  gimp_image_set_selected_channels (image, channels);
  fixture_send_and_return (fixture, image, bottom);
  after = gimp_image_get_selected_channels (image);
  after_channel = gimp_image_get_selected_layers (image);
  g_assert_true (after[0] == channel && after[1] == NULL);
  g_assert_null (after_channel[0]);
}

static DexFuture *
count_hand (void)
{
  n_hands++;

  return dex_future_new_true ();
}

/* the layer is an undo step by itself then; what it brings along is the same */
static void
test_waits_for_the_hand (Fixture    *fixture,
                         const void *data)
{
  GimpImage *image = gimp_image_new (60, 50, GIMP_RGB);
  GimpLayer *layer = fixture_add_noise (image, RECT (5, 6, 30, 20), FALSE);

  n_hands = 0;
  comfy_gimp_host_set_hand (COMFY_GIMP_HOST (fixture->host), count_hand);
  g_assert_true (gimp_item_get_image (GIMP_ITEM (fixture_send_and_return (fixture, image, layer)))
                 == image);
  g_assert_cmpuint (n_hands, ==, 1);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_polite_add (void)
{
  ADD ("/polite/the-artists-selection-is-kept", test_keeps_selection);
  ADD ("/polite/what-is-painted-on-is-kept", test_keeps_what_is_painted_on);
  ADD ("/polite/the-hand-is-waited-for", test_waits_for_the_hand);
}
