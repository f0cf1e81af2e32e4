/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @id: text form of a binding; @name: what it is called, translated */
typedef void (*ComfyBindingFunc) (void       *data,
                                  const char *id,
                                  const char *name);

void comfy_binding_names_foreach (ComfyBindingFunc  func,
                                  void             *data);

G_END_DECLS
