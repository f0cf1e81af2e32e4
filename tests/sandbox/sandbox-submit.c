/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Submissions, one or several at once: what is refused, what it costs. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-workflow-check.h"
#include "comfy-workflow-private.h"
#include "sandbox-engine.h"
#include "sandbox-node.h"

/* ComfyUI's window format gets a code of its own; everything else that is no graph is invalid. */
static ComfyWorkflow *
read_graph (JsonNode       *graph,
            SandboxRefusal *refusal)
{
  g_autoptr(GError) error = NULL;
  ComfyWorkflow *workflow = comfy_workflow_new_from_node (graph, &error);

  if (workflow == NULL)
    {
      refusal->status = 422;
      refusal->code = JSON_NODE_HOLDS_OBJECT (graph)
                      && json_object_has_member (json_node_get_object (graph), "nodes")
                      ? "workflow_format_ui" : "invalid_workflow";
      refusal->message = g_strdup (error->message);
    }

  return workflow;
}

/* Whether the account may have so many jobs more. */
static gboolean
check_account (SandboxEngine  *self,
               SandboxAccount *account,
               unsigned int    n_jobs,
               SandboxRefusal *refusal)
{
  unsigned int slots = sandbox_account_get_slots (account);
  unsigned int n_free = slots - MIN (slots, sandbox_engine_count (self, account, FALSE));

  if (slots == 0)
    {
      refusal->status = 403;
      refusal->code = "forbidden";
      refusal->message = g_strdup ("Subscription required to queue workflows");
    }
  else if (account->balance < self->cost * n_jobs)
    {
      refusal->status = 402;
      refusal->code = "insufficient_credits";
      refusal->message = g_strdup ("Insufficient credits");
    }
  else if (sandbox_engine_count (self, account, TRUE) + n_jobs > self->queue_length + n_free)
    {
      refusal->status = 429;
      refusal->code = "queue_full";
      refusal->message = g_strdup ("The queue is full");
      refusal->retry_after = 1;
    }
  else
    return TRUE;

  return FALSE;
}

static void
record_start (SandboxEngine *self,
              SandboxJob    *job,
              const char    *idempotency_key)
{
  g_autoptr(GBytes) graph = comfy_workflow_to_bytes (job->workflow);
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, graph);
  g_autofree char *tags = job->tags != NULL ? g_strjoinv (",", job->tags) : NULL;
  JsonObject *entry = sandbox_ledger_begin (self->ledger, "job");

  sandbox_ledger_lock (self->ledger);
  json_object_set_string_member (entry, "id", job->id);
  json_object_set_string_member (entry, "account", job->account->email);
  json_object_set_string_member (entry, "tags", tags != NULL ? tags : "");
  json_object_set_string_member (entry, "idempotency_key",
                                 idempotency_key != NULL ? idempotency_key : "");
  if (job->batch_id != NULL)
    json_object_set_string_member (entry, "batch_id", job->batch_id);
  json_object_set_string_member (entry, "graph_sha256", hash);
  /* whether, and never which one */
  json_object_set_boolean_member (entry, "partner_key", job->has_partner_key);
  json_object_set_int_member (entry, "cost", self->cost);
  sandbox_ledger_unlock (self->ledger);
  sandbox_ledger_commit (self->ledger, entry);
}

/**
 * sandbox_engine_check:
 * @graph: as comfy_json_read() made it; kept
 * @roots: (out) (transfer full): the output nodes that would run
 * @refusal: filled when %NULL is returned
 *
 * Returns: (transfer full) (nullable): the graph, when it may run
 */
ComfyWorkflow *
sandbox_engine_check (SandboxEngine   *self,
                      SandboxAccount  *account,
                      JsonNode        *graph,
                      char          ***roots,
                      SandboxRefusal  *refusal)
{
  g_autoptr(ComfyWorkflow) workflow = read_graph (graph, refusal);

  if (workflow == NULL
      || !sandbox_check_graph (workflow, self->table, self->missing, self->store, account, roots,
                               refusal))
    return NULL;

  return g_steal_pointer (&workflow);
}

/* Takes @workflow and @roots, which were checked, and makes a job of them. */
static SandboxJob *
begin_job (SandboxEngine            *self,
           SandboxAccount           *account,
           const SandboxSubmission  *submission,
           ComfyWorkflow            *workflow,
           char                    **roots)
{
  g_autofree char *uuid = g_uuid_string_random ();
  SandboxJob *job = g_new0 (SandboxJob, 1);

  job->id = g_strconcat (submission->id_prefix, uuid, NULL);
  job->engine = self;
  job->account = account;
  job->order = comfy_workflow_dup_order (workflow, (const char *const *) roots, NULL);
  job->roots = roots;
  job->workflow = workflow;
  job->tags = g_strdupv (submission->tags);
  job->batch_id = g_strdup (submission->batch_id);
  job->has_partner_key = submission->has_partner_key;
  job->created = g_date_time_new_now_utc ();
  job->cancellable = g_cancellable_new ();
  job->outputs = g_ptr_array_new ();
  job->previews = sandbox_previews_new ();
  g_ptr_array_add (self->jobs, job);

  account->balance -= self->cost;
  record_start (self, job, submission->idempotency_key);

  return job;
}

/**
 * sandbox_engine_submit:
 * @submissions: what is asked for
 * @n_submissions: how many, at least 1
 * @out_refused: (out) (optional): which of them was refused
 * @refusal: filled when there is no job
 *
 * All of them, or none.
 *
 * Returns: (transfer container) (nullable) (element-type SandboxJob): new jobs, in the ledger and
 *   paid for
 */
GPtrArray *
sandbox_engine_submit (SandboxEngine           *self,
                       SandboxAccount          *account,
                       const SandboxSubmission *submissions,
                       unsigned int             n_submissions,
                       unsigned int            *out_refused,
                       SandboxRefusal          *refusal)
{
  g_autoptr(GPtrArray) workflows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) roots = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  GPtrArray *jobs;

  for (unsigned int i = 0; i < n_submissions; i++)
    {
      char **own_roots = NULL;
      ComfyWorkflow *workflow =
        sandbox_engine_check (self, account, submissions[i].graph, &own_roots, refusal);

      if (workflow == NULL)
        {
          if (out_refused != NULL)
            *out_refused = i;
          return NULL;
        }
      g_ptr_array_add (workflows, workflow);
      g_ptr_array_add (roots, own_roots);
    }
  if (!check_account (self, account, n_submissions, refusal))
    return NULL;

  jobs = g_ptr_array_new ();
  for (unsigned int i = 0; i < n_submissions; i++)
    g_ptr_array_add (jobs, begin_job (self, account, &submissions[i],
                                      g_object_ref (workflows->pdata[i]),
                                      g_strdupv (roots->pdata[i])));
  sandbox_engine_start_waiting (self);

  return jobs;
}
