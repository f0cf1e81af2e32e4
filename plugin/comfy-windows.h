/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gmodule.h>

#include "comfy-call.h"

G_BEGIN_DECLS

/* What needs windows is in a module of its own, so that a script's call does not load a toolkit:
 * that takes as long as the rest of such a call. These are its entries. */
G_MODULE_EXPORT
GimpValueArray *comfy_windows_run_action   (GimpProcedure       *procedure,
                                            GimpProcedureConfig *config,
                                            ComfyCall           *call,
                                            GimpRunMode          run_mode);
G_MODULE_EXPORT
GimpValueArray *comfy_windows_run_workflow (GimpProcedure       *procedure,
                                            ComfyCall           *call,
                                            const char          *path);
G_MODULE_EXPORT
GimpValueArray *comfy_windows_run_jobs     (GimpProcedure       *procedure,
                                            ComfySession        *session);
G_MODULE_EXPORT
GimpValueArray *comfy_windows_run_panel    (GimpProcedure       *procedure,
                                            ComfySession        *session);
G_MODULE_EXPORT
GimpValueArray *comfy_windows_run_in_panel (GimpProcedure       *procedure,
                                            ComfySession        *session,
                                            int                  image_id,
                                            gboolean             generate);
G_MODULE_EXPORT
GimpValueArray *comfy_windows_run_settings (GimpProcedure       *procedure,
                                            ComfySession        *session);

G_END_DECLS
