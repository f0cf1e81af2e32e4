/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A key file that several processes share: what each one changed is merged key by key, under a
 * lock, so that nobody's change is lost. Owned by one ComfySettings; no thread of its own. */
typedef struct _ComfySettingsFile ComfySettingsFile;

ComfySettingsFile *comfy_settings_file_new      (const char         *path);
void               comfy_settings_file_free     (ComfySettingsFile  *self);
GKeyFile          *comfy_settings_file_get_keys (ComfySettingsFile  *self);
gboolean           comfy_settings_file_reload   (ComfySettingsFile  *self);
gboolean           comfy_settings_file_save     (ComfySettingsFile  *self,
                                                 GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfySettingsFile, comfy_settings_file_free)

G_END_DECLS
