/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-session.h"

G_BEGIN_DECLS

gboolean  comfy_run_target_is_there     (ComfySession *session);
char     *comfy_run_target_describe     (ComfySession *session);
gboolean  comfy_run_target_is_ready     (ComfySession *session);
/* (transfer full) (nullable): what is to be asked before so many jobs are begun */
char     *comfy_run_target_dup_question  (ComfySession *session,
                                          unsigned int  n_jobs);
void      comfy_run_target_give_consent (ComfySession *session);
char     *comfy_run_target_dup_consent  (ComfySession *session,
                                         ComfyAction  *action);
char     *comfy_run_target_dup_consent_again
                                        (ComfySession *session,
                                         const char   *title);

G_END_DECLS
