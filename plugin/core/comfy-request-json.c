/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A request as the journal's request.json. The graph lies beside it, in graph.json, as it is.
 */
#define G_LOG_DOMAIN "comfy-request-json"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-batch.h"
#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-placement-private.h"
#include "comfy-request-private.h"

#define MAX_BYTES (1024 * 1024)
#define MAX_DEPTH 8

static JsonNode *
inputs_to_json (GPtrArray *inputs)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (unsigned int i = 0; i < inputs->len; i++)
    {
      const ComfyInput *input = g_ptr_array_index (inputs, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "file");
      json_builder_add_string_value (builder, input->file);
      json_builder_set_member_name (builder, "content_type");
      json_builder_add_string_value (builder, input->content_type);
      json_builder_set_member_name (builder, "node");
      json_builder_add_string_value (builder, input->node);
      json_builder_set_member_name (builder, "input");
      json_builder_add_string_value (builder, input->input);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return json_builder_get_root (builder);
}

/*
 * _comfy_request_loaders_to_json:
 * @loaders: (element-type ComfyLoader)
 *
 * Returns: (transfer full): an array
 */
JsonNode *
_comfy_request_loaders_to_json (GPtrArray *loaders)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (unsigned int i = 0; i < loaders->len; i++)
    {
      const ComfyLoader *loader = g_ptr_array_index (loaders, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "node");
      json_builder_add_string_value (builder, loader->target.node);
      json_builder_set_member_name (builder, "input");
      json_builder_add_string_value (builder, loader->target.input);
      json_builder_set_member_name (builder, "candidates");
      json_builder_begin_array (builder);
      for (unsigned int j = 0; loader->candidates[j] != NULL; j++)
        json_builder_add_string_value (builder, loader->candidates[j]);
      json_builder_end_array (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return json_builder_get_root (builder);
}

static JsonNode *
outputs_to_json (GPtrArray *outputs)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  for (unsigned int i = 0; i < outputs->len; i++)
    {
      const ComfyOutput *output = g_ptr_array_index (outputs, i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "node");
      json_builder_add_string_value (builder, output->node);
      if (output->prefix != NULL)
        {
          json_builder_set_member_name (builder, "prefix");
          json_builder_add_string_value (builder, output->prefix);
        }
      json_builder_set_member_name (builder, "outcome");
      json_builder_add_string_value (builder, comfy_outcome_to_id (output->outcome));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  return json_builder_get_root (builder);
}

static void
add_seed (JsonObject   *object,
          ComfyRequest *self)
{
  const ComfyTarget *target = comfy_request_get_seed_target (self);

  json_object_set_member (object, "seed",
                          comfy_json_node_new_uint64 (comfy_request_get_seed (self)));
  if (target == NULL)
    return;

  json_object_set_member (object, "seed_max",
                          comfy_json_node_new_uint64 (comfy_request_get_seed_max (self)));
  json_object_set_string_member (object, "seed_node", target->node);
  json_object_set_string_member (object, "seed_input", target->input);
}

static void
add_batch (JsonObject   *object,
           ComfyRequest *self)
{
  unsigned int  i;
  unsigned int  n;
  const char   *id = comfy_request_get_batch_id (self, &i, &n);

  if (id == NULL)
    return;

  json_object_set_string_member (object, "batch", id);
  json_object_set_int_member (object, "batch_i", i);
  json_object_set_int_member (object, "batch_n", n);
}

/*
 * _comfy_request_to_json:
 *
 * Returns: (transfer full): everything but the graph
 */
GBytes *
_comfy_request_to_json (ComfyRequest *self)
{
  g_autoptr(JsonNode)  root = json_node_new (JSON_NODE_OBJECT);
  JsonObject          *object = json_object_new ();
  GString             *text = g_string_new (NULL);

  json_node_take_object (root, object);
  json_object_set_int_member (object, "version", 1);
  json_object_set_string_member (object, "action", comfy_request_get_action_id (self));
  json_object_set_string_member (object, "title", comfy_request_get_title (self));
  if (comfy_request_get_prompt (self) != NULL)
    json_object_set_string_member (object, "prompt", comfy_request_get_prompt (self));
  if (comfy_request_get_model (self) != NULL)
    json_object_set_string_member (object, "model", comfy_request_get_model (self));
  add_seed (object, self);
  json_object_set_string_member (object, "profile", comfy_request_get_profile_id (self));
  json_object_set_int_member (object, "created", comfy_request_get_created (self));
  json_object_set_member (object, "inputs", inputs_to_json (comfy_request_get_inputs (self)));
  json_object_set_boolean_member (object, "remember", comfy_request_get_remember (self));
  json_object_set_member (object, "loaders",
                          _comfy_request_loaders_to_json (comfy_request_get_loaders (self)));
  if (comfy_request_get_outputs (self) != NULL)
    json_object_set_member (object, "outputs", outputs_to_json (comfy_request_get_outputs (self)));
  json_object_set_member (object, "placement",
                          _comfy_placement_to_json (comfy_request_get_placement (self)));
  json_object_set_boolean_member (object, "deep", comfy_request_get_deep (self));
  if (comfy_request_get_remote_id (self) != NULL)
    json_object_set_string_member (object, "remote_id", comfy_request_get_remote_id (self));
  add_batch (object, self);
  comfy_json_write (text, root);

  return g_string_free_to_bytes (text);
}

/* NULL when the record is damaged: a picture that is missing would be paid for in vain */
static GPtrArray *
inputs_from_json (JsonArray *array)
{
  g_autoptr(GPtrArray) inputs = NULL;

  if (array == NULL)
    return NULL;

  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  for (unsigned int i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode   *element = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char *file = object != NULL ? comfy_json_get_string (object, "file") : NULL;
      const char *content_type = object != NULL ? comfy_json_get_string (object, "content_type")
                                                : NULL;
      const char *node = object != NULL ? comfy_json_get_string (object, "node") : NULL;
      const char *input = object != NULL ? comfy_json_get_string (object, "input") : NULL;

      if (file == NULL || content_type == NULL || node == NULL || input == NULL
          || strchr (file, '/') != NULL)
        return NULL;

      g_ptr_array_add (inputs, comfy_input_new (file, content_type, node, input));
    }

  return g_steal_pointer (&inputs);
}

static ComfyLoader *
loader_from_json (JsonObject *object)
{
  const char              *node = comfy_json_get_string (object, "node");
  const char              *input = comfy_json_get_string (object, "input");
  JsonArray               *names = comfy_json_get_array (object, "candidates");
  g_autoptr(GStrvBuilder)  builder = g_strv_builder_new ();
  g_auto(GStrv)            candidates = NULL;

  if (node == NULL || input == NULL || names == NULL)
    return NULL;

  for (unsigned int i = 0; i < json_array_get_length (names); i++)
    if (comfy_json_node_is_string (json_array_get_element (names, i)))
      g_strv_builder_add (builder, json_array_get_string_element (names, i));
  candidates = g_strv_builder_end (builder);

  return comfy_loader_new (node, input, (const char * const *) candidates);
}

/*
 * _comfy_request_loaders_from_json:
 * @array: (nullable): what _comfy_request_loaders_to_json() made
 *
 * What cannot be read is left out: then there is nothing else to try.
 *
 * Returns: (transfer full) (element-type ComfyLoader)
 */
GPtrArray *
_comfy_request_loaders_from_json (JsonArray *array)
{
  GPtrArray *loaders = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_loader_free);

  for (unsigned int i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode    *node = json_array_get_element (array, i);
      ComfyLoader *loader = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        loader = loader_from_json (json_node_get_object (node));
      if (loader != NULL)
        g_ptr_array_add (loaders, loader);
    }

  return loaders;
}

/*
 * _comfy_outputs_from_json:
 * @array: of objects with node, outcome and maybe prefix
 *
 * Returns: (transfer full) (nullable) (element-type ComfyOutput): the outputs; %NULL when one of them
 *   is none
 */
GPtrArray *
_comfy_outputs_from_json (JsonArray *array)
{
  g_autoptr(GPtrArray) outputs = NULL;

  outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_output_free);
  for (unsigned int i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode     *element = json_array_get_element (array, i);
      JsonObject   *object = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      const char   *node = object != NULL ? comfy_json_get_string (object, "node") : NULL;
      ComfyOutcome  outcome;

      if (node == NULL
          || !comfy_outcome_from_id (comfy_json_get_string (object, "outcome"), &outcome))
        return NULL;
      g_ptr_array_add (outputs, comfy_output_new (node, comfy_json_get_string (object, "prefix"),
                                                  outcome));
    }

  return g_steal_pointer (&outputs);
}

static gboolean
read_number (JsonObject *object,
             const char *member,
             guint64    *out_number)
{
  return json_object_has_member (object, member)
         && comfy_json_node_get_uint64 (json_object_get_member (object, member), out_number);
}

/* what makes no sense is left out: the jobs go on, each for itself */
static void
read_batch (JsonObject        *object,
            ComfyRequestParts *parts)
{
  const char *id = comfy_json_get_string (object, "batch");
  guint64     i;
  guint64     n;

  if (id == NULL || !g_uuid_string_is_valid (id) || !read_number (object, "batch_i", &i)
      || !read_number (object, "batch_n", &n) || n > COMFY_BATCH_MAX || i >= n)
    return;

  parts->batch_id = id;
  parts->batch_i = (unsigned int) i;
  parts->batch_n = (unsigned int) n;
}

static ComfyRequest *
request_from_object (JsonObject    *object,
                     ComfyWorkflow *workflow)
{
  JsonObject                *place = comfy_json_get_object (object, "placement");
  g_autoptr(GPtrArray)       inputs = inputs_from_json (comfy_json_get_array (object, "inputs"));
  g_autoptr(GPtrArray)       loaders = NULL;
  g_autoptr(GPtrArray)       outputs = NULL;
  g_autoptr(ComfyPlacement)  placement = NULL;
  ComfyTarget                seed_target = { 0 };
  ComfyRequestParts          parts = { 0 };
  ComfyRequest              *self;

  parts.action_id = comfy_json_get_string (object, "action");
  parts.title = comfy_json_get_string (object, "title");
  parts.profile_id = comfy_json_get_string (object, "profile");
  if (parts.action_id == NULL || parts.title == NULL || parts.profile_id == NULL || place == NULL
      || inputs == NULL || !read_number (object, "seed", &parts.seed))
    return NULL;

  loaders = _comfy_request_loaders_from_json (comfy_json_get_array (object, "loaders"));
  if (comfy_json_get_array (object, "outputs") != NULL)
    outputs = _comfy_outputs_from_json (comfy_json_get_array (object, "outputs"));
  placement = _comfy_placement_from_json (place);
  comfy_target_set (&seed_target, comfy_json_get_string (object, "seed_node"),
                    comfy_json_get_string (object, "seed_input"));
  if (seed_target.node != NULL && seed_target.input != NULL
      && read_number (object, "seed_max", &parts.seed_max))
    parts.seed_target = &seed_target;
  parts.model = comfy_json_get_string (object, "model");
  parts.prompt = comfy_json_get_string (object, "prompt");
  parts.workflow = workflow;
  parts.inputs = inputs;
  parts.loaders = loaders;
  parts.outputs = outputs;
  parts.placement = placement;
  parts.remember = comfy_json_get_boolean (object, "remember", FALSE);
  parts.deep = comfy_json_get_boolean (object, "deep", FALSE);
  parts.remote_id = comfy_json_get_string (object, "remote_id");
  read_batch (object, &parts);
  self = comfy_request_new (&parts);
  comfy_target_clear (&seed_target);
  _comfy_request_set_created (self,
                              json_object_get_int_member_with_default (object, "created", 0));

  return self;
}

/*
 * _comfy_request_from_json:
 * @json: what _comfy_request_to_json() made
 * @workflow: the graph that belongs to it
 *
 * Returns: (transfer full): the request, or %NULL with %COMFY_ERROR_STORAGE
 */
ComfyRequest *
_comfy_request_from_json (GBytes         *json,
                          ComfyWorkflow  *workflow,
                          GError        **error)
{
  g_autoptr(JsonNode)  root = NULL;
  g_autoptr(GError)    local_error = NULL;
  ComfyRequest        *self = NULL;
  size_t               size;
  const char          *text = g_bytes_get_data (json, &size);

  root = comfy_json_read (text, size, MAX_BYTES, MAX_DEPTH, &local_error);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    self = request_from_object (json_node_get_object (root), workflow);
  if (self == NULL)
    comfy_set_error (error, COMFY_ERROR_STORAGE,
                     local_error != NULL ? local_error->message : "request.json",
                     _("The record of this job is damaged, so it cannot go on."));

  return self;
}
