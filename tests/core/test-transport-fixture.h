/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-call-private.h"
#include "test-server.h"

G_BEGIN_DECLS

/* short enough to be no real key */
#define TEST_KEY "comfyui-test-0123456789"

/* A clock that is ahead as soon as somebody waits */
typedef struct
{
  ComfyClock  clock;
  gint64      now_us;
  GArray     *waits;       /* of gint64: µs, in order */
  gboolean    budget_left; /* FALSE: the budget is over with the first try */
} TestClock;

/* One server, and a transport to it with base URL <server>/api and a key */
typedef struct
{
  TestServer            *server;
  ComfyEndpoint         *endpoint;
  ComfyCredentials      *credentials;
  ComfyTransport        *transport;
  ComfyTransportOptions  options;
  TestClock              clock;
  char                  *folder; /* for files */
} TestFixture;

typedef void (*TestFixtureFunc) (TestFixture *fixture,
                                 const void  *data);

void    test_fixture_init       (int             *argc,
                                 char          ***argv);
void    test_fixture_add        (const char      *path,
                                 TestFixtureFunc  func);
void    fixture_renew_transport (TestFixture     *fixture);
void    fixture_use_url         (TestFixture     *fixture,
                                 const char      *base_url);
void    fixture_set_stall       (TestFixture     *fixture,
                                 unsigned int     stall_ms);
gint64  fixture_get_wait        (TestFixture     *fixture,
                                 unsigned int     i);
GError *fixture_reject          (DexFuture       *future);

G_END_DECLS
