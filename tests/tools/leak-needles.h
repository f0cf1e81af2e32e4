/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A secret in every form in which it could have leaked, ready to be searched for in bytes: every
 * window of 12 characters past its prefix, as it is, and encoded. */
typedef struct _LeakNeedles LeakNeedles;

/* @encoding: static, such as "base64"; @window: where in the secret the found part begins */
typedef void (*LeakFound) (const char   *encoding,
                           unsigned int  window,
                           gsize         offset,
                           gpointer      data);

LeakNeedles *leak_needles_new    (const char        *secret,
                                  const char        *prefix);
void         leak_needles_free   (LeakNeedles       *self);
unsigned int leak_needles_search (const LeakNeedles *self,
                                  const void        *bytes,
                                  gsize              length,
                                  LeakFound          found,
                                  gpointer           data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LeakNeedles, leak_needles_free)

G_END_DECLS
