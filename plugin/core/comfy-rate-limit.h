/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

#define COMFY_RATE_LIMIT_REQUESTS 600 /* per key, the service's own number */
#define COMFY_RATE_LIMIT_WINDOW_S 60

/* At most 600 requests in any 60 s per key, over all processes of the user: an exact window in a
 * locked file that is named by the profile's id. */
#define COMFY_TYPE_RATE_LIMIT (comfy_rate_limit_get_type ())
G_DECLARE_FINAL_TYPE (ComfyRateLimit, comfy_rate_limit, COMFY, RATE_LIMIT, GObject)

ComfyRateLimit *comfy_rate_limit_new     (const char     *folder,
                                          const char     *profile_id);
/* → TRUE once a request may go out; it is counted */
DexFuture      *comfy_rate_limit_acquire (ComfyRateLimit *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
