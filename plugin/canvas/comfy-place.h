/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-host.h"

G_BEGIN_DECLS

/* → boolean: TRUE once the artist holds no button of a mouse or pen down; FALSE, at once, where
 * that cannot be known */
typedef DexFuture *(*ComfyHand) (void);

DexFuture *comfy_place_result (ComfyResult *result,
                               gboolean     again,
                               gboolean     with_display,
                               ComfyHand    hand) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
