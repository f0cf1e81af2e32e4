/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The actions of a folder: those that came with the program, or those that the artist saved.
 */
#define G_LOG_DOMAIN "comfy-action"

#include "config.h"

#include <string.h>

#include "comfy-action-private.h"
#include "comfy-error.h"

static int
compare_positions (gconstpointer a,
                   gconstpointer b)
{
  const ComfyAction *first = *(const ComfyAction * const *) a;
  const ComfyAction *second = *(const ComfyAction * const *) b;

  if (first->position != second->position)
    return first->position < second->position ? -1 : 1;

  return g_strcmp0 (first->id, second->id);
}

/* procedures and arguments of GIMP's database take nothing else */
static gboolean
is_canonical (const char *id)
{
  return *id != '\0' && strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (id);
}

/* what is an argument of the procedure has a name that GIMP takes and that none has anyway */
static gboolean
has_canonical_fields (ComfyAction *action)
{
  static const char * const present[] = { "run-mode", "image", "drawables", NULL };

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);

      if (field->place != COMFY_PLACE_ALL
          && (!is_canonical (field->id) || !g_ascii_isalpha (field->id[0])
              || g_strv_contains (present, field->id)))
        return FALSE;
    }

  return TRUE;
}

/**
 * comfy_action_list_folder:
 * @folder: where NAME.json and NAME.gimp.json lie
 *
 * Reads every action of a folder. One that is broken does not take the others away: it is left out
 * and the log says why.
 *
 * Returns: (transfer full) (element-type ComfyAction): the actions in the order of their position
 */
GPtrArray *
comfy_action_list_folder (const char *folder)
{
  GPtrArray       *actions = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GDir)  dir = NULL;
  const char      *name;

  g_return_val_if_fail (folder != NULL, actions);

  dir = g_dir_open (folder, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autoptr(GError)       error = NULL;
      g_autofree char        *id = NULL;
      g_autofree char        *graph_name = NULL;
      g_autofree char        *graph = NULL;
      g_autofree char        *sidecar = NULL;
      g_autoptr(ComfyAction)  action = NULL;

      if (!g_str_has_suffix (name, COMFY_SIDECAR_SUFFIX))
        continue;

      id = g_strndup (name, strlen (name) - strlen (COMFY_SIDECAR_SUFFIX));
      graph_name = g_strconcat (id, ".json", NULL);
      graph = g_build_filename (folder, graph_name, NULL);
      sidecar = g_build_filename (folder, name, NULL);
      action = is_canonical (id) ? comfy_action_new_from_files (graph, sidecar, &error) : NULL;
      if (action != NULL && has_canonical_fields (action))
        g_ptr_array_add (actions, g_steal_pointer (&action));
      else
        g_warning ("%s is left out: %s (%s)", name,
                   error != NULL ? error->message : "a-z, 0-9 and - make a name",
                   error != NULL ? comfy_error_get_detail (error) : "");
    }

  g_ptr_array_sort (actions, compare_positions);

  return actions;
}
