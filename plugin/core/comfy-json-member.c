/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Members of objects from outside: asked for by type, never trusted to be of it.
 */
#define G_LOG_DOMAIN "comfy-json"

#include "config.h"

#include "comfy-json-private.h"

/**
 * comfy_json_get_object:
 *
 * Returns: (transfer none) (nullable): the member, %NULL when absent or something else
 */
JsonObject *
comfy_json_get_object (JsonObject *object,
                       const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/**
 * comfy_json_get_array:
 *
 * Returns: (transfer none) (nullable): the member, %NULL when absent or something else
 */
JsonArray *
comfy_json_get_array (JsonObject *object,
                      const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/**
 * comfy_json_get_string:
 *
 * Returns: (transfer none) (nullable): the member, %NULL when absent or something else
 */
const char *
comfy_json_get_string (JsonObject *object,
                       const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && comfy_json_node_is_string (node) ? json_node_get_string (node) : NULL;
}

/* NULL when the member is absent or no plain value */
static JsonNode *
peek_value (JsonObject *object,
            const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

/**
 * comfy_json_get_int:
 * @fallback: what counts when there is no such integer
 *
 * Returns: the member; a number with a fraction, or past 64 bits, is none
 */
gint64
comfy_json_get_int (JsonObject *object,
                    const char *member,
                    gint64      fallback)
{
  JsonNode *node = peek_value (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node)
                                                                         : fallback;
}

/**
 * comfy_json_get_double:
 * @fallback: what counts when there is no such number
 *
 * Returns: the member; integers are numbers too
 */
double
comfy_json_get_double (JsonObject *object,
                       const char *member,
                       double      fallback)
{
  JsonNode *node = peek_value (object, member);
  GType     type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : fallback;
}

/**
 * comfy_json_get_boolean:
 * @fallback: what counts when there is no such boolean
 *
 * Returns: the member
 */
gboolean
comfy_json_get_boolean (JsonObject *object,
                        const char *member,
                        gboolean    fallback)
{
  JsonNode *node = peek_value (object, member);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN
         ? json_node_get_boolean (node)
         : fallback;
}
