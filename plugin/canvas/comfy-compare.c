/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What placing a result would do, as two small pictures of the place.
 */
#define G_LOG_DOMAIN "comfy-compare"

#include "config.h"

#include "comfy-compare.h"
#include "comfy-darken.h"
#include "comfy-scaled-reader.h"
#include "comfy-trial-private.h"

/* One comparison on its way */
typedef struct
{
  ComfyResult *result;  /* owned */
  int          edge;    /* px */
  DexPromise  *promise; /* owned: of what is returned */
} Compare;

static void
compare_free (void *data)
{
  Compare *compare = data;

  g_object_unref (compare->result);
  dex_unref (compare->promise);
  g_free (compare);
}

/* of what is read before */
static void
get_scaling (Compare          *self,
             const ComfyTrial *trial,
             ComfyScaling     *scaling)
{
  int longer = MAX (trial->crop.width, trial->crop.height);

  *scaling = (ComfyScaling) {
    .crop = trial->crop,
    .width = trial->crop.width,
    .height = trial->crop.height,
    .is_whole = trial->is_filtered,
    .cancellable = dex_promise_get_cancellable (self->promise),
  };
  if (longer > self->edge)
    {
      scaling->width = MAX ((int) ((gint64) scaling->width * self->edge / longer), 1);
      scaling->height = MAX ((int) ((gint64) scaling->height * self->edge / longer), 1);
    }
}

/* may await */
static ComfyPixels *
read_look (const ComfyScaling  *scaling,
           ComfyImageReader    *reader,
           GError             **error)
{
  ComfyRect canvas;

  if (!comfy_image_reader_choose (reader, COMFY_SOURCE_VISIBLE, &canvas, error))
    return NULL;

  return comfy_scaled_reader_read (scaling, reader, error);
}

/* may await */
static ComfyPixels *
read_after (ComfyTrial          *trial,
            const ComfyScaling  *before,
            GError             **error)
{
  ComfyScaling            scaling = *before;
  ComfyRect               selected;
  g_autoptr(ComfyPixels)  mask = NULL;
  g_autoptr(ComfyPixels)  seen = NULL;
  ComfyPixels            *dark;

  scaling.crop.x += trial->x;
  scaling.crop.y += trial->y;
  /* first: reading pixels leaves nothing of the selection */
  if (trial->selects && comfy_image_reader_get_selected (trial->after, &selected))
    {
      mask = comfy_scaled_reader_read_selected (&scaling, trial->after, error);
      if (mask == NULL)
        return NULL;
    }

  seen = read_look (&scaling, trial->after, error);
  if (seen == NULL || mask == NULL)
    return g_steal_pointer (&seen);

  dark = comfy_darken (seen, mask);
  if (dark == NULL)
    g_propagate_error (error, _comfy_place_new_no_memory_error ());

  return dark;
}

/* (transfer full) (nullable); may await */
static ComfyComparison *
compare (Compare  *self,
         GError  **error)
{
  g_autoptr(GPtrArray)    parts = _comfy_place_load (self->result, error);
  g_auto(ComfyTrial)      trial = { 0 };
  g_autoptr(ComfyPixels)  before = NULL;
  g_autoptr(ComfyPixels)  after = NULL;
  ComfyScaling            scaling;

  if (parts == NULL
      || g_cancellable_set_error_if_cancelled (dex_promise_get_cancellable (self->promise), error)
      || !_comfy_trial_init (&trial, parts, error))
    return NULL;

  /* GIMP has them now */
  g_clear_pointer (&parts, g_ptr_array_unref);
  get_scaling (self, &trial, &scaling);
  after = read_after (&trial, &scaling, error);
  g_clear_pointer (&trial.after, comfy_image_reader_free);
  if (after == NULL)
    return NULL;
  if (trial.before != NULL)
    {
      before = read_look (&scaling, trial.before, error);
      if (before == NULL)
        return NULL;
    }

  return comfy_comparison_new (before, after, &trial.crop);
}

static DexFuture *
compare_fiber (void *data)
{
  Compare         *self = data;
  GError          *error = NULL;
  ComfyComparison *comparison = compare (self, &error);

  if (g_cancellable_is_cancelled (dex_promise_get_cancellable (self->promise)))
    {
      g_clear_error (&error);
      g_clear_pointer (&comparison, comfy_comparison_free);
    }
  else if (comparison != NULL)
    {
      g_auto(GValue) value = G_VALUE_INIT;

      g_value_init (&value, COMFY_TYPE_COMPARISON);
      g_value_take_boxed (&value, comparison);
      dex_promise_resolve (self->promise, &value);
    }
  else
    dex_promise_reject (self->promise, error);

  return dex_future_new_true ();
}

/**
 * comfy_compare_result:
 * @result: what came
 * @edge: px
 *
 * Once what it returns is dropped nothing more is read.
 *
 * Returns: (transfer full): a future of a boxed ComfyComparison; see comfy_host_compare()
 */
DexFuture *
comfy_compare_result (ComfyResult *result,
                      int          edge)
{
  Compare    *self = g_new0 (Compare, 1);
  DexPromise *promise = dex_promise_new_cancellable ();

  self->result = g_object_ref (result);
  self->edge = edge;
  self->promise = dex_ref (promise);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, compare_fiber, self, compare_free));

  /* a promise learns only of a set that held it that nobody waits any more */
  return dex_future_first (DEX_FUTURE (promise), NULL);
}
