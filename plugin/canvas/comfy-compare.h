/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-host.h"

G_BEGIN_DECLS

DexFuture *comfy_compare_result (ComfyResult *result,
                                 int          edge) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
