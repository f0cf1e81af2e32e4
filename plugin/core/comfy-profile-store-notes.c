/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is noted of profiles: which is the default, what a test or a job learned of the key, when it
 * was used.
 */
#define G_LOG_DOMAIN "comfy-profile-store"

#include "config.h"

#include "comfy-error.h"
#include "comfy-profile-index-private.h"
#include "comfy-profile-private.h"
#include "comfy-profile-store-private.h"

/* a job asks the server many times; the date alone matters */
#define USED_AGAIN_AFTER 60 /* seconds */

static gboolean
is_listed (ComfyProfileStore *self,
           ComfyProfile      *profile)
{
  return comfy_profile_store_find (self, comfy_profile_get_id (profile)) == profile;
}

/* What cannot be saved now is with the next change; it must not stop a job */
static void
save_or_warn (ComfyProfileStore *self)
{
  g_autoptr(GError) error = NULL;

  if (!comfy_settings_save (self->settings, &error))
    g_warning ("%s (%s)", error->message, comfy_error_get_detail (error));
}

/**
 * comfy_profile_store_set_default:
 * @profile: a stored profile; actions in its environment use it from now on
 */
void
comfy_profile_store_set_default (ComfyProfileStore *self,
                                 ComfyProfile      *profile)
{
  g_return_if_fail (COMFY_IS_PROFILE_STORE (self));
  g_return_if_fail (COMFY_IS_PROFILE (profile) && comfy_profile_is_editable (profile));

  _comfy_profile_index_set_default (comfy_settings_get_key_file (self->settings),
                                    comfy_profile_get_endpoint_id (profile),
                                    comfy_profile_get_id (profile));
  save_or_warn (self);
}

/* What an error says of the key. FALSE: nothing, such as a cancelled or an ill-formed request */
static gboolean
state_for_error (const GError      *error,
                 ComfyProfileState *out_state)
{
  static const struct { ComfyError code; ComfyProfileState state; } table[] = {
    { COMFY_ERROR_UNAUTHORIZED,   COMFY_PROFILE_REJECTED },
    { COMFY_ERROR_NO_CREDITS,     COMFY_PROFILE_WORKS },
    { COMFY_ERROR_FORBIDDEN,      COMFY_PROFILE_WORKS },
    { COMFY_ERROR_OFFLINE,        COMFY_PROFILE_UNREACHABLE },
    { COMFY_ERROR_HOST_NOT_FOUND, COMFY_PROFILE_UNREACHABLE },
    { COMFY_ERROR_CONNECTION,     COMFY_PROFILE_UNREACHABLE },
    { COMFY_ERROR_TLS,            COMFY_PROFILE_UNREACHABLE },
    { COMFY_ERROR_PROXY,          COMFY_PROFILE_UNREACHABLE },
    { COMFY_ERROR_TIMED_OUT,      COMFY_PROFILE_UNREACHABLE },
    { COMFY_ERROR_SERVER,         COMFY_PROFILE_UNREACHABLE },
    { COMFY_ERROR_PROTOCOL,       COMFY_PROFILE_UNREACHABLE },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_error_matches (error, COMFY_ERROR, (int) table[i].code))
      {
        *out_state = table[i].state;
        return TRUE;
      }

  return FALSE;
}

/**
 * comfy_profile_store_note_outcome:
 * @profile: any profile of the store
 * @account: (nullable): what the server told of the key's owner
 * @error: (nullable): what went wrong; %NULL: the key works
 *
 * Remembers what a test or a job learned of the key. An error that says nothing of it is ignored;
 * what is known of the account stays while the key was not rejected.
 */
void
comfy_profile_store_note_outcome (ComfyProfileStore  *self,
                                  ComfyProfile       *profile,
                                  const ComfyAccount *account,
                                  const GError       *error)
{
  ComfyProfileState   state = COMFY_PROFILE_WORKS;
  const char         *problem = error != NULL ? error->message : NULL;
  const ComfyAccount *known = account;

  g_return_if_fail (COMFY_IS_PROFILE_STORE (self));
  g_return_if_fail (COMFY_IS_PROFILE (profile));

  /* it may have been removed while the request ran */
  if ((error != NULL && !state_for_error (error, &state)) || !is_listed (self, profile))
    return;

  if (account == NULL && state != COMFY_PROFILE_REJECTED)
    known = comfy_profile_get_account (profile);

  if (!comfy_profile_is_editable (profile))
    {
      _comfy_profile_set_outcome (profile, state, known, problem);
      return;
    }

  _comfy_profile_index_set_outcome (comfy_settings_get_key_file (self->settings),
                                    comfy_profile_get_id (profile), state, known, problem);
  save_or_warn (self);
}

/**
 * comfy_profile_store_note_used:
 * @profile: the profile that a request was just made with
 */
void
comfy_profile_store_note_used (ComfyProfileStore *self,
                               ComfyProfile      *profile)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_return_if_fail (COMFY_IS_PROFILE_STORE (self));
  g_return_if_fail (COMFY_IS_PROFILE (profile));

  if (!comfy_profile_is_editable (profile))
    _comfy_profile_set_last_used (profile, now);
  else if (is_listed (self, profile) &&
           ABS (now - comfy_profile_get_last_used (profile)) >= USED_AGAIN_AFTER)
    {
      _comfy_profile_index_set_used (comfy_settings_get_key_file (self->settings),
                                     comfy_profile_get_id (profile), now);
      save_or_warn (self);
    }
}
