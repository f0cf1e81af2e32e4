/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-form.h"
#include "comfy-request.h"

G_BEGIN_DECLS

/* @self: of the action that @request was made with: its fields become what was asked */
void comfy_form_take_request (ComfyForm    *self,
                              ComfyRequest *request);

G_END_DECLS
