/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-host.h"

G_BEGIN_DECLS

/* what the name of the picture that a result belongs to begins with, in a job's folder */
#define COMFY_CAPTURE_SOURCE "source"

/* → ComfyCapture */
DexFuture *comfy_capture_take    (const ComfyTake *take,
                                  GimpImage       *image,
                                  GPtrArray       *layers,
                                  const char      *folder) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyPreview */
DexFuture *comfy_capture_preview (const ComfyTake *take,
                                  GimpImage       *image,
                                  GPtrArray       *layers) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
