/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-server-job.h"
#include "comfy-session.h"

G_BEGIN_DECLS

/* The jobs of the account that is chosen: a GListModel of ComfyServerJob in the server's order, the
 * newest first. Nothing is asked for before comfy_server_jobs_refresh(). Properties "loading",
 * "has-more" and "error" (GError, nullable: why the list is not what it should be;
 * COMFY_ERROR_NOT_SUPPORTED: this server has none); views listen. */
#define COMFY_TYPE_SERVER_JOBS (comfy_server_jobs_get_type ())
G_DECLARE_FINAL_TYPE (ComfyServerJobs, comfy_server_jobs, COMFY, SERVER_JOBS, GObject)

ComfyServerJobs *comfy_server_jobs_new            (ComfySession    *session);
/* asks anew, for the account that is chosen now: what was there goes when the answer comes */
void             comfy_server_jobs_refresh        (ComfyServerJobs *self);
/* the same; a locked keyring is not asked to open */
void             comfy_server_jobs_look           (ComfyServerJobs *self);
void             comfy_server_jobs_load_more      (ComfyServerJobs *self);
gboolean         comfy_server_jobs_is_loading     (ComfyServerJobs *self);
gboolean         comfy_server_jobs_has_more       (ComfyServerJobs *self);
/* (nullable) (transfer none) */
const GError    *comfy_server_jobs_get_error      (ComfyServerJobs *self);
/* (nullable) (transfer none): whose jobs; NULL before the first refresh, and without a key */
ComfyProfile    *comfy_server_jobs_get_profile    (ComfyServerJobs *self);
/* whether the list is of the account that is chosen now */
gboolean         comfy_server_jobs_is_current     (ComfyServerJobs *self);
/* whether comfy_server_jobs_delete_outputs() works, as far as is known */
gboolean         comfy_server_jobs_can_delete     (ComfyServerJobs *self);
/* → TRUE when nothing that the job made is on the server any more; the list says so then */
DexFuture       *comfy_server_jobs_delete_outputs (ComfyServerJobs *self,
                                                   ComfyServerJob  *job) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
