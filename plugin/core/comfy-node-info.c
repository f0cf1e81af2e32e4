/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A node table from a server's own /object_info, in all the forms in which ComfyUI writes inputs:
 *
 *   [["a", "b"], {…}]                        a combo of the first kind of nodes
 *   ["INT", {"default", "min", "max", …}]    a value, or the type of what is to be connected
 *   ["COMBO", {"options": […]}]              a combo of the third kind of nodes
 *   ["COMFY_DYNAMICCOMBO_V3", {"options": [{"key", "inputs": {"required", "optional"}}]}]
 *   ["COMFY_AUTOGROW_V3", {"template": {"input", "names" or "prefix" and "max", "min"}}]
 *   ["COMFY_MATCHTYPE_V3", {"template": {"allowed_types"}}]
 *
 * tests/tools/make-node-table.py reads the same. Nodes are anybody's programs, so each class may be
 * nonsense: then it is known to be there, and nothing else of it. */

#define G_LOG_DOMAIN "comfy-node-table"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-node-table-private.h"
#include "comfy-python-json-private.h"

#define MAX_BYTES  (64 * 1024 * 1024)
#define MAX_DEPTH  64
/* ComfyUI's own limit for a growing input */
#define MAX_ROWS   100

static ComfyNodeInput *read_input (const char *name,
                                   JsonNode   *spec);
static GPtrArray      *read_group (JsonObject *group);

/* Returns: (transfer full) (nullable): the choices, each once; %NULL when there are none, since
 * then nobody but the server knows */
static char **
dup_choices (JsonArray *list)
{
  g_autoptr(GStrvBuilder) choices = g_strv_builder_new ();
  g_autoptr(GHashTable)   seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned int i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      char *choice = _comfy_node_choice_from_json (json_array_get_element (list, i));

      if (choice == NULL)
        continue;
      if (g_hash_table_add (seen, choice))
        g_strv_builder_take (choices, choice);
      else
        g_free (choice);
    }

  return g_hash_table_size (seen) > 0 ? g_strv_builder_end (choices) : NULL;
}

static gboolean
is_true (JsonObject *options,
         const char *member)
{
  return options != NULL && comfy_json_get_boolean (options, member, FALSE);
}

/* What may be in a list that depends on what was uploaded, or that is fetched from elsewhere, only
 * the server knows. */
static gboolean
is_open (JsonObject *options)
{
  static const char *const members[] = {
    "image_upload", "animated_image_upload", "audio_upload", "video_upload", "file_upload",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (members); i++)
    if (is_true (options, members[i]))
      return TRUE;

  return options != NULL && json_object_has_member (options, "remote");
}

static ComfyNodeInput *
read_combo (const char *name,
            JsonArray  *list,
            JsonObject *options)
{
  ComfyNodeInput *self = _comfy_node_input_new (name, "COMBO");

  self->upload = is_true (options, "image_upload") || is_true (options, "animated_image_upload");
  self->takes_list = is_true (options, "multiselect");
  if (!is_open (options))
    self->choices = dup_choices (list);
  if (self->choices != NULL && options != NULL)
    _comfy_node_input_set_default (self, json_object_get_member (options, "default"));

  return self;
}

/* (nullable): a choice that brings inputs of its own */
static ComfyNodeInput *
read_dynamic (const char *name,
              JsonObject *options)
{
  JsonArray              *list = options != NULL ? comfy_json_get_array (options, "options") : NULL;
  g_autoptr(GStrvBuilder) choices = g_strv_builder_new ();
  g_autoptr(GHashTable)   all = NULL;
  ComfyNodeInput         *self;

  if (list == NULL)
    return NULL;

  all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                               (GDestroyNotify) g_ptr_array_unref);
  for (unsigned int i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode   *node = json_array_get_element (list, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *key = object != NULL ? comfy_json_get_string (object, "key") : NULL;
      JsonObject *group = key != NULL ? comfy_json_get_object (object, "inputs") : NULL;
      GPtrArray  *inputs = group != NULL ? read_group (group) : NULL;

      if (inputs == NULL)
        return NULL;
      if (g_hash_table_insert (all, g_strdup (key), inputs))
        g_strv_builder_add (choices, key);
    }

  self = _comfy_node_input_new (name, "DYNAMIC");
  self->choices = g_strv_builder_end (choices);
  self->options = g_steal_pointer (&all);

  return self;
}

/* (transfer full): the names of a growing input's rows */
static char **
dup_row_names (JsonObject *template,
               const char *element)
{
  JsonArray              *names = comfy_json_get_array (template, "names");
  const char             *prefix = comfy_json_get_string (template, "prefix");
  gint64                  max = comfy_json_get_int (template, "max", MAX_ROWS);
  g_autoptr(GStrvBuilder) all = g_strv_builder_new ();

  for (unsigned int i = 0; names != NULL && i < MIN (json_array_get_length (names), MAX_ROWS); i++)
    if (comfy_json_node_is_string (json_array_get_element (names, i)))
      g_strv_builder_add (all, json_array_get_string_element (names, i));
  for (int i = 0; names == NULL && i < CLAMP (max, 0, MAX_ROWS); i++)
    g_strv_builder_take (all, g_strdup_printf ("%s%d", prefix != NULL ? prefix : element, i));

  return g_strv_builder_end (all);
}

/* (nullable): the one input that each row of a growing input is; one that brings inputs itself is
 * none to ComfyUI, and would multiply here */
static ComfyNodeInput *
read_row (JsonObject *group)
{
  JsonObject     *part = comfy_json_get_object (group, "required");
  ComfyNodeInput *row = NULL;
  JsonObjectIter  iter;
  const char     *name;
  JsonNode       *spec;

  if (part == NULL || json_object_get_size (part) == 0)
    part = comfy_json_get_object (group, "optional");
  if (part == NULL)
    return NULL;

  json_object_iter_init_ordered (&iter, part);
  if (json_object_iter_next_ordered (&iter, &name, &spec))
    row = read_input (name, spec);
  if (row != NULL && (row->options != NULL || row->elements != NULL))
    g_clear_pointer (&row, _comfy_node_input_free);

  return row;
}

/* (nullable): a row of inputs of one kind */
static ComfyNodeInput *
read_autogrow (const char *name,
               JsonObject *options)
{
  JsonObject     *template = options != NULL ? comfy_json_get_object (options, "template") : NULL;
  JsonObject     *group = template != NULL ? comfy_json_get_object (template, "input") : NULL;
  ComfyNodeInput *row = group != NULL ? read_row (group) : NULL;
  g_auto(GStrv)   names = NULL;
  ComfyNodeInput *self;

  if (row == NULL)
    return NULL;

  names = dup_row_names (template, row->name);
  self = _comfy_node_input_new (name, "AUTOGROW");
  self->least = (unsigned int) CLAMP (comfy_json_get_int (template, "min", 0), 0, MAX_ROWS);
  self->elements = g_ptr_array_new_with_free_func ((GDestroyNotify) _comfy_node_input_free);
  for (unsigned int i = 0; names[i] != NULL; i++, row = NULL)
    {
      if (row == NULL)
        row = read_row (group);
      g_set_str (&row->name, names[i]);
      row->required = i < self->least;
      g_ptr_array_add (self->elements, row);
    }
  g_clear_pointer (&row, _comfy_node_input_free);

  return self;
}

/* A type of ComfyUI's that makes inputs, and that is not known here: anything passes. */
static const char *
get_type (const char *type_name,
          JsonObject *options)
{
  JsonObject *template = options != NULL ? comfy_json_get_object (options, "template") : NULL;
  const char *allowed = template != NULL ? comfy_json_get_string (template, "allowed_types") : NULL;

  if (g_str_equal (type_name, "COMFY_MATCHTYPE_V3") && allowed != NULL)
    return allowed;

  return g_str_has_prefix (type_name, "COMFY_") && g_str_has_suffix (type_name, "_V3") ? "*"
                                                                                       : type_name;
}

static ComfyNodeInput *
read_plain (const char *name,
            const char *type_name,
            JsonObject *options)
{
  ComfyNodeInput *self = _comfy_node_input_new (name, get_type (type_name, options));
  JsonNode       *control = NULL;

  if (options == NULL)
    return self;

  _comfy_node_input_set_range (self, json_object_get_member (options, "min"),
                               json_object_get_member (options, "max"));
  _comfy_node_input_set_default (self, json_object_get_member (options, "default"));
  self->step = comfy_json_get_double (options, "step", 0);
  self->multiline = is_true (options, "multiline");

  /* true, or what is to be done first: "randomize" */
  control = json_object_get_member (options, "control_after_generate");
  self->seed = self->kind == COMFY_NODE_INPUT_INT && control != NULL
               && (is_true (options, "control_after_generate")
                   || comfy_json_node_is_string (control));

  return self;
}

/* (nullable): %NULL when it is told in a way that is not understood */
static ComfyNodeInput *
read_input (const char *name,
            JsonNode   *spec)
{
  JsonArray  *array = JSON_NODE_HOLDS_ARRAY (spec) ? json_node_get_array (spec) : NULL;
  JsonNode   *first = NULL;
  JsonNode   *second = NULL;
  JsonObject *options = NULL;
  const char *type_name;

  if (array == NULL || json_array_get_length (array) == 0)
    return NULL;

  first = json_array_get_element (array, 0);
  if (json_array_get_length (array) > 1)
    second = json_array_get_element (array, 1);
  if (second != NULL && JSON_NODE_HOLDS_OBJECT (second))
    options = json_node_get_object (second);

  if (JSON_NODE_HOLDS_ARRAY (first))
    return read_combo (name, json_node_get_array (first), options);
  if (!comfy_json_node_is_string (first))
    return NULL;

  type_name = json_node_get_string (first);
  if (g_str_equal (type_name, "COMBO"))
    return read_combo (name, options != NULL ? comfy_json_get_array (options, "options") : NULL,
                       options);
  if (g_str_equal (type_name, "COMFY_DYNAMICCOMBO_V3"))
    return read_dynamic (name, options);
  if (g_str_equal (type_name, "COMFY_AUTOGROW_V3"))
    return read_autogrow (name, options);

  return read_plain (name, type_name, options);
}

/* (transfer full) (nullable): the inputs, the required ones first; hidden ones are the server's */
static GPtrArray *
read_group (JsonObject *group)
{
  static const char *const parts[] = { "required", "optional" };
  g_autoptr(GPtrArray)     inputs = NULL;

  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) _comfy_node_input_free);
  for (unsigned int i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      JsonObject     *part = comfy_json_get_object (group, parts[i]);
      JsonObjectIter  iter;
      const char     *name;
      JsonNode       *spec;

      if (part == NULL)
        continue;

      json_object_iter_init_ordered (&iter, part);
      while (json_object_iter_next_ordered (&iter, &name, &spec))
        {
          ComfyNodeInput *input = read_input (name, spec);

          if (input == NULL)
            return NULL;
          input->required = i == 0;
          g_ptr_array_add (inputs, input);
        }
    }

  return g_steal_pointer (&inputs);
}

/* By slot, so that none may be left out. An output may be a list of choices, too. */
static char **
dup_outputs (JsonArray *list)
{
  g_autoptr(GStrvBuilder) outputs = g_strv_builder_new ();

  for (unsigned int i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode   *node = json_array_get_element (list, i);
      const char *type_name = JSON_NODE_HOLDS_ARRAY (node) ? "COMBO" : "*";

      if (comfy_json_node_is_string (node))
        type_name = get_type (json_node_get_string (node), NULL);
      g_strv_builder_add (outputs, type_name);
    }

  return g_strv_builder_end (outputs);
}

/* (nullable) */
static ComfyNodeClass *
read_class (const char *class_type,
            JsonObject *info)
{
  JsonObject     *group = comfy_json_get_object (info, "input");
  JsonArray      *outputs = comfy_json_get_array (info, "output");
  const char     *title = comfy_json_get_string (info, "display_name");
  GPtrArray      *inputs = group != NULL && outputs != NULL ? read_group (group) : NULL;
  ComfyNodeClass *self;

  if (inputs == NULL)
    return NULL;

  self = g_new0 (ComfyNodeClass, 1);
  self->title = g_strdup (title != NULL && title[0] != '\0' ? title : class_type);
  self->inputs = inputs;
  self->outputs = dup_outputs (outputs);
  self->is_output = is_true (info, "output_node");
  self->is_partner = is_true (info, "api_node");

  return self;
}

/**
 * comfy_node_table_new_from_object_info:
 * @json: what a server answers to /object_info, at most 64 MiB
 *
 * Takes some time for what a large server tells: call it on a thread.
 *
 * Returns: (transfer full): a table that is complete, see comfy_node_table_is_complete()
 *
 * Errors: %COMFY_ERROR_PROTOCOL, %COMFY_ERROR_TOO_LARGE
 */
ComfyNodeTable *
comfy_node_table_new_from_object_info (GBytes  *json,
                                       GError **error)
{
  g_autoptr(ComfyNodeTable)  self = _comfy_node_table_new (TRUE);
  g_autoptr(GString)         text = NULL;
  g_autoptr(JsonNode)        root = NULL;
  JsonObjectIter             iter;
  const char                *class_type;
  JsonNode                  *node;

  g_return_val_if_fail (json != NULL, NULL);

  /* what is too large is not even copied */
  if (g_bytes_get_size (json) > MAX_BYTES)
    {
      comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                       _("A document of %" G_GSIZE_FORMAT " bytes is larger than is read here."),
                       g_bytes_get_size (json));
      return NULL;
    }

  text = _comfy_python_json_tidy (g_bytes_get_data (json, NULL), g_bytes_get_size (json));
  root = comfy_json_read (text->str, text->len, MAX_BYTES, MAX_DEPTH, error);
  if (root == NULL)
    return NULL;

  if (JSON_NODE_HOLDS_OBJECT (root))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (root));
      while (json_object_iter_next_ordered (&iter, &class_type, &node))
        {
          ComfyNodeClass *klass = JSON_NODE_HOLDS_OBJECT (node)
                                    ? read_class (class_type, json_node_get_object (node)) : NULL;

          if (klass != NULL)
            _comfy_node_table_add (self, class_type, klass);
          else
            _comfy_node_table_add_unread (self, class_type);
        }
    }

  if (_comfy_node_table_count (self) == 0)
    {
      comfy_set_error (error, COMFY_ERROR_PROTOCOL, "no classes",
                       _("This is not a table of ComfyUI's nodes."));
      return NULL;
    }

  return g_steal_pointer (&self);
}
