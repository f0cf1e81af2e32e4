/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results of 16 bits per channel. ComfyUI's SaveImage writes 8; SaveImageAdvanced, which came later
 * and which a server may not have, writes what it is told.
 */
#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include "comfy-workflow-private.h"

#define PLAIN "SaveImage"

/* what SaveImageAdvanced wants beyond the inputs of SaveImage (ComfyUI, nodes_images.py) */
static const struct { const char *input; const char *value; } wanted[] = {
  { "format", "png" },
  { "format.bit_depth", "16-bit" },
  { "format.input_color_space", "sRGB" },
};

/**
 * comfy_workflow_save_deep:
 * @self: a graph
 *
 * Makes each SaveImage node a %COMFY_WORKFLOW_DEEP_CLASS one, which writes PNG of 16 bits per
 * channel. Its id, its title and what is saved stay as they are.
 *
 * Returns: whether there was one
 */
gboolean
comfy_workflow_save_deep (ComfyWorkflow *self)
{
  JsonObject    *root;
  g_auto(GStrv)  ids = NULL;
  gboolean       changed = FALSE;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), FALSE);

  root = json_node_get_object (comfy_workflow_get_node (self));
  ids = comfy_workflow_dup_node_ids (self);
  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      JsonObject *node = json_object_get_object_member (root, ids[i]);
      JsonObject *inputs = json_object_get_object_member (node, "inputs");

      if (g_strcmp0 (comfy_workflow_get_class (self, ids[i]), PLAIN) != 0)
        continue;

      json_object_set_string_member (node, "class_type", COMFY_WORKFLOW_DEEP_CLASS);
      for (unsigned int j = 0; j < G_N_ELEMENTS (wanted); j++)
        json_object_set_string_member (inputs, wanted[j].input, wanted[j].value);
      changed = TRUE;
    }

  return changed;
}
