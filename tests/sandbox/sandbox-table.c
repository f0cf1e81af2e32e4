/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The classes that the sandbox knows: those of data/nodes.json, and a few of ComfyUI's that are not
 * in it because no shipped action needs them, but an artist's graph may. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-server.h"

static const char more[] =
  "{\"CreateVideo\":{\"title\":\"Create Video\",\"inputs\":{\"images\":{\"type\":\"IMAGE\"},"
  "\"fps\":{\"type\":\"FLOAT\",\"default\":30.0,\"min\":1.0,\"max\":120.0,\"step\":1.0},"
  "\"audio\":{\"type\":\"AUDIO\",\"optional\":true}},\"outputs\":[\"VIDEO\"]},"
  "\"SaveVideo\":{\"title\":\"Save Video\",\"inputs\":{\"video\":{\"type\":\"VIDEO\"},"
  "\"filename_prefix\":{\"type\":\"STRING\",\"default\":\"video/ComfyUI\"},"
  "\"format\":{\"type\":\"COMBO\",\"choices\":[\"auto\",\"mp4\"],\"default\":\"auto\"},"
  "\"codec\":{\"type\":\"COMBO\",\"choices\":[\"auto\",\"h264\"],\"default\":\"auto\"}},"
  "\"outputs\":[],\"output_node\":true},"
  "\"EmptyAudio\":{\"title\":\"Empty Audio\",\"inputs\":{"
  "\"duration\":{\"type\":\"FLOAT\",\"default\":60.0,\"min\":0.0,\"step\":0.01},"
  "\"sample_rate\":{\"type\":\"INT\",\"default\":44100,\"min\":1,\"max\":192000},"
  "\"channels\":{\"type\":\"INT\",\"default\":2,\"min\":1,\"max\":2}},\"outputs\":[\"AUDIO\"]},"
  "\"SaveAudio\":{\"title\":\"Save Audio (FLAC)\",\"inputs\":{\"audio\":{\"type\":\"AUDIO\"},"
  "\"filename_prefix\":{\"type\":\"STRING\",\"default\":\"audio/ComfyUI\"}},"
  "\"outputs\":[],\"output_node\":true}}";

/**
 * sandbox_table_new:
 * @path: data/nodes.json
 *
 * Returns: (transfer full): its classes and those that are the sandbox's own; any error
 */
ComfyNodeTable *
sandbox_table_new (const char  *path,
                   GError     **error)
{
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(JsonNode) added = NULL;
  g_autoptr(GString) merged = g_string_new (NULL);
  g_autoptr(GBytes) bytes = NULL;
  JsonObject *classes = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error)
      || (root = comfy_json_read (text, length, length, 32, error)) == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (root))
    classes = comfy_json_get_object (json_node_get_object (root), "classes");

  added = comfy_json_read (more, strlen (more), sizeof more, 32, NULL);
  json_object_iter_init (&iter, json_node_get_object (added));
  while (classes != NULL && json_object_iter_next (&iter, &name, &node))
    if (!json_object_has_member (classes, name))
      json_object_set_member (classes, name, json_node_copy (node));

  comfy_json_write (merged, root);
  bytes = g_string_free_to_bytes (g_steal_pointer (&merged));
  return comfy_node_table_new_from_bytes (bytes, error);
}
