/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where an action would run now, with which key, and what the artist is told of it.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-run-target.h"
#include "comfy-spending-guard.h"

static ComfyProfile *
get_profile (ComfySession *session)
{
  return comfy_profile_store_get_active (comfy_session_get_profiles (session));
}

static ComfyEndpoint *
get_endpoint (ComfySession *session)
{
  const char *id = comfy_profile_get_endpoint_id (get_profile (session));

  return comfy_profile_store_find_endpoint (comfy_session_get_profiles (session), id);
}

/**
 * comfy_run_target_is_there:
 * @session: the session
 *
 * Returns: whether there is a key, or an environment that needs none; consent is asked
 *   for and given only then
 */
gboolean
comfy_run_target_is_there (ComfySession *session)
{
  g_return_val_if_fail (COMFY_IS_SESSION (session), FALSE);

  return get_profile (session) != NULL;
}

/**
 * comfy_run_target_describe:
 * @session: the session
 *
 * Returns: (transfer full): where it runs, with which key, and what is left there, in a sentence
 */
char *
comfy_run_target_describe (ComfySession *session)
{
  const ComfyAccount *account;
  const char         *label;
  const char         *name;
  g_autofree char    *money = NULL;

  if (!comfy_run_target_is_there (session))
    return g_strdup (_("There is no API key yet; you are asked for one first."));

  /* that an environment is “From the environment” is said with the key */
  label = comfy_profile_is_editable (get_profile (session))
            ? comfy_endpoint_get_label (get_endpoint (session))
            : comfy_endpoint_get_host (get_endpoint (session));
  if (!comfy_profile_has_key (get_profile (session)))
    return g_strdup_printf (_("Runs on %s, without a key."), label);

  name = comfy_profile_get_name (get_profile (session));
  account = comfy_profile_get_account (get_profile (session));
  if (account == NULL || !account->has_balance)
    return g_strdup_printf (_("Runs on %s with the key “%s”."), label, name);

  money = comfy_format_money (account->balance_micros);

  return g_strdup_printf (_("Runs on %s with the key “%s”. Balance when last asked: %s."), label,
                          name, money);
}

/**
 * comfy_run_target_is_ready:
 * @session: the session
 *
 * Returns: whether it is there, and the artist knows what leaves the machine, and that it goes to
 *   this server
 */
gboolean
comfy_run_target_is_ready (ComfySession *session)
{
  return comfy_run_target_is_there (session) &&
         comfy_settings_has_consent (comfy_session_get_settings (session),
                                     comfy_endpoint_get_origin (get_endpoint (session)));
}

/**
 * comfy_run_target_dup_question:
 * @session: the session
 * @n_jobs: how many jobs are to be begun; 0: that is not known, and taken for one
 *
 * Returns: (transfer full) (nullable): what the artist wants to be asked before so much money is
 *   spent; %NULL: nothing
 */
char *
comfy_run_target_dup_question (ComfySession *session,
                               unsigned int  n_jobs)
{
  if (!comfy_run_target_is_there (session))
    return NULL;

  return comfy_spending_guard_dup_question (comfy_session_get_settings (session),
                                            get_profile (session), MAX (n_jobs, 1));
}

/**
 * comfy_run_target_give_consent:
 * @session: the session
 *
 * Remembers that the artist was told, and went on.
 */
void
comfy_run_target_give_consent (ComfySession *session)
{
  comfy_settings_give_consent (comfy_session_get_settings (session),
                               comfy_endpoint_get_origin (get_endpoint (session)));
}

/**
 * comfy_run_target_dup_consent:
 * @session: the session
 * @action: what is to run
 *
 * Who has gone on once is not asked again for any action, so what others send is said, too.
 *
 * Returns: (transfer full): what leaves the machine, and where to, in a sentence or two
 */
char *
comfy_run_target_dup_consent (ComfySession *session,
                              ComfyAction  *action)
{
  const char *title = comfy_action_get_title (action);
  const char *host = comfy_endpoint_get_host (get_endpoint (session));

  if (comfy_action_get_source (action) == COMFY_SOURCE_NONE)
    return g_strdup_printf (_("“%s” sends what you enter here to %s, where the picture is made. "
                              "Actions that work on an image also send the part of it that they "
                              "work on, as you see it. Nothing else of your work leaves this "
                              "computer."), title, host);
  if (comfy_action_get_n_fields (action) > 0)
    return g_strdup_printf (_("“%s” sends the part of the image that it works on, as you see it, "
                              "and what you enter here to %s, where the picture is made; nothing "
                              "else of your work leaves this computer."), title, host);

  return g_strdup_printf (_("“%s” sends the part of the image that it works on, as you see it, to "
                            "%s, where the picture is made; nothing else of your work leaves this "
                            "computer."), title, host);
}

/**
 * comfy_run_target_dup_consent_again:
 * @session: the session
 * @title: what is to run, which sends what was sent for a layer
 *
 * Returns: (transfer full): the same, of what is made once more
 */
char *
comfy_run_target_dup_consent_again (ComfySession *session,
                                    const char   *title)
{
  return g_strdup_printf (_("“%s” sends once more what the layer was made from, words and "
                            "pictures, to %s, where the picture is made. Actions that work on an "
                            "image also send the part of it that they work on, as you see it. "
                            "Nothing else of your work leaves this computer."), title,
                          comfy_endpoint_get_host (get_endpoint (session)));
}
