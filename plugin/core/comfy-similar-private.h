/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *_comfy_find_extension (const char         *name);
char      **_comfy_dup_similar    (const char         *wanted,
                                   const char *const  *choices,
                                   unsigned int        max);

G_END_DECLS
