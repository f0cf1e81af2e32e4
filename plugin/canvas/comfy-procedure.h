/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-form.h"

G_BEGIN_DECLS

/* An action as a procedure of GIMP's: one argument for each field (a size is two, "width" and
 * "height", 0 for "as the image"), returns the image and the new layers. */
char           *comfy_procedure_dup_name       (ComfyAction         *action);
GimpProcedure  *comfy_procedure_new            (GimpPlugIn          *plug_in,
                                                ComfyAction         *action,
                                                GimpRunImageFunc     run);
GimpProcedure  *comfy_procedure_new_vary       (GimpPlugIn          *plug_in,
                                                const char          *name,
                                                GPtrArray           *actions,
                                                GimpRunImageFunc     run);
gboolean        comfy_procedure_read_form      (GimpProcedureConfig *config,
                                                ComfyForm           *form,
                                                GError             **error);
void            comfy_procedure_write_form     (GimpProcedureConfig *config,
                                                ComfyForm           *form);
void            comfy_procedure_add_return_values
                                               (GimpProcedure       *procedure);
GimpValueArray *comfy_procedure_return_placed  (GimpProcedure       *procedure,
                                                GVariant            *placed);

G_END_DECLS
