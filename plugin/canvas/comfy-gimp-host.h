/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-host.h"
#include "comfy-place.h"

G_BEGIN_DECLS

/* GIMP as core sees it. Main thread only. */
#define COMFY_TYPE_GIMP_HOST (comfy_gimp_host_get_type ())
G_DECLARE_FINAL_TYPE (ComfyGimpHost, comfy_gimp_host, COMFY, GIMP_HOST, GObject)

ComfyHost *comfy_gimp_host_new      (gboolean       with_displays);
void       comfy_gimp_host_set_hand (ComfyGimpHost *self,
                                     ComfyHand      hand);

G_END_DECLS
