/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sandbox as an object: a thread that runs a SandboxServer, and calls into it. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "comfy-json-private.h"
#include "sandbox-server.h"

struct _ComfySandbox
{
  ComfySandboxOptions  options;
  GThread             *thread;
  GMainContext        *context;  /* the thread's */
  GMainLoop           *loop;     /* runs in the thread */
  SandboxServer       *server;   /* lives in the thread */
  GError              *error;    /* why it did not start */
  char                *v1_url;
  char                *v2_url;
  char                *control_url;
};

/* Something to do in the thread while the caller waits. */
typedef struct
{
  ComfySandbox *self;
  void        (*func) (ComfySandbox *self,
                       gpointer      data);
  gpointer      data;
  GMutex        mutex;
  GCond         cond;
  gboolean      done;
} Call;

static gboolean
call_cb (gpointer data)
{
  Call *call = data;

  call->func (call->self, call->data);

  g_mutex_lock (&call->mutex);
  call->done = TRUE;
  g_cond_signal (&call->cond);
  g_mutex_unlock (&call->mutex);

  return G_SOURCE_REMOVE;
}

static void
call (ComfySandbox *self,
      void        (*func) (ComfySandbox *self,
                           gpointer      data),
      gpointer      data)
{
  Call call = { self, func, data };

  g_mutex_init (&call.mutex);
  g_cond_init (&call.cond);

  g_main_context_invoke (self->context, call_cb, &call);
  g_mutex_lock (&call.mutex);
  while (!call.done)
    g_cond_wait (&call.cond, &call.mutex);
  g_mutex_unlock (&call.mutex);

  g_mutex_clear (&call.mutex);
  g_cond_clear (&call.cond);
}

static void
start (ComfySandbox *self,
       gpointer      data)
{
  self->server = sandbox_server_new (&self->options, &self->error);
}

static void
stop (ComfySandbox *self,
      gpointer      data)
{
  g_clear_pointer (&self->server, sandbox_server_free);
  g_main_loop_quit (self->loop);
}

static gpointer
thread_func (gpointer data)
{
  ComfySandbox *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  /* what was under way, such as a worker's last word */
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static void
fill_in_defaults (ComfySandboxOptions *options)
{
  if (options->responses_path == NULL)
    options->responses_path = g_getenv ("COMFY_SANDBOX_RESPONSES");
  if (options->protocols == 0)
    options->protocols = COMFY_SANDBOX_BOTH;
  if (options->link_seconds == 0)
    options->link_seconds = 3600;
  if (options->retention_seconds == 0)
    options->retention_seconds = 7 * 24 * 60 * 60;
  if (options->request_limit == 0)
    options->request_limit = 600;
  if (options->queue_length == 0)
    options->queue_length = 100;
  if (options->keep_alive_ms == 0)
    options->keep_alive_ms = 15000;
  if (options->upload_limit == 0)
    options->upload_limit = 100 * 1000 * 1000;
  if (options->job_cost == 0)
    options->job_cost = 12950;
}

/**
 * comfy_sandbox_new:
 * @options: what it is to be like; not needed afterwards
 *
 * Starts a sandbox. It listens when this returns.
 *
 * Returns: (transfer full): the sandbox, or %NULL with any error
 */
ComfySandbox *
comfy_sandbox_new (const ComfySandboxOptions  *options,
                   GError                    **error)
{
  ComfySandbox *self = g_new0 (ComfySandbox, 1);

  self->options = *options;
  fill_in_defaults (&self->options);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("comfy-sandbox", thread_func, self);

  call (self, start, NULL);
  if (self->server == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->error));
      comfy_sandbox_free (self);
      return NULL;
    }

  self->v1_url = g_strconcat (self->server->base_url, SANDBOX_V1_PATH, NULL);
  self->v2_url = g_strconcat (self->server->base_url, SANDBOX_V2_PATH, NULL);
  self->control_url = g_strconcat (self->server->base_url, SANDBOX_CONTROL_PATH, NULL);

  return self;
}

/**
 * comfy_sandbox_free:
 *
 * Stops the sandbox, breaks its connections off, and deletes its files.
 */
void
comfy_sandbox_free (ComfySandbox *self)
{
  call (self, stop, NULL);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self->v1_url);
  g_free (self->v2_url);
  g_free (self->control_url);
  g_free (self);
}

/**
 * comfy_sandbox_get_base_url:
 *
 * Returns: (transfer none): the origin of the API, without a slash at the end
 */
const char *
comfy_sandbox_get_base_url (ComfySandbox *self)
{
  return self->server->base_url;
}

/**
 * comfy_sandbox_get_v1_url:
 *
 * Returns: (transfer none): the base URL of Developer API v1
 */
const char *
comfy_sandbox_get_v1_url (ComfySandbox *self)
{
  return self->v1_url;
}

/**
 * comfy_sandbox_get_v2_url:
 *
 * Returns: (transfer none): the base URL of Comfy API v2
 */
const char *
comfy_sandbox_get_v2_url (ComfySandbox *self)
{
  return self->v2_url;
}

/**
 * comfy_sandbox_get_download_url:
 *
 * Returns: (transfer none): the origin of the downloads
 */
const char *
comfy_sandbox_get_download_url (ComfySandbox *self)
{
  return self->server->download_url;
}

/**
 * comfy_sandbox_get_control_url:
 *
 * Returns: (transfer none): what control requests go below
 */
const char *
comfy_sandbox_get_control_url (ComfySandbox *self)
{
  return self->control_url;
}

static void
add_account (ComfySandbox *self,
             gpointer      data)
{
  g_ptr_array_add (self->server->accounts, data);
}

/**
 * comfy_sandbox_add_key:
 * @key: what the account authenticates with
 * @email: of the account; also how the ledger and control requests call it
 * @balance_micros: micros of a dollar
 * @plan: free, standard (one job at a time), creator (three) or pro (five)
 *
 * Adds an account.
 */
void
comfy_sandbox_add_key (ComfySandbox *self,
                       const char   *key,
                       const char   *email,
                       gint64        balance_micros,
                       const char   *plan)
{
  call (self, add_account, sandbox_account_new (key, email, balance_micros, plan));
}

typedef struct
{
  const char *command;
  JsonObject *arguments;
  gboolean    ok;
} Control;

static void
run_control (ComfySandbox *self,
             gpointer      data)
{
  Control *control = data;
  g_autoptr(GError) error = NULL;

  control->ok = sandbox_control_run (self->server, control->command, control->arguments, &error);
  if (!control->ok)
    g_warning ("%s", error->message);
}

/**
 * comfy_sandbox_control:
 * @command: as in POST /_sandbox/COMMAND
 * @json: (nullable): its arguments
 *
 * Does what the control request does; see the README.
 *
 * Returns: whether the command was understood
 */
gboolean
comfy_sandbox_control (ComfySandbox *self,
                       const char   *command,
                       const char   *json)
{
  g_autoptr(JsonNode) node = json_from_string (json != NULL ? json : "{}", NULL);
  Control control = { command, NULL, FALSE };

  g_return_val_if_fail (node != NULL && JSON_NODE_HOLDS_OBJECT (node), FALSE);

  control.arguments = json_node_get_object (node);
  call (self, run_control, &control);

  return control.ok;
}

/**
 * comfy_sandbox_dup_ledger:
 *
 * Returns: (transfer full): everything that was asked and started since the start or the last
 * reset, as a JSON array
 */
char *
comfy_sandbox_dup_ledger (ComfySandbox *self)
{
  return sandbox_ledger_to_json (self->server->ledger);
}

/**
 * comfy_sandbox_count:
 * @what: request, job or job-end
 * @method: (nullable): only requests with that method
 * @path_prefix: (nullable): only requests whose path begins so
 *
 * Returns: how many entries the ledger has, those of unfinished requests too
 */
unsigned int
comfy_sandbox_count (ComfySandbox *self,
                     const char   *what,
                     const char   *method,
                     const char   *path_prefix)
{
  return sandbox_ledger_count (self->server->ledger, what, method, path_prefix);
}

/**
 * comfy_sandbox_wait:
 * @count: how many entries to wait for
 * @timeout_ms: when to give up
 *
 * Blocks until the ledger has so many entries. Not for a thread whose main loop the requests need.
 *
 * Returns: whether it has
 */
gboolean
comfy_sandbox_wait (ComfySandbox *self,
                    const char   *what,
                    const char   *method,
                    const char   *path_prefix,
                    unsigned int  count,
                    unsigned int  timeout_ms)
{
  return sandbox_ledger_wait (self->server->ledger, what, method, path_prefix, count, timeout_ms);
}
