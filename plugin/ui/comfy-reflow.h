/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A line of controls; where there is no room for all, those that do not fit stand in lines below it.
 * Forms are as good in a narrow panel as in a window. Filled as a horizontal GtkBox. */
#define COMFY_TYPE_REFLOW (comfy_reflow_get_type ())
G_DECLARE_DERIVABLE_TYPE (ComfyReflow, comfy_reflow, COMFY, REFLOW, GtkBox)

struct _ComfyReflowClass
{
  GtkBoxClass parent_class;
};

GtkWidget *comfy_reflow_new (int spacing);

G_END_DECLS
