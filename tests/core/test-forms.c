/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What forms come of real graphs. For each graph in forms/ (every convention; NAME.window.json is the
 * same in the format of ComfyUI's window) and workflows/ (families of models) the form that it has
 * lies in forms/NAME.form; COMFY_UPDATE_FORMS=1 writes them anew, for a person to look at. The graphs
 * in forms-blind/ and what is expected of them (NAME.expect.json) were written without a look at this
 * program: nine of ten of their fields are right without correction.
 */
#include "config.h"

#include <math.h>
#include <string.h>
#include <json-glib/json-glib.h>

#include "comfy-json-private.h"
#include "mapping-fixture.h"

/* of all fields that are expected */
#define RIGHT_SHARE 0.9

static const char * const type_names[] = {
  "text", "int", "double", "boolean", "choice", "seed", "size", "edges", "picture",
};
static const char * const place_names[] = { "form", "advanced", "all" };

static char *
dup_data_path (const char *folder,
               const char *name)
{
  return g_build_filename (g_getenv ("COMFY_TEST_FORMS_DIR"), folder, name, NULL);
}

static ComfyMapping *
load_mapping (const char *folder,
              const char *name)
{
  g_autoptr(ComfyNodeTable) table = mapping_load_table ();

  return mapping_load (folder, name, table);
}

/* where a field's value goes, as the mapping names it: a mask's loader is made for the purpose */
static const ComfyMappingEntry *
get_entry (ComfyMapping *mapping,
           unsigned int  i)
{
  return comfy_mapping_get_entry (mapping, i);
}

static void
add_range (GString          *text,
           const ComfyField *field)
{
  if (field->type == COMFY_FIELD_INT || field->type == COMFY_FIELD_SIZE)
    g_string_append_printf (text, "  %.0f to %.0f by %.0f", field->min, field->max, field->step);
  else if (field->type == COMFY_FIELD_DOUBLE)
    g_string_append_printf (text, "  %g to %g by %g", field->min, field->max, field->step);
  else if (field->type == COMFY_FIELD_CHOICE)
    g_string_append_printf (text, "  one of %u", field->choices->len);
  else if (field->type == COMFY_FIELD_SEED && field->seed_max != G_MAXUINT64)
    g_string_append_printf (text, "  to %" G_GUINT64_FORMAT, field->seed_max);
  else if (field->type == COMFY_FIELD_TEXT && field->multiline)
    g_string_append (text, field->private_ ? "  lines, private" : "  lines");
}

static char *
describe (ComfyMapping *mapping)
{
  g_autoptr(ComfyAction) action = mapping_make_action (mapping);
  GString               *text = g_string_new (NULL);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField        *field = comfy_action_get_field (action, i);
      const ComfyMappingEntry *entry = get_entry (mapping, i);
      g_autofree char         *value = g_variant_print (field->fallback, FALSE);

      g_string_append_printf (text, "%s  %s  %s.%s  “%s”  %s", place_names[field->place],
                              type_names[field->type], entry->node, entry->input, field->label,
                              value);
      add_range (text, field);
      g_string_append_c (text, '\n');
    }
  for (unsigned int i = 0; i < comfy_mapping_get_n_outputs (mapping); i++)
    {
      const ComfyMappingOutput *output = comfy_mapping_get_output (mapping, i);

      g_string_append_printf (text, "output  %s  %s\n", output->node,
                              output->is_text ? "text" : comfy_outcome_to_id (output->outcome));
    }

  return g_string_free (text, FALSE);
}

static void
test_golden (gconstpointer data)
{
  const char           *folder = data;
  g_autoptr(GPtrArray)  names = mapping_list_graphs (folder);

  g_assert_cmpuint (names->len, >=, 14);
  for (unsigned int i = 0; i < names->len; i++)
    {
      const char              *name = g_ptr_array_index (names, i);
      g_autoptr(ComfyMapping)  mapping = load_mapping (folder, name);
      g_autofree char         *text = describe (mapping);
      g_autofree char         *file = g_strconcat (comfy_mapping_get_title (mapping), ".form", NULL);
      g_autofree char         *path = dup_data_path ("forms", file);
      g_autofree char         *golden = NULL;

      if (g_getenv ("COMFY_UPDATE_FORMS") != NULL)
        g_assert_true (g_file_set_contents (path, text, -1, NULL));
      g_assert_true (g_file_get_contents (path, &golden, NULL, NULL));
      g_test_message ("%s", name);
      g_assert_cmpstr (text, ==, golden);
    }
}

/* how many of the expected there are, and how many of them are right */
typedef struct
{
  unsigned int n_expected;
  unsigned int n_right;
  unsigned int n_labels;
} Score;

/* (nullable) */
static const ComfyField *
find_field (ComfyMapping *mapping,
            ComfyAction  *action,
            const char   *node,
            const char   *input)
{
  for (unsigned int i = 0; i < comfy_mapping_get_n_entries (mapping); i++)
    {
      const ComfyMappingEntry *entry = get_entry (mapping, i);

      if (g_str_equal (entry->node, node) && g_str_equal (entry->input, input))
        return comfy_action_get_field (action, i);
    }

  return NULL;
}

static gboolean
is_right (const ComfyField *field,
          JsonObject       *expected)
{
  const char *type = comfy_json_get_string (expected, "type");
  const char *place = comfy_json_get_string (expected, "place");
  const char *binding = comfy_json_get_string (expected, "binding");

  if (field == NULL || !g_str_equal (place_names[field->place], place))
    return FALSE;
  if (binding != NULL
      && (field->type != COMFY_FIELD_PICTURE
          || !g_str_equal (g_variant_get_string (field->fallback, NULL), binding)))
    return FALSE;

  /* which models there are only a server knows: until then, a name that can be typed */
  return g_str_equal (type_names[field->type], type)
         || (g_str_equal (type, "choice") && field->type == COMFY_FIELD_TEXT);
}

static void
compare_fields (ComfyMapping *mapping,
                JsonArray    *fields,
                Score        *score)
{
  g_autoptr(ComfyAction) action = mapping_make_action (mapping);
  unsigned int           n_shown = 0;

  for (unsigned int i = 0; i < json_array_get_length (fields); i++)
    {
      JsonObject       *expected = json_array_get_object_element (fields, i);
      const char       *node = comfy_json_get_string (expected, "node");
      const char       *input = comfy_json_get_string (expected, "input");
      const char       *label = comfy_json_get_string (expected, "label");
      const ComfyField *field = find_field (mapping, action, node, input);

      score->n_expected++;
      if (is_right (field, expected))
        score->n_right++;
      else
        g_test_message ("%s: %s.%s is %s, not %s %s", comfy_mapping_get_title (mapping), node, input,
                        field != NULL ? place_names[field->place] : "not there",
                        comfy_json_get_string (expected, "place"),
                        comfy_json_get_string (expected, "type"));
      if (field != NULL && g_str_equal (field->label, label))
        score->n_labels++;
      else if (field != NULL)
        g_test_message ("%s: %s.%s is called “%s”, not “%s”", comfy_mapping_get_title (mapping),
                        node, input, field->label, label);
    }

  /* what is shown and was not expected is wrong, too */
  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    if (comfy_action_get_field (action, i)->place != COMFY_PLACE_ALL)
      n_shown++;
  if (n_shown > json_array_get_length (fields))
    {
      g_test_message ("%s: %u are shown, not %u", comfy_mapping_get_title (mapping), n_shown,
                      json_array_get_length (fields));
      score->n_expected += n_shown - json_array_get_length (fields);
    }
}

static void
compare_outputs (ComfyMapping *mapping,
                 JsonArray    *outputs,
                 Score        *score)
{
  for (unsigned int i = 0; i < json_array_get_length (outputs); i++)
    {
      JsonObject *expected = json_array_get_object_element (outputs, i);
      const char *outcome = comfy_json_get_string (expected, "outcome");
      gboolean    right = FALSE;

      for (unsigned int j = 0; j < comfy_mapping_get_n_outputs (mapping); j++)
        {
          const ComfyMappingOutput *output = comfy_mapping_get_output (mapping, j);

          if (g_str_equal (output->node, comfy_json_get_string (expected, "node")))
            right = g_str_equal (output->is_text ? "text" : comfy_outcome_to_id (output->outcome),
                                 outcome);
        }
      score->n_expected++;
      if (right)
        score->n_right++;
      else
        g_test_message ("%s: output %s is not %s", comfy_mapping_get_title (mapping),
                        comfy_json_get_string (expected, "node"), outcome);
    }
}

static JsonNode *
load_expected (const char *title)
{
  g_autofree char   *name = g_strconcat (title, ".expect.json", NULL);
  g_autofree char   *path = dup_data_path ("forms-blind", name);
  g_autofree char   *text = NULL;
  g_autoptr(GError)  error = NULL;
  gsize              length;
  JsonNode          *root;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  root = comfy_json_read (text, length, G_MAXSIZE, 16, &error);
  g_assert_no_error (error);

  return root;
}

static void
test_blind (void)
{
  g_autoptr(GPtrArray) names = mapping_list_graphs ("forms-blind");
  Score                score = { 0 };

  g_assert_cmpuint (names->len, >=, 10);
  for (unsigned int i = 0; i < names->len; i++)
    {
      g_autoptr(ComfyMapping)  mapping = load_mapping ("forms-blind", g_ptr_array_index (names, i));
      g_autoptr(JsonNode)      root = load_expected (comfy_mapping_get_title (mapping));
      JsonObject              *expected = json_node_get_object (root);

      compare_fields (mapping, comfy_json_get_array (expected, "fields"), &score);
      compare_outputs (mapping, comfy_json_get_array (expected, "outputs"), &score);
    }

  g_test_message ("%u of %u are right, %u have the very name", score.n_right, score.n_expected,
                  score.n_labels);
  g_assert_cmpfloat (score.n_right, >=, RIGHT_SHARE * score.n_expected);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/forms/models", "workflows", test_golden);
  g_test_add_data_func ("/forms/conventions", "forms", test_golden);
  g_test_add_func ("/forms/blind", test_blind);

  return g_test_run ();
}
