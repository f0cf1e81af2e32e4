/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What placing a result would do, without doing it. The code that places is given a duplicate of the
 * artist's image; what is seen of the image and of the duplicate is read afterwards. That the
 * duplicate is made, changed and handed to its reader happens with no way back to the main loop in
 * between: both show one moment, and nobody can leave it behind.
 *
 * A layer in the artist's own image, with its undo frozen, would be seen on the canvas. But it would
 * be saved with the image; and where the artist has moved, merged or deleted a layer meanwhile, GIMP
 * 3.0 and 3.2 undo that wrongly, or crash.
 */
#define G_LOG_DOMAIN "comfy-compare"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-compare.h"
#include "comfy-darken.h"
#include "comfy-error.h"
#include "comfy-layer-stack.h"
#include "comfy-place-private.h"
#include "comfy-scaled-reader.h"
#include "comfy-selection-reader.h"
#include "comfy-target.h"

/* One comparison on its way */
typedef struct
{
  ComfyResult *result;  /* owned */
  int          edge;    /* px */
  DexPromise  *promise; /* owned: of what is returned */
} Compare;

/* What is read; lives in the fiber's frame */
typedef struct
{
  ComfyImageReader *before;  /* owned, nullable: there is no image that it would go into */
  ComfyImageReader *after;   /* owned */
  ComfyRect         crop;    /* px of the image */
  int               x;       /* px: where the image begins in what is read afterwards */
  int               y;
  gboolean          selects; /* the result is what is selected afterwards */
  ComfyScaling      scaling; /* of what is read before */
} Looks;

static void
compare_free (void *data)
{
  Compare *compare = data;

  g_object_unref (compare->result);
  dex_unref (compare->promise);
  g_free (compare);
}

static void
looks_clear (Looks *looks)
{
  g_clear_pointer (&looks->before, comfy_image_reader_free);
  g_clear_pointer (&looks->after, comfy_image_reader_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Looks, looks_clear)

/* What becomes an image of its own is looked at only where it is all. */
static void
drop_new_images (GPtrArray *parts)
{
  for (unsigned int i = parts->len; i > 1; i--)
    if (((ComfyPlacing *) g_ptr_array_index (parts, i - 1))->placement->outcome
        == COMFY_OUTCOME_NEW_IMAGE)
      g_ptr_array_remove_index (parts, i - 1);
}

/* (nullable): the image that it goes into */
static GimpImage *
find_image (GPtrArray *parts)
{
  const ComfyPlacing *first = g_ptr_array_index (parts, 0);

  return first->placement->outcome != COMFY_OUTCOME_NEW_IMAGE
         ? comfy_target_find_image (first->placement) : NULL;
}

static gboolean
has_selection (GPtrArray *parts)
{
  for (unsigned int i = 0; i < parts->len; i++)
    if (((ComfyPlacing *) g_ptr_array_index (parts, i))->placement->outcome
        == COMFY_OUTCOME_SELECTION)
      return TRUE;

  return FALSE;
}

static gboolean
is_filtered (GimpImage *image)
{
  g_autoptr(GPtrArray) visible = comfy_layers_dup_visible (image);

  for (unsigned int i = 0; i < visible->len; i++)
    if (comfy_layer_is_filtered (g_ptr_array_index (visible, i)))
      return TRUE;

  return FALSE;
}

/* (transfer full) (nullable): a duplicate that the parts are meant for from now on. @visible:
 * (element-type GimpLayer): gets what is to be seen of it */
static GimpImage *
duplicate (GimpImage  *image,
           GPtrArray  *parts,
           GPtrArray  *visible,
           GError    **error)
{
  GimpImage *made = gimp_image_duplicate (image);

  if (made == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_IMAGE, gimp_pdb_get_last_error (gimp_get_pdb ()),
                       _("The image cannot be read. Save it, open it again and try once more."));
      return NULL;
    }

  gimp_image_undo_disable (made);
  comfy_layer_stack_hide_aids (made);
  /* once something was anchored positions are others */
  for (unsigned int i = 0; i < parts->len; i++)
    comfy_target_redirect (((ComfyPlacing *) g_ptr_array_index (parts, i))->placement, image, made);
  g_ptr_array_extend_and_steal (visible, comfy_layer_stack_hide (made));

  return made;
}

/* Where the parts lie now, in px of the image that they are in */
static void
get_placed (GPtrArray *parts,
            GPtrArray *layers,
            ComfyRect *out_rect)
{
  ComfyRect rect;

  *out_rect = (ComfyRect) { 0 };
  for (unsigned int i = 0; i < layers->len; i++)
    {
      comfy_layer_get_rect (g_ptr_array_index (layers, i), &rect);
      comfy_rect_unite (out_rect, &rect, out_rect);
    }
  for (unsigned int i = 0; i < parts->len; i++)
    {
      const ComfyPlacing *part = g_ptr_array_index (parts, i);

      if (part->placement->outcome == COMFY_OUTCOME_SELECTION)
        comfy_rect_unite (out_rect, &g_array_index (part->rects, ComfyRect, 0), out_rect);
    }
}

/* so much of the canvas that the artist sees where @placed is; all of it where that is most of it */
static void
choose_crop (const ComfyRect *placed,
             const ComfyRect *canvas,
             gboolean         alone,
             ComfyRect       *out_crop)
{
  int     margin = MAX (MAX (placed->width, placed->height) / 2,
                        MAX (canvas->width, canvas->height) / 16);
  guint64 area;

  if (!comfy_rect_intersect (placed, canvas, out_crop))
    {
      *out_crop = *canvas;
      return;
    }
  if (alone)
    return;

  comfy_rect_intersect (&(ComfyRect) { out_crop->x - margin, out_crop->y - margin,
                                       out_crop->width + 2 * margin,
                                       out_crop->height + 2 * margin }, canvas, out_crop);
  area = (guint64) out_crop->width * (guint64) out_crop->height;
  if (area >= (guint64) canvas->width * (guint64) canvas->height / 2)
    *out_crop = *canvas;
}

/* @trial: (transfer full): what the parts were placed in */
static void
look_at (Looks     *looks,
         GimpImage *trial,
         GPtrArray *visible,
         GPtrArray *parts,
         GPtrArray *layers)
{
  g_autoptr(GPtrArray) placed = comfy_layer_stack_hide (trial);
  ComfyRect            canvas = { 0, 0, gimp_image_get_width (trial), gimp_image_get_height (trial) };
  ComfyRect            rect;

  g_ptr_array_extend (visible, placed, NULL, NULL);
  get_placed (parts, layers, &rect);
  choose_crop (&rect, &canvas, looks->before == NULL, &looks->crop);
  looks->crop.x -= looks->x;
  looks->crop.y -= looks->y;
  if (looks->selects)
    comfy_selection_reader_drop_quick_mask (trial);
  looks->after = comfy_image_reader_new_take (trial, visible);
}

/* When the canvas grows guides move with what is there. */
static gboolean
place_in_duplicate (Looks      *looks,
                    GimpImage  *image,
                    GPtrArray  *parts,
                    GError    **error)
{
  g_autoptr(GPtrArray)  visible = g_ptr_array_new ();
  g_autoptr(GPtrArray)  layers = g_ptr_array_new ();
  g_autoptr(GVariant)   report = NULL;
  GimpImage            *trial = duplicate (image, parts, visible, error);
  guint                 left;
  guint                 top;

  if (trial == NULL)
    return FALSE;

  left = gimp_image_add_vguide (trial, 0);
  top = gimp_image_add_hguide (trial, 0);
  report = _comfy_place_parts (parts, error);
  if (report == NULL)
    {
      gimp_image_delete (trial);
      return FALSE;
    }

  looks->x = gimp_image_get_guide_position (trial, left);
  looks->y = gimp_image_get_guide_position (trial, top);
  _comfy_place_read_report (report, layers);
  look_at (looks, trial, visible, parts, layers);

  return TRUE;
}

static gboolean
place_alone (Looks      *looks,
             GPtrArray  *parts,
             GError    **error)
{
  g_autoptr(GPtrArray)  visible = g_ptr_array_new ();
  g_autoptr(GPtrArray)  layers = g_ptr_array_new ();
  g_autoptr(GVariant)   report = _comfy_place_parts (parts, error);

  if (report == NULL)
    return FALSE;

  look_at (looks, _comfy_place_read_report (report, layers), visible, parts, layers);

  return TRUE;
}

/* does not wait */
static gboolean
looks_init (Looks      *looks,
            GPtrArray  *parts,
            GError    **error)
{
  g_autoptr(ComfyTake)  take = comfy_take_new ();
  g_autoptr(GPtrArray)  none = g_ptr_array_new ();
  GimpImage            *image;

  drop_new_images (parts);
  for (unsigned int i = 0; i < parts->len; i++)
    ((ComfyPlacing *) g_ptr_array_index (parts, i))->is_wanted = TRUE;
  looks->selects = has_selection (parts);
  image = find_image (parts);
  if (image == NULL)
    return place_alone (looks, parts, error);

  take->source = COMFY_SOURCE_VISIBLE;
  looks->before = comfy_image_reader_new (take, image, none, error);
  if (looks->before == NULL)
    return FALSE;
  looks->scaling.is_whole = is_filtered (image);

  return place_in_duplicate (looks, image, parts, error);
}

static void
set_size (Looks *looks,
          int    edge)
{
  ComfyScaling *scaling = &looks->scaling;
  int           longer = MAX (looks->crop.width, looks->crop.height);

  scaling->crop = looks->crop;
  scaling->width = looks->crop.width;
  scaling->height = looks->crop.height;
  if (longer > edge)
    {
      scaling->width = MAX ((int) ((gint64) scaling->width * edge / longer), 1);
      scaling->height = MAX ((int) ((gint64) scaling->height * edge / longer), 1);
    }
}

/* may await */
static ComfyPixels *
read_look (ComfyScaling      *scaling,
           ComfyImageReader  *reader,
           GError           **error)
{
  ComfyRect canvas;

  if (!comfy_image_reader_choose (reader, COMFY_SOURCE_VISIBLE, &canvas, error))
    return NULL;

  return comfy_scaled_reader_read (scaling, reader, error);
}

/* may await */
static ComfyPixels *
read_after (Looks   *looks,
            GError **error)
{
  ComfyScaling            scaling = looks->scaling;
  ComfyRect               selected;
  g_autoptr(ComfyPixels)  mask = NULL;
  g_autoptr(ComfyPixels)  seen = NULL;
  ComfyPixels            *dark;

  scaling.crop.x += looks->x;
  scaling.crop.y += looks->y;
  /* first: reading pixels leaves nothing of the selection */
  if (looks->selects && comfy_image_reader_get_selected (looks->after, &selected))
    {
      mask = comfy_scaled_reader_read_selected (&scaling, looks->after, error);
      if (mask == NULL)
        return NULL;
    }

  seen = read_look (&scaling, looks->after, error);
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
  g_auto(Looks)           looks = { 0 };
  g_autoptr(ComfyPixels)  before = NULL;
  g_autoptr(ComfyPixels)  after = NULL;

  looks.scaling.cancellable = dex_promise_get_cancellable (self->promise);
  if (parts == NULL || g_cancellable_set_error_if_cancelled (looks.scaling.cancellable, error)
      || !looks_init (&looks, parts, error))
    return NULL;

  /* GIMP has them now */
  g_clear_pointer (&parts, g_ptr_array_unref);
  set_size (&looks, self->edge);
  after = read_after (&looks, error);
  g_clear_pointer (&looks.after, comfy_image_reader_free);
  if (after == NULL)
    return NULL;
  if (looks.before != NULL)
    {
      before = read_look (&looks.scaling, looks.before, error);
      if (before == NULL)
        return NULL;
    }

  return comfy_comparison_new (before, after, &looks.crop);
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
