/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The inputs of a workflow's nodes: reading and setting them. */

#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-workflow-private.h"

/**
 * comfy_json_node_is_link:
 * @value: an input's value
 *
 * Returns: whether @value is a link, a list of exactly a node's id and the number of an output
 */
gboolean
comfy_json_node_is_link (JsonNode *value)
{
  return comfy_json_node_read_link (value, NULL, NULL);
}

/**
 * comfy_json_node_read_link:
 * @value: an input's value
 * @source_id: (out) (optional) (transfer none): the node that it comes from, which need not exist
 * @slot: (out) (optional): which of its outputs, from 0
 *
 * Returns: whether @value is a link
 */
gboolean
comfy_json_node_read_link (JsonNode      *value,
                           const char   **source_id,
                           unsigned int  *slot)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (value) ? json_node_get_array (value) : NULL;
  guint64 number;

  if (array == NULL || json_array_get_length (array) != 2
      || !comfy_json_node_is_string (json_array_get_element (array, 0))
      || !comfy_json_node_get_uint64 (json_array_get_element (array, 1), &number)
      || number > G_MAXINT)
    return FALSE;

  if (source_id != NULL)
    *source_id = json_array_get_string_element (array, 0);
  if (slot != NULL)
    *slot = (unsigned int) number;

  return TRUE;
}

/**
 * comfy_workflow_get_link:
 * @source_id: (out) (optional) (transfer none): the node that it comes from, which need not exist
 * @slot: (out) (optional): which of its outputs, from 0
 *
 * Returns: whether the input exists and is a link
 */
gboolean
comfy_workflow_get_link (ComfyWorkflow  *self,
                         const char     *node_id,
                         const char     *input,
                         const char    **source_id,
                         unsigned int   *slot)
{
  JsonNode *value = comfy_workflow_get_value (self, node_id, input);

  return value != NULL && comfy_json_node_read_link (value, source_id, slot);
}

/**
 * comfy_workflow_get_string:
 * @value: (out) (transfer none): set when %TRUE is returned; valid until the input is set
 *
 * Returns: whether the input exists and is a string
 */
gboolean
comfy_workflow_get_string (ComfyWorkflow  *self,
                           const char     *node_id,
                           const char     *input,
                           const char    **value)
{
  JsonNode *node = comfy_workflow_get_value (self, node_id, input);

  if (node == NULL || !comfy_json_node_is_string (node))
    return FALSE;

  *value = json_node_get_string (node);
  return TRUE;
}

/**
 * comfy_workflow_get_int:
 * @value: (out): set when %TRUE is returned
 *
 * Returns: whether the input exists and is an integer in the range of @value
 */
gboolean
comfy_workflow_get_int (ComfyWorkflow *self,
                        const char    *node_id,
                        const char    *input,
                        gint64        *value)
{
  JsonNode *node = comfy_workflow_get_value (self, node_id, input);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;

  *value = json_node_get_int (node);
  return TRUE;
}

/**
 * comfy_workflow_get_uint64:
 * @value: (out): set when %TRUE is returned
 *
 * Returns: whether the input exists and is an integer in the range of @value
 */
gboolean
comfy_workflow_get_uint64 (ComfyWorkflow *self,
                           const char    *node_id,
                           const char    *input,
                           guint64       *value)
{
  JsonNode *node = comfy_workflow_get_value (self, node_id, input);

  return node != NULL && comfy_json_node_get_uint64 (node, value);
}

/**
 * comfy_workflow_get_double:
 * @value: (out): set when %TRUE is returned
 *
 * Returns: whether the input exists and is a number; integers are numbers
 */
gboolean
comfy_workflow_get_double (ComfyWorkflow *self,
                           const char    *node_id,
                           const char    *input,
                           double        *value)
{
  JsonNode *node = comfy_workflow_get_value (self, node_id, input);
  guint64 large;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return FALSE;

  if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    *value = json_node_get_double (node);
  else if (json_node_get_value_type (node) == G_TYPE_INT64)
    *value = (double) json_node_get_int (node);
  else if (comfy_json_node_get_uint64 (node, &large))
    *value = (double) large;
  else
    return FALSE;

  return TRUE;
}

/**
 * comfy_workflow_get_boolean:
 * @value: (out): set when %TRUE is returned
 *
 * Returns: whether the input exists and is true or false
 */
gboolean
comfy_workflow_get_boolean (ComfyWorkflow *self,
                            const char    *node_id,
                            const char    *input,
                            gboolean      *value)
{
  JsonNode *node = comfy_workflow_get_value (self, node_id, input);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;

  *value = json_node_get_boolean (node);
  return TRUE;
}

/* Takes @value. An input that is a link is never overwritten: whoever drew it meant it, and the
 * graph would go on without the part that it came from. */
static gboolean
take_value (ComfyWorkflow  *self,
            const char     *node_id,
            const char     *input,
            JsonNode       *value,
            GError        **error)
{
  g_autoptr(JsonNode) owned = value;
  JsonNode *old = comfy_workflow_get_value (self, node_id, input);
  JsonObject *node;

  if (!comfy_workflow_has_node (self, node_id))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, input,
                       _("The workflow has no node “%s”."), node_id);
      return FALSE;
    }

  if (old != NULL && comfy_json_node_is_link (old))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, input,
                       _("“%s” of the node “%s” is connected to another node and cannot be set."),
                       input, comfy_workflow_get_title (self, node_id));
      return FALSE;
    }

  node = comfy_json_get_object (json_node_get_object (comfy_workflow_get_node (self)), node_id);
  json_object_set_member (comfy_json_get_object (node, "inputs"), input, g_steal_pointer (&owned));

  return TRUE;
}

/**
 * comfy_workflow_set_string:
 * @input: need not be there yet; ComfyUI ignores what the class does not take
 * @value: UTF-8
 *
 * Returns: %TRUE, or %FALSE with %COMFY_ERROR_INVALID_WORKFLOW when there is no such node or the
 * input is a link, %COMFY_ERROR_INVALID_ARGUMENT when @value is not UTF-8
 */
gboolean
comfy_workflow_set_string (ComfyWorkflow  *self,
                           const char     *node_id,
                           const char     *input,
                           const char     *value,
                           GError        **error)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), FALSE);
  g_return_val_if_fail (node_id != NULL && input != NULL && value != NULL, FALSE);

  if (!g_utf8_validate (value, -1, NULL))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, input,
                       _("The text for “%s” is not valid UTF-8."), input);
      return FALSE;
    }

  return take_value (self, node_id, input,
                     json_node_init_string (json_node_alloc (), value), error);
}

/**
 * comfy_workflow_set_int:
 *
 * Returns: as comfy_workflow_set_string()
 */
gboolean
comfy_workflow_set_int (ComfyWorkflow  *self,
                        const char     *node_id,
                        const char     *input,
                        gint64          value,
                        GError        **error)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), FALSE);
  g_return_val_if_fail (node_id != NULL && input != NULL, FALSE);

  return take_value (self, node_id, input, json_node_init_int (json_node_alloc (), value), error);
}

/**
 * comfy_workflow_set_uint64:
 *
 * For seeds: reaches the server as exactly the digits of @value.
 *
 * Returns: as comfy_workflow_set_string()
 */
gboolean
comfy_workflow_set_uint64 (ComfyWorkflow  *self,
                           const char     *node_id,
                           const char     *input,
                           guint64         value,
                           GError        **error)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), FALSE);
  g_return_val_if_fail (node_id != NULL && input != NULL, FALSE);

  return take_value (self, node_id, input, comfy_json_node_new_uint64 (value), error);
}

/**
 * comfy_workflow_set_double:
 * @value: finite; JSON has no other
 *
 * Returns: as comfy_workflow_set_string()
 */
gboolean
comfy_workflow_set_double (ComfyWorkflow  *self,
                           const char     *node_id,
                           const char     *input,
                           double          value,
                           GError        **error)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), FALSE);
  g_return_val_if_fail (node_id != NULL && input != NULL, FALSE);

  if (!isfinite (value))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("The value for “%s” is not a finite number."), input);
      return FALSE;
    }

  return take_value (self, node_id, input,
                     json_node_init_double (json_node_alloc (), value), error);
}

/**
 * comfy_workflow_set_boolean:
 *
 * Returns: as comfy_workflow_set_string()
 */
gboolean
comfy_workflow_set_boolean (ComfyWorkflow  *self,
                            const char     *node_id,
                            const char     *input,
                            gboolean        value,
                            GError        **error)
{
  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), FALSE);
  g_return_val_if_fail (node_id != NULL && input != NULL, FALSE);

  return take_value (self, node_id, input,
                     json_node_init_boolean (json_node_alloc (), value), error);
}

/**
 * comfy_workflow_set_asset:
 * @asset_id: the id that the server gave to an upload
 * @file_path: (nullable): the name that it was uploaded by, a hint
 *
 * Puts Comfy API v2's typed reference where a file name would stand (AssetReference in its
 * specification): `{"__type":"core/ASSET","info":{"id":…,"file_path":…}}`.
 *
 * Returns: as comfy_workflow_set_string()
 */
gboolean
comfy_workflow_set_asset (ComfyWorkflow  *self,
                          const char     *node_id,
                          const char     *input,
                          const char     *asset_id,
                          const char     *file_path,
                          GError        **error)
{
  JsonObject *info;
  JsonObject *reference;
  JsonNode *node;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), FALSE);
  g_return_val_if_fail (node_id != NULL && input != NULL && asset_id != NULL, FALSE);

  info = json_object_new ();
  json_object_set_string_member (info, "id", asset_id);
  if (file_path != NULL)
    json_object_set_string_member (info, "file_path", file_path);

  reference = json_object_new ();
  json_object_set_string_member (reference, "__type", "core/ASSET");
  json_object_set_object_member (reference, "info", info);

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, reference);

  return take_value (self, node_id, input, node, error);
}
