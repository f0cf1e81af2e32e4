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

/* one of these names */
static gboolean
has_name (GPtrArray    *names,
          const char   *name,
          unsigned int *out_index)
{
  return g_ptr_array_find_with_equal_func (names, name, g_str_equal, out_index);
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

  return has_name (self->applied, name, NULL);
}

/*
 * _comfy_record_is_discarded:
 * @name: of an output
 *
 * Returns: whether the artist wants to see it no more: it alone, or all of the job
 */
gboolean
_comfy_record_is_discarded (const ComfyRecord *self,
                            const char        *name)
{
  return self->is_discarded || has_name (self->discarded, name, NULL);
}

/* whether the artist has said of each picture what becomes of it: it is in an image, or discarded */
static gboolean
is_settled (const ComfyRecord *self)
{
  g_autoptr(GArray) pictures = _comfy_record_list_pictures (self);

  for (unsigned int i = 0; i < pictures->len; i++)
    {
      const char *name = self->outputs[g_array_index (pictures, unsigned int, i)];

      if (!_comfy_record_is_applied (self, name) && !_comfy_record_is_discarded (self, name))
        return FALSE;
    }

  return TRUE;
}

/* What was waiting for the artist's word ends with it, and waits again when it is taken back. */
static void
set_all_discarded (ComfyRecord *self,
                   gboolean     is_discarded)
{
  if (self->is_discarded == is_discarded)
    return;

  if (is_discarded)
    self->was_ready = self->state == COMFY_STATE_READY;
  else if (self->was_ready)
    self->state = COMFY_STATE_READY;
  if (is_discarded)
    self->state = COMFY_STATE_PLACED;
  else
    self->was_ready = FALSE;
  self->is_discarded = is_discarded;
}

static gboolean
has_discarded_each (const ComfyRecord *self)
{
  g_autoptr(GArray) pictures = _comfy_record_list_pictures (self);

  for (unsigned int i = 0; i < pictures->len; i++)
    if (!has_name (self->discarded, self->outputs[g_array_index (pictures, unsigned int, i)], NULL))
      return FALSE;

  return pictures->len > 0;
}

/*
 * _comfy_record_settle:
 * @self: of a job in %COMFY_STATE_READY or %COMFY_STATE_PLACED
 *
 * After something was said of a picture: the job waits for the artist's word as long as there is a
 * picture of which he has said nothing. One whose last picture goes is discarded as a whole.
 */
void
_comfy_record_settle (ComfyRecord *self)
{
  if (has_discarded_each (self))
    set_all_discarded (self, TRUE);
  if (!self->is_discarded)
    self->state = is_settled (self) ? COMFY_STATE_PLACED : COMFY_STATE_READY;
}

/*
 * _comfy_record_set_discarded:
 * @self: of a job in %COMFY_STATE_READY or %COMFY_STATE_PLACED
 * @name: (nullable): of a picture; %NULL: all of the job
 * @is_discarded: whether the artist wants to see it no more
 *
 * See _comfy_record_settle(). A job of whose pictures any comes back is not discarded as a whole.
 */
void
_comfy_record_set_discarded (ComfyRecord *self,
                             const char  *name,
                             gboolean     is_discarded)
{
  unsigned int i;

  if (name == NULL)
    {
      set_all_discarded (self, is_discarded);
      return;
    }

  if (!is_discarded)
    set_all_discarded (self, FALSE);
  if (is_discarded && !has_name (self->discarded, name, NULL))
    g_ptr_array_add (self->discarded, g_strdup (name));
  else if (!is_discarded && has_name (self->discarded, name, &i))
    g_ptr_array_remove_index (self->discarded, i);

  _comfy_record_settle (self);
}

static JsonArray *
names_to_json (GPtrArray *names)
{
  JsonArray *array = json_array_new ();

  for (unsigned int i = 0; i < names->len; i++)
    json_array_add_string_element (array, g_ptr_array_index (names, i));

  return array;
}

/*
 * _comfy_record_add_pictures:
 * @object: a record that is being written
 */
void
_comfy_record_add_pictures (const ComfyRecord *self,
                            JsonObject        *object)
{
  json_object_set_array_member (object, "applied", names_to_json (self->applied));
  json_object_set_array_member (object, "discarded_outputs", names_to_json (self->discarded));
  json_object_set_boolean_member (object, "discarded", self->is_discarded);
  json_object_set_boolean_member (object, "was_ready", self->was_ready);
}

static void
read_names (GPtrArray  *names,
            JsonObject *object,
            const char *member)
{
  JsonArray *array = comfy_json_get_array (object, member);

  for (unsigned int i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (comfy_json_node_is_string (node))
        g_ptr_array_add (names, g_strdup (json_node_get_string (node)));
    }
}

/*
 * _comfy_record_read_pictures:
 * @object: a record that is being read, maybe of an earlier version, which knew nothing of it
 */
void
_comfy_record_read_pictures (ComfyRecord *self,
                             JsonObject  *object)
{
  read_names (self->applied, object, "applied");
  read_names (self->discarded, object, "discarded_outputs");
  self->is_discarded = comfy_json_get_boolean (object, "discarded", FALSE);
  self->was_ready = comfy_json_get_boolean (object, "was_ready", FALSE);
}
