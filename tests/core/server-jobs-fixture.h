/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-sandbox.h"
#include "comfy-server-jobs.h"
#include "fake-host.h"
#include "test-file-keyring.h"

G_BEGIN_DECLS

/* A session with one key on a sandbox, where other programs have jobs, too */
typedef struct
{
  ComfySandbox *sandbox;
  FakeHost     *host;
  ComfySession *session;
  ComfyProfile *profile;
  ComfyApi     *api;      /* what another program would use */
} ServerJobs;

void            server_jobs_init_process (const char    *folder);
void            server_jobs_set_up       (ServerJobs    *fixture,
                                          gconstpointer  data);
void            server_jobs_tear_down    (ServerJobs    *fixture,
                                          gconstpointer  data);
/* as another process would begin */
void            server_jobs_restart      (ServerJobs    *fixture);
/* (transfer full): a job that another program started, once it has ended; @graph: (nullable) */
ComfyRemoteJob *server_jobs_run          (ServerJobs    *fixture,
                                          const char    *graph,
                                          const char    *tag);
/* by the ledger: what was paid for */
unsigned int    server_jobs_count        (ServerJobs    *fixture);

G_END_DECLS
