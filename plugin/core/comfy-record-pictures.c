/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist said of a job's pictures.
 */
#define G_LOG_DOMAIN "comfy-record"

#include "config.h"

#include "comfy-job-private.h"
#include "comfy-json-private.h"
#include "comfy-record-private.h"

/* (nullable): what the server said of output @i */
static const ComfyRemoteOutput *
get_remote (const ComfyRecord *self,
            unsigned int       i)
{
  return self->remote_outputs != NULL && i < self->remote_outputs->len
           ? g_ptr_array_index (self->remote_outputs, i) : NULL;
}

/*
 * _comfy_record_list_pictures:
 *
 * Returns: (transfer full) (element-type uint): which of the outputs are pictures, from 0. Records
 *   of old told of nothing else
 */
GArray *
_comfy_record_list_pictures (const ComfyRecord *self)
{
  GArray *pictures = g_array_new (FALSE, FALSE, sizeof (unsigned int));

  for (unsigned int i = 0; self->outputs != NULL && self->outputs[i] != NULL; i++)
    {
      const ComfyRemoteOutput *output = get_remote (self, i);

      if (output == NULL || g_str_equal (output->kind, COMFY_REMOTE_KIND_IMAGE))
        g_array_append_val (pictures, i);
    }

  return pictures;
}

/*
 * _comfy_record_is_shown:
 *
 * Returns: whether its result is here, and waits in the history for the artist's word. One without a
 *   picture is in no history, and has to be gone on with
 */
gboolean
_comfy_record_is_shown (const ComfyRecord *self)
{
  g_autoptr(GArray) pictures = NULL;

  if (!self->is_held || self->state != COMFY_STATE_READY)
    return FALSE;

  pictures = _comfy_record_list_pictures (self);

  return pictures->len > 0;
}

/*
 * _comfy_record_make_result:
 * @folder: the job's folder
 * @request: what it asked for
 * @pictures: (element-type uint): which of the outputs
 *
 * Returns: (transfer full): what the editor places, or shows
 */
ComfyResult *
_comfy_record_make_result (const ComfyRecord *self,
                           const char        *folder,
                           ComfyRequest      *request,
                           GArray            *pictures)
{
  g_autofree char         *id = g_path_get_basename (folder);
  g_autoptr(GStrvBuilder)  builder = g_strv_builder_new ();
  g_autofree ComfyOutcome *outcomes = g_new0 (ComfyOutcome, pictures->len);
  g_auto(GStrv)            paths = NULL;

  for (unsigned int i = 0; i < pictures->len; i++)
    {
      unsigned int             k = g_array_index (pictures, unsigned int, i);
      const ComfyRemoteOutput *output = get_remote (self, k);

      g_strv_builder_take (builder, g_build_filename (folder, self->outputs[k], NULL));
      outcomes[i] = output != NULL ? _comfy_job_find_outcome (request, output)
                                   : comfy_request_get_placement (request)->outcome;
    }
  paths = g_strv_builder_end (builder);

  return comfy_result_new_with_outcomes (id, request, folder, (const char * const *) paths,
                                         outcomes);
}

/*
 * _comfy_record_is_applied:
 * @name: of an output
 *
 * Returns: whether it was put into an image
 */
gboolean
_comfy_record_is_applied (const ComfyRecord *self,
                          const char        *name)
{
  if (self->state == COMFY_STATE_PLACED && !self->was_ready && self->applied->len == 0)
    return TRUE;

  return g_ptr_array_find_with_equal_func (self->applied, name, g_str_equal, NULL);
}

/*
 * _comfy_record_add_pictures:
 * @object: a record that is being written
 */
void
_comfy_record_add_pictures (const ComfyRecord *self,
                            JsonObject        *object)
{
  JsonArray *applied = json_array_new ();

  for (unsigned int i = 0; i < self->applied->len; i++)
    json_array_add_string_element (applied, g_ptr_array_index (self->applied, i));
  json_object_set_array_member (object, "applied", applied);
  json_object_set_boolean_member (object, "discarded", self->is_discarded);
  json_object_set_boolean_member (object, "was_ready", self->was_ready);
}

/*
 * _comfy_record_read_pictures:
 * @object: a record that is being read, maybe of an earlier version, which knew nothing of it
 */
void
_comfy_record_read_pictures (ComfyRecord *self,
                             JsonObject  *object)
{
  JsonArray *applied = comfy_json_get_array (object, "applied");

  for (unsigned int i = 0; applied != NULL && i < json_array_get_length (applied); i++)
    {
      JsonNode *node = json_array_get_element (applied, i);

      if (comfy_json_node_is_string (node))
        g_ptr_array_add (self->applied, g_strdup (json_node_get_string (node)));
    }
  self->is_discarded = comfy_json_get_boolean (object, "discarded", FALSE);
  self->was_ready = comfy_json_get_boolean (object, "was_ready", FALSE);
}
