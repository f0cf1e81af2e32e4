/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-sandbox.h"
#include "comfy-session.h"
#include "preview-host.h"

G_BEGIN_DECLS

/* The real core over the sandbox, a keyring in a file and an editor without pixels. The sandbox is
 * the environment that actions run on; there is no key yet. */
typedef struct
{
  ComfySandbox  *sandbox;
  FakeHost      *host;
  PreviewHost   *previews; /* the session's host, before the other one */
  ComfySession  *session;
  ComfyEndpoint *endpoint; /* borrowed: "Sandbox" */
  char          *key;      /* owned: one that the sandbox takes */
} SessionFixture;

void          session_fixture_init_process (gboolean        has_keyring);
void          session_fixture_set_up       (SessionFixture *fixture,
                                            gconstpointer   from_environment);
void          session_fixture_tear_down    (SessionFixture *fixture,
                                            gconstpointer   data);

char         *session_fixture_make_key     (const char     *tail);
ComfyProfile *session_fixture_add_profile  (SessionFixture *fixture,
                                            const char     *name,
                                            const char     *key);
ComfyAction  *session_fixture_load_action  (const char     *id);
ComfyAction  *session_fixture_load_test_action
                                           (const char     *id);
ComfyPreview *session_fixture_make_preview (int             width,
                                            int             height,
                                            gboolean        has_selection);
unsigned int  session_fixture_count_keys   (SessionFixture *fixture);

G_END_DECLS
