/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether what an input is connected to is there, and of a type that it takes. */

#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-workflow-check-private.h"

/* ComfyUI's rule: equal, or "*" on one side, or one of several types with commas in common. */
static gboolean
types_match (const char *received,
             const char *wanted)
{
  g_auto(GStrv) some = NULL;
  g_auto(GStrv) others = NULL;

  if (g_str_equal (received, wanted) || g_str_equal (received, "*") || g_str_equal (wanted, "*"))
    return TRUE;

  some = g_strsplit (received, ",", -1);
  others = g_strsplit (wanted, ",", -1);
  for (unsigned int i = 0; some[i] != NULL; i++)
    if (g_strv_contains ((const char *const *) others, some[i]))
      return TRUE;

  return FALSE;
}

static void
add_missing_slot (ComfyCheck        *check,
                  const char        *node_id,
                  const char        *name,
                  const char        *source_id,
                  const char *const *outputs)
{
  g_autofree char *title = _comfy_check_dup_title (check, node_id);
  g_autofree char *source = _comfy_check_dup_title (check, source_id);
  g_autofree char *shown = _comfy_check_dup_shown (name);
  g_autofree char *all = g_strjoinv (", ", (char **) outputs);
  g_autofree char *types = _comfy_check_dup_shown (all);

  if (outputs[0] == NULL)
    _comfy_check_add (check, node_id, name, "bad_linked_input",
                      _("“%s” of the node “%s” is connected to “%s”, which has no output."),
                      shown, title, source);
  else
    _comfy_check_add (check, node_id, name, "bad_linked_input",
                      _("“%s” of the node “%s” is connected to an output that “%s” does not have; "
                        "it has %s."),
                      shown, title, source, types);
}

/*
 * _comfy_check_link:
 * @name: of an input whose value is a list: a link to ComfyUI, even a malformed one
 * @input: what the class takes there
 */
void
_comfy_check_link (ComfyCheck           *check,
                   const char           *node_id,
                   const char           *name,
                   const ComfyNodeInput *input)
{
  g_autofree char      *title = NULL;
  g_autofree char      *source = NULL;
  g_autofree char      *shown = NULL;
  const char           *source_id = NULL;
  const char           *source_class = NULL;
  const char           *wanted = comfy_node_input_get_type_name (input);
  const ComfyNodeClass *klass;
  const char *const    *outputs;
  unsigned int          slot;

  if (comfy_workflow_get_link (check->workflow, node_id, name, &source_id, &slot))
    source_class = comfy_workflow_get_class (check->workflow, source_id);
  if (source_class == NULL)
    {
      title = _comfy_check_dup_title (check, node_id);
      shown = _comfy_check_dup_shown (name);
      _comfy_check_add (check, node_id, name, "bad_linked_input",
                        source_id != NULL
                          ? _("“%s” of the node “%s” is connected to a node that is not there.")
                          : _("“%s” of the node “%s” is a list that is no connection."),
                        shown, title);
      return;
    }

  /* an unknown class is a problem of its own */
  if ((klass = comfy_node_table_lookup (check->table, source_class)) == NULL)
    return;

  outputs = comfy_node_class_get_outputs (klass);
  if (slot >= g_strv_length ((char **) outputs))
    {
      add_missing_slot (check, node_id, name, source_id, outputs);
      return;
    }
  if (types_match (outputs[slot], wanted))
    return;

  title = _comfy_check_dup_title (check, node_id);
  source = _comfy_check_dup_title (check, source_id);
  shown = _comfy_check_dup_shown (name);
  _comfy_check_add (check, node_id, name, "return_type_mismatch",
                    _("“%s” of the node “%s” takes %s, but is connected to %s of “%s”."),
                    shown, title, wanted, outputs[slot], source);
}
