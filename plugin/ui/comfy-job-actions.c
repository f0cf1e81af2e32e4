/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which way out each error has: one table, and the words on the buttons.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-job-actions.h"

#define RETRY         COMFY_JOB_ACTION_RETRY
#define UNLOCK        COMFY_JOB_ACTION_UNLOCK
#define REPLACE_KEY   COMFY_JOB_ACTION_REPLACE_KEY
#define OPEN_PLATFORM COMFY_JOB_ACTION_OPEN_PLATFORM
#define COPY_DETAILS  COMFY_JOB_ACTION_COPY_DETAILS

/* what is not listed can be tried again, and its details be sent to whoever can help */
static const struct
{
  ComfyError      code;
  ComfyJobActions actions;
} table[] = {
  { COMFY_ERROR_NO_KEY,             RETRY | REPLACE_KEY },
  { COMFY_ERROR_UNAUTHORIZED,       RETRY | REPLACE_KEY | OPEN_PLATFORM | COPY_DETAILS },
  { COMFY_ERROR_NO_CREDITS,         RETRY | OPEN_PLATFORM | COPY_DETAILS },
  { COMFY_ERROR_FORBIDDEN,          RETRY | OPEN_PLATFORM | COPY_DETAILS },
  { COMFY_ERROR_KEYRING_LOCKED,     UNLOCK },
  { COMFY_ERROR_KEYRING_DISMISSED,  UNLOCK },
  /* asking again changes nothing about these */
  { COMFY_ERROR_INVALID_WORKFLOW,   COPY_DETAILS },
  { COMFY_ERROR_TOO_LARGE,          COPY_DETAILS },
  { COMFY_ERROR_WRONG_ORIGIN,       COPY_DETAILS },
  { COMFY_ERROR_NOT_SUPPORTED,      COPY_DETAILS },
};

/**
 * comfy_job_actions_for:
 * @state: where a job stands
 * @error: (nullable): why
 *
 * Returns: what the artist can do about it; nothing when all is well
 */
ComfyJobActions
comfy_job_actions_for (ComfyState    state,
                       const GError *error)
{
  ComfyJobActions actions = RETRY | COPY_DETAILS;

  if (state == COMFY_STATE_UNKNOWN)
    return COMFY_JOB_ACTION_LOOK_AGAIN | COMFY_JOB_ACTION_SEND_AGAIN | COMFY_JOB_ACTION_FORGET |
           COMFY_JOB_ACTION_COPY_DETAILS;
  if (error == NULL || state == COMFY_STATE_CANCELLED)
    return 0;

  for (unsigned int i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_error_matches (error, COMFY_ERROR, table[i].code))
      actions = table[i].actions;

  /* the server has had the last word on this job: only another one can do better */
  if (comfy_state_is_final (state))
    return (actions & RETRY ? COMFY_JOB_ACTION_REPEAT : 0) | COPY_DETAILS;

  return actions;
}

/**
 * comfy_job_action_get_label:
 * @action: exactly one action
 *
 * Returns: (transfer none): the words on its button, translated, with mnemonic
 */
const char *
comfy_job_action_get_label (ComfyJobActions action)
{
  switch (action)
    {
    case COMFY_JOB_ACTION_RETRY:
    case COMFY_JOB_ACTION_REPEAT:
      return _("_Retry");
    case COMFY_JOB_ACTION_UNLOCK:
      return _("_Unlock and Retry");
    case COMFY_JOB_ACTION_LOOK_AGAIN:
      return _("_Look Again");
    case COMFY_JOB_ACTION_SEND_AGAIN:
      return _("_Send Again");
    case COMFY_JOB_ACTION_FORGET:
      return _("_Forget");
    case COMFY_JOB_ACTION_REPLACE_KEY:
      return _("Replace _Key…");
    case COMFY_JOB_ACTION_OPEN_PLATFORM:
      return _("_Open platform.comfy.org");
    case COMFY_JOB_ACTION_COPY_DETAILS:
      return _("Copy _Details");
    default:
      g_return_val_if_reached ("");
    }
}
