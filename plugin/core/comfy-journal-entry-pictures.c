/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist said of a job's pictures. On disk with the next comfy_journal_entry_commit(), as
 * everything.
 */
#define G_LOG_DOMAIN "comfy-journal-entry"

#include "config.h"

#include "comfy-journal-entry-private.h"

static gpointer
copy_name (gconstpointer name,
           gpointer      unused)
{
  return g_strdup (name);
}

/*
 * _comfy_journal_entry_list_pictures:
 *
 * Returns: (transfer full) (element-type uint): which of the outputs are pictures, from 0
 */
GArray *
_comfy_journal_entry_list_pictures (ComfyJournalEntry *self)
{
  g_assert (COMFY_IS_JOURNAL_ENTRY (self));

  return _comfy_record_list_pictures (self->record);
}

/*
 * _comfy_journal_entry_make_result:
 * @pictures: (element-type uint): which of the outputs
 *
 * Returns: (transfer full): what the editor places
 */
ComfyResult *
_comfy_journal_entry_make_result (ComfyJournalEntry *self,
                                  GArray            *pictures)
{
  g_assert (COMFY_IS_JOURNAL_ENTRY (self));

  return _comfy_record_make_result (self->record, self->folder, self->request, pictures);
}

/*
 * _comfy_journal_entry_dup_applied:
 *
 * Returns: (transfer full) (element-type utf8): the outputs that were put into an image, each by
 *   itself; none where all were put there together
 */
GPtrArray *
_comfy_journal_entry_dup_applied (ComfyJournalEntry *self)
{
  g_assert (COMFY_IS_JOURNAL_ENTRY (self));

  return g_ptr_array_copy (self->record->applied, (GCopyFunc) (void *) copy_name, NULL);
}

/*
 * _comfy_journal_entry_set_applied:
 * @names: (element-type utf8): see _comfy_journal_entry_dup_applied(); copied
 */
void
_comfy_journal_entry_set_applied (ComfyJournalEntry *self,
                                  GPtrArray         *names)
{
  g_assert (COMFY_IS_JOURNAL_ENTRY (self));

  g_ptr_array_set_size (self->record->applied, 0);
  for (unsigned int i = 0; i < names->len; i++)
    g_ptr_array_add (self->record->applied, g_strdup (g_ptr_array_index (names, i)));
}

/*
 * _comfy_journal_entry_is_applied:
 * @name: of an output
 *
 * Returns: whether it was put into an image
 */
gboolean
_comfy_journal_entry_is_applied (ComfyJournalEntry *self,
                                 const char        *name)
{
  g_assert (COMFY_IS_JOURNAL_ENTRY (self));

  return _comfy_record_is_applied (self->record, name);
}

/*
 * _comfy_journal_entry_is_discarded:
 * @name: (nullable): of an output; %NULL: all of the job
 *
 * Returns: whether the artist wants to see it no more
 */
gboolean
_comfy_journal_entry_is_discarded (ComfyJournalEntry *self,
                                   const char        *name)
{
  g_assert (COMFY_IS_JOURNAL_ENTRY (self));

  return name != NULL ? _comfy_record_is_discarded (self->record, name)
                      : self->record->is_discarded;
}

/*
 * _comfy_journal_entry_settle:
 * @self: an entry in %COMFY_STATE_READY or %COMFY_STATE_PLACED
 *
 * Enters the state that follows from what the artist has said of each picture.
 */
void
_comfy_journal_entry_settle (ComfyJournalEntry *self)
{
  g_assert (COMFY_IS_JOURNAL_ENTRY (self));

  _comfy_record_settle (self->record);
}

/*
 * _comfy_journal_entry_set_discarded:
 * @self: an entry in %COMFY_STATE_READY or %COMFY_STATE_PLACED
 * @name: (nullable): of a picture; %NULL: all of the job
 * @is_discarded: whether the artist wants to see it no more
 *
 * What was waiting for the artist's word may end with it, and waits again when it is taken back.
 */
void
_comfy_journal_entry_set_discarded (ComfyJournalEntry *self,
                                    const char        *name,
                                    gboolean           is_discarded)
{
  g_assert (COMFY_IS_JOURNAL_ENTRY (self));

  _comfy_record_set_discarded (self->record, name, is_discarded);
}
