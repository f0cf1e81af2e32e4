/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-request.h"

G_BEGIN_DECLS

/* What came: complete files on this machine's disk. Immutable. */
#define COMFY_TYPE_RESULT (comfy_result_get_type ())
G_DECLARE_FINAL_TYPE (ComfyResult, comfy_result, COMFY, RESULT, GObject)

ComfyResult  *comfy_result_new         (const char         *job_id,
                                        ComfyRequest       *request,
                                        const char         *folder,
                                        const char * const *paths);
/* the journal's id */
const char   *comfy_result_get_job_id  (ComfyResult        *self);
ComfyRequest *comfy_result_get_request (ComfyResult        *self);
/* the job's folder, for the placement's alpha file */
const char   *comfy_result_get_folder  (ComfyResult        *self);
const char * const *
              comfy_result_get_paths   (ComfyResult        *self);

G_END_DECLS
