/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Accounts of the sandbox: keys, balances, plans, the rate limit. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "sandbox-accounts.h"

/* "600 requests per minute", counted over any 60 seconds */
#define WINDOW_US (60 * G_USEC_PER_SEC)

/* Jobs at the same time by plan (Comfy's documentation, Aug 2026). Free has no API at all. */
static const struct
{
  const char   *plan;
  unsigned int  slots;
} plans[] = {
  { "free", 0 },
  { "standard", 1 },
  { "creator", 3 },
  { "pro", 5 },
};

/**
 * sandbox_account_new:
 * @email: also its label in the ledger
 * @balance: micros of a dollar
 * @plan: free, standard, creator or pro; another one is taken as standard
 *
 * Returns: (transfer full): an account
 */
SandboxAccount *
sandbox_account_new (const char *key,
                     const char *email,
                     gint64      balance,
                     const char *plan)
{
  SandboxAccount *self = g_new0 (SandboxAccount, 1);

  self->id = g_uuid_string_random ();
  self->key = g_strdup (key);
  self->email = g_strdup (email);
  self->plan = g_strdup (plan);
  self->balance = balance;
  self->claimed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->replayed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->counters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->requests);

  return self;
}

void
sandbox_account_free (SandboxAccount *self)
{
  g_free (self->id);
  g_free (self->key);
  g_free (self->email);
  g_free (self->plan);
  g_hash_table_unref (self->claimed);
  g_hash_table_unref (self->replayed);
  g_hash_table_unref (self->counters);
  g_queue_clear_full (&self->requests, g_free);
  g_free (self);
}

/**
 * sandbox_account_reset:
 *
 * Forgets what was asked with it; the key works again. The balance stays.
 */
void
sandbox_account_reset (SandboxAccount *self)
{
  self->revoked = FALSE;
  g_hash_table_remove_all (self->claimed);
  g_hash_table_remove_all (self->replayed);
  g_hash_table_remove_all (self->counters);
  g_queue_clear_full (&self->requests, g_free);
}

/**
 * sandbox_account_get_slots:
 *
 * Returns: how many jobs may run at the same time; 0: the plan has no API
 */
unsigned int
sandbox_account_get_slots (SandboxAccount *self)
{
  for (unsigned int i = 0; i < G_N_ELEMENTS (plans); i++)
    if (g_str_equal (plans[i].plan, self->plan))
      return plans[i].slots;

  return 1;
}

/**
 * sandbox_account_count_request:
 * @limit: requests allowed in any 60 seconds
 * @now: µs, monotonic
 * @retry_after: (out): seconds to wait, when %FALSE is returned
 *
 * Returns: whether one more is allowed; one that is not allowed is not counted
 */
gboolean
sandbox_account_count_request (SandboxAccount *self,
                               unsigned int    limit,
                               gint64          now,
                               int            *retry_after)
{
  gint64 *oldest;

  while ((oldest = g_queue_peek_head (&self->requests)) != NULL && *oldest <= now - WINDOW_US)
    g_free (g_queue_pop_head (&self->requests));

  if (g_queue_get_length (&self->requests) >= limit)
    {
      *retry_after = oldest == NULL ? 1
                     : (int) ((*oldest + WINDOW_US - now + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
      return FALSE;
    }

  g_queue_push_tail (&self->requests, g_memdup2 (&now, sizeof now));
  return TRUE;
}

/**
 * sandbox_accounts_authenticate:
 * @authorization: (nullable): the header
 * @auth: (out): what it was
 *
 * Returns: (transfer none) (nullable): the account, %NULL unless @auth is %SANDBOX_AUTH_OK
 */
SandboxAccount *
sandbox_accounts_authenticate (GPtrArray   *accounts,
                               const char  *authorization,
                               SandboxAuth *auth)
{
  *auth = authorization == NULL ? SANDBOX_AUTH_NONE : SANDBOX_AUTH_BAD;

  if (authorization == NULL || !g_str_has_prefix (authorization, "Bearer "))
    return NULL;

  for (unsigned int i = 0; i < accounts->len; i++)
    {
      SandboxAccount *account = g_ptr_array_index (accounts, i);

      if (!account->revoked && g_str_equal (account->key, authorization + strlen ("Bearer ")))
        {
          *auth = SANDBOX_AUTH_OK;
          return account;
        }
    }

  return NULL;
}

/**
 * sandbox_accounts_lookup:
 *
 * Returns: (transfer none) (nullable): the account of that e-mail
 */
SandboxAccount *
sandbox_accounts_lookup (GPtrArray  *accounts,
                         const char *email)
{
  for (unsigned int i = 0; i < accounts->len; i++)
    if (g_str_equal (((SandboxAccount *) g_ptr_array_index (accounts, i))->email, email))
      return g_ptr_array_index (accounts, i);

  return NULL;
}
