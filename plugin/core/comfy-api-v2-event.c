/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one event of the Comfy API v2 means. Pure; whatever makes no sense means nothing, because
 * the job can always be asked for.
 */
#define G_LOG_DOMAIN "comfy-api-v2-events"

#include "config.h"

#include "comfy-api-json-private.h"
#include "comfy-api-v2-events-private.h"
#include "comfy-json-private.h"

#define MAX_DEPTH 16

static int
get_count (JsonObject *object,
           const char *member)
{
  return (int) CLAMP (comfy_json_get_int (object, member, -1), -1, G_MAXINT);
}

static ComfyEvent *
read_status (JsonObject *object,
             gboolean   *is_end)
{
  const char        *word = comfy_json_get_string (object, "status");
  ComfyRemoteStatus  status = word != NULL ? comfy_remote_status_from_word (word)
                                           : COMFY_REMOTE_CANCELLING;
  ComfyEvent        *event;

  switch (status)
    {
    case COMFY_REMOTE_QUEUED:
      event = comfy_event_new (COMFY_EVENT_WAITING);
      event->queue_position = get_count (object, "queue_position");
      return event;

    case COMFY_REMOTE_RUNNING:
      return comfy_event_new (COMFY_EVENT_RUNNING);

    case COMFY_REMOTE_SUCCEEDED:
    case COMFY_REMOTE_FAILED:
    case COMFY_REMOTE_CANCELLED:
    case COMFY_REMOTE_EXPIRED:
      *is_end = TRUE;
      return comfy_event_new (COMFY_EVENT_CHANGED);

    /* not an end; that the artist asked for it is known already */
    case COMFY_REMOTE_CANCELLING:
    default:
      return NULL;
    }
}

static ComfyEvent *
read_progress (JsonObject *object)
{
  ComfyEvent *event = comfy_event_new (COMFY_EVENT_PROGRESS);

  event->fraction = comfy_api_json_get_fraction (object, "value", 1);
  event->step = get_count (object, "step");
  event->steps = get_count (object, "steps");
  event->node = g_strdup (comfy_json_get_string (object, "current_node"));

  return event;
}

static ComfyEvent *
read_preview (JsonObject *object)
{
  const char            *type = comfy_json_get_string (object, "content_type");
  const char            *text = comfy_json_get_string (object, "data_base64");
  g_autofree guint8     *picture = NULL;
  gsize                  size = 0;
  ComfyEvent            *event;

  if (type == NULL || !g_str_has_prefix (type, "image/") || text == NULL)
    return NULL;

  picture = g_base64_decode (text, &size);
  if (size == 0)
    return NULL;

  event = comfy_event_new (COMFY_EVENT_PREVIEW);
  event->preview = g_bytes_new_take (g_steal_pointer (&picture), size);
  event->content_type = g_strdup (type);
  event->node = g_strdup (comfy_json_get_string (object, "node_id"));

  return event;
}

/**
 * comfy_api_v2_event_read:
 * @name: the event's type
 * @text: its data
 * @is_end: (out): whether the job has ended
 *
 * Outputs mean nothing yet: the job tells all of them when it has succeeded, which is when they are
 * fetched. Types that a later server has are left alone.
 *
 * Returns: (transfer full) (nullable): what it means for the job; a fraction is -1 where there is
 *   none
 */
ComfyEvent *
comfy_api_v2_event_read (const char *name,
                         const char *text,
                         gsize       length,
                         gboolean   *is_end)
{
  g_autoptr(JsonNode)  node = NULL;
  JsonObject          *object;

  *is_end = FALSE;

  if (!g_str_equal (name, "status") && !g_str_equal (name, "progress")
      && !g_str_equal (name, "preview"))
    return NULL;

  node = comfy_json_read (text, length, COMFY_API_V2_MAX_EVENT, MAX_DEPTH, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  object = json_node_get_object (node);
  if (g_str_equal (name, "status"))
    return read_status (object, is_end);

  return g_str_equal (name, "progress") ? read_progress (object) : read_preview (object);
}
