/* SPDX-License-Identifier: GPL-3.0-or-later */

/* GET /api/object_info: what the nodes take, in ComfyUI's own words (server.py, node_info), out of
 * the table that graphs are checked against. The files of models that there are: those that a
 * shipped action asks for, and what the command missing-model allows; not those that it takes
 * away. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-node-table-private.h"
#include "comfy-workflow.h"
#include "sandbox-server.h"

/* One answer in the making */
typedef struct
{
  SandboxRequest *request;
  GHashTable     *files;  /* name of an input → set of the files that it takes */
} Info;

static JsonObject *group_to_json (Info      *info,
                                  GPtrArray *inputs);

/* the files that a graph's nodes ask for, where only the server knows which there are */
static void
collect_files (Info          *info,
               ComfyWorkflow *workflow)
{
  ComfyNodeTable *table = info->request->server->engine->table;
  g_auto(GStrv)   ids = comfy_workflow_dup_node_ids (workflow);

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      const ComfyNodeClass *klass =
        comfy_node_table_lookup (table, comfy_workflow_get_class (workflow, ids[i]));

      for (unsigned int j = 0; klass != NULL && j < klass->inputs->len; j++)
        {
          const ComfyNodeInput *input = g_ptr_array_index (klass->inputs, j);
          const char           *value;

          if (input->kind != COMFY_NODE_INPUT_COMBO || input->choices != NULL || input->upload
              || !comfy_workflow_get_string (workflow, ids[i], input->name, &value))
            continue;

          if (!g_hash_table_contains (info->files, input->name))
            g_hash_table_insert (info->files, g_strdup (input->name),
                                 g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL));
          g_hash_table_add (g_hash_table_lookup (info->files, input->name), g_strdup (value));
        }
    }
}

static void
collect_all_files (Info *info)
{
  const char       *folder = info->request->server->actions_path;
  g_autoptr(GDir)   dir = g_dir_open (folder, 0, NULL);
  const char       *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char          *path = g_build_filename (folder, name, NULL);
      g_autoptr(ComfyWorkflow)  workflow = NULL;

      if (!g_str_has_suffix (name, ".json") || g_str_has_suffix (name, ".gimp.json"))
        continue;

      workflow = comfy_workflow_new_from_file (path, NULL);
      if (workflow != NULL)
        collect_files (info, workflow);
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static JsonArray *
files_to_json (Info       *info,
               const char *input)
{
  SandboxMissing        *missing = info->request->server->engine->missing;
  GHashTable            *files = g_hash_table_lookup (info->files, input);
  g_autoptr(GPtrArray)   names = g_ptr_array_new ();
  JsonArray             *array = json_array_new ();
  GHashTableIter         iter;
  gpointer               name;

  if (files != NULL)
    {
      g_hash_table_iter_init (&iter, files);
      while (g_hash_table_iter_next (&iter, &name, NULL))
        {
          const char *const *instead = sandbox_missing_get_instead (missing, name);

          if (instead == NULL)
            g_ptr_array_add (names, name);
          for (; instead != NULL && *instead != NULL; instead++)
            g_ptr_array_add (names, (char *) *instead);
        }
    }

  g_ptr_array_sort (names, compare_names);
  for (unsigned int i = 0; i < names->len; i++)
    json_array_add_string_element (array, names->pdata[i]);

  return array;
}

static JsonArray *
strings_to_json (char **strings)
{
  JsonArray *array = json_array_new ();

  for (; strings != NULL && *strings != NULL; strings++)
    json_array_add_string_element (array, *strings);

  return array;
}

/* Returns: (transfer full): a default as it was before it became text */
static JsonNode *
default_to_json (const ComfyNodeInput *input)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);
  guint64   large;

  if (input->kind == COMFY_NODE_INPUT_BOOLEAN)
    json_node_set_boolean (node, g_str_equal (input->fallback, "true"));
  else if (input->kind == COMFY_NODE_INPUT_FLOAT)
    json_node_set_double (node, g_ascii_strtod (input->fallback, NULL));
  else if (input->kind != COMFY_NODE_INPUT_INT)
    json_node_set_string (node, input->fallback);
  else if (g_ascii_string_to_unsigned (input->fallback, 10, 0, G_MAXUINT64, &large, NULL))
    {
      json_node_unref (node);
      node = comfy_json_node_new_uint64 (large);
    }
  else
    json_node_set_int (node, g_ascii_strtoll (input->fallback, NULL, 10));

  return node;
}

static void
add_range (JsonObject           *options,
           const ComfyNodeInput *input)
{
  gboolean is_int = input->kind == COMFY_NODE_INPUT_INT;

  if (input->has_min && is_int)
    json_object_set_int_member (options, "min", input->min_int);
  else if (input->has_min)
    json_object_set_double_member (options, "min", input->min_float);

  if (input->has_max && !is_int)
    json_object_set_double_member (options, "max", input->max_float);
  else if (input->has_max && input->min_int < 0)
    json_object_set_int_member (options, "max", (gint64) input->max_int);
  else if (input->has_max)
    json_object_set_member (options, "max", comfy_json_node_new_uint64 (input->max_int));

  if (input->step != 0)
    json_object_set_double_member (options, "step", input->step);
}

/* Nodes of the first kind have their choices in front, those of the third kind behind */
static void
combo_to_json (Info                 *info,
               const ComfyNodeInput *input,
               JsonArray            *spec,
               JsonObject           *options)
{
  SandboxStore  *store = info->request->server->store;
  g_auto(GStrv)  uploads = NULL;
  JsonArray     *choices;

  if (input->upload)
    {
      uploads = sandbox_store_dup_inputs (store, info->request->account);
      choices = strings_to_json (uploads);
    }
  else if (input->choices == NULL)
    choices = files_to_json (info, input->name);
  else
    choices = strings_to_json (input->choices);

  if (input->upload)
    json_object_set_boolean_member (options, "image_upload", TRUE);
  if (input->fallback == NULL)
    {
      json_array_add_array_element (spec, choices);
      return;
    }

  json_array_add_string_element (spec, "COMBO");
  json_object_set_boolean_member (options, "multiselect", FALSE);
  json_object_set_array_member (options, "options", choices);
}

static void
dynamic_to_json (Info                 *info,
                 const ComfyNodeInput *input,
                 JsonArray            *spec,
                 JsonObject           *options)
{
  JsonArray *list = json_array_new ();

  for (unsigned int i = 0; input->choices[i] != NULL; i++)
    {
      JsonObject *option = json_object_new ();
      GPtrArray  *inputs = g_hash_table_lookup (input->options, input->choices[i]);

      json_object_set_string_member (option, "key", input->choices[i]);
      json_object_set_object_member (option, "inputs", group_to_json (info, inputs));
      json_array_add_object_element (list, option);
    }

  json_array_add_string_element (spec, "COMFY_DYNAMICCOMBO_V3");
  json_object_set_array_member (options, "options", list);
}

static void
autogrow_to_json (Info                 *info,
                  const ComfyNodeInput *input,
                  JsonArray            *spec,
                  JsonObject           *options)
{
  JsonObject           *template = json_object_new ();
  JsonArray            *names = json_array_new ();
  g_autoptr(GPtrArray)  first = g_ptr_array_new ();

  for (unsigned int i = 0; i < input->elements->len; i++)
    json_array_add_string_element (names,
                                   ((ComfyNodeInput *) input->elements->pdata[i])->name);
  if (input->elements->len > 0)
    g_ptr_array_add (first, input->elements->pdata[0]);

  json_array_add_string_element (spec, "COMFY_AUTOGROW_V3");
  json_object_set_object_member (template, "input", group_to_json (info, first));
  json_object_set_array_member (template, "names", names);
  json_object_set_int_member (template, "min", input->least);
  json_object_set_object_member (options, "template", template);
}

static JsonArray *
input_to_json (Info                 *info,
               const ComfyNodeInput *input)
{
  JsonArray  *spec = json_array_new ();
  JsonObject *options = json_object_new ();

  switch (input->kind)
    {
    case COMFY_NODE_INPUT_COMBO:
      combo_to_json (info, input, spec, options);
      break;
    case COMFY_NODE_INPUT_DYNAMIC:
      dynamic_to_json (info, input, spec, options);
      break;
    case COMFY_NODE_INPUT_AUTOGROW:
      autogrow_to_json (info, input, spec, options);
      break;
    case COMFY_NODE_INPUT_LINK:
    case COMFY_NODE_INPUT_INT:
    case COMFY_NODE_INPUT_FLOAT:
    case COMFY_NODE_INPUT_STRING:
    case COMFY_NODE_INPUT_BOOLEAN:
    default:
      json_array_add_string_element (spec, input->type_name);
      add_range (options, input);
      if (input->multiline)
        json_object_set_boolean_member (options, "multiline", TRUE);
      if (input->seed)
        json_object_set_boolean_member (options, "control_after_generate", TRUE);
      break;
    }

  if (input->fallback != NULL)
    json_object_set_member (options, "default", default_to_json (input));
  json_array_add_object_element (spec, options);

  return spec;
}

/* {"required": {…}, "optional": {…}} */
static JsonObject *
group_to_json (Info      *info,
               GPtrArray *inputs)
{
  JsonObject *group = json_object_new ();
  JsonObject *parts[2] = { json_object_new (), json_object_new () };

  for (unsigned int i = 0; i < inputs->len; i++)
    {
      const ComfyNodeInput *input = g_ptr_array_index (inputs, i);

      json_object_set_array_member (parts[input->required ? 0 : 1], input->name,
                                    input_to_json (info, input));
    }

  json_object_set_object_member (group, "required", parts[0]);
  if (json_object_get_size (parts[1]) > 0)
    json_object_set_object_member (group, "optional", parts[1]);
  else
    json_object_unref (parts[1]);

  return group;
}

static JsonObject *
class_to_json (Info       *info,
               const char *class_type)
{
  const ComfyNodeClass *klass =
    comfy_node_table_lookup (info->request->server->engine->table, class_type);
  JsonObject           *object = json_object_new ();

  json_object_set_object_member (object, "input", group_to_json (info, klass->inputs));
  json_object_set_array_member (object, "output", strings_to_json (klass->outputs));
  json_object_set_string_member (object, "name", class_type);
  json_object_set_string_member (object, "display_name", klass->title);
  json_object_set_string_member (object, "category", "sandbox");
  json_object_set_boolean_member (object, "output_node", klass->is_output);
  json_object_set_boolean_member (object, "api_node", klass->is_partner);

  return object;
}

/**
 * sandbox_info_handle:
 * @request: authenticated, GET SANDBOX_INFO_PATH
 *
 * Answers with all classes that this server has.
 */
void
sandbox_info_handle (SandboxRequest *request)
{
  SandboxEngine     *engine = request->server->engine;
  g_autofree char  **classes = _comfy_node_table_list_classes (engine->table);
  JsonObject        *body = json_object_new ();
  Info               info = { request, NULL };

  info.files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                      (GDestroyNotify) g_hash_table_unref);
  collect_all_files (&info);

  for (unsigned int i = 0; classes[i] != NULL; i++)
    if (!sandbox_missing_is_node (engine->missing, classes[i]))
      json_object_set_object_member (body, classes[i], class_to_json (&info, classes[i]));

  g_hash_table_unref (info.files);
  sandbox_request_reply (request, 200, body);
}
