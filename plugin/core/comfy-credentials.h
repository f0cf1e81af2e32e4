/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One key bound to one origin, in non-pageable memory that is wiped when the last reference goes.
 * Nothing hands the key out again: core's transport alone puts it into a request. */
typedef struct _ComfyCredentials ComfyCredentials;

#define COMFY_TYPE_CREDENTIALS (comfy_credentials_get_type ())
GType             comfy_credentials_get_type         (void);

ComfyCredentials *comfy_credentials_new              (const char        *typed,
                                                      const char        *origin,
                                                      GError           **error);
ComfyCredentials *comfy_credentials_rebind           (ComfyCredentials  *self,
                                                      const char        *origin);
ComfyCredentials *comfy_credentials_ref              (ComfyCredentials  *self);
void              comfy_credentials_unref            (ComfyCredentials  *self);

const char       *comfy_credentials_get_origin       (ComfyCredentials  *self);
const char       *comfy_credentials_get_last_four    (ComfyCredentials  *self);
gboolean          comfy_credentials_has_usual_prefix (ComfyCredentials  *self);

gboolean          comfy_credentials_check_typed      (const char        *typed,
                                                      char             **out_warning,
                                                      GError           **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyCredentials, comfy_credentials_unref)

G_END_DECLS
