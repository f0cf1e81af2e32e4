/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-procedure.h"

G_BEGIN_DECLS

/* the two arguments of a size */
#define COMFY_ARGUMENT_WIDTH  "width"
#define COMFY_ARGUMENT_HEIGHT "height"

/* the arguments of edges; the ratio, unless it is empty, says how long they are */
#define COMFY_ARGUMENT_RATIO  "ratio"
extern const char * const _comfy_procedure_edge_names[4];

/* comfy-procedure-form.c: whether a field is an argument, and whether that is a fraction although
 * the field is an integer */
gboolean _comfy_procedure_is_argument (const ComfyField *field);
gboolean _comfy_procedure_is_wide     (const ComfyField *field);

G_END_DECLS
