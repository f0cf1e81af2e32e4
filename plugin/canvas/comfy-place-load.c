/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A result out of its files: its pictures one after the other, sorted by what becomes of them, and
 * what was kept of the canvas when it was asked for. A picture that cannot be read, or for which
 * there is no room, is left to whoever has the file; the others are placed.
 */
#define G_LOG_DOMAIN "comfy-place"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-capture.h"
#include "comfy-codec.h"
#include "comfy-error.h"
#include "comfy-place-private.h"

#define MAX_PIXELS (G_GUINT64_CONSTANT (1) << 28) /* 16384 × 16384: what one result may hold */

/* What is read; lives in a fiber's frame */
typedef struct
{
  ComfyResult    *result;    /* no ref */
  ComfyPlacement *placement; /* no ref: as it was asked for */
  ComfyPixels    *alpha;     /* owned, nullable */
  ComfyPixels    *mask;      /* owned, nullable */
  ComfyPixels    *source;    /* owned, nullable: as it was sent */
  GPtrArray      *parts;     /* owned, of ComfyPlacing */
  guint64         left;      /* pixels that there is room for */
} Loading;

static void
loading_clear (Loading *self)
{
  g_clear_pointer (&self->alpha, comfy_pixels_unref);
  g_clear_pointer (&self->mask, comfy_pixels_unref);
  g_clear_pointer (&self->source, comfy_pixels_unref);
  g_clear_pointer (&self->parts, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Loading, loading_clear)

/* A picture of the job's folder; may await. Without it the result is placed all the same: it was
 * paid for. */
static ComfyPixels *
load_kept (Loading    *self,
           const char *name)
{
  g_autofree char   *path = NULL;
  g_autoptr(GError)  error = NULL;
  ComfyPixels       *pixels;

  if (name == NULL)
    return NULL;

  path = g_build_filename (comfy_result_get_folder (self->result), name, NULL);
  pixels = dex_await_boxed (comfy_codec_decode (path, MAX_PIXELS), &error);
  if (pixels == NULL)
    g_warning ("%s is lost, the result goes without: %s", name, error->message);

  return pixels;
}

/* the same, of a picture that is of use only as one channel of the size that was taken */
static ComfyPixels *
load_channel (Loading    *self,
              const char *name)
{
  g_autoptr(ComfyPixels)  pixels = load_kept (self, name);
  const ComfyRect        *crop = &self->placement->region.crop;

  if (pixels == NULL || pixels->channels != 1
      || pixels->width != crop->width || pixels->height != crop->height)
    return NULL;

  return g_steal_pointer (&pixels);
}

static gboolean
has_mask (Loading *self)
{
  const char * const *paths = comfy_result_get_paths (self->result);

  for (unsigned int i = 0; paths[i] != NULL; i++)
    if (!comfy_outcome_is_layers (comfy_result_get_outcome (self->result, i)))
      return TRUE;

  return FALSE;
}

static void
load_canvas (Loading *self)
{
  GPtrArray        *inputs = comfy_request_get_inputs (comfy_result_get_request (self->result));
  const ComfyInput *input = inputs->len > 0 ? g_ptr_array_index (inputs, 0) : NULL;

  self->alpha = load_channel (self, self->placement->alpha_file);
  self->mask = load_channel (self, self->placement->mask_file);
  if (self->mask != NULL && self->mask->depth != 8)
    g_clear_pointer (&self->mask, comfy_pixels_unref);
  /* what a mask is of: needed when its layer or image is gone meanwhile. A mask that was sent alone
   * stands first, and is none of that. */
  if (has_mask (self) && input != NULL && g_str_has_prefix (input->file, COMFY_CAPTURE_SOURCE "."))
    self->source = load_kept (self, input->file);
}

/* in which order outcomes are placed: a mask and a selection lie where the canvas has got to */
static int
get_rank (const ComfyPlacing *part)
{
  static const int ranks[] = {
    [COMFY_OUTCOME_LAYERS] = 0, [COMFY_OUTCOME_GROUP] = 1, [COMFY_OUTCOME_LAYER_MASK] = 2,
    [COMFY_OUTCOME_SELECTION] = 3, [COMFY_OUTCOME_NEW_IMAGE] = 4, [COMFY_OUTCOME_NOTHING] = 5,
  };

  return ranks[part->placement->outcome];
}

static int
compare_ranks (gconstpointer a,
               gconstpointer b)
{
  return get_rank (*(ComfyPlacing * const *) a) - get_rank (*(ComfyPlacing * const *) b);
}

/* What a job of the server made need not be alternatives of one picture, so that each gets an image
 * of its own. */
static gboolean
is_alone (Loading      *self,
          ComfyOutcome  outcome)
{
  return outcome == COMFY_OUTCOME_NEW_IMAGE
         && comfy_request_get_remote_id (comfy_result_get_request (self->result)) != NULL;
}

static ComfyPlacing *
find_part (Loading      *self,
           ComfyOutcome  outcome)
{
  ComfyPlacing *part;

  for (unsigned int i = 0; i < self->parts->len && !is_alone (self, outcome); i++)
    {
      part = g_ptr_array_index (self->parts, i);
      if (part->placement->outcome == outcome)
        return part;
    }

  part = _comfy_placing_new (self->result, outcome);
  if (self->alpha != NULL)
    part->alpha = comfy_pixels_ref (self->alpha);
  if (self->mask != NULL && outcome != COMFY_OUTCOME_NEW_IMAGE)
    part->mask = comfy_pixels_ref (self->mask);
  g_ptr_array_add (self->parts, part);

  return part;
}

/* a layer has one mask, and an image one selection */
static gboolean
has_room (Loading      *self,
          ComfyPlacing *part,
          ComfyPixels  *came)
{
  ComfyRect rect;
  guint64   area;

  if (!comfy_outcome_is_layers (part->placement->outcome) && part->pixels->len > 0)
    return FALSE;

  _comfy_placing_locate (part, came, &rect);
  area = MAX ((guint64) rect.width * (guint64) rect.height,
              (guint64) came->width * (guint64) came->height);
  if (area > self->left && self->left < MAX_PIXELS)
    return FALSE;
  self->left -= MIN (area, self->left);

  return TRUE;
}

/* Returns: whether it will be placed; else @error says why not */
static gboolean
load_one (Loading       *self,
          unsigned int   i,
          GError       **error)
{
  const char             *path = comfy_result_get_paths (self->result)[i];
  guint64                 left = self->left;
  g_autoptr(ComfyPixels)  came = NULL;
  ComfyPlacing           *part = find_part (self, comfy_result_get_outcome (self->result, i));

  if (self->left > 0)
    came = dex_await_boxed (comfy_codec_decode (path, self->left), error);
  if (came == NULL && self->left > 0)
    return FALSE;

  if (came == NULL || !has_room (self, part, came))
    {
      comfy_set_error (error, COMFY_ERROR_TOO_LARGE, path,
                       _("There is no room for all of the result. The rest is kept as files."));
      return FALSE;
    }

  if (dex_await (_comfy_placing_add (part, i, g_steal_pointer (&came)), error))
    return TRUE;

  /* what is not placed takes no room from the others */
  self->left = left;

  return FALSE;
}

static void
drop_empty_parts (Loading *self)
{
  for (unsigned int i = self->parts->len; i > 0; i--)
    if (((ComfyPlacing *) g_ptr_array_index (self->parts, i - 1))->pixels->len == 0)
      g_ptr_array_remove_index (self->parts, i - 1);
}

static void
set_sources (Loading *self)
{
  for (unsigned int i = 0; self->source != NULL && i < self->parts->len; i++)
    {
      ComfyPlacing *part = g_ptr_array_index (self->parts, i);

      if (!comfy_outcome_is_layers (part->placement->outcome))
        dex_await (_comfy_placing_set_source (part, self->source), NULL);
    }
}

/*
 * _comfy_place_load:
 * @result: what came; learns which of its pictures cannot be placed
 *
 * In a fiber: reads every file that belongs to the result.
 *
 * Returns: (transfer full) (nullable) (element-type ComfyPlacing): what there is to be placed, one
 *   for each outcome, in the order in which they are; %NULL when no picture can be. Errors:
 *   %COMFY_ERROR_IMAGE, %COMFY_ERROR_TOO_LARGE, %COMFY_ERROR_STORAGE
 */
GPtrArray *
_comfy_place_load (ComfyResult  *result,
                   GError      **error)
{
  const char * const *paths = comfy_result_get_paths (result);
  g_auto(Loading)     loading = { .result = result, .left = MAX_PIXELS };
  g_autoptr(GError)   first = NULL;

  loading.placement = comfy_request_get_placement (comfy_result_get_request (result));
  loading.parts = g_ptr_array_new_with_free_func (_comfy_placing_unref);
  load_canvas (&loading);

  for (unsigned int i = 0; paths[i] != NULL; i++)
    {
      g_autoptr(GError) why = NULL;

      if (load_one (&loading, i, &why))
        continue;

      g_message ("%s is not placed: %s", paths[i], why->message);
      comfy_result_set_unplaced (result, i);
      if (first == NULL)
        first = g_steal_pointer (&why);
    }

  drop_empty_parts (&loading);
  if (loading.parts->len == 0)
    {
      g_propagate_error (error, g_steal_pointer (&first));
      return NULL;
    }

  set_sources (&loading);
  g_ptr_array_sort (loading.parts, compare_ranks);

  return g_steal_pointer (&loading.parts);
}
