/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-form.h"
#include "comfy-take-preview.h"

G_BEGIN_DECLS

/* The fields of any action, built from its form and bound to it both ways. */
#define COMFY_TYPE_FORM_VIEW (comfy_form_view_get_type ())
G_DECLARE_FINAL_TYPE (ComfyFormView, comfy_form_view, COMFY, FORM_VIEW, GtkBox)

GtkWidget *comfy_form_view_new         (ComfyForm        *form);
void       comfy_form_view_add_preview (ComfyFormView    *self,
                                        ComfyTakePreview *preview);
void       comfy_form_view_align       (ComfyFormView    *self,
                                        GtkWidget        *label);
gboolean   comfy_form_view_check       (ComfyFormView    *self,
                                        GError          **error);

G_END_DECLS
