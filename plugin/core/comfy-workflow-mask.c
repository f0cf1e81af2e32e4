/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ComfyUI's Load Image gives, beside the picture, a mask made of its transparency. What we send as a
 * mask is a picture of its own, white where something is to change: true colour below it stays, and
 * a mask may be of another picture than the one that is loaded there.
 */
#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include "comfy-json-private.h"
#include "comfy-workflow-private.h"

#define LOADER      "LoadImage"
#define MASK_LOADER "LoadImageMask"
#define MASK_SLOT   1

static JsonNode *
new_mask_loader (const char *file)
{
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonObject *inputs = json_object_new ();

  json_object_set_string_member (inputs, "image", file);
  json_object_set_string_member (inputs, "channel", "red");
  json_object_set_string_member (object, "class_type", MASK_LOADER);
  json_object_set_object_member (object, "inputs", inputs);
  json_node_take_object (node, object);

  return node;
}

/* those that used the loader's mask use @mask_id's only output; returns whether anybody did */
static gboolean
relink (ComfyWorkflow *self,
        const char    *node_id,
        const char    *mask_id)
{
  g_auto(GStrv) ids = comfy_workflow_dup_node_ids (self);
  gboolean      is_used = FALSE;

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      g_auto(GStrv) inputs = comfy_workflow_dup_inputs (self, ids[i]);

      for (unsigned int j = 0; inputs[j] != NULL; j++)
        {
          const char   *source;
          unsigned int  slot;
          JsonArray    *link;

          if (!comfy_workflow_get_link (self, ids[i], inputs[j], &source, &slot)
              || slot != MASK_SLOT || !g_str_equal (source, node_id))
            continue;

          link = json_node_get_array (comfy_workflow_get_value (self, ids[i], inputs[j]));
          json_array_remove_element (link, 1);
          json_array_remove_element (link, 0);
          json_array_add_string_element (link, mask_id);
          json_array_add_int_element (link, 0);
          is_used = TRUE;
        }
    }

  return is_used;
}

/**
 * comfy_workflow_take_mask:
 * @node_id: a node
 *
 * Gives a Load Image node's mask a loader of its own, of the class Load Image (as Mask), which takes
 * white for change where the transparency of a picture did. Does nothing the second time.
 *
 * Returns: (transfer full) (nullable): the id of that loader; %NULL when the node is of another class
 *   or nobody uses its mask
 */
char *
comfy_workflow_take_mask (ComfyWorkflow *self,
                          const char    *node_id)
{
  g_autofree char *mask_id = g_strconcat (node_id, "-mask", NULL);
  const char      *file = "";
  JsonObject      *nodes;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  if (g_strcmp0 (comfy_workflow_get_class (self, node_id), LOADER) != 0)
    return NULL;
  if (comfy_workflow_has_node (self, mask_id))
    return g_strcmp0 (comfy_workflow_get_class (self, mask_id), MASK_LOADER) == 0
           ? g_steal_pointer (&mask_id) : NULL;
  if (!relink (self, node_id, mask_id))
    return NULL;

  comfy_workflow_get_string (self, node_id, "image", &file);
  nodes = json_node_get_object (comfy_workflow_get_node (self));
  json_object_set_member (nodes, mask_id, new_mask_loader (file));

  return g_steal_pointer (&mask_id);
}
