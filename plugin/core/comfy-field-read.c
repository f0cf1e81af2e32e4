/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fields as the sidecar describes them (data/schema/action.schema.json). A default that is left out
 * is what the graph says.
 */
#define G_LOG_DOMAIN "comfy-field"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-field-private.h"
#include "comfy-json-private.h"

/* what each of the roles is written as, and which type has it */
static const struct { const char *name; ComfyFieldType type; } roles[] = {
  [COMFY_ROLE_MODEL]   = { "model",   COMFY_FIELD_CHOICE },
  [COMFY_ROLE_SOURCE]  = { "source",  COMFY_FIELD_CHOICE },
  [COMFY_ROLE_WITHIN]  = { "within",  COMFY_FIELD_BOOLEAN },
  [COMFY_ROLE_EDGES]   = { "edges",   COMFY_FIELD_EDGES },
  [COMFY_ROLE_OVERLAP] = { "overlap", COMFY_FIELD_INT },
};

static void
set_broken (GError     **error,
            const char  *id,
            const char  *detail)
{
  comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, detail,
                   _("The field “%s” of the action is not described correctly."),
                   id != NULL ? id : "?");
}

static gboolean
read_type (JsonObject     *object,
           ComfyFieldType *out_type)
{
  const char *name = comfy_json_get_string (object, "type");

  return _comfy_field_type_from_id (name, out_type);
}

static gboolean
read_place (ComfyField *self,
            JsonObject *object)
{
  return !json_object_has_member (object, "place")
         || _comfy_place_from_id (comfy_json_get_string (object, "place"), &self->place);
}

static char *
dup_translated (JsonObject *object,
                const char *member)
{
  const char *text = comfy_json_get_string (object, member);

  return text != NULL && *text != '\0' ? comfy_field_dup_line (_(text)) : NULL;
}

static gboolean
read_role (ComfyField *self,
           JsonObject *object)
{
  const char *name = comfy_json_get_string (object, "role");

  if (name == NULL && self->type == COMFY_FIELD_EDGES)
    name = "edges";
  if (name == NULL)
    return TRUE;

  for (unsigned int i = COMFY_ROLE_MODEL; i < G_N_ELEMENTS (roles); i++)
    if (g_str_equal (name, roles[i].name))
      {
        self->role = (ComfyRole) i;
        return self->type == roles[i].type;
      }

  return FALSE;
}

/* (nullable): the first graph with a place for the field */
static const ComfyVariant *
find_home (const ComfyField *self,
           GPtrArray        *variants)
{
  for (unsigned int i = 0; i < variants->len; i++)
    if (comfy_variant_get_targets (g_ptr_array_index (variants, i), self->id) != NULL)
      return g_ptr_array_index (variants, i);

  return NULL;
}

/* the action's graphs are what can be chosen */
static gboolean
read_variants (ComfyField *self,
               GPtrArray  *variants)
{
  for (unsigned int i = 0; i < variants->len; i++)
    {
      const ComfyVariant *variant = g_ptr_array_index (variants, i);

      if (variant->label == NULL)
        return FALSE;
      _comfy_field_add_choice (self, variant->id, variant->label);
    }

  return TRUE;
}

static gboolean
read_choices (ComfyField *self,
              JsonObject *object)
{
  JsonArray *array = comfy_json_get_array (object, "choices");

  if (array == NULL || json_array_get_length (array) == 0)
    return FALSE;

  for (unsigned int i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode   *element = json_array_get_element (array, i);
      JsonObject *inner = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char *id = inner != NULL ? comfy_json_get_string (inner, "id") : NULL;
      const char *label = inner != NULL ? comfy_json_get_string (inner, "label") : NULL;

      if (id == NULL || label == NULL || *label == '\0')
        return FALSE;
      _comfy_field_add_choice (self, id, _(label));
    }

  return TRUE;
}

static gboolean
read_presets (ComfyField *self,
              JsonObject *object)
{
  JsonArray *array = comfy_json_get_array (object, "presets");

  for (unsigned int i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode  *element = json_array_get_element (array, i);
      JsonArray *pair = JSON_NODE_HOLDS_ARRAY (element) ? json_node_get_array (element) : NULL;
      ComfySize  size;

      if (pair == NULL || json_array_get_length (pair) != 2)
        return FALSE;

      size.width = (int) json_array_get_int_element (pair, 0);
      size.height = (int) json_array_get_int_element (pair, 1);
      g_array_append_val (self->presets, size);
    }

  return TRUE;
}

static gboolean
read_range (ComfyField *self,
            JsonObject *object)
{
  JsonObject *from_image = comfy_json_get_object (object, "from-image");

  self->min = comfy_json_get_double (object, "min", 0);
  self->max = comfy_json_get_double (object, "max", 0);
  self->step = comfy_json_get_double (object, "step", self->type == COMFY_FIELD_INT ? 1 : 0);
  if (from_image != NULL)
    self->image_area = (guint64) MAX (0, comfy_json_get_int (from_image, "area", 0));

  self->seed_max = self->max > 0 ? (guint64) comfy_json_get_int (object, "max", G_MAXINT64)
                                 : G_MAXUINT64;

  if (self->type == COMFY_FIELD_SIZE)
    return self->step >= 1 && self->min >= 1 && self->max >= self->min + self->step;
  if (self->type == COMFY_FIELD_INT || self->type == COMFY_FIELD_DOUBLE
      || self->type == COMFY_FIELD_EDGES)
    return self->max > self->min && (!self->optional || self->min == 0);

  return TRUE;
}

/* the sidecar's own default, NULL when it has none of the type */
static GVariant *
value_of_sidecar (const ComfyField *self,
                  JsonObject       *object)
{
  JsonNode *node = json_object_get_member (object, "default");
  GType     type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
                                                                : G_TYPE_INVALID;

  switch (self->type)
    {
    case COMFY_FIELD_INT:
      return type == G_TYPE_INT64 ? g_variant_new_int64 (json_node_get_int (node)) : NULL;
    case COMFY_FIELD_DOUBLE:
      return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE
             ? g_variant_new_double (json_node_get_double (node)) : NULL;
    case COMFY_FIELD_BOOLEAN:
      return type == G_TYPE_BOOLEAN ? g_variant_new_boolean (json_node_get_boolean (node)) : NULL;
    case COMFY_FIELD_TEXT:
    case COMFY_FIELD_CHOICE:
      return type == G_TYPE_STRING ? g_variant_new_string (json_node_get_string (node)) : NULL;
    case COMFY_FIELD_EDGES:
      return g_variant_new ("(iiii)", 0, 0, 0, 0);
    case COMFY_FIELD_PICTURE:
      return type == G_TYPE_STRING ? g_variant_new_string (json_node_get_string (node))
                                   : g_variant_new_string ("layer");
    case COMFY_FIELD_SEED:
    case COMFY_FIELD_SIZE:
    default:
      return NULL;
    }
}

/* what leaves it to the graph, NULL for a type that has no such value */
static GVariant *
value_of_nothing (const ComfyField *self)
{
  switch (self->type)
    {
    case COMFY_FIELD_INT:
      return g_variant_new_int64 (0);
    case COMFY_FIELD_DOUBLE:
      return g_variant_new_double (0.0);
    case COMFY_FIELD_TEXT:
      return g_variant_new_string ("");
    case COMFY_FIELD_BOOLEAN:
    case COMFY_FIELD_CHOICE:
    case COMFY_FIELD_SEED:
    case COMFY_FIELD_SIZE:
    case COMFY_FIELD_EDGES:
    case COMFY_FIELD_PICTURE:
    default:
      return NULL;
    }
}

static gboolean
is_binding (GVariant *value)
{
  g_autoptr(ComfyBinding) binding = comfy_binding_parse (g_variant_get_string (value, NULL), NULL);

  return binding != NULL;
}

static gboolean
read_fallback (ComfyField *self,
               JsonObject *object,
               GPtrArray  *variants)
{
  const ComfyVariant *home = find_home (self, variants);
  GVariant           *value = self->optional ? value_of_nothing (self)
                                             : value_of_sidecar (self, object);

  /* of choices, the first is what is meant */
  if (value == NULL && self->role != COMFY_ROLE_INPUT && self->type == COMFY_FIELD_CHOICE)
    value = g_variant_new_string (((ComfyChoice *) g_ptr_array_index (self->choices, 0))->id);
  if (value == NULL && home != NULL && !self->optional)
    value = _comfy_field_get_graph_value (self, home->workflow,
                                           comfy_variant_get_targets (home, self->id));
  if (value == NULL)
    return FALSE;

  self->fallback = g_variant_ref_sink (value);

  return self->type != COMFY_FIELD_PICTURE || is_binding (self->fallback);
}

/**
 * _comfy_field_new_from_json:
 * @object: a field of a sidecar
 * @variants: (element-type ComfyVariant): of the action; one of them at least has a place for what
 *   goes into a graph
 *
 * Returns: (transfer full): the field
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT; the detail names what is wrong
 */
ComfyField *
_comfy_field_new_from_json (JsonObject  *object,
                            GPtrArray   *variants,
                            GError     **error)
{
  g_autoptr(ComfyField)  self = _comfy_field_new (NULL, NULL, COMFY_FIELD_TEXT);
  const char            *problem = NULL;

  self->id = g_strdup (comfy_json_get_string (object, "id"));
  self->label = dup_translated (object, "label");
  self->group = dup_translated (object, "group");
  self->hint = dup_translated (object, "hint");
  self->placeholder = dup_translated (object, "placeholder");
  /* for the model, not for people: not translated */
  self->when_blank = g_strdup (comfy_json_get_string (object, "when-blank"));
  self->multiline = comfy_json_get_boolean (object, "multiline", FALSE);
  self->required = comfy_json_get_boolean (object, "required", FALSE);
  self->private_ = comfy_json_get_boolean (object, "private", FALSE);
  self->optional = comfy_json_get_boolean (object, "optional", FALSE);

  if (self->id == NULL || self->label == NULL)
    problem = "no id or no label";
  else if (!read_type (object, &self->type))
    problem = "unknown type";
  else if (!read_place (self, object))
    problem = "place is form, advanced or all";
  else if (!read_role (self, object))
    problem = "unknown role, or one that its type cannot have";
  else if (self->role == COMFY_ROLE_INPUT && find_home (self, variants) == NULL)
    problem = "the graph has no such input";
  else if (!read_range (self, object))
    problem = "min, max or step make no range";
  else if (self->role == COMFY_ROLE_MODEL && !read_variants (self, variants))
    problem = "a choice of models needs variants with labels";
  else if (self->type == COMFY_FIELD_CHOICE && self->role != COMFY_ROLE_MODEL
           && !read_choices (self, object))
    problem = "no choices";
  else if (!read_presets (self, object))
    problem = "presets are pairs of pixels";
  else if (!read_fallback (self, object, variants))
    problem = "neither the sidecar nor the graph has a default of the type";

  if (problem != NULL)
    {
      set_broken (error, self->id, problem);
      return NULL;
    }

  return g_steal_pointer (&self);
}
