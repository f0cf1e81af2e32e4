/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-capture-snapshot.h"

G_BEGIN_DECLS

/* All pictures of a take. Each different one is taken once: further ones that are wanted again, or
 * that the main picture or the mask are already, are their twins. Main thread only. */
typedef struct
{
  ComfyTake     *take;   /* owned */
  ComfySnapshot *main;   /* owned, nullable: there is none, or it was read */
  GPtrArray     *extras; /* owned, of ComfySnapshot, one for each; NULL: a twin, a file, was read */
} ComfyPictures;

#define COMFY_TWIN_NONE (-1)
#define COMFY_TWIN_MAIN (-2) /* the main picture */
#define COMFY_TWIN_MASK (-3)

ComfyPictures *comfy_pictures_new        (const ComfyTake      *take,
                                          GimpImage            *image,
                                          GPtrArray            *layers,
                                          GError              **error);
void           comfy_pictures_free       (ComfyPictures        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyPictures, comfy_pictures_free)

int            comfy_pictures_get_twin   (const ComfyPictures  *self,
                                          unsigned int          i);
ComfyParts    *comfy_pictures_read_main  (ComfyPictures        *self,
                                          GError              **error);
ComfyParts    *comfy_pictures_read_extra (ComfyPictures        *self,
                                          unsigned int          i,
                                          GError              **error);

G_END_DECLS
