/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a job made that is seen in no image, as far as the journal has to know. On disk with the
 * next comfy_journal_entry_commit(), as everything.
 */
#define G_LOG_DOMAIN "comfy-journal-entry"

#include "config.h"

#include "comfy-journal-entry-private.h"

/**
 * comfy_journal_entry_get_n_left_out:
 *
 * Returns: how many results were too many to be taken
 */
unsigned int
comfy_journal_entry_get_n_left_out (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), 0);

  return self->record->n_left_out;
}

/**
 * comfy_journal_entry_set_n_left_out:
 * @n: how many results were too many to be taken
 */
void
comfy_journal_entry_set_n_left_out (ComfyJournalEntry *self,
                                    unsigned int       n)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  self->record->n_left_out = n;
}

/**
 * comfy_journal_entry_is_held:
 *
 * Returns: whether the result waits for the artist's word, whatever the settings say
 */
gboolean
comfy_journal_entry_is_held (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), FALSE);

  return self->record->is_held;
}

/**
 * comfy_journal_entry_set_held:
 * @is_held: whether the result waits for the artist's word
 */
void
comfy_journal_entry_set_held (ComfyJournalEntry *self,
                              gboolean           is_held)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  self->record->is_held = is_held;
}

/**
 * comfy_journal_entry_set_put_away:
 * @is_put_away: whether the artist has done with what is seen in no image
 */
void
comfy_journal_entry_set_put_away (ComfyJournalEntry *self,
                                  gboolean           is_put_away)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  self->record->is_put_away = is_put_away;
}

/**
 * comfy_journal_entry_has_kept:
 *
 * Returns: whether the job ended with something that is seen in no image, and that the artist has
 *   not put away
 */
gboolean
comfy_journal_entry_has_kept (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), FALSE);

  return _comfy_record_has_kept (self->record);
}
