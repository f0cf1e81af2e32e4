/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-connector.h"

G_BEGIN_DECLS

/* What a key's account used in the last day, week and month. Takes no room until it was asked for,
 * and where the server does not tell, unless it is to say so. */
#define COMFY_TYPE_KEY_USAGE (comfy_key_usage_get_type ())
G_DECLARE_FINAL_TYPE (ComfyKeyUsage, comfy_key_usage, COMFY, KEY_USAGE, GtkBox)

GtkWidget *comfy_key_usage_new    (gboolean        explains);
void       comfy_key_usage_ask    (ComfyKeyUsage  *self,
                                   ComfyConnector *connector,
                                   ComfyProfile   *profile);
void       comfy_key_usage_forget (ComfyKeyUsage  *self);

G_END_DECLS
