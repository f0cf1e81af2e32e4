/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-record"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-pick-private.h"
#include "comfy-cost-private.h"
#include "comfy-durable.h"
#include "comfy-error.h"
#include "comfy-json-private.h"
#include "comfy-record-private.h"

#define FILE_NAME "job.json"
#define MAX_BYTES (1024 * 1024)
#define MAX_DEPTH 8

static const char * const nicks[] = {
  "new", "uploading", "submitting", "waiting", "running", "downloading", "ready", "placed",
  "cancelling", "cancelled", "failed", "expired", "unknown",
};
G_STATIC_ASSERT (G_N_ELEMENTS (nicks) == COMFY_N_STATES);

/**
 * comfy_state_is_final:
 *
 * Returns: whether nothing is left to do; %COMFY_STATE_UNKNOWN is not final, because the artist has
 *   to decide
 */
gboolean
comfy_state_is_final (ComfyState state)
{
  return state == COMFY_STATE_PLACED || state == COMFY_STATE_CANCELLED
         || state == COMFY_STATE_FAILED || state == COMFY_STATE_EXPIRED;
}

/**
 * comfy_state_to_nick:
 *
 * Returns: a stable word for files and logs, such as "submitting"
 */
const char *
comfy_state_to_nick (ComfyState state)
{
  g_return_val_if_fail ((unsigned int) state < COMFY_N_STATES, nicks[COMFY_STATE_UNKNOWN]);

  return nicks[state];
}

/* A word that a later version wrote is not understood: asking the artist is right then */
static ComfyState
state_from_nick (const char *nick)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (nicks); i++)
    if (g_strcmp0 (nick, nicks[i]) == 0)
      return (ComfyState) i;

  return COMFY_STATE_UNKNOWN;
}

/*
 * _comfy_record_new:
 * @created: Unix seconds
 *
 * Returns: (transfer full): the record of a job that nothing was done for yet
 */
ComfyRecord *
_comfy_record_new (gint64 created)
{
  ComfyRecord *self = g_new0 (ComfyRecord, 1);

  self->state = COMFY_STATE_NEW;
  self->created = created;
  self->run_ms = -1;
  self->idempotency_key = g_uuid_string_random ();
  self->remote_inputs = g_ptr_array_new_null_terminated (1, g_free, FALSE);
  self->choices = _comfy_picks_from_json (NULL);
  self->uploads = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_upload_free);
  self->applied = g_ptr_array_new_with_free_func (g_free);
  self->discarded = g_ptr_array_new_with_free_func (g_free);

  return self;
}

/*
 * _comfy_record_free:
 * @self: (transfer full): a record
 */
void
_comfy_record_free (ComfyRecord *self)
{
  g_free (self->idempotency_key);
  g_free (self->base_url);
  g_free (self->protocol);
  g_free (self->remote_id);
  g_ptr_array_unref (self->remote_inputs);
  g_ptr_array_unref (self->choices);
  g_ptr_array_unref (self->uploads);
  g_clear_pointer (&self->remote_outputs, g_ptr_array_unref);
  g_strfreev (self->outputs);
  g_ptr_array_unref (self->applied);
  g_ptr_array_unref (self->discarded);
  g_clear_error (&self->error);
  g_free (self);
}

static JsonObject *
error_to_json (const GError *error)
{
  JsonObject *object = json_object_new ();
  const char *detail = comfy_error_get_detail (error);
  const char *server_code = comfy_error_get_server_code (error);
  const char *request_id = comfy_error_get_request_id (error);

  json_object_set_string_member (object, "code", comfy_error_code_to_nick (error->code));
  json_object_set_string_member (object, "message", error->message);
  if (detail != NULL)
    json_object_set_string_member (object, "detail", detail);
  if (comfy_error_get_status (error) != 0)
    json_object_set_int_member (object, "status", comfy_error_get_status (error));
  if (server_code != NULL)
    json_object_set_string_member (object, "server_code", server_code);
  if (request_id != NULL)
    json_object_set_string_member (object, "request_id", request_id);

  return object;
}

static GError *
error_from_json (JsonObject *object)
{
  const char *message = comfy_json_get_string (object, "message");
  GError     *error;

  error = comfy_error_new (comfy_error_code_from_nick (comfy_json_get_string (object, "code")),
                           comfy_json_get_string (object, "detail"),
                           "%s", message != NULL ? message : "");
  comfy_error_set_response (error,
                            json_object_get_int_member_with_default (object, "status", 0),
                            comfy_json_get_string (object, "server_code"),
                            comfy_json_get_string (object, "request_id"));

  return error;
}

/* Without the address: it is short-lived and may open the file to whoever reads it */
static JsonArray *
remote_outputs_to_json (GPtrArray *outputs)
{
  JsonArray *array = json_array_new ();

  for (unsigned int i = 0; i < outputs->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (outputs, i);
      JsonObject              *object = json_object_new ();

      json_object_set_string_member (object, "id", output->id);
      json_object_set_string_member (object, "name", output->name);
      json_object_set_string_member (object, "kind", output->kind);
      if (output->node_id != NULL)
        json_object_set_string_member (object, "node", output->node_id);
      json_object_set_int_member (object, "size", output->size);
      json_array_add_object_element (array, object);
    }

  return array;
}

/* NULL when it is damaged or empty: the server is asked again then */
static GPtrArray *
remote_outputs_from_json (JsonArray *array)
{
  g_autoptr(GPtrArray) outputs = NULL;

  outputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_remote_output_free);
  for (unsigned int i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode          *node = json_array_get_element (array, i);
      JsonObject        *object = NULL;
      ComfyRemoteOutput *output;

      if (JSON_NODE_HOLDS_OBJECT (node))
        object = json_node_get_object (node);
      if (object == NULL || comfy_json_get_string (object, "id") == NULL
          || comfy_json_get_string (object, "name") == NULL
          || comfy_json_get_string (object, "kind") == NULL)
        return NULL;

      output = g_new0 (ComfyRemoteOutput, 1);
      output->id = g_strdup (comfy_json_get_string (object, "id"));
      output->name = g_strdup (comfy_json_get_string (object, "name"));
      output->kind = g_strdup (comfy_json_get_string (object, "kind"));
      output->node_id = g_strdup (comfy_json_get_string (object, "node"));
      output->size = json_object_get_int_member_with_default (object, "size", -1);
      g_ptr_array_add (outputs, output);
    }

  return outputs->len > 0 ? g_steal_pointer (&outputs) : NULL;
}

static JsonArray *
uploads_to_json (GPtrArray *uploads)
{
  JsonArray *array = json_array_new ();

  for (unsigned int i = 0; i < uploads->len; i++)
    {
      const ComfyUpload *upload = g_ptr_array_index (uploads, i);
      JsonObject        *object = json_object_new ();

      json_object_set_string_member (object, "name", upload->name);
      if (upload->id != NULL)
        json_object_set_string_member (object, "id", upload->id);
      json_array_add_object_element (array, object);
    }

  return array;
}

static void
uploads_from_json (GPtrArray *uploads,
                   JsonArray *array)
{
  for (unsigned int i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode   *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = object != NULL ? comfy_json_get_string (object, "name") : NULL;

      if (name != NULL)
        g_ptr_array_add (uploads, comfy_upload_new (name, comfy_json_get_string (object, "id")));
    }
}

/* what was learned of the server, and what lies there */
static void
add_server (JsonObject        *object,
            const ComfyRecord *self)
{
  json_object_set_array_member (object, "files", _comfy_picks_to_json (self->choices));
  json_object_set_boolean_member (object, "plain_results", self->plain_results);
  json_object_set_boolean_member (object, "wants_png", self->wants_png);
  json_object_set_array_member (object, "uploads", uploads_to_json (self->uploads));
  json_object_set_boolean_member (object, "delete_uploads", self->delete_uploads);
  if (self->expires_at != 0)
    json_object_set_int_member (object, "expires_at", self->expires_at);
  if (comfy_cost_is_known (&self->cost))
    json_object_set_object_member (object, "cost", _comfy_cost_to_json (&self->cost));
  if (self->run_ms >= 0)
    json_object_set_int_member (object, "run_ms", self->run_ms);
}

static void
read_server (ComfyRecord *self,
             JsonObject  *object)
{
  g_ptr_array_unref (self->choices);
  self->choices = _comfy_picks_from_json (comfy_json_get_array (object, "files"));
  self->plain_results = comfy_json_get_boolean (object, "plain_results", FALSE);
  self->wants_png = comfy_json_get_boolean (object, "wants_png", FALSE);
  uploads_from_json (self->uploads, comfy_json_get_array (object, "uploads"));
  self->delete_uploads = comfy_json_get_boolean (object, "delete_uploads", FALSE);
  self->expires_at = MAX (comfy_json_get_int (object, "expires_at", 0), 0);
  self->cost = _comfy_cost_from_json (comfy_json_get_object (object, "cost"));
  self->run_ms = MAX (comfy_json_get_int (object, "run_ms", -1), -1);
}

/*
 * _comfy_record_has_kept:
 *
 * Returns: whether it ended with something that is seen in no image, and that the artist has not
 *   put away
 */
gboolean
_comfy_record_has_kept (const ComfyRecord *self)
{
  unsigned int n = self->outputs != NULL ? g_strv_length (self->outputs) : 0;

  if ((self->state != COMFY_STATE_PLACED && self->state != COMFY_STATE_FAILED)
      || self->is_put_away || self->remote_outputs == NULL || n < self->remote_outputs->len)
    return FALSE;

  for (unsigned int i = 0; i < self->remote_outputs->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (self->remote_outputs, i);

      if (!g_str_equal (output->kind, COMFY_REMOTE_KIND_IMAGE))
        return TRUE;
    }

  /* there is something to be said */
  return self->n_left_out > 0;
}

/*
 * _comfy_record_save:
 * @folder: the job's folder
 *
 * Returns: %TRUE once it is on disk; %COMFY_ERROR_STORAGE
 */
gboolean
_comfy_record_save (const ComfyRecord  *self,
                    const char         *folder,
                    GError            **error)
{
  g_autofree char     *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autoptr(JsonNode)  root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(GBytes)    bytes = NULL;
  JsonObject          *object = json_object_new ();
  JsonArray           *inputs = json_array_new ();
  JsonArray           *outputs = json_array_new ();
  GString             *text = g_string_new (NULL);

  for (unsigned int i = 0; i < self->remote_inputs->len; i++)
    {
      const char *name = g_ptr_array_index (self->remote_inputs, i);

      json_array_add_string_element (inputs, name != NULL ? name : "");
    }
  for (unsigned int i = 0; self->outputs != NULL && self->outputs[i] != NULL; i++)
    json_array_add_string_element (outputs, self->outputs[i]);

  json_node_take_object (root, object);
  json_object_set_int_member (object, "version", 1);
  json_object_set_string_member (object, "state", comfy_state_to_nick (self->state));
  json_object_set_int_member (object, "created", self->created);
  json_object_set_int_member (object, "changed", self->changed);
  json_object_set_string_member (object, "idempotency_key", self->idempotency_key);
  if (self->base_url != NULL)
    json_object_set_string_member (object, "base_url", self->base_url);
  if (self->protocol != NULL)
    json_object_set_string_member (object, "protocol", self->protocol);
  json_object_set_int_member (object, "submitted_at", self->submitted_at);
  json_object_set_boolean_member (object, "has_lost_job", self->has_lost_job);
  if (self->remote_id != NULL)
    json_object_set_string_member (object, "remote_id", self->remote_id);
  json_object_set_array_member (object, "remote_inputs", inputs);
  add_server (object, self);
  if (self->remote_outputs != NULL)
    json_object_set_array_member (object, "remote_outputs",
                                  remote_outputs_to_json (self->remote_outputs));
  json_object_set_array_member (object, "outputs", outputs);
  json_object_set_int_member (object, "left_out", self->n_left_out);
  json_object_set_boolean_member (object, "held", self->is_held);
  json_object_set_boolean_member (object, "put_away", self->is_put_away);
  _comfy_record_add_pictures (self, object);
  if (self->error != NULL)
    json_object_set_object_member (object, "error", error_to_json (self->error));

  comfy_json_write (text, root);
  bytes = g_string_free_to_bytes (text);

  return comfy_durable_write (path, bytes, error);
}

static const char *
string_at (JsonArray    *array,
           unsigned int  i)
{
  JsonNode *node = json_array_get_element (array, i);

  return comfy_json_node_is_string (node) ? json_node_get_string (node) : "";
}

static ComfyRecord *
record_from_object (JsonObject *object)
{
  const char             *key = comfy_json_get_string (object, "idempotency_key");
  JsonArray              *inputs = comfy_json_get_array (object, "remote_inputs");
  JsonArray              *remote_outputs = comfy_json_get_array (object, "remote_outputs");
  JsonArray              *outputs = comfy_json_get_array (object, "outputs");
  JsonObject             *error = comfy_json_get_object (object, "error");
  g_autoptr(ComfyRecord)  self = NULL;
  g_autoptr(GPtrArray)    names = g_ptr_array_new_null_terminated (1, g_free, TRUE);

  if (key == NULL)
    return NULL;

  self = _comfy_record_new (json_object_get_int_member_with_default (object, "created", 0));
  self->state = state_from_nick (comfy_json_get_string (object, "state"));
  self->changed = json_object_get_int_member_with_default (object, "changed", 0);
  g_set_str (&self->idempotency_key, key);
  self->base_url = g_strdup (comfy_json_get_string (object, "base_url"));
  self->protocol = g_strdup (comfy_json_get_string (object, "protocol"));
  self->submitted_at = json_object_get_int_member_with_default (object, "submitted_at", 0);
  self->has_lost_job = json_object_get_boolean_member_with_default (object, "has_lost_job", FALSE);
  self->remote_id = g_strdup (comfy_json_get_string (object, "remote_id"));
  if (remote_outputs != NULL)
    self->remote_outputs = remote_outputs_from_json (remote_outputs);
  if (error != NULL)
    self->error = error_from_json (error);
  read_server (self, object);
  self->n_left_out = (unsigned int) CLAMP (comfy_json_get_int (object, "left_out", 0), 0, G_MAXINT);
  self->is_held = comfy_json_get_boolean (object, "held", FALSE);
  self->is_put_away = comfy_json_get_boolean (object, "put_away", FALSE);
  _comfy_record_read_pictures (self, object);

  for (unsigned int i = 0; inputs != NULL && i < json_array_get_length (inputs); i++)
    {
      const char *name = string_at (inputs, i);

      g_ptr_array_add (self->remote_inputs, name[0] != '\0' ? g_strdup (name) : NULL);
    }

  for (unsigned int i = 0; outputs != NULL && i < json_array_get_length (outputs); i++)
    {
      const char *name = string_at (outputs, i);

      if (name[0] == '\0' || strchr (name, '/') != NULL)
        return NULL;
      g_ptr_array_add (names, g_strdup (name));
    }
  if (names->len > 0)
    self->outputs = (char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);

  return g_steal_pointer (&self);
}

/*
 * _comfy_record_read:
 * @folder: the job's folder
 *
 * Returns: (transfer full): the record, or %NULL with %COMFY_ERROR_STORAGE
 */
ComfyRecord *
_comfy_record_read (const char  *folder,
                    GError     **error)
{
  g_autofree char     *path = g_build_filename (folder, FILE_NAME, NULL);
  g_autofree char     *text = NULL;
  g_autoptr(JsonNode)  root = NULL;
  g_autoptr(GError)    local_error = NULL;
  ComfyRecord         *self = NULL;
  size_t               size;

  if (g_file_get_contents (path, &text, &size, &local_error))
    root = comfy_json_read (text, size, MAX_BYTES, MAX_DEPTH, &local_error);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    self = record_from_object (json_node_get_object (root));
  if (self == NULL)
    comfy_set_error (error, COMFY_ERROR_STORAGE,
                     local_error != NULL ? local_error->message : path,
                     _("The record of this job is damaged, so it cannot go on."));

  return self;
}
