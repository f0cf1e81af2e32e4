/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-api.h"
#include "comfy-error.h"

G_BEGIN_DECLS

/* A cloud in memory that does what a test tells it. Jobs go through the statuses it was given, one
 * each time they are asked for. Every call is counted by name: upload, submit, get, find, cancel,
 * watch, download, check, delete. */
#define FAKE_TYPE_API (fake_api_get_type ())
G_DECLARE_FINAL_TYPE (FakeApi, fake_api, FAKE, API, GObject)

FakeApi      *fake_api_new          (ComfyApiFlags            flags);

/* the next call of that name rejects; @has_effect: only the answer is lost */
void          fake_api_fail         (FakeApi                 *self,
                                     const char              *call,
                                     ComfyError               code,
                                     gboolean                 has_effect);
/* the next call of that name has no effect and rejects with @error, which is taken */
void          fake_api_refuse       (FakeApi                 *self,
                                     const char              *call,
                                     GError                  *error);
/* the next call of that name has its effect, and is answered at fake_api_let_go() */
void          fake_api_hold         (FakeApi                 *self,
                                     const char              *call);
void          fake_api_let_go       (FakeApi                 *self);
/* whether a call waits to be let go */
gboolean      fake_api_is_holding   (FakeApi                 *self);
/* what jobs are when asked for, one after the other; the last one stays */
void          fake_api_set_statuses (FakeApi                 *self,
                                     const ComfyRemoteStatus *statuses,
                                     unsigned int             n);
/* what a job that failed says; @node: (nullable) */
void          fake_api_set_failure  (FakeApi                 *self,
                                     const char              *message,
                                     const char              *node);
/* until when the server keeps jobs, in Unix seconds */
void          fake_api_set_expires_at (FakeApi               *self,
                                       gint64                 when);
/* NAME, NODE|NAME, or NODE|NAME|TEXT for a text that comes along with the job; what they are is
 * told by the name's end. Files hold their own name. */
void          fake_api_set_outputs  (FakeApi                 *self,
                                     const char * const      *names);
/* forgets every job and every idempotency key */
void          fake_api_forget       (FakeApi                 *self);
/* the next look for jobs finds none, as of a list that is behind */
void          fake_api_overlook     (FakeApi                 *self);
/* a job that is cancelled finishes all the same */
void          fake_api_ignore_cancel (FakeApi                *self);
/* to every stream that is open */
void          fake_api_push         (FakeApi                 *self,
                                     ComfyEventKind           kind,
                                     double                   fraction);

void          fake_api_tell         (FakeApi                 *self,
                                     const ComfyEvent        *event);
unsigned int  fake_api_count        (FakeApi                 *self,
                                     const char              *call);
/* jobs that were ever begun: what would have been paid for */
unsigned int  fake_api_get_n_jobs   (FakeApi                 *self);
/* the graph that was submitted last */
ComfyWorkflow *fake_api_get_graph   (FakeApi                 *self);
/* the idempotency key of the last submit */
const char   *fake_api_get_key      (FakeApi                 *self);
/* whether the last submit lent the key */
gboolean      fake_api_has_lent_key (FakeApi                 *self);
/* what the last upload said that it is, and the file that it was */
const char   *fake_api_get_content_type (FakeApi             *self);
const char   *fake_api_get_uploaded (FakeApi                 *self);
/* ids of uploads that were deleted, in order, with a blank between */
const char   *fake_api_get_deleted  (FakeApi                 *self);

G_END_DECLS
