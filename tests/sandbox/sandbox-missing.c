/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Models and nodes that a server has not got, and how ComfyUI says so (execution.py, validate_inputs
 * and validate_prompt). */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "comfy-json-private.h"
#include "comfy-workflow-check.h"
#include "comfy-workflow-private.h"
#include "sandbox-missing.h"

/* How input_config is written. */
typedef enum
{
  CONFIG_LIST,   /* [["a", "b"], {}], as nodes of the first kind have it */
  CONFIG_COMBO,  /* ["COMBO", {"options": ["a", "b"]}], as nodes of the third kind have it */
  CONFIG_NONE    /* null, as for more than twenty choices */
} Config;

typedef struct
{
  char   **allowed;
  Config   config;
} MissingModel;

struct _SandboxMissing
{
  GHashTable   *models;  /* file name → MissingModel */
  GHashTable   *nodes;   /* set of class names */
  SandboxShape  shape;
};

static void
missing_model_free (gpointer data)
{
  MissingModel *self = data;

  g_strfreev (self->allowed);
  g_free (self);
}

SandboxMissing *
sandbox_missing_new (void)
{
  SandboxMissing *self = g_new0 (SandboxMissing, 1);

  self->models = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, missing_model_free);
  self->nodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
sandbox_missing_free (SandboxMissing *self)
{
  g_hash_table_unref (self->models);
  g_hash_table_unref (self->nodes);
  g_free (self);
}

/**
 * sandbox_missing_clear:
 *
 * Nothing is missing any more.
 */
void
sandbox_missing_clear (SandboxMissing *self)
{
  g_hash_table_remove_all (self->models);
  g_hash_table_remove_all (self->nodes);
  self->shape = SANDBOX_SHAPE_FIELDS;
}

/* Returns the index of a word, 0 when it is not given, -1 with an error when it is not known. */
static int
read_word (JsonObject         *arguments,
           const char         *member,
           const char *const  *words,
           GError            **error)
{
  const char *given = comfy_json_get_string (arguments, member);

  for (int i = 0; words[i] != NULL; i++)
    if (given == NULL || g_str_equal (given, words[i]))
      return i;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "unknown %s: %s", member, given);
  return -1;
}

static gboolean
read_shape (SandboxMissing  *self,
            JsonObject      *arguments,
            GError         **error)
{
  static const char *const shapes[] = { "fields", "details", "raw", NULL };
  int shape = read_word (arguments, "shape", shapes, error);

  if (shape >= 0)
    self->shape = (SandboxShape) shape;
  return shape >= 0;
}

static const char *
read_name (JsonObject  *arguments,
           const char  *member,
           GError     **error)
{
  const char *name = comfy_json_get_string (arguments, member);

  if (name == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s is missing", member);
  return name;
}

/**
 * sandbox_missing_add_model:
 * @arguments: `name`, of a file; `allowed`, what there is instead; `config`: list, combo or none;
 *   `shape`: fields, details or raw
 *
 * Returns: %TRUE, or %FALSE with %G_IO_ERROR
 */
gboolean
sandbox_missing_add_model (SandboxMissing  *self,
                           JsonObject      *arguments,
                           GError         **error)
{
  static const char *const configs[] = { "list", "combo", "none", NULL };
  const char *name = read_name (arguments, "name", error);
  int config = name != NULL ? read_word (arguments, "config", configs, error) : -1;
  JsonArray *array = comfy_json_get_array (arguments, "allowed");
  g_autoptr(GStrvBuilder) allowed = g_strv_builder_new ();
  MissingModel *model;

  if (config < 0 || !read_shape (self, arguments, error))
    return FALSE;

  for (unsigned int i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (comfy_json_node_is_string (json_array_get_element (array, i)))
      g_strv_builder_add (allowed, json_array_get_string_element (array, i));

  model = g_new0 (MissingModel, 1);
  model->allowed = g_strv_builder_end (allowed);
  model->config = (Config) config;
  g_hash_table_replace (self->models, g_strdup (name), model);
  return TRUE;
}

/**
 * sandbox_missing_add_node:
 * @arguments: `class_type`; `shape`: fields, details or raw
 *
 * Returns: %TRUE, or %FALSE with %G_IO_ERROR
 */
gboolean
sandbox_missing_add_node (SandboxMissing  *self,
                          JsonObject      *arguments,
                          GError         **error)
{
  const char *class_type = read_name (arguments, "class_type", error);

  if (class_type == NULL || !read_shape (self, arguments, error))
    return FALSE;

  g_hash_table_add (self->nodes, g_strdup (class_type));
  return TRUE;
}

/**
 * sandbox_missing_is_node:
 *
 * Returns: whether the class is missing
 */
gboolean
sandbox_missing_is_node (SandboxMissing *self,
                         const char     *class_type)
{
  return g_hash_table_contains (self->nodes, class_type);
}

/**
 * sandbox_missing_get_instead:
 * @name: of a file
 *
 * Returns: (transfer none) (nullable): what there is instead of it; %NULL when it is not missing
 */
const char *const *
sandbox_missing_get_instead (SandboxMissing *self,
                             const char     *name)
{
  const MissingModel *model = g_hash_table_lookup (self->models, name);

  return model != NULL ? (const char *const *) model->allowed : NULL;
}

/**
 * sandbox_missing_get_shape:
 *
 * Returns: how problems are to be told, as the last command said
 */
SandboxShape
sandbox_missing_get_shape (SandboxMissing *self)
{
  return self->shape;
}

/* As core's check makes them, so that the array's own function can free it. */
static ComfyWorkflowProblem *
new_problem (const char *node_id,
             const char *input,
             const char *type,
             char       *message)
{
  ComfyWorkflowProblem *problem = g_new0 (ComfyWorkflowProblem, 1);

  problem->node_id = g_strdup (node_id);
  problem->input = g_strdup (input);
  problem->type = g_strdup (type);
  problem->message = message;
  return problem;
}

/* The value of an input, when it is the name of a file that is missing. */
static const char *
get_missing_name (SandboxMissing *self,
                  ComfyWorkflow  *workflow,
                  ComfyNodeTable *table,
                  const char     *node_id,
                  const char     *input)
{
  const ComfyNodeClass *klass =
    comfy_node_table_lookup (table, comfy_workflow_get_class (workflow, node_id));
  const ComfyNodeInput *entry =
    klass != NULL ? comfy_node_class_lookup_input (klass, input) : NULL;
  const char *value;

  return entry != NULL && comfy_node_input_get_kind (entry) == COMFY_NODE_INPUT_COMBO
         && comfy_workflow_get_string (workflow, node_id, input, &value)
         && g_hash_table_contains (self->models, value) ? value : NULL;
}

static void
find_in_node (SandboxMissing *self,
              ComfyWorkflow  *workflow,
              ComfyNodeTable *table,
              const char     *node_id,
              GPtrArray      *problems)
{
  g_auto(GStrv) inputs = comfy_workflow_dup_inputs (workflow, node_id);

  for (unsigned int i = 0; inputs[i] != NULL; i++)
    {
      const char *value = get_missing_name (self, workflow, table, node_id, inputs[i]);

      if (value != NULL)
        g_ptr_array_add (problems,
                         new_problem (node_id, inputs[i], "value_not_in_list",
                                      g_strdup_printf ("Value not in list: %s: '%s'", inputs[i],
                                                       value)));
    }
}

/**
 * sandbox_missing_find_problems:
 * @problems: (element-type ComfyWorkflowProblem): what is wrong with the graph anyway; more is added
 *
 * Finds what a graph wants that is missing: classes anywhere, models where they are used.
 */
void
sandbox_missing_find_problems (SandboxMissing *self,
                               ComfyWorkflow  *workflow,
                               ComfyNodeTable *table,
                               GPtrArray      *problems)
{
  g_auto(GStrv) ids = comfy_workflow_dup_node_ids (workflow);
  g_auto(GStrv) outputs = comfy_workflow_dup_output_nodes (workflow, table);
  g_auto(GStrv) order =
    comfy_workflow_dup_order (workflow, (const char *const *) outputs, NULL);

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      const char *class_type = comfy_workflow_get_class (workflow, ids[i]);

      if (g_hash_table_contains (self->nodes, class_type))
        g_ptr_array_add (problems,
                         new_problem (ids[i], NULL, "missing_node_type",
                                      g_strdup_printf ("Node '%s' not found. The custom node may "
                                                       "not be installed.", class_type)));
    }

  for (unsigned int i = 0; order[i] != NULL; i++)
    find_in_node (self, workflow, table, order[i], problems);
}

static JsonNode *
config_to_json (const char *const *allowed,
                Config             config)
{
  JsonArray *result;
  JsonArray *list;
  JsonObject *options;
  JsonNode *node;

  if (config == CONFIG_NONE)
    return json_node_new (JSON_NODE_NULL);

  options = json_object_new ();
  result = json_array_new ();
  list = json_array_new ();
  for (; *allowed != NULL; allowed++)
    json_array_add_string_element (list, *allowed);

  if (config == CONFIG_LIST)
    json_array_add_array_element (result, list);
  else
    {
      json_array_add_string_element (result, "COMBO");
      json_object_set_array_member (options, "options", list);
    }
  json_array_add_object_element (result, options);
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, result);

  return node;
}

/* The table's own choices, if it has any, and what the command said. */
static char **
dup_allowed (ComfyWorkflow              *workflow,
             ComfyNodeTable             *table,
             const ComfyWorkflowProblem *problem,
             const MissingModel         *model,
             const char                 *value)
{
  const ComfyNodeClass *klass =
    comfy_node_table_lookup (table, comfy_workflow_get_class (workflow, problem->node_id));
  const ComfyNodeInput *entry =
    klass != NULL ? comfy_node_class_lookup_input (klass, problem->input) : NULL;
  const char *const *choices = entry != NULL ? comfy_node_input_get_choices (entry) : NULL;
  g_autoptr(GStrvBuilder) allowed = g_strv_builder_new ();

  for (; choices != NULL && *choices != NULL; choices++)
    if (!g_str_equal (*choices, value))
      g_strv_builder_add (allowed, *choices);
  if (model != NULL)
    g_strv_builder_addv (allowed, (const char **) model->allowed);

  return g_strv_builder_end (allowed);
}

/* {input_name, input_config, received_value}, for a value that is not in its list */
static JsonObject *
extra_to_json (SandboxMissing             *self,
               ComfyWorkflow              *workflow,
               ComfyNodeTable             *table,
               const ComfyWorkflowProblem *problem)
{
  JsonObject *extra = json_object_new ();
  const char *value = "";
  const MissingModel *model;
  g_auto(GStrv) allowed = NULL;

  if (problem->input == NULL || !g_str_equal (problem->type, "value_not_in_list"))
    return extra;

  comfy_workflow_get_string (workflow, problem->node_id, problem->input, &value);
  model = g_hash_table_lookup (self->models, value);
  allowed = dup_allowed (workflow, table, problem, model, value);
  json_object_set_string_member (extra, "input_name", problem->input);
  json_object_set_member (extra, "input_config",
                          config_to_json ((const char *const *) allowed,
                                          model != NULL ? model->config : CONFIG_LIST));
  json_object_set_string_member (extra, "received_value", value);

  return extra;
}

/* {type, message, details, extra_info} */
static JsonObject *
problem_to_json (SandboxMissing             *self,
                 ComfyWorkflow              *workflow,
                 ComfyNodeTable             *table,
                 const ComfyWorkflowProblem *problem)
{
  JsonObject *object = json_object_new ();
  gboolean in_list = g_str_equal (problem->type, "value_not_in_list");

  json_object_set_string_member (object, "type", problem->type);
  json_object_set_string_member (object, "message",
                                 in_list ? "Value not in list" : problem->message);
  json_object_set_string_member (object, "details",
                                 in_list ? problem->message
                                         : problem->input != NULL ? problem->input : "");
  json_object_set_object_member (object, "extra_info",
                                 extra_to_json (self, workflow, table, problem));

  return object;
}

/**
 * sandbox_missing_to_json:
 * @problems: (element-type ComfyWorkflowProblem): of @workflow
 *
 * Returns: (transfer full): ComfyUI's node_errors: { id: { errors: [{ type, message, details,
 * extra_info }], dependent_outputs, class_type } }
 */
JsonObject *
sandbox_missing_to_json (SandboxMissing *self,
                         ComfyWorkflow  *workflow,
                         ComfyNodeTable *table,
                         GPtrArray      *problems)
{
  JsonObject *node_errors = json_object_new ();

  for (unsigned int i = 0; i < problems->len; i++)
    {
      const ComfyWorkflowProblem *problem = g_ptr_array_index (problems, i);
      JsonObject *node;

      if (problem->node_id == NULL)
        continue;

      if (!json_object_has_member (node_errors, problem->node_id))
        {
          node = json_object_new ();
          json_object_set_array_member (node, "errors", json_array_new ());
          json_object_set_array_member (node, "dependent_outputs", json_array_new ());
          json_object_set_string_member (node, "class_type",
                                         comfy_workflow_get_class (workflow, problem->node_id));
          json_object_set_object_member (node_errors, problem->node_id, node);
        }
      node = json_object_get_object_member (node_errors, problem->node_id);
      json_array_add_object_element (json_object_get_array_member (node, "errors"),
                                     problem_to_json (self, workflow, table, problem));
    }

  return node_errors;
}
