/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "mapping-fixture.h"

static char *
dup_data_path (const char *folder,
               const char *name)
{
  return g_build_filename (g_getenv ("COMFY_TEST_FORMS_DIR"), folder, name, NULL);
}

ComfyNodeTable *
mapping_load_table (void)
{
  g_autofree char   *path = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json", NULL);
  g_autoptr(GError)  error = NULL;
  ComfyNodeTable    *table = comfy_node_table_new_from_file (path, &error);

  g_assert_no_error (error);

  return table;
}

ComfyMapping *
mapping_new (const char *json)
{
  g_autoptr(ComfyNodeTable)  table = mapping_load_table ();
  g_autofree char           *text = g_strdelimit (g_strdup (json), "'", '"');
  g_autoptr(GBytes)          bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError)          error = NULL;
  g_autoptr(ComfyWorkflow)   workflow = comfy_workflow_new_from_bytes (bytes, &error);

  g_assert_no_error (error);

  return comfy_mapping_new (workflow, table, "test");
}

/* (nullable): the graph as ComfyUI's window has it, where that is there */
static JsonNode *
load_window (const char *folder,
             const char *title)
{
  g_autofree char   *name = g_strconcat (title, ".window.json", NULL);
  g_autofree char   *path = dup_data_path (folder, name);
  g_autofree char   *text = NULL;
  g_autoptr(GError)  error = NULL;
  gsize              length;
  JsonNode          *root;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  root = comfy_json_read (text, length, G_MAXSIZE, 16, &error);
  g_assert_no_error (error);

  return root;
}

ComfyMapping *
mapping_load (const char     *folder,
              const char     *name,
              ComfyNodeTable *table)
{
  g_autofree char          *path = dup_data_path (folder, name);
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyWorkflow)  workflow = comfy_workflow_new_from_file (path, &error);
  g_autofree char          *title = g_strndup (name, strlen (name) - strlen (".json"));
  g_autoptr(JsonNode)       window = load_window (folder, title);
  ComfyMapping             *mapping;

  g_assert_no_error (error);
  mapping = comfy_mapping_new (workflow, table, title);
  if (window != NULL)
    _comfy_mapping_set_window (mapping, window);

  return mapping;
}

GPtrArray *
mapping_list_graphs (const char *folder)
{
  g_autofree char *path = dup_data_path (folder, NULL);
  g_autoptr(GDir)  dir = g_dir_open (path, 0, NULL);
  GPtrArray       *names = g_ptr_array_new_with_free_func (g_free);
  const char      *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".json") && !g_str_has_suffix (name, ".expect.json")
        && !g_str_has_suffix (name, ".window.json"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort_values (names, (GCompareFunc) strcmp);

  return names;
}

unsigned int
mapping_find (ComfyMapping *mapping,
              const char   *node,
              const char   *input)
{
  for (unsigned int i = 0; i < comfy_mapping_get_n_entries (mapping); i++)
    {
      const ComfyMappingEntry *entry = comfy_mapping_get_entry (mapping, i);

      if (g_str_equal (entry->node, node) && g_str_equal (entry->input, input))
        return i;
    }

  g_error ("%s.%s is not there", node, input);
}

ComfyAction *
mapping_make_action (ComfyMapping *mapping)
{
  g_autoptr(GError)  error = NULL;
  ComfyAction       *action = comfy_mapping_make_action (mapping, "test", &error);

  if (error != NULL)
    g_test_message ("%s: %s", comfy_mapping_get_title (mapping), comfy_error_get_detail (error));
  g_assert_no_error (error);

  return action;
}
