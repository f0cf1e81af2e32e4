/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The code that places is given a duplicate of the artist's image. That the duplicate is made,
 * changed and handed to its reader happens with no way back to the main loop in between: what is
 * read before and afterwards is of one moment, and nobody can leave the duplicate behind.
 *
 * A layer in the artist's own image, with its undo frozen, would be seen on the canvas. But it
 * would be saved with the image; and where the artist has moved, merged or deleted a layer
 * meanwhile, GIMP 3.0 and 3.2 undo that wrongly, or crash.
 */
#define G_LOG_DOMAIN "comfy-compare"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-aside.h"
#include "comfy-error.h"
#include "comfy-layer-stack.h"
#include "comfy-selection-reader.h"
#include "comfy-target.h"
#include "comfy-trial-private.h"

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

/* so much of the canvas that the artist sees where @placed is; all of it where that is most of
 * it */
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
look_at (ComfyTrial *self,
         GimpImage  *trial,
         GPtrArray  *visible,
         GPtrArray  *parts,
         GPtrArray  *layers)
{
  g_autoptr(GPtrArray) placed = comfy_layer_stack_hide (trial);
  const ComfyRect      canvas = { 0, 0, gimp_image_get_width (trial),
                                  gimp_image_get_height (trial) };
  ComfyRect            rect;

  g_ptr_array_extend (visible, placed, NULL, NULL);
  get_placed (parts, layers, &rect);
  choose_crop (&rect, &canvas, self->before == NULL, &self->crop);
  self->crop.x -= self->x;
  self->crop.y -= self->y;
  if (self->selects)
    comfy_selection_reader_drop_quick_mask (trial);
  self->after = comfy_image_reader_new_take (trial, visible);
}

/* When the canvas grows guides move with what is there. */
static gboolean
place_in_duplicate (ComfyTrial  *self,
                    GimpImage   *image,
                    GPtrArray   *parts,
                    GError     **error)
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
      comfy_aside_drop (trial);
      return FALSE;
    }

  self->x = gimp_image_get_guide_position (trial, left);
  self->y = gimp_image_get_guide_position (trial, top);
  _comfy_place_read_report (report, layers);
  look_at (self, trial, visible, parts, layers);

  return TRUE;
}

static gboolean
place_alone (ComfyTrial  *self,
             GPtrArray   *parts,
             GError     **error)
{
  g_autoptr(GPtrArray)  visible = g_ptr_array_new ();
  g_autoptr(GPtrArray)  layers = g_ptr_array_new ();
  g_autoptr(GVariant)   report = _comfy_place_parts (parts, error);

  if (report == NULL)
    return FALSE;

  look_at (self, _comfy_place_read_report (report, layers), visible, parts, layers);

  return TRUE;
}

/*
 * _comfy_trial_init:
 * @self: zeroed; to be cleared in any case
 * @parts: (element-type ComfyPlacing): from _comfy_place_load(); of no use afterwards
 * @error: return location
 *
 * Places them as if the artist had asked for it, and waits for nothing. No image of the artist is
 * changed.
 *
 * Returns: success. Errors: %COMFY_ERROR_IMAGE
 */
gboolean
_comfy_trial_init (ComfyTrial  *self,
                   GPtrArray   *parts,
                   GError     **error)
{
  g_autoptr(ComfyTake)  take = comfy_take_new ();
  g_autoptr(GPtrArray)  none = g_ptr_array_new ();
  GimpImage            *image;

  drop_new_images (parts);
  for (unsigned int i = 0; i < parts->len; i++)
    ((ComfyPlacing *) g_ptr_array_index (parts, i))->is_wanted = TRUE;
  self->selects = has_selection (parts);
  image = find_image (parts);
  if (image == NULL)
    return place_alone (self, parts, error);

  take->source = COMFY_SOURCE_VISIBLE;
  self->before = comfy_image_reader_new (take, image, none, error);
  if (self->before == NULL)
    return FALSE;
  self->is_filtered = is_filtered (image);

  return place_in_duplicate (self, image, parts, error);
}

/*
 * _comfy_trial_clear:
 *
 * Closes what it works in.
 */
void
_comfy_trial_clear (ComfyTrial *self)
{
  g_clear_pointer (&self->before, comfy_image_reader_free);
  g_clear_pointer (&self->after, comfy_image_reader_free);
}
