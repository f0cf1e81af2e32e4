/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-session.h"

G_BEGIN_DECLS

GError  *_comfy_session_new_no_key_error (void);
void     _comfy_session_sweep            (ComfySession    *self);

/* the files of a job, from its folder into that of a job to be */
gboolean _comfy_session_copy_files       (GPtrArray       *inputs,
                                          ComfyPlacement  *placement,
                                          const char      *folder,
                                          const char      *staging,
                                          GError         **error);

G_END_DECLS
