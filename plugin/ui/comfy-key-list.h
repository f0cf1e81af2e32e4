/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* The page "Keys" of the settings: every profile, what can be done with the selected one, and the
 * key assistant in place of all that while it is needed. */
#define COMFY_TYPE_KEY_LIST (comfy_key_list_get_type ())
G_DECLARE_FINAL_TYPE (ComfyKeyList, comfy_key_list, COMFY, KEY_LIST, GtkStack)

GtkWidget *comfy_key_list_new (ComfySession *session);

G_END_DECLS
