/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-field-row.h"

G_BEGIN_DECLS

/* All values of a graph that no form shows, of which there may be thousands: a part of them under
 * the names of their nodes, more on demand, found by a search. Empty until it is filled. */
#define COMFY_TYPE_PARAMETER_LIST (comfy_parameter_list_get_type ())
G_DECLARE_FINAL_TYPE (ComfyParameterList, comfy_parameter_list, COMFY, PARAMETER_LIST, GtkBox)

GtkWidget     *comfy_parameter_list_new    (ComfyForm          *form);
void           comfy_parameter_list_fill   (ComfyParameterList *self);
void           comfy_parameter_list_update (ComfyParameterList *self);
/* (transfer none): its row, made if need be */
ComfyFieldRow *comfy_parameter_list_reveal (ComfyParameterList *self,
                                            const ComfyField   *field);

G_END_DECLS
