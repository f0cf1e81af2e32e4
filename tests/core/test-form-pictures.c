/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures of a graph: which one the result belongs to, and what becomes of the others.
 */
#include "config.h"

#include <glib/gstdio.h>

#include "comfy-form.h"

#define NODE(id) "\"" id "\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"\"}}"
#define GRAPH    "{" NODE ("1") "," NODE ("2") "," NODE ("3") "," NODE ("4") "}"

#define FIELD(id) "{\"id\":\"f" id "\",\"type\":\"picture\",\"label\":\"_" id "\"," \
                  "\"hint\":\"h\",\"node\":\"" id "\",\"input\":\"image\"}"
#define SIDECAR   "{\"version\":1,\"menu-label\":\"_Try…\",\"title\":\"Try\",\"run-label\":\"_Try\"," \
                  "\"blurb\":\"b\",\"help\":\"h\",\"position\":900,\"source\":\"none\"," \
                  "\"fit\":\"region\",\"fields\":[" FIELD ("1") "," FIELD ("2") "," FIELD ("3") "," \
                  FIELD ("4") "]}"

/* (transfer full): what is taken when the four pictures are bound so */
static ComfyTake *
new_take (const char * const bindings[4])
{
  g_autofree char        *folder = g_dir_make_tmp ("comfy-form-XXXXXX", NULL);
  g_autofree char        *graph = g_build_filename (folder, "try.json", NULL);
  g_autofree char        *sidecar = g_build_filename (folder, "try.gimp.json", NULL);
  g_autoptr(ComfyAction)  action = NULL;
  g_autoptr(ComfyForm)    form = NULL;
  g_autoptr(GError)       error = NULL;

  g_assert_true (g_file_set_contents (graph, GRAPH, -1, NULL));
  g_assert_true (g_file_set_contents (sidecar, SIDECAR, -1, NULL));
  action = comfy_action_new_from_files (graph, sidecar, &error);
  g_assert_no_error (error);
  g_unlink (graph);
  g_unlink (sidecar);
  g_rmdir (folder);

  form = comfy_form_new (action);
  for (unsigned int i = 0; i < 4; i++)
    {
      g_autofree char *id = g_strdup_printf ("f%u", i + 1);

      comfy_form_set_value (form, id, g_variant_new_string (bindings[i]));
    }

  return comfy_form_dup_take (form);
}

/* @expected: node and binding */
static void
assert_extra (ComfyTake    *take,
              unsigned int  i,
              const char   *node,
              const char   *binding)
{
  const ComfyExtra *extra = g_ptr_array_index (take->extras, i);
  g_autofree char  *text = comfy_binding_to_string (extra->binding);

  g_assert_cmpstr (extra->target.node, ==, node);
  g_assert_cmpstr (extra->target.input, ==, "image");
  g_assert_cmpstr (text, ==, binding);
}

/* the first one of the canvas, wherever it stands */
static void
test_the_first_of_the_canvas_is_the_main_one (void)
{
  static const struct { const char *binding; ComfySource source; ComfyExtent extent; } cases[] = {
    { "layer", COMFY_SOURCE_LAYER, COMFY_EXTENT_WHOLE },
    { "layers", COMFY_SOURCE_LAYERS, COMFY_EXTENT_WHOLE },
    { "visible", COMFY_SOURCE_VISIBLE, COMFY_EXTENT_WHOLE },
    { "selection", COMFY_SOURCE_LAYER, COMFY_EXTENT_SELECTION },
    { "visible-selection", COMFY_SOURCE_VISIBLE, COMFY_EXTENT_SELECTION },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char * const   bindings[] = { "file:/a b.png", cases[i].binding, "visible", "layer:x" };
      g_autoptr(ComfyTake) take = new_take (bindings);

      g_assert_cmpint (take->source, ==, cases[i].source);
      g_assert_cmpint (take->extent, ==, cases[i].extent);
      g_assert_cmpstr (take->image.node, ==, "2");
      g_assert_null (take->mask.node);
      g_assert_false (take->mask_selected);
      g_assert_cmpint (comfy_take_needs_selected (take), ==,
                       cases[i].extent == COMFY_EXTENT_SELECTION);
      g_assert_cmpuint (take->extras->len, ==, 3);
      assert_extra (take, 0, "1", "file:/a b.png");
      assert_extra (take, 1, "3", "visible");
      assert_extra (take, 2, "4", "layer:x");
    }
}

/* a mask is of what is selected; of the canvas, where no picture says of what */
static void
test_the_first_mask_goes_with_it (void)
{
  static const char * const  with_layer[] = { "mask", "layer", "mask", "file:/a.png" };
  static const char * const  alone[] = { "file:/a.png", "mask", "image:7", "layer:x" };
  g_autoptr(ComfyTake)       beside = new_take (with_layer);
  g_autoptr(ComfyTake)       take = new_take (alone);

  g_assert_cmpstr (beside->image.node, ==, "2");
  g_assert_cmpstr (beside->mask.node, ==, "1");
  g_assert_true (beside->mask_selected && comfy_take_needs_selected (beside));
  g_assert_cmpuint (beside->extras->len, ==, 2);
  assert_extra (beside, 0, "3", "mask");

  g_assert_cmpint (take->source, ==, COMFY_SOURCE_VISIBLE);
  g_assert_cmpint (take->extent, ==, COMFY_EXTENT_WHOLE);
  g_assert_null (take->image.node);
  g_assert_cmpstr (take->mask.node, ==, "2");
  g_assert_true (take->mask_selected);
  g_assert_cmpuint (take->extras->len, ==, 3);
  assert_extra (take, 1, "3", "image:7");
}

static void
test_pictures_of_elsewhere_need_no_image (void)
{
  static const char * const  bindings[] = { "file:/a.png", "file:/b.png", "image:7", "layer:x" };
  static const char * const  others[] = { "file:/a.png", "file:/b.png", "image:8", "layer:x" };
  g_autoptr(ComfyTake)       take = new_take (bindings);
  g_autoptr(ComfyTake)       same = new_take (bindings);
  g_autoptr(ComfyTake)       other = new_take (others);

  g_assert_cmpint (take->source, ==, COMFY_SOURCE_NONE);
  g_assert_null (take->image.node);
  g_assert_cmpuint (take->extras->len, ==, 4);
  g_assert_false (comfy_take_needs_selected (take));
  g_assert_true (comfy_take_equal (take, same));
  g_assert_false (comfy_take_equal (take, other));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/form-pictures/the-first-of-the-canvas-is-the-main-one",
                   test_the_first_of_the_canvas_is_the_main_one);
  g_test_add_func ("/form-pictures/the-first-mask-goes-with-it", test_the_first_mask_goes_with_it);
  g_test_add_func ("/form-pictures/pictures-of-elsewhere-need-no-image",
                   test_pictures_of_elsewhere_need_no_image);

  return g_test_run ();
}
