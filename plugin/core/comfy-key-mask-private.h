/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): @text without @key, however JSON spells that */
char *_comfy_key_mask (const char *text,
                       const char *key);

G_END_DECLS
