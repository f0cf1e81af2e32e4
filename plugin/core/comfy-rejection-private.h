/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-credentials.h"
#include "comfy-endpoint.h"

G_BEGIN_DECLS

GError *comfy_rejection_explain (const GError     *error,
                                 ComfyEndpoint    *endpoint,
                                 ComfyCredentials *credentials,
                                 const char       *name,
                                 gboolean          has_worked);

G_END_DECLS
