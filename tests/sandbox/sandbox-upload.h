/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A multipart/form-data body, taken apart while it arrives; the part "file" goes to disk. */
typedef struct _SandboxUpload SandboxUpload;

SandboxUpload *sandbox_upload_new          (const char     *content_type,
                                            const char     *path,
                                            gint64          limit);
void           sandbox_upload_free         (SandboxUpload  *self);
void           sandbox_upload_feed         (SandboxUpload  *self,
                                            const guint8   *data,
                                            gsize           length);
gboolean       sandbox_upload_finish       (SandboxUpload  *self,
                                            const char    **problem);
gboolean       sandbox_upload_is_too_large (SandboxUpload  *self);
gboolean       sandbox_upload_is_webp      (SandboxUpload  *self);
gboolean       sandbox_upload_is_ordered   (SandboxUpload  *self);
const char    *sandbox_upload_get_text     (SandboxUpload  *self,
                                            const char     *name);
const char    *sandbox_upload_get_name     (SandboxUpload  *self);
const char    *sandbox_upload_get_type     (SandboxUpload  *self);
char          *sandbox_upload_dup_hash     (SandboxUpload  *self);
const char    *sandbox_upload_keep         (SandboxUpload  *self);

G_END_DECLS
