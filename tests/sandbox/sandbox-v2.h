/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-server.h"

G_BEGIN_DECLS

/* sandbox-v2-json.c */
JsonObject *sandbox_v2_asset_to_json    (SandboxServer  *server,
                                         SandboxFile    *file);
JsonObject *sandbox_v2_output_to_json   (SandboxServer  *server,
                                         SandboxFile    *file);
JsonObject *sandbox_v2_progress_to_json (SandboxJob     *job);
JsonObject *sandbox_v2_job_to_json      (SandboxServer  *server,
                                         SandboxJob     *job);
const char *sandbox_v2_get_status       (SandboxJob     *job);

/* sandbox-v2.c */
gboolean    sandbox_v2_claim_key        (SandboxRequest *request);
void        sandbox_v2_reply_not_found  (SandboxRequest *request);

/* sandbox-v2-assets.c: → whether the request was one of theirs */
gboolean    sandbox_v2_handle_asset     (SandboxRequest *request);

/* sandbox-events.c */
void        sandbox_events_open         (SandboxRequest *request,
                                         SandboxJob     *job);

G_END_DECLS
