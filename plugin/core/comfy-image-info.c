/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-host"

#include "config.h"

#include "comfy-image-info.h"

G_DEFINE_BOXED_TYPE (ComfyImageInfo, comfy_image_info, comfy_image_info_copy, comfy_image_info_free)

/**
 * comfy_image_info_new:
 * @id: the editor's
 * @name: as the title bar says
 * @file: (nullable): path of its file
 * @mark: (nullable): the UUID that it carries
 * @width: px
 * @height: px
 *
 * Returns: (transfer full): what is said of an image
 */
ComfyImageInfo *
comfy_image_info_new (int         id,
                      const char *name,
                      const char *file,
                      const char *mark,
                      int         width,
                      int         height)
{
  ComfyImageInfo *self = g_new0 (ComfyImageInfo, 1);

  self->id = id;
  self->name = g_strdup (name);
  self->file = g_strdup (file);
  self->mark = g_strdup (mark);
  self->width = width;
  self->height = height;

  return self;
}

/**
 * comfy_image_info_copy:
 * @self: what is said of an image
 *
 * Returns: (transfer full): the same
 */
ComfyImageInfo *
comfy_image_info_copy (const ComfyImageInfo *self)
{
  return comfy_image_info_new (self->id, self->name, self->file, self->mark, self->width,
                               self->height);
}

/**
 * comfy_image_info_equal:
 * @self: what is said of an image
 * @other: of one, too
 *
 * Returns: whether both say the same
 */
gboolean
comfy_image_info_equal (const ComfyImageInfo *self,
                        const ComfyImageInfo *other)
{
  return self->id == other->id && self->width == other->width && self->height == other->height
         && g_strcmp0 (self->name, other->name) == 0 && g_strcmp0 (self->file, other->file) == 0
         && g_strcmp0 (self->mark, other->mark) == 0;
}

/**
 * comfy_image_info_free:
 * @self: (transfer full): what is said of an image
 */
void
comfy_image_info_free (ComfyImageInfo *self)
{
  g_free (self->name);
  g_free (self->file);
  g_free (self->mark);
  g_free (self);
}
