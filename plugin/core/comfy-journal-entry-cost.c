/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a job cost and how long it ran, as far as that is known. On disk with the next
 * comfy_journal_entry_commit(), as everything.
 */
#define G_LOG_DOMAIN "comfy-journal-entry"

#include "config.h"

#include "comfy-journal-entry-private.h"

/**
 * comfy_journal_entry_get_cost:
 *
 * Returns: (transfer none): what the job cost; not known when nobody and nothing told
 */
const ComfyCost *
comfy_journal_entry_get_cost (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), NULL);

  return &self->record->cost;
}

/**
 * comfy_journal_entry_set_cost:
 * @cost: what the job cost
 */
void
comfy_journal_entry_set_cost (ComfyJournalEntry *self,
                              const ComfyCost   *cost)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));
  g_return_if_fail (cost != NULL);

  self->record->cost = *cost;
}

/**
 * comfy_journal_entry_get_run_ms:
 *
 * Returns: how long it ran on the server, in ms; -1 when that was not told
 */
gint64
comfy_journal_entry_get_run_ms (ComfyJournalEntry *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), -1);

  return self->record->run_ms;
}

/**
 * comfy_journal_entry_set_run_ms:
 * @run_ms: how long it ran on the server, in ms; -1: not told
 */
void
comfy_journal_entry_set_run_ms (ComfyJournalEntry *self,
                                gint64             run_ms)
{
  g_return_if_fail (COMFY_IS_JOURNAL_ENTRY (self));

  self->record->run_ms = MAX (run_ms, -1);
}

/* Whether a job that was sent at that moment, and has ended just now, may have met another one. One
 * that only waits to be placed has ended long ago; one of which nobody knows may run. */
static gboolean
may_have_met (const ComfyRecord *other,
              gint64             since)
{
  if (other->submitted_at == 0)
    return FALSE;
  if (comfy_state_is_final (other->state) || other->state == COMFY_STATE_READY)
    return other->changed >= since;

  return TRUE;
}

/**
 * comfy_journal_entry_ran_alone:
 *
 * Looks through the journal, whoever holds its jobs. What other machines send with the same key is
 * not seen.
 *
 * Returns: whether no other job of this user was on a server between the submit of this one and now
 */
gboolean
comfy_journal_entry_ran_alone (ComfyJournalEntry *self)
{
  g_autofree char *journal = NULL;
  g_autoptr(GDir)  dir = NULL;
  const char      *name;

  g_return_val_if_fail (COMFY_IS_JOURNAL_ENTRY (self), FALSE);

  journal = g_path_get_dirname (self->folder);
  dir = g_dir_open (journal, 0, NULL);
  if (dir == NULL)
    return FALSE;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char        *folder = g_build_filename (journal, name, NULL);
      g_autoptr(ComfyRecord)  record = NULL;

      if (!g_uuid_string_is_valid (name) || g_str_equal (name, self->id))
        continue;

      record = _comfy_record_read (folder, NULL);
      if (record == NULL || may_have_met (record, self->record->submitted_at))
        return FALSE;
    }

  return TRUE;
}
