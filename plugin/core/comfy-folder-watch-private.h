/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tells whenever something happens in a folder, which need not be there yet. */
typedef struct _ComfyFolderWatch ComfyFolderWatch;

typedef void (*ComfyFolderChanged) (gpointer data);

ComfyFolderWatch *_comfy_folder_watch_new  (const char         *folder,
                                            ComfyFolderChanged  changed,
                                            gpointer            data);
void              _comfy_folder_watch_free (ComfyFolderWatch   *self);

G_END_DECLS
