/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-host.h"

G_BEGIN_DECLS

DexFuture *comfy_place_result (ComfyResult *result,
                               gboolean     with_display) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
