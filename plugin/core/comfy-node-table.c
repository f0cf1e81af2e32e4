/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the classes of ComfyUI take and give: from data/nodes.json, which
 * tests/tools/make-node-table.py makes out of a server's /object_info, or from a server itself
 * (comfy-node-info.c). Read once, then unchanging, so it may be used from any thread. */

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
  GHashTable *classes;     /* class_type → ComfyNodeClass */
  GHashTable *unread;      /* set of class_type: there, but nobody knows what they take */
  gboolean    is_complete;
  char       *server;      /* nullable: whose, for people */
};

G_DEFINE_FINAL_TYPE (ComfyNodeTable, comfy_node_table, G_TYPE_OBJECT)

static GPtrArray *read_inputs   (JsonObject     *object);
static void       read_elements (ComfyNodeInput *self,
                                 JsonObject     *element,
                                 JsonArray      *names);

static void
comfy_node_table_finalize (GObject *object)
{
  ComfyNodeTable *self = COMFY_NODE_TABLE (object);

  g_clear_pointer (&self->classes, g_hash_table_unref);
  g_clear_pointer (&self->unread, g_hash_table_unref);
  g_free (self->server);

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
                                         (GDestroyNotify) _comfy_node_class_free);
  self->unread = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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
  const char *type_name = comfy_json_get_string (object, "type");
  ComfyNodeInput *self = _comfy_node_input_new (name, type_name != NULL ? type_name : "*");
  JsonObject *options = comfy_json_get_object (object, "options");
  JsonObject *element = comfy_json_get_object (object, "of");

  self->required = !comfy_json_get_boolean (object, "optional", FALSE);
  self->least = (unsigned int) comfy_json_get_int (object, "least", 0);
  self->step = comfy_json_get_double (object, "step", 0);
  self->multiline = comfy_json_get_boolean (object, "multiline", FALSE);
  self->upload = comfy_json_get_boolean (object, "upload", FALSE);
  self->seed = comfy_json_get_boolean (object, "seed", FALSE);
  _comfy_node_input_set_range (self, json_object_get_member (object, "min"),
                               json_object_get_member (object, "max"));
  _comfy_node_input_set_default (self, json_object_get_member (object, "default"));

  if (comfy_json_get_array (object, "choices") != NULL)
    self->choices = read_strings (comfy_json_get_array (object, "choices"));
  if (options != NULL)
    read_options (self, options);
  if (element != NULL)
    read_elements (self, element, comfy_json_get_array (object, "names"));

  return self;
}

/* the rows of a growing input */
static void
read_elements (ComfyNodeInput *self,
               JsonObject     *element,
               JsonArray      *names)
{
  g_auto(GStrv) all = read_strings (names);

  self->elements = g_ptr_array_new_with_free_func ((GDestroyNotify) _comfy_node_input_free);
  for (unsigned int i = 0; all[i] != NULL; i++)
    {
      ComfyNodeInput *one = read_input (all[i], element);

      one->required = i < self->least;
      g_ptr_array_add (self->elements, one);
    }
}

static GPtrArray *
read_inputs (JsonObject *object)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) _comfy_node_input_free);
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
 * Returns: (transfer full): the table, of some of the classes that there are
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

  self = _comfy_node_table_new (FALSE);
  json_object_iter_init (&iter, classes);
  while (json_object_iter_next (&iter, &class_type, &node))
    if (JSON_NODE_HOLDS_OBJECT (node)
        && comfy_json_get_object (json_node_get_object (node), "inputs") != NULL)
      _comfy_node_table_add (self, class_type,
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

/**
 * comfy_node_table_is_complete:
 *
 * Returns: whether a server told it, so that a class that is not in it is not on that server; a
 *   carried table holds few of the classes that there are
 */
gboolean
comfy_node_table_is_complete (ComfyNodeTable *self)
{
  g_return_val_if_fail (COMFY_IS_NODE_TABLE (self), FALSE);

  return self->is_complete;
}

/*
 * _comfy_node_table_new:
 *
 * Returns: (transfer full): an empty table, to be filled before anybody else sees it
 */
ComfyNodeTable *
_comfy_node_table_new (gboolean is_complete)
{
  ComfyNodeTable *self = g_object_new (COMFY_TYPE_NODE_TABLE, NULL);

  self->is_complete = is_complete;

  return self;
}

/*
 * _comfy_node_table_add:
 * @klass: (transfer full): what it takes and gives
 */
void
_comfy_node_table_add (ComfyNodeTable *self,
                       const char     *class_type,
                       ComfyNodeClass *klass)
{
  g_hash_table_replace (self->classes, g_strdup (class_type), klass);
}

/*
 * _comfy_node_table_add_unread:
 * @class_type: a class that is there, but told in a way that is not understood
 */
void
_comfy_node_table_add_unread (ComfyNodeTable *self,
                              const char     *class_type)
{
  g_hash_table_add (self->unread, g_strdup (class_type));
}

/*
 * _comfy_node_table_may_have:
 * @class_type: one that comfy_node_table_lookup() does not find
 *
 * Returns: whether it may be on the server all the same
 */
gboolean
_comfy_node_table_may_have (ComfyNodeTable *self,
                            const char     *class_type)
{
  return !self->is_complete || g_hash_table_contains (self->unread, class_type);
}

/*
 * _comfy_node_table_list_classes:
 *
 * Returns: (transfer container): the classes that can be looked up, in no order
 */
char **
_comfy_node_table_list_classes (ComfyNodeTable *self)
{
  return (char **) g_hash_table_get_keys_as_array (self->classes, NULL);
}

/*
 * _comfy_node_table_count:
 *
 * Returns: how many classes can be looked up
 */
unsigned int
_comfy_node_table_count (ComfyNodeTable *self)
{
  return g_hash_table_size (self->classes);
}

/*
 * _comfy_node_table_set_complete:
 * @server: (nullable): whose, for people: an environment's name
 *
 * Says that a class that is not in it is not on the server. Before anybody else sees the table.
 */
void
_comfy_node_table_set_complete (ComfyNodeTable *self,
                                const char     *server)
{
  self->is_complete = TRUE;
  g_set_str (&self->server, server);
}

/*
 * _comfy_node_table_get_server:
 *
 * Returns: (nullable): whose table it is, for people
 */
const char *
_comfy_node_table_get_server (ComfyNodeTable *self)
{
  return self->server;
}
