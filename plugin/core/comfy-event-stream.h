/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-remote-job.h"

G_BEGIN_DECLS

/**
 * ComfyEventKind:
 * @COMFY_EVENT_CONNECTED: the stream is (again) connected: what happened meanwhile is unknown, so
 *   GET the job now
 * @COMFY_EVENT_PROGRESS: @fraction is known, and where the protocol tells @node, @step and @steps
 * @COMFY_EVENT_CHANGED: the job's status changed, so GET the job now; outputs may be ready
 * @COMFY_EVENT_LOST: the stream is gone for good: poll
 * @COMFY_EVENT_WAITING: the job waits for its turn, at @queue_position
 * @COMFY_EVENT_RUNNING: the job runs
 * @COMFY_EVENT_PREVIEW: @preview is a picture of what is in the making
 */
typedef enum
{
  COMFY_EVENT_CONNECTED,
  COMFY_EVENT_PROGRESS,
  COMFY_EVENT_CHANGED,
  COMFY_EVENT_LOST,
  COMFY_EVENT_WAITING,
  COMFY_EVENT_RUNNING,
  COMFY_EVENT_PREVIEW,
} ComfyEventKind;

typedef struct
{
  ComfyEventKind  kind;
  double          fraction;       /* 0…1 with PROGRESS */
  int             step;           /* with PROGRESS; -1: not told */
  int             steps;          /* with PROGRESS; -1: not told */
  int             queue_position; /* with WAITING, 0 = next; -1: not told */
  char           *node;           /* owned, nullable: with PROGRESS and PREVIEW: the node at work */
  GBytes         *preview;        /* owned, nullable: with PREVIEW: a picture's file */
  char           *content_type;   /* owned, nullable: with PREVIEW: what the server says it is */
} ComfyEvent;

#define COMFY_TYPE_EVENT (comfy_event_get_type ())
GType       comfy_event_get_type    (void);
ComfyEvent *comfy_event_new         (ComfyEventKind    kind);
ComfyEvent *comfy_event_copy        (const ComfyEvent *self);
void        comfy_event_free        (ComfyEvent       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyEvent, comfy_event_free)

/* Hints about one job, pushed by the server. Reconnects by itself with back-off; polling stays the
 * authority. Closed when the last reference goes. */
#define COMFY_TYPE_EVENT_STREAM (comfy_event_stream_get_type ())
G_DECLARE_DERIVABLE_TYPE (ComfyEventStream, comfy_event_stream, COMFY, EVENT_STREAM, GObject)

struct _ComfyEventStreamClass
{
  GObjectClass parent_class;

  DexFuture *(*next) (ComfyEventStream *self);
};

/* → ComfyEvent; never rejects. One reader at a time; a future that is given up loses no event. */
DexFuture *comfy_event_stream_next (ComfyEventStream *self) G_GNUC_WARN_UNUSED_RESULT;
/* for subclasses */
void       comfy_event_stream_push (ComfyEventStream *self,
                                    ComfyEventKind    kind,
                                    double            fraction);
void       comfy_event_stream_take (ComfyEventStream *self,
                                    ComfyEvent       *event);

G_END_DECLS
