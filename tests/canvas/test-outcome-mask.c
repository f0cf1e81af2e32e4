/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results that become a layer's mask, value for value.
 */
#include "config.h"

#include "comfy-mask.h"
#include "outcome-fixture.h"

#define WIDTH  60
#define HEIGHT 50

static const ComfyRect crop = { 5, 6, 42, 30 };

/* A layer that was sent, and the mask that comes for it */
typedef struct
{
  GimpImage      *image;
  GimpLayer      *layer;
  ComfyPlacement *placement;
  ComfyPixels    *sent;
  ComfyPixels    *mask;
} Sent;

static void
sent_clear (Sent *self)
{
  comfy_placement_unref (self->placement);
  comfy_pixels_unref (self->sent);
  comfy_pixels_unref (self->mask);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sent, sent_clear)

static void
send_layer (Fixture      *fixture,
            unsigned int  kind,
            Sent         *self)
{
  self->image = outcome_new_image (kind, WIDTH, HEIGHT, NULL);
  self->layer = fixture_add_noise (self->image,
                                   GEGL_RECTANGLE (crop.x, crop.y, crop.width, crop.height), FALSE);
  self->placement = outcome_make_placement (fixture, self->image, self->layer, &crop);
  self->placement->outcome = COMFY_OUTCOME_LAYER_MASK;
  self->sent = outcome_read_layer (self->layer, 3);
  self->mask = outcome_make_mask (crop.width, crop.height);
  fixture_save (fixture, "source.png", self->sent);
  fixture_save (fixture, "result.png", self->mask);
}

static GimpLayer *
place (Fixture    *fixture,
       Sent       *sent,
       GimpImage **out_image)
{
  g_autoptr(GPtrArray)  placed = NULL;
  g_autofree char      *job_id = g_uuid_string_random ();
  GimpImage            *image;

  image = outcome_place (fixture, sent->placement, "source.png", NAMES ("result.png"), job_id,
                         &placed);
  if (out_image != NULL)
    *out_image = image;
  else
    g_assert_true (image == sent->image);
  g_assert_cmpuint (placed->len, ==, 1);
  g_assert_true (comfy_host_is_placed (fixture->host, job_id));

  return g_ptr_array_index (placed, 0);
}

static ComfyPixels *
read_mask (GimpLayer *layer)
{
  g_assert_nonnull (gimp_layer_get_mask (layer));
  g_assert_true (gimp_layer_get_apply_mask (layer));
  g_assert_false (gimp_layer_get_show_mask (layer));

  return outcome_read_values (GIMP_DRAWABLE (gimp_layer_get_mask (layer)));
}

static void
test_exact (Fixture    *fixture,
            const void *data)
{
  for (unsigned int kind = 0; kind < OUTCOME_N_KINDS; kind++)
    {
      g_auto(Sent)                sent = { 0 };
      g_autoptr(ComfyPixels)      values = NULL;
      g_autoptr(ComfyPixels)      pixels = NULL;
      g_autoptr(ComfyPixels)      selection = NULL;
      g_autofree GimpLayer      **selected = NULL;
      g_autofree GimpLayer      **layers = NULL;
      const GimpLayer            *bottom[] = { NULL, NULL };

      send_layer (fixture, kind, &sent);
      layers = gimp_image_get_layers (sent.image);
      bottom[0] = layers[1];
      gimp_image_set_selected_layers (sent.image, bottom);
      gimp_image_select_rectangle (sent.image, GIMP_CHANNEL_OP_REPLACE, 11, 12, 13, 14);

      g_assert_true (place (fixture, &sent, NULL) == sent.layer);
      g_assert_cmpuint (outcome_count_layers (sent.image), ==, 2);
      values = read_mask (sent.layer);
      outcome_assert_same (values, sent.mask, 0);
      g_assert_false (gimp_layer_get_edit_mask (sent.layer));
      pixels = outcome_read_layer (sent.layer, 3);
      outcome_assert_same (pixels, sent.sent, 0);
      outcome_assert_rect (sent.layer, crop.x, crop.y, crop.width, crop.height);

      selected = gimp_image_get_selected_layers (sent.image);
      g_assert_true (selected[0] == bottom[0] && selected[1] == NULL);
      selection = outcome_read_values (GIMP_DRAWABLE (gimp_image_get_selection (sent.image)));
      for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
          g_assert_cmpint (outcome_get (selection, x, y, 0), ==,
                           x >= 11 && x < 24 && y >= 12 && y < 26 ? 255 : 0);
    }
}

static void
test_channel_kept (Fixture    *fixture,
                   const void *data)
{
  g_auto(Sent)               sent = { 0 };
  GeglColor                 *red = gegl_color_new ("red");
  g_autofree GimpChannel   **selected = NULL;
  GimpChannel               *channel;

  send_layer (fixture, 0, &sent);
  channel = gimp_channel_new (sent.image, "edges", WIDTH, HEIGHT, 50, red);
  g_object_unref (red);
  gimp_image_insert_channel (sent.image, channel, NULL, 0);
  place (fixture, &sent, NULL);
  selected = gimp_image_get_selected_channels (sent.image);
  g_assert_true (selected[0] == channel && selected[1] == NULL);
}

/* the mask belongs to the layer's pixels, so it goes where they went */
static void
test_moved (Fixture    *fixture,
            const void *data)
{
  static const char * const sources[] = { "source.png", NULL }; /* also when that is lost */

  for (unsigned int i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_auto(Sent)            sent = { 0 };
      g_autoptr(ComfyPixels)  values = NULL;
      g_autofree char        *job_id = g_uuid_string_random ();

      send_layer (fixture, 0, &sent);
      gimp_layer_set_offsets (sent.layer, -20, 33);
      outcome_place (fixture, sent.placement, sources[i], NAMES ("result.png"), job_id, NULL);
      values = read_mask (sent.layer);
      outcome_assert_same (values, sent.mask, 0);
      outcome_assert_rect (sent.layer, -20, 33, crop.width, crop.height);
    }
}

/* what was cut off is gone, what has come is seen */
static void
test_cut (Fixture    *fixture,
          const void *data)
{
  /* the last two keep the proportions, so that only the pixels tell */
  static const ComfyRect rects[] = {
    { 10, 9, 20, 25 }, { 0, 0, 60, 50 }, { 7, 3, 44, 22 }, { 14, 12, 21, 15 }, { 1, 1, 84, 60 },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (rects); i++)
    {
      const ComfyRect        *rect = &rects[i];
      g_auto(Sent)            sent = { 0 };
      g_autoptr(ComfyPixels)  values = NULL;

      send_layer (fixture, 0, &sent);
      gimp_layer_resize (sent.layer, rect->width, rect->height, crop.x - rect->x,
                         crop.y - rect->y);
      outcome_assert_rect (sent.layer, rect->x, rect->y, rect->width, rect->height);
      g_assert_true (place (fixture, &sent, NULL) == sent.layer);
      values = read_mask (sent.layer);
      g_assert_cmpint (values->width, ==, rect->width);
      g_assert_cmpint (values->height, ==, rect->height);
      for (int y = 0; y < rect->height; y++)
        for (int x = 0; x < rect->width; x++)
          {
            int      in_x = rect->x + x - crop.x;
            int      in_y = rect->y + y - crop.y;
            gboolean inside = in_x >= 0 && in_y >= 0 && in_x < crop.width && in_y < crop.height;

            g_assert_cmpint (outcome_get (values, x, y, 0), ==,
                             inside ? outcome_get (sent.mask, in_x, in_y, 0) : 255);
          }
    }
}

static void
test_scaled (Fixture    *fixture,
             const void *data)
{
  static const int sizes[][2] = { { 21, 15 }, { 84, 60 }, { 30, 40 } };

  for (unsigned int i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_auto(Sent)            sent = { 0 };
      g_autoptr(ComfyPixels)  values = NULL;
      int                     width = sizes[i][0];

      send_layer (fixture, 0, &sent);
      gimp_layer_scale (sent.layer, width, sizes[i][1], TRUE);
      g_assert_true (place (fixture, &sent, NULL) == sent.layer);
      values = read_mask (sent.layer);
      for (int y = 0; y < sizes[i][1]; y++)
        {
          for (int x = 0; x < width / 3 - 2; x++)
            g_assert_cmpint (outcome_get (values, x, y, 0), <, 4);
          for (int x = width * 2 / 3 + 3; x < width; x++)
            g_assert_cmpint (outcome_get (values, x, y, 0), >, 251);
        }
    }
}

static GimpLayerMask *
add_mask (GimpLayer   *layer,
          ComfyPixels *pixels)
{
  GimpLayerMask         *mask = gimp_layer_create_mask (layer, GIMP_ADD_MASK_WHITE);
  g_autoptr(GeglBuffer)  buffer = gimp_drawable_get_buffer (GIMP_DRAWABLE (mask));

  gegl_buffer_set (buffer, GEGL_RECTANGLE (0, 0, pixels->width, pixels->height), 0,
                   babl_format ("Y u8"), g_bytes_get_data (pixels->data, NULL),
                   GEGL_AUTO_ROWSTRIDE);
  g_clear_object (&buffer);
  g_assert_true (gimp_layer_add_mask (layer, mask));

  return mask;
}

/* a mask that was seen hides what it hid; one that was switched off has no say */
static void
test_has_mask (Fixture    *fixture,
               const void *data)
{
  for (unsigned int kind = 0; kind < OUTCOME_N_KINDS; kind++)
    for (unsigned int i = 0; i < (kind == 0 ? 4 : 1); i++)
      {
        gboolean                applied = i % 2 == 0;
        gboolean                edited = i / 2 == 0;
        g_auto(Sent)            sent = { 0 };
        g_autoptr(ComfyPixels)  old = fixture_make_pixels (crop.width, crop.height, 1);
        g_autoptr(ComfyPixels)  both = NULL;
        g_autoptr(ComfyPixels)  values = NULL;

        send_layer (fixture, kind, &sent);
        add_mask (sent.layer, old);
        gimp_layer_set_apply_mask (sent.layer, applied);
        gimp_layer_set_edit_mask (sent.layer, edited);
        place (fixture, &sent, NULL);
        both = comfy_mask_multiply (old, sent.mask);
        values = read_mask (sent.layer);
        outcome_assert_same (values, applied ? both : sent.mask, 0);
        /* who painted on the mask goes on */
        g_assert_cmpint (gimp_layer_get_edit_mask (sent.layer), ==, edited);
      }
}

static void
test_group (Fixture    *fixture,
            const void *data)
{
  g_auto(Sent)               sent = { 0 };
  g_autoptr(ComfyPixels)     values = NULL;
  g_autoptr(ComfyPlacement)  placement = NULL;
  GimpLayer                 *group;

  send_layer (fixture, 0, &sent);
  group = GIMP_LAYER (gimp_group_layer_new (sent.image, "group"));
  gimp_image_insert_layer (sent.image, group, NULL, 0);
  gimp_image_reorder_item (sent.image, GIMP_ITEM (sent.layer), GIMP_ITEM (group), 0);
  placement = g_steal_pointer (&sent.placement);
  sent.placement = outcome_make_placement (fixture, sent.image, group, &crop);
  sent.placement->outcome = COMFY_OUTCOME_LAYER_MASK;
  g_assert_true (place (fixture, &sent, NULL) == group);
  g_assert_null (gimp_layer_get_mask (sent.layer));
  values = read_mask (group);
  outcome_assert_same (values, sent.mask, 0);
}

/* its pixels cannot be painted on, and are not */
static void
test_locked (Fixture    *fixture,
             const void *data)
{
  g_auto(Sent)            sent = { 0 };
  g_autoptr(ComfyPixels)  values = NULL;
  g_autoptr(ComfyPixels)  old = fixture_make_pixels (crop.width, crop.height, 1);

  send_layer (fixture, 0, &sent);
  add_mask (sent.layer, old);
  gimp_layer_set_apply_mask (sent.layer, FALSE);
  gimp_item_set_lock_content (GIMP_ITEM (sent.layer), TRUE);
  gimp_item_set_lock_position (GIMP_ITEM (sent.layer), TRUE);
  gimp_layer_set_lock_alpha (sent.layer, TRUE);
  g_assert_true (place (fixture, &sent, NULL) == sent.layer);
  values = read_mask (sent.layer);
  outcome_assert_same (values, sent.mask, 0);
}

/* what was sent is a layer again, seen through its mask */
static void
test_layer_gone (Fixture    *fixture,
                 const void *data)
{
  g_auto(Sent)             sent = { 0 };
  g_autoptr(ComfyPixels)   values = NULL;
  g_autoptr(ComfyPixels)   pixels = NULL;
  g_autofree GimpLayer   **before = NULL;
  g_autofree GimpLayer   **layers = NULL;
  g_autofree GimpLayer   **selected = NULL;
  GimpLayer               *made;

  send_layer (fixture, 0, &sent);
  gimp_image_remove_layer (sent.image, sent.layer);
  before = gimp_image_get_selected_layers (sent.image);
  made = place (fixture, &sent, NULL);
  layers = gimp_image_get_layers (sent.image);
  g_assert_true (layers[0] == made);
  g_assert_cmpuint (outcome_count_layers (sent.image), ==, 2);
  selected = gimp_image_get_selected_layers (sent.image);
  g_assert_true (selected[0] == before[0] && before[0] != made);
  outcome_assert_rect (made, crop.x, crop.y, crop.width, crop.height);
  values = read_mask (made);
  outcome_assert_same (values, sent.mask, 0);
  pixels = outcome_read_layer (made, 3);
  outcome_assert_same (pixels, sent.sent, 0);
}

static void
test_image_gone (Fixture    *fixture,
                 const void *data)
{
  g_auto(Sent)            sent = { 0 };
  g_autoptr(ComfyPixels)  values = NULL;
  g_autoptr(ComfyPixels)  pixels = NULL;
  GimpImage              *image;
  GimpLayer              *made;

  send_layer (fixture, 0, &sent);
  gimp_image_delete (sent.image);
  made = place (fixture, &sent, &image);
  g_assert_cmpint (gimp_image_get_width (image), ==, WIDTH);
  g_assert_cmpint (gimp_image_get_height (image), ==, HEIGHT);
  outcome_assert_rect (made, crop.x, crop.y, crop.width, crop.height);
  values = read_mask (made);
  outcome_assert_same (values, sent.mask, 0);
  pixels = outcome_read_layer (made, 3);
  outcome_assert_same (pixels, sent.sent, 0);
}

static void
test_twice (Fixture    *fixture,
            const void *data)
{
  g_auto(Sent)            sent = { 0 };
  g_autoptr(ComfyPixels)  values = NULL;
  GimpLayerMask          *mask;

  send_layer (fixture, 0, &sent);
  outcome_place (fixture, sent.placement, "source.png", NAMES ("result.png"), "twice", NULL);
  mask = gimp_layer_get_mask (sent.layer);
  outcome_place (fixture, sent.placement, "source.png", NAMES ("result.png"), "twice", NULL);
  g_assert_true (gimp_layer_get_mask (sent.layer) == mask);
  values = read_mask (sent.layer);
  outcome_assert_same (values, sent.mask, 0);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

void
test_outcome_mask_add (void)
{
  ADD ("/outcome/mask/is-the-result-value-for-value", test_exact);
  ADD ("/outcome/mask/the-channel-painted-on-is-kept", test_channel_kept);
  ADD ("/outcome/mask/follows-a-layer-that-was-moved", test_moved);
  ADD ("/outcome/mask/fits-a-layer-that-was-cut-or-enlarged", test_cut);
  ADD ("/outcome/mask/fits-a-layer-that-was-scaled", test_scaled);
  ADD ("/outcome/mask/joins-a-mask-that-is-seen", test_has_mask);
  ADD ("/outcome/mask/a-group-has-one-as-well", test_group);
  ADD ("/outcome/mask/a-locked-layer-gets-it", test_locked);
  ADD ("/outcome/mask/a-layer-that-is-gone-is-made-anew", test_layer_gone);
  ADD ("/outcome/mask/an-image-that-is-gone-is-made-anew", test_image_gone);
  ADD ("/outcome/mask/never-twice", test_twice);
}
