/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Corrections lie in FOLDER/SHAPE.json: the same graph is known again with other values, under
 * another name. A graph that is saved as an action is NAME.json and NAME.gimp.json, as those that
 * came with the program.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "comfy-action-private.h"
#include "comfy-durable.h"
#include "comfy-error.h"
#include "comfy-mapping-private.h"
#include "comfy-mapping-store.h"

static char *
dup_path (const char   *folder,
          ComfyMapping *mapping)
{
  g_autofree char *shape = comfy_workflow_dup_shape (comfy_mapping_get_workflow (mapping));
  g_autofree char *name = g_strconcat (shape, ".json", NULL);

  return g_build_filename (folder, name, NULL);
}

/**
 * comfy_mapping_store_recall:
 * @folder: where corrections lie
 * @mapping: of a graph that may have been corrected before
 *
 * Says again what the artist has said of a graph of that shape.
 */
void
comfy_mapping_store_recall (const char   *folder,
                            ComfyMapping *mapping)
{
  g_autofree char   *path = dup_path (folder, mapping);
  g_autofree char   *text = NULL;
  g_autoptr(GBytes)  corrections = NULL;
  gsize              length;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return;

  corrections = g_bytes_new_take (g_steal_pointer (&text), length);
  comfy_mapping_correct (mapping, corrections);
}

/**
 * comfy_mapping_store_remember:
 * @folder: where corrections lie; made when it is not there
 * @mapping: with what the artist has said
 *
 * Returns: whether it is on disk; nothing said is no file
 *
 * Errors: %COMFY_ERROR_STORAGE
 */
gboolean
comfy_mapping_store_remember (const char    *folder,
                              ComfyMapping  *mapping,
                              GError       **error)
{
  g_autofree char   *path = dup_path (folder, mapping);
  g_autoptr(GBytes)  corrections = comfy_mapping_to_corrections (mapping);

  if (corrections == NULL)
    {
      g_unlink (path);
      return TRUE;
    }

  return comfy_durable_make_folder (folder, error)
         && comfy_durable_write (path, corrections, error);
}

static char *
dup_file (const char *folder,
          const char *id,
          const char *suffix)
{
  g_autofree char *name = g_strconcat (id, suffix, NULL);

  return g_build_filename (folder, name, NULL);
}

static gboolean
has_shape_of (ComfyWorkflow *one,
              ComfyWorkflow *other)
{
  g_autofree char *shape = comfy_workflow_dup_shape (one);
  g_autofree char *other_shape = comfy_workflow_dup_shape (other);

  return g_str_equal (shape, other_shape);
}

/* Whether what is there would be no loss: the same action, saved anew, or a file with the same values.
 * A file that the artist has put there has values that nobody else may have. */
static gboolean
may_replace (const char    *folder,
             const char    *id,
             ComfyWorkflow *workflow)
{
  g_autofree char          *path = dup_file (folder, id, ".json");
  g_autofree char          *sidecar = dup_file (folder, id, COMFY_SIDECAR_SUFFIX);
  g_autoptr(ComfyWorkflow)  present = NULL;
  g_autoptr(GBytes)         bytes = NULL;
  g_autoptr(GBytes)         present_bytes = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  present = comfy_workflow_new_from_file (path, NULL);
  if (present == NULL)
    return FALSE;
  if (g_file_test (sidecar, G_FILE_TEST_EXISTS))
    return has_shape_of (present, workflow);

  bytes = comfy_workflow_to_bytes (workflow);
  present_bytes = comfy_workflow_to_bytes (present);

  return g_bytes_equal (bytes, present_bytes);
}

/* whether a name is another's, which must not be taken away */
static gboolean
is_taken (const char    *folder,
          const char    *id,
          ComfyWorkflow *workflow,
          GPtrArray     *others)
{
  /* procedures of the program that are no actions */
  static const char * const procedures[] = {
    "jobs", "preferences", "run-workflow", "settings", "vary-layer", NULL,
  };

  if (g_strv_contains (procedures, id))
    return TRUE;
  for (unsigned int i = 0; others != NULL && i < others->len; i++)
    if (g_str_equal (comfy_action_get_id (g_ptr_array_index (others, i)), id))
      return TRUE;

  return !may_replace (folder, id, workflow);
}

static char *
dup_free_id (const char   *folder,
             ComfyMapping *mapping,
             GPtrArray    *others)
{
  g_autofree char *slug = _comfy_mapping_dup_slug (comfy_mapping_get_title (mapping));
  const char      *base = *slug != '\0' ? slug : "workflow";
  ComfyWorkflow   *workflow = comfy_mapping_get_workflow (mapping);
  char            *id = g_strdup (base);

  for (unsigned int n = 2; is_taken (folder, id, workflow, others); n++)
    {
      g_free (id);
      id = g_strdup_printf ("%s-%u", base, n);
    }

  return id;
}

/**
 * comfy_mapping_store_save:
 * @folder: where the artist's workflows lie; made when it is not there
 * @mapping: a graph and what it is to the artist
 * @title: what the action is called
 * @others: (nullable) (element-type ComfyAction): built-in actions, whose names are taken
 *
 * Saves a graph as an action. An action of the same name and shape is written anew, any other is left
 * alone, and so is a file with other values.
 *
 * Returns: (transfer full): path of the sidecar
 *
 * Errors: %COMFY_ERROR_STORAGE, %COMFY_ERROR_INVALID_ARGUMENT
 */
char *
comfy_mapping_store_save (const char    *folder,
                          ComfyMapping  *mapping,
                          const char    *title,
                          GPtrArray     *others,
                          GError       **error)
{
  g_autofree char   *id = NULL;
  g_autofree char   *graph_path = NULL;
  g_autofree char   *sidecar_path = NULL;
  g_autoptr(GBytes)  graph = NULL;
  g_autoptr(GBytes)  sidecar = NULL;

  if (comfy_field_is_blank (title))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("The action has no name yet. Write what the menu shall show."));
      return NULL;
    }

  comfy_mapping_set_title (mapping, title);
  id = dup_free_id (folder, mapping, others);
  graph_path = dup_file (folder, id, ".json");
  sidecar_path = dup_file (folder, id, COMFY_SIDECAR_SUFFIX);
  graph = comfy_workflow_to_bytes (comfy_mapping_get_workflow (mapping));
  sidecar = comfy_mapping_to_sidecar (mapping);
  /* a sidecar without its graph would be a broken action; a graph alone is just a workflow */
  if (!comfy_durable_make_folder (folder, error)
      || !comfy_durable_write (graph_path, graph, error)
      || !comfy_durable_write (sidecar_path, sidecar, error))
    return NULL;

  return g_steal_pointer (&sidecar_path);
}
