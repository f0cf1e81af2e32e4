/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-session.h"

G_BEGIN_DECLS

/* The panel in the process that owns the jobs: one for each GIMP. */
typedef struct _ComfyPanelHost ComfyPanelHost;

/* the panel was opened or closed */
typedef void (*ComfyPanelChanged) (gpointer data);

ComfyPanelHost *comfy_panel_host_new         (ComfySession      *session,
                                              ComfyPanelChanged  changed,
                                              gpointer           data);
void            comfy_panel_host_free        (ComfyPanelHost    *self);
/* @image_id: that is worked on from now on; -1: as before */
void            comfy_panel_host_show        (ComfyPanelHost    *self,
                                              int                image_id);
void            comfy_panel_host_generate    (ComfyPanelHost    *self,
                                              int                image_id);
void            comfy_panel_host_show_jobs   (ComfyPanelHost    *self);
gboolean        comfy_panel_host_is_open     (ComfyPanelHost    *self);

G_END_DECLS
