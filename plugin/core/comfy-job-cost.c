/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a job cost. Some servers tell it with the job; for those that do not, the account's balance
 * is asked for before and after, and what is missing is taken for the cost when no other job of
 * this user can have had a part in it. Nothing here holds a job up for long, or makes it fail.
 */
#define G_LOG_DOMAIN "comfy-job-cost"

#include "config.h"

#include "comfy-error.h"
#include "comfy-job-private.h"
#include "comfy-server-memory-private.h"

static const char *
get_profile_id (ComfyJob *self)
{
  return comfy_request_get_profile_id (comfy_job_get_request (self));
}

static gboolean
asks_for_balance (ComfyJob *self,
                  ComfyApi *api)
{
  return self->spending != NULL && (comfy_api_get_flags (api) & COMFY_API_ACCOUNT) != 0;
}

/* (transfer full) (nullable): an answer that is late is none. On a fiber. */
static ComfyAccount *
await_account (ComfyJob   *self,
               DexFuture **future)
{
  DexFuture *asked = g_steal_pointer (future);

  if (asked == NULL)
    return NULL;

  return dex_await_boxed (dex_future_first (asked, dex_timeout_new_msec (self->pace.account_ms),
                                            NULL), NULL);
}

/*
 * _comfy_job_ask_before:
 *
 * Asks for the balance before anything is sent, where the server is not known to tell what jobs
 * cost. Does not wait for it.
 */
void
_comfy_job_ask_before (ComfyJob *self,
                       ComfyApi *api)
{
  const char *base_url = comfy_journal_entry_get_base_url (self->entry);

  dex_clear (&self->account);
  self->has_before = FALSE;
  if (asks_for_balance (self, api)
      && !_comfy_server_memory_get_flag (self->settings, base_url, COMFY_SERVER_TELLS_COST))
    self->account = comfy_api_get_account (api);
}

/*
 * _comfy_job_note_before:
 *
 * Waits for that, not long: from here on the job may cost.
 */
void
_comfy_job_note_before (ComfyJob *self)
{
  g_autoptr(ComfyAccount) account = await_account (self, &self->account);

  if (account == NULL || !account->has_balance)
    return;

  self->has_before = TRUE;
  self->balance_before = account->balance_micros;
}

static void
set_cost (ComfyJob        *self,
          const ComfyCost *cost)
{
  if (comfy_cost_is_same (comfy_journal_entry_get_cost (self->entry), cost))
    return;

  comfy_journal_entry_set_cost (self->entry, cost);
  g_object_notify (G_OBJECT (self), "cost");
}

/*
 * _comfy_job_note_end:
 * @remote: the job as it ended
 *
 * Notes what the server tells of the cost, on disk with the job's next state, and asks for the
 * balance that is left, without waiting for it.
 */
void
_comfy_job_note_end (ComfyJob             *self,
                     ComfyApi             *api,
                     const ComfyRemoteJob *remote)
{
  /* what was paid for elsewhere, or earlier, costs nothing now */
  if (comfy_request_get_remote_id (comfy_job_get_request (self)) != NULL)
    return;

  if (comfy_cost_is_known (&remote->cost))
    {
      set_cost (self, &remote->cost);
      _comfy_server_memory_set_flag (self->settings,
                                     comfy_journal_entry_get_base_url (self->entry),
                                     COMFY_SERVER_TELLS_COST);
    }
  comfy_journal_entry_set_run_ms (self->entry, remote->run_ms);
  self->is_to_settle = TRUE;
  self->has_succeeded = remote->status == COMFY_REMOTE_SUCCEEDED;

  dex_clear (&self->account);
  if (asks_for_balance (self, api))
    self->account = comfy_api_get_account (api);
}

/* What is missing now, where that can be nothing but this job's cost. A server may be behind with
 * its accounts: nothing missing says nothing. */
static void
compare_balances (ComfyJob           *self,
                  const ComfyAccount *account)
{
  ComfyCost         cost = { 0, COMFY_CURRENCY_USD };
  g_autoptr(GError) error = NULL;

  if (comfy_cost_is_known (comfy_journal_entry_get_cost (self->entry)) || !self->has_before
      || !self->has_succeeded || !account->has_balance
      || account->balance_micros >= self->balance_before
      || comfy_journal_entry_has_lost_job (self->entry)
      || !comfy_journal_entry_ran_alone (self->entry))
    return;

  cost.micros = self->balance_before - account->balance_micros;
  set_cost (self, &cost);
  if (!comfy_journal_entry_commit (self->entry, &error))
    g_message ("What job %s cost is not written down: %s",
               comfy_journal_entry_get_id (self->entry), comfy_error_get_detail (error));
}

static void
note_account (ComfyJob           *self,
              const ComfyAccount *account)
{
  ComfyProfile *profile = NULL;

  if (self->store != NULL)
    profile = comfy_profile_store_find (self->store, get_profile_id (self));
  if (profile != NULL)
    comfy_profile_store_note_outcome (self->store, profile, account, NULL);
}

/*
 * _comfy_job_settle:
 *
 * At the end of a job's flow, once it has ended on the server: notes what is left on the account
 * and what the run cost, for the next one. Nobody waits long for it.
 */
void
_comfy_job_settle (ComfyJob *self)
{
  g_autoptr(ComfyAccount) account = NULL;
  g_autofree char        *key = NULL;

  if (!self->is_to_settle)
    return;

  self->is_to_settle = FALSE;
  account = await_account (self, &self->account);
  if (account != NULL)
    {
      note_account (self, account);
      compare_balances (self, account);
    }
  self->has_before = FALSE;

  if (self->spending == NULL || !self->has_succeeded)
    return;

  key = comfy_spending_dup_key (comfy_job_get_request (self));
  comfy_spending_note_run (self->spending, get_profile_id (self), key,
                           comfy_journal_entry_get_cost (self->entry),
                           comfy_journal_entry_get_run_ms (self->entry));
}

/*
 * _comfy_job_expect_run_ms:
 *
 * Returns: how long it may run on the server, as others of its kind did; -1 when that is not known
 */
gint64
_comfy_job_expect_run_ms (ComfyJob *self)
{
  g_autofree char *key = NULL;
  gint64           ms;

  if (self->spending == NULL)
    return -1;

  key = comfy_spending_dup_key (comfy_job_get_request (self));
  comfy_spending_get_expected (self->spending, get_profile_id (self), key, NULL, &ms);

  return ms;
}

/**
 * comfy_job_set_spending:
 * @spending: (nullable): remembers what runs cost; %NULL: nobody does, and no balance is asked for
 *
 * Set it before the job runs.
 */
void
comfy_job_set_spending (ComfyJob      *self,
                        ComfySpending *spending)
{
  g_return_if_fail (COMFY_IS_JOB (self));

  g_set_object (&self->spending, spending);
}

/**
 * comfy_job_get_cost:
 *
 * Returns: (transfer none): what it cost; not known before it has ended, nor where nobody tells
 */
const ComfyCost *
comfy_job_get_cost (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  return comfy_journal_entry_get_cost (self->entry);
}
