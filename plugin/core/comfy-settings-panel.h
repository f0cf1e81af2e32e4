/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-settings.h"

G_BEGIN_DECLS

/* Where the panel is on the screen, px. Plain data. */
typedef struct
{
  int x;
  int y;
  int width;
  int height;
  int split; /* between what is asked for and what came */
} ComfyPanelPlace;

gboolean comfy_settings_get_panel_place          (ComfySettings         *self,
                                                  ComfyPanelPlace       *out_place);
void     comfy_settings_set_panel_place          (ComfySettings         *self,
                                                  const ComfyPanelPlace *place);
/* (transfer full) (nullable) */
char    *comfy_settings_dup_panel_action         (ComfySettings         *self);
void     comfy_settings_set_panel_action         (ComfySettings         *self,
                                                  const char            *action_id);
/* what the panel asked for goes into the image when it arrives; else it waits in the history */
gboolean comfy_settings_get_panel_places_at_once (ComfySettings         *self);
void     comfy_settings_set_panel_places_at_once (ComfySettings         *self,
                                                  gboolean               at_once);
gboolean comfy_settings_get_panel_shows_usage    (ComfySettings         *self);
void     comfy_settings_set_panel_shows_usage    (ComfySettings         *self,
                                                  gboolean               shows_usage);

G_END_DECLS
