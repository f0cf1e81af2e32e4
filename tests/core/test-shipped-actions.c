/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The actions that ship: whatever is chosen in their forms, what is sent can be carried out.
 */
#include "config.h"

#include <string.h>

#include "comfy-form.h"
#include "comfy-node-table-private.h"
#include "comfy-workflow-check.h"

typedef struct
{
  GPtrArray      *actions; /* owned, of ComfyAction */
  ComfyNodeTable *table;   /* owned */
} Fixture;

typedef void (*VariantFunc) (Fixture            *fixture,
                             ComfyForm          *form,
                             const ComfyVariant *variant);

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  const char        *folder = g_getenv ("COMFY_TEST_DATA_DIR");
  g_autofree char   *actions = g_build_filename (folder, "actions", NULL);
  g_autofree char   *nodes = g_build_filename (folder, "nodes.json", NULL);
  g_autoptr(GError)  error = NULL;

  fixture->actions = comfy_action_list_folder (actions);
  g_assert_cmpuint (fixture->actions->len, >, 0);
  fixture->table = comfy_node_table_new_from_file (nodes, &error);
  g_assert_no_error (error);
  /* what is shipped needs no class beyond it */
  _comfy_node_table_set_complete (fixture->table, NULL);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_ptr_array_unref (fixture->actions);
  g_object_unref (fixture->table);
}

/* what an artist has to say before it runs, and nothing else */
static ComfyForm *
new_filled (ComfyAction *action)
{
  ComfyForm *form = comfy_form_new (action);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);

      if (field->required)
        comfy_form_set_value (form, field->id, g_variant_new_string ("a red bicycle"));
      if (field->type == COMFY_FIELD_EDGES)
        comfy_form_set_value (form, field->id, g_variant_new ("(iiii)", 0, 0, 256, 0));
    }

  return form;
}

static void
choose_variant (ComfyForm          *form,
                const ComfyVariant *variant)
{
  ComfyAction *action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    if (comfy_action_get_field (action, i)->role == COMFY_ROLE_MODEL)
      comfy_form_set_value (form, comfy_action_get_field (action, i)->id,
                            g_variant_new_string (variant->id));
  g_assert_true (comfy_form_get_variant (form) == variant);
}

/* a form of its own for every graph of every action */
static void
for_each_variant (Fixture     *fixture,
                  VariantFunc  func)
{
  for (unsigned int i = 0; i < fixture->actions->len; i++)
    {
      ComfyAction *action = g_ptr_array_index (fixture->actions, i);

      for (unsigned int j = 0; j < comfy_action_get_n_variants (action); j++)
        {
          g_autoptr(ComfyForm)  form = new_filled (action);
          const ComfyVariant   *variant = comfy_action_get_variant (action, j);

          g_test_message ("%s, %s", comfy_action_get_id (action), variant->id);
          choose_variant (form, variant);
          func (fixture, form, variant);
        }
    }
}

static ComfyWorkflow *
apply (Fixture   *fixture,
       ComfyForm *form)
{
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyWorkflow)  graph = NULL;
  guint64                   seed;

  graph = comfy_form_apply (form, &seed, &error);
  g_assert_no_error (error);
  comfy_workflow_check (graph, fixture->table, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&graph);
}

static void
check_default (Fixture            *fixture,
               ComfyForm          *form,
               const ComfyVariant *variant)
{
  g_autoptr(ComfyWorkflow) graph = apply (fixture, form);
}

static void
test_defaults_run (Fixture       *fixture,
                   gconstpointer  data)
{
  for_each_variant (fixture, check_default);
}

/* the smallest or the largest value, on the step, of what the node takes */
static void
set_extreme (ComfyForm        *form,
             const ComfyField *field,
             double            number)
{
  if (field->type == COMFY_FIELD_INT)
    comfy_form_set_value (form, field->id, g_variant_new_int64 ((gint64) number));
  if (field->type == COMFY_FIELD_DOUBLE)
    comfy_form_set_value (form, field->id, g_variant_new_double (number));
  if (field->type == COMFY_FIELD_SIZE)
    comfy_form_set_value (form, field->id, g_variant_new ("(ii)", (int) number, (int) number));
}

static void
check_extremes (Fixture            *fixture,
                ComfyForm          *form,
                const ComfyVariant *variant)
{
  ComfyAction *action = comfy_form_get_action (form);

  for (int largest = 0; largest < 2; largest++)
    {
      g_autoptr(ComfyWorkflow) graph = NULL;

      for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
        {
          const ComfyField *field = comfy_action_get_field (action, i);

          set_extreme (form, field, largest ? field->max : field->min);
        }
      graph = apply (fixture, form);
    }
}

static void
test_extremes_are_taken (Fixture       *fixture,
                         gconstpointer  data)
{
  for_each_variant (fixture, check_extremes);
}

/* what such a field says is nothing, so the graph's own stays; and what is said is sent */
static void
check_left (Fixture            *fixture,
            ComfyForm          *form,
            const ComfyVariant *variant)
{
  ComfyAction *action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField         *field = comfy_action_get_field (action, i);
      const ComfyTarget        *target = comfy_variant_get_targets (variant, field->id);
      g_autoptr(ComfyWorkflow)  left = NULL;
      g_autoptr(ComfyWorkflow)  said = NULL;
      gint64                    own;
      gint64                    sent;

      if (!field->optional || field->type != COMFY_FIELD_INT || target == NULL)
        continue;

      g_assert_true (comfy_workflow_get_int (variant->workflow, target->node, target->input, &own));
      g_assert_cmpint (own, >, 0);
      left = apply (fixture, form);
      g_assert_true (comfy_workflow_get_int (left, target->node, target->input, &sent));
      g_assert_cmpint (sent, ==, own);
      comfy_form_set_value (form, field->id, g_variant_new_int64 (own + 1));
      said = apply (fixture, form);
      g_assert_true (comfy_workflow_get_int (said, target->node, target->input, &sent));
      g_assert_cmpint (sent, ==, own + 1);
    }
}

static void
test_what_is_left_open_stays (Fixture       *fixture,
                              gconstpointer  data)
{
  for_each_variant (fixture, check_left);
}

static double
get_number (const ComfyVariant *variant,
            const ComfyTarget  *target)
{
  double number;

  g_assert_true (comfy_workflow_get_double (variant->workflow, target->node, target->input,
                                            &number));

  return number;
}

/* a default is one for all graphs: where they differ the field has to leave it to them */
static void
check_agreement (Fixture            *fixture,
                 ComfyForm          *form,
                 const ComfyVariant *variant)
{
  ComfyAction *action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField  *field = comfy_action_get_field (action, i);
      const ComfyTarget *target = comfy_variant_get_targets (variant, field->id);
      const ComfyTarget *first;

      first = comfy_variant_get_targets (comfy_action_get_variant (action, 0), field->id);
      if (field->optional || target == NULL || first == NULL
          || (field->type != COMFY_FIELD_INT && field->type != COMFY_FIELD_DOUBLE))
        continue;
      g_assert_cmpfloat (get_number (variant, target), ==,
                         get_number (comfy_action_get_variant (action, 0), first));
    }
}

static void
test_one_default_is_right_for_all (Fixture       *fixture,
                                   gconstpointer  data)
{
  for_each_variant (fixture, check_agreement);
}

static void
assert_number (ComfyWorkflow *graph,
               const char    *node,
               const char    *input,
               int            expected)
{
  const char   *source;
  unsigned int  slot;
  gint64        number;

  if (comfy_workflow_get_link (graph, node, input, &source, &slot))
    {
      g_assert_true (comfy_workflow_get_int (graph, source, "value", &number));
      g_assert_cmpint (number, ==, expected);
      return;
    }

  g_assert_true (comfy_workflow_get_int (graph, node, input, &number));
  g_assert_cmpint (number, ==, expected);
}

static void
check_sizes (Fixture            *fixture,
             ComfyForm          *form,
             const ComfyVariant *variant)
{
  g_autoptr(ComfyWorkflow)  graph = NULL;
  g_auto(GStrv)             ids = NULL;
  int                       width;
  int                       height;
  unsigned int              n_checked = 0;

  if (!comfy_form_get_size (form, &width, &height))
    return;

  comfy_form_set_value (form, "size", g_variant_new ("(ii)", 512, 768));
  graph = apply (fixture, form);
  ids = comfy_workflow_dup_node_ids (graph);
  for (unsigned int i = 0; ids[i] != NULL; i++)
    if (comfy_workflow_has_input (graph, ids[i], "width"))
      {
        assert_number (graph, ids[i], "width", 512);
        assert_number (graph, ids[i], "height", 768);
        n_checked++;
      }
  g_assert_cmpuint (n_checked, >, 0);
}

static void
test_sizes_reach_every_node (Fixture       *fixture,
                             gconstpointer  data)
{
  for_each_variant (fixture, check_sizes);
}

/* every field has a place in some graph, or a role; the words of the first in every one */
static void
check_places (Fixture            *fixture,
              ComfyForm          *form,
              const ComfyVariant *variant)
{
  ComfyAction *action = comfy_form_get_action (form);

  if (comfy_action_get_source (action) != COMFY_SOURCE_NONE)
    g_assert_cmpstr (comfy_workflow_get_class (variant->workflow, variant->image.node), ==,
                     "LoadImage");
  if (variant->mask.node != NULL)
    g_assert_cmpstr (comfy_workflow_get_class (variant->workflow, variant->mask.node), ==,
                     "LoadImageMask");

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);

      g_assert_nonnull (field->hint);
      g_assert_true (field->role != COMFY_ROLE_INPUT || field->place != COMFY_PLACE_FORM
                     || comfy_variant_get_targets (variant, field->id) != NULL);
    }
}

static void
test_fields_have_a_place (Fixture       *fixture,
                          gconstpointer  data)
{
  for_each_variant (fixture, check_places);
}

/* the result is put back where the picture was taken: only the client may scale or crop it */
static void
check_geometry (Fixture            *fixture,
                ComfyForm          *form,
                const ComfyVariant *variant)
{
  static const char * const scaling[] = {
    "ImageScaleToTotalPixels", "ImageScaleToMaxDimension", "FluxKontextImageScale", "ImageScale",
    "ImageCrop", "ImagePadForOutpaint", NULL,
  };
  g_auto(GStrv)             ids = comfy_workflow_dup_node_ids (variant->workflow);
  unsigned int              n_results = 0;

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      const char *class_type = comfy_workflow_get_class (variant->workflow, ids[i]);

      g_assert_false (g_strv_contains (scaling, class_type));
      n_results += g_str_equal (class_type, "SaveImage") ? 1 : 0;
    }
  g_assert_cmpuint (n_results, ==, 1);
}

static void
test_only_the_client_scales (Fixture       *fixture,
                             gconstpointer  data)
{
  for_each_variant (fixture, check_geometry);
}

static void
check_candidates (Fixture            *fixture,
                  ComfyForm          *form,
                  const ComfyVariant *variant)
{
  for (unsigned int i = 0; i < variant->loaders->len; i++)
    {
      const ComfyLoader     *loader = g_ptr_array_index (variant->loaders, i);
      g_autoptr(GHashTable)  seen = g_hash_table_new (g_str_hash, g_str_equal);

      g_assert_cmpuint (g_strv_length (loader->candidates), >, 1);
      for (unsigned int j = 0; loader->candidates[j] != NULL; j++)
        g_assert_true (g_hash_table_add (seen, loader->candidates[j]));
    }
}

static void
test_candidates_are_different (Fixture       *fixture,
                               gconstpointer  data)
{
  for_each_variant (fixture, check_candidates);
}

static void
test_blank_words_are_said_for_the_artist (Fixture       *fixture,
                                          gconstpointer  data)
{
  for (unsigned int i = 0; i < fixture->actions->len; i++)
    {
      ComfyAction              *action = g_ptr_array_index (fixture->actions, i);
      const char               *id = comfy_action_get_id (action);
      g_autoptr(ComfyForm)      form = new_filled (action);
      g_autoptr(ComfyWorkflow)  graph = NULL;
      const ComfyTarget        *target;
      const char               *told;

      if (!g_str_equal (id, "fill-selection") && !g_str_equal (id, "extend-canvas"))
        continue;

      graph = apply (fixture, form);
      target = comfy_variant_get_targets (comfy_form_get_variant (form), "prompt");
      g_assert_true (comfy_workflow_get_string (graph, target->node, target->input, &told));
      g_assert_nonnull (strstr (told, "continuation"));
    }
}

#define ADD(path, func) \
  g_test_add ("/shipped-actions/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("defaults-run", test_defaults_run);
  ADD ("extremes-are-taken", test_extremes_are_taken);
  ADD ("what-is-left-open-stays", test_what_is_left_open_stays);
  ADD ("one-default-is-right-for-all", test_one_default_is_right_for_all);
  ADD ("sizes-reach-every-node", test_sizes_reach_every_node);
  ADD ("fields-have-a-place", test_fields_have_a_place);
  ADD ("only-the-client-scales", test_only_the_client_scales);
  ADD ("candidates-are-different", test_candidates_are_different);
  ADD ("blank-words-are-said-for-the-artist", test_blank_words_are_said_for_the_artist);

  return g_test_run ();
}
