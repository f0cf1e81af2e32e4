/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "comfy-sandbox.h"

G_BEGIN_DECLS

#define ALICE "alice@example.org"
#define BOB   "bob@example.org"

/* A sandbox with two accounts, and a client without any cleverness. */
typedef struct
{
  ComfySandbox *sandbox;
  SoupSession  *session;
  char         *alice_key;  /* standard plan, 1 $ */
  char         *bob_key;    /* creator plan, 1 $ */
} Fixture;

/* An answer, or none: then status is 0. */
typedef struct
{
  unsigned int        status;
  GBytes             *body;
  JsonObject         *json;     /* nullable */
  SoupMessageHeaders *headers;
} Reply;

void       reply_clear          (Reply                     *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reply, reply_clear)

void       fixture_start        (Fixture                   *self,
                                 const ComfySandboxOptions *options);
void       fixture_stop         (Fixture                   *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_stop)

Reply      fixture_send         (Fixture                   *self,
                                 const char                *method,
                                 const char                *url,
                                 const char                *key,
                                 const char                *idempotency_key,
                                 const char                *json);
Reply      fixture_send_message (Fixture                   *self,
                                 SoupMessage               *message);
Reply      fixture_upload       (Fixture                   *self,
                                 const char                *url,
                                 const char                *key,
                                 const char                *file_name,
                                 GBytes                    *file,
                                 gboolean                   file_first);
Reply      fixture_upload_with  (Fixture                   *self,
                                 const char                *url,
                                 const char                *key,
                                 const char                *file_name,
                                 GBytes                    *file,
                                 const char *const         *extra,
                                 gboolean                   file_first);
char      *fixture_wait_for_job (Fixture                   *self,
                                 const char                *job_url,
                                 const char                *key);
void       fixture_control      (Fixture                   *self,
                                 const char                *command,
                                 const char                *format,
                                 ...) G_GNUC_PRINTF (3, 4);
const char *reply_get           (const Reply               *reply,
                                 const char                *path);
void       reply_assert_members (JsonObject                *object,
                                 const char *const         *members);

char      *dup_graph            (const char                *name,
                                 const char                *image);
char      *dup_invert_job       (const char                *image);
GBytes    *make_picture         (int                        width,
                                 int                        height,
                                 unsigned int               seed);

G_END_DECLS
