/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Answers to submissions that made no job, in the words of each protocol. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "comfy-workflow-check.h"
#include "sandbox-server.h"

static void
add_detail (JsonArray  *details,
            const char *field,
            const char *message,
            JsonObject *comfyui)
{
  JsonObject *detail = json_object_new ();

  json_object_set_string_member (detail, "field", field);
  json_object_set_string_member (detail, "message", message);
  if (comfyui != NULL)
    {
      json_object_set_member (detail, "type", json_object_dup_member (comfyui, "type"));
      json_object_set_member (detail, "extra_info", json_object_dup_member (comfyui, "extra_info"));
    }
  json_array_add_object_element (details, detail);
}

static void
reply_details (SandboxRequest *request,
               JsonArray      *details)
{
  sandbox_request_reply_error (request, 422, "validation_error", "Request validation failed",
                               json_node_init_array (json_node_alloc (), details));
}

/**
 * sandbox_request_reply_invalid:
 *
 * Answers on v1 with 422 and details of {field, message}, as ValidationErrorResponse has it.
 */
void
sandbox_request_reply_invalid (SandboxRequest *request,
                               const char     *field,
                               const char     *message)
{
  g_autoptr(JsonArray) details = json_array_new ();

  add_detail (details, field, message, NULL);
  reply_details (request, details);
}

/* What ComfyUI itself says of a problem: the first, second, … of the node, as @seen counts. */
static JsonObject *
find_comfyui (const SandboxRefusal       *refusal,
              const ComfyWorkflowProblem *problem,
              GHashTable                 *seen)
{
  JsonArray *errors;
  unsigned int index;

  if (problem->node_id == NULL)
    return NULL;

  errors = json_object_get_array_member (json_object_get_object_member (refusal->node_errors,
                                                                        problem->node_id),
                                         "errors");
  index = GPOINTER_TO_UINT (g_hash_table_lookup (seen, problem->node_id));
  g_hash_table_insert (seen, problem->node_id, GUINT_TO_POINTER (index + 1));
  return json_array_get_object_element (errors, index);
}

/* v1: [{ field, message }], and what ComfyUI says beside, which the contract leaves open */
static void
reply_problems_v1 (SandboxRequest       *request,
                   const SandboxRefusal *refusal)
{
  g_autoptr(JsonArray) details = json_array_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned int i = 0; i < refusal->problems->len; i++)
    {
      const ComfyWorkflowProblem *problem = g_ptr_array_index (refusal->problems, i);
      g_autofree char *field =
        g_strconcat (refusal->place != NULL ? refusal->place : "",
                     "workflow", problem->node_id != NULL ? "." : NULL, problem->node_id,
                     problem->input != NULL ? "." : NULL, problem->input, NULL);

      add_detail (details, field, problem->message, find_comfyui (refusal, problem, seen));
    }
  reply_details (request, details);
}

/* v2: details.node_errors: { id: [{ field, reason }] }, and what ComfyUI says beside */
static void
reply_problems_v2 (SandboxRequest       *request,
                   const SandboxRefusal *refusal)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObject *node_errors = json_object_new ();
  g_autoptr(JsonObject) details = json_object_new ();

  for (unsigned int i = 0; i < refusal->problems->len; i++)
    {
      const ComfyWorkflowProblem *problem = g_ptr_array_index (refusal->problems, i);
      const char *node_id = problem->node_id != NULL ? problem->node_id : "";
      JsonObject *comfyui = find_comfyui (refusal, problem, seen);
      JsonObject *error = json_object_new ();

      json_object_set_string_member (error, "field", problem->input != NULL ? problem->input : "");
      json_object_set_string_member (error, "reason", problem->type);
      json_object_set_string_member (error, "message", problem->message);
      if (comfyui != NULL)
        json_object_set_member (error, "extra_info",
                                json_object_dup_member (comfyui, "extra_info"));
      if (!json_object_has_member (node_errors, node_id))
        json_object_set_array_member (node_errors, node_id, json_array_new ());
      json_array_add_object_element (json_object_get_array_member (node_errors, node_id), error);
    }

  json_object_set_object_member (details, "node_errors", node_errors);
  sandbox_request_reply_error (request, refusal->status, refusal->code, refusal->message,
                               json_node_init_object (json_node_alloc (), details));
}

/* { error: { type, message, details, extra_info }, node_errors }. A class that is not known ends
 * the check, so that nothing is said of nodes. */
static JsonObject *
refusal_to_comfyui (const SandboxRefusal *refusal)
{
  JsonObject *body = json_object_new ();
  JsonObject *error = json_object_new ();
  const ComfyWorkflowProblem *missing = NULL;

  for (unsigned int i = 0; i < refusal->problems->len && missing == NULL; i++)
    {
      const ComfyWorkflowProblem *problem = g_ptr_array_index (refusal->problems, i);

      if (g_str_equal (problem->type, "missing_node_type"))
        missing = problem;
    }

  json_object_set_string_member (error, "type", missing != NULL
                                                ? missing->type
                                                : "prompt_outputs_failed_validation");
  json_object_set_string_member (error, "message", missing != NULL
                                                   ? missing->message
                                                   : "Prompt outputs failed validation");
  json_object_set_string_member (error, "details", missing != NULL ? missing->node_id : "");
  json_object_set_object_member (error, "extra_info", json_object_new ());
  if (missing != NULL)
    {
      JsonObject *node = json_object_get_object_member (refusal->node_errors, missing->node_id);
      JsonObject *extra = json_object_get_object_member (error, "extra_info");

      json_object_set_string_member (extra, "node_id", missing->node_id);
      json_object_set_member (extra, "class_type", json_object_dup_member (node, "class_type"));
    }

  json_object_set_object_member (body, "error", error);
  json_object_set_object_member (body, "node_errors",
                                 missing != NULL ? json_object_new ()
                                                 : json_object_ref (refusal->node_errors));
  return body;
}

static void
reply_problems (SandboxRequest       *request,
                const SandboxRefusal *refusal)
{
  gboolean is_v2 = g_str_has_prefix (request->path, SANDBOX_V2_PATH);
  g_autoptr(JsonObject) comfyui = NULL;

  switch (refusal->shape)
    {
    case SANDBOX_SHAPE_RAW:
      sandbox_request_reply (request, 400, refusal_to_comfyui (refusal));
      break;

    case SANDBOX_SHAPE_DETAILS:
      comfyui = refusal_to_comfyui (refusal);
      sandbox_request_reply_error (request, 422, is_v2 ? refusal->code : "validation_error",
                                   refusal->message,
                                   json_node_init_object (json_node_alloc (), comfyui));
      break;

    case SANDBOX_SHAPE_FIELDS:
    default:
      (is_v2 ? reply_problems_v2 : reply_problems_v1) (request, refusal);
      break;
    }
}

/**
 * sandbox_request_reply_refusal:
 *
 * Answers that there is no job. There are few codes on v1, and none for credits.
 */
void
sandbox_request_reply_refusal (SandboxRequest       *request,
                               const SandboxRefusal *refusal)
{
  gboolean is_v2 = g_str_has_prefix (request->path, SANDBOX_V2_PATH);

  if (refusal->retry_after > 0)
    {
      g_autofree char *seconds = g_strdup_printf ("%d", refusal->retry_after);

      soup_message_headers_replace (soup_server_message_get_response_headers (request->message),
                                    "Retry-After", seconds);
    }

  if (refusal->problems != NULL)
    reply_problems (request, refusal);
  else if (is_v2)
    sandbox_request_reply_error (request, refusal->status, refusal->code, refusal->message, NULL);
  else if (refusal->status == 422)
    {
      g_autofree char *field =
        g_strconcat (refusal->place != NULL ? refusal->place : "", "workflow", NULL);

      sandbox_request_reply_invalid (request, field, refusal->message);
    }
  else
    sandbox_request_reply_error (request, refusal->status,
                                 refusal->status == 429 ? "rate_limited" : "forbidden",
                                 refusal->message, NULL);
}
