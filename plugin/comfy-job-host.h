/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-door.h"
#include "comfy-session.h"

G_BEGIN_DECLS

gboolean comfy_job_host_hand_over (GimpPlugIn         *plug_in,
                                   ComfySession       *session,
                                   const char * const *journal_ids,
                                   GError            **error);
/* @image_id: -1: none is meant */
gboolean comfy_job_host_show      (GimpPlugIn         *plug_in,
                                   ComfySession       *session,
                                   ComfyShow           show,
                                   int                 image_id,
                                   GError            **error);

G_END_DECLS
