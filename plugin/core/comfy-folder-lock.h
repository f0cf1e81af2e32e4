/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A held lock means that a process is at work on the folder; the kernel gives it up when that
 * process ends, however it ends. */

int      comfy_folder_lock_take    (const char  *folder,
                                    GError     **error);
int      comfy_folder_lock_wait    (const char  *folder,
                                    gint64       patience_us);
gboolean comfy_folder_lock_is_held (const char  *folder);

G_END_DECLS
