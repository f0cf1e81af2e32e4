/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The main picture and those beside it: more of the image, other open images, files. Of all that is
 * open a snapshot is taken at the same moment. A file is loaded when it is its turn, by GIMP, which
 * reads all that the artist can open.
 */
#define G_LOG_DOMAIN "comfy-capture-pictures"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-aside.h"
#include "comfy-capture-pictures.h"
#include "comfy-error.h"
#include "comfy-selection-reader.h"

static const ComfyExtra *
get_extra (const ComfyTake *take,
           unsigned int     i)
{
  return g_ptr_array_index (take->extras, i);
}

static gboolean
is_main (const ComfyTake    *take,
         const ComfyBinding *binding)
{
  ComfyTake same = { 0 };

  if (!comfy_binding_is_canvas (binding) || take->image.node == NULL)
    return FALSE;

  comfy_take_set_canvas (&same, binding->kind);

  return same.source == take->source && same.extent == take->extent;
}

/**
 * comfy_pictures_get_twin:
 * @self: pictures
 * @i: which of the take's extras
 *
 * Returns: the number of an earlier extra that is the same picture, %COMFY_TWIN_MAIN,
 *   %COMFY_TWIN_MASK, or %COMFY_TWIN_NONE
 */
int
comfy_pictures_get_twin (const ComfyPictures *self,
                         unsigned int         i)
{
  const ComfyTake    *take = self->take;
  const ComfyBinding *binding = get_extra (take, i)->binding;

  if (binding->kind == COMFY_BINDING_MASK)
    return COMFY_TWIN_MASK;
  if (is_main (take, binding))
    return COMFY_TWIN_MAIN;

  for (unsigned int j = 0; j < i; j++)
    if (comfy_binding_equal (binding, get_extra (take, j)->binding))
      return (int) j;

  return COMFY_TWIN_NONE;
}

/* (transfer full): takes one extra as if it were the main picture */
static ComfyTake *
new_take (const ComfyTake  *take,
          const ComfyExtra *extra)
{
  ComfyTake *own = comfy_take_copy (take);

  g_clear_pointer (&own->extras, g_ptr_array_unref);
  comfy_target_set (&own->image, extra->target.node, extra->target.input);
  comfy_target_clear (&own->mask);
  own->mask_selected = FALSE;
  own->keep_alpha = FALSE;
  if (comfy_binding_is_canvas (extra->binding))
    comfy_take_set_canvas (own, extra->binding->kind);
  else
    {
      own->source = extra->binding->kind == COMFY_BINDING_NAMED_LAYER ? COMFY_SOURCE_LAYER
                                                                      : COMFY_SOURCE_VISIBLE;
      own->extent = COMFY_EXTENT_WHOLE;
    }

  return own;
}

static ComfySnapshot *
new_of_canvas (const ComfyTake  *take,
               GimpImage        *image,
               GPtrArray        *layers,
               GError          **error)
{
  g_autofree char *name = NULL;

  if (image != NULL && layers->len == 1 && take->source != COMFY_SOURCE_VISIBLE)
    name = gimp_item_get_name (g_ptr_array_index (layers, 0));
  else if (image != NULL)
    name = gimp_image_get_name (image);

  return comfy_snapshot_new (take, image, layers, name, FALSE, error);
}

static ComfySnapshot *
new_of_layer (const ComfyTake  *take,
              GimpImage        *image,
              const char       *name,
              GError          **error)
{
  g_autoptr(GPtrArray)  all = g_ptr_array_new ();
  g_autoptr(GPtrArray)  layers = NULL;
  GimpLayer            *layer;

  if (image == NULL)
    return comfy_snapshot_new (take, NULL, all, name, FALSE, error);

  layer = gimp_image_get_layer_by_name (image, name);
  if (layer == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("The image has no layer called “%s”. "
                         "Choose another picture, or give a layer that name, and try again."),
                       name);
      return NULL;
    }
  g_ptr_array_add (all, layer);
  layers = comfy_snapshot_dup_layers (image, all);

  return comfy_snapshot_new (take, image, layers, name, FALSE, error);
}

static ComfySnapshot *
new_of_image (const ComfyTake  *take,
              int               image_id,
              GError          **error)
{
  g_autoptr(GPtrArray)  layers = g_ptr_array_new ();
  g_autofree char      *name = NULL;
  GimpImage            *image;

  if (!gimp_image_id_is_valid (image_id))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("An image that “%s” was to take is not open any more. "
                         "Choose another picture and try again."), take->title);
      return NULL;
    }
  image = gimp_image_get_by_id (image_id);
  name = gimp_image_get_name (image);

  return comfy_snapshot_new (take, image, layers, name, TRUE, error);
}

/* (transfer full) (nullable): not shown to anybody, upright as it is when the artist opens it */
static GimpImage *
load (const char  *path,
      const char  *name,
      GError     **error)
{
  g_autoptr(GFile)  file = g_file_new_for_path (path);
  GimpImage        *image = NULL;

  /* neither waits for a pipe nor reads a device to its end, which it does not have */
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("There is no file “%s” any more. Choose another picture and try again."),
                       name);
      return NULL;
    }

  image = gimp_file_load (GIMP_RUN_NONINTERACTIVE, file);
  if (image == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_IMAGE, gimp_pdb_get_last_error (gimp_get_pdb ()),
                       _("GIMP cannot open the file “%s”. Choose another picture and try again."),
                       name);
      return NULL;
    }
  gimp_image_undo_disable (image);
  gimp_image_policy_rotate (image, FALSE);

  return image;
}

static ComfySnapshot *
new_of_file (const ComfyTake  *take,
             const char       *path,
             GError          **error)
{
  g_autoptr(GPtrArray)  layers = g_ptr_array_new ();
  g_autofree char      *name = g_filename_display_basename (path);
  GimpImage            *image = load (path, name, error);
  ComfySnapshot        *snapshot;

  if (image == NULL)
    return NULL;

  snapshot = comfy_snapshot_new (take, image, layers, name, TRUE, error);
  comfy_aside_drop (image);

  return snapshot;
}

static ComfySnapshot *
new_snapshot (const ComfyTake   *take,
              const ComfyExtra  *extra,
              GimpImage         *image,
              GPtrArray         *layers,
              GError           **error)
{
  const ComfyBinding   *binding = extra->binding;
  g_autoptr(ComfyTake)  own = new_take (take, extra);

  switch (binding->kind)
    {
    case COMFY_BINDING_NAMED_LAYER:
      return new_of_layer (own, image, binding->name, error);
    case COMFY_BINDING_IMAGE:
      return new_of_image (own, binding->image_id, error);
    case COMFY_BINDING_FILE:
      return new_of_file (own, binding->name, error);
    case COMFY_BINDING_LAYER:
    case COMFY_BINDING_LAYERS:
    case COMFY_BINDING_VISIBLE:
    case COMFY_BINDING_SELECTION:
    case COMFY_BINDING_VISIBLE_SELECTION:
    case COMFY_BINDING_MASK:
    default:
      return new_of_canvas (own, image, layers, error);
    }
}

static void
free_snapshot (void *snapshot)
{
  if (snapshot != NULL)
    comfy_snapshot_free (snapshot);
}

/* the extras that are of something open; %FALSE with @error set */
static gboolean
add_extras (ComfyPictures  *self,
            GimpImage      *image,
            GPtrArray      *layers,
            GError        **error)
{
  const ComfyTake *take = self->take;

  for (unsigned int i = 0; take->extras != NULL && i < take->extras->len; i++)
    {
      ComfySnapshot *snapshot = NULL;

      if (comfy_pictures_get_twin (self, i) == COMFY_TWIN_NONE
          && get_extra (take, i)->binding->kind != COMFY_BINDING_FILE)
        {
          snapshot = new_snapshot (take, get_extra (take, i), image, layers, error);
          if (snapshot == NULL)
            return FALSE;
        }
      g_ptr_array_add (self->extras, snapshot);
    }

  return TRUE;
}

static gboolean
needs_selected (const ComfyTake *take)
{
  for (unsigned int i = 0; take->extras != NULL && i < take->extras->len; i++)
    if (get_extra (take, i)->binding->kind == COMFY_BINDING_SELECTION
        || get_extra (take, i)->binding->kind == COMFY_BINDING_VISIBLE_SELECTION)
      return TRUE;

  return comfy_take_needs_selected (take);
}

/**
 * comfy_pictures_new:
 * @take: says what is taken
 * @image: (nullable): an open image
 * @layers: (element-type GimpLayer): from comfy_snapshot_dup_layers()
 * @error: return location
 *
 * In a fiber. What is done to images afterwards has no share in what is read; all is of one moment.
 * Files are read as they are when it is their turn.
 *
 * Returns: (transfer full) (nullable): what there is to be read. Errors:
 *   %COMFY_ERROR_INVALID_ARGUMENT, %COMFY_ERROR_IMAGE
 */
ComfyPictures *
comfy_pictures_new (const ComfyTake  *take,
                    GimpImage        *image,
                    GPtrArray        *layers,
                    GError          **error)
{
  g_autoptr(ComfyPictures) self = g_new0 (ComfyPictures, 1);

  self->take = comfy_take_copy (take);
  self->extras = g_ptr_array_new_with_free_func (free_snapshot);

  /* once this is done nothing is waited for until all is held as it is */
  if (image != NULL && needs_selected (take) && !comfy_selection_reader_prepare (image, error))
    return NULL;

  if (take->source != COMFY_SOURCE_NONE)
    {
      self->main = comfy_snapshot_new (take, image, layers, NULL, FALSE, error);
      if (self->main == NULL)
        return NULL;
    }

  return add_extras (self, image, layers, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * comfy_pictures_free:
 * @self: (transfer full): pictures
 */
void
comfy_pictures_free (ComfyPictures *self)
{
  comfy_take_free (self->take);
  g_clear_pointer (&self->main, comfy_snapshot_free);
  g_ptr_array_unref (self->extras);
  g_free (self);
}

/**
 * comfy_pictures_read_main:
 * @self: pictures with a main one
 * @error: return location
 *
 * In a fiber. What was kept of the picture is freed.
 *
 * Returns: (transfer full) (nullable): see comfy_snapshot_read()
 */
ComfyParts *
comfy_pictures_read_main (ComfyPictures  *self,
                          GError        **error)
{
  g_autoptr(ComfySnapshot) snapshot = g_steal_pointer (&self->main);

  return comfy_snapshot_read (snapshot, error);
}

/**
 * comfy_pictures_read_extra:
 * @self: pictures
 * @i: which of the take's extras; no twin, and not read yet
 * @error: return location
 *
 * In a fiber. What was kept of the picture is freed.
 *
 * Returns: (transfer full) (nullable): see comfy_snapshot_read()
 */
ComfyParts *
comfy_pictures_read_extra (ComfyPictures  *self,
                           unsigned int    i,
                           GError        **error)
{
  g_autoptr(ComfySnapshot) snapshot = g_steal_pointer (&g_ptr_array_index (self->extras, i));

  if (snapshot == NULL)
    snapshot = new_snapshot (self->take, get_extra (self->take, i), NULL, NULL, error);

  return snapshot != NULL ? comfy_snapshot_read (snapshot, error) : NULL;
}
