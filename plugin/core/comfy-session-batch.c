/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many jobs of one form. First all pictures are taken, then all jobs are written down: so each job
 * knows of how many it is one, and nothing is begun of a batch that is given up on the way.
 */
#define G_LOG_DOMAIN "comfy-session"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-prepare-private.h"
#include "comfy-session-private.h"

/* Pictures that are taken at the same moment. The artist may go on with the image before the last of
 * them is taken, but all of a long list would not fit into memory. */
#define AT_ONCE 8

/* the arguments of batch_fiber() */
typedef struct
{
  ComfyBatch *batch;    /* owned */
  GPtrArray  *runs;     /* owned, of ComfyPrepare, nullable ones: those that failed */
  GPtrArray  *failures; /* owned, of GError */
} Batch;

static void
run_free (void *run)
{
  g_clear_pointer ((ComfyPrepare **) &run, _comfy_prepare_unref);
}

static void
batch_free (void *data)
{
  Batch *self = data;

  comfy_batch_free (self->batch);
  g_ptr_array_unref (self->runs);
  g_ptr_array_unref (self->failures);
  g_free (self);
}

/* @error: (transfer full): why run @i is no job */
static void
give_up (Batch        *self,
         unsigned int  i,
         GError       *error)
{
  g_autoptr(GError)  owned = error;
  g_autoptr(GError)  folded = comfy_error_fold (error, NULL);
  g_autofree char   *name = comfy_batch_dup_run_name (self->batch, i, self->runs->len);
  ComfyPrepare     **slot = (ComfyPrepare **) &g_ptr_array_index (self->runs, i);

  g_clear_pointer (slot, _comfy_prepare_unref);
  if (self->runs->len > 1)
    {
      /* translators: which of many jobs, and a sentence on why it cannot be */
      g_autofree char *message = g_strdup_printf (_("%s: %s"), name, folded->message);

      g_free (folded->message);
      folded->message = g_steal_pointer (&message);
    }
  g_ptr_array_add (self->failures, g_steal_pointer (&folded));
}

/* Every run has the same picture: it is taken once. May await. */
static void
capture_once (Batch *self)
{
  ComfyPrepare *first = g_ptr_array_index (self->runs, 0);
  GError       *error = NULL;

  if (!dex_await (_comfy_prepare_capture (first), &error))
    {
      /* what is wrong with one is wrong with all, and said once */
      g_ptr_array_set_size (self->runs, 1);
      give_up (self, 0, error);
      return;
    }

  for (unsigned int i = 1; i < self->runs->len; i++)
    if (!_comfy_prepare_share (g_ptr_array_index (self->runs, i), first, &error))
      give_up (self, i, g_steal_pointer (&error));
}

/* Every run has a picture of its own. May await. */
static void
capture_each (Batch *self)
{
  for (unsigned int begin = 0; begin < self->runs->len; begin += AT_ONCE)
    {
      unsigned int  n = MIN (AT_ONCE, self->runs->len - begin);
      DexFuture    *captures[AT_ONCE];

      for (unsigned int i = 0; i < n; i++)
        captures[i] = _comfy_prepare_capture (g_ptr_array_index (self->runs, begin + i));
      for (unsigned int i = 0; i < n; i++)
        {
          GError *error = NULL;

          if (!dex_await (captures[i], &error))
            give_up (self, begin + i, error);
        }
    }
}

/* (transfer full): the ids of the jobs that there are now */
static char **
begin (Batch *self)
{
  g_autoptr(GStrvBuilder)  ids = g_strv_builder_new ();
  unsigned int             n = self->runs->len - self->failures->len;
  g_autofree char         *batch_id = n > 1 ? g_uuid_string_random () : NULL;
  unsigned int             place = 0;

  for (unsigned int i = 0; i < self->runs->len; i++)
    {
      ComfyPrepare *run = g_ptr_array_index (self->runs, i);
      GError       *error = NULL;
      char         *id;

      if (run == NULL)
        continue;
      id = _comfy_prepare_begin (run, batch_id, place++, n, &error);
      if (id != NULL)
        g_strv_builder_take (ids, id);
      else
        give_up (self, i, error);
    }

  return g_strv_builder_end (ids);
}

/* What a server would refuse is no job, and no money; the pixels are taken already, so that nothing
 * changes while it is asked. May await. */
static gboolean
check (Batch   *self,
       GError **error)
{
  /* the graph is the same in each run */
  for (unsigned int i = 0; i < self->runs->len; i++)
    if (g_ptr_array_index (self->runs, i) != NULL)
      return _comfy_prepare_check (g_ptr_array_index (self->runs, i), error);

  return TRUE;
}

static DexFuture *
batch_fiber (gpointer data)
{
  Batch         *self = data;
  g_auto(GStrv)  ids = NULL;
  GError        *error = NULL;
  ComfyPrepared *prepared;

  if (self->batch->kind == COMFY_BATCH_LAYERS || self->batch->kind == COMFY_BATCH_IMAGES)
    capture_each (self);
  else
    capture_once (self);

  if (!check (self, &error))
    return dex_future_new_for_error (error);
  ids = begin (self);
  if (ids[0] == NULL)
    return dex_future_new_for_error (g_error_copy (g_ptr_array_index (self->failures, 0)));

  prepared = g_new0 (ComfyPrepared, 1);
  prepared->ids = g_steal_pointer (&ids);
  prepared->failures = g_ptr_array_ref (self->failures);

  return dex_future_new_take_boxed (COMFY_TYPE_PREPARED, prepared);
}

/* (transfer full) (nullable): run @i of the batch */
static ComfyPrepare *
new_run (ComfySession      *self,
         ComfyForm         *form,
         const ComfyBatch  *batch,
         unsigned int       i,
         int                image_id,
         GArray            *layer_ids,
         GArray            *image_ids,
         GError           **error)
{
  g_autoptr(ComfyForm) copy = comfy_batch_dup_form (batch, form, i);
  g_autoptr(GArray)    layer = NULL;

  /* the layers of another image are those that are selected there */
  if (batch->kind == COMFY_BATCH_IMAGES)
    return _comfy_prepare_new (self, copy, g_array_index (image_ids, int, i), NULL, error);
  if (batch->kind != COMFY_BATCH_LAYERS)
    return _comfy_prepare_new (self, copy, image_id, layer_ids, error);

  layer = g_array_new (FALSE, FALSE, sizeof (int));
  g_array_append_val (layer, g_array_index (layer_ids, int, i));

  return _comfy_prepare_new (self, copy, image_id, layer, error);
}

/**
 * comfy_session_prepare_batch:
 * @form: what the artist wants; its values at this moment count
 * @batch: how often, and what is different each time
 * @image_id: the editor's id of the image, -1 when there is none
 * @layer_ids: (nullable) (element-type int): the editor's ids of the selected layers
 *
 * As comfy_session_prepare() for each run, as comfy_batch_count() counts them with the images that
 * are open now. Seeds and prompts all get the same picture. What cannot be prepared, such as a layer
 * without pixels, does not stop the others. The jobs of more than one run belong together, see
 * comfy_request_get_batch_id().
 *
 * Returns: (transfer full): a future of a boxed ComfyPrepared. Rejects with
 *   %COMFY_ERROR_INVALID_ARGUMENT of comfy_batch_check(), and as comfy_session_prepare() when not
 *   even one job could be prepared: with why the first one could not
 */
DexFuture *
comfy_session_prepare_batch (ComfySession     *self,
                             ComfyForm        *form,
                             const ComfyBatch *batch,
                             int               image_id,
                             GArray           *layer_ids)
{
  g_autoptr(GArray)    image_ids = NULL;
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func (run_free);
  GError              *error = NULL;
  unsigned int         n;
  Batch               *data;

  g_return_val_if_fail (COMFY_IS_SESSION (self), NULL);
  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);
  g_return_val_if_fail (batch != NULL, NULL);

  image_ids = comfy_host_list_images (comfy_session_get_host (self));
  if (!comfy_batch_check (batch, form, layer_ids, image_ids, &error))
    return dex_future_new_for_error (error);

  n = comfy_batch_count (batch, layer_ids, image_ids);
  for (unsigned int i = 0; i < n; i++)
    {
      ComfyPrepare *run = new_run (self, form, batch, i, image_id, layer_ids, image_ids, &error);

      if (run == NULL)
        return dex_future_new_for_error (error);
      g_ptr_array_add (runs, run);
    }

  data = g_new0 (Batch, 1);
  data->batch = comfy_batch_copy (batch);
  data->runs = g_steal_pointer (&runs);
  data->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);

  return _comfy_spawn (batch_fiber, data, batch_free);
}
