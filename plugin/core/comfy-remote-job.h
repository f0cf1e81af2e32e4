/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "comfy-cost.h"

G_BEGIN_DECLS

typedef enum
{
  COMFY_REMOTE_QUEUED,
  COMFY_REMOTE_RUNNING,
  COMFY_REMOTE_CANCELLING, /* not an end */
  COMFY_REMOTE_SUCCEEDED,
  COMFY_REMOTE_FAILED,
  COMFY_REMOTE_CANCELLED,
  COMFY_REMOTE_EXPIRED,
} ComfyRemoteStatus;

/* A file that a job made, as the server names it */
typedef struct
{
  char   *id;           /* owned; "" where nothing is to be fetched, since the text came along */
  char   *name;         /* owned: as saved, such as "gimp-9_00001_.png" */
  char   *node_id;      /* owned, nullable where the protocol has none */
  char   *kind;         /* owned: "image", "video", "audio", "text", "file"; or
                         * COMFY_REMOTE_KIND_UNPLACED, which is ours */
  char   *content_type; /* owned, nullable */
  char   *url;          /* owned, nullable: short-lived */
  char   *text;         /* owned, nullable: what a text says, where that comes with the job */
  gint64  size;         /* bytes, -1 when unknown */
} ComfyRemoteOutput;

#define COMFY_REMOTE_KIND_IMAGE    "image"
#define COMFY_REMOTE_KIND_TEXT     "text"
#define COMFY_REMOTE_KIND_UNPLACED "unplaced" /* a picture that no image took: a file to be saved */

#define COMFY_TYPE_REMOTE_OUTPUT (comfy_remote_output_get_type ())
GType              comfy_remote_output_get_type (void);
ComfyRemoteOutput *comfy_remote_output_copy     (const ComfyRemoteOutput *self);
void               comfy_remote_output_free     (ComfyRemoteOutput       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyRemoteOutput, comfy_remote_output_free)

/* What the server says of a job at one moment, whatever the protocol. Reference counted. */
typedef struct
{
  char              *id;             /* owned */
  ComfyRemoteStatus  status;
  double             fraction;       /* 0…1, -1 when the protocol does not tell */
  int                queue_position; /* 0 = next, -1 when the protocol does not tell */
  int                step;           /* -1 when the protocol does not tell */
  int                steps;          /* -1 when the protocol does not tell */
  char              *node;           /* owned, nullable: id of the node at work, or that FAILED */
  gboolean           has_begun;      /* ran at all, as far as is known: a cancelled job may cost */
  GPtrArray         *outputs;        /* of ComfyRemoteOutput; complete when SUCCEEDED */
  gboolean           tells_outputs;  /* the outputs were told, if only that there are none */
  GError            *error;          /* owned, nullable: why it FAILED */
  gint64             created_at;     /* Unix seconds, 0 when not told */
  gint64             ended_at;       /* Unix seconds, 0 until it has ended or when not told */
  char             **tags;           /* owned, nullable: what it was given along, such as ours */
  gint64             expires_at;     /* Unix seconds, 0 when the protocol does not tell */
  ComfyCost          cost;           /* so far; not known when the protocol does not tell */
  gint64             run_ms;         /* how long it ran, -1 until it has ended or when not told */
} ComfyRemoteJob;

#define COMFY_TYPE_REMOTE_JOB (comfy_remote_job_get_type ())
GType           comfy_remote_job_get_type    (void);
ComfyRemoteJob *comfy_remote_job_new         (const char        *id,
                                              ComfyRemoteStatus  status);
ComfyRemoteJob *comfy_remote_job_ref         (ComfyRemoteJob    *self);
void            comfy_remote_job_unref       (ComfyRemoteJob    *self);
gboolean        comfy_remote_job_is_finished (ComfyRemoteJob    *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyRemoteJob, comfy_remote_job_unref)

/* Some of an account's jobs, and where the list goes on. Plain data, boxed. */
typedef struct
{
  GPtrArray *jobs; /* owned, of ComfyRemoteJob, in the server's order */
  char      *next; /* owned, nullable: for the page after this one; NULL: there is none */
} ComfyRemotePage;

#define COMFY_TYPE_REMOTE_PAGE (comfy_remote_page_get_type ())
GType            comfy_remote_page_get_type (void);
ComfyRemotePage *comfy_remote_page_new      (void);
ComfyRemotePage *comfy_remote_page_copy     (const ComfyRemotePage *self);
void             comfy_remote_page_free     (ComfyRemotePage       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyRemotePage, comfy_remote_page_free)

G_END_DECLS
