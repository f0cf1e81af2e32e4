/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-host.h"

G_BEGIN_DECLS

/* the part of GIMP's ComfyHost that tells which images there are, and what they are like */
void _comfy_gimp_images_iface_init (ComfyHostInterface *iface);

G_END_DECLS
