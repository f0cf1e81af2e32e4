/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A ComfyUI graph in API format: parsed, its shape checked, its inputs readable and settable.
 *
 *   { "3": { "class_type": "KSampler", "inputs": { "seed": 7, "model": ["1", 0] },
 *            "_meta": { "title": "Sampler" } }, … }
 *
 * An input is a value or a link, a list of exactly a node's id and the number of one of its
 * outputs (ComfyUI, execution.py and graph_utils.py). What the classes take is not known here: see
 * comfy-node-table and comfy-workflow-check. Everything else in the document is carried along. */

#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-workflow-private.h"

#define MAX_NAME 1024 /* bytes: of a node's id, its class and its title */

struct _ComfyWorkflow
{
  GObject   parent_instance;
  JsonNode *root;            /* object of nodes, its shape checked */
};

G_DEFINE_FINAL_TYPE (ComfyWorkflow, comfy_workflow, G_TYPE_OBJECT)

static void
comfy_workflow_finalize (GObject *object)
{
  ComfyWorkflow *self = COMFY_WORKFLOW (object);

  g_clear_pointer (&self->root, json_node_unref);

  G_OBJECT_CLASS (comfy_workflow_parent_class)->finalize (object);
}

static void
comfy_workflow_class_init (ComfyWorkflowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_workflow_finalize;
}

static void
comfy_workflow_init (ComfyWorkflow *self)
{
}

/* looks no further than it has to: there may be megabytes, asked about for each of many inputs */
static gboolean
is_longer_than (const char *text,
                size_t      n)
{
  return memchr (text, '\0', n + 1) == NULL;
}

static gboolean
check_node (const char *id,
            JsonNode   *node,
            GError    **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *class_type = object != NULL ? comfy_json_get_string (object, "class_type") : NULL;

  if (*id == '\0' || class_type == NULL || comfy_json_get_object (object, "inputs") == NULL)
    {
      g_autofree char *shown = _comfy_workflow_dup_shown (id);

      comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, NULL,
                       _("This is not a ComfyUI workflow in API format: node “%s” has no class or "
                         "no inputs."), shown);
      return FALSE;
    }
  if (is_longer_than (id, MAX_NAME) || is_longer_than (class_type, MAX_NAME))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, NULL,
                       _("This is not a ComfyUI workflow: the number or the class of a node is "
                         "longer than any is."));
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_shape (JsonNode *root,
             GError  **error)
{
  JsonObjectIter iter;
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  const char *id;
  JsonNode *node;

  if (object == NULL || json_object_get_size (object) == 0)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, NULL,
                       _("This is not a ComfyUI workflow: it holds no nodes."));
      return FALSE;
    }

  /* what "Save" writes; the server refuses it as well (workflow_format_ui) */
  if (_comfy_workflow_is_window (object))
    {
      _comfy_workflow_set_window_error (object, FALSE, error);
      return FALSE;
    }

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &id, &node))
    if (!check_node (id, node, error))
      return FALSE;

  return TRUE;
}

/**
 * comfy_workflow_new_from_node:
 * @node: as comfy_json_read() made it
 *
 * Takes a graph out of a larger document that was read already. @node is shared, not copied: who
 * goes on using it sees what is set here.
 *
 * Returns: (transfer full): the workflow
 *
 * Errors: %COMFY_ERROR_INVALID_WORKFLOW
 */
ComfyWorkflow *
comfy_workflow_new_from_node (JsonNode  *node,
                              GError   **error)
{
  ComfyWorkflow *self;

  g_return_val_if_fail (node != NULL, NULL);

  if (!check_shape (node, error))
    return NULL;

  self = g_object_new (COMFY_TYPE_WORKFLOW, NULL);
  self->root = json_node_ref (node);

  return self;
}

/**
 * comfy_workflow_new_from_bytes:
 * @json: at most %COMFY_WORKFLOW_MAX_BYTES of JSON, nested at most %COMFY_WORKFLOW_MAX_DEPTH deep
 *
 * Returns: (transfer full): the workflow
 *
 * Errors: %COMFY_ERROR_TOO_LARGE, %COMFY_ERROR_INVALID_WORKFLOW (not JSON, not a graph, or a graph
 * in the format of ComfyUI's window)
 */
ComfyWorkflow *
comfy_workflow_new_from_bytes (GBytes  *json,
                               GError **error)
{
  const ComfyJsonRules rules = { .max_bytes = COMFY_WORKFLOW_MAX_BYTES,
                                 .max_depth = COMFY_WORKFLOW_MAX_DEPTH };
  g_autoptr(JsonNode) root = NULL;
  gconstpointer text;
  gsize length;

  g_return_val_if_fail (json != NULL, NULL);

  text = g_bytes_get_data (json, &length);
  if ((root = _comfy_workflow_read (text, length, &rules, error)) == NULL)
    return NULL;

  return comfy_workflow_new_from_node (root, error);
}

/**
 * comfy_workflow_new_from_file:
 * @path: in the file system's encoding
 *
 * Reads at once; a workflow is a few kilobytes.
 *
 * Returns: (transfer full): the workflow
 *
 * Errors: as comfy_workflow_new_from_bytes(), and %COMFY_ERROR_STORAGE
 */
ComfyWorkflow *
comfy_workflow_new_from_file (const char  *path,
                              GError     **error)
{
  g_autoptr(GBytes) json = NULL;
  g_autoptr(GMappedFile) file = NULL;
  g_autoptr(GError) foreign = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  /* a pipe would be waited for */
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)
      || (file = g_mapped_file_new (path, FALSE, &foreign)) == NULL)
    {
      g_autofree char *name = g_path_get_basename (path);

      comfy_set_error (error, COMFY_ERROR_STORAGE, foreign != NULL ? foreign->message : "no file",
                       _("The workflow “%s” cannot be read."), name);
      return NULL;
    }

  json = g_mapped_file_get_bytes (file);
  return comfy_workflow_new_from_bytes (json, error);
}

/**
 * comfy_workflow_copy:
 *
 * Returns: (transfer full): a workflow that shares nothing with @self
 */
ComfyWorkflow *
comfy_workflow_copy (ComfyWorkflow *self)
{
  g_autoptr(JsonNode) root = NULL;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  root = comfy_json_copy (self->root);

  return comfy_workflow_new_from_node (root, NULL);
}

/**
 * comfy_workflow_to_bytes:
 *
 * Returns: (transfer full): JSON, without a final line break; the same workflow gives the same
 * bytes, in the order of the file it was read from
 */
GBytes *
comfy_workflow_to_bytes (ComfyWorkflow *self)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  comfy_json_write (text, self->root);

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/**
 * comfy_workflow_get_node:
 *
 * Returns: (transfer none): the whole graph, to be put into a request
 */
JsonNode *
comfy_workflow_get_node (ComfyWorkflow *self)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  return self->root;
}

static JsonObject *
get_node_object (ComfyWorkflow *self,
                 const char    *node_id)
{
  return comfy_json_get_object (json_node_get_object (self->root), node_id);
}

static char **
dup_members (JsonObject *object)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    g_strv_builder_add (names, name);

  return g_strv_builder_end (names);
}

/**
 * comfy_workflow_dup_node_ids:
 *
 * Returns: (transfer full): the ids of all nodes, in the order of the file
 */
char **
comfy_workflow_dup_node_ids (ComfyWorkflow *self)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  return dup_members (json_node_get_object (self->root));
}

/**
 * comfy_workflow_has_node:
 *
 * Returns: whether there is a node of that id
 */
gboolean
comfy_workflow_has_node (ComfyWorkflow *self,
                         const char    *node_id)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), FALSE);

  return get_node_object (self, node_id) != NULL;
}

/**
 * comfy_workflow_get_class:
 *
 * Returns: (transfer none) (nullable): the class of the node, %NULL when there is no such node
 */
const char *
comfy_workflow_get_class (ComfyWorkflow *self,
                          const char    *node_id)
{
  JsonObject *node;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  node = get_node_object (self, node_id);
  return node != NULL ? comfy_json_get_string (node, "class_type") : NULL;
}

/**
 * comfy_workflow_get_title:
 *
 * Returns: (transfer none) (nullable): what its author calls the node, else its class, at most some
 * kilobytes; %NULL when there is no such node
 */
const char *
comfy_workflow_get_title (ComfyWorkflow *self,
                          const char    *node_id)
{
  JsonObject *node;
  JsonObject *meta;
  const char *title = NULL;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  if ((node = get_node_object (self, node_id)) == NULL)
    return NULL;

  if ((meta = comfy_json_get_object (node, "_meta")) != NULL)
    title = comfy_json_get_string (meta, "title");

  return title != NULL && *title != '\0' && !is_longer_than (title, MAX_NAME)
         ? title : comfy_json_get_string (node, "class_type");
}

/**
 * comfy_workflow_dup_inputs:
 *
 * Returns: (transfer full) (nullable): the names of all inputs that the node is given, values and
 * links; %NULL when there is no such node
 */
char **
comfy_workflow_dup_inputs (ComfyWorkflow *self,
                           const char    *node_id)
{
  JsonObject *node;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  node = get_node_object (self, node_id);
  return node != NULL ? dup_members (comfy_json_get_object (node, "inputs")) : NULL;
}

/*
 * _comfy_workflow_get_inputs:
 *
 * Returns: (transfer none) (nullable): all inputs that the node is given, to look through without a
 *   copy; %NULL when there is no such node
 */
JsonObject *
_comfy_workflow_get_inputs (ComfyWorkflow *self,
                            const char    *node_id)
{
  JsonObject *node = get_node_object (self, node_id);

  return node != NULL ? comfy_json_get_object (node, "inputs") : NULL;
}

/**
 * comfy_workflow_get_value:
 *
 * Returns: (transfer none) (nullable): the value or link; %NULL when absent
 */
JsonNode *
comfy_workflow_get_value (ComfyWorkflow *self,
                          const char    *node_id,
                          const char    *input)
{
  JsonObject *inputs;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  inputs = _comfy_workflow_get_inputs (self, node_id);

  return inputs != NULL ? json_object_get_member (inputs, input) : NULL;
}

/**
 * comfy_workflow_has_input:
 *
 * Returns: whether the node exists and is given that input, be it a value or a link
 */
gboolean
comfy_workflow_has_input (ComfyWorkflow *self,
                          const char    *node_id,
                          const char    *input)
{
  return comfy_workflow_get_value (self, node_id, input) != NULL;
}
