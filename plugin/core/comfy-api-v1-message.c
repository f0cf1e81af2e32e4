/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the messages of the Developer API v1's WebSocket mean. A message that cannot be read, is of
 * another job or of a kind that nobody knows, means nothing.
 */
#define G_LOG_DOMAIN "comfy-api-v1-events"

#include "config.h"

#include "comfy-api-json-private.h"
#include "comfy-api-v1-events-private.h"
#include "comfy-json-private.h"

#define MAX_BYTES (1024 * 1024)
#define MAX_DEPTH 32

/* Of ours, or of no job that is named: a hint costs one question */
static gboolean
concerns (JsonObject *payload,
          const char *job_id)
{
  const char *id = payload != NULL ? comfy_json_get_string (payload, "id") : NULL;

  if (payload != NULL && id == NULL)
    id = comfy_json_get_string (payload, "job_id");

  return id == NULL || g_str_equal (id, job_id);
}

static ComfyApiV1Message
read_event (JsonObject *data,
            const char *job_id,
            double     *fraction)
{
  const char *event = data != NULL ? comfy_json_get_string (data, "event") : NULL;
  JsonObject *payload = data != NULL ? comfy_json_get_object (data, "payload") : NULL;

  if (event == NULL || !g_str_has_prefix (event, "job.") || !concerns (payload, job_id))
    return COMFY_API_V1_MESSAGE_NOTHING;
  if (!g_str_equal (event, "job.progress"))
    return COMFY_API_V1_MESSAGE_CHANGED;

  *fraction = payload != NULL ? comfy_api_json_get_fraction (payload, "progress", 100) : -1;

  return *fraction >= 0 ? COMFY_API_V1_MESSAGE_PROGRESS : COMFY_API_V1_MESSAGE_NOTHING;
}

/**
 * comfy_api_v1_message_read:
 * @text: a message
 * @job_id: the job that is watched
 * @fraction: (out): 0…1 with %COMFY_API_V1_MESSAGE_PROGRESS
 *
 * Returns: what it means for the job
 */
ComfyApiV1Message
comfy_api_v1_message_read (GBytes     *text,
                           const char *job_id,
                           double     *fraction)
{
  gsize                length;
  const char          *data = g_bytes_get_data (text, &length);
  g_autoptr(JsonNode)  node = comfy_json_read (data, length, MAX_BYTES, MAX_DEPTH, NULL);
  JsonObject          *object = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                                  ? json_node_get_object (node) : NULL;
  const char          *type = object != NULL ? comfy_json_get_string (object, "type") : NULL;

  if (g_strcmp0 (type, "subscribed") == 0)
    return COMFY_API_V1_MESSAGE_SUBSCRIBED;
  if (g_strcmp0 (type, "event") == 0)
    return read_event (comfy_json_get_object (object, "data"), job_id, fraction);

  return COMFY_API_V1_MESSAGE_NOTHING;
}
