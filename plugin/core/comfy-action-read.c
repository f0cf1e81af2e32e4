/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Actions as they lie in the data folder. What a sidecar may say is in
 * data/schema/action.schema.json.
 */
#define G_LOG_DOMAIN "comfy-action"

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "comfy-action-private.h"
#include "comfy-error.h"
#include "comfy-field-private.h"
#include "comfy-json-private.h"
#include "comfy-request-private.h"
#include "comfy-variant-private.h"

/* one that was made for a large graph and a server with many models is large */
#define SIDECAR_MAX_BYTES (4 * COMFY_WORKFLOW_MAX_BYTES)
#define SIDECAR_MAX_DEPTH 8
#define ELLIPSIS          "…"

static JsonObject *
set_no_description (const char  *path,
                    GError     **error)
{
  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, path,
                   _("The file that describes the action holds no description. Save the action "
                     "again."));
  return NULL;
}

/*
 * _comfy_action_load_sidecar:
 * @path: NAME.gimp.json, which anybody may have put there
 * @out_root: (out) (transfer full) (nullable): the document that the object is of
 *
 * Returns: (transfer none) (nullable): what it holds. Errors: %COMFY_ERROR_STORAGE,
 *   %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_TOO_LARGE
 */
JsonObject *
_comfy_action_load_sidecar (const char  *path,
                            JsonNode   **out_root,
                            GError     **error)
{
  g_autofree char   *text = NULL;
  g_autoptr(GError)  foreign = NULL;
  GStatBuf           info;
  gsize              length;

  /* a pipe would be waited for, and what is too large is not even read */
  if (g_stat (path, &info) == 0
      && (!S_ISREG (info.st_mode) || (guint64) info.st_size > SIDECAR_MAX_BYTES))
    return set_no_description (path, error);
  if (!g_file_get_contents (path, &text, &length, &foreign))
    {
      g_propagate_error (error, comfy_error_fold (foreign, NULL));
      return NULL;
    }

  *out_root = comfy_json_read (text, length, SIDECAR_MAX_BYTES, SIDECAR_MAX_DEPTH, error);
  if (*out_root == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_OBJECT (*out_root))
    return set_no_description (path, error);

  return json_node_get_object (*out_root);
}

/* Where an action's graphs come from: a folder, or one that was read already */
typedef struct
{
  const char    *path;     /* nullable: NAME.json, beside which those of variants lie */
  ComfyWorkflow *workflow; /* no ref, nullable */
} Graphs;

/* NAME.json, or the other graph in the same folder that a variant names */
static ComfyWorkflow *
load_graph (const Graphs  *graphs,
            JsonObject    *variant,
            GError       **error)
{
  const char      *name = variant != NULL ? comfy_json_get_string (variant, "graph") : NULL;
  g_autofree char *folder = NULL;
  g_autofree char *file_name = NULL;
  g_autofree char *path = NULL;

  if (graphs->path == NULL)
    return comfy_workflow_copy (graphs->workflow);
  if (name == NULL)
    return comfy_workflow_new_from_file (graphs->path, error);
  /* a description that came from somewhere is no way to a file of another folder */
  if (strchr (name, G_DIR_SEPARATOR) != NULL)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, name,
                       _("The action names a workflow outside of its folder. Put both into one."));
      return NULL;
    }

  folder = g_path_get_dirname (graphs->path);
  file_name = g_strconcat (name, ".json", NULL);
  path = g_build_filename (folder, file_name, NULL);

  return comfy_workflow_new_from_file (path, error);
}

static gboolean
add_variant (ComfyAction   *self,
             const Graphs  *graphs,
             JsonObject    *sidecar,
             JsonObject    *object,
             GError       **error)
{
  g_autoptr(ComfyWorkflow)  graph = load_graph (graphs, object, error);
  ComfyVariant             *variant;
  const char               *problem = NULL;

  if (graph == NULL)
    return FALSE;

  variant = _comfy_variant_new_from_json (sidecar, object, graph, &problem);
  if (variant == NULL)
    return _comfy_action_set_broken (self, problem, error);

  g_ptr_array_add (self->variants, variant);

  return TRUE;
}

static gboolean
read_variants (ComfyAction   *self,
               const Graphs  *graphs,
               JsonObject    *sidecar,
               GError       **error)
{
  JsonArray *variants = comfy_json_get_array (sidecar, "variants");

  if (variants == NULL)
    return add_variant (self, graphs, sidecar, NULL, error);

  for (unsigned int i = 0; i < json_array_get_length (variants); i++)
    {
      JsonNode *node = json_array_get_element (variants, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        return _comfy_action_set_broken (self, "a variant is an object", error);
      if (!add_variant (self, graphs, sidecar, json_node_get_object (node), error))
        return FALSE;
    }

  return self->variants->len > 0 || _comfy_action_set_broken (self, "variants are none", error);
}

/* whether a field's choices are sources of pixels */
static gboolean
are_sources (const ComfyField *field)
{
  for (unsigned int i = 0; i < field->choices->len; i++)
    {
      const ComfyChoice *choice = g_ptr_array_index (field->choices, i);

      if (comfy_source_from_id (choice->id) == COMFY_SOURCE_NONE)
        return FALSE;
    }

  return TRUE;
}

/* whether there is an input for the pixels that are taken, in each of the graphs */
static gboolean
takes_its_source (ComfyAction *self)
{
  gboolean has_picture = FALSE;

  for (unsigned int i = 0; i < self->fields->len; i++)
    has_picture |= ((ComfyField *) self->fields->pdata[i])->type == COMFY_FIELD_PICTURE;
  if (self->source == COMFY_SOURCE_NONE || has_picture)
    return TRUE;

  for (unsigned int i = 0; i < self->variants->len; i++)
    if (((ComfyVariant *) g_ptr_array_index (self->variants, i))->image.node == NULL)
      return FALSE;

  return TRUE;
}

/* @field: (transfer full) */
static gboolean
add_field (ComfyAction  *self,
           ComfyField   *field,
           GError      **error)
{
  if (comfy_action_find_field (self, field->id) != NULL)
    {
      _comfy_field_free (field);
      return _comfy_action_set_broken (self, "two fields have the same id", error);
    }

  g_ptr_array_add (self->fields, field);
  g_hash_table_insert (self->by_id, field->id, field);

  return TRUE;
}

static gboolean
read_fields (ComfyAction  *self,
             JsonObject   *sidecar,
             GError      **error)
{
  JsonArray *fields = comfy_json_get_array (sidecar, "fields");

  for (unsigned int i = 0; fields != NULL && i < json_array_get_length (fields); i++)
    {
      JsonNode   *node = json_array_get_element (fields, i);
      ComfyField *field;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        return _comfy_action_set_broken (self, "a field is an object", error);

      field = _comfy_field_new_from_json (json_node_get_object (node), self->variants, error);
      if (field == NULL)
        return FALSE;
      if (!add_field (self, field, error))
        return FALSE;
      if (field->role == COMFY_ROLE_SOURCE && !are_sources (field))
        return _comfy_action_set_broken (self, "sources are layer, layers and visible", error);
    }

  return TRUE;
}

/* what the fields have to do with the rest */
static gboolean
check_fields (ComfyAction  *self,
              GError      **error)
{
  if (!takes_its_source (self))
    return _comfy_action_set_broken (self, "image names no input of the graph", error);

  /* the artist knows by the dots whether something runs, and costs, at once */
  if (g_str_has_suffix (self->menu_label, ELLIPSIS) != comfy_action_has_form (self))
    return _comfy_action_set_broken (self, "menu-label ends in … exactly when there are fields",
                                     error);

  return TRUE;
}

/* Files are told by what their names begin with, whatever the graph's author had there */
static void
set_prefix (ComfyWorkflow *workflow,
            ComfyOutput   *output,
            unsigned int   i)
{
  g_autofree char *prefix = g_strdup_printf ("gimp-%u", i);
  const char      *present;

  g_clear_pointer (&output->prefix, g_free);
  if (comfy_workflow_get_string (workflow, output->node, "filename_prefix", &present)
      && comfy_workflow_set_string (workflow, output->node, "filename_prefix", prefix, NULL))
    output->prefix = g_steal_pointer (&prefix);
}

static gboolean
read_outputs (ComfyAction  *self,
              JsonObject   *sidecar,
              GError      **error)
{
  JsonArray    *outputs = comfy_json_get_array (sidecar, "outputs");
  ComfyVariant *variant = g_ptr_array_index (self->variants, 0);

  if (outputs == NULL)
    return TRUE;

  self->outputs = _comfy_outputs_from_json (outputs);
  if (self->outputs == NULL || self->variants->len > 1)
    return _comfy_action_set_broken (self, "outputs name a node and an outcome, of the only graph",
                                     error);

  for (unsigned int i = 0; i < self->outputs->len; i++)
    {
      ComfyOutput *output = g_ptr_array_index (self->outputs, i);

      if (!comfy_workflow_has_node (variant->workflow, output->node))
        return _comfy_action_set_broken (self, "an output names no node of the graph", error);
      set_prefix (variant->workflow, output, i);
    }

  return TRUE;
}

static gboolean
read_action (ComfyAction   *self,
             const Graphs  *graphs,
             JsonObject    *sidecar,
             GError       **error)
{
  return _comfy_action_read_words (self, sidecar, error)
         && _comfy_action_read_rules (self, sidecar, error)
         && read_variants (self, graphs, sidecar, error)
         && read_fields (self, sidecar, error)
         && check_fields (self, error)
         && read_outputs (self, sidecar, error);
}

/* @fields: those that were made, with their targets */
static gboolean
take_fields (ComfyAction   *self,
             GPtrArray     *fields,
             GArray        *targets,
             GError       **error)
{
  ComfyVariant *variant = g_ptr_array_index (self->variants, 0);

  _comfy_variant_take_masks (variant, (const ComfyTarget *) targets->data, fields->len);
  for (unsigned int i = 0; i < fields->len; i++)
    {
      ComfyField *field = g_steal_pointer (&fields->pdata[i]);

      if (!add_field (self, field, error))
        return FALSE;
      if (!_comfy_variant_add_targets (variant, field->id,
                                       &g_array_index (targets, ComfyTarget, 2 * i)))
        return _comfy_action_set_broken (self, "a field names no input of the graph", error);
    }

  return TRUE;
}

/*
 * _comfy_action_new_from_fields:
 * @id: its name, such as "my-upscaler"
 * @workflow: its graph; copied
 * @sidecar: as a file NAME.gimp.json has it, without fields
 * @fields: (element-type ComfyField): its fields; they are taken out of it
 * @targets: (element-type ComfyTarget): two of each field: where it goes; they are taken out of it
 *
 * What comfy_action_new_from_bytes() would make of the whole sidecar.
 *
 * Returns: (transfer full): the action
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT; the detail says what is wrong
 */
ComfyAction *
_comfy_action_new_from_fields (const char     *id,
                               ComfyWorkflow  *workflow,
                               JsonObject     *sidecar,
                               GPtrArray      *fields,
                               GArray         *targets,
                               GError        **error)
{
  g_autoptr(ComfyAction) self = g_object_new (COMFY_TYPE_ACTION, NULL);
  Graphs                 graphs = { NULL, workflow };

  self->id = g_strdup (id);
  if (!_comfy_action_read_words (self, sidecar, error)
      || !_comfy_action_read_rules (self, sidecar, error)
      || !read_variants (self, &graphs, sidecar, error)
      || !take_fields (self, fields, targets, error)
      || !check_fields (self, error)
      || !read_outputs (self, sidecar, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * comfy_action_new_from_bytes:
 * @id: its name, such as "my-upscaler"
 * @workflow: its graph; copied
 * @sidecar: JSON, as a file NAME.gimp.json has it
 *
 * Returns: (transfer full): the action
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT; the detail says what is wrong
 */
ComfyAction *
comfy_action_new_from_bytes (const char     *id,
                             ComfyWorkflow  *workflow,
                             GBytes         *sidecar,
                             GError        **error)
{
  g_autoptr(ComfyAction)  self = g_object_new (COMFY_TYPE_ACTION, NULL);
  Graphs                  graphs = { NULL, workflow };
  g_autoptr(JsonNode)     root = NULL;
  gsize                   length;
  const char             *text = g_bytes_get_data (sidecar, &length);

  g_return_val_if_fail (COMFY_IS_WORKFLOW (workflow), NULL);

  self->id = g_strdup (id);
  root = comfy_json_read (text, length, SIDECAR_MAX_BYTES, SIDECAR_MAX_DEPTH, error);
  if (root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      _comfy_action_set_broken (self, "the sidecar is no object", error);
      return NULL;
    }
  if (!read_action (self, &graphs, json_node_get_object (root), error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * comfy_action_new_from_files:
 * @graph_path: NAME.json, a graph in API format; NAME is the action's id. Graphs of variants lie
 *   beside it.
 * @sidecar_path: NAME.gimp.json, as data/schema/action.schema.json has it
 *
 * Returns: (transfer full): the action
 *
 * Errors: %COMFY_ERROR_STORAGE, %COMFY_ERROR_INVALID_WORKFLOW for the graph,
 * %COMFY_ERROR_INVALID_ARGUMENT for the sidecar; the detail says what is wrong
 */
ComfyAction *
comfy_action_new_from_files (const char  *graph_path,
                             const char  *sidecar_path,
                             GError     **error)
{
  g_autoptr(ComfyAction)  self = g_object_new (COMFY_TYPE_ACTION, NULL);
  g_autoptr(JsonNode)     root = NULL;
  g_autofree char        *name = NULL;
  Graphs                  graphs = { graph_path, NULL };
  JsonObject             *sidecar;

  g_return_val_if_fail (graph_path != NULL, NULL);
  g_return_val_if_fail (sidecar_path != NULL, NULL);

  name = g_path_get_basename (sidecar_path);
  self->id = g_str_has_suffix (name, COMFY_SIDECAR_SUFFIX)
             ? g_strndup (name, strlen (name) - strlen (COMFY_SIDECAR_SUFFIX))
             : g_strdup (name);

  sidecar = _comfy_action_load_sidecar (sidecar_path, &root, error);
  if (sidecar == NULL || !read_action (self, &graphs, sidecar, error))
    return NULL;

  return g_steal_pointer (&self);
}
