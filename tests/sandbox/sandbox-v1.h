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

G_END_DECLS
