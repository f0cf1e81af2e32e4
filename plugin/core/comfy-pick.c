/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-pick"

#include "config.h"

#include "comfy-pick-private.h"
#include "comfy-json-private.h"

/*
 * _comfy_pick_new:
 *
 * Returns: (transfer full): nothing chosen and nothing refused
 */
ComfyPick *
_comfy_pick_new (void)
{
  ComfyPick *self = g_new0 (ComfyPick, 1);

  self->refused = g_ptr_array_new_with_free_func (g_free);

  return self;
}

/*
 * _comfy_pick_free:
 * @self: (transfer full): a pick
 */
void
_comfy_pick_free (ComfyPick *self)
{
  g_free (self->file);
  g_ptr_array_unref (self->refused);
  g_free (self);
}

/*
 * _comfy_pick_is_refused:
 *
 * Returns: whether the server has said that it does not have @file
 */
gboolean
_comfy_pick_is_refused (ComfyPick  *self,
                        const char *file)
{
  return g_ptr_array_find_with_equal_func (self->refused, file, g_str_equal, NULL);
}

/*
 * _comfy_picks_to_json:
 * @picks: (element-type ComfyPick): one for each loader, in order
 *
 * Returns: (transfer full): the same as _comfy_picks_from_json() reads it
 */
JsonArray *
_comfy_picks_to_json (GPtrArray *picks)
{
  JsonArray *array = json_array_new ();

  for (unsigned int i = 0; i < picks->len; i++)
    {
      const ComfyPick *pick = g_ptr_array_index (picks, i);
      JsonObject      *object = json_object_new ();
      JsonArray       *refused = json_array_new ();

      for (unsigned int j = 0; j < pick->refused->len; j++)
        json_array_add_string_element (refused, g_ptr_array_index (pick->refused, j));

      if (pick->file != NULL)
        json_object_set_string_member (object, "file", pick->file);
      json_object_set_array_member (object, "refused", refused);
      json_array_add_object_element (array, object);
    }

  return array;
}

/*
 * _comfy_picks_from_json:
 * @array: (nullable): what _comfy_picks_to_json() made
 *
 * Returns: (transfer full) (element-type ComfyPick): the picks; what cannot be read is as if
 *   nothing had been chosen
 */
GPtrArray *
_comfy_picks_from_json (JsonArray *array)
{
  GPtrArray *picks = g_ptr_array_new_with_free_func ((GDestroyNotify) _comfy_pick_free);

  for (unsigned int i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode   *element = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;
      JsonArray  *refused = object != NULL ? comfy_json_get_array (object, "refused") : NULL;
      ComfyPick  *pick = _comfy_pick_new ();

      if (object != NULL)
        pick->file = g_strdup (comfy_json_get_string (object, "file"));
      for (unsigned int j = 0; refused != NULL && j < json_array_get_length (refused); j++)
        if (comfy_json_node_is_string (json_array_get_element (refused, j)))
          g_ptr_array_add (pick->refused,
                           g_strdup (json_array_get_string_element (refused, j)));
      g_ptr_array_add (picks, pick);
    }

  return picks;
}
