/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* which window of the process that owns jobs is asked for */
typedef enum
{
  COMFY_SHOW_JOBS,
  COMFY_SHOW_PANEL,
} ComfyShow;

gboolean comfy_job_host_hand_over (const char         *journal_id);
gboolean comfy_job_host_show      (ComfyShow           show);
gboolean comfy_job_host_run       (GimpPlugIn         *plug_in,
                                   ComfySession       *session,
                                   const char * const *journal_ids,
                                   ComfyShow           show,
                                   GError            **error);

G_END_DECLS
