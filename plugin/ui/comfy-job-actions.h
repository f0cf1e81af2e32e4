/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-job.h"

G_BEGIN_DECLS

/* What the artist can do about a job that has stopped, in the order of the buttons */
typedef enum
{
  COMFY_JOB_ACTION_ALLOW_PARTNERS = 1 << 0, /* shows the setting that is in the way */
  COMFY_JOB_ACTION_RETRY          = 1 << 1,
  COMFY_JOB_ACTION_UNLOCK         = 1 << 2, /* Retry, which asks to unlock the keyring */
  COMFY_JOB_ACTION_LOOK_AGAIN     = 1 << 3, /* Retry, which sends nothing twice */
  COMFY_JOB_ACTION_SEND_AGAIN     = 1 << 4,
  COMFY_JOB_ACTION_FORGET         = 1 << 5,
  COMFY_JOB_ACTION_REPLACE_KEY    = 1 << 6,
  COMFY_JOB_ACTION_OPEN_PLATFORM  = 1 << 7,
  COMFY_JOB_ACTION_REPEAT         = 1 << 8, /* a new job that asks for the same */
  COMFY_JOB_ACTION_COPY_DETAILS   = 1 << 9,
  COMFY_JOB_ACTION_PLACE          = 1 << 10, /* the result waits for the artist's word */
} ComfyJobActions;

char            *comfy_job_dup_words        (ComfyJob        *job,
                                             gboolean         has_stopped);
ComfyJobActions  comfy_job_actions_for      (ComfyState       state,
                                             const GError    *error);
const char      *comfy_job_action_get_label (ComfyJobActions  action);

G_END_DECLS
