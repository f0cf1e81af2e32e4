/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-server.h"

G_BEGIN_DECLS

/* The protocol's own objects, for answers and events. */
JsonObject *sandbox_v1_job_to_json    (SandboxServer  *server,
                                       SandboxJob     *job);
JsonObject *sandbox_v1_output_to_json (SandboxServer  *server,
                                       SandboxFile    *file);

/* sandbox-v1-graphs.c */
void        sandbox_v1_create_job     (SandboxRequest *request);
void        sandbox_v1_create_batch   (SandboxRequest *request);
void        sandbox_v1_validate       (SandboxRequest *request);

/* sandbox-v1-usage.c */
void        sandbox_v1_add_usage      (SandboxServer  *server,
                                       SandboxJob     *job,
                                       JsonObject     *object);
void        sandbox_v1_reply_usage    (SandboxRequest *request,
                                       const char     *period);

G_END_DECLS
