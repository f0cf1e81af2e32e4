/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Masks, parts and sets of pictures, sizes and values, against numbers that were worked out by hand
 * from ComfyUI's definitions. */

#include "config.h"

#include <string.h>

#include "comfy-workflow-check.h"
#include "test-graph.h"

#define IMAGE "\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}}"
#define SECOND "\"2\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"b.png\"}}"
#define MASK(id, name) "\"" id "\":{\"class_type\":\"LoadImageMask\",\"inputs\":{\"image\":\"" name \
                       "\",\"channel\":\"red\"}}"
#define CLASS(id, class_type, inputs) \
  "\"" id "\":{\"class_type\":\"" class_type "\",\"inputs\":{" inputs "}}"
#define NODE(class_type, inputs) CLASS ("5", class_type, inputs)
#define SAVE(from) "\"9\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":" from "," \
                   "\"filename_prefix\":\"x\"}}"
#define SHOW_MASK(from) "\"8\":{\"class_type\":\"MaskToImage\",\"inputs\":{\"mask\":" from "}}," \
                        SAVE ("[\"8\",0]")

static void
test_grow (void)
{
#define GROW(by, tapered) MASK ("1", "a.png") "," NODE ("GrowMask", "\"mask\":[\"1\",0]," \
  "\"expand\":" by ",\"tapered_corners\":" tapered) "," SHOW_MASK ("[\"5\",0]")
  guint8 dot[25] = { 0 };
  guint8 block[25];
  g_autoptr(GBytes) small = NULL;
  g_autoptr(GBytes) large = NULL;

  dot[12] = 200;
  memset (block, 200, sizeof block);
  block[0] = 0;
  small = make_grey (5, 5, dot);
  large = make_grey (5, 5, block);

  assert_grey (GROW ("1", "true"), small, NULL, 5, 5, (const int[]) {
    0, 0, 0, 0, 0,  0, 0, 200, 0, 0,  0, 200, 200, 200, 0,  0, 0, 200, 0, 0,  0, 0, 0, 0, 0 });
  assert_grey (GROW ("1", "false"), small, NULL, 5, 5, (const int[]) {
    0, 0, 0, 0, 0,  0, 200, 200, 200, 0,  0, 200, 200, 200, 0,  0, 200, 200, 200, 0,
    0, 0, 0, 0, 0 });
  assert_grey (GROW ("0", "true"), small, NULL, 5, 5, (const int[]) {
    0, 0, 0, 0, 0,  0, 0, 0, 0, 0,  0, 0, 200, 0, 0,  0, 0, 0, 0, 0,  0, 0, 0, 0, 0 });
  /* it shrinks from the corner, but not from the picture's edge */
  assert_grey (GROW ("-1", "true"), large, NULL, 5, 5, (const int[]) {
    0, 0, 200, 200, 200,  0, 200, 200, 200, 200,  200, 200, 200, 200, 200,
    200, 200, 200, 200, 200,  200, 200, 200, 200, 200 });
}

static void
test_simple_masks (void)
{
  g_autoptr(GBytes) a = make_grey (3, 1, (const guint8[]) { 127, 128, 255 });
  g_autoptr(GBytes) rgba = make_png (2, 1, 4, (const guint8[]) { 1, 2, 3, 0, 4, 5, 6, 255 });

  assert_grey (MASK ("1", "a.png") "," NODE ("ThresholdMask", "\"mask\":[\"1\",0],\"value\":0.5")
               "," SHOW_MASK ("[\"5\",0]"), a, NULL, 3, 1, (const int[]) { 0, 255, 255 });
  assert_grey (NODE ("SolidMask", "\"value\":0.2,\"width\":2,\"height\":1")
               "," SHOW_MASK ("[\"5\",0]"), NULL, NULL, 2, 1, (const int[]) { 51, 51 });
  assert_grey (MASK ("1", "a.png") "," NODE ("CropMask", "\"mask\":[\"1\",0],\"x\":1,\"y\":0,"
                                             "\"width\":9,\"height\":9")
               "," SHOW_MASK ("[\"5\",0]"), a, NULL, 2, 1, (const int[]) { 128, 255 });
  assert_grey (IMAGE "," NODE ("ImageToMask", "\"image\":[\"1\",0],\"channel\":\"blue\"")
               "," SHOW_MASK ("[\"5\",0]"), rgba, NULL, 2, 1, (const int[]) { 3, 6 });
  /* LoadImage has taken the alpha off */
  assert_grey (IMAGE "," NODE ("SplitImageWithAlpha", "\"image\":[\"1\",0]")
               "," SHOW_MASK ("[\"5\",1]"), rgba, NULL, 2, 1, (const int[]) { 0, 0 });
  assert_grey (IMAGE "," CLASS ("4", "JoinImageWithAlpha", "\"image\":[\"1\",0],\"alpha\":[\"1\",1]")
               "," NODE ("SplitImageWithAlpha", "\"image\":[\"4\",0]")
               "," SHOW_MASK ("[\"5\",1]"), rgba, NULL, 2, 1, (const int[]) { 255, 0 });
}

static void
test_mask_composite (void)
{
  static const struct
  {
    const char *operation;
    int         expected[4];
  } cases[] = {
    /* 102, 204, 51 are 0.4, 0.8, 0.2; the source, 0.6 and 0.4, lies on the last two */
    { "multiply", { 102, 122, 20, 51 } },
    { "add", { 102, 255, 153, 51 } },
    { "subtract", { 102, 51, 0, 51 } },
    { "and", { 102, 255, 0, 51 } },
    { "or", { 102, 255, 0, 51 } },
    { "xor", { 102, 0, 0, 51 } },
  };
  g_autoptr(GBytes) a = make_grey (4, 1, (const guint8[]) { 102, 204, 51, 51 });
  g_autoptr(GBytes) b = make_grey (2, 1, (const guint8[]) { 153, 102 });

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *node =
        g_strdup_printf (NODE ("MaskComposite", "\"destination\":[\"1\",0],\"source\":[\"2\",0],"
                               "\"x\":1,\"y\":0,\"operation\":\"%s\""), cases[i].operation);
      g_autofree char *graph = g_strconcat (MASK ("1", "a.png") "," MASK ("2", "b.png") ",", node,
                                            "," SHOW_MASK ("[\"5\",0]"), NULL);
      g_autoptr(SandboxImage) result = run (graph, a, b);

      /* SaveImage cuts off, so a product may come out one lower */
      for (int x = 0; x < 4; x++)
        g_assert_cmpint (ABS (value_at (result, x, 0, 0) - cases[i].expected[x]), <=, 1);
    }
}

static void
test_crop (void)
{
  g_autoptr(GBytes) a = make_grey (3, 2, (const guint8[]) { 1, 2, 3, 4, 5, 6 });

  assert_grey (IMAGE "," NODE ("ImageCrop", "\"image\":[\"1\",0],\"width\":2,\"height\":1,\"x\":1,"
                               "\"y\":1") "," SAVE ("[\"5\",0]"), a, NULL, 2, 1,
               (const int[]) { 5, 6 });
  /* the corner is moved inside, the rest clipped */
  assert_grey (IMAGE "," NODE ("ImageCrop", "\"image\":[\"1\",0],\"width\":5,\"height\":5,\"x\":9,"
                               "\"y\":0") "," SAVE ("[\"5\",0]"), a, NULL, 1, 2,
               (const int[]) { 3, 6 });
  assert_grey (IMAGE "," NODE ("ImageCropV2", "\"image\":[\"1\",0],\"crop_region\":{\"x\":0,"
                               "\"y\":1,\"width\":2,\"height\":1}") "," SAVE ("[\"5\",0]"), a, NULL,
               2, 1, (const int[]) { 4, 5 });
  assert_grey (IMAGE "," CLASS ("4", "PrimitiveBoundingBox", "\"x\":2,\"y\":0,\"width\":1,"
                                "\"height\":2") ","
               NODE ("ImageCropV2", "\"image\":[\"1\",0],\"crop_region\":[\"4\",0]")
               "," SAVE ("[\"5\",0]"), a, NULL, 1, 2, (const int[]) { 3, 6 });
}

static void
assert_batch (const char *graph,
              GBytes     *a,
              GBytes     *b,
              const char *expected)
{
  g_autoptr(GPtrArray) saved = run_all (graph, a, b);
  g_autoptr(GString) values = g_string_new (NULL);

  for (unsigned int i = 0; i < saved->len; i++)
    {
      gboolean has_alpha;
      g_autoptr(SandboxImage) image = read_saved (saved, i, &has_alpha);

      g_string_append_printf (values, "%dx%d:%d ", image->width, image->height,
                              value_at (image, 0, 0, 0));
    }
  g_assert_cmpstr (values->str, ==, expected);
}

static void
test_batches (void)
{
#define BATCH IMAGE "," SECOND "," CLASS ("4", "ImageBatch", "\"image1\":[\"1\",0]," \
                                          "\"image2\":[\"2\",0]")
#define FROM(index, length) BATCH "," NODE ("ImageFromBatch", "\"image\":[\"4\",0],\"batch_index\":" \
                                            index ",\"length\":" length) "," SAVE ("[\"5\",0]")
  g_autoptr(GBytes) a = make_grey (2, 1, (const guint8[]) { 10, 20 });
  g_autoptr(GBytes) b = make_grey (4, 4, (const guint8[]) { 90, 90, 90, 90, 90, 90, 90, 90, 90, 90,
                                                            90, 90, 90, 90, 90, 90 });

  assert_batch (BATCH "," SAVE ("[\"4\",0]"), a, b, "2x1:10 2x1:90 ");
  assert_batch (FROM ("1", "1"), a, b, "2x1:90 ");
  assert_batch (FROM ("-1", "1"), a, b, "2x1:90 ");
  assert_batch (FROM ("0", "9"), a, b, "2x1:10 2x1:90 ");
  assert_batch (FROM ("7", "1"), a, b, "2x1:90 ");
  assert_batch (BATCH "," NODE ("RepeatImageBatch", "\"image\":[\"4\",0],\"amount\":2")
                "," SAVE ("[\"5\",0]"), a, b, "2x1:10 2x1:90 2x1:10 2x1:90 ");
}

static void
assert_resized (GBytes     *a,
                const char *type,
                int         width,
                int         height)
{
  g_autofree char *graph =
    g_strconcat (IMAGE ",\"5\":{\"class_type\":\"ResizeImageMaskNode\",\"inputs\":{\"input\":"
                 "[\"1\",0],\"scale_method\":\"area\",", type, "}}," SAVE ("[\"5\",0]"), NULL);

  g_test_message ("%s", type);
  assert_size (graph, a, width, height);
}

static void
test_resize (void)
{
#define TYPE(type, rest) "\"resize_type\":\"" type "\",\"resize_type." rest
  g_autofree guint8 *zeros = g_malloc0 (30 * 20);
  g_autoptr(GBytes) a = make_grey (30, 20, zeros);
  g_autoptr(GBytes) row = make_grey (6, 4, (const guint8[]) {
    1, 2, 3, 4, 5, 6,  1, 2, 3, 4, 5, 6,  1, 2, 3, 4, 5, 6,  1, 2, 3, 4, 5, 6 });

  assert_resized (a, TYPE ("scale dimensions", "width\":12,\"resize_type.height\":0,"
                           "\"resize_type.crop\":\"center\""), 12, 8);
  assert_resized (a, TYPE ("scale dimensions", "width\":12,\"resize_type.height\":5,"
                           "\"resize_type.crop\":\"center\""), 12, 5);
  assert_resized (a, TYPE ("scale by multiplier", "multiplier\":0.5"), 15, 10);
  assert_resized (a, TYPE ("scale longer dimension", "longer_size\":60"), 60, 40);
  assert_resized (a, TYPE ("scale shorter dimension", "shorter_size\":10"), 15, 10);
  assert_resized (a, TYPE ("scale width", "width\":15"), 15, 10);
  assert_resized (a, TYPE ("scale height", "height\":40"), 60, 40);
  /* sqrt (0.01 * 1048576 / 600) = 4.1805 */
  assert_resized (a, TYPE ("scale total pixels", "megapixels\":0.01"), 125, 84);
  assert_resized (a, TYPE ("match size", "match\":[\"1\",0],\"resize_type.crop\":\"disabled\""), 30,
                  20);
  assert_resized (a, TYPE ("scale to multiple", "multiple\":8"), 24, 16);
  assert_resized (a, TYPE ("scale to multiple", "multiple\":64"), 30, 20);
  /* nothing is stretched: what is over is cut from both sides */
  assert_grey (IMAGE "," NODE ("ResizeImageMaskNode", "\"input\":[\"1\",0],\"scale_method\":"
                               "\"nearest-exact\"," TYPE ("scale to multiple", "multiple\":4"))
               "," SAVE ("[\"5\",0]"), row, NULL, 4, 4,
               (const int[]) { 2, 3, 4, 5, 2, 3, 4, 5, 2, 3, 4, 5, 2, 3, 4, 5 });
  assert_size (IMAGE "," NODE ("ImageScaleToMaxDimension", "\"image\":[\"1\",0],"
                               "\"upscale_method\":\"area\",\"largest_size\":15")
               "," SAVE ("[\"5\",0]"), a, 15, 10);
}

static void
test_values (void)
{
#define EMPTY(width, height) CLASS ("6", "EmptyImage", "\"width\":" width ",\"height\":" height \
                                    ",\"batch_size\":1,\"color\":0") "," SAVE ("[\"6\",0]")
#define SWITCH(on) CLASS ("3", "PrimitiveBoolean", "\"value\":" on) "," \
  CLASS ("4", "PrimitiveInt", "\"value\":7") "," \
  NODE ("ComfySwitchNode", "\"switch\":[\"3\",0],\"on_false\":5,\"on_true\":[\"4\",0]")
  g_autofree guint8 *zeros = g_malloc0 (30 * 20);
  g_autoptr(GBytes) a = make_grey (30, 20, zeros);

  assert_size (IMAGE "," NODE ("GetImageSize", "\"image\":[\"1\",0]") ","
               EMPTY ("[\"5\",1]", "[\"5\",0]"), a, 20, 30);
  assert_size (SWITCH ("true") "," EMPTY ("[\"5\",0]", "1"), NULL, 7, 1);
  assert_size (SWITCH ("false") "," EMPTY ("[\"5\",0]", "1"), NULL, 5, 1);
}

/* A prompt that is put together says the same as one that is written out. */
static void
test_texts (void)
{
#define PROMPT(text) CLASS ("1", "CheckpointLoaderSimple", "\"ckpt_name\":\"x\"") "," \
  CLASS ("2", "CLIPTextEncode", "\"clip\":[\"1\",1],\"text\":" text) "," \
  CLASS ("3", "EmptyImage", "\"width\":2,\"height\":1,\"batch_size\":1,\"color\":65280") "," \
  NODE ("SAM3_Detect", "\"model\":[\"1\",0],\"image\":[\"3\",0],\"threshold\":0.5," \
        "\"refine_iterations\":2,\"individual_masks\":false,\"conditioning\":[\"2\",0]") "," \
  SHOW_MASK ("[\"5\",0]")
#define JOIN(second) CLASS ("6", "PrimitiveString", "\"value\":\"a\"") "," \
  CLASS ("7", "StringConcatenate", "\"string_a\":[\"6\",0],\"string_b\":\"" second "\"," \
         "\"delimiter\":\" \"")

  assert_grey (PROMPT ("\"a green\""), NULL, NULL, 2, 1, (const int[]) { 255, 255 });
  assert_grey (JOIN ("green") "," PROMPT ("[\"7\",0]"), NULL, NULL, 2, 1,
               (const int[]) { 255, 255 });
  assert_grey (JOIN ("blue") "," PROMPT ("[\"7\",0]"), NULL, NULL, 2, 1, (const int[]) { 0, 0 });
}

/* A PNG of 16 bits whose values have all their bits. */
static GBytes *
make_deep (void)
{
  g_autoptr(SandboxImage) image = sandbox_image_new (1, 16, 16, 3);

  for (gsize i = 0; i < sandbox_image_get_count (image); i++)
    image->data[i] = (float) (i * 85 + 3) / 65535.0f;

  return sandbox_image_write_png (image, 0, 16, NULL);
}

static void
test_sixteen_bits (void)
{
#define ADVANCED(depth) IMAGE "," NODE ("SaveImageAdvanced", "\"images\":[\"1\",0]," \
  "\"filename_prefix\":\"x\",\"format\":\"png\",\"format.bit_depth\":\"" depth "\"," \
  "\"format.input_color_space\":\"sRGB\"")
  g_autoptr(GBytes) a = make_deep ();
  g_autoptr(GPtrArray) deep = run_all (ADVANCED ("16-bit"), a, NULL);
  g_autoptr(GPtrArray) shallow = run_all (ADVANCED ("8-bit"), a, NULL);
  const SandboxSaved *deep_saved = g_ptr_array_index (deep, 0);
  const SandboxSaved *shallow_saved = g_ptr_array_index (shallow, 0);
  gboolean has_alpha;
  g_autoptr(SandboxImage) image = read_saved (deep, 0, &has_alpha);

  /* the byte of the bit depth in IHDR */
  g_assert_cmpint (((const guint8 *) g_bytes_get_data (deep_saved->content, NULL))[24], ==, 16);
  g_assert_cmpint (((const guint8 *) g_bytes_get_data (shallow_saved->content, NULL))[24], ==, 8);
  g_assert_true (deep_saved->plain);
  for (int i = 0; i < 16 * 16; i++)
    for (int c = 0; c < 3; c++)
      g_assert_cmpint ((int) (sandbox_image_at (image, 0, i / 16, i % 16)[c] * 65535.0f + 0.5f), ==,
                       (i * 3 + c) * 85 + 3);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-shapes/masks-grow-and-shrink", test_grow);
  g_test_add_func ("/sandbox-shapes/simple-masks", test_simple_masks);
  g_test_add_func ("/sandbox-shapes/masks-are-combined", test_mask_composite);
  g_test_add_func ("/sandbox-shapes/crop", test_crop);
  g_test_add_func ("/sandbox-shapes/batches", test_batches);
  g_test_add_func ("/sandbox-shapes/sizes-of-resize-node", test_resize);
  g_test_add_func ("/sandbox-shapes/numbers-come-over-links", test_values);
  g_test_add_func ("/sandbox-shapes/texts-come-over-links", test_texts);
  g_test_add_func ("/sandbox-shapes/sixteen-bits-go-in-and-out", test_sixteen_bits);

  return g_test_run ();
}
