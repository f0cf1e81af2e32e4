/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the classes of a graph's nodes are on the server. */

#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-foreign-node-private.h"
#include "comfy-workflow-check-private.h"

static void
add_missing_class (ComfyCheck *check,
                   const char *node_id,
                   const char *class_type)
{
  g_autofree char *title = _comfy_check_dup_title (check, node_id);
  g_autofree char *shown = _comfy_check_dup_shown (class_type);
  const char      *tool = _comfy_foreign_node_get_tool (class_type);
  const char      *server = _comfy_node_table_get_server (check->table);
  g_autofree char *place = NULL;
  g_autofree char **classes = NULL;
  g_auto(GStrv)    near = NULL;

  if (tool != NULL)
    {
      _comfy_check_add (check, node_id, NULL, "missing_node_type",
                        _("The node “%s” is of the class “%s”, which belongs to %s and is not on "
                          "the server. %s"),
                        title, shown, tool, _comfy_foreign_node_get_advice (class_type));
      return;
    }

  place = server != NULL ? g_strdup_printf (_("“%s”"), server) : g_strdup (_("this server"));
  classes = _comfy_node_table_list_classes (check->table);
  near = _comfy_check_dup_similar (check, class_type, (const char *const *) classes, 1);
  if (near[0] != NULL)
    _comfy_check_add (check, node_id, NULL, "missing_node_type",
                      /* Translators: the third one is a server's name, the fourth a class */
                      _("The node “%s” is of the class “%s”, which is not available on %s; "
                        "“%s” is."), title, shown, place, near[0]);
  else
    _comfy_check_add (check, node_id, NULL, "missing_node_type",
                      _("The node “%s” is of the class “%s”, which is not available on %s."),
                      title, shown, place);
}

/*
 * _comfy_check_classes:
 * @ids: of the nodes
 *
 * Returns: whether every class is one of the table, so that it is known which nodes are outputs
 */
gboolean
_comfy_check_classes (ComfyCheck        *check,
                      const char *const *ids)
{
  gboolean all_known = TRUE;

  for (; *ids != NULL && !_comfy_check_is_full (check); ids++)
    {
      const char *class_type = comfy_workflow_get_class (check->workflow, *ids);

      if (comfy_node_table_lookup (check->table, class_type) != NULL)
        continue;

      all_known = FALSE;
      if (!_comfy_node_table_may_have (check->table, class_type)
          || _comfy_foreign_node_get_tool (class_type) != NULL)
        add_missing_class (check, *ids, class_type);
    }

  return all_known;
}
