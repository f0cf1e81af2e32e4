/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a job learned of its server on the way, and what it left there. On disk with the next
 * comfy_journal_entry_commit(), as everything.
 */
#define G_LOG_DOMAIN "comfy-journal-entry"

#include "config.h"

#include "comfy-pick-private.h"
#include "comfy-journal-entry-private.h"

static ComfyPick *
get_choice (ComfyJournalEntry *self,
            unsigned int       i)
{
  GPtrArray *choices = self->record->choices;

  while (choices->len <= i)
    g_ptr_array_add (choices, _comfy_pick_new ());

  return g_ptr_array_index (choices, i);
}

/**
 * comfy_journal_entry_get_file:
 * @i: which loader of the request, from 0
 *
 * Returns: (nullable): the file that stands in it instead of the graph's own
 */
const char *
comfy_journal_entry_get_file (ComfyJournalEntry *self,
                              unsigned int       i)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return i < self->record->choices->len ? get_choice (self, i)->file : NULL;
}

/**
 * comfy_journal_entry_set_file:
 * @i: which loader of the request, from 0
 * @file: the file that stands in it from now on
 */
void
comfy_journal_entry_set_file (ComfyJournalEntry *self,
                              unsigned int       i,
                              const char        *file)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));
  g_return_if_fail (i < comfy_request_get_loaders (self->request)->len);

  g_set_str (&get_choice (self, i)->file, file);
}

/**
 * comfy_journal_entry_has_refused:
 * @i: which loader of the request, from 0
 * @file: a file
 *
 * Returns: whether the server said that it does not have it
 */
gboolean
comfy_journal_entry_has_refused (ComfyJournalEntry *self,
                                 unsigned int       i,
                                 const char        *file)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), FALSE);

  return i < self->record->choices->len && _comfy_pick_is_refused (get_choice (self, i), file);
}

/**
 * comfy_journal_entry_note_refused:
 * @i: which loader of the request, from 0
 * @file: a file that the server does not have
 */
void
comfy_journal_entry_note_refused (ComfyJournalEntry *self,
                                  unsigned int       i,
                                  const char        *file)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));
  g_return_if_fail (i < comfy_request_get_loaders (self->request)->len);

  if (!comfy_journal_entry_has_refused (self, i, file))
    g_ptr_array_add (get_choice (self, i)->refused, g_strdup (file));
}

/**
 * comfy_journal_entry_forget_server:
 *
 * Forgets what was learned of the server and what lies there: the job goes to another one.
 */
void
comfy_journal_entry_forget_server (ComfyJournalEntry *self)
{
  GPtrArray *uploads;

  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  uploads = self->record->uploads;
  if (uploads->len > 0)
    g_message ("%u files that job %s uploaded to %s stay there", uploads->len, self->id,
               self->record->base_url);

  g_ptr_array_set_size (uploads, 0);
  g_ptr_array_set_size (self->record->choices, 0);
  self->record->plain_results = FALSE;
  self->record->wants_png = FALSE;
  self->record->expires_at = 0;
  for (unsigned int i = 0; i < self->record->remote_inputs->len; i++)
    comfy_journal_entry_set_remote_input (self, i, NULL);
}

/**
 * comfy_journal_entry_get_plain_results:
 *
 * Returns: whether the server cannot save 16 bits per channel, so that the job asks for 8
 */
gboolean
comfy_journal_entry_get_plain_results (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), FALSE);

  return self->record->plain_results;
}

/**
 * comfy_journal_entry_set_plain_results:
 * @plain: whether the server cannot save 16 bits per channel
 */
void
comfy_journal_entry_set_plain_results (ComfyJournalEntry *self,
                                       gboolean           plain)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  self->record->plain_results = plain;
}

/**
 * comfy_journal_entry_get_wants_png:
 *
 * Returns: whether the server does not take WebP, so that the job uploads PNG
 */
gboolean
comfy_journal_entry_get_wants_png (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), FALSE);

  return self->record->wants_png;
}

/**
 * comfy_journal_entry_set_wants_png:
 * @wants_png: whether the server does not take WebP
 */
void
comfy_journal_entry_set_wants_png (ComfyJournalEntry *self,
                                   gboolean           wants_png)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  self->record->wants_png = wants_png;
}

/**
 * comfy_journal_entry_get_uploads:
 *
 * Returns: (transfer none) (element-type ComfyUpload): what the job uploaded and did not delete
 *   again
 */
GPtrArray *
comfy_journal_entry_get_uploads (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return self->record->uploads;
}

/**
 * comfy_journal_entry_add_upload:
 * @upload: what the job uploaded
 */
void
comfy_journal_entry_add_upload (ComfyJournalEntry *self,
                                const ComfyUpload *upload)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));
  g_return_if_fail (upload != NULL);

  g_ptr_array_add (self->record->uploads, comfy_upload_copy (upload));
}

/**
 * comfy_journal_entry_remove_upload:
 * @i: which of comfy_journal_entry_get_uploads() does not exist any more
 */
void
comfy_journal_entry_remove_upload (ComfyJournalEntry *self,
                                   unsigned int       i)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));
  g_return_if_fail (i < self->record->uploads->len);

  g_ptr_array_remove_index (self->record->uploads, i);
}

/**
 * comfy_journal_entry_get_delete_uploads:
 *
 * Returns: whether what was uploaded is still to be deleted on the server
 */
gboolean
comfy_journal_entry_get_delete_uploads (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), FALSE);

  return self->record->delete_uploads;
}

/**
 * comfy_journal_entry_set_delete_uploads:
 * @is_due: whether what was uploaded is to be deleted on the server
 */
void
comfy_journal_entry_set_delete_uploads (ComfyJournalEntry *self,
                                        gboolean           is_due)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  self->record->delete_uploads = is_due;
}

/**
 * comfy_journal_entry_get_expires_at:
 *
 * Returns: Unix seconds until when the server keeps the job and what it made; 0 when it did not
 *   tell
 */
gint64
comfy_journal_entry_get_expires_at (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), 0);

  return self->record->expires_at;
}

/**
 * comfy_journal_entry_set_expires_at:
 * @when: Unix seconds, 0 when it is not known
 */
void
comfy_journal_entry_set_expires_at (ComfyJournalEntry *self,
                                    gint64             when)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  self->record->expires_at = when;
}
