/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a run goes past what the artist set as a limit.
 *
 * A script is not asked: whoever writes one has said what it shall do, nobody may sit before the
 * screen, and a refusal in the middle of it would leave half of its work paid for and undone.
 */
#define G_LOG_DOMAIN "comfy-spending-guard"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-spending-guard.h"

/* (transfer full) (nullable) */
static char *
dup_balance_problem (ComfySettings *settings,
                     ComfyProfile  *profile)
{
  const ComfyAccount *account = comfy_profile_get_account (profile);
  gint64              limit = comfy_settings_get_ask_under_balance (settings);
  g_autofree char    *balance = NULL;
  g_autofree char    *limit_text = NULL;

  if (limit == 0 || account == NULL || !account->has_balance || account->balance_micros >= limit)
    return NULL;

  balance = comfy_format_money (account->balance_micros);
  limit_text = comfy_format_money (limit);

  /* translators: two amounts of money */
  return g_strdup_printf (_("The balance was %s when last asked, which is under %s."), balance,
                          limit_text);
}

/* (transfer full) (nullable) */
static char *
dup_jobs_problem (ComfySettings *settings,
                  unsigned int   n_jobs)
{
  int limit = comfy_settings_get_ask_over_jobs (settings);

  if (limit == 0 || n_jobs <= (unsigned int) limit)
    return NULL;

  return g_strdup_printf (ngettext ("This begins %u job, which is paid for.",
                                    "This begins %u jobs, and each of them is paid for.", n_jobs),
                          n_jobs);
}

/**
 * comfy_spending_guard_dup_question:
 * @settings: say when the artist is asked
 * @profile: whose key is used; its balance is the one that is known, nobody is asked for it
 * @n_jobs: how many jobs are to be begun
 *
 * Returns: (transfer full) (nullable): what the artist is to know before, in sentences; %NULL when
 *   there is nothing to be asked
 */
char *
comfy_spending_guard_dup_question (ComfySettings *settings,
                                   ComfyProfile  *profile,
                                   unsigned int   n_jobs)
{
  g_autofree char *balance = NULL;
  g_autofree char *jobs = NULL;

  g_return_val_if_fail (COMFY_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (COMFY_IS_PROFILE (profile), NULL);

  /* without a key there is no account that would be charged */
  if (!comfy_profile_has_key (profile))
    return NULL;

  balance = dup_balance_problem (settings, profile);
  jobs = dup_jobs_problem (settings, n_jobs);
  if (balance != NULL && jobs != NULL)
    return g_strdup_printf ("%s %s", jobs, balance);

  return balance != NULL ? g_steal_pointer (&balance) : g_steal_pointer (&jobs);
}
