/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the classes of ComfyUI take and give, from data/nodes.json, which
 * tests/tools/make-node-table.py makes out of a server's /object_info. Read once, then unchanging,
 * so it may be used from any thread. */

#define G_LOG_DOMAIN "comfy-node-table"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-node-table-private.h"

#define MAX_BYTES (64 * 1024 * 1024)
#define MAX_DEPTH 32

struct _ComfyNodeTable
{
  GObject     parent_instance;
  GHashTable *classes;  /* class_type → ComfyNodeClass */
};

G_DEFINE_FINAL_TYPE (ComfyNodeTable, comfy_node_table, G_TYPE_OBJECT)

static GPtrArray *read_inputs (JsonObject *object);

static void
input_free (ComfyNodeInput *self)
{
  g_free (self->name);
  g_free (self->type_name);
  g_free (self->fallback);
  g_strfreev (self->choices);
  g_clear_pointer (&self->options, g_hash_table_unref);
  g_clear_pointer (&self->elements, g_ptr_array_unref);
  g_free (self);
}

static void
node_class_free (ComfyNodeClass *self)
{
  g_free (self->title);
  g_ptr_array_unref (self->inputs);
  g_strfreev (self->outputs);
  g_free (self);
}

static void
comfy_node_table_finalize (GObject *object)
{
  ComfyNodeTable *self = COMFY_NODE_TABLE (object);

  g_clear_pointer (&self->classes, g_hash_table_unref);

  G_OBJECT_CLASS (comfy_node_table_parent_class)->finalize (object);
}

static void
comfy_node_table_class_init (ComfyNodeTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_node_table_finalize;
}

static void
comfy_node_table_init (ComfyNodeTable *self)
{
  self->classes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) node_class_free);
}

static char **
read_strings (JsonArray *array)
{
  g_autoptr(GStrvBuilder) strings = g_strv_builder_new ();

  for (unsigned int i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (comfy_json_node_is_string (node))
        g_strv_builder_add (strings, json_node_get_string (node));
    }

  return g_strv_builder_end (strings);
}

static ComfyNodeInputKind
kind_of_type (const char *type_name)
{
  static const struct
  {
    const char         *type_name;
    ComfyNodeInputKind  kind;
  } kinds[] = {
    { "INT", COMFY_NODE_INPUT_INT },
    { "FLOAT", COMFY_NODE_INPUT_FLOAT },
    { "STRING", COMFY_NODE_INPUT_STRING },
    { "BOOLEAN", COMFY_NODE_INPUT_BOOLEAN },
    { "COMBO", COMFY_NODE_INPUT_COMBO },
    { "DYNAMIC", COMFY_NODE_INPUT_DYNAMIC },
    { "AUTOGROW", COMFY_NODE_INPUT_AUTOGROW },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i].type_name, type_name))
      return kinds[i].kind;

  return COMFY_NODE_INPUT_LINK;
}

static void
read_range (ComfyNodeInput *self,
            JsonObject     *object)
{
  JsonNode *minimum = json_object_get_member (object, "min");
  JsonNode *maximum = json_object_get_member (object, "max");

  self->has_range = minimum != NULL && maximum != NULL;
  if (!self->has_range)
    return;

  if (self->kind == COMFY_NODE_INPUT_INT)
    {
      self->min_int = json_node_get_int (minimum);
      if (!comfy_json_node_get_uint64 (maximum, &self->max_int))
        self->max_int = G_MAXINT64;
    }
  else
    {
      self->min_float = json_node_get_double (minimum);
      self->max_float = json_node_get_double (maximum);
    }
}

static void
read_options (ComfyNodeInput *self,
              JsonObject     *options)
{
  g_autoptr(GStrvBuilder) choices = g_strv_builder_new ();
  JsonObjectIter iter;
  const char *choice;
  JsonNode *node;

  self->options = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) g_ptr_array_unref);

  json_object_iter_init_ordered (&iter, options);
  while (json_object_iter_next_ordered (&iter, &choice, &node))
    {
      g_strv_builder_add (choices, choice);
      g_hash_table_insert (self->options, g_strdup (choice),
                           read_inputs (json_node_get_object (node)));
    }

  self->choices = g_strv_builder_end (choices);
}

static ComfyNodeInput *
read_input (const char *name,
            JsonObject *object)
{
  ComfyNodeInput *self = g_new0 (ComfyNodeInput, 1);
  const char *type_name = comfy_json_get_string (object, "type");
  JsonNode *fallback = json_object_get_member (object, "default");
  JsonObject *options = comfy_json_get_object (object, "options");
  JsonObject *element = comfy_json_get_object (object, "of");

  self->name = g_strdup (name);
  self->type_name = g_strdup (type_name != NULL ? type_name : "*");
  self->kind = kind_of_type (self->type_name);
  self->required = !json_object_get_boolean_member_with_default (object, "optional", FALSE);
  self->least = (unsigned int) json_object_get_int_member_with_default (object, "least", 0);
  read_range (self, object);

  if (fallback != NULL && comfy_json_node_is_string (fallback))
    self->fallback = g_strdup (json_node_get_string (fallback));
  else if (fallback != NULL)
    self->fallback = json_to_string (fallback, FALSE);

  if (comfy_json_get_array (object, "choices") != NULL)
    self->choices = read_strings (comfy_json_get_array (object, "choices"));
  if (options != NULL)
    read_options (self, options);

  if (element != NULL)
    {
      g_auto(GStrv) names = read_strings (comfy_json_get_array (object, "names"));

      self->elements = g_ptr_array_new_with_free_func ((GDestroyNotify) input_free);
      for (unsigned int i = 0; names[i] != NULL; i++)
        {
          ComfyNodeInput *one = read_input (names[i], element);

          one->required = i < self->least;
          g_ptr_array_add (self->elements, one);
        }
    }

  return self;
}

static GPtrArray *
read_inputs (JsonObject *object)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) input_free);
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (JSON_NODE_HOLDS_OBJECT (node))
      g_ptr_array_add (inputs, read_input (name, json_node_get_object (node)));

  return inputs;
}

static ComfyNodeClass *
read_class (const char *class_type,
            JsonObject *object)
{
  ComfyNodeClass *self = g_new0 (ComfyNodeClass, 1);
  const char *title = comfy_json_get_string (object, "title");

  self->title = g_strdup (title != NULL ? title : class_type);
  self->inputs = read_inputs (comfy_json_get_object (object, "inputs"));
  self->outputs = read_strings (comfy_json_get_array (object, "outputs"));
  self->is_output = json_object_get_boolean_member_with_default (object, "output_node", FALSE);
  self->is_partner = json_object_get_boolean_member_with_default (object, "partner", FALSE);

  return self;
}

/**
 * comfy_node_table_new_from_bytes:
 * @json: a document as data/nodes.json
 *
 * Returns: (transfer full): the table
 *
 * Errors: %COMFY_ERROR_PROTOCOL, %COMFY_ERROR_TOO_LARGE
 */
ComfyNodeTable *
comfy_node_table_new_from_bytes (GBytes  *json,
                                 GError **error)
{
  g_autoptr(ComfyNodeTable) self = NULL;
  g_autoptr(JsonNode) root = NULL;
  JsonObject *classes = NULL;
  JsonObjectIter iter;
  const char *class_type;
  JsonNode *node;
  gsize length;
  const char *text;

  g_return_val_if_fail (json != NULL, NULL);

  text = g_bytes_get_data (json, &length);
  if ((root = comfy_json_read (text, length, MAX_BYTES, MAX_DEPTH, error)) == NULL)
    return NULL;

  if (JSON_NODE_HOLDS_OBJECT (root))
    classes = comfy_json_get_object (json_node_get_object (root), "classes");
  if (classes == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_PROTOCOL, "no classes",
                       _("This is not a table of ComfyUI's nodes."));
      return NULL;
    }

  self = g_object_new (COMFY_TYPE_NODE_TABLE, NULL);
  json_object_iter_init (&iter, classes);
  while (json_object_iter_next (&iter, &class_type, &node))
    if (JSON_NODE_HOLDS_OBJECT (node)
        && comfy_json_get_object (json_node_get_object (node), "inputs") != NULL)
      g_hash_table_insert (self->classes, g_strdup (class_type),
                           read_class (class_type, json_node_get_object (node)));

  return g_steal_pointer (&self);
}

/**
 * comfy_node_table_new_from_file:
 * @path: in the file system's encoding
 *
 * Returns: (transfer full): the table
 *
 * Errors: as comfy_node_table_new_from_bytes(), and %COMFY_ERROR_STORAGE
 */
ComfyNodeTable *
comfy_node_table_new_from_file (const char  *path,
                                GError     **error)
{
  g_autoptr(GMappedFile) file = NULL;
  g_autoptr(GBytes) json = NULL;
  g_autoptr(GError) foreign = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if ((file = g_mapped_file_new (path, FALSE, &foreign)) == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_STORAGE, foreign->message,
                       _("The list of ComfyUI's nodes cannot be read. Install the plug-in again."));
      return NULL;
    }

  json = g_mapped_file_get_bytes (file);
  return comfy_node_table_new_from_bytes (json, error);
}

/**
 * comfy_node_table_lookup:
 *
 * Returns: (transfer none) (nullable): the class, owned by the table; %NULL when unknown
 */
const ComfyNodeClass *
comfy_node_table_lookup (ComfyNodeTable *self,
                         const char     *class_type)
{
  g_return_val_if_fail (COMFY_IS_NODE_TABLE (self), NULL);

  return g_hash_table_lookup (self->classes, class_type);
}
