/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Our words in a language that is longer than any, so that what does not fit, or is not translated,
 * is seen. @begin: static: what each text begins with, such as a letter of another script; NULL:
 * the words as they are, as before the first call. */
void pseudo_translation_use (const char *begin);

G_END_DECLS
