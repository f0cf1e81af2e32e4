/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void fuzz_png_mend (unsigned char *data,
                    size_t         size);

G_END_DECLS
