/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hints about one job that a server pushes. The base class keeps what has been pushed and not been
 * read; a subclass talks to the server and calls comfy_event_stream_take(). Main thread.
 */
#define G_LOG_DOMAIN "comfy-event-stream"

#include "config.h"

#include "comfy-event-stream.h"

typedef struct
{
  GQueue      waiting; /* of ComfyEvent, oldest first */
  DexPromise *reader;  /* owned, nullable: who waits for the next event */
  gboolean    is_lost;
} ComfyEventStreamPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ComfyEventStream, comfy_event_stream, G_TYPE_OBJECT)
G_DEFINE_BOXED_TYPE (ComfyEvent, comfy_event, comfy_event_copy, comfy_event_free)

/**
 * comfy_event_new:
 * @kind: what happened
 *
 * Returns: (transfer full): an event that tells nothing else
 */
ComfyEvent *
comfy_event_new (ComfyEventKind kind)
{
  ComfyEvent *self = g_new0 (ComfyEvent, 1);

  self->kind = kind;
  self->step = -1;
  self->steps = -1;
  self->queue_position = -1;

  return self;
}

/**
 * comfy_event_copy:
 * @self: an event
 *
 * Returns: (transfer full): a copy
 */
ComfyEvent *
comfy_event_copy (const ComfyEvent *self)
{
  ComfyEvent *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->node = g_strdup (self->node);
  copy->preview = self->preview != NULL ? g_bytes_ref (self->preview) : NULL;
  copy->content_type = g_strdup (self->content_type);

  return copy;
}

/**
 * comfy_event_free:
 * @self: (transfer full): an event
 */
void
comfy_event_free (ComfyEvent *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->node);
  g_clear_pointer (&self->preview, g_bytes_unref);
  g_free (self->content_type);
  g_free (self);
}

/* Whether somebody waits. One who raced the stream against a clock and gave up has cancelled the
 * promise: what comes now is kept for the next call. */
static gboolean
has_reader (ComfyEventStreamPrivate *priv)
{
  return priv->reader != NULL && dex_future_is_pending (DEX_FUTURE (priv->reader))
         && !g_cancellable_is_cancelled (dex_promise_get_cancellable (priv->reader));
}

static DexFuture *
comfy_event_stream_real_next (ComfyEventStream *self)
{
  ComfyEventStreamPrivate *priv = comfy_event_stream_get_instance_private (self);
  ComfyEvent              *event = g_queue_pop_head (&priv->waiting);

  if (event == NULL && priv->is_lost)
    event = comfy_event_new (COMFY_EVENT_LOST);
  if (event != NULL)
    return dex_future_new_take_boxed (COMFY_TYPE_EVENT, event);

  if (!has_reader (priv))
    {
      dex_clear (&priv->reader);
      priv->reader = dex_promise_new_cancellable ();
    }

  return dex_ref (DEX_FUTURE (priv->reader));
}

static void
comfy_event_stream_finalize (GObject *object)
{
  ComfyEventStreamPrivate *priv =
    comfy_event_stream_get_instance_private (COMFY_EVENT_STREAM (object));

  /* a future that never ends would keep its fiber for ever */
  if (priv->reader != NULL && dex_future_is_pending (DEX_FUTURE (priv->reader)))
    dex_promise_resolve_boxed (priv->reader, COMFY_TYPE_EVENT, comfy_event_new (COMFY_EVENT_LOST));
  dex_clear (&priv->reader);
  g_queue_clear_full (&priv->waiting, (GDestroyNotify) comfy_event_free);

  G_OBJECT_CLASS (comfy_event_stream_parent_class)->finalize (object);
}

static void
comfy_event_stream_class_init (ComfyEventStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = comfy_event_stream_finalize;
  klass->next = comfy_event_stream_real_next;
}

static void
comfy_event_stream_init (ComfyEventStream *self)
{
  ComfyEventStreamPrivate *priv = comfy_event_stream_get_instance_private (self);

  g_queue_init (&priv->waiting);
}

/**
 * comfy_event_stream_next:
 * @self: a stream
 *
 * The next event, oldest first. A reader that is slow is not told twice of the same thing: of
 * several fractions, and of several previews, it sees the last. After %COMFY_EVENT_LOST every
 * further call resolves to it.
 *
 * One reader at a time. A future may be raced against others: an event is not lost with one that
 * was given up.
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to a #ComfyEvent; never rejects
 */
DexFuture *
comfy_event_stream_next (ComfyEventStream *self)
{
  g_return_val_if_fail (COMFY_IS_EVENT_STREAM (self), NULL);

  return COMFY_EVENT_STREAM_GET_CLASS (self)->next (self);
}

/* What @event makes superfluous: an older preview, wherever it waits, and what is the same as the
 * last but for previews. The one that goes gives its place to no other. */
static void
drop_older (GQueue           *waiting,
            const ComfyEvent *event)
{
  for (GList *link = waiting->tail; link != NULL; link = link->prev)
    {
      ComfyEvent *older = link->data;

      if (older->kind == event->kind)
        {
          g_queue_delete_link (waiting, link);
          comfy_event_free (older);
          return;
        }
      if (older->kind != COMFY_EVENT_PREVIEW && event->kind != COMFY_EVENT_PREVIEW)
        return;
    }
}

/**
 * comfy_event_stream_take:
 * @self: a stream
 * @event: (transfer full): what happened
 *
 * For subclasses: hands an event to the reader. Nothing is taken any more after
 * %COMFY_EVENT_LOST.
 */
void
comfy_event_stream_take (ComfyEventStream *self,
                         ComfyEvent       *event)
{
  ComfyEventStreamPrivate *priv = comfy_event_stream_get_instance_private (self);

  g_return_if_fail (COMFY_IS_EVENT_STREAM (self));
  g_return_if_fail (event != NULL);

  if (priv->is_lost)
    {
      comfy_event_free (event);
      return;
    }

  priv->is_lost = event->kind == COMFY_EVENT_LOST;
  if (has_reader (priv))
    {
      g_autoptr(DexPromise) reader = g_steal_pointer (&priv->reader);

      dex_promise_resolve_boxed (reader, COMFY_TYPE_EVENT, event);
      return;
    }

  drop_older (&priv->waiting, event);
  g_queue_push_tail (&priv->waiting, event);
}

/**
 * comfy_event_stream_push:
 * @self: a stream
 * @kind: what happened
 * @fraction: 0…1 with %COMFY_EVENT_PROGRESS, else ignored
 *
 * For subclasses: comfy_event_stream_take() of an event that tells nothing else.
 */
void
comfy_event_stream_push (ComfyEventStream *self,
                         ComfyEventKind    kind,
                         double            fraction)
{
  ComfyEvent *event = comfy_event_new (kind);

  event->fraction = fraction;
  comfy_event_stream_take (self, event);
}
