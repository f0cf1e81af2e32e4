/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal as it is read by people. There may be hundreds of jobs, so it is read on a thread,
 * and of each only what is shown in a line or two.
 */
#define G_LOG_DOMAIN "comfy-journal"

#include "config.h"

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-folder-lock.h"
#include "comfy-json-private.h"
#include "comfy-past-job.h"
#include "comfy-record-private.h"

#define MAX_BYTES (1024 * 1024)
#define MAX_DEPTH 8

G_DEFINE_BOXED_TYPE (ComfyPastJob, comfy_past_job, comfy_past_job_copy, comfy_past_job_free)

/**
 * comfy_past_job_copy:
 * @self: a job
 *
 * Returns: (transfer full): a deep copy
 */
ComfyPastJob *
comfy_past_job_copy (const ComfyPastJob *self)
{
  ComfyPastJob *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->id = g_strdup (self->id);
  copy->title = g_strdup (self->title);
  copy->model = g_strdup (self->model);
  copy->prompt = g_strdup (self->prompt);
  copy->profile_id = g_strdup (self->profile_id);
  copy->error = self->error != NULL ? g_error_copy (self->error) : NULL;

  return copy;
}

/**
 * comfy_past_job_free:
 * @self: (transfer full): a job
 */
void
comfy_past_job_free (ComfyPastJob *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->id);
  g_free (self->title);
  g_free (self->model);
  g_free (self->prompt);
  g_free (self->profile_id);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * comfy_past_job_is_finished:
 * @self: a job
 *
 * Returns: whether nothing more will become of it
 */
gboolean
comfy_past_job_is_finished (const ComfyPastJob *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return comfy_state_is_final (self->state);
}

/* what was asked never changes, and every change has its time and state */
static gboolean
is_same (const ComfyPastJob *one,
         const ComfyPastJob *other)
{
  return g_str_equal (one->id, other->id) && one->state == other->state
         && one->changed == other->changed && one->has_kept == other->has_kept
         && one->is_shown == other->is_shown && comfy_cost_is_same (&one->cost, &other->cost);
}

/**
 * comfy_past_jobs_are_same:
 * @one: (element-type ComfyPastJob): some jobs
 * @other: (element-type ComfyPastJob): some jobs
 *
 * Returns: whether both are the same jobs in the same order, and nothing has become of any
 */
gboolean
comfy_past_jobs_are_same (GPtrArray *one,
                          GPtrArray *other)
{
  g_return_val_if_fail (one != NULL && other != NULL, FALSE);

  for (unsigned int i = 0; i < one->len && i < other->len; i++)
    if (!is_same (one->pdata[i], other->pdata[i]))
      return FALSE;

  return one->len == other->len;
}

/* the words of what was asked; FALSE when there are none */
static gboolean
read_words (ComfyPastJob *self,
            const char   *folder)
{
  g_autofree char     *path = g_build_filename (folder, "request.json", NULL);
  g_autofree char     *text = NULL;
  g_autoptr(JsonNode)  root = NULL;
  JsonObject          *object;
  size_t               size;

  if (!g_file_get_contents (path, &text, &size, NULL))
    return FALSE;
  root = comfy_json_read (text, size, MAX_BYTES, MAX_DEPTH, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return FALSE;

  object = json_node_get_object (root);
  self->title = g_strdup (comfy_json_get_string (object, "title"));
  self->model = g_strdup (comfy_json_get_string (object, "model"));
  self->prompt = g_strdup (comfy_json_get_string (object, "prompt"));
  self->profile_id = g_strdup (comfy_json_get_string (object, "profile"));
  self->is_remote = comfy_json_get_string (object, "remote_id") != NULL;

  return self->title != NULL && self->profile_id != NULL;
}

static gboolean
has_pictures (const ComfyRecord *record)
{
  unsigned int n = record->outputs != NULL ? g_strv_length (record->outputs) : 0;

  if ((record->state != COMFY_STATE_READY && record->state != COMFY_STATE_PLACED)
      || record->remote_outputs == NULL || n < record->remote_outputs->len)
    return FALSE;

  for (unsigned int i = 0; i < record->remote_outputs->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (record->remote_outputs, i);

      if (g_str_equal (output->kind, COMFY_REMOTE_KIND_IMAGE))
        return TRUE;
    }

  return FALSE;
}

/* (transfer full) (nullable): one that cannot be read is left alone */
static ComfyPastJob *
read_job (const char *folder,
          const char *id)
{
  g_autoptr(ComfyRecord)   record = NULL;
  g_autoptr(ComfyPastJob)  self = NULL;
  g_autoptr(GError)        error = NULL;

  record = _comfy_record_read (folder, &error);
  if (record == NULL)
    {
      g_message ("The job %s is not shown: %s", id, comfy_error_get_detail (error));
      return NULL;
    }

  self = g_new0 (ComfyPastJob, 1);
  self->id = g_strdup (id);
  if (!read_words (self, folder))
    return NULL;

  self->state = record->state;
  self->was_sent = record->submitted_at != 0;
  self->has_pictures = has_pictures (record);
  self->is_shown = _comfy_record_is_shown (record);
  self->has_kept = _comfy_record_has_kept (record);
  self->created = record->created;
  self->changed = record->changed;
  self->expires_at = record->expires_at;
  self->cost = record->cost;
  self->error = g_steal_pointer (&record->error);

  return g_steal_pointer (&self);
}

static int
compare_created (gconstpointer a,
                 gconstpointer b)
{
  const ComfyPastJob *one = *(ComfyPastJob * const *) a;
  const ComfyPastJob *two = *(ComfyPastJob * const *) b;

  if (one->created != two->created)
    return one->created > two->created ? -1 : 1;

  return g_strcmp0 (one->id, two->id);
}

/* the arguments of find_thread(), and what it finds */
typedef struct
{
  gatomicrefcount  ref_count;
  char            *folder; /* owned */
  GPtrArray       *jobs;   /* owned, of ComfyPastJob */
} Find;

static void
find_unref (gpointer data)
{
  Find *find = data;

  if (!g_atomic_ref_count_dec (&find->ref_count))
    return;

  g_free (find->folder);
  g_ptr_array_unref (find->jobs);
  g_free (find);
}

static Find *
find_ref (Find *find)
{
  g_atomic_ref_count_inc (&find->ref_count);

  return find;
}

static gboolean
find_thread (gpointer   data,
             GError   **error)
{
  Find            *find = data;
  g_autoptr(GDir)  dir = g_dir_open (find->folder, 0, NULL);
  const char      *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (find->folder, name, NULL);
      ComfyPastJob    *job = NULL;

      if (g_uuid_string_is_valid (name) && !comfy_folder_lock_is_held (folder))
        job = read_job (folder, name);
      if (job != NULL)
        g_ptr_array_add (find->jobs, job);
    }
  g_ptr_array_sort (find->jobs, compare_created);

  return TRUE;
}

static DexFuture *
found_cb (DexFuture *done,
          gpointer   data)
{
  Find *find = data;

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_ptr_array_ref (find->jobs));
}

/**
 * comfy_past_job_find_all:
 * @journal: the jobs on disk
 *
 * Reads what there is, on a thread. Another process may take one up before the caller does; one
 * that cannot be read is not among them, but stays on disk.
 *
 * Returns: (transfer full): a future of a #GPtrArray of #ComfyPastJob, the newest first; dropping
 *   it is fine
 */
DexFuture *
comfy_past_job_find_all (ComfyJournal *journal)
{
  Find *find;

  g_return_val_if_fail (COMFY_IS_JOURNAL (journal), NULL);

  find = g_new0 (Find, 1);
  g_atomic_ref_count_init (&find->ref_count);
  find->folder = g_strdup (comfy_journal_get_folder (journal));
  find->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_past_job_free);

  return dex_future_then (_comfy_run_in_thread (find_thread, find_ref (find), find_unref),
                          found_cb, find, find_unref);
}
