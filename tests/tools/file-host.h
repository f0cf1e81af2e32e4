/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-host.h"

G_BEGIN_DECLS

/* An editor that is two files: a picture to take, and a list of what was placed. The list outlives
 * the process, as an open image outlives a plug-in. */
#define FILE_TYPE_HOST (file_host_get_type ())
G_DECLARE_FINAL_TYPE (FileHost, file_host, FILE, HOST, GObject)

FileHost *file_host_new     (const char *picture_path,
                             const char *placed_path);
/* from now on what is placed is a file of @folder, and the list has no checksum */
void      file_host_keep_in (FileHost   *self,
                             const char *folder);

G_END_DECLS
