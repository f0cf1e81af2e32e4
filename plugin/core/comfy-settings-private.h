/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-settings.h"

G_BEGIN_DECLS

#define COMFY_SETTINGS_GROUP "preferences"

void _comfy_settings_save_preference (ComfySettings *self);

G_END_DECLS
