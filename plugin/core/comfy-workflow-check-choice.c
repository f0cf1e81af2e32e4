/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a value is among its choices, and which of them was meant when it is not. */

#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-similar-private.h"
#include "comfy-workflow-check-private.h"

#define MAX_SHOWN   3 /* choices that may have been meant */
#define MAX_CHOICES 8 /* so few are all told when none was meant */

/* Returns: (transfer full): what to show of the choices; @are_near: whether they are what may have
 * been meant, and not all that there are */
static char **
dup_offered (ComfyCheck        *check,
             const char        *wanted,
             const char *const *choices,
             gboolean          *are_near)
{
  g_auto(GStrv) near = _comfy_check_dup_similar (check, wanted, choices, MAX_SHOWN);

  *are_near = near[0] != NULL;
  if (*are_near)
    return g_steal_pointer (&near);

  return g_strdupv (g_strv_length ((char **) choices) <= MAX_CHOICES ? (char **) choices : near);
}

/* a list of files is what differs from server to server */
static void
add_missing_file (ComfyCheck *check,
                  const char *node_id,
                  const char *name,
                  const char *shown,
                  char      **offered)
{
  g_autofree char *title = _comfy_check_dup_title (check, node_id);
  g_autofree char *list = g_strjoinv (", ", offered);

  if (offered[0] == NULL)
    _comfy_check_add (check, node_id, name, "value_not_in_list",
                      _("“%s”: %s is not on this server."), title, shown);
  else if (offered[1] == NULL)
    _comfy_check_add (check, node_id, name, "value_not_in_list",
                      _("“%s”: %s is not on this server; %s is."), title, shown, list);
  else
    _comfy_check_add (check, node_id, name, "value_not_in_list",
                      _("“%s”: %s is not on this server; %s are."), title, shown, list);
}

static void
add_no_choice (ComfyCheck *check,
               const char *node_id,
               const char *name,
               const char *shown,
               char      **offered,
               gboolean    are_near)
{
  g_autofree char *title = _comfy_check_dup_title (check, node_id);
  g_autofree char *shown_name = _comfy_check_dup_shown (name);
  g_autofree char *list = g_strjoinv ("”, “", offered);

  if (offered[0] == NULL)
    _comfy_check_add (check, node_id, name, "value_not_in_list",
                      _("“%s” of the node “%s” is “%s”, which is not among its choices."),
                      shown_name, title, shown);
  else if (are_near && offered[1] == NULL)
    _comfy_check_add (check, node_id, name, "value_not_in_list",
                      _("“%s” of the node “%s” is “%s”, which is not among its choices; “%s” is."),
                      shown_name, title, shown, list);
  else
    _comfy_check_add (check, node_id, name, "value_not_in_list",
                      _("“%s” of the node “%s” is “%s”, which is not among its choices; these are: "
                        "“%s”."), shown_name, title, shown, list);
}

/*
 * _comfy_check_choice:
 * @input: what the class takes there: one of several choices, if they are known
 * @value: what the graph has there
 */
void
_comfy_check_choice (ComfyCheck           *check,
                     const char           *node_id,
                     const char           *name,
                     const ComfyNodeInput *input,
                     JsonNode             *value)
{
  const char *const *choices = comfy_node_input_get_choices (input);
  g_autofree char   *choice = _comfy_node_choice_from_json (value);
  g_autofree char   *shown = NULL;
  g_auto(GStrv)      offered = NULL;
  gboolean           are_near;

  if (choices == NULL || (choice != NULL && g_strv_contains (choices, choice)))
    return;

  shown = _comfy_check_dup_shown (choice != NULL ? choice : "?");
  offered = dup_offered (check, choice != NULL ? choice : "", choices, &are_near);
  for (unsigned int i = 0; offered[i] != NULL; i++)
    {
      char *short_one = _comfy_check_dup_shown (offered[i]);

      g_free (offered[i]);
      offered[i] = short_one;
    }

  if (choice != NULL && _comfy_find_extension (choice) != NULL
      && comfy_node_table_is_complete (check->table))
    add_missing_file (check, node_id, name, shown, offered);
  else
    add_no_choice (check, node_id, name, shown, offered, are_near);
}
