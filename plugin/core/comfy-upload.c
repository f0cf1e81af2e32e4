/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-upload"

#include "config.h"

#include "comfy-upload.h"

G_DEFINE_BOXED_TYPE (ComfyUpload, comfy_upload, comfy_upload_copy, comfy_upload_free)

/**
 * comfy_upload_new:
 * @name: what a LoadImage node takes as its file name
 * @id: (nullable): what the server knows it by
 *
 * Returns: (transfer full): the upload
 */
ComfyUpload *
comfy_upload_new (const char *name,
                  const char *id)
{
  ComfyUpload *self = g_new0 (ComfyUpload, 1);

  self->name = g_strdup (name);
  self->id = g_strdup (id);

  return self;
}

/**
 * comfy_upload_copy:
 *
 * Returns: (transfer full): a copy
 */
ComfyUpload *
comfy_upload_copy (const ComfyUpload *self)
{
  return comfy_upload_new (self->name, self->id);
}

/**
 * comfy_upload_free:
 * @self: (transfer full): an upload
 */
void
comfy_upload_free (ComfyUpload *self)
{
  g_free (self->name);
  g_free (self->id);
  g_free (self);
}
