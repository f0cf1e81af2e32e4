/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* A server in the test's own process, on loopback and a free port. Each request takes the next step
 * of its script; everything that it got is recorded. A request without a step fails the test. */
typedef struct _TestServer TestServer;

/* What the server got. Owned by the server. */
typedef struct
{
  char               *method;  /* owned */
  char               *target;  /* owned: path, and query if any */
  SoupMessageHeaders *headers; /* owned */
  GBytes             *body;    /* owned */
} TestRequest;

typedef void (*TestStep) (SoupServerMessage *message,
                          gpointer           data);

TestServer        *test_server_new         (GTlsCertificate *certificate);
void               test_server_free        (TestServer      *self);
void               test_server_wait_for_clients_to_go (TestServer *self);
const char        *test_server_get_url     (TestServer      *self);
char              *test_server_dup_url     (TestServer      *self,
                                            const char      *path);

void               test_server_push        (TestServer      *self,
                                            TestStep         step,
                                            gpointer         data,
                                            GDestroyNotify   destroy);
void               test_server_push_reply  (TestServer      *self,
                                            unsigned int     status,
                                            const char      *body,
                                            ...) G_GNUC_NULL_TERMINATED;
void               test_server_push_bytes  (TestServer      *self,
                                            unsigned int     status,
                                            GBytes          *body,
                                            ...) G_GNUC_NULL_TERMINATED;
void               test_server_push_raw    (TestServer      *self,
                                            const char      *raw);
void               test_server_push_raw_bytes (TestServer   *self,
                                            GBytes          *raw);
void               test_server_push_silence (TestServer     *self);
void               test_server_push_open   (TestServer      *self,
                                            const char      *raw);
void               test_server_say         (TestServer      *self,
                                            unsigned int     i,
                                            const char      *raw);
void               test_server_hang_up     (TestServer      *self,
                                            unsigned int     i);
gboolean           test_server_has_left    (TestServer      *self,
                                            unsigned int     i);
void               test_server_add_websocket (TestServer    *self,
                                            const char      *path);

unsigned int       test_server_get_n       (TestServer      *self);
const TestRequest *test_server_get_request (TestServer      *self,
                                            unsigned int     i);
const char        *test_request_get_header (const TestRequest *request,
                                            const char        *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestServer, test_server_free)

G_END_DECLS
