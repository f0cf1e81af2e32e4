/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-form.h"
#include "comfy-job.h"

G_BEGIN_DECLS

/* Any workflow in GIMP's procedure database: its file, values by their names, images. */

#define COMFY_WORKFLOW_PROCEDURE "plug-in-comfy-cloud-run-workflow"

GimpProcedure  *comfy_workflow_procedure_new       (GimpPlugIn           *plug_in,
                                                    GPtrArray            *actions,
                                                    GimpRunImageFunc      run);
/* (transfer full) (nullable): path of the file */
char           *comfy_workflow_procedure_dup_path  (GimpProcedureConfig  *config);
gboolean        comfy_workflow_procedure_read_form (GimpProcedureConfig  *config,
                                                    ComfyForm            *form,
                                                    GError              **error);
GimpValueArray *comfy_workflow_procedure_return    (GimpProcedure        *procedure,
                                                    GimpProcedureConfig  *config,
                                                    ComfyJob             *job,
                                                    GVariant             *placed);

G_END_DECLS
