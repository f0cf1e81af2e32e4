/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libgimp/gimp.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* what is asked of the process that owns jobs, beside taking one */
typedef enum
{
  COMFY_SHOW_JOBS,     /* all jobs, in whatever window they have */
  COMFY_SHOW_PANEL,    /* with an image: which is the one that is worked on from now on */
  COMFY_SHOW_GENERATE, /* the same, and what the panel shows is asked for once more */
  COMFY_N_SHOWS,
} ComfyShow;

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
