/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the artist left the panel.
 */
#define G_LOG_DOMAIN "comfy-settings"

#include "config.h"

#include "comfy-settings-panel.h"
#include "comfy-settings-private.h"

#define GROUP         "panel"
#define KEY_PLACE     "place"     /* x, y, width, height, split */
#define KEY_ACTION    "action"
#define KEY_AT_ONCE   "place-at-once"
#define KEY_USAGE     "show-usage"
#define N_PLACE       5
#define MAX_PX        32767       /* what X11 has */

/**
 * comfy_settings_get_panel_place:
 * @self: the settings
 * @out_place: (out): where the panel was; zeroed when that is not known
 *
 * Returns: whether it is known
 */
gboolean
comfy_settings_get_panel_place (ComfySettings   *self,
                                ComfyPanelPlace *out_place)
{
  g_autofree int *numbers = NULL;
  size_t          n = 0;

  g_return_val_if_fail (COMFY_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (out_place != NULL, FALSE);

  *out_place = (ComfyPanelPlace) { 0 };
  numbers = g_key_file_get_integer_list (comfy_settings_get_key_file (self), GROUP, KEY_PLACE, &n,
                                         NULL);
  if (n != N_PLACE)
    return FALSE;
  for (unsigned int i = 0; i < N_PLACE; i++)
    if (numbers[i] < -MAX_PX || numbers[i] > MAX_PX || (i >= 2 && numbers[i] < 1))
      return FALSE;

  *out_place = (ComfyPanelPlace) { numbers[0], numbers[1], numbers[2], numbers[3], numbers[4] };

  return TRUE;
}

/**
 * comfy_settings_set_panel_place:
 * @self: the settings
 * @place: where the panel is
 */
void
comfy_settings_set_panel_place (ComfySettings         *self,
                                const ComfyPanelPlace *place)
{
  int numbers[N_PLACE] = { place->x, place->y, place->width, place->height, place->split };

  g_return_if_fail (COMFY_IS_SETTINGS (self));

  g_key_file_set_integer_list (comfy_settings_get_key_file (self), GROUP, KEY_PLACE, numbers,
                               N_PLACE);
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_dup_panel_action:
 * @self: the settings
 *
 * Returns: (transfer full) (nullable): id of the action that the panel showed last, which may be gone
 */
char *
comfy_settings_dup_panel_action (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), NULL);

  return g_key_file_get_string (comfy_settings_get_key_file (self), GROUP, KEY_ACTION, NULL);
}

/**
 * comfy_settings_set_panel_action:
 * @self: the settings
 * @action_id: what the panel shows
 */
void
comfy_settings_set_panel_action (ComfySettings *self,
                                 const char    *action_id)
{
  g_autofree char *old = comfy_settings_dup_panel_action (self);

  g_return_if_fail (action_id != NULL);

  if (g_strcmp0 (old, action_id) == 0)
    return;

  g_key_file_set_string (comfy_settings_get_key_file (self), GROUP, KEY_ACTION, action_id);
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_get_panel_places_at_once:
 * @self: the settings
 *
 * Returns: whether what the panel asked for goes into the image when it arrives; else it waits in the
 *   history, which is the default
 */
gboolean
comfy_settings_get_panel_places_at_once (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), FALSE);

  return g_key_file_get_boolean (comfy_settings_get_key_file (self), GROUP, KEY_AT_ONCE, NULL);
}

/**
 * comfy_settings_set_panel_places_at_once:
 * @self: the settings
 * @at_once: whether what the panel asks for goes into the image when it arrives
 */
void
comfy_settings_set_panel_places_at_once (ComfySettings *self,
                                         gboolean       at_once)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));

  g_key_file_set_boolean (comfy_settings_get_key_file (self), GROUP, KEY_AT_ONCE, at_once);
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_get_panel_shows_usage:
 * @self: the settings
 *
 * Returns: whether the panel shows what the account used in a day, a week and a month
 */
gboolean
comfy_settings_get_panel_shows_usage (ComfySettings *self)
{
  g_return_val_if_fail (COMFY_IS_SETTINGS (self), FALSE);

  return g_key_file_get_boolean (comfy_settings_get_key_file (self), GROUP, KEY_USAGE, NULL);
}

/**
 * comfy_settings_set_panel_shows_usage:
 * @self: the settings
 * @shows_usage: whether the panel shows what the account used in a day, a week and a month
 */
void
comfy_settings_set_panel_shows_usage (ComfySettings *self,
                                      gboolean       shows_usage)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));

  g_key_file_set_boolean (comfy_settings_get_key_file (self), GROUP, KEY_USAGE, shows_usage);
  _comfy_settings_save_preference (self);
}
