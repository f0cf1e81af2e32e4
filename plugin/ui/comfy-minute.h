/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For a widget that says how long ago something was. */
typedef void (*ComfyMinuteFunc) (GtkWidget *widget);

void comfy_minute_follow (GtkWidget       *widget,
                          ComfyMinuteFunc  passed);

G_END_DECLS
