/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* What a form's run may cost, by what runs of its kind cost before; it follows the form and the
 * key. Takes no room where nothing is paid for. */
#define COMFY_TYPE_COST_LINE (comfy_cost_line_get_type ())
G_DECLARE_FINAL_TYPE (ComfyCostLine, comfy_cost_line, COMFY, COST_LINE, GtkBox)

GtkWidget *comfy_cost_line_new        (ComfySession  *session,
                                       ComfyForm     *form);
/* @n: 0: not known yet */
void       comfy_cost_line_set_n_jobs (ComfyCostLine *self,
                                       unsigned int   n);

G_END_DECLS
