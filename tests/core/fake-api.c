/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-api-private.h"

/* a stream that says what the test pushes */
#define FAKE_TYPE_STREAM (fake_stream_get_type ())
G_DECLARE_FINAL_TYPE (FakeStream, fake_stream, FAKE, STREAM, ComfyEventStream)

struct _FakeStream
{
  ComfyEventStream parent_instance;
};

G_DEFINE_FINAL_TYPE (FakeStream, fake_stream, COMFY_TYPE_EVENT_STREAM)

static void
fake_stream_class_init (FakeStreamClass *klass)
{
}

static void
fake_stream_init (FakeStream *self)
{
}

static void fake_api_iface_init (ComfyApiInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeApi, fake_api, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (COMFY_TYPE_API, fake_api_iface_init))

static void
reaction_free (Reaction *reaction)
{
  g_free (reaction->call);
  g_clear_error (&reaction->error);
  g_free (reaction);
}

static void
fake_job_free (FakeJob *job)
{
  g_free (job->id);
  g_free (job->tag);
  g_free (job->key);
  g_free (job);
}

/* Counts the call and takes what it was told to do. */
static Reaction *
react (FakeApi    *self,
       const char *call)
{
  Reaction *reaction;

  g_hash_table_insert (self->counts, g_strdup (call),
                       GUINT_TO_POINTER (fake_api_count (self, call) + 1));

  for (GList *link = self->reactions.head; link != NULL; link = link->next)
    {
      reaction = link->data;
      if (g_str_equal (reaction->call, call))
        {
          g_queue_delete_link (&self->reactions, link);
          return reaction;
        }
    }

  reaction = g_new0 (Reaction, 1);
  reaction->code = -1;
  reaction->has_effect = TRUE;

  return reaction;
}

static DexFuture *
answer_now (DexFuture *gate,
            gpointer   data)
{
  return dex_ref (data);
}

/* Takes both: the answer that the call would give, and what it was told to do instead. */
static DexFuture *
answer (FakeApi   *self,
        Reaction  *reaction,
        DexFuture *result)
{
  if (reaction->code >= 0)
    {
      dex_unref (result);
      result = dex_future_new_for_error (
        reaction->error != NULL ? g_steal_pointer (&reaction->error) :
        comfy_error_new (reaction->code, NULL, "%s fails with %s.", reaction->call,
                         comfy_error_code_to_nick (reaction->code)));
    }
  else if (reaction->is_held)
    {
      g_assert (self->gate == NULL);
      self->gate = dex_promise_new ();
      result = dex_future_then (dex_ref (DEX_FUTURE (self->gate)), answer_now, result, dex_unref);
    }

  reaction_free (reaction);

  return result;
}

static FakeJob *
find_job (FakeApi    *self,
          const char *id)
{
  for (unsigned int i = 0; i < self->jobs->len; i++)
    {
      FakeJob *job = g_ptr_array_index (self->jobs, i);

      if (g_str_equal (job->id, id))
        return job;
    }

  return NULL;
}

static ComfyRemoteStatus
status_of (FakeApi *self,
           FakeJob *job)
{
  unsigned int i = MIN (job->n_asked, self->statuses->len - 1);

  return job->is_cancelled ? COMFY_REMOTE_CANCELLED
                           : g_array_index (self->statuses, ComfyRemoteStatus, i);
}

static const char *
get_kind (const char *name)
{
  static const struct
  {
    const char *suffix;
    const char *kind;
  } kinds[] = {
    { ".txt", "text" }, { ".mp4", "video" }, { ".flac", "audio" }, { ".bin", "file" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_suffix (name, kinds[i].suffix))
      return kinds[i].kind;

  return "image";
}

static ComfyRemoteOutput *
describe_output (const char   *description,
                 unsigned int  i)
{
  g_auto(GStrv)      parts = g_strsplit (description, "|", 3);
  unsigned int       n = g_strv_length (parts);
  ComfyRemoteOutput *output = g_new0 (ComfyRemoteOutput, 1);

  output->id = g_strdup_printf ("output-%u", i);
  output->node_id = n > 1 ? g_strdup (parts[0]) : NULL;
  output->name = g_strdup (n > 1 ? parts[1] : description);
  output->text = n > 2 ? g_strdup (parts[2]) : NULL;
  output->kind = g_strdup (get_kind (output->name));
  output->size = -1;

  return output;
}

static ComfyRemoteJob *
describe (FakeApi *self,
          FakeJob *job)
{
  ComfyRemoteJob *remote = comfy_remote_job_new (job->id, status_of (self, job));

  job->has_begun |= remote->status == COMFY_REMOTE_RUNNING;
  remote->has_begun = job->has_begun;
  remote->expires_at = self->expires_at;
  if (remote->status == COMFY_REMOTE_FAILED && self->failure != NULL)
    {
      remote->error = comfy_error_new (COMFY_ERROR_JOB_FAILED, NULL, "%s", self->failure);
      remote->node = g_strdup (self->failure_node);
    }
  for (unsigned int i = 0; remote->status == COMFY_REMOTE_SUCCEEDED && self->outputs[i]; i++)
    g_ptr_array_add (remote->outputs, describe_output (self->outputs[i], i));

  return remote;
}

static DexFuture *
take_remote (ComfyRemoteJob *remote)
{
  return dex_future_new_take_boxed (COMFY_TYPE_REMOTE_JOB, remote);
}

static DexFuture *
reject_not_found (void)
{
  return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_NOT_FOUND, NULL,
                                                    "There is no such job."));
}

static ComfyApiFlags
fake_api_get_flags (ComfyApi *api)
{
  return FAKE_API (api)->flags;
}

static DexFuture *
fake_api_upload (ComfyApi      *api,
                 const char    *path,
                 const char    *file_name,
                 const char    *content_type,
                 ComfyProgress *progress)
{
  FakeApi         *self = FAKE_API (api);
  Reaction        *reaction = react (self, "upload");
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;

  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  comfy_progress_set_bytes (progress, 1, 2);
  g_set_str (&self->content_type, content_type);
  g_set_str (&self->uploaded, path);
  name = g_strconcat ("remote-", file_name, NULL);
  id = g_strdup_printf ("id-%u", fake_api_count (self, "upload"));

  return answer (self, reaction, dex_future_new_take_boxed (COMFY_TYPE_UPLOAD,
                                                            comfy_upload_new (name, id)));
}

static DexFuture *
fake_api_check_upload (ComfyApi          *api,
                       const ComfyUpload *upload)
{
  FakeApi *self = FAKE_API (api);

  return answer (self, react (self, "check"),
                 dex_future_new_take_boxed (COMFY_TYPE_UPLOAD, comfy_upload_copy (upload)));
}

static DexFuture *
fake_api_delete_upload (ComfyApi   *api,
                        const char *upload_id)
{
  FakeApi  *self = FAKE_API (api);
  Reaction *reaction = react (self, "delete");

  if (reaction->has_effect)
    g_string_append_printf (self->deleted, "%s%s", self->deleted->len > 0 ? " " : "", upload_id);

  return answer (self, reaction, dex_future_new_for_boolean (TRUE));
}

static FakeJob *
begin_job (FakeApi    *self,
           const char *tag,
           const char *key)
{
  FakeJob *job;

  for (unsigned int i = 0; (self->flags & COMFY_API_REPLAY) != 0 && i < self->jobs->len; i++)
    {
      job = g_ptr_array_index (self->jobs, i);
      if (g_str_equal (job->key, key))
        return job;
    }

  job = g_new0 (FakeJob, 1);
  job->id = g_strdup_printf ("job-%u", ++self->n_jobs);
  job->tag = g_strdup (tag);
  job->key = g_strdup (key);
  g_ptr_array_add (self->jobs, job);

  return job;
}

static DexFuture *
fake_api_submit (ComfyApi      *api,
                 ComfyWorkflow *workflow,
                 const char    *tag,
                 const char    *key,
                 gboolean       lends_key)
{
  FakeApi   *self = FAKE_API (api);
  Reaction  *reaction = react (self, "submit");
  DexFuture *result;

  g_set_object (&self->graph, workflow);
  g_set_str (&self->key, key);
  self->lent_key = lends_key;
  if (reaction->has_effect)
    result = take_remote (comfy_remote_job_new (begin_job (self, tag, key)->id,
                                                COMFY_REMOTE_QUEUED));
  else
    result = reject_not_found ();

  return answer (self, reaction, result);
}

static DexFuture *
fake_api_get_job (ComfyApi   *api,
                  const char *job_id)
{
  FakeApi        *self = FAKE_API (api);
  Reaction       *reaction = react (self, "get");
  FakeJob        *job = find_job (self, job_id);
  ComfyRemoteJob *remote;

  if (job == NULL || reaction->code >= 0)
    return answer (self, reaction, reject_not_found ());

  remote = describe (self, job);
  job->n_asked++;

  return answer (self, reaction, take_remote (remote));
}

static DexFuture *
fake_api_find_jobs (ComfyApi   *api,
                    const char *tag)
{
  FakeApi   *self = FAKE_API (api);
  Reaction  *reaction = react (self, "find");
  GPtrArray *found;

  found = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_remote_job_unref);
  for (unsigned int i = 0; reaction->has_effect && i < self->jobs->len; i++)
    {
      FakeJob *job = g_ptr_array_index (self->jobs, i);

      if (g_str_equal (job->tag, tag))
        g_ptr_array_add (found, describe (self, job));
    }

  return answer (self, reaction, dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, found));
}

static DexFuture *
fake_api_cancel (ComfyApi   *api,
                 const char *job_id)
{
  FakeApi  *self = FAKE_API (api);
  Reaction *reaction = react (self, "cancel");
  FakeJob  *job = find_job (self, job_id);

  if (job == NULL)
    return answer (self, reaction, reject_not_found ());

  if (reaction->has_effect && !self->ignores_cancel)
    job->is_cancelled = TRUE;

  return answer (self, reaction, take_remote (describe (self, job)));
}

static DexFuture *
fake_api_watch (ComfyApi   *api,
                const char *job_id)
{
  FakeApi    *self = FAKE_API (api);
  Reaction   *reaction = react (self, "watch");
  FakeStream *stream = g_object_new (FAKE_TYPE_STREAM, NULL);

  g_ptr_array_add (self->streams, g_object_ref (stream));

  return answer (self, reaction, dex_future_new_take_object (stream));
}

static DexFuture *
fake_api_download (ComfyApi                *api,
                   const ComfyRemoteOutput *output,
                   const char              *path,
                   ComfyProgress           *progress)
{
  FakeApi  *self = FAKE_API (api);
  Reaction *reaction = react (self, "download");

  if (reaction->has_effect)
    g_assert_true (g_file_set_contents (path, output->name, -1, NULL));
  comfy_progress_set_bytes (progress, 1, 2);

  return answer (self, reaction, dex_future_new_for_boolean (TRUE));
}

static void
fake_api_iface_init (ComfyApiInterface *iface)
{
  iface->get_flags = fake_api_get_flags;
  iface->upload = fake_api_upload;
  iface->check_upload = fake_api_check_upload;
  iface->delete_upload = fake_api_delete_upload;
  iface->submit = fake_api_submit;
  iface->get_job = fake_api_get_job;
  iface->find_jobs = fake_api_find_jobs;
  iface->cancel = fake_api_cancel;
  iface->watch = fake_api_watch;
  iface->download = fake_api_download;
}

static void
fake_api_finalize (GObject *object)
{
  FakeApi *self = FAKE_API (object);

  g_queue_clear_full (&self->reactions, (GDestroyNotify) reaction_free);
  g_ptr_array_unref (self->jobs);
  g_ptr_array_unref (self->streams);
  g_hash_table_unref (self->counts);
  g_array_unref (self->statuses);
  g_strfreev (self->outputs);
  g_free (self->failure);
  g_free (self->failure_node);
  g_clear_object (&self->graph);
  g_free (self->key);
  g_free (self->content_type);
  g_free (self->uploaded);
  g_string_free (self->deleted, TRUE);
  dex_clear (&self->gate);

  G_OBJECT_CLASS (fake_api_parent_class)->finalize (object);
}

static void
fake_api_class_init (FakeApiClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_api_finalize;
}

static void
fake_api_init (FakeApi *self)
{
  const ComfyRemoteStatus  statuses[] = { COMFY_REMOTE_QUEUED, COMFY_REMOTE_RUNNING,
                                          COMFY_REMOTE_SUCCEEDED };
  const char * const       outputs[] = { "gimp-9_00001_.png", NULL };

  g_queue_init (&self->reactions);
  self->deleted = g_string_new (NULL);
  self->jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) fake_job_free);
  self->streams = g_ptr_array_new_with_free_func (g_object_unref);
  self->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->statuses = g_array_new (FALSE, FALSE, sizeof (ComfyRemoteStatus));
  fake_api_set_statuses (self, statuses, G_N_ELEMENTS (statuses));
  fake_api_set_outputs (self, outputs);
}

FakeApi *
fake_api_new (ComfyApiFlags flags)
{
  FakeApi *self = g_object_new (FAKE_TYPE_API, NULL);

  self->flags = flags;

  return self;
}
