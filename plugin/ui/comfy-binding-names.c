/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-binding-names.h"

/**
 * comfy_binding_names_foreach:
 * @func: called for each of them, in the order of a menu
 * @data: for @func
 *
 * Names what a picture can come from in any image: what is selected in it, and what is seen of it.
 */
void
comfy_binding_names_foreach (ComfyBindingFunc  func,
                             void             *data)
{
  const struct { const char *id; const char *name; } bindings[] = {
    { "layer",             _("Selected layer") },
    { "layers",            _("Selected layers") },
    { "visible",           _("Visible image") },
    { "selection",         _("Selected part of the layer") },
    { "visible-selection", _("Selected part of the image") },
    { "mask",              _("Selection as a mask") },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (bindings); i++)
    func (data, bindings[i].id, bindings[i].name);
}
