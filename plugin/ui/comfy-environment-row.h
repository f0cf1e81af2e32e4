/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* One environment: whether actions run there, what was found to answer, and what can be done about
 * it. Follows the settings.
 *
 * Signals "set-up" () and "removed" (): the artist wants to use, or to be rid of, it. */
#define COMFY_TYPE_ENVIRONMENT_ROW (comfy_environment_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyEnvironmentRow, comfy_environment_row, COMFY, ENVIRONMENT_ROW, GtkGrid)

GtkWidget     *comfy_environment_row_new          (ComfySession        *session,
                                                   ComfyEndpoint       *endpoint,
                                                   ComfyEnvironmentRow *group);
ComfyEndpoint *comfy_environment_row_get_endpoint (ComfyEnvironmentRow *self);
GtkWidget     *comfy_environment_row_get_radio    (ComfyEnvironmentRow *self);
/* leads to whether partner models may bill the account */
void           comfy_environment_row_focus_partners
                                                  (ComfyEnvironmentRow *self);

G_END_DECLS
