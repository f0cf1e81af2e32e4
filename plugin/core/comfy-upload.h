/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A file that a server took. Boxed. */
typedef struct
{
  char *name; /* owned: what a LoadImage node takes as its file name */
  char *id;   /* owned, nullable: what comfy_api_delete_upload() takes; the server gave none */
} ComfyUpload;

#define COMFY_TYPE_UPLOAD (comfy_upload_get_type ())
GType        comfy_upload_get_type (void);
ComfyUpload *comfy_upload_new      (const char        *name,
                                    const char        *id);
ComfyUpload *comfy_upload_copy     (const ComfyUpload *self);
void         comfy_upload_free     (ComfyUpload       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyUpload, comfy_upload_free)

G_END_DECLS
