/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One job on disk. Whoever has the object holds the job's lock, so that two processes never run the
 * same job.
 */
#define G_LOG_DOMAIN "comfy-journal-entry"

#include "config.h"

#include <unistd.h>

#include "comfy-error.h"
#include "comfy-journal-entry-private.h"

G_DEFINE_FINAL_TYPE (ComfyJournalEntry, comfy_journal_entry, G_TYPE_OBJECT)

static void
comfy_journal_entry_finalize (GObject *object)
{
  ComfyJournalEntry *self = COMFY_JOURNAL_ENTRY (object);

  comfy_journal_entry_release (self);
  g_free (self->id);
  g_free (self->tag);
  g_free (self->folder);
  g_clear_object (&self->request);
  g_clear_pointer (&self->record, _comfy_record_free);

  G_OBJECT_CLASS (comfy_journal_entry_parent_class)->finalize (object);
}

static void
comfy_journal_entry_class_init (ComfyJournalEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_journal_entry_finalize;
}

static void
comfy_journal_entry_init (ComfyJournalEntry *self)
{
  self->lock = -1;
}

/**
 * comfy_journal_entry_get_id:
 *
 * Returns: the job's id on this machine, a UUID
 */
const char *
comfy_journal_entry_get_id (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return self->id;
}

/**
 * comfy_journal_entry_get_folder:
 *
 * Returns: where the job's files lie
 */
const char *
comfy_journal_entry_get_folder (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return self->folder;
}

/**
 * comfy_journal_entry_get_request:
 *
 * Returns: (transfer none): what was asked
 */
ComfyRequest *
comfy_journal_entry_get_request (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return self->request;
}

/**
 * comfy_journal_entry_get_tag:
 *
 * Returns: what the server's list knows the job by: "gimp-" and the id
 */
const char *
comfy_journal_entry_get_tag (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return self->tag;
}

/**
 * comfy_journal_entry_get_state:
 *
 * Returns: how far it got
 */
ComfyState
comfy_journal_entry_get_state (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), COMFY_STATE_UNKNOWN);

  return self->record->state;
}

/**
 * comfy_journal_entry_set_state:
 * @state: how far it got; on disk with the next comfy_journal_entry_commit()
 */
void
comfy_journal_entry_set_state (ComfyJournalEntry *self,
                               ComfyState         state)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  self->record->state = state;
}

/**
 * comfy_journal_entry_get_idempotency_key:
 *
 * Returns: what makes the server see that two submits are one, a UUID
 */
const char *
comfy_journal_entry_get_idempotency_key (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return self->record->idempotency_key;
}

/**
 * comfy_journal_entry_renew_key:
 *
 * Makes a new idempotency key: the next submit is another job, and may cost again.
 */
void
comfy_journal_entry_renew_key (ComfyJournalEntry *self)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  g_free (self->record->idempotency_key);
  self->record->idempotency_key = g_uuid_string_random ();
}

/**
 * comfy_journal_entry_get_base_url:
 *
 * Returns: (nullable): base URL of the server that it was sent to
 */
const char *
comfy_journal_entry_get_base_url (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return self->record->base_url;
}

/**
 * comfy_journal_entry_set_base_url:
 * @base_url: (nullable): base URL of the server that it is sent to
 */
void
comfy_journal_entry_set_base_url (ComfyJournalEntry *self,
                                  const char        *base_url)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  g_set_str (&self->record->base_url, base_url);
}

/**
 * comfy_journal_entry_get_protocol:
 *
 * Returns: (nullable): type name of the ComfyApi that it was sent by
 */
const char *
comfy_journal_entry_get_protocol (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return self->record->protocol;
}

/**
 * comfy_journal_entry_set_protocol:
 * @protocol: (nullable): type name of the ComfyApi that it is sent by
 */
void
comfy_journal_entry_set_protocol (ComfyJournalEntry *self,
                                  const char        *protocol)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  g_set_str (&self->record->protocol, protocol);
}

/**
 * comfy_journal_entry_get_submitted_at:
 *
 * Returns: Unix seconds of the first attempt to submit, 0 before it
 */
gint64
comfy_journal_entry_get_submitted_at (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), 0);

  return self->record->submitted_at;
}

/**
 * comfy_journal_entry_set_submitted_at:
 * @when: Unix seconds; 0: it is certain that no job was made
 */
void
comfy_journal_entry_set_submitted_at (ComfyJournalEntry *self,
                                      gint64             when)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  self->record->submitted_at = when;
}

/**
 * comfy_journal_entry_has_lost_job:
 *
 * Returns: whether an attempt was given up on whose job may exist, and cost
 */
gboolean
comfy_journal_entry_has_lost_job (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), FALSE);

  return self->record->has_lost_job;
}

/**
 * comfy_journal_entry_give_up_attempt:
 *
 * The job may be sent again as if it never had been, although a job of the attempt may exist.
 */
void
comfy_journal_entry_give_up_attempt (ComfyJournalEntry *self)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  self->record->submitted_at = 0;
  self->record->has_lost_job = TRUE;
}

/**
 * comfy_journal_entry_get_remote_id:
 *
 * Returns: (nullable): the server's id of the job
 */
const char *
comfy_journal_entry_get_remote_id (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return self->record->remote_id;
}

/**
 * comfy_journal_entry_set_remote_id:
 * @remote_id: (nullable): the server's id of the job
 */
void
comfy_journal_entry_set_remote_id (ComfyJournalEntry *self,
                                   const char        *remote_id)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  g_set_str (&self->record->remote_id, remote_id);
}

/**
 * comfy_journal_entry_get_remote_input:
 * @i: which input of the request, from 0
 *
 * Returns: (nullable): what the graph calls it, once it is uploaded
 */
const char *
comfy_journal_entry_get_remote_input (ComfyJournalEntry *self,
                                      unsigned int       i)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return i < self->record->remote_inputs->len ? g_ptr_array_index (self->record->remote_inputs, i)
                                              : NULL;
}

/**
 * comfy_journal_entry_set_remote_input:
 * @i: which input of the request, from 0
 * @name: (nullable): what the server called it
 */
void
comfy_journal_entry_set_remote_input (ComfyJournalEntry *self,
                                      unsigned int       i,
                                      const char        *name)
{
  GPtrArray *names;

  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));
  g_return_if_fail (i < comfy_request_get_inputs (self->request)->len);

  names = self->record->remote_inputs;
  if (i >= names->len)
    g_ptr_array_set_size (names, i + 1);
  g_free (names->pdata[i]);
  names->pdata[i] = g_strdup (name);
}

/**
 * comfy_journal_entry_get_remote_outputs:
 *
 * Returns: (transfer none) (nullable) (element-type ComfyRemoteOutput): the pictures that the
 *   job made, once the server has told; after a restart without their addresses
 */
GPtrArray *
comfy_journal_entry_get_remote_outputs (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return self->record->remote_outputs;
}

/**
 * comfy_journal_entry_set_remote_outputs:
 * @outputs: (nullable) (element-type ComfyRemoteOutput): the pictures that the job made; the
 *   reference is taken, and the array not changed any more
 */
void
comfy_journal_entry_set_remote_outputs (ComfyJournalEntry *self,
                                        GPtrArray         *outputs)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  if (outputs != NULL)
    g_ptr_array_ref (outputs);
  g_clear_pointer (&self->record->remote_outputs, g_ptr_array_unref);
  self->record->remote_outputs = outputs;
}

/**
 * comfy_journal_entry_get_outputs:
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): names, in the job's folder, of the
 *   outputs that are complete
 */
const char * const *
comfy_journal_entry_get_outputs (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return (const char * const *) self->record->outputs;
}

/**
 * comfy_journal_entry_set_outputs:
 * @names: (nullable) (array zero-terminated=1): names in the job's folder
 */
void
comfy_journal_entry_set_outputs (ComfyJournalEntry  *self,
                                 const char * const *names)
{
  char **copy;

  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  copy = g_strdupv ((char **) names);
  g_strfreev (self->record->outputs);
  self->record->outputs = copy;
}

/**
 * comfy_journal_entry_get_error:
 *
 * Returns: (nullable): why it ended, or why it does not go on
 */
const GError *
comfy_journal_entry_get_error (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return self->record->error;
}

/**
 * comfy_journal_entry_set_error:
 * @error: (nullable): of COMFY_ERROR's domain: why it ended, or why it does not go on
 */
void
comfy_journal_entry_set_error (ComfyJournalEntry *self,
                               const GError      *error)
{
  GError *copy;

  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));
  g_return_if_fail (error == NULL || error->domain == COMFY_ERROR);

  copy = error != NULL ? g_error_copy (error) : NULL;
  g_clear_error (&self->record->error);
  self->record->error = copy;
}

/**
 * comfy_journal_entry_commit:
 *
 * Makes what was set true on disk before it returns. The caller must still hold the lock.
 *
 * Returns: %FALSE with %COMFY_ERROR_STORAGE set; the disk then still says what it said before
 */
gboolean
comfy_journal_entry_commit (ComfyJournalEntry  *self,
                            GError            **error)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), FALSE);
  g_return_val_if_fail (self->lock >= 0, FALSE);

  self->record->changed = g_get_real_time () / G_USEC_PER_SEC;

  return _comfy_record_save (self->record, self->folder, error);
}

/**
 * comfy_journal_entry_release:
 *
 * Gives the lock up, so that another process can take the job over. Only the object's getters may
 * be used afterwards.
 */
void
comfy_journal_entry_release (ComfyJournalEntry *self)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}
