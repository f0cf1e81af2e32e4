/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-error.h"
#include "comfy-protocol-probe-private.h"
#include "comfy-sandbox.h"
#include "test-future.h"

G_BEGIN_DECLS

#define API_SANDBOX_EMAIL   "a@b.example"
#define API_SANDBOX_BALANCE 1230000

/* An API of a protocol, which is the test's data, against a sandbox of its own */
typedef struct
{
  char           *folder;
  ComfySandbox   *sandbox;
  ComfyTransport *transport;
  ComfyApi       *api;
} ApiSandbox;

void            api_sandbox_set_up    (ApiSandbox    *fixture,
                                       gconstpointer  data);
void            api_sandbox_tear_down (ApiSandbox    *fixture,
                                       gconstpointer  data);
gboolean        api_sandbox_is_v1     (gconstpointer  data);
/* (transfer full): the graph that inverts, with an input of that value uploaded */
ComfyWorkflow  *api_sandbox_prepare   (ApiSandbox    *fixture,
                                       unsigned char  value);
/* (transfer full): the job once it has ended */
ComfyRemoteJob *api_sandbox_finish    (ApiSandbox    *fixture,
                                       const char    *job_id);

G_END_DECLS
