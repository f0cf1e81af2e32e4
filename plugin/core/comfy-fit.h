/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-placement.h"
#include "comfy-rect.h"

G_BEGIN_DECLS

/* 16384 × 16384: to more a result is not scaled up */
#define COMFY_FIT_MAX_PIXELS (G_GUINT64_CONSTANT (1) << 28)

void comfy_fit_layer  (const ComfyPlacement *placement,
                       int                   width,
                       int                   height,
                       ComfyRect            *out_layer);
void comfy_fit_canvas (const ComfyPlacement *placement,
                       const ComfyRect      *layer,
                       ComfyRect            *canvas);

G_END_DECLS
