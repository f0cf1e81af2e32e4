/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-form.h"
#include "comfy-notice.h"

G_BEGIN_DECLS

/* Says in a notice what a server would refuse of a form's graph, until it is mended. */
#define COMFY_TYPE_FORM_PROBLEMS (comfy_form_problems_get_type ())
G_DECLARE_FINAL_TYPE (ComfyFormProblems, comfy_form_problems, COMFY, FORM_PROBLEMS, GObject)

ComfyFormProblems *comfy_form_problems_new (ComfyForm         *form,
                                            ComfyNotice       *notice);
void               comfy_form_problems_end (ComfyFormProblems *self);

G_END_DECLS
