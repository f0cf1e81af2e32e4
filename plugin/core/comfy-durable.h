/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Files that are on disk when the call returns: what a power cut may not take back. All errors are
 * COMFY_ERROR_STORAGE. */

gboolean comfy_durable_make_folder (const char  *path,
                                    GError     **error);
gboolean comfy_durable_write       (const char  *path,
                                    GBytes      *content,
                                    GError     **error);
gboolean comfy_durable_rename      (const char  *from,
                                    const char  *to,
                                    GError     **error);
gboolean comfy_durable_sync_folder (const char  *folder,
                                    GError     **error);
gboolean comfy_durable_remove      (const char  *folder,
                                    GError     **error);

G_END_DECLS
