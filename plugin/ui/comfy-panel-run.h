/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-session.h"

G_BEGIN_DECLS

/* → TRUE once all jobs run, or wait for their turn; rejects with why some do not */
DexFuture *comfy_panel_run (ComfySession     *session,
                            ComfyForm        *form,
                            const ComfyBatch *batch,
                            int               image_id) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
