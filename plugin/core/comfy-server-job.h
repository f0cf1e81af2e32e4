/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-remote-job.h"

G_BEGIN_DECLS

/* A job of an account as the server told of it, for lists. Immutable. */
#define COMFY_TYPE_SERVER_JOB (comfy_server_job_get_type ())
G_DECLARE_FINAL_TYPE (ComfyServerJob, comfy_server_job, COMFY, SERVER_JOB, GObject)

ComfyServerJob *comfy_server_job_new            (ComfyRemoteJob *remote,
                                                 const char     *journal_id);
/* (transfer none) */
ComfyRemoteJob *comfy_server_job_get_remote     (ComfyServerJob *self);
/* (nullable): the job of this computer's journal that started it */
const char     *comfy_server_job_get_journal_id (ComfyServerJob *self);

G_END_DECLS
