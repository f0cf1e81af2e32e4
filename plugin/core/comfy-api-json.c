/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What servers answer, read into plain values. One reader for all protocols: Developer API v1 and
 * Comfy API v2 name the same things differently, and servers differ from their documents, so each
 * member is looked for under every name it is known by, and its type is never taken for granted.
 * Only what nothing can be done without (a job's id and status) makes an answer unusable.
 */
#define G_LOG_DOMAIN "comfy-api-json"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "comfy-api-json-private.h"
#include "comfy-cost-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-response-private.h"

#define MAX_TEXT 500 /* characters of a server's message that are shown */

/**
 * comfy_api_json_set_error:
 * @detail: what was expected, for the log
 *
 * Sets %COMFY_ERROR_PROTOCOL.
 */
void
comfy_api_json_set_error (GError     **error,
                          const char  *detail)
{
  comfy_set_error (error, COMFY_ERROR_PROTOCOL, detail,
                   _("The server gave an answer that cannot be understood. Try again, and check "
                     "the environment's address."));
}

/**
 * comfy_api_json_get_root:
 * @node: (nullable): an answer's body
 *
 * Returns: (transfer none) (nullable): the object it is, %NULL with @error set when it is none
 */
JsonObject *
comfy_api_json_get_root (JsonNode  *node,
                         GError   **error)
{
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);

  comfy_api_json_set_error (error, "the answer is no JSON object");

  return NULL;
}

/**
 * comfy_api_json_get_fraction:
 * @whole: what the number is when all is done: 1, or 100 for percent
 *
 * Returns: the member in 0…1, -1 when it is absent or no number
 */
double
comfy_api_json_get_fraction (JsonObject *object,
                             const char *member,
                             double      whole)
{
  double value = comfy_json_get_double (object, member, NAN);

  return isnan (value) ? -1 : CLAMP (value / whole, 0, 1);
}

/**
 * comfy_api_json_dup_text:
 *
 * A member that is shown to people: one line of bounded length, without what looks like a key.
 *
 * Returns: (transfer full) (nullable): the text, %NULL when there is none
 */
char *
comfy_api_json_dup_text (JsonObject *object,
                         const char *member)
{
  const char      *text = comfy_json_get_string (object, member);
  g_autofree char *shown = text != NULL ? _comfy_redact (text, NULL, MAX_TEXT) : NULL;

  return shown != NULL && shown[0] != '\0' ? g_steal_pointer (&shown) : NULL;
}

/* the first of several names that is there as a non-empty string */
static const char *
get_either (JsonObject *object,
            const char *one,
            const char *other)
{
  const char *value = comfy_json_get_string (object, one);

  if (value == NULL || value[0] == '\0')
    value = comfy_json_get_string (object, other);

  return value != NULL && value[0] != '\0' ? value : NULL;
}

/* (transfer full) (nullable) */
static GDateTime *
dup_time (JsonObject *object,
          const char *member)
{
  const char           *text = comfy_json_get_string (object, member);
  g_autoptr(GTimeZone)  utc = g_time_zone_new_utc ();

  return text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;
}

/**
 * comfy_api_json_get_time:
 *
 * Returns: a member in RFC 3339 as Unix seconds, 0 when it is absent or something else
 */
gint64
comfy_api_json_get_time (JsonObject *object,
                         const char *member)
{
  g_autoptr(GDateTime) time = dup_time (object, member);

  return time != NULL ? g_date_time_to_unix (time) : 0;
}

/* since 1970, 0 when it is absent or something else */
static gint64
get_time_ms (JsonObject *object,
             const char *member)
{
  g_autoptr(GDateTime) time = dup_time (object, member);

  if (time == NULL)
    return 0;

  return g_date_time_to_unix (time) * 1000 + g_date_time_get_microsecond (time) / 1000;
}

/**
 * comfy_account_new_from_json:
 * @node: (nullable): the body of GET /account
 *
 * Returns: (transfer full) (nullable): the account
 *
 * Errors: %COMFY_ERROR_PROTOCOL when it is no object
 */
ComfyAccount *
comfy_account_new_from_json (JsonNode  *node,
                             GError   **error)
{
  JsonObject      *object = comfy_api_json_get_root (node, error);
  g_autofree char *email = NULL;
  JsonNode        *balance;
  ComfyAccount    *self;

  if (object == NULL)
    return NULL;

  email = comfy_api_json_dup_text (object, "email");
  self = comfy_account_new (email);
  balance = json_object_get_member (object, "balance");
  if (balance != NULL && JSON_NODE_HOLDS_VALUE (balance)
      && json_node_get_value_type (balance) == G_TYPE_INT64)
    {
      self->balance_micros = json_node_get_int (balance);
      self->has_balance = TRUE;
    }

  return self;
}

/**
 * comfy_remote_status_from_word:
 * @word: a status of either protocol
 *
 * Returns: the status; a word that no document knows is no end: the job is asked for again
 */
ComfyRemoteStatus
comfy_remote_status_from_word (const char *word)
{
  static const struct { const char *word; ComfyRemoteStatus status; } table[] = {
    { "pending",   COMFY_REMOTE_QUEUED },     /* v1 */
    { "queued",    COMFY_REMOTE_QUEUED },     /* v2 */
    { "running",   COMFY_REMOTE_RUNNING },    /* both */
    { "completed", COMFY_REMOTE_SUCCEEDED },  /* v1 */
    { "succeeded", COMFY_REMOTE_SUCCEEDED },  /* v2 */
    { "failed",    COMFY_REMOTE_FAILED },     /* both */
    { "canceling", COMFY_REMOTE_CANCELLING }, /* v2 */
    { "cancelled", COMFY_REMOTE_CANCELLED },  /* v1 */
    { "canceled",  COMFY_REMOTE_CANCELLED },  /* v2 */
    { "expired",   COMFY_REMOTE_EXPIRED },    /* v2 */
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_ascii_strcasecmp (word, table[i].word) == 0)
      return table[i].status;

  g_debug ("a job's status is of an unknown kind");

  return COMFY_REMOTE_RUNNING;
}

/* Both protocols tell when a job began; where the time is left out, the status has to do. Usage
 * that was counted says that it began whatever else is said. */
static gboolean
read_has_begun (JsonObject        *object,
                ComfyRemoteStatus  status)
{
  JsonObject *usage = comfy_json_get_object (object, "usage");
  JsonArray  *events = usage != NULL ? comfy_json_get_array (usage, "events") : NULL;

  if (comfy_api_json_get_time (object, "started_at") != 0)
    return TRUE;
  if (events != NULL && json_array_get_length (events) > 0)
    return TRUE;

  return status == COMFY_REMOTE_RUNNING || status == COMFY_REMOTE_SUCCEEDED
         || (status == COMFY_REMOTE_FAILED && !json_object_has_member (object, "started_at"));
}

/* v2 counts it; of v1 it is between two times. Waiting for its turn is not part of it. */
static gint64
read_run_ms (JsonObject *object)
{
  JsonObject *metrics = comfy_json_get_object (object, "metrics");
  gint64      counted = metrics != NULL ? comfy_json_get_int (metrics, "execution_ms", -1) : -1;
  gint64      begun = get_time_ms (object, "started_at");
  gint64      ended = get_time_ms (object, "completed_at");

  if (counted >= 0)
    return counted;

  return begun > 0 && ended >= begun ? ended - begun : -1;
}

/* The traceback and the inputs of the node stay unread: they may hold what is nobody's business */
static GError *
read_failure (JsonObject  *object,
              char       **out_node_id)
{
  JsonObject      *failure = comfy_json_get_object (object, "error");
  g_autofree char *message = NULL;
  g_autofree char *class_type = NULL;
  g_autofree char *detail = NULL;
  GError          *error;

  if (failure == NULL)
    return comfy_error_new (COMFY_ERROR_JOB_FAILED, NULL,
                            _("The job failed in the cloud, which did not say why."));

  message = comfy_api_json_dup_text (failure, "message");
  class_type = comfy_api_json_dup_text (failure, "class_type");
  g_set_str (out_node_id, comfy_json_get_string (failure, "node_id"));
  if (*out_node_id != NULL || class_type != NULL)
    detail = g_strdup_printf ("node %s, class %s", *out_node_id != NULL ? *out_node_id : "?",
                              class_type != NULL ? class_type : "?");

  error = comfy_error_new (COMFY_ERROR_JOB_FAILED, detail, _("The job failed in the cloud: %s"),
                           message != NULL ? message : _("it did not say why."));
  comfy_error_set_response (error, 0, get_either (failure, "code", "type"), NULL);

  return error;
}

/* (transfer full) (nullable) */
static char **
dup_tags (JsonObject *object)
{
  JsonArray               *array = comfy_json_get_array (object, "tags");
  g_autoptr(GStrvBuilder)  tags = NULL;

  if (array == NULL)
    return NULL;

  tags = g_strv_builder_new ();
  for (unsigned int i = 0; i < json_array_get_length (array); i++)
    if (comfy_json_node_is_string (json_array_get_element (array, i)))
      g_strv_builder_add (tags, json_array_get_string_element (array, i));

  return g_strv_builder_end (tags);
}

/* (transfer full) (nullable): what a text says, where the server does not make a file of it: one
 * string, or several as ComfyUI's own history has them */
static char *
dup_inline_text (JsonObject *object,
                 const char *kind)
{
  const char              *text = get_either (object, "text", "content");
  JsonArray               *array = comfy_json_get_array (object, "text");
  g_autoptr(GStrvBuilder)  parts = NULL;
  g_auto(GStrv)            strings = NULL;

  if (g_strcmp0 (kind, COMFY_REMOTE_KIND_TEXT) != 0)
    return NULL;
  if (array == NULL)
    return g_strdup (text);

  parts = g_strv_builder_new ();
  for (unsigned int i = 0; i < json_array_get_length (array); i++)
    if (comfy_json_node_is_string (json_array_get_element (array, i)))
      g_strv_builder_add (parts, json_array_get_string_element (array, i));
  strings = g_strv_builder_end (parts);

  return g_strjoinv ("\n", strings);
}

/**
 * comfy_remote_output_new_from_json:
 * @node: (nullable): an Output of either protocol
 *
 * Returns: (transfer full) (nullable): the output
 *
 * Errors: %COMFY_ERROR_PROTOCOL when it has no id, so that it could not be fetched again, and tells
 *   no text
 */
ComfyRemoteOutput *
comfy_remote_output_new_from_json (JsonNode  *node,
                                   GError   **error)
{
  JsonObject        *object = comfy_api_json_get_root (node, error);
  const char        *id = object != NULL ? get_either (object, "id", "id") : NULL;
  const char        *name;
  const char        *kind;
  g_autofree char   *text = NULL;
  ComfyRemoteOutput *self;

  if (object == NULL)
    return NULL;

  kind = get_either (object, "type", "type");
  text = dup_inline_text (object, kind);
  if (id == NULL && text == NULL)
    {
      comfy_api_json_set_error (error, "an output has no id");
      return NULL;
    }

  name = get_either (object, "name", "id");

  self = g_new0 (ComfyRemoteOutput, 1);
  self->id = g_strdup (id != NULL ? id : "");
  self->name = g_strdup (name != NULL ? name : "text.txt");
  self->text = g_steal_pointer (&text);
  self->kind = g_strdup (kind != NULL ? kind : "file");
  self->node_id = g_strdup (get_either (object, "node_id", "node_id"));
  self->content_type = g_strdup (get_either (object, "content_type", "mime_type"));
  self->url = g_strdup (get_either (object, "download_url", "url"));
  self->size = comfy_json_get_int (object, "size_bytes", -1);
  if (self->size < 0)
    self->size = MAX (comfy_json_get_int (object, "size", -1), -1);

  return self;
}

/**
 * comfy_remote_job_add_outputs:
 * @self: a job
 * @array: outputs of either protocol
 *
 * Adds outputs to a job. One that is there already, by its id, is not added again; one that cannot
 * be read is left out, because the others have been paid for too.
 */
void
comfy_remote_job_add_outputs (ComfyRemoteJob *self,
                              JsonArray      *array)
{
  g_autoptr(GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  self->tells_outputs = TRUE;
  for (unsigned int i = 0; i < self->outputs->len; i++)
    g_hash_table_add (known, ((ComfyRemoteOutput *) self->outputs->pdata[i])->id);

  for (unsigned int i = 0; i < json_array_get_length (array); i++)
    {
      g_autoptr(GError)            error = NULL;
      g_autoptr(ComfyRemoteOutput) output =
        comfy_remote_output_new_from_json (json_array_get_element (array, i), &error);

      if (output == NULL)
        {
          g_message ("An output was left out: %s", comfy_error_get_detail (error));
          continue;
        }
      if (g_hash_table_contains (known, output->id))
        continue;

      if (output->id[0] != '\0')
        g_hash_table_add (known, output->id);
      g_ptr_array_add (self->outputs, g_steal_pointer (&output));
    }
}

/**
 * comfy_remote_job_new_from_json:
 * @node: (nullable): a Job of either protocol
 *
 * Returns: (transfer full) (nullable): what it says
 *
 * Errors: %COMFY_ERROR_PROTOCOL when it has no id or no status
 */
ComfyRemoteJob *
comfy_remote_job_new_from_json (JsonNode  *node,
                                GError   **error)
{
  JsonObject                *object = comfy_api_json_get_root (node, error);
  g_autoptr(ComfyRemoteJob)  self = NULL;
  const char                *id;
  const char                *word;
  JsonObject                *progress;
  JsonArray                 *outputs;

  if (object == NULL)
    return NULL;

  id = comfy_json_get_string (object, "id");
  word = comfy_json_get_string (object, "status");
  if (id == NULL || id[0] == '\0' || word == NULL)
    {
      comfy_api_json_set_error (error, "a job without id or status");
      return NULL;
    }

  self = comfy_remote_job_new (id, comfy_remote_status_from_word (word));
  self->has_begun = read_has_begun (object, self->status);
  self->created_at = comfy_api_json_get_time (object, "created_at");
  self->ended_at = comfy_api_json_get_time (object, "completed_at");
  self->tags = dup_tags (object);
  self->expires_at = comfy_api_json_get_time (object, "expires_at");
  self->cost = _comfy_cost_read_usage (comfy_json_get_object (object, "usage"));
  if (comfy_remote_job_is_finished (self))
    self->run_ms = read_run_ms (object);
  self->queue_position = CLAMP (comfy_json_get_int (object, "queue_position", -1), -1, G_MAXINT);

  if ((progress = comfy_json_get_object (object, "progress")) != NULL)
    {
      self->fraction = comfy_api_json_get_fraction (progress, "value", 1);
      self->step = CLAMP (comfy_json_get_int (progress, "step", -1), -1, G_MAXINT);
      self->steps = CLAMP (comfy_json_get_int (progress, "steps", -1), -1, G_MAXINT);
      self->node = g_strdup (comfy_json_get_string (progress, "current_node"));
    }
  if (self->status == COMFY_REMOTE_FAILED)
    self->error = read_failure (object, &self->node);
  if ((outputs = comfy_json_get_array (object, "outputs")) != NULL)
    comfy_remote_job_add_outputs (self, outputs);

  return g_steal_pointer (&self);
}
