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

/* who the loader is for; ComfyUI does not look there */
#define FOR_MEMBER  "gimp-mask-of"

static JsonNode *
new_mask_loader (ComfyWorkflow *self,
                 const char    *node_id)
{
  JsonNode   *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonObject *inputs = json_object_new ();
  JsonObject *meta = json_object_new ();
  const char *file = "";

  comfy_workflow_get_string (self, node_id, "image", &file);
  json_object_set_string_member (inputs, "image", file);
  json_object_set_string_member (inputs, "channel", "red");
  json_object_set_string_member (meta, "title", comfy_workflow_get_title (self, node_id));
  json_object_set_string_member (meta, FOR_MEMBER, node_id);
  json_object_set_object_member (object, "inputs", inputs);
  json_object_set_string_member (object, "class_type", MASK_LOADER);
  json_object_set_object_member (object, "_meta", meta);
  json_node_take_object (node, object);

  return node;
}

/* whether a node is the loader that was made for another one's mask */
static gboolean
is_made_for (ComfyWorkflow *self,
             const char    *mask_id,
             const char    *node_id)
{
  JsonObject *nodes = json_node_get_object (comfy_workflow_get_node (self));
  JsonObject *node = comfy_json_get_object (nodes, mask_id);
  JsonObject *meta = node != NULL ? comfy_json_get_object (node, "_meta") : NULL;

  return meta != NULL && g_strcmp0 (comfy_json_get_string (meta, FOR_MEMBER), node_id) == 0
         && g_strcmp0 (comfy_workflow_get_class (self, mask_id), MASK_LOADER) == 0;
}

/* (transfer full): the id of the loader that was made, or of one that is to be made */
static char *
dup_mask_id (ComfyWorkflow *self,
             const char    *node_id)
{
  char *mask_id = g_strconcat (node_id, "-mask", NULL);

  for (unsigned int n = 2;
       comfy_workflow_has_node (self, mask_id) && !is_made_for (self, mask_id, node_id); n++)
    {
      g_free (mask_id);
      mask_id = g_strdup_printf ("%s-mask-%u", node_id, n);
    }

  return mask_id;
}

/* those that used the mask of one of @loaders (id → id of its mask's loader) use that one's only
 * output; @used gets the former ids */
static void
relink (ComfyWorkflow *self,
        GHashTable    *loaders,
        GHashTable    *used)
{
  g_auto(GStrv) ids = comfy_workflow_dup_node_ids (self);

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      g_auto(GStrv) inputs = comfy_workflow_dup_inputs (self, ids[i]);

      for (unsigned int j = 0; inputs[j] != NULL; j++)
        {
          const char   *source;
          const char   *mask_id = NULL;
          unsigned int  slot;
          JsonArray    *link;

          if (comfy_workflow_get_link (self, ids[i], inputs[j], &source, &slot)
              && slot == MASK_SLOT)
            mask_id = g_hash_table_lookup (loaders, source);
          if (mask_id == NULL)
            continue;

          g_hash_table_add (used, g_strdup (source));
          link = json_node_get_array (comfy_workflow_get_value (self, ids[i], inputs[j]));
          json_array_remove_element (link, 1);
          json_array_remove_element (link, 0);
          json_array_add_string_element (link, mask_id);
          json_array_add_int_element (link, 0);
        }
    }
}

/**
 * comfy_workflow_take_masks:
 * @node_ids: nodes
 *
 * As comfy_workflow_take_mask(), for many at once.
 */
void
comfy_workflow_take_masks (ComfyWorkflow      *self,
                           const char * const *node_ids)
{
  g_autoptr(GHashTable)  loaders = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr(GHashTable)  used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonObject            *nodes;

  g_return_if_fail (COMFY_IS_WORKFLOW (self));

  for (unsigned int i = 0; node_ids[i] != NULL; i++)
    {
      g_autofree char *mask_id = NULL;

      if (g_strcmp0 (comfy_workflow_get_class (self, node_ids[i]), LOADER) != 0)
        continue;
      mask_id = dup_mask_id (self, node_ids[i]);
      if (!comfy_workflow_has_node (self, mask_id))
        g_hash_table_replace (loaders, (char *) node_ids[i], g_steal_pointer (&mask_id));
    }

  if (g_hash_table_size (loaders) > 0)
    relink (self, loaders, used);
  nodes = json_node_get_object (comfy_workflow_get_node (self));
  for (unsigned int i = 0; node_ids[i] != NULL; i++)
    if (g_hash_table_remove (used, node_ids[i]))
      json_object_set_member (nodes, g_hash_table_lookup (loaders, node_ids[i]),
                              new_mask_loader (self, node_ids[i]));
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
  const char * const  node_ids[] = { node_id, NULL };
  g_autofree char    *mask_id = NULL;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  if (g_strcmp0 (comfy_workflow_get_class (self, node_id), LOADER) != 0)
    return NULL;

  mask_id = dup_mask_id (self, node_id);
  if (!comfy_workflow_has_node (self, mask_id))
    comfy_workflow_take_masks (self, node_ids);

  return comfy_workflow_has_node (self, mask_id) ? g_steal_pointer (&mask_id) : NULL;
}
