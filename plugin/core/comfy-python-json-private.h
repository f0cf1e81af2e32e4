/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GString *_comfy_python_json_tidy (const char *text,
                                  gsize       length);

G_END_DECLS
