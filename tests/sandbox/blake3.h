/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* the length of a digest, in bytes */
#define BLAKE3_LENGTH 32

/* BLAKE3 of what is fed to it, a piece at a time: plain hashes only, no keys. */
typedef struct _Blake3 Blake3;

Blake3 *blake3_new    (void);
void    blake3_free   (Blake3        *self);
void    blake3_update (Blake3        *self,
                       const guint8  *data,
                       gsize          length);
char   *blake3_dup_hex (Blake3       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Blake3, blake3_free)

G_END_DECLS
