/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-image-info.h"
#include "comfy-key-stack.h"
#include "comfy-session.h"

G_BEGIN_DECLS

/* What came of what was asked for: the queue above the history of an image, and all jobs in a tab of
 * their own.
 *
 * Signals: "edit" (ComfyRequest): the artist wants to change it and run it again; "settled" (boolean):
 * what was being placed or saved is; FALSE: something is said of it. */
#define COMFY_TYPE_PANEL_RESULTS (comfy_panel_results_get_type ())
G_DECLARE_FINAL_TYPE (ComfyPanelResults, comfy_panel_results, COMFY, PANEL_RESULTS, GtkNotebook)

/* @keys: where a key is asked for */
GtkWidget *comfy_panel_results_new       (ComfySession         *session,
                                          ComfyKeyStack        *keys);
/* (nullable): no image is open */
void       comfy_panel_results_set_image (ComfyPanelResults    *self,
                                          const ComfyImageInfo *image);
void       comfy_panel_results_show_jobs (ComfyPanelResults    *self);
/* other processes may have made something */
void       comfy_panel_results_refresh   (ComfyPanelResults    *self);
/* something is being placed or saved: the process has to live */
gboolean   comfy_panel_results_is_busy   (ComfyPanelResults    *self);

G_END_DECLS
