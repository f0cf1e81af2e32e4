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

/* comfy-session-again.c: what asks for the same, or for nearly the same */
gboolean      _comfy_session_has_inputs  (ComfyRequest    *request,
                                          const char      *folder);
ComfyRequest *_comfy_session_make_varied (ComfySession    *self,
                                          ComfyRequest    *old,
                                          const char      *profile_id,
                                          ComfyPlacement  *placement,
                                          GError         **error);
char         *_comfy_session_begin_again (ComfySession    *self,
                                          char            *staging,
                                          ComfyRequest    *request,
                                          GError         **error);

G_END_DECLS
