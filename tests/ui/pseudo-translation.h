/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Our words in a language that is longer than any, so that what does not fit, or is not translated,
 * is seen. Of the program that links this; off until it is asked for. */
void pseudo_translation_use (gboolean is_used);

G_END_DECLS
