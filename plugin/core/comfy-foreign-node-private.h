/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *_comfy_foreign_node_get_tool   (const char *class_type);
const char *_comfy_foreign_node_get_advice (const char *class_type);

G_END_DECLS
