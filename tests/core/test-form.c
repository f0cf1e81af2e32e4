/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forms: whatever is set, what goes into the graph is what the fields allow.
 */
#include "config.h"

#include <math.h>

#include "comfy-error.h"
#include "comfy-form.h"

static ComfyForm *
new_generate (void)
{
  const char             *data = g_getenv ("COMFY_TEST_DATA_DIR");
  g_autofree char        *graph = g_build_filename (data, "actions", "generate-image.json", NULL);
  g_autofree char        *sidecar =
    g_build_filename (data, "actions", "generate-image.gimp.json", NULL);
  g_autoptr(GError)       error = NULL;
  g_autoptr(ComfyAction)  action = comfy_action_new_from_files (graph, sidecar, &error);

  g_assert_no_error (error);

  return comfy_form_new (action);
}

static void
test_values_reach_the_graph (void)
{
  g_autoptr(ComfyForm)     form = new_generate ();
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyWorkflow) graph = NULL;
  guint64                  seed;
  guint64                  in_graph;
  gint64                   number;
  const char              *text;

  comfy_form_set_value (form, "prompt", g_variant_new_string ("a \"quoted\" über-cat"));
  comfy_form_set_value (form, "seed",
                        g_variant_new_maybe (G_VARIANT_TYPE_UINT64,
                                             g_variant_new_uint64 (G_MAXUINT64)));
  comfy_form_set_value (form, "size", g_variant_new ("(ii)", 1216, 832));
  comfy_form_set_value (form, "count", g_variant_new_int64 (3));
  graph = comfy_form_apply (form, &seed, &error);
  g_assert_no_error (error);

  g_assert_true (comfy_workflow_get_string (graph, "5", "text", &text));
  g_assert_cmpstr (text, ==, "a \"quoted\" über-cat");
  g_assert_true (comfy_workflow_get_uint64 (graph, "8", "seed", &in_graph));
  g_assert_true (in_graph == G_MAXUINT64);
  g_assert_true (seed == G_MAXUINT64);
  g_assert_true (comfy_workflow_get_int (graph, "7", "width", &number));
  g_assert_cmpint (number, ==, 1216);
  g_assert_true (comfy_workflow_get_int (graph, "7", "height", &number));
  g_assert_cmpint (number, ==, 832);
  g_assert_true (comfy_workflow_get_int (graph, "7", "batch_size", &number));
  g_assert_cmpint (number, ==, 3);
}

static void
test_the_action_stays_as_it_was (void)
{
  g_autoptr(ComfyForm)     form = new_generate ();
  g_autoptr(ComfyWorkflow) graph = NULL;
  g_autoptr(GBytes)        before = NULL;
  g_autoptr(GBytes)        after = NULL;
  guint64                  seed;

  before = comfy_workflow_to_bytes (comfy_form_get_variant (form)->workflow);
  comfy_form_set_value (form, "prompt", g_variant_new_string ("x"));
  graph = comfy_form_apply (form, &seed, NULL);
  after = comfy_workflow_to_bytes (comfy_form_get_variant (form)->workflow);

  g_assert_nonnull (graph);
  g_assert_true (g_bytes_equal (before, after));
}

static void
test_an_open_seed_is_drawn_anew (void)
{
  g_autoptr(ComfyForm)     form = new_generate ();
  g_autoptr(ComfyWorkflow) first = NULL;
  g_autoptr(ComfyWorkflow) second = NULL;
  guint64                  a;
  guint64                  b;

  comfy_form_set_value (form, "prompt", g_variant_new_string ("x"));
  first = comfy_form_apply (form, &a, NULL);
  second = comfy_form_apply (form, &b, NULL);

  /* equal by chance once in 2^64 runs */
  g_assert_true (a != b);
}

static void
test_a_blank_prompt_is_refused (void)
{
  g_autoptr(ComfyForm)     form = new_generate ();
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyWorkflow) graph = NULL;
  const char              *field = NULL;
  guint64                  seed;

  comfy_form_set_value (form, "prompt", g_variant_new_string (" \n\t\302\240 "));
  graph = comfy_form_apply (form, &seed, &error);
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
  g_assert_null (graph);
  g_assert_false (comfy_form_check (form, &field, NULL));
  g_assert_cmpstr (field, ==, "prompt");
}

/* property: any size asked for becomes one that the model takes */
static void
test_sizes_are_on_the_step (void)
{
  g_autoptr(ComfyForm)  form = new_generate ();
  const ComfyField     *field = comfy_action_find_field (comfy_form_get_action (form), "size");

  for (int i = 0; i < 2000; i++)
    {
      int wanted_width = g_test_rand_int_range (-10, 40000);
      int wanted_height = g_test_rand_int_range (-10, 40000);
      int width;
      int height;

      comfy_form_set_value (form, "size", g_variant_new ("(ii)", wanted_width, wanted_height));
      g_assert_true (comfy_form_get_size (form, &width, &height));
      g_assert_cmpint (width % (int) field->step, ==, 0);
      g_assert_cmpint (height % (int) field->step, ==, 0);
      g_assert_cmpint (MIN (width, height), >=, field->min);
      g_assert_cmpint (MAX (width, height), <=, field->max);
    }
}

/* property: the size of an image keeps its proportions as far as the limits let it */
static void
test_size_follows_the_image (void)
{
  g_autoptr(ComfyForm)  form = new_generate ();
  const ComfyField     *field = comfy_action_find_field (comfy_form_get_action (form), "size");

  comfy_form_set_value (form, "size", g_variant_new ("(ii)", 0, 0));
  for (int i = 0; i < 2000; i++)
    {
      int    image_width = g_test_rand_int_range (1, 30000);
      int    image_height = g_test_rand_int_range (1, 30000);
      double proportion = (double) image_width / image_height;
      int    width;
      int    height;

      comfy_form_set_image_size (form, image_width, image_height);
      g_assert_true (comfy_form_get_size (form, &width, &height));
      g_assert_cmpint (width % (int) field->step, ==, 0);
      g_assert_cmpint (height % (int) field->step, ==, 0);
      g_assert_cmpint (MIN (width, height), >=, field->min);
      g_assert_cmpint (MAX (width, height), <=, field->max);
      if (proportion < 4 && proportion > 0.25 && MIN (image_width, image_height) >= 512)
        {
          /* one step on an edge of at least 512 px is 3 %; both edges may be off by half */
          g_assert_cmpfloat (fabs ((double) width / height / proportion - 1), <, 0.04);
          g_assert_cmpfloat ((double) width * height, <, field->image_area * 1.06);
        }
    }
}

static void
test_a_chosen_size_stays (void)
{
  g_autoptr(ComfyForm) form = new_generate ();
  g_autoptr(ComfyTake) follows = NULL;
  g_autoptr(ComfyTake) chosen = NULL;

  comfy_form_set_value (form, "size", g_variant_new ("(ii)", 0, 0));
  follows = comfy_form_dup_take (form);
  g_assert_cmpint (follows->fit, ==, COMFY_FIT_REGION);
  comfy_form_set_value (form, "size", g_variant_new ("(ii)", 1024, 1024));
  chosen = comfy_form_dup_take (form);
  g_assert_cmpint (chosen->fit, ==, COMFY_FIT_NATURAL);
}

/* what is asked for anew when the take is another, is asked for once while it is the same */
static void
test_equal_takes (void)
{
  g_autoptr(ComfyForm) form = new_generate ();
  g_autoptr(ComfyTake) take = NULL;
  g_autoptr(ComfyTake) same = NULL;

  comfy_form_set_value (form, "size", g_variant_new ("(ii)", 0, 0));
  take = comfy_form_dup_take (form);
  comfy_form_set_value (form, "prompt", g_variant_new_string ("a cat"));
  same = comfy_form_dup_take (form);
  g_assert_true (comfy_take_equal (take, same));

#define assert_matters(member, value)                          \
  G_STMT_START                                                 \
    {                                                          \
      g_autoptr(ComfyTake) other_ = comfy_take_copy (take);    \
                                                               \
      g_assert_true (comfy_take_equal (take, other_));         \
      other_->member = (value);                                \
      g_assert_false (comfy_take_equal (take, other_));        \
    }                                                          \
  G_STMT_END

  assert_matters (source, COMFY_SOURCE_VISIBLE);
  assert_matters (extent, COMFY_EXTENT_BEYOND);
  assert_matters (needs_selection, TRUE);
  assert_matters (edges.bottom, 1);
  assert_matters (overlap, 1);
  assert_matters (sizing.pixels, 1);
  assert_matters (sizing.context, 0.5);
  assert_matters (sizing.context_min, 1);
  assert_matters (max_pixels, 1);
  assert_matters (image.input, g_strdup ("image"));
  assert_matters (mask.node, g_strdup ("9"));
  assert_matters (mask_selected, TRUE);
  assert_matters (mask_grow, 1);
  assert_matters (keep_alpha, !take->keep_alpha);
  assert_matters (fit, COMFY_FIT_NATURAL);
  assert_matters (outcome, COMFY_OUTCOME_SELECTION);
#undef assert_matters
}

static void
on_changed (ComfyForm  *form,
            const char *field_id,
            GString    *log)
{
  g_string_append_printf (log, "%s ", field_id);
}

static void
test_changed_tells_what_changed (void)
{
  g_autoptr(ComfyForm) form = new_generate ();
  g_autoptr(GString)   log = g_string_new (NULL);

  g_signal_connect (form, "changed", G_CALLBACK (on_changed), log);
  comfy_form_set_value (form, "count", g_variant_new_int64 (2));
  comfy_form_set_value (form, "count", g_variant_new_int64 (2));
  comfy_form_set_value (form, "count", g_variant_new_int64 (99));
  comfy_form_set_value (form, "prompt", g_variant_new_int64 (5));
  comfy_form_reset (form);

  /* 2, clamped to 4, back to 1; a value of another type is the default, which it was */
  g_assert_cmpstr (log->str, ==, "count count count ");
}

static void
test_seeds_are_read_as_written (void)
{
  static const struct { const char *text; gboolean good; gboolean open; guint64 seed; } cases[] = {
    { NULL, TRUE, TRUE, 0 },
    { "", TRUE, TRUE, 0 },
    { " random ", TRUE, TRUE, 0 },
    { "-1", TRUE, TRUE, 0 },
    { "0", TRUE, FALSE, 0 },
    { " 42 ", TRUE, FALSE, 42 },
    { "18446744073709551615", TRUE, FALSE, G_MAXUINT64 },
    { "18446744073709551616", FALSE, FALSE, 0 },
    { "-2", FALSE, FALSE, 0 },
    { "1.5", FALSE, FALSE, 0 },
    { "0x10", FALSE, FALSE, 0 },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError)   error = NULL;
      g_autoptr(GVariant) value = comfy_field_parse_seed (cases[i].text, &error);
      g_autoptr(GVariant) seed = NULL;

      if (!cases[i].good)
        {
          g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
          continue;
        }
      g_assert_no_error (error);
      seed = g_variant_get_maybe (value);
      g_assert_cmpint (seed == NULL, ==, cases[i].open);
      if (seed != NULL)
        g_assert_true (g_variant_get_uint64 (seed) == cases[i].seed);
    }
}

/* what is run is a copy: it asks for the graph that was chosen, not for the first one */
static void
test_a_copy_asks_for_the_same (void)
{
  g_autoptr(ComfyForm) form = new_generate ();
  g_autoptr(ComfyForm) copy = NULL;
  const ComfyVariant  *last;
  unsigned int         n = comfy_action_get_n_variants (comfy_form_get_action (form));

  g_assert_cmpuint (n, >, 1);
  last = comfy_action_get_variant (comfy_form_get_action (form), n - 1);
  comfy_form_set_value (form, "model", g_variant_new_string (last->id));
  copy = comfy_form_copy (form);

  g_assert_true (comfy_form_get_variant (copy) == last);
  g_assert_true (g_variant_equal (comfy_form_get_role_value (copy, COMFY_ROLE_MODEL),
                                  comfy_form_get_value (copy, "model")));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/form/values-reach-the-graph", test_values_reach_the_graph);
  g_test_add_func ("/form/a-copy-asks-for-the-same", test_a_copy_asks_for_the_same);
  g_test_add_func ("/form/the-action-stays-as-it-was", test_the_action_stays_as_it_was);
  g_test_add_func ("/form/an-open-seed-is-drawn-anew", test_an_open_seed_is_drawn_anew);
  g_test_add_func ("/form/a-blank-prompt-is-refused", test_a_blank_prompt_is_refused);
  g_test_add_func ("/form/sizes-are-on-the-step", test_sizes_are_on_the_step);
  g_test_add_func ("/form/size-follows-the-image", test_size_follows_the_image);
  g_test_add_func ("/form/a-chosen-size-stays", test_a_chosen_size_stays);
  g_test_add_func ("/form/equal-takes", test_equal_takes);
  g_test_add_func ("/form/changed-tells-what-changed", test_changed_tells_what_changed);
  g_test_add_func ("/form/seeds-are-read-as-written", test_seeds_are_read_as_written);

  return g_test_run ();
}
