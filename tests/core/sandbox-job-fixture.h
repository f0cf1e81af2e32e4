/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-job-private.h"
#include "comfy-sandbox.h"
#include "comfy-transport-private.h"
#include "fake-host.h"
#include "test-future.h"

G_BEGIN_DECLS

/* A job of the upscaling action, by a real protocol (the test's data, a ComfyProtocol), against a
 * sandbox of its own */
typedef struct
{
  char           *folder;
  ComfySettings  *settings;
  ComfySandbox   *sandbox;
  ComfyTransport *transport;
  ComfyApi       *api;
  ComfyJournal   *journal;
  FakeHost       *host;
  ComfyJob       *job;
} SandboxJob;

void          sandbox_job_set_up         (SandboxJob    *fixture,
                                          gconstpointer  data);
void          sandbox_job_tear_down      (SandboxJob    *fixture,
                                          gconstpointer  data);
/* (transfer full): another job; @kind: of the picture, "png" or "webp" */
ComfyJob     *sandbox_job_new            (SandboxJob    *fixture,
                                          const char    *kind,
                                          gboolean       deep);
/* a job of @graph, JSON, in place of the fixture's; @outputs: (element-type ComfyOutput) */
void          sandbox_job_next_graph     (SandboxJob    *fixture,
                                          const char    *graph,
                                          GPtrArray     *outputs);
/* the same in place of the fixture's job */
void          sandbox_job_next           (SandboxJob    *fixture,
                                          const char    *kind,
                                          gboolean       deep);
/* what the ledger says was begun, and so paid for */
unsigned int  sandbox_job_count          (SandboxJob    *fixture);
void          sandbox_job_control        (SandboxJob    *fixture,
                                          const char    *command,
                                          const char    *format,
                                          ...) G_GNUC_PRINTF (3, 4);
void          sandbox_job_run_to_the_end (SandboxJob    *fixture);
/* by the clock of the transport, so much more time has passed */
void          sandbox_job_pass           (gint64         us);
void          sandbox_job_wait_for_state (ComfyJob      *job,
                                          ComfyState     state);

G_END_DECLS
