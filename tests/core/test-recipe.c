/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-form.h"
#include "comfy-recipe.h"

#define JOB      "7b0e4c1e-3c52-4d54-9f0a-0c1f2d3e4a5b"
#define BIG_SEED G_GUINT64_CONSTANT (18446744073709551615)

static ComfyWorkflow *
make_graph (const char *text)
{
  g_autoptr(GBytes)  bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError)  error = NULL;
  ComfyWorkflow     *workflow = comfy_workflow_new_from_bytes (bytes, &error);

  g_assert_no_error (error);

  return workflow;
}

static ComfyRequest *
make_request_of (const char *graph,
                 const char *prompt)
{
  static const ComfyTarget    target = { (char *) "3", (char *) "seed" };
  static const char * const   names[] = { "first.safetensors", "second.safetensors", NULL };
  g_autoptr(ComfyWorkflow)    workflow = make_graph (graph);
  g_autoptr(ComfyPlacement)   placement = comfy_placement_new ();
  g_autoptr(GPtrArray)        inputs = NULL;
  g_autoptr(GPtrArray)        loaders = NULL;

  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  g_ptr_array_add (inputs, comfy_input_new ("input-of-mine.png", "image/png", "9", "image"));
  loaders = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_loader_free);
  g_ptr_array_add (loaders, comfy_loader_new ("4", "ckpt_name", names));
  placement->image_mark = g_strdup ("mark-of-the-image");
  placement->image_file = g_strdup ("/home/somebody/portrait.xcf");
  placement->image_name = g_strdup ("portrait.xcf");
  placement->layer_mark = g_strdup ("mark-of-the-layer");
  placement->alpha_file = g_strdup ("alpha-of-mine.png");
  placement->mask_file = g_strdup ("mask-of-mine.png");
  placement->fit = COMFY_FIT_NATURAL;
  placement->order = COMFY_ORDER_LOWEST_FIRST;

  return comfy_request_new (&(ComfyRequestParts) {
    .action_id = "generate-image",
    .title = "Générer",
    .model = "Z-Image",
    .prompt = prompt,
    .seed = BIG_SEED - 1,
    .seed_max = BIG_SEED,
    .seed_target = &target,
    .profile_id = "profile-of-mine",
    .workflow = workflow,
    .inputs = inputs,
    .loaders = loaders,
    .placement = placement,
    .remember = TRUE,
  });
}

#define GRAPH "{\"3\":{\"class_type\":\"KSampler\",\"inputs\":{\"seed\":18446744073709551614," \
              "\"model\":[\"4\",0]}},\"4\":{\"class_type\":\"CheckpointLoaderSimple\"," \
              "\"inputs\":{\"ckpt_name\":\"first.safetensors\"}}," \
              "\"9\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"\"}}}"

static ComfyRecipe *
read_text (const char  *text,
           GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return comfy_recipe_read (bytes, error);
}

static void
test_round_trip (void)
{
  g_autoptr(ComfyRequest)  request = make_request_of (GRAPH, "a “red”\nbicycle");
  g_autoptr(GBytes)        bytes = comfy_recipe_write (request, JOB);
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyRecipe)   recipe = comfy_recipe_read (bytes, &error);
  g_autoptr(GBytes)        graph = NULL;
  g_autoptr(GBytes)        read = NULL;
  const ComfyLoader       *loader;

  g_assert_no_error (error);
  g_assert_cmpstr (recipe->job_id, ==, JOB);
  g_assert_cmpuint (recipe->n_inputs, ==, 1);
  g_assert_cmpstr (comfy_request_get_action_id (recipe->request), ==, "generate-image");
  g_assert_cmpstr (comfy_request_get_title (recipe->request), ==, "Générer");
  g_assert_cmpstr (comfy_request_get_model (recipe->request), ==, "Z-Image");
  g_assert_cmpstr (comfy_request_get_prompt (recipe->request), ==, "a “red”\nbicycle");
  g_assert_cmpuint (comfy_request_get_seed (recipe->request), ==, BIG_SEED - 1);
  g_assert_cmpuint (comfy_request_get_seed_max (recipe->request), ==, BIG_SEED);
  g_assert_cmpstr (comfy_request_get_seed_target (recipe->request)->node, ==, "3");
  g_assert_cmpstr (comfy_request_get_seed_target (recipe->request)->input, ==, "seed");
  g_assert_cmpint (comfy_request_get_placement (recipe->request)->fit, ==, COMFY_FIT_NATURAL);
  g_assert_cmpint (comfy_request_get_placement (recipe->request)->order, ==,
                   COMFY_ORDER_LOWEST_FIRST);
  g_assert_cmpuint (comfy_request_get_loaders (recipe->request)->len, ==, 1);
  loader = g_ptr_array_index (comfy_request_get_loaders (recipe->request), 0);
  g_assert_cmpstr (loader->candidates[1], ==, "second.safetensors");

  graph = comfy_workflow_to_bytes (comfy_request_get_workflow (request));
  read = comfy_workflow_to_bytes (comfy_request_get_workflow (recipe->request));
  g_assert_true (g_bytes_equal (graph, read));
}

/* it goes into files that are given away */
static void
test_names_nothing_of_the_artists (void)
{
  static const char * const    secrets[] = { "of-mine", "mark-of", "portrait", "somebody", "/home",
                                             ".png", "profile" };
  g_autoptr(ComfyRequest)      request = make_request_of (GRAPH, "a red bicycle");
  g_autoptr(GBytes)            bytes = comfy_recipe_write (request, JOB);
  size_t                       size;
  const char                  *text = g_bytes_get_data (bytes, &size);

  for (unsigned int i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (g_strstr_len (text, (gssize) size, secrets[i]));
  g_assert_nonnull (g_strstr_len (text, (gssize) size, "a red bicycle"));
}

/* what is too large for a layer is left out, and the job is known all the same */
static void
test_limits (void)
{
  g_autofree char         *long_text = g_strnfill (COMFY_RECIPE_MAX_BYTES, 'x');
  g_autofree char         *large = g_strconcat ("{\"3\":{\"class_type\":\"KSampler\",\"inputs\":"
                                                "{\"seed\":1,\"text\":\"", long_text, "\"}}}",
                                                NULL);
  g_autoptr(ComfyRequest)  large_graph = make_request_of (large, "a red bicycle");
  g_autoptr(ComfyRequest)  large_prompt = make_request_of (GRAPH, long_text);
  ComfyRequest            *requests[] = { large_graph, large_prompt };

  for (unsigned int i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr(GBytes)       bytes = comfy_recipe_write (requests[i], JOB);
      g_autoptr(GError)       error = NULL;
      g_autoptr(ComfyRecipe)  recipe = comfy_recipe_read (bytes, &error);
      size_t                  size;
      const char             *text = g_bytes_get_data (bytes, &size);

      g_assert_no_error (error);
      g_assert_cmpuint (size, <=, COMFY_RECIPE_MAX_BYTES);
      g_assert_cmpstr (recipe->job_id, ==, JOB);
      g_assert_cmpuint (recipe->n_inputs, ==, 1);
      g_assert_null (recipe->request);
      g_assert_cmpint (g_strstr_len (text, (gssize) size, "a red bicycle") != NULL, ==, i == 0);
    }
}

static void
test_no_recipe (void)
{
  g_autofree char    *deep = g_strnfill (20000, '[');
  g_autofree char    *huge = g_strnfill (COMFY_RECIPE_MAX_BYTES, ' ');
  g_autofree char    *too_large = g_strconcat ("{\"version\":1,\"job\":\"" JOB "\"}", huge, NULL);
  const char * const  texts[] = {
    "", " ", "no JSON", "{", "[]", "null", "1", "\"text\"", "{}", "\xff\xfe", deep, too_large,
    "{\"version\":1}",
    "{\"version\":2,\"job\":\"" JOB "\"}",
    "{\"version\":\"1\",\"job\":\"" JOB "\"}",
    "{\"version\":1.5,\"job\":\"" JOB "\"}",
    "{\"version\":null,\"job\":\"" JOB "\"}",
    "{\"job\":\"" JOB "\"}",
    "{\"version\":1,\"job\":\"" JOB "\",\"seed-max\":18446744073709551616}",
    "{\"version\":1,\"job\":7}",
    "{\"version\":1,\"job\":[\"" JOB "\"]}",
    "{\"version\":1,\"job\":\"\"}",
    "{\"version\":1,\"job\":\"../../elsewhere\"}",
    "{\"version\":1,\"job\":\"" JOB "/..\"}",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (read_text (texts[i], &error));
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_str_has_suffix (error->message, "."));
    }
}

#define HEAD  "{\"version\":1,\"job\":\"" JOB "\","
#define WORDS "\"action\":\"a\",\"title\":\"t\","
#define NODE  "\"graph\":{\"3\":{\"class_type\":\"K\",\"inputs\":{\"seed\":1,\"link\":[\"3\",0]}}}"

/* it says which job it was, but nothing that could be asked for again */
static void
test_wrong_types (void)
{
  g_autofree char    *long_label = g_strnfill (201, 'x');
  g_autofree char    *long_title = g_strconcat (HEAD "\"action\":\"a\",\"title\":\"", long_label,
                                                "\"," NODE "}", NULL);
  const char * const  texts[] = {
    HEAD WORDS "\"graph\":null}",
    HEAD WORDS "\"graph\":[]}",
    HEAD WORDS "\"graph\":\"text\"}",
    HEAD WORDS "\"graph\":{}}",
    HEAD WORDS "\"graph\":{\"3\":7}}",
    HEAD WORDS "\"graph\":{\"3\":{\"class_type\":7,\"inputs\":{}}}}",
    HEAD "\"title\":\"t\"," NODE "}",
    HEAD "\"action\":\"a\"," NODE "}",
    HEAD "\"action\":7,\"title\":\"t\"," NODE "}",
    HEAD "\"action\":\"a\",\"title\":{}," NODE "}",
    HEAD "\"action\":\"a\",\"title\":\"\"," NODE "}",
    HEAD "\"action\":\"a\",\"title\":\"two\\nlines\"," NODE "}",
    HEAD "\"action\":\"a\",\"title\":\"t\",\"model\":\"\\u001b[2J\"," NODE "}",
    long_title,
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError)       error = NULL;
      g_autoptr(ComfyRecipe)  recipe = read_text (texts[i], &error);

      g_assert_no_error (error);
      g_assert_null (recipe->request);
    }
}

/* where nothing can be another seed there is none */
static void
test_seeds (void)
{
  static const char * const none[] = {
    "",
    "\"seed\":1,\"seed-max\":9,\"seed-node\":\"3\"",
    "\"seed\":1,\"seed-max\":9,\"seed-input\":\"seed\"",
    "\"seed\":1,\"seed-max\":9,\"seed-node\":\"4\",\"seed-input\":\"seed\"",
    "\"seed\":1,\"seed-max\":9,\"seed-node\":\"3\",\"seed-input\":\"noise\"",
    "\"seed\":1,\"seed-max\":9,\"seed-node\":\"3\",\"seed-input\":\"link\"",
    "\"seed\":1,\"seed-max\":9,\"seed-node\":3,\"seed-input\":\"seed\"",
    "\"seed\":1,\"seed-max\":9,\"seed-node\":[],\"seed-input\":{}",
    "\"seed\":1,\"seed-max\":0,\"seed-node\":\"3\",\"seed-input\":\"seed\"",
    "\"seed\":1,\"seed-max\":-1,\"seed-node\":\"3\",\"seed-input\":\"seed\"",
    "\"seed\":-1,\"seed-max\":9,\"seed-node\":\"3\",\"seed-input\":\"seed\"",
    "\"seed\":10,\"seed-max\":9,\"seed-node\":\"3\",\"seed-input\":\"seed\"",
    "\"seed\":1,\"seed-max\":\"9\",\"seed-node\":\"3\",\"seed-input\":\"seed\"",
    "\"seed\":1.5,\"seed-max\":9,\"seed-node\":\"3\",\"seed-input\":\"seed\"",
    "\"seed-max\":9,\"seed-node\":\"3\",\"seed-input\":\"seed\"",
  };
  g_autoptr(ComfyRecipe) good = NULL;

  for (unsigned int i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autofree char        *text = g_strconcat (HEAD WORDS, none[i], *none[i] != '\0' ? "," : "",
                                                  NODE "}", NULL);
      g_autoptr(ComfyRecipe)  recipe = read_text (text, NULL);

      g_assert_nonnull (recipe->request);
      g_assert_null (comfy_request_get_seed_target (recipe->request));
    }

  good = read_text (HEAD WORDS "\"seed\":1,\"seed-max\":9,\"seed-node\":\"3\","
                    "\"seed-input\":\"seed\"," NODE "}", NULL);
  g_assert_nonnull (comfy_request_get_seed_target (good->request));
}

/* what only adds to it is left out where it cannot be read */
static void
test_extras (void)
{
  static const char * const extras[] = {
    "\"inputs\":-4,\"loaders\":7,\"fit\":9,\"order\":[],\"prompt\":{},\"model\":[]",
    "\"inputs\":\"many\",\"loaders\":[7,{},{\"node\":\"3\"},null],\"prompt\":null",
    "\"inputs\":1e99,\"loaders\":{},\"fit\":\"none\",\"order\":\"\"",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (extras); i++)
    {
      g_autofree char        *text = g_strconcat (HEAD WORDS, extras[i], "," NODE "}", NULL);
      g_autoptr(GError)       error = NULL;
      g_autoptr(ComfyRecipe)  recipe = read_text (text, &error);
      g_autofree char        *name = NULL;

      g_assert_no_error (error);
      g_assert_cmpuint (recipe->n_inputs, ==, 0);
      g_assert_cmpuint (comfy_request_get_loaders (recipe->request)->len, ==, 0);
      g_assert_null (comfy_request_get_prompt (recipe->request));
      g_assert_cmpint (comfy_request_get_placement (recipe->request)->fit, ==, COMFY_FIT_REGION);
      name = comfy_request_dup_layer_name (recipe->request, 0, 1);
      g_assert_cmpstr (name, ==, "t");
    }
}

/* (transfer full): what a layer remembers that @form has made with everything at its largest */
static ComfyRecipe *
make_recipe_of (ComfyForm *form)
{
  ComfyAction               *action = comfy_form_get_action (form);
  const ComfyVariant        *variant = comfy_form_get_variant (form);
  g_autoptr(ComfyWorkflow)   graph = NULL;
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(ComfyRequest)    request = NULL;
  g_autoptr(GBytes)          bytes = NULL;
  g_autoptr(GError)          error = NULL;
  ComfyRequestParts          parts = { 0 };
  ComfyRecipe               *recipe;

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);

      if (field->type == COMFY_FIELD_TEXT)
        comfy_form_set_value (form, field->id, g_variant_new_string ("a bicycle"));
      else if (field->type == COMFY_FIELD_INT)
        comfy_form_set_value (form, field->id, g_variant_new_int64 (G_MAXINT32));
      else if (field->type == COMFY_FIELD_DOUBLE)
        comfy_form_set_value (form, field->id, g_variant_new_double (1e9));
      else if (field->type == COMFY_FIELD_SIZE)
        comfy_form_set_value (form, field->id, g_variant_new ("(ii)", G_MAXINT32, 1));
      else if (field->type == COMFY_FIELD_EDGES)
        comfy_form_set_value (form, field->id, g_variant_new ("(iiii)", 9, 9, 9, 9));
    }

  graph = comfy_form_apply (form, &parts.seed, &error);
  g_assert_no_error (error);
  parts.action_id = comfy_action_get_id (action);
  parts.title = comfy_action_get_title (action);
  parts.model = variant->label;
  parts.seed_target = comfy_form_get_seed_target (form, &parts.seed_max);
  parts.profile_id = "";
  parts.workflow = graph;
  parts.loaders = variant->loaders;
  parts.placement = placement;
  request = comfy_request_new (&parts);
  bytes = comfy_recipe_write (request, JOB);
  recipe = comfy_recipe_read (bytes, &error);
  g_assert_no_error (error);

  return recipe;
}

/* whatever the forms of the shipped actions make of words alone can be varied anywhere */
static void
test_shipped (void)
{
  g_autofree char       *folder = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "actions",
                                                    NULL);
  g_autoptr(GPtrArray)   actions = comfy_action_list_folder (folder);
  g_autoptr(GPtrArray)   none = g_ptr_array_new ();
  unsigned int           n = 0;

  for (unsigned int i = 0; i < actions->len; i++)
    {
      ComfyAction *action = g_ptr_array_index (actions, i);

      for (unsigned int j = 0; j < comfy_action_get_n_variants (action); j++)
        {
          const ComfyVariant     *variant = comfy_action_get_variant (action, j);
          g_autoptr(ComfyForm)    form = comfy_form_new (action);
          g_autoptr(ComfyRecipe)  recipe = NULL;

          if (comfy_action_find_field (action, "model") != NULL)
            comfy_form_set_value (form, "model", g_variant_new_string (variant->id));
          g_assert_true (comfy_form_get_variant (form) == variant);
          recipe = make_recipe_of (form);
          g_assert_false (comfy_recipe_is_of (recipe, none));
          /* a picture is in no recipe */
          g_assert_cmpint (comfy_recipe_is_of (recipe, actions), ==, variant->image.node == NULL);
          n += variant->image.node == NULL;
        }
    }
  g_assert_cmpuint (n, >=, 7);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/recipe/reads-what-it-wrote", test_round_trip);
  g_test_add_func ("/recipe/names-nothing-of-the-artists", test_names_nothing_of_the_artists);
  g_test_add_func ("/recipe/is-never-too-large-for-a-layer", test_limits);
  g_test_add_func ("/recipe/whatever-else-is-no-recipe", test_no_recipe);
  g_test_add_func ("/recipe/wrong-types-ask-for-nothing", test_wrong_types);
  g_test_add_func ("/recipe/a-seed-that-cannot-be-set-is-none", test_seeds);
  g_test_add_func ("/recipe/extras-that-cannot-be-read-are-left-out", test_extras);

  g_test_add_func ("/recipe/words-of-shipped-actions-are-theirs", test_shipped);

  return g_test_run ();
}
