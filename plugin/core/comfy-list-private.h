/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void _comfy_list_replace (GListStore *list,
                          GPtrArray  *wanted);

G_END_DECLS
