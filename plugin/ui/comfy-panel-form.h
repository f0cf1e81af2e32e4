/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-image-info.h"
#include "comfy-key-stack.h"
#include "comfy-opener.h"
#include "comfy-request.h"

G_BEGIN_DECLS

/* What is asked for in the panel: an image, an action, its form, and the button that runs it. It stays
 * as it is when jobs have begun, so that it can be asked for again.
 *
 * Signal "image-changed" (): another image is worked on, or it has another name.
 * Signal "begun" (all: boolean): what was asked for is under way; FALSE: not all, that is said in
 * place. Nothing is touched afterwards, so that the form may go. */
#define COMFY_TYPE_PANEL_FORM (comfy_panel_form_get_type ())
G_DECLARE_FINAL_TYPE (ComfyPanelForm, comfy_panel_form, COMFY, PANEL_FORM, GtkBox)

GtkWidget            *comfy_panel_form_new       (ComfyOpener    *opener);
/* where a key is asked for; before anything is generated */
void                  comfy_panel_form_set_keys  (ComfyPanelForm *self,
                                                  ComfyKeyStack  *keys);
void                  comfy_panel_form_add_shortcuts
                                                 (ComfyPanelForm *self,
                                                  GtkAccelGroup  *accels);
/* (nullable) (transfer none): no image is open */
const ComfyImageInfo *comfy_panel_form_get_image (ComfyPanelForm *self);
void                  comfy_panel_form_set_image (ComfyPanelForm *self,
                                                  int             image_id);
/* what was asked for is being taken and written down */
gboolean              comfy_panel_form_is_busy   (ComfyPanelForm *self);
/* asks the editor what images there are */
void                  comfy_panel_form_refresh   (ComfyPanelForm *self);
/* what was asked for once is in the form, to be changed */
void                  comfy_panel_form_edit      (ComfyPanelForm *self,
                                                  ComfyRequest   *request);
/* as a click on the button; FALSE: something is missing, and that is said in place */
gboolean              comfy_panel_form_generate  (ComfyPanelForm *self);

G_END_DECLS
