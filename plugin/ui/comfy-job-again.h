/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-session.h"

G_BEGIN_DECLS

/* a new job that asks for the same, in the place of one that has ended; it may cost again */
gboolean comfy_job_again_repeat  (ComfySession *session,
                                  ComfyJob     *job,
                                  GError      **error);
/* whether a job that has stopped can go on, or be asked for again, without a further question */
gboolean comfy_job_again_is_sane (ComfyJob     *job);
/* does so, whichever it is */
gboolean comfy_job_again_try     (ComfySession *session,
                                  ComfyJob     *job,
                                  GError      **error);

G_END_DECLS
