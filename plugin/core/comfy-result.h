/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-request.h"

G_BEGIN_DECLS

/* What came for the editor: pictures, complete files on this machine's disk. Immutable, but for
 * what the editor says of them. */
#define COMFY_TYPE_RESULT (comfy_result_get_type ())
G_DECLARE_FINAL_TYPE (ComfyResult, comfy_result, COMFY, RESULT, GObject)

ComfyResult  *comfy_result_new         (const char         *job_id,
                                        ComfyRequest       *request,
                                        const char         *folder,
                                        const char * const *paths);
/* the same, with what becomes of each of @paths */
ComfyResult  *comfy_result_new_with_outcomes
                                       (const char         *job_id,
                                        ComfyRequest       *request,
                                        const char         *folder,
                                        const char * const *paths,
                                        const ComfyOutcome *outcomes);
/* the journal's id */
const char   *comfy_result_get_job_id  (ComfyResult        *self);
ComfyRequest *comfy_result_get_request (ComfyResult        *self);
/* the job's folder, for the placement's alpha file */
const char   *comfy_result_get_folder  (ComfyResult        *self);
const char * const *
              comfy_result_get_paths   (ComfyResult        *self);
ComfyOutcome  comfy_result_get_outcome (ComfyResult        *self,
                                        unsigned int        i);
/* the editor has no use for picture @i: it cannot be read, or there is no room for it */
void          comfy_result_set_unplaced (ComfyResult       *self,
                                         unsigned int       i);
gboolean      comfy_result_is_unplaced (ComfyResult        *self,
                                        unsigned int        i);

G_END_DECLS
