/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* (transfer floating): the button with what is rarely needed in the panel */
GtkWidget *comfy_panel_menu_new (ComfySession *session);

G_END_DECLS
