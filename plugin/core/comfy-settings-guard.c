/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When the artist wants to be asked before money is spent.
 */
#define G_LOG_DOMAIN "comfy-settings"

#include "config.h"

#include "comfy-settings-private.h"

#define KEY_BALANCE  "ask-under-balance"
#define KEY_JOBS     "ask-over-jobs"
#define DEFAULT_JOBS 10

/**
 * comfy_settings_get_ask_under_balance:
 * @self: the settings
 *
 * Returns: the balance, in micros of a dollar, under which a run is asked for first; 0: never
 */
gint64
comfy_settings_get_ask_under_balance (ComfySettings *self)
{
  gint64 micros;

  g_return_val_if_fail (COMFY_IS_SETTINGS (self), 0);

  micros = g_key_file_get_int64 (comfy_settings_get_key_file (self), COMFY_SETTINGS_GROUP,
                                 KEY_BALANCE, NULL);

  return CLAMP (micros, 0, COMFY_SETTINGS_MAX_BALANCE);
}

/**
 * comfy_settings_set_ask_under_balance:
 * @self: the settings
 * @micros: micros of a dollar, 0…%COMFY_SETTINGS_MAX_BALANCE; 0: never
 */
void
comfy_settings_set_ask_under_balance (ComfySettings *self,
                                      gint64         micros)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));

  g_key_file_set_int64 (comfy_settings_get_key_file (self), COMFY_SETTINGS_GROUP, KEY_BALANCE,
                        CLAMP (micros, 0, COMFY_SETTINGS_MAX_BALANCE));
  _comfy_settings_save_preference (self);
}

/**
 * comfy_settings_get_ask_over_jobs:
 * @self: the settings
 *
 * Returns: how many jobs may be begun together before the artist is asked; 0: any number
 */
int
comfy_settings_get_ask_over_jobs (ComfySettings *self)
{
  g_autoptr(GError) error = NULL;
  int               n;

  g_return_val_if_fail (COMFY_IS_SETTINGS (self), DEFAULT_JOBS);

  n = g_key_file_get_integer (comfy_settings_get_key_file (self), COMFY_SETTINGS_GROUP, KEY_JOBS,
                              &error);

  return error == NULL && n >= 0 && n <= COMFY_SETTINGS_MAX_JOBS ? n : DEFAULT_JOBS;
}

/**
 * comfy_settings_set_ask_over_jobs:
 * @self: the settings
 * @n: jobs, 0…%COMFY_SETTINGS_MAX_JOBS; 0: any number
 */
void
comfy_settings_set_ask_over_jobs (ComfySettings *self,
                                  int            n)
{
  g_return_if_fail (COMFY_IS_SETTINGS (self));

  g_key_file_set_integer (comfy_settings_get_key_file (self), COMFY_SETTINGS_GROUP, KEY_JOBS,
                          CLAMP (n, 0, COMFY_SETTINGS_MAX_JOBS));
  _comfy_settings_save_preference (self);
}
