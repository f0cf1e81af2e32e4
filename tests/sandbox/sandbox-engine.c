/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One job from its start to its end; what comes before is in sandbox-queue.c. A job is over when
 * both its time is over and its pictures are computed, so that a sandbox with --job-ms 0 is as fast
 * as its nodes are. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-workflow-check.h"
#include "comfy-workflow-private.h"
#include "sandbox-engine.h"
#include "sandbox-node.h"

/* What a worker thread gets: nothing that the main thread changes. */
typedef struct
{
  ComfyNodeTable *table;
  ComfyWorkflow  *workflow;
  char          **roots;
  GHashTable     *pictures;     /* name in the executed graph → GBytes */
  GPtrArray      *previews;     /* of SandboxPreview */
  gboolean        has_partner_key;
  char           *failed_node_id;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_object_unref (work->table);
  g_object_unref (work->workflow);
  g_strfreev (work->roots);
  g_hash_table_unref (work->pictures);
  g_clear_pointer (&work->previews, g_ptr_array_unref);
  g_free (work->failed_node_id);
  g_free (work);
}

/* Called at every change; the last thing that a function does, as @moved may submit or cancel. */
static void
tell (SandboxJob *job)
{
  job->engine->moved (job, job->engine->moved_data);
}

static void
record_end (SandboxJob *job,
            const char *state)
{
  JsonObject *entry = sandbox_ledger_begin (job->engine->ledger, "job-end");

  sandbox_ledger_lock (job->engine->ledger);
  json_object_set_string_member (entry, "id", job->id);
  json_object_set_string_member (entry, "account", job->account->email);
  json_object_set_string_member (entry, "state", state);
  json_object_set_int_member (entry, "outputs", job->outputs->len);
  sandbox_ledger_unlock (job->engine->ledger);
  sandbox_ledger_commit (job->engine->ledger, entry);
}

static void
clear_timer (SandboxJob *job)
{
  if (job->timer != NULL)
    g_source_destroy (job->timer);
  g_clear_pointer (&job->timer, g_source_unref);
}

/**
 * sandbox_job_end:
 *
 * Ends a job, whatever it is doing, and gives its slot to the next one.
 */
void
sandbox_job_end (SandboxJob      *job,
         SandboxJobState  state)
{
  static const char *const names[] = {
    [SANDBOX_JOB_COMPLETED] = "completed",
    [SANDBOX_JOB_FAILED] = "failed",
    [SANDBOX_JOB_CANCELLED] = "cancelled",
  };
  SandboxEngine *self = job->engine;

  clear_timer (job);
  g_cancellable_cancel (job->cancellable);
  job->state = state;
  job->ended = g_date_time_new_now_utc ();
  record_end (job, names[state]);

  tell (job);
  sandbox_engine_start_waiting (self);
}

/* "{prefix}_{00001}_.png", for some nodes without the last underscore; a folder in the prefix is no
 * part of the name */
static char *
dup_output_name (SandboxAccount     *account,
                 const SandboxSaved *saved)
{
  g_autofree char *base = g_path_get_basename (*saved->prefix != '\0' ? saved->prefix : "ComfyUI");
  int number = GPOINTER_TO_INT (g_hash_table_lookup (account->counters, base)) + 1;

  g_hash_table_insert (account->counters, g_strdup (base), GINT_TO_POINTER (number));
  return g_strdup_printf ("%s_%05d%s%s", base, number, saved->plain ? "" : "_", saved->suffix);
}

static void
keep_outputs (SandboxJob *job)
{
  SandboxStore *store = job->engine->store;
  const char *id_prefix = g_str_has_prefix (job->id, "job_") ? "out_" : "";

  sandbox_results_apply (job->engine->results, job->saved);
  for (unsigned int i = 0; i < job->saved->len; i++)
    {
      const SandboxSaved *saved = g_ptr_array_index (job->saved, i);
      g_autofree char *path = sandbox_store_dup_new_path (store);
      g_autofree char *name = dup_output_name (job->account, saved);
      g_autofree char *hash = sandbox_dup_hash (saved->content);
      g_autoptr(GError) error = NULL;
      SandboxFile *file;

      if (!g_file_set_contents (path, g_bytes_get_data (saved->content, NULL),
                                (gssize) g_bytes_get_size (saved->content), &error))
        g_error ("A result cannot be kept: %s", error->message);

      file = sandbox_store_add (store, job->account, id_prefix, name, path, saved->mime_type, hash);
      file->job_id = g_strdup (job->id);
      file->expires = g_date_time_to_unix (job->created) + job->engine->retention;
      file->node_id = g_strdup (saved->node_id);
      file->temporary = saved->temporary;
      file->tags = g_strdupv (job->tags);
      g_ptr_array_add (job->outputs, file);
    }

  g_clear_pointer (&job->saved, g_ptr_array_unref);
}

/* A preview is shown every second step, or as soon as it is computed. */
static void
show_previews (SandboxJob *job)
{
  while (job->n_shown < job->previews->len && job->step >= 2 * (job->n_shown + 1))
    job->n_shown++;
}

/* Ends the job if both its time and its work are over; else it only moved. */
static void
move_on (SandboxJob *job)
{
  show_previews (job);

  if (!job->computed || job->step < SANDBOX_JOB_STEPS)
    tell (job);
  else if (job->saved == NULL)
    sandbox_job_end (job, SANDBOX_JOB_FAILED);
  else
    {
      keep_outputs (job);
      sandbox_job_end (job, SANDBOX_JOB_COMPLETED);
    }
}

static gboolean
tick_cb (gpointer data)
{
  SandboxJob *job = data;

  /* a running job is cancelled at its next checkpoint */
  if (job->state == SANDBOX_JOB_CANCELLING)
    {
      sandbox_job_end (job, SANDBOX_JOB_CANCELLED);
      return G_SOURCE_REMOVE;
    }

  if (job->engine->held && job->step == SANDBOX_JOB_STEPS - 1)
    return G_SOURCE_CONTINUE;

  /* the timer does not outlive the job */
  if (++job->step == SANDBOX_JOB_STEPS)
    {
      move_on (job);
      return G_SOURCE_REMOVE;
    }

  move_on (job);
  return G_SOURCE_CONTINUE;
}

static GBytes *
load_cb (const char *name,
         gpointer    data)
{
  GBytes *picture = g_hash_table_lookup (((Work *) data)->pictures, name);

  return picture != NULL ? g_bytes_ref (picture) : NULL;
}

/* A node of a partner, where no key came with the job. */
static char *
dup_locked_node (Work *work)
{
  g_auto(GStrv) order =
    comfy_workflow_dup_order (work->workflow, (const char *const *) work->roots, NULL);

  for (unsigned int i = 0; order[i] != NULL && !work->has_partner_key; i++)
    {
      const char *class_type = comfy_workflow_get_class (work->workflow, order[i]);

      if (comfy_node_class_is_partner (comfy_node_table_lookup (work->table, class_type)))
        return g_strdup (order[i]);
    }

  return NULL;
}

static void
work_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Work *work = task_data;
  GError *error = NULL;
  GPtrArray *saved = NULL;

  work->failed_node_id = dup_locked_node (work);
  if (work->failed_node_id != NULL)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                         "Unauthorized: Please login first to use this node");
  else
    saved = sandbox_run_graph (work->workflow, work->table, (const char *const *) work->roots,
                               load_cb, work, cancellable, work->previews, &work->failed_node_id,
                               &error);

  if (saved != NULL)
    g_task_return_pointer (task, saved, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
work_cb (GObject      *source_object,
         GAsyncResult *result,
         gpointer      data)
{
  GTask *task = G_TASK (result);
  Work *work = g_task_get_task_data (task);
  SandboxJob *job = data;
  g_autoptr(GError) error = NULL;
  GPtrArray *saved;

  /* the job is over, or gone altogether */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    return;

  saved = g_task_propagate_pointer (task, &error);
  job->computed = TRUE;
  if (saved != NULL && job->error_message == NULL)
    job->saved = g_steal_pointer (&saved);
  g_clear_pointer (&saved, g_ptr_array_unref);

  if (job->saved == NULL)
    {
      job->error_code = g_strdup ("node_execution_error");
      job->error_node_id = g_steal_pointer (&work->failed_node_id);
      if (job->error_message == NULL)
        job->error_message = g_strdup (error->message);
    }

  g_ptr_array_extend_and_steal (job->previews, g_steal_pointer (&work->previews));
  move_on (job);
}

/* Maps the pictures of all LoadImage nodes, so that the worker needs no store. What runs, and is
 * written into the results, names them by their content, as the cloud does: it does not depend on
 * who refers to them how. */
static GHashTable *
collect_pictures (SandboxJob    *job,
                  ComfyWorkflow *executed)
{
  GHashTable *pictures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                (GDestroyNotify) g_bytes_unref);

  for (unsigned int i = 0; job->order[i] != NULL; i++)
    {
      JsonNode *value = comfy_workflow_get_value (job->workflow, job->order[i], "image");
      SandboxFile *file = value != NULL
                          ? sandbox_find_picture (job->engine->store, job->account, value) : NULL;
      const char *suffix;
      char *name;

      if (file == NULL)
        continue;

      suffix = strrchr (file->name, '.');
      name = g_strconcat (file->hash + strlen ("blake3:"), suffix, NULL);
      comfy_workflow_set_string (executed, job->order[i], "image", name, NULL);
      g_hash_table_insert (pictures, name, sandbox_file_load (file));
    }

  return pictures;
}

/* ComfyUI makes 1.0 of a 1 where a FLOAT is due, so that it does not matter how a client writes
 * it. */
static void
coerce_numbers (ComfyWorkflow  *executed,
                ComfyNodeTable *table,
                char          **order)
{
  for (; *order != NULL; order++)
    {
      const ComfyNodeClass *klass =
        comfy_node_table_lookup (table, comfy_workflow_get_class (executed, *order));
      g_auto(GStrv) inputs = comfy_workflow_dup_inputs (executed, *order);

      for (unsigned int i = 0; inputs[i] != NULL; i++)
        {
          const ComfyNodeInput *input = comfy_node_class_lookup_input (klass, inputs[i]);
          double value;

          if (input != NULL && comfy_node_input_get_kind (input) == COMFY_NODE_INPUT_FLOAT
              && comfy_workflow_get_double (executed, *order, inputs[i], &value))
            comfy_workflow_set_double (executed, *order, inputs[i], value, NULL);
        }
    }
}

/**
 * sandbox_job_start:
 *
 * Gives a pending job its slot.
 */
void
sandbox_job_start (SandboxJob *job)
{
  SandboxEngine *self = job->engine;
  g_autoptr(GTask) task = g_task_new (NULL, job->cancellable, work_cb, job);
  Work *work = g_new0 (Work, 1);

  job->state = SANDBOX_JOB_RUNNING;
  job->started = g_date_time_new_now_utc ();
  job->error_message = g_steal_pointer (&self->next_failure);

  work->table = g_object_ref (self->table);
  work->workflow = comfy_workflow_copy (job->workflow);
  work->roots = g_strdupv (job->roots);
  coerce_numbers (work->workflow, work->table, job->order);
  work->has_partner_key = job->has_partner_key;
  work->pictures = collect_pictures (job, work->workflow);
  work->previews = sandbox_previews_new ();
  g_task_set_task_data (task, work, work_free);
  g_task_set_return_on_cancel (task, FALSE);
  g_task_run_in_thread (task, work_thread);

  job->timer = g_timeout_source_new (self->job_ms / SANDBOX_JOB_STEPS);
  g_source_set_callback (job->timer, tick_cb, job, NULL);
  g_source_attach (job->timer, g_main_context_get_thread_default ());
  tell (job);
}
