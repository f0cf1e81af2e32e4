/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values as scripts write them. What cannot be used is refused, and changes nothing: nobody looks
 * at the form before it costs.
 */
#include "config.h"

#include "comfy-error.h"
#include "comfy-form.h"
#include "test-future.h"

#define GRAPH \
  "{\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"\"}}," \
  "\"2\":{\"class_type\":\"Paint\",\"_meta\":{\"title\":\"Brush\"},\"inputs\":{" \
  "\"text\":\"a cat\"," \
  "\"steps\":20,\"strength\":0.5,\"tiled\":false,\"sampler\":\"euler\",\"seed\":1,\"width\":512," \
  "\"height\":512,\"tile_x\":512,\"tile_y\":512," \
  "\"negative\":\"\"}},\"3\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"\"}}," \
  "\"4\":{\"class_type\":\"LoadImageMask\",\"inputs\":{\"image\":\"\",\"channel\":\"red\"}}}"

#define FIELD(id, type, input, more) \
  "{\"id\":\"" id "\",\"type\":\"" type "\",\"label\":\"" id "\",\"hint\":\"h\",\"node\":\"2\"," \
  "\"input\":\"" input "\"" more "}"

#define PICTURE(id, node, binding) \
  "{\"id\":\"" id "\",\"type\":\"picture\",\"label\":\"" id "\",\"hint\":\"h\"," \
  "\"node\":\"" node "\"," \
  "\"input\":\"image\",\"default\":\"" binding "\"}"

#define SIDECAR \
  "{\"version\":1,\"menu-label\":\"_Try…\",\"title\":\"Try\",\"run-label\":\"_Try\"," \
  "\"blurb\":\"b\"," \
  "\"help\":\"h\",\"position\":900,\"source\":\"none\",\"fit\":\"region\",\"fields\":[" \
  FIELD ("prompt", "text", "text", "") "," \
  FIELD ("negative-prompt", "text", "negative", "") "," \
  FIELD ("steps", "int", "steps", ",\"min\":-5,\"max\":50") "," \
  FIELD ("strength", "double", "strength", ",\"min\":0,\"max\":1,\"step\":0.01") "," \
  FIELD ("tiled", "boolean", "tiled", "") "," \
  FIELD ("sampler", "choice", "sampler", ",\"choices\":[{\"id\":\"euler\",\"label\":\"Euler\"}," \
         "{\"id\":\"ddim\",\"label\":\"DDIM\"}]") "," \
  FIELD ("seed", "seed", "seed", "") "," \
  "{\"id\":\"size\",\"type\":\"size\",\"label\":\"Size\",\"hint\":\"h\",\"min\":256,\"max\":2048," \
  "\"step\":16,\"width\":{\"node\":\"2\",\"input\":\"width\"},\"height\":{\"node\":\"2\"," \
  "\"input\":\"height\"},\"from-image\":{\"area\":1048576},\"presets\":[[1024,1024]]}," \
  "{\"id\":\"tile\",\"type\":\"size\",\"label\":\"Tile\",\"hint\":\"h\",\"min\":256,\"max\":2048," \
  "\"step\":16,\"width\":{\"node\":\"2\",\"input\":\"tile_x\"},\"height\":{\"node\":\"2\"," \
  "\"input\":\"tile_y\"},\"presets\":[[512,512]]}," \
  PICTURE ("image-input", "1", "layer") "," PICTURE ("mask", "4", "mask") "," \
  PICTURE ("second", "3", "visible") "]}"

static ComfyForm *
make_form (const char *sidecar_text)
{
  g_autofree char        *folder = g_dir_make_tmp ("comfy-form-text-XXXXXX", NULL);
  g_autofree char        *graph = g_build_filename (folder, "try.json", NULL);
  g_autofree char        *sidecar = g_build_filename (folder, "try.gimp.json", NULL);
  g_autoptr(ComfyAction)  action = NULL;
  g_autoptr(GError)       error = NULL;

  g_assert_true (g_file_set_contents (graph, GRAPH, -1, NULL));
  g_assert_true (g_file_set_contents (sidecar, sidecar_text, -1, NULL));
  action = comfy_action_new_from_files (graph, sidecar, &error);
  g_assert_no_error (error);
  test_remove_tree (folder);

  return comfy_form_new (action);
}

static char *
dup_value (ComfyForm  *form,
           const char *field_id)
{
  return g_variant_print (comfy_form_get_value (form, field_id), FALSE);
}

static void
test_taken (void)
{
  static const struct { const char *assignment; const char *field; const char *value; } cases[] = {
    { "prompt=a red bicycle",                 "prompt",          "'a red bicycle'" },
    { "prompt=",                              "prompt",          "''" },
    { "prompt=x=y, \"z\"",                    "prompt",          "'x=y, \"z\"'" },
    { " prompt = spaces stay ",               "prompt",          "' spaces stay '" },
    { "Negative prompt=blurry",               "negative-prompt", "'blurry'" },
    { "2.negative=by its input",              "negative-prompt", "'by its input'" },
    { "steps=50",                             "steps",           "50" },
    { "steps=-5",                             "steps",           "-5" },
    { "2.steps=7",                            "steps",           "7" },
    { "strength=1",                           "strength",        "1.0" },
    { "strength=0.25",                        "strength",        "0.25" },
    { "strength=2.5e-1",                      "strength",        "0.25" },
    { "tiled=true",                           "tiled",           "true" },
    { "tiled=Yes",                            "tiled",           "true" },
    { "tiled=off",                            "tiled",           "false" },
    { "tiled=0",                              "tiled",           "false" },
    { "sampler=ddim",                         "sampler",         "'ddim'" },
    { "seed=18446744073709551615",            "seed",            "@mt 18446744073709551615" },
    { "seed=random",                          "seed",            "@mt nothing" },
    { "size=1024x768",                        "size",            "(1024, 768)" },
    { "size=256×2048",                        "size",            "(256, 2048)" },
    { "size=image",                           "size",            "(0, 0)" },
    { "mask=layer:The \"Sky\", or so",        "mask",            "'layer:The \"Sky\", or so'" },
    { "image=file:/tmp/a b.png",              "image-input",     "'file:/tmp/a b.png'" },
    { "4.image=image:7",                      "mask",            "'image:7'" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyForm)  form = make_form (SIDECAR);
      g_autoptr(GError)     error = NULL;
      g_autofree char      *value = NULL;

      g_test_message ("%s", cases[i].assignment);
      comfy_form_set_text (form, cases[i].assignment, &error);
      g_assert_no_error (error);
      value = g_variant_print (comfy_form_get_value (form, cases[i].field),
                               g_str_has_prefix (cases[i].value, "@"));
      g_assert_cmpstr (value, ==, cases[i].value);
    }
}

static void
test_refused (void)
{
  /* what is said names what was written, or what would be right */
  static const struct { const char *assignment; const char *said; } cases[] = {
    { "prompt",                         "Write NAME=VALUE." },
    { "",                               "Write NAME=VALUE." },
    { "promt=x",                        "“promt”" },
    { "promt=x",                        "prompt, negative-prompt, steps" },
    { "=x",                             "has no value called “”" },
    { "2.nothing=x",                    "“2.nothing”" },
    { "9.text=x",                       "“9.text”" },
    { "steps=51",                       "“51”" },
    { "steps=51",                       "from -5 to 50" },
    { "steps=-6",                       "“-6”" },
    { "steps=1.5",                      "“1.5”" },
    { "steps=",                         "“”" },
    { "steps=7 dwarfs",                 "“7 dwarfs”" },
    { "steps=99999999999999999999999",  "from -5 to 50" },
    { "strength=1.01",                  "from 0 to 1" },
    { "strength=nan",                   "“nan”" },
    { "strength=inf",                   "“inf”" },
    { "strength=0,5",                   "“0,5”" },
    { "strength=",                      "“”" },
    { "tiled=maybe",                    "neither true nor false" },
    { "tiled=",                         "neither true nor false" },
    { "sampler=DDIM",                   "One of them is “euler”." },
    { "seed=18446744073709551616",      "18446744073709551615" },
    { "seed=-2",                        "“-2”" },
    { "seed=1.0",                       "“1.0”" },
    { "size=1024",                      "Write 1024x768" },
    { "size=1024x",                     "Write 1024x768" },
    { "size=255x1024",                  "from 256 to 2048" },
    { "size=1024x2049",                 "from 256 to 2048" },
    { "size=1024x768x3",                "Write 1024x768" },
    { "tile=image",                     "Write 1024x768" },
    { "mask=the sky",                   "“the sky”" },
    { "mask=",                          "layer" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyForm)  form = make_form (SIDECAR);
      g_autoptr(ComfyForm)  untouched = make_form (SIDECAR);
      g_autoptr(GError)     error = NULL;
      ComfyAction          *action = comfy_form_get_action (form);

      g_test_message ("%s", cases[i].assignment);
      g_assert_false (comfy_form_set_text (form, cases[i].assignment, &error));
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, cases[i].said));
      g_assert_true (g_str_has_suffix (error->message, "."));
      for (unsigned int j = 0; j < comfy_action_get_n_fields (action); j++)
        {
          const char      *id = comfy_action_get_field (action, j)->id;
          g_autofree char *value = dup_value (form, id);
          g_autofree char *before = dup_value (untouched, id);

          g_assert_cmpstr (value, ==, before);
        }
    }
}

static ComfyForm *
make_edges_form (void)
{
  return make_form ("{\"version\":1,\"menu-label\":\"_Try…\",\"title\":\"Try\","
                    "\"run-label\":\"_Try\","
                    "\"blurb\":\"b\",\"help\":\"h\",\"position\":900,\"source\":\"visible\","
                    "\"extent\":\"beyond\",\"fit\":\"region\",\"image\":{\"node\":\"1\","
                    "\"input\":\"image\"},\"fields\":[{\"id\":\"edges\",\"type\":\"edges\","
                    "\"label\":\"Edges\",\"hint\":\"h\",\"max\":2000}]}");
}

static void
test_edges (void)
{
  static const char * const bad[] = { "edges=1,2,3", "edges=1,2,3,4,5", "edges=-1,0,0,0",
                                      "edges=0,0,0,2001", "edges=a,b,c,d", "edges=" };
  g_autoptr(ComfyForm)  form = make_edges_form ();
  g_autoptr(GError)     error = NULL;
  g_autofree char      *value = NULL;

  comfy_form_set_text (form, "edges=0, 64,2000 ,7", &error);
  g_assert_no_error (error);
  value = dup_value (form, "edges");
  g_assert_cmpstr (value, ==, "(0, 64, 2000, 7)");

  for (unsigned int i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError)  refused = NULL;
      g_autofree char   *after = NULL;

      g_assert_false (comfy_form_set_text (form, bad[i], &refused));
      g_assert_error (refused, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
      after = dup_value (form, "edges");
      g_assert_cmpstr (after, ==, value);
    }
}

/* a mask stays one; the others, in the order of the form, are of the images */
static void
test_images (void)
{
  g_autoptr(ComfyForm)  form = make_form (SIDECAR);
  g_autoptr(GArray)     ids = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr(GError)     error = NULL;
  int                   one = 7;
  int                   two = 8;
  int                   three = 9;

  g_assert_true (comfy_form_bind_images (form, ids, NULL));
  g_array_append_val (ids, one);
  g_array_append_val (ids, two);
  comfy_form_bind_images (form, ids, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_variant_get_string (comfy_form_get_value (form, "image-input"), NULL), ==,
                   "image:7");
  g_assert_cmpstr (g_variant_get_string (comfy_form_get_value (form, "second"), NULL), ==,
                   "image:8");
  g_assert_cmpstr (g_variant_get_string (comfy_form_get_value (form, "mask"), NULL), ==, "mask");

  g_array_append_val (ids, three);
  comfy_form_reset (form);
  g_assert_false (comfy_form_bind_images (form, ids, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "takes 2 pictures, but 3 images were given"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/form-text/what-scripts-write-is-taken-as-it-is", test_taken);
  g_test_add_func ("/form-text/what-cannot-be-used-is-refused", test_refused);
  g_test_add_func ("/form-text/edges", test_edges);
  g_test_add_func ("/form-text/images-in-the-order-of-the-form", test_images);

  return g_test_run ();
}
