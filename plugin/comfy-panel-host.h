/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* The panel in the process that owns the jobs, and the menu entries that there are as long as it is
 * open: they hand it the image that the artist is in, which GIMP tells nobody else. */
typedef struct _ComfyPanelHost ComfyPanelHost;

/* the panel was opened or closed, or has finished something */
typedef void (*ComfyPanelChanged) (gpointer data);

ComfyPanelHost *comfy_panel_host_new         (GimpPlugIn        *plug_in,
                                              ComfySession      *session,
                                              ComfyPanelChanged  changed,
                                              gpointer           data);
void            comfy_panel_host_free        (ComfyPanelHost    *self);
void            comfy_panel_host_show        (ComfyPanelHost    *self);
gboolean        comfy_panel_host_is_open     (ComfyPanelHost    *self);

G_END_DECLS
