/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * SandboxFaultKind:
 * @SANDBOX_FAULT_STATUS: nothing is done; `status` with an error of the protocol's own shape
 * @SANDBOX_FAULT_HTML: nothing is done; `status` with a page as of a proxy
 * @SANDBOX_FAULT_EMPTY: nothing is done; `status` with no body
 * @SANDBOX_FAULT_FLAT_ERROR: nothing is done; `status` with {"code","message"}
 * @SANDBOX_FAULT_PLAIN_TEXT: nothing is done; `status` with a line of text
 * @SANDBOX_FAULT_GARBAGE: nothing is done; `status` (default 200) with what is no JSON, said to be
 * @SANDBOX_FAULT_RETRY_AFTER: nothing is done; 429 with Retry-After: `retry_after`
 * @SANDBOX_FAULT_REDIRECT: nothing is done; `status` (default 307) to `location`
 * @SANDBOX_FAULT_DELAY: done as ever, but after `ms`
 * @SANDBOX_FAULT_SILENCE: nothing is done and nothing answered, the connection stays open
 * @SANDBOX_FAULT_RESET: nothing is done, the connection is reset
 * @SANDBOX_FAULT_LOSE_REPLY: done as ever, but the connection is reset instead of an answer
 * @SANDBOX_FAULT_CUT: done as ever, but the connection ends after `bytes` of the body (or half)
 *
 * With `events`, silence, garbage and cut are for an event stream: it is opened, so many events go
 * well, and the next one is never said, is no JSON, or ends in its middle.
 */
typedef enum
{
  SANDBOX_FAULT_STATUS,
  SANDBOX_FAULT_HTML,
  SANDBOX_FAULT_EMPTY,
  SANDBOX_FAULT_FLAT_ERROR,
  SANDBOX_FAULT_PLAIN_TEXT,
  SANDBOX_FAULT_GARBAGE,
  SANDBOX_FAULT_RETRY_AFTER,
  SANDBOX_FAULT_REDIRECT,
  SANDBOX_FAULT_DELAY,
  SANDBOX_FAULT_SILENCE,
  SANDBOX_FAULT_RESET,
  SANDBOX_FAULT_LOSE_REPLY,
  SANDBOX_FAULT_CUT
} SandboxFaultKind;

/* How to misbehave on requests to come. */
typedef struct
{
  SandboxFaultKind  kind;
  char             *method;       /* nullable: any */
  char             *path;         /* what the path must begin with */
  char             *except;       /* nullable: what the path must not end with */
  char             *suffix;       /* what it must end with */
  gint64            after;        /* so many fitting requests go well first */
  gint64            count;        /* then so many go wrong; -1: all */
  unsigned int      status;       /* HTTP */
  unsigned int      ms;           /* of a delay */
  gint64            bytes;        /* of a cut; -1: half */
  gint64            events;       /* an event stream goes well for so many; -1: it is no stream */
  char             *retry_after;  /* the header, seconds or a date */
  char             *location;     /* of a redirect */
  char             *code;         /* of an error */
  char             *message;      /* of an error */
} SandboxFault;

SandboxFault *sandbox_fault_new          (JsonObject    *object,
                                          GError       **error);
SandboxFault *sandbox_fault_ref          (SandboxFault  *self);
void          sandbox_fault_unref        (SandboxFault  *self);
const char   *sandbox_fault_get_name     (SandboxFault  *self);
SandboxFault *sandbox_faults_take        (GPtrArray     *faults,
                                          const char    *method,
                                          const char    *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SandboxFault, sandbox_fault_unref)

G_END_DECLS
