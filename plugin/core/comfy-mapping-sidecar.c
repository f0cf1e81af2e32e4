/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sidecar of a graph of the artist's: what a built-in action's has, so that from here on there is
 * no difference.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-action-private.h"
#include "comfy-json-private.h"
#include "comfy-mapping-private.h"
#include "comfy-workflow-private.h"

/* px: about what models of pictures are made for */
#define MODEL_AREA     1048576
/* px: every model takes multiples of it exactly */
#define MODEL_MULTIPLE 16
/* of a selection: what a model sees around it */
#define CONTEXT        0.25
#define CONTEXT_MIN    256 /* px */
#define ID_MAX         60  /* characters */

/* Models that work on latents crop what is no multiple of 16 (facts of ComfyUI's VAEEncode) and want
 * about a megapixel, unless the graph sees to that itself. All else gets pixel for pixel. */
static void
add_sizing (ComfyMapping *self,
            JsonObject   *sidecar)
{
  JsonObject     *sizing = json_object_new ();
  gboolean        scales = FALSE;
  gboolean        has_latents = FALSE;
  JsonObjectIter  iter;
  const char     *node;
  JsonNode       *value;

  json_object_iter_init (&iter, json_node_get_object (comfy_workflow_get_node (self->workflow)));
  while (json_object_iter_next (&iter, &node, &value))
    {
      const char *class_type = comfy_json_get_string (json_node_get_object (value), "class_type");

      scales |= strstr (class_type, "ImageScale") != NULL || strstr (class_type, "Resize") != NULL;
      has_latents |= strstr (class_type, "VAEEncode") != NULL
                     || strstr (class_type, "InpaintModelConditioning") != NULL;
    }

  if (has_latents)
    {
      json_object_set_int_member (sizing, "multiple", MODEL_MULTIPLE);
      if (!scales && self->fit == COMFY_FIT_REGION)
        json_object_set_int_member (sizing, "pixels", MODEL_AREA);
    }
  json_object_set_double_member (sizing, "context", CONTEXT);
  json_object_set_int_member (sizing, "context-min", CONTEXT_MIN);
  json_object_set_object_member (sidecar, "sizing", sizing);
}

/* What the menu entry of a saved action needs to be there: something to take. A mask alone is one
 * of an image, too. */
static const char *
find_source (ComfyMapping *self)
{
  static const char * const sources[] = { "layer", "layers", "visible", "layer", "visible" };
  const char               *source = "none";

  for (unsigned int i = 0; i < self->items->len; i++)
    {
      const ComfyMappingItem  *item = g_ptr_array_index (self->items, i);
      g_autoptr(ComfyBinding)  binding = NULL;

      if (item->entry.kind == COMFY_KIND_PICTURE)
        binding = comfy_binding_parse (item->entry.binding, NULL);
      if (binding != NULL && comfy_binding_is_canvas (binding))
        return sources[binding->kind];
      if (binding != NULL && binding->kind == COMFY_BINDING_MASK)
        source = "visible";
    }

  return source;
}

/*
 * _comfy_mapping_dup_plain_label:
 * @label: a name that somebody chose
 *
 * Returns: (transfer full): as a label with mnemonics has it: an underline would be one
 */
char *
_comfy_mapping_dup_plain_label (const char *label)
{
  g_auto(GStrv) parts = NULL;

  if (strchr (label, '_') == NULL)
    return g_strdup (label);

  parts = g_strsplit (label, "_", -1);

  return g_strjoinv ("__", parts);
}

static void
add_words (ComfyMapping *self,
           JsonObject   *sidecar)
{
  g_autofree char *menu_label = NULL;
  g_autofree char *blurb = NULL;
  g_autofree char *escaped = _comfy_mapping_dup_plain_label (self->title);

  /* the dots say that there is a form, whatever the title ends in */
  while (g_str_has_suffix (escaped, "…"))
    escaped[strlen (escaped) - strlen ("…")] = '\0';
  menu_label = g_strconcat (*escaped != '\0' ? escaped : _("Workflow"),
                            self->items->len > 0 ? "…" : "", NULL);
  /* translators: a workflow by its name */
  blurb = g_strdup_printf (_("Run the workflow “%s”"), self->title);
  json_object_set_int_member (sidecar, "version", 1);
  json_object_set_string_member (sidecar, "menu-label", menu_label);
  json_object_set_string_member (sidecar, "title", self->title);
  json_object_set_string_member (sidecar, "blurb", blurb);
  json_object_set_int_member (sidecar, "position", 1000);
}

/* names of arguments that GIMP's procedures have anyway, and those of sizes and edges */
static gboolean
is_reserved (const char *id)
{
  static const char * const ids[] = {
    "run-mode", "image", "drawables", "width", "height", "left", "top", "right", "bottom", "ratio",
    "file", "values", "images", "result-image", "result-layer", "result-layers", NULL,
  };

  return g_strv_contains (ids, id);
}

/*
 * _comfy_mapping_dup_slug:
 * @label: for people
 *
 * Returns: (transfer full): the same for GIMP's procedures and for files: "Négative prompt" becomes
 *   "negative-prompt"; "" when nothing is left
 */
char *
_comfy_mapping_dup_slug (const char *label)
{
  g_autofree char *ascii = g_str_to_ascii (label, "C");
  GString         *slug = g_string_new (NULL);

  for (const char *p = ascii; *p != '\0' && slug->len < ID_MAX; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (slug, g_ascii_tolower (*p));
    else if (*p != '?' && slug->len > 0 && slug->str[slug->len - 1] != '-')
      g_string_append_c (slug, '-');
  if (slug->len > 0 && slug->str[slug->len - 1] == '-')
    g_string_truncate (slug, slug->len - 1);
  /* GIMP's names begin with a letter */
  if (g_ascii_isdigit (slug->str[0]))
    g_string_prepend (slug, "n-");

  return g_string_free (slug, FALSE);
}

static char *
dup_wish (const ComfyMappingItem *item)
{
  g_autofree char *slug = NULL;

  /* no argument of a procedure: it may be called what it is */
  if (item->entry.place == COMFY_PLACE_ALL)
    return g_strconcat (item->entry.node, ".", item->entry.input, NULL);

  slug = _comfy_mapping_dup_slug (item->entry.label);
  if (*slug == '\0' || is_reserved (slug))
    return g_strconcat (*slug != '\0' ? slug : "value", "-input", NULL);

  return g_steal_pointer (&slug);
}

/* @ids: those that there are → the last number that was put behind it */
static char *
dup_id (const ComfyMappingItem *item,
        GHashTable             *ids)
{
  g_autofree char *wish = dup_wish (item);
  void            *key;
  void            *last;
  unsigned int     n;

  if (!g_hash_table_lookup_extended (ids, wish, &key, &last))
    return g_steal_pointer (&wish);

  for (n = GPOINTER_TO_UINT (last) + 1;; n++)
    {
      char *id = g_strdup_printf ("%s-%u", wish, n);

      if (!g_hash_table_contains (ids, id))
        {
          g_hash_table_insert (ids, key, GUINT_TO_POINTER (n));
          return id;
        }
      g_free (id);
    }
}

/* Returns: (transfer full): node → heading under "All Parameters" */
static GHashTable *
make_groups (ComfyMapping *self)
{
  GHashTable            *groups = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (unsigned int i = 0; i < self->items->len; i++)
    {
      const ComfyMappingItem *item = g_ptr_array_index (self->items, i);
      char                   *node = item->entry.node;

      if (item->entry.place == COMFY_PLACE_ALL && !g_hash_table_contains (groups, node))
        g_hash_table_insert (groups, node, _comfy_workflow_dup_shown
                                             (comfy_workflow_get_title (self->workflow, node)));
    }

  return groups;
}

/* nodes of the same title are told apart by their numbers, as in ComfyUI */
static void
tell_apart (GHashTable *groups)
{
  g_autoptr(GHashTable) n_titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter        iter;
  void                 *node;
  void                 *title;

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &title))
    {
      unsigned int n = GPOINTER_TO_UINT (g_hash_table_lookup (n_titles, title));

      g_hash_table_replace (n_titles, g_strdup (title), GUINT_TO_POINTER (n + 1));
    }

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, &node, &title))
    if (GPOINTER_TO_UINT (g_hash_table_lookup (n_titles, title)) > 1)
      g_hash_table_iter_replace (&iter, g_strdup_printf ("%s #%s", (char *) title, (char *) node));
}

/* Returns: (transfer full) (element-type ComfyField): the form; @targets gets two of each */
static GPtrArray *
make_fields (ComfyMapping *self,
             GArray       *targets)
{
  GPtrArray             *fields = g_ptr_array_new_full (self->items->len,
                                                        (GDestroyNotify) _comfy_field_free);
  g_autoptr(GHashTable)  groups = make_groups (self);
  g_autoptr(GHashTable)  ids = g_hash_table_new (g_str_hash, g_str_equal);

  tell_apart (groups);
  g_array_set_size (targets, 2 * self->items->len);
  for (unsigned int i = 0; i < self->items->len; i++)
    {
      const ComfyMappingItem *item = g_ptr_array_index (self->items, i);
      const char             *group = NULL;
      ComfyField             *field;

      if (item->entry.place == COMFY_PLACE_ALL)
        group = g_hash_table_lookup (groups, item->entry.node);
      field = _comfy_mapping_make_field (self, item, dup_id (item, ids), group,
                                         &g_array_index (targets, ComfyTarget, 2 * i));
      g_hash_table_insert (ids, field->id, GUINT_TO_POINTER (1));
      g_ptr_array_add (fields, field);
    }

  return fields;
}

static GArray *
new_targets (void)
{
  GArray *targets = g_array_new (FALSE, TRUE, sizeof (ComfyTarget));

  g_array_set_clear_func (targets, (GDestroyNotify) comfy_target_clear);

  return targets;
}

static void
add_fields (ComfyMapping *self,
            JsonObject   *sidecar)
{
  g_autoptr(GArray)     targets = new_targets ();
  g_autoptr(GPtrArray)  fields = make_fields (self, targets);
  JsonArray            *array = json_array_sized_new (fields->len);

  for (unsigned int i = 0; i < fields->len; i++)
    json_array_add_element (array,
                            _comfy_field_to_json (g_ptr_array_index (fields, i),
                                                  &g_array_index (targets, ComfyTarget, 2 * i)));
  json_object_set_array_member (sidecar, "fields", array);
}

static void
add_outputs (ComfyMapping *self,
             JsonObject   *sidecar)
{
  JsonArray *outputs = json_array_new ();

  for (unsigned int i = 0; i < self->outputs->len; i++)
    {
      const ComfyMappingOutput *output = g_ptr_array_index (self->outputs, i);
      JsonObject               *object = json_object_new ();

      json_object_set_string_member (object, "node", output->node);
      json_object_set_string_member (object, "outcome", comfy_outcome_to_id (output->outcome));
      json_array_add_object_element (outputs, object);
    }
  json_object_set_array_member (sidecar, "outputs", outputs);
}

/* Returns: (transfer full): the sidecar, but for its fields */
static JsonObject *
make_head (ComfyMapping *self)
{
  JsonObject *sidecar = json_object_new ();

  add_words (self, sidecar);
  json_object_set_string_member (sidecar, "source", find_source (self));
  json_object_set_string_member (sidecar, "fit",
                                 self->fit == COMFY_FIT_NATURAL ? "natural" : "region");
  add_sizing (self, sidecar);
  add_outputs (self, sidecar);

  return sidecar;
}

/**
 * comfy_mapping_to_sidecar:
 *
 * Returns: (transfer full): the sidecar, as a file NAME.gimp.json has it
 */
GBytes *
comfy_mapping_to_sidecar (ComfyMapping *self)
{
  g_autoptr(JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(GString)  text = g_string_new (NULL);

  g_return_val_if_fail (COMFY_IS_MAPPING (self), NULL);

  json_node_take_object (root, make_head (self));
  add_fields (self, json_node_get_object (root));
  comfy_json_write (text, root);

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

/**
 * comfy_mapping_make_action:
 * @id: the action's name
 *
 * Returns: (transfer full): what a built-in action is, the same that comes of
 *   comfy_mapping_to_sidecar(); later corrections do not change it
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT
 */
ComfyAction *
comfy_mapping_make_action (ComfyMapping  *self,
                           const char    *id,
                           GError       **error)
{
  g_autoptr(JsonObject) head = NULL;
  g_autoptr(GArray)     targets = new_targets ();
  g_autoptr(GPtrArray)  fields = NULL;

  g_return_val_if_fail (COMFY_IS_MAPPING (self), NULL);

  /* the fields not by way of their text, which for thousands of nodes takes most of the time */
  head = make_head (self);
  fields = make_fields (self, targets);

  return _comfy_action_new_from_fields (id, self->workflow, head, fields, targets, error);
}
