/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-rate-limit.h"

G_BEGIN_DECLS

ComfyRateLimit *_comfy_rate_limit_new_full (const char      *folder,
                                            const char      *profile_id,
                                            unsigned int     n_requests,
                                            gint64           window_us);
gboolean        _comfy_rate_limit_try      (ComfyRateLimit  *self,
                                            gint64          *out_wait_us,
                                            GError         **error);

G_END_DECLS
