/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-library.h"
#include "comfy-mapping.h"
#include "comfy-session.h"

G_BEGIN_DECLS

/* Opens workflows: has the list of them, knows what the artist has corrected of which, and asks what
 * the nodes of the chosen server take. */
#define COMFY_TYPE_OPENER (comfy_opener_get_type ())
G_DECLARE_FINAL_TYPE (ComfyOpener, comfy_opener, COMFY, OPENER, GObject)

/* @actions: (element-type ComfyAction): that came with the program; @folder: the artist's, below
 * which workflows and corrections lie */
ComfyOpener  *comfy_opener_new         (ComfySession  *session,
                                        GPtrArray     *actions,
                                        const char    *folder);
/* (transfer full): where an artist's own workflows lie */
char         *comfy_opener_dup_folder  (const char    *folder);
ComfySession *comfy_opener_get_session (ComfyOpener   *self);
ComfyLibrary *comfy_opener_get_library (ComfyOpener   *self);
/* → ComfyMapping, corrected as the artist did before */
DexFuture    *comfy_opener_open        (ComfyOpener   *self,
                                        const char    *path) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full): a form for it, as it is now */
ComfyForm    *comfy_opener_make_form   (ComfyOpener   *self,
                                        ComfyMapping  *mapping,
                                        int            image_id,
                                        GError       **error);
/* (transfer full): a form for an action of the list */
ComfyForm    *comfy_opener_fill_form   (ComfyOpener   *self,
                                        ComfyAction   *action,
                                        int            image_id);
gboolean      comfy_opener_remember    (ComfyOpener   *self,
                                        ComfyMapping  *mapping,
                                        GError       **error);
/* (transfer full): path of the action's sidecar */
char         *comfy_opener_save        (ComfyOpener   *self,
                                        ComfyMapping  *mapping,
                                        const char    *title,
                                        GError       **error);

G_END_DECLS
