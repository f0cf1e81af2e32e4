/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

G_BEGIN_DECLS

/* What runs when GIMP calls one of our procedures */
GimpValueArray *comfy_dispatch_action   (GimpProcedure       *procedure,
                                         GimpRunMode          run_mode,
                                         GimpImage           *image,
                                         GimpDrawable       **drawables,
                                         GimpProcedureConfig *config,
                                         void                *action);
GimpValueArray *comfy_dispatch_workflow (GimpProcedure        *procedure,
                                         GimpRunMode           run_mode,
                                         GimpImage            *image,
                                         GimpDrawable        **drawables,
                                         GimpProcedureConfig  *config,
                                         void                 *actions);
GimpValueArray *comfy_dispatch_vary     (GimpProcedure       *procedure,
                                         GimpRunMode          run_mode,
                                         GimpImage           *image,
                                         GimpDrawable       **drawables,
                                         GimpProcedureConfig *config,
                                         void                *actions);
GimpValueArray *comfy_dispatch_jobs     (GimpProcedure       *procedure,
                                         GimpProcedureConfig *config,
                                         void                *data);
GimpValueArray *comfy_dispatch_panel    (GimpProcedure       *procedure,
                                         GimpProcedureConfig *config,
                                         void                *data);
GimpValueArray *comfy_dispatch_in_panel (GimpProcedure       *procedure,
                                         GimpRunMode          run_mode,
                                         GimpImage           *image,
                                         GimpDrawable       **drawables,
                                         GimpProcedureConfig *config,
                                         void                *generate);
GimpValueArray *comfy_dispatch_settings (GimpProcedure       *procedure,
                                         GimpProcedureConfig *config,
                                         void                *data);

G_END_DECLS
