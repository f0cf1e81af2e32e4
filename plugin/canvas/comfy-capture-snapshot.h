/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-capture-parts.h"

G_BEGIN_DECLS

/* What capture and preview have in common: the pixels of one moment. Main thread only. */
GPtrArray  *comfy_snapshot_dup_layers (GimpImage        *image,
                                       GPtrArray        *layers);
ComfyParts *comfy_snapshot_take       (const ComfyTake  *take,
                                       GimpImage        *image,
                                       GPtrArray        *layers,
                                       GError          **error);

G_END_DECLS
