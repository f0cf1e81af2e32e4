/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a graph was refused, node by node, out of every shape of answer that is known:
 *
 *   Comfy API v2      error.details.node_errors { ID: [{ field, reason }] }
 *   Developer API v1  error.details [{ field: "workflow.ID.INPUT", message }]
 *                     errors [{ node_id, field, message }], of a graph that was only looked at
 *   ComfyUI           node_errors { ID: { errors: [{ type, message, details,
 *                       extra_info { input_name, input_config } }] } }, and for a class that it
 *                       does not have, error { type, message, details, extra_info { node_id } }
 *
 * The last one comes at the top or as error.details, as a server hands on what ComfyUI said.
 */
#define G_LOG_DOMAIN "comfy-node-problem"

#include "config.h"

#include <string.h>

#include "comfy-api-json-private.h"
#include "comfy-json-private.h"
#include "comfy-node-problem-private.h"

#define MAX_PROBLEMS 1000
#define MAX_ALLOWED  10000

static JsonObject *
as_object (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* (nullable): a word for machines, such as "value_not_in_list"; a sentence is none */
static const char *
get_word (JsonObject *object,
          const char *member)
{
  const char *text = comfy_json_get_string (object, member);

  return text != NULL && text[0] != '\0'
         && text[strspn (text, G_CSET_a_2_z G_CSET_DIGITS "_")] == '\0' ? text : NULL;
}

static const char *
get_type (JsonObject *object)
{
  static const char * const members[] = { "type", "reason", "code", "message" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *word = get_word (object, members[i]);

      if (word != NULL && strchr (word, '_') != NULL)
        return word;
    }

  return NULL;
}

/* (transfer full) (nullable): the choices of input_config, [[…], {}] or ["COMBO", {"options": […]}];
 * ComfyUI leaves a long list away, which is no empty one */
static char **
dup_allowed (JsonObject *extra_info)
{
  JsonArray               *config = extra_info != NULL
                                      ? comfy_json_get_array (extra_info, "input_config") : NULL;
  JsonArray               *list = NULL;
  g_autoptr(GStrvBuilder)  builder = NULL;

  if (config != NULL && json_array_get_length (config) > 0)
    {
      JsonNode   *first = json_array_get_element (config, 0);
      JsonObject *options = json_array_get_length (config) > 1
                              ? as_object (json_array_get_element (config, 1)) : NULL;

      if (JSON_NODE_HOLDS_ARRAY (first))
        list = json_node_get_array (first);
      else if (options != NULL)
        list = comfy_json_get_array (options, "options");
    }
  if (list == NULL)
    return NULL;

  builder = g_strv_builder_new ();
  for (unsigned int i = 0; i < MIN (json_array_get_length (list), MAX_ALLOWED); i++)
    if (comfy_json_node_is_string (json_array_get_element (list, i)))
      g_strv_builder_add (builder, json_array_get_string_element (list, i));

  return g_strv_builder_end (builder);
}

/* (transfer full) (nullable): @field, which is shown, and what is wrong with it */
static char *
dup_message (JsonObject *object,
             const char *field)
{
  g_autofree char *reason = comfy_api_json_dup_text (object, "reason");

  if (reason == NULL)
    reason = comfy_api_json_dup_text (object, "message");
  if (field != NULL && field[0] != '\0' && reason != NULL)
    return g_strdup_printf ("%s: %s", field, reason);

  return reason != NULL ? g_steal_pointer (&reason) : g_strdup (field);
}

/* one problem of a node, in the words of Comfy API v2 or of ComfyUI */
static void
add_problem (GPtrArray  *problems,
             const char *node_id,
             JsonObject *object)
{
  JsonObject       *extra_info = comfy_json_get_object (object, "extra_info");
  const char       *input = comfy_json_get_string (object, "field");
  g_autofree char  *field = comfy_api_json_dup_text (object, "field");
  ComfyNodeProblem *problem;

  if (input == NULL && extra_info != NULL)
    input = comfy_json_get_string (extra_info, "input_name");
  if (field == NULL)
    field = comfy_api_json_dup_text (object, "details");

  problem = comfy_node_problem_new (node_id, input != NULL && input[0] != '\0' ? input : NULL,
                                    get_type (object), NULL, NULL);
  problem->message = dup_message (object, field);
  problem->allowed = dup_allowed (extra_info);
  g_ptr_array_add (problems, problem);
}

static void
add_node_errors (GPtrArray  *problems,
                 JsonObject *node_errors)
{
  JsonObjectIter  iter;
  const char     *node_id;
  JsonNode       *value;

  json_object_iter_init_ordered (&iter, node_errors);
  while (json_object_iter_next_ordered (&iter, &node_id, &value))
    {
      JsonArray *list = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;

      if (list == NULL && JSON_NODE_HOLDS_OBJECT (value))
        list = comfy_json_get_array (json_node_get_object (value), "errors");

      for (unsigned int i = 0; list != NULL && i < json_array_get_length (list); i++)
        {
          JsonObject *object = as_object (json_array_get_element (list, i));

          if (object != NULL && problems->len < MAX_PROBLEMS)
            add_problem (problems, node_id, object);
        }
    }
}

/* What follows @start in @path, when a dot or the end does */
static const char *
skip (const char *path,
      const char *start)
{
  size_t length = strlen (start);

  if (strncmp (path, start, length) != 0 || (path[length] != '.' && path[length] != '\0'))
    return NULL;

  return path[length] == '.' ? path + length + 1 : path + length;
}

/* Finds the node and the input that "workflow.ID.INPUT" means, with or without "workflow" and
 * "inputs" in it; ids and names of inputs may hold dots themselves. */
static void
resolve_field (ComfyWorkflow  *workflow,
               const char     *field,
               char          **node_id,
               const char    **input)
{
  const char    *path = skip (field, "workflow");
  g_auto(GStrv)  ids = comfy_workflow_dup_node_ids (workflow);

  if (path == NULL)
    path = field;

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      const char *rest = skip (path, ids[i]);
      const char *inner = rest != NULL ? skip (rest, "inputs") : NULL;

      if (rest == NULL || (*node_id != NULL && strlen (*node_id) > strlen (ids[i])))
        continue;

      g_set_str (node_id, ids[i]);
      *input = inner != NULL ? inner : rest;
    }
}

/* Where a problem is: @node_id is %NULL when it is the graph's. */
static void
find_place (JsonObject     *object,
            ComfyWorkflow  *workflow,
            char          **node_id,
            const char    **input)
{
  const char *field = comfy_json_get_string (object, "field");
  const char *named = comfy_json_get_string (object, "node_id");
  const char *rest = NULL;

  if (named == NULL || !comfy_workflow_has_node (workflow, named))
    {
      if (field != NULL)
        resolve_field (workflow, field, node_id, input);
      return;
    }

  *node_id = g_strdup (named);
  if (field != NULL && (rest = skip (field, "inputs")) == NULL)
    rest = field;
  *input = rest != NULL ? rest : "";
}

/* v1: a list of {field, message}, perhaps with node_id */
static void
add_fields (GPtrArray     *problems,
            JsonArray     *details,
            ComfyWorkflow *workflow)
{
  for (unsigned int i = 0; i < json_array_get_length (details); i++)
    {
      JsonObject       *object = as_object (json_array_get_element (details, i));
      const char       *input = NULL;
      g_autofree char  *shown = NULL;
      g_autofree char  *node_id = NULL;
      ComfyNodeProblem *problem;

      if (object == NULL || problems->len >= MAX_PROBLEMS)
        continue;

      find_place (object, workflow, &node_id, &input);
      shown = node_id != NULL ? g_strdup (input) : comfy_api_json_dup_text (object, "field");

      problem = comfy_node_problem_new (node_id,
                                        input != NULL && input[0] != '\0' ? input : NULL,
                                        get_type (object), NULL, NULL);
      problem->message = dup_message (object, shown);
      problem->allowed = dup_allowed (comfy_json_get_object (object, "extra_info"));
      g_ptr_array_add (problems, problem);
    }
}

/* ComfyUI stops at the first class that it does not have, and says so of the graph as a whole. */
static void
add_missing_class (GPtrArray     *problems,
                   JsonObject    *error,
                   ComfyWorkflow *workflow)
{
  const char       *type = get_word (error, "type");
  JsonObject       *extra_info = comfy_json_get_object (error, "extra_info");
  const char       *details = comfy_json_get_string (error, "details");
  const char       *node_id = extra_info != NULL ? comfy_json_get_string (extra_info, "node_id")
                                                 : NULL;
  g_autofree char  *named = NULL;
  ComfyNodeProblem *problem;

  if (g_strcmp0 (type, "missing_node_type") != 0 && g_strcmp0 (type, "invalid_prompt") != 0)
    return;

  /* versions before: "Node ID '#9'" */
  if (node_id == NULL && details != NULL && g_str_has_prefix (details, "Node ID '#")
      && g_str_has_suffix (details, "'"))
    node_id = named = g_strndup (details + 10, strlen (details) - 11);
  if (node_id == NULL || !comfy_workflow_has_node (workflow, node_id))
    return;

  problem = comfy_node_problem_new (node_id, NULL, "missing_node_type", NULL, NULL);
  problem->message = comfy_api_json_dup_text (error, "message");
  g_ptr_array_add (problems, problem);
}

/*
 * _comfy_node_problems_from_json:
 * @body: an answer to a graph
 * @workflow: the graph
 *
 * Returns: (transfer full) (element-type ComfyNodeProblem): what the server has against it, in the
 *   server's order; empty when it does not say, or this is something else
 */
GPtrArray *
_comfy_node_problems_from_json (JsonNode      *body,
                                ComfyWorkflow *workflow)
{
  GPtrArray  *problems = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_node_problem_free);
  JsonObject *root = as_object (body);
  JsonObject *error = root != NULL ? comfy_json_get_object (root, "error") : NULL;
  JsonObject *details = error != NULL ? comfy_json_get_object (error, "details") : NULL;
  JsonArray  *fields = error != NULL ? comfy_json_get_array (error, "details") : NULL;
  JsonArray  *found = root != NULL ? comfy_json_get_array (root, "errors") : NULL;
  JsonObject *handed_on = details != NULL ? comfy_json_get_object (details, "error") : NULL;
  JsonObject *node_errors = details != NULL ? comfy_json_get_object (details, "node_errors") : NULL;

  if (node_errors == NULL && root != NULL)
    node_errors = comfy_json_get_object (root, "node_errors");

  if (node_errors != NULL)
    add_node_errors (problems, node_errors);
  if (fields != NULL && problems->len == 0)
    add_fields (problems, fields, workflow);
  if (found != NULL && problems->len == 0)
    add_fields (problems, found, workflow);
  if (handed_on != NULL && problems->len == 0)
    add_missing_class (problems, handed_on, workflow);
  if (error != NULL && problems->len == 0)
    add_missing_class (problems, error, workflow);

  return problems;
}
