/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the history keeps of a job: its record, and what was asked but for the graph, which is read
 * when somebody wants it.
 */
#define G_LOG_DOMAIN "comfy-history"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-history-private.h"
#include "comfy-journal-entry-private.h"

struct _ComfyHistoryItem
{
  GObject        parent_instance;

  char          *id;      /* owned */
  char          *folder;  /* owned */
  ComfyRequest  *summary; /* owned: has no graph */
  ComfyRecord   *record;  /* owned */
  char         **paths;   /* owned: of the pictures */
};

G_DEFINE_FINAL_TYPE (ComfyHistoryItem, comfy_history_item, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
comfy_history_item_finalize (GObject *object)
{
  ComfyHistoryItem *self = COMFY_HISTORY_ITEM (object);

  g_free (self->id);
  g_free (self->folder);
  g_clear_object (&self->summary);
  g_clear_pointer (&self->record, _comfy_record_free);
  g_strfreev (self->paths);

  G_OBJECT_CLASS (comfy_history_item_parent_class)->finalize (object);
}

static void
comfy_history_item_class_init (ComfyHistoryItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_history_item_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_HISTORY_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_history_item_init (ComfyHistoryItem *self)
{
}

/* @record: (transfer full) */
static void
set_record (ComfyHistoryItem *self,
            ComfyRecord      *record)
{
  g_autoptr(GArray)       pictures = _comfy_record_list_pictures (record);
  g_autoptr(GStrvBuilder) paths = g_strv_builder_new ();

  for (unsigned int i = 0; i < pictures->len; i++)
    {
      const char *name = record->outputs[g_array_index (pictures, unsigned int, i)];

      g_strv_builder_take (paths, g_build_filename (self->folder, name, NULL));
    }
  g_strfreev (self->paths);
  self->paths = g_strv_builder_end (paths);
  g_clear_pointer (&self->record, _comfy_record_free);
  self->record = record;
}

/*
 * _comfy_history_item_shows:
 *
 * Returns: whether the history has a place for the job: it has pictures, and not all are discarded
 */
gboolean
_comfy_history_item_shows (const ComfyRecord *record)
{
  g_autoptr(GArray) pictures = NULL;

  if (record->state != COMFY_STATE_READY && record->state != COMFY_STATE_PLACED)
    return FALSE;

  pictures = _comfy_record_list_pictures (record);
  for (unsigned int i = 0; i < pictures->len; i++)
    {
      const char *name = record->outputs[g_array_index (pictures, unsigned int, i)];

      if (!_comfy_record_is_discarded (record, name))
        return TRUE;
    }

  return FALSE;
}

/*
 * _comfy_history_item_new:
 * @folder: the job's folder
 * @record: (transfer full): where it stands
 * @summary: what it asked for, but for the graph
 *
 * Returns: (transfer full): the item
 */
ComfyHistoryItem *
_comfy_history_item_new (const char   *folder,
                         ComfyRecord  *record,
                         ComfyRequest *summary)
{
  ComfyHistoryItem *self = g_object_new (COMFY_TYPE_HISTORY_ITEM, NULL);

  self->id = g_path_get_basename (folder);
  self->folder = g_strdup (folder);
  self->summary = g_object_ref (summary);
  set_record (self, record);

  return self;
}

/*
 * _comfy_history_item_update:
 * @record: (transfer full): where it stands now
 */
void
_comfy_history_item_update (ComfyHistoryItem *self,
                            ComfyRecord      *record)
{
  set_record (self, record);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * comfy_history_item_get_id:
 *
 * Returns: the job's id in the journal
 */
const char *
comfy_history_item_get_id (ComfyHistoryItem *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), NULL);

  return self->id;
}

/**
 * comfy_history_item_get_group:
 *
 * Returns: the same for all jobs that were asked for together; else the job's id
 */
const char *
comfy_history_item_get_group (ComfyHistoryItem *self)
{
  const char *batch_id;

  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), NULL);

  batch_id = comfy_request_get_batch_id (self->summary, NULL, NULL);

  return batch_id != NULL ? batch_id : self->id;
}

/*
 * _comfy_history_item_get_run:
 *
 * Returns: which of the jobs of its group it is, from 0
 */
unsigned int
_comfy_history_item_get_run (ComfyHistoryItem *self)
{
  unsigned int run = 0;

  comfy_request_get_batch_id (self->summary, &run, NULL);

  return run;
}

/**
 * comfy_history_item_get_state:
 *
 * Returns: %COMFY_STATE_READY: not all of it is placed, and the artist did not say yet; else
 *   %COMFY_STATE_PLACED
 */
ComfyState
comfy_history_item_get_state (ComfyHistoryItem *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), COMFY_STATE_UNKNOWN);

  return self->record->state;
}

/**
 * comfy_history_item_get_action_id:
 *
 * Returns: which action
 */
const char *
comfy_history_item_get_action_id (ComfyHistoryItem *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), NULL);

  return comfy_request_get_action_id (self->summary);
}

/**
 * comfy_history_item_get_title:
 *
 * Returns: the action's name, for people
 */
const char *
comfy_history_item_get_title (ComfyHistoryItem *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), NULL);

  return comfy_request_get_title (self->summary);
}

/**
 * comfy_history_item_get_model:
 *
 * Returns: (nullable): which of the action's models, for people
 */
const char *
comfy_history_item_get_model (ComfyHistoryItem *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), NULL);

  return comfy_request_get_model (self->summary);
}

/**
 * comfy_history_item_get_prompt:
 *
 * Returns: (nullable): what the artist wrote
 */
const char *
comfy_history_item_get_prompt (ComfyHistoryItem *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), NULL);

  return comfy_request_get_prompt (self->summary);
}

/**
 * comfy_history_item_get_seed:
 * @out_seed: (out) (optional): the seed
 *
 * Returns: whether it has one, so that comfy_session_again_with_new_seed() makes another picture
 */
gboolean
comfy_history_item_get_seed (ComfyHistoryItem *self,
                             guint64          *out_seed)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), FALSE);

  if (out_seed != NULL)
    *out_seed = comfy_request_get_seed (self->summary);

  return comfy_request_get_seed_target (self->summary) != NULL
         && comfy_request_get_seed_max (self->summary) > 0;
}

/**
 * comfy_history_item_get_created:
 *
 * Returns: when it was asked for, in Unix seconds
 */
gint64
comfy_history_item_get_created (ComfyHistoryItem *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), 0);

  return comfy_request_get_created (self->summary);
}

/**
 * comfy_history_item_get_cost:
 *
 * Returns: (transfer none): what the job cost, as far as it is known
 */
const ComfyCost *
comfy_history_item_get_cost (ComfyHistoryItem *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), NULL);

  return &self->record->cost;
}

/**
 * comfy_history_item_get_placement:
 *
 * Returns: (transfer none): where it was asked for, and where it belongs
 */
ComfyPlacement *
comfy_history_item_get_placement (ComfyHistoryItem *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), NULL);

  return comfy_request_get_placement (self->summary);
}

/**
 * comfy_history_item_get_paths:
 *
 * Returns: (transfer none) (array zero-terminated=1): the files of its pictures
 */
const char * const *
comfy_history_item_get_paths (ComfyHistoryItem *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), NULL);

  return (const char * const *) self->paths;
}

/**
 * comfy_history_item_is_applied:
 * @i: which of the pictures
 *
 * Returns: whether it was put into an image; the artist may have undone that
 */
gboolean
comfy_history_item_is_applied (ComfyHistoryItem *self,
                               unsigned int      i)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), FALSE);
  g_return_val_if_fail (i < g_strv_length (self->paths), FALSE);

  name = g_path_get_basename (self->paths[i]);

  return _comfy_record_is_applied (self->record, name);
}

/**
 * comfy_history_item_is_discarded:
 * @i: which of the pictures
 *
 * Returns: whether the artist discarded it. An item of which all are is in no list any more
 */
gboolean
comfy_history_item_is_discarded (ComfyHistoryItem *self,
                                 unsigned int      i)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), FALSE);
  g_return_val_if_fail (i < g_strv_length (self->paths), FALSE);

  name = g_path_get_basename (self->paths[i]);

  return _comfy_record_is_discarded (self->record, name);
}

/**
 * comfy_history_item_get_n_left:
 *
 * Returns: how many of its pictures are not discarded
 */
unsigned int
comfy_history_item_get_n_left (ComfyHistoryItem *self)
{
  unsigned int n = 0;

  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), 0);

  for (unsigned int i = 0; self->paths[i] != NULL; i++)
    n += comfy_history_item_is_discarded (self, i) ? 0 : 1;

  return n;
}

/**
 * comfy_history_item_read_request:
 *
 * Returns: (transfer full): all of what was asked; %NULL with %COMFY_ERROR_STORAGE
 */
ComfyRequest *
comfy_history_item_read_request (ComfyHistoryItem  *self,
                                 GError           **error)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), NULL);

  return _comfy_journal_entry_read_request (self->folder, error);
}

/**
 * comfy_history_item_read_result:
 * @picture: which of the pictures; -1: all
 *
 * Returns: (transfer full): what comfy_host_compare() and comfy_host_place_again() take; %NULL with
 *   %COMFY_ERROR_STORAGE, %COMFY_ERROR_NOT_FOUND when there is no such picture
 */
ComfyResult *
comfy_history_item_read_result (ComfyHistoryItem  *self,
                                int                picture,
                                GError           **error)
{
  g_autoptr(ComfyRequest) request = NULL;
  g_autoptr(GArray)       pictures = NULL;

  g_return_val_if_fail (COMFY_IS_HISTORY_ITEM (self), NULL);

  pictures = _comfy_record_list_pictures (self->record);
  if (picture >= (int) pictures->len)
    {
      comfy_set_error (error, COMFY_ERROR_NOT_FOUND, self->id,
                       _("This picture is not there any more."));
      return NULL;
    }
  if (picture >= 0)
    {
      unsigned int output = g_array_index (pictures, unsigned int, picture);

      g_array_set_size (pictures, 0);
      g_array_append_val (pictures, output);
    }

  request = _comfy_journal_entry_read_request (self->folder, error);
  if (request == NULL)
    return NULL;

  return _comfy_record_make_result (self->record, self->folder, request, pictures);
}
