/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a layer was made, as JSON. What comes from an image may have been written by anybody.
 */
#define G_LOG_DOMAIN "comfy-recipe"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-recipe.h"
#include "comfy-request-private.h"

#define VERSION   1
#define MAX_DEPTH COMFY_WORKFLOW_MAX_DEPTH
#define MAX_LABEL 200 /* characters of what names an action or a model */

/* How much of a request is written down */
typedef enum
{
  DETAIL_ALL,
  DETAIL_WORDS, /* but for the graph */
  DETAIL_BARE,  /* not even the prompt: which job it was */
} Detail;

/* (nullable): the graph as a member; NULL when it cannot be read again */
static JsonNode *
graph_to_json (ComfyRequest *request)
{
  g_autoptr(GBytes)  bytes = comfy_workflow_to_bytes (comfy_request_get_workflow (request));
  size_t             size;
  const char        *text = g_bytes_get_data (bytes, &size);

  return comfy_json_read (text, size, COMFY_WORKFLOW_MAX_BYTES, MAX_DEPTH, NULL);
}

static void
add_string (JsonObject *object,
            const char *member,
            const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
}

static void
add_seed (JsonObject   *object,
          ComfyRequest *request)
{
  const ComfyTarget *target = comfy_request_get_seed_target (request);

  json_object_set_member (object, "seed",
                          comfy_json_node_new_uint64 (comfy_request_get_seed (request)));
  if (target == NULL)
    return;

  json_object_set_member (object, "seed-max",
                          comfy_json_node_new_uint64 (comfy_request_get_seed_max (request)));
  json_object_set_string_member (object, "seed-node", target->node);
  json_object_set_string_member (object, "seed-input", target->input);
}

static void
add_graph (JsonObject   *object,
           ComfyRequest *request)
{
  JsonNode *graph = graph_to_json (request);

  if (graph == NULL)
    return;

  json_object_set_member (object, "graph", graph);
  json_object_set_member (object, "loaders",
                          _comfy_request_loaders_to_json (comfy_request_get_loaders (request)));
}

static GBytes *
to_bytes (ComfyRequest *request,
          const char   *job_id,
          Detail        detail)
{
  g_autoptr(JsonNode)   root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(GDateTime)  created = NULL;
  g_autofree char      *date = NULL;
  ComfyPlacement       *placement = comfy_request_get_placement (request);
  JsonObject           *object = json_object_new ();
  GString              *text = g_string_new (NULL);

  created = g_date_time_new_from_unix_utc (comfy_request_get_created (request));
  date = g_date_time_format_iso8601 (created);
  json_node_take_object (root, object);
  json_object_set_int_member (object, "version", VERSION);
  json_object_set_string_member (object, "job", job_id);
  json_object_set_string_member (object, "date", date);
  json_object_set_string_member (object, "action", comfy_request_get_action_id (request));
  json_object_set_string_member (object, "title", comfy_request_get_title (request));
  add_string (object, "model", comfy_request_get_model (request));
  if (detail <= DETAIL_WORDS)
    add_string (object, "prompt", comfy_request_get_prompt (request));
  add_seed (object, request);
  json_object_set_int_member (object, "inputs", comfy_request_get_inputs (request)->len);
  json_object_set_string_member (object, "fit",
                                 placement->fit == COMFY_FIT_NATURAL ? "natural" : "region");
  json_object_set_string_member (object, "order",
                                 placement->order == COMFY_ORDER_LOWEST_FIRST ? "lowest-first"
                                                                              : "highest-first");
  if (detail == DETAIL_ALL)
    add_graph (object, request);
  comfy_json_write (text, root);

  return g_string_free_to_bytes (text);
}

/**
 * comfy_recipe_write:
 * @request: what was asked for
 * @job_id: the journal's id of the job
 *
 * Returns: (transfer full): what the layer shall remember, at most %COMFY_RECIPE_MAX_BYTES; a graph
 *   that is larger is left out, then a prompt that is
 */
GBytes *
comfy_recipe_write (ComfyRequest *request,
                    const char   *job_id)
{
  GBytes *bytes = NULL;

  g_return_val_if_fail (COMFY_IS_REQUEST (request), NULL);
  g_return_val_if_fail (job_id != NULL, NULL);

  for (Detail detail = DETAIL_ALL; detail <= DETAIL_BARE; detail++)
    {
      g_clear_pointer (&bytes, g_bytes_unref);
      bytes = to_bytes (request, job_id, detail);
      if (g_bytes_get_size (bytes) <= COMFY_RECIPE_MAX_BYTES)
        break;
    }

  return bytes;
}

static gboolean
read_number (JsonObject *object,
             const char *member,
             guint64    *out_number)
{
  return json_object_has_member (object, member)
         && comfy_json_node_get_uint64 (json_object_get_member (object, member), out_number);
}

/* (transfer full) (nullable) */
static ComfyWorkflow *
graph_from_json (JsonObject *object)
{
  JsonNode          *node = json_object_get_member (object, "graph");
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GBytes)  bytes = NULL;

  if (node == NULL)
    return NULL;

  comfy_json_write (text, node);
  bytes = g_bytes_new (text->str, text->len);

  return comfy_workflow_new_from_bytes (bytes, NULL);
}

/* whether it can stand in a list or in the name of a layer */
static gboolean
is_label (const char *text)
{
  if (text == NULL || *text == '\0' || g_utf8_strlen (text, -1) > MAX_LABEL)
    return FALSE;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_iscntrl (g_utf8_get_char (text)))
      return FALSE;

  return TRUE;
}

/* Whether there is a seed that can be another one; all of @target and the numbers are set. */
static gboolean
read_seed (JsonObject        *object,
           ComfyWorkflow     *workflow,
           ComfyTarget       *target,
           ComfyRequestParts *parts)
{
  comfy_target_set (target, comfy_json_get_string (object, "seed-node"),
                    comfy_json_get_string (object, "seed-input"));

  return target->node != NULL && target->input != NULL
         && comfy_workflow_has_input (workflow, target->node, target->input)
         && !comfy_workflow_get_link (workflow, target->node, target->input, NULL, NULL)
         && read_number (object, "seed", &parts->seed)
         && read_number (object, "seed-max", &parts->seed_max)
         && parts->seed_max > 0 && parts->seed <= parts->seed_max;
}

/* (transfer full) (nullable) */
static ComfyRequest *
request_from_json (JsonObject *object)
{
  g_autoptr(ComfyWorkflow)   workflow = graph_from_json (object);
  g_autoptr(GPtrArray)       loaders = NULL;
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  ComfyTarget                target = { 0 };
  ComfyRequestParts          parts = { 0 };
  ComfyRequest              *request = NULL;

  parts.action_id = comfy_json_get_string (object, "action");
  parts.title = comfy_json_get_string (object, "title");
  parts.model = comfy_json_get_string (object, "model");
  parts.prompt = comfy_json_get_string (object, "prompt");
  parts.profile_id = "";
  parts.workflow = workflow;
  parts.placement = placement;
  parts.remember = TRUE;
  if (workflow == NULL || !is_label (parts.action_id) || !is_label (parts.title)
      || (parts.model != NULL && !is_label (parts.model)))
    return NULL;

  if (g_strcmp0 (comfy_json_get_string (object, "fit"), "natural") == 0)
    placement->fit = COMFY_FIT_NATURAL;
  if (g_strcmp0 (comfy_json_get_string (object, "order"), "lowest-first") == 0)
    placement->order = COMFY_ORDER_LOWEST_FIRST;
  loaders = _comfy_request_loaders_from_json (comfy_json_get_array (object, "loaders"));
  parts.loaders = loaders;
  if (read_seed (object, workflow, &target, &parts))
    parts.seed_target = &target;
  request = comfy_request_new (&parts);
  comfy_target_clear (&target);

  return request;
}

/**
 * comfy_recipe_read:
 * @bytes: what a layer remembers, by whomever it was written
 * @error: return location
 *
 * Returns: (transfer full): the recipe; %NULL with %COMFY_ERROR_INVALID_ARGUMENT when it is none
 */
ComfyRecipe *
comfy_recipe_read (GBytes  *bytes,
                   GError **error)
{
  g_autoptr(JsonNode)   root = NULL;
  g_autoptr(GError)     problem = NULL;
  size_t                size;
  const char           *text = g_bytes_get_data (bytes, &size);
  JsonObject           *object = NULL;
  const char           *job_id = NULL;
  ComfyRecipe          *self;

  root = comfy_json_read (text, size, COMFY_RECIPE_MAX_BYTES, MAX_DEPTH, &problem);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    object = json_node_get_object (root);
  if (object != NULL && comfy_json_get_int (object, "version", 0) == VERSION)
    job_id = comfy_json_get_string (object, "job");
  /* it becomes the name of a folder that is looked for */
  if (job_id == NULL || !g_uuid_string_is_valid (job_id))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT,
                       problem != NULL ? problem->message : "no recipe",
                       _("What the layer remembers of how it was made cannot be read."));
      return NULL;
    }

  self = g_new0 (ComfyRecipe, 1);
  self->job_id = g_strdup (job_id);
  self->request = request_from_json (object);
  self->n_inputs = (unsigned int) CLAMP (comfy_json_get_int (object, "inputs", 0), 0, 1000);

  return self;
}

/**
 * comfy_recipe_free:
 * @self: (transfer full): a recipe
 */
void
comfy_recipe_free (ComfyRecipe *self)
{
  g_free (self->job_id);
  g_clear_object (&self->request);
  g_free (self);
}
