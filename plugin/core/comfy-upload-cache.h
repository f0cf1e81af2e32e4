/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "comfy-upload.h"

G_BEGIN_DECLS

/* What lies on servers already, by its content: so that the same pixels go up once. A file for each
 * profile, which holds no secret; several processes share it. What it says may be out of date: ask
 * the server before it is used, with comfy_api_check_upload(). */
#define COMFY_TYPE_UPLOAD_CACHE (comfy_upload_cache_get_type ())
G_DECLARE_FINAL_TYPE (ComfyUploadCache, comfy_upload_cache, COMFY, UPLOAD_CACHE, GObject)

ComfyUploadCache *comfy_upload_cache_new    (const char        *folder);
/* (nullable) (transfer full) */
ComfyUpload      *comfy_upload_cache_lookup (ComfyUploadCache  *self,
                                             const char        *profile_id,
                                             const char        *server,
                                             const char        *hash);
void              comfy_upload_cache_store  (ComfyUploadCache  *self,
                                             const char        *profile_id,
                                             const char        *server,
                                             const char        *hash,
                                             const ComfyUpload *upload);
void              comfy_upload_cache_drop   (ComfyUploadCache  *self,
                                             const char        *profile_id,
                                             const char        *upload_id);
/* removes the files of profiles that nobody uses any more */
void              comfy_upload_cache_sweep  (ComfyUploadCache  *self);
/* everything, for the artist's "delete now" */
void              comfy_upload_cache_forget (ComfyUploadCache  *self);

G_END_DECLS
