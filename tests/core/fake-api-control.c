/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a test tells the cloud in memory, and asks it; what the cloud then does is in fake-api.c.
 */
#include "config.h"

#include "fake-api-private.h"

void
fake_api_fail (FakeApi    *self,
               const char *call,
               ComfyError  code,
               gboolean    has_effect)
{
  Reaction *reaction = g_new0 (Reaction, 1);

  reaction->call = g_strdup (call);
  reaction->code = code;
  reaction->has_effect = has_effect;
  g_queue_push_tail (&self->reactions, reaction);
}

void
fake_api_refuse (FakeApi    *self,
                 const char *call,
                 GError     *error)
{
  Reaction *reaction = g_new0 (Reaction, 1);

  reaction->call = g_strdup (call);
  reaction->code = error->code;
  reaction->error = error;
  g_queue_push_tail (&self->reactions, reaction);
}

void
fake_api_hold (FakeApi    *self,
               const char *call)
{
  Reaction *reaction = g_new0 (Reaction, 1);

  reaction->call = g_strdup (call);
  reaction->code = -1;
  reaction->has_effect = TRUE;
  reaction->is_held = TRUE;
  g_queue_push_tail (&self->reactions, reaction);
}

gboolean
fake_api_is_holding (FakeApi *self)
{
  return self->gate != NULL;
}

void
fake_api_let_go (FakeApi *self)
{
  g_autoptr(DexPromise) gate = g_steal_pointer (&self->gate);

  g_assert_nonnull (gate);
  dex_promise_resolve_boolean (gate, TRUE);
}

void
fake_api_set_statuses (FakeApi                 *self,
                       const ComfyRemoteStatus *statuses,
                       unsigned int             n)
{
  g_array_set_size (self->statuses, 0);
  g_array_append_vals (self->statuses, statuses, n);
}

void
fake_api_set_failure (FakeApi    *self,
                      const char *message,
                      const char *node)
{
  g_set_str (&self->failure, message);
  g_set_str (&self->failure_node, node);
}

void
fake_api_set_expires_at (FakeApi *self,
                         gint64   when)
{
  self->expires_at = when;
}

void
fake_api_set_outputs (FakeApi            *self,
                      const char * const *names)
{
  g_strfreev (self->outputs);
  self->outputs = g_strdupv ((char **) names);
}

void
fake_api_forget (FakeApi *self)
{
  g_ptr_array_set_size (self->jobs, 0);
}

void
fake_api_overlook (FakeApi *self)
{
  Reaction *reaction = g_new0 (Reaction, 1);

  reaction->call = g_strdup ("find");
  reaction->code = -1;
  g_queue_push_tail (&self->reactions, reaction);
}

void
fake_api_ignore_cancel (FakeApi *self)
{
  self->ignores_cancel = TRUE;
}

void
fake_api_push (FakeApi        *self,
               ComfyEventKind  kind,
               double          fraction)
{
  for (unsigned int i = 0; i < self->streams->len; i++)
    comfy_event_stream_push (g_ptr_array_index (self->streams, i), kind, fraction);
}

void
fake_api_tell (FakeApi          *self,
               const ComfyEvent *event)
{
  for (unsigned int i = 0; i < self->streams->len; i++)
    comfy_event_stream_take (g_ptr_array_index (self->streams, i), comfy_event_copy (event));
}

unsigned int
fake_api_count (FakeApi    *self,
                const char *call)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, call));
}

unsigned int
fake_api_get_n_jobs (FakeApi *self)
{
  return self->n_jobs;
}

ComfyWorkflow *
fake_api_get_graph (FakeApi *self)
{
  return self->graph;
}

const char *
fake_api_get_key (FakeApi *self)
{
  return self->key;
}

const char *
fake_api_get_content_type (FakeApi *self)
{
  return self->content_type;
}

const char *
fake_api_get_uploaded (FakeApi *self)
{
  return self->uploaded;
}

const char *
fake_api_get_deleted (FakeApi *self)
{
  return self->deleted->str;
}

gboolean
fake_api_has_lent_key (FakeApi *self)
{
  return self->lent_key;
}
