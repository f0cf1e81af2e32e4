/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a graph is, whatever was entered into it: by this the artist's corrections of a form are
 * found again, after the file was renamed, moved, or saved with another prompt.
 */
#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "comfy-workflow.h"

static int
compare_names (const void *a,
               const void *b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

static void
sort_names (char **names)
{
  qsort (names, g_strv_length (names), sizeof *names, compare_names);
}

/* with its end, so that "ab", "c" is not "a", "bc" */
static void
add_text (GChecksum  *sum,
          const char *text)
{
  g_checksum_update (sum, (const guint8 *) text, (gssize) strlen (text) + 1);
}

static void
add_node (GChecksum     *sum,
          ComfyWorkflow *self,
          const char    *node_id)
{
  g_auto(GStrv) inputs = comfy_workflow_dup_inputs (self, node_id);

  sort_names (inputs);
  add_text (sum, node_id);
  add_text (sum, comfy_workflow_get_class (self, node_id));
  for (unsigned int i = 0; inputs[i] != NULL; i++)
    {
      g_autofree char *slot_text = NULL;
      const char      *source_id;
      unsigned int     slot;

      add_text (sum, inputs[i]);
      if (!comfy_workflow_get_link (self, node_id, inputs[i], &source_id, &slot))
        {
          add_text (sum, "value");
          continue;
        }

      slot_text = g_strdup_printf ("link %u", slot);
      add_text (sum, slot_text);
      add_text (sum, source_id);
    }
  /* what follows an input's name is "value" or "link" */
  add_text (sum, "");
  add_text (sum, "end");
}

/**
 * comfy_workflow_dup_shape:
 * @self: a graph
 *
 * A name for what @self is: its nodes' ids and classes, which inputs they are given, and what is
 * connected to what. Values, titles and the order in the file do not count.
 *
 * Returns: (transfer full): 64 hexadecimal digits
 */
char *
comfy_workflow_dup_shape (ComfyWorkflow *self)
{
  g_autoptr(GChecksum) sum = NULL;
  g_auto(GStrv)        ids = NULL;

  g_return_val_if_fail (COMFY_IS_WORKFLOW (self), NULL);

  sum = g_checksum_new (G_CHECKSUM_SHA256);
  ids = comfy_workflow_dup_node_ids (self);
  sort_names (ids);
  for (unsigned int i = 0; ids[i] != NULL; i++)
    add_node (sum, self, ids[i]);

  return g_strdup (g_checksum_get_string (sum));
}
