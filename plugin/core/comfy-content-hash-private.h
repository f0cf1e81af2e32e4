/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* In a thread: names the bytes of a file. Returns: (transfer full) (nullable): the name */
typedef char *(*ComfyHashFunc) (const char  *path,
                                GError     **error);

/* 64 hexadecimal digits */
char         *comfy_sha256_of_file    (const char     *path,
                                       GError        **error);
/* (nullable): "blake3:" and 64 hexadecimal digits; %NULL where this build has no libblake3 */
ComfyHashFunc comfy_blake3_get_func   (void);

/* → string */
DexFuture    *comfy_content_hash      (const char     *path,
                                       ComfyHashFunc   func) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
