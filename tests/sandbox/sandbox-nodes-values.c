/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Primitive*, StringConcatenate, ComfySwitchNode, GetImageSize: nodes whose results are numbers,
 * texts, or what came in. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "sandbox-node.h"

static gboolean
primitive_number (SandboxNode  *node,
                  GError      **error)
{
  sandbox_node_add_output (node, 0)->number = sandbox_node_get_double (node, "value");
  return TRUE;
}

static gboolean
primitive_boolean (SandboxNode  *node,
                   GError      **error)
{
  sandbox_node_add_output (node, 0)->number = sandbox_node_get_boolean (node, "value");
  return TRUE;
}

static gboolean
primitive_string (SandboxNode  *node,
                  GError      **error)
{
  sandbox_node_add_output (node, 0)->text = g_strdup (sandbox_node_get_string (node, "value"));
  return TRUE;
}

static gboolean
primitive_bounding_box (SandboxNode  *node,
                        GError      **error)
{
  SandboxValue *value = sandbox_node_add_output (node, 0);

  value->x = sandbox_node_get_int (node, "x");
  value->y = sandbox_node_get_int (node, "y");
  value->width = sandbox_node_get_int (node, "width");
  value->height = sandbox_node_get_int (node, "height");
  return TRUE;
}

static gboolean
string_concatenate (SandboxNode  *node,
                    GError      **error)
{
  sandbox_node_add_output (node, 0)->text =
    g_strconcat (sandbox_node_get_string (node, "string_a"),
                 sandbox_node_get_string (node, "delimiter"),
                 sandbox_node_get_string (node, "string_b"), NULL);
  return TRUE;
}

static gboolean
comfy_switch (SandboxNode  *node,
              GError      **error)
{
  const char *input = sandbox_node_get_boolean (node, "switch") ? "on_true" : "on_false";
  SandboxValue *linked = sandbox_node_get_value (node, input);
  const char *text;

  sandbox_node_pass (node, 0, linked);
  if (linked == NULL)
    {
      SandboxValue *value = sandbox_node_add_output (node, 0);

      value->number = sandbox_node_get_double (node, input);
      if (comfy_workflow_get_string (node->run->workflow, node->id, input, &text))
        value->text = g_strdup (text);
    }

  return TRUE;
}

static gboolean
get_image_size (SandboxNode  *node,
                GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);

  if (image == NULL)
    return FALSE;

  sandbox_node_add_output (node, 0)->number = image->width;
  sandbox_node_add_output (node, 1)->number = image->height;
  sandbox_node_add_output (node, 2)->number = image->batch;
  return TRUE;
}

/**
 * sandbox_nodes_values_lookup:
 *
 * Returns: (nullable): what carries out the class
 */
SandboxNodeFunc
sandbox_nodes_values_lookup (const char *class_type)
{
  static const struct
  {
    const char      *class_type;
    SandboxNodeFunc  func;
  } nodes[] = {
    { "PrimitiveInt", primitive_number },
    { "PrimitiveFloat", primitive_number },
    { "PrimitiveBoolean", primitive_boolean },
    { "PrimitiveString", primitive_string },
    { "PrimitiveStringMultiline", primitive_string },
    { "PrimitiveBoundingBox", primitive_bounding_box },
    { "StringConcatenate", string_concatenate },
    { "ComfySwitchNode", comfy_switch },
    { "GetImageSize", get_image_size },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (nodes); i++)
    if (g_str_equal (nodes[i].class_type, class_type))
      return nodes[i].func;

  return NULL;
}
