/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An open image, as a list of images says it. Plain data, boxed. */
typedef struct
{
  int   id;     /* the editor's */
  char *name;   /* owned: as the title bar says */
  char *file;   /* owned, nullable: path */
  char *mark;   /* owned, nullable: UUID in the image, once something was taken of it */
  int   width;  /* px */
  int   height; /* px */
} ComfyImageInfo;

#define COMFY_TYPE_IMAGE_INFO (comfy_image_info_get_type ())
GType           comfy_image_info_get_type (void);
ComfyImageInfo *comfy_image_info_new      (int                   id,
                                           const char           *name,
                                           const char           *file,
                                           const char           *mark,
                                           int                   width,
                                           int                   height);
ComfyImageInfo *comfy_image_info_copy     (const ComfyImageInfo *self);
gboolean        comfy_image_info_equal    (const ComfyImageInfo *self,
                                           const ComfyImageInfo *other);
void            comfy_image_info_free     (ComfyImageInfo       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyImageInfo, comfy_image_info_free)

G_END_DECLS
