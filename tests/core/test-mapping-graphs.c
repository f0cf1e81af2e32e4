/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What holds for every graph in tests/data: nothing that its author set is changed by opening and
 * running it, and an action that was saved is the one that was made.
 */
#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-workflow-private.h"
#include "mapping-fixture.h"

static const char * const folders[] = { "workflows", "forms", "forms-blind" };

/* what a run changes by design: "node/input" */
static GHashTable *
list_changes (ComfyMapping *mapping,
              ComfyForm    *form)
{
  GHashTable *changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (unsigned int i = 0; i < comfy_mapping_get_n_entries (mapping); i++)
    {
      const ComfyMappingEntry *entry = comfy_mapping_get_entry (mapping, i);
      const ComfyField        *field = comfy_action_get_field (comfy_form_get_action (form), i);

      if (field->type == COMFY_FIELD_SEED)
        g_hash_table_add (changes, g_strconcat (entry->node, "/", entry->input, NULL));
      if (field->type == COMFY_FIELD_PICTURE)
        g_hash_table_add (changes, g_strconcat (entry->node, "/channel", NULL));
    }
  for (unsigned int i = 0; i < comfy_mapping_get_n_outputs (mapping); i++)
    g_hash_table_add (changes, g_strconcat (comfy_mapping_get_output (mapping, i)->node,
                                            "/filename_prefix", NULL));

  return changes;
}

static gboolean
is_same (JsonNode *one,
         JsonNode *other)
{
  g_autofree char *text = NULL;
  g_autofree char *other_text = NULL;

  /* 7 may have become 7.0 */
  if (JSON_NODE_HOLDS_VALUE (one) && JSON_NODE_HOLDS_VALUE (other)
      && json_node_get_value_type (other) == G_TYPE_DOUBLE
      && json_node_get_value_type (one) == G_TYPE_INT64)
    return json_node_get_double (one) == json_node_get_double (other);

  text = json_to_string (one, FALSE);
  other_text = json_to_string (other, FALSE);

  return g_str_equal (text, other_text);
}

/* a mask that was made of a picture's transparency is a picture of its own */
static gboolean
is_taken_mask (JsonNode *one,
               JsonNode *other)
{
  g_autofree char *mask = NULL;
  const char      *source;
  const char      *other_source;
  unsigned int     slot;
  unsigned int     other_slot;

  if (!comfy_json_node_read_link (one, &source, &slot)
      || !comfy_json_node_read_link (other, &other_source, &other_slot))
    return FALSE;
  mask = g_strconcat (source, "-mask", NULL);

  return slot == 1 && other_slot == 0 && g_str_equal (other_source, mask);
}

static void
assert_unchanged (ComfyMapping  *mapping,
                  ComfyForm     *form,
                  ComfyWorkflow *applied)
{
  ComfyWorkflow         *graph = comfy_mapping_get_workflow (mapping);
  g_autoptr(GHashTable)  changes = list_changes (mapping, form);
  g_auto(GStrv)          nodes = comfy_workflow_dup_node_ids (graph);

  for (unsigned int i = 0; nodes[i] != NULL; i++)
    {
      g_auto(GStrv) inputs = comfy_workflow_dup_inputs (graph, nodes[i]);
      g_auto(GStrv) others = comfy_workflow_dup_inputs (applied, nodes[i]);

      g_assert_cmpstr (comfy_workflow_get_class (graph, nodes[i]), ==,
                       comfy_workflow_get_class (applied, nodes[i]));
      g_assert_cmpstr (comfy_workflow_get_title (graph, nodes[i]), ==,
                       comfy_workflow_get_title (applied, nodes[i]));
      g_assert_cmpstrv (inputs, others);
      for (unsigned int j = 0; inputs[j] != NULL; j++)
        {
          JsonNode        *one = comfy_workflow_get_value (graph, nodes[i], inputs[j]);
          JsonNode        *other = comfy_workflow_get_value (applied, nodes[i], inputs[j]);
          g_autofree char *key = g_strconcat (nodes[i], "/", inputs[j], NULL);

          if (g_hash_table_contains (changes, key) || is_same (one, other)
              || is_taken_mask (one, other))
            continue;
          g_error ("%s: %s is %s, not %s", comfy_mapping_get_title (mapping), key,
                   json_to_string (other, FALSE), json_to_string (one, FALSE));
        }
    }
}

/* as a window does that shows each value and takes it back */
static void
set_all_again (ComfyForm *form)
{
  ComfyAction *action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField    *field = comfy_action_get_field (action, i);
      g_autoptr(GVariant)  value = g_variant_ref (comfy_form_get_value (form, field->id));

      /* a size that is on no step of the field is shown as it is and set by nobody */
      if (field->type != COMFY_FIELD_SIZE)
        comfy_form_set_value (form, field->id, value);
    }
}

static void
check_unchanged (ComfyMapping *mapping)
{
  g_autoptr(ComfyAction)    action = mapping_make_action (mapping);
  g_autoptr(ComfyForm)      form = comfy_form_new (action);
  g_autoptr(ComfyWorkflow)  applied = NULL;
  g_autoptr(ComfyWorkflow)  again = NULL;
  g_autoptr(GError)         error = NULL;
  guint64                   seed;

  applied = comfy_form_apply (form, &seed, &error);
  g_assert_no_error (error);
  assert_unchanged (mapping, form, applied);

  set_all_again (form);
  again = comfy_form_apply (form, &seed, &error);
  g_assert_no_error (error);
  assert_unchanged (mapping, form, again);
}

static void
assert_same_field (const ComfyField *one,
                   const ComfyField *other)
{
  g_assert_cmpstr (one->id, ==, other->id);
  g_assert_cmpstr (one->label, ==, other->label);
  g_assert_cmpstr (one->group, ==, other->group);
  g_assert_cmpint (one->type, ==, other->type);
  g_assert_cmpint (one->place, ==, other->place);
  g_assert_cmpint (one->multiline, ==, other->multiline);
  g_assert_cmpint (one->private_, ==, other->private_);
  g_assert_true (g_variant_equal (one->fallback, other->fallback));
  g_assert_true (one->seed_max == other->seed_max || one->type != COMFY_FIELD_SEED);
  g_assert_cmpuint (one->image_area, ==, other->image_area);
  g_assert_cmpuint (one->choices->len, ==, other->choices->len);
  g_assert_cmpuint (one->presets->len, ==, other->presets->len);
  if (one->type == COMFY_FIELD_INT || one->type == COMFY_FIELD_DOUBLE
      || one->type == COMFY_FIELD_SIZE)
    {
      g_assert_cmpfloat (one->min, ==, other->min);
      g_assert_cmpfloat (one->max, ==, other->max);
      g_assert_cmpfloat (one->step, ==, other->step);
    }
  for (unsigned int i = 0; i < one->choices->len; i++)
    g_assert_cmpstr (((ComfyChoice *) one->choices->pdata[i])->id, ==,
                     ((ComfyChoice *) other->choices->pdata[i])->id);
}

static void
assert_same_targets (ComfyAction *action,
                     ComfyAction *saved,
                     const char  *id)
{
  const ComfyTarget *one = comfy_variant_get_targets (comfy_action_get_variant (action, 0), id);
  const ComfyTarget *other = comfy_variant_get_targets (comfy_action_get_variant (saved, 0), id);

  for (unsigned int i = 0; i < 2; i++)
    {
      g_assert_cmpstr (one[i].node, ==, other[i].node);
      g_assert_cmpstr (one[i].input, ==, other[i].input);
    }
}

/* what a file says that was saved, and what is run without saving, is the same */
static void
check_saved (ComfyMapping *mapping)
{
  g_autoptr(ComfyAction)  action = mapping_make_action (mapping);
  g_autoptr(GBytes)       sidecar = comfy_mapping_to_sidecar (mapping);
  g_autoptr(GError)       error = NULL;
  g_autoptr(ComfyAction)  saved = NULL;
  GPtrArray              *outputs = comfy_action_get_outputs (action);

  saved = comfy_action_new_from_bytes ("test", comfy_mapping_get_workflow (mapping), sidecar,
                                       &error);
  if (error != NULL)
    g_test_message ("%s", comfy_error_get_detail (error));
  g_assert_no_error (error);

  g_assert_cmpstr (comfy_action_get_menu_label (action), ==, comfy_action_get_menu_label (saved));
  g_assert_cmpint (comfy_action_get_source (action), ==, comfy_action_get_source (saved));
  g_assert_cmpint (comfy_action_get_fit (action), ==, comfy_action_get_fit (saved));
  g_assert_cmpuint (outputs->len, ==, comfy_action_get_outputs (saved)->len);
  g_assert_cmpuint (comfy_action_get_n_fields (action), ==, comfy_action_get_n_fields (saved));
  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);

      assert_same_field (field, comfy_action_get_field (saved, i));
      assert_same_targets (action, saved, field->id);
    }
}

static gboolean
is_canonical (const char *id)
{
  if (!g_ascii_islower (*id))
    return FALSE;
  for (; *id != '\0'; id++)
    if (!g_ascii_islower (*id) && !g_ascii_isdigit (*id) && *id != '-')
      return FALSE;

  return TRUE;
}

static void
check_names (ComfyMapping *mapping)
{
  g_autoptr(ComfyAction)  action = mapping_make_action (mapping);
  g_autoptr(GHashTable)   labels = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);

      g_assert_cmpint (strlen (field->label), >, 0);
      g_assert_true (comfy_action_find_field (action, field->id) == field);
      g_assert_cmpint (field->group != NULL, ==, field->place == COMFY_PLACE_ALL);
      if (field->place == COMFY_PLACE_ALL)
        continue;
      g_assert_true (is_canonical (field->id));
      g_assert_true (g_hash_table_add (labels, field->label));
    }
}

static void
test_all (gconstpointer data)
{
  void                    (*check) (ComfyMapping *) = (void (*) (ComfyMapping *)) data;
  g_autoptr(ComfyNodeTable) table = mapping_load_table ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autoptr(GPtrArray) names = mapping_list_graphs (folders[i]);

      g_assert_cmpuint (names->len, >=, 10);
      for (unsigned int j = 0; j < names->len; j++)
        {
          g_autoptr(ComfyMapping) mapping = mapping_load (folders[i], names->pdata[j], table);

          g_test_message ("%s", (char *) names->pdata[j]);
          check (mapping);
        }
    }
}

/* thousands of nodes of one name, masks and texts without end: what is quadratic takes minutes */
static void
test_large (void)
{
  g_autoptr(GString)       json = g_string_new ("{");
  g_autoptr(ComfyMapping)  mapping = NULL;
  g_autoptr(ComfyAction)   action = NULL;
  g_autoptr(GBytes)        corrections = NULL;

  for (unsigned int i = 0; i < 8000; i++)
    g_string_append_printf (json, "'%u':{'class_type':'LoadImage','inputs':{'image':'a.png'}},"
                            "'t%u':{'class_type':'CLIPTextEncode','inputs':{'text':'x',"
                            "'clip':['c',0],'mask':['%u',1],'image':['%u',0]}},", i, i, i, i);
  g_string_append (json, "'o':{'class_type':'Show','inputs':{");
  for (unsigned int i = 0; i < 8000; i++)
    g_string_append_printf (json, "'i%u':['t%u',0],", i, i);
  g_string_append (json, "'end':1}}}");

  mapping = mapping_new (json->str);
  comfy_mapping_move (mapping, 0, G_MAXUINT);
  corrections = comfy_mapping_to_corrections (mapping);
  comfy_mapping_correct (mapping, corrections);
  action = mapping_make_action (mapping);
  g_assert_cmpuint (comfy_action_get_n_fields (action), ==, 24001);
}

/* three nodes, and every link that there is room for: to be followed once, not once for each other */
static void
test_many_links (void)
{
  g_autoptr(GString)      json = g_string_new ("{'s':{'class_type':'Sampler','inputs':{"
                                               "'positive':['a',0]}},");
  g_autoptr(ComfyMapping) mapping = NULL;

  for (char node = 'a'; node < 'd'; node++)
    {
      g_string_append_printf (json, "'%c':{'class_type':'Join','inputs':{", node);
      for (unsigned int i = 0; i < 40000; i++)
        g_string_append_printf (json, "'i%u':['%c',%u],", i, node + 1, i);
      g_string_append (json, "'end':'x'}},");
    }
  g_string_append (json, "'d':{'class_type':'CLIPTextEncode','inputs':{'text':'a cat'}}}");

  mapping = mapping_new (json->str);
  g_assert_cmpint (comfy_mapping_get_entry (mapping, mapping_find (mapping, "d", "text"))->kind, ==,
                   COMFY_KIND_PROMPT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/mapping-graphs/nothing-is-changed", check_unchanged, test_all);
  g_test_add_data_func ("/mapping-graphs/saved-is-the-same", check_saved, test_all);
  g_test_add_data_func ("/mapping-graphs/names", check_names, test_all);
  g_test_add_func ("/mapping-graphs/large", test_large);
  g_test_add_func ("/mapping-graphs/many-links", test_many_links);

  return g_test_run ();
}
