/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Layout: FOLDER/ID/ is a job. FOLDER/.staging-XXXXXX/ holds the files of a job to be; other names
 * that begin with a dot are leftovers of a removal. Every folder is 0700, every file 0600.
 */
#define G_LOG_DOMAIN "comfy-journal"

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "comfy-durable.h"
#include "comfy-error.h"
#include "comfy-journal-entry-private.h"
#include "comfy-journal-private.h"

#define TAG_PREFIX "gimp-" /* of comfy_journal_entry_get_tag() */

struct _ComfyJournal
{
  GObject  parent_instance;

  char    *folder;
};

G_DEFINE_FINAL_TYPE (ComfyJournal, comfy_journal, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
comfy_journal_finalize (GObject *object)
{
  ComfyJournal *self = COMFY_JOURNAL (object);

  g_free (self->folder);

  G_OBJECT_CLASS (comfy_journal_parent_class)->finalize (object);
}

static void
comfy_journal_class_init (ComfyJournalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_journal_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_JOURNAL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_journal_init (ComfyJournal *self)
{
}

/**
 * comfy_journal_new:
 * @folder: where the jobs lie; it is made with the first one
 *
 * Returns: (transfer full): the journal
 */
ComfyJournal *
comfy_journal_new (const char *folder)
{
  ComfyJournal *self;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (COMFY_TYPE_JOURNAL, NULL);
  self->folder = g_strdup (folder);

  return self;
}

/**
 * comfy_journal_get_folder:
 *
 * Returns: where the jobs lie
 */
const char *
comfy_journal_get_folder (ComfyJournal *self)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL (self), NULL);

  return self->folder;
}

/**
 * comfy_journal_make_staging:
 *
 * Returns: (transfer full): a new folder (0700) for the files of a job to be, for
 *   comfy_journal_begin() or comfy_journal_drop_staging(); %NULL with %COMFY_ERROR_STORAGE
 */
char *
comfy_journal_make_staging (ComfyJournal  *self,
                            GError       **error)
{
  g_autofree char *template = NULL;

  g_return_val_if_fail (COMFY_IS_JOURNAL (self), NULL);

  if (!comfy_durable_make_folder (self->folder, error))
    return NULL;

  template = g_build_filename (self->folder, ".staging-XXXXXX", NULL);
  if (g_mkdtemp (template) == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_STORAGE, template,
                       _("A file could not be read or written. "
                         "Check the free space and permissions of your home folder."));
      return NULL;
    }

  return g_steal_pointer (&template);
}

/**
 * comfy_journal_drop_staging:
 * @staging: a folder from comfy_journal_make_staging() that no job comes of
 */
void
comfy_journal_drop_staging (ComfyJournal *self,
                            const char   *staging)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (COMFY_IS_JOURNAL (self));

  if (!comfy_durable_remove (staging, &error))
    g_warning ("%s", comfy_error_get_detail (error));
}

/**
 * comfy_journal_begin:
 * @staging: a folder from comfy_journal_make_staging() that holds the request's inputs; it becomes
 *   the job's folder
 * @request: what was asked
 *
 * Returns: (transfer full): an entry in state NEW, on disk, whose lock is held by this process;
 *   %NULL with %COMFY_ERROR_STORAGE, and @staging is as it was
 */
ComfyJournalEntry *
comfy_journal_begin (ComfyJournal  *self,
                     const char    *staging,
                     ComfyRequest  *request,
                     GError       **error)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *folder = NULL;

  g_return_val_if_fail (COMFY_IS_JOURNAL (self), NULL);
  g_return_val_if_fail (staging != NULL, NULL);
  g_return_val_if_fail (COMFY_IS_REQUEST (request), NULL);

  folder = g_build_filename (self->folder, id, NULL);

  return _comfy_journal_entry_create (staging, folder, request, error);
}

/* (transfer full) (nullable): a job's folder */
static char *
find_folder (ComfyJournal  *self,
             const char    *id,
             GError       **error)
{
  g_autofree char *folder = g_build_filename (self->folder, id, NULL);

  if (g_uuid_string_is_valid (id) && g_file_test (folder, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&folder);

  comfy_set_error (error, COMFY_ERROR_NOT_FOUND, id, _("This job is not there any more."));

  return NULL;
}

/**
 * comfy_journal_open:
 * @id: a job's id; whatever is no UUID is refused, because it may come from another process
 *
 * Returns: (transfer full): the entry, whose lock is now held by this process; %NULL with
 *   %COMFY_ERROR_FAILED while somebody holds it, %COMFY_ERROR_NOT_FOUND when there is none,
 *   %COMFY_ERROR_STORAGE when it cannot be read
 */
ComfyJournalEntry *
comfy_journal_open (ComfyJournal  *self,
                    const char    *id,
                    GError       **error)
{
  g_autofree char *folder = NULL;

  g_return_val_if_fail (COMFY_IS_JOURNAL (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  folder = find_folder (self, id, error);

  return folder != NULL ? _comfy_journal_entry_load (folder, error) : NULL;
}

/**
 * comfy_journal_read_request:
 * @id: a job's id; whatever is no UUID is refused, because it may come from an image
 *
 * Returns: (transfer full): what the job asked for, whoever holds its lock; %NULL with
 *   %COMFY_ERROR_NOT_FOUND when there is none, %COMFY_ERROR_STORAGE when it cannot be read
 */
ComfyRequest *
comfy_journal_read_request (ComfyJournal  *self,
                            const char    *id,
                            GError       **error)
{
  g_autofree char *folder = NULL;

  g_return_val_if_fail (COMFY_IS_JOURNAL (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  folder = find_folder (self, id, error);

  return folder != NULL ? _comfy_journal_entry_read_request (folder, error) : NULL;
}

/*
 * _comfy_journal_note_changed:
 *
 * Tells whoever follows the journal that the artist has said something of a job, maybe of one that
 * is in no scheduler.
 */
void
_comfy_journal_note_changed (ComfyJournal *self)
{
  g_assert (COMFY_IS_JOURNAL (self));

  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * comfy_journal_dup_id_of:
 * @remote: a job of an account
 *
 * Returns: (transfer full) (nullable): the id of the job here that it was started by, as its tag
 *   says; %NULL when it was another program or computer, or is forgotten here
 */
char *
comfy_journal_dup_id_of (ComfyJournal   *self,
                         ComfyRemoteJob *remote)
{
  g_return_val_if_fail (COMFY_IS_JOURNAL (self), NULL);
  g_return_val_if_fail (remote != NULL, NULL);

  for (unsigned int i = 0; remote->tags != NULL && remote->tags[i] != NULL; i++)
    {
      const char      *id = remote->tags[i] + strlen (TAG_PREFIX);
      g_autofree char *folder = NULL;

      if (g_str_has_prefix (remote->tags[i], TAG_PREFIX)
          && (folder = find_folder (self, id, NULL)) != NULL)
        return g_strdup (id);
    }

  return NULL;
}

/**
 * comfy_journal_delete:
 * @id: a finished job's id
 *
 * Removes what is on this computer of one job: "delete". What it uploaded and made on the server
 * stays there.
 *
 * Returns: %FALSE with %COMFY_ERROR_FAILED while somebody is at work on it, or when it has not
 *   ended, which could lose what is paid for; %COMFY_ERROR_NOT_FOUND, %COMFY_ERROR_STORAGE
 */
gboolean
comfy_journal_delete (ComfyJournal  *self,
                      const char    *id,
                      GError       **error)
{
  g_autoptr(ComfyJournalEntry) entry = NULL;

  g_return_val_if_fail (COMFY_IS_JOURNAL (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  entry = comfy_journal_open (self, id, error);
  if (entry == NULL)
    return FALSE;

  if (!comfy_state_is_final (comfy_journal_entry_get_state (entry)))
    {
      comfy_set_error (error, COMFY_ERROR_FAILED, id,
                       _("This job has not been finished. Let it go on, or forget it."));
      return FALSE;
    }

  if (!comfy_durable_remove (comfy_journal_entry_get_folder (entry), error))
    return FALSE;

  _comfy_journal_note_changed (self);

  return TRUE;
}
