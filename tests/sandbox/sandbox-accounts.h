/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whose key it is, what is left on it, and what its plan allows. */
typedef struct
{
  char         *id;
  char         *key;        /* never leaves this struct */
  char         *email;      /* also the label in the ledger */
  char         *plan;       /* free, standard, creator or pro */
  gint64        balance;    /* micros of a dollar */
  gboolean      revoked;
  GQueue        requests;   /* of gint64 *, µs: when the last ones came, oldest first */
  GHashTable   *claimed;    /* set of idempotency keys of v2 */
  GHashTable   *replayed;   /* idempotency key of v1 → id of what it made */
  GHashTable   *counters;   /* prefix → number of the last file saved */
} SandboxAccount;

/**
 * SandboxAuth:
 * @SANDBOX_AUTH_NONE: no Authorization header
 * @SANDBOX_AUTH_OK: Bearer with a key that is known and not revoked
 * @SANDBOX_AUTH_BAD: anything else
 */
typedef enum
{
  SANDBOX_AUTH_NONE,
  SANDBOX_AUTH_OK,
  SANDBOX_AUTH_BAD
} SandboxAuth;

SandboxAccount *sandbox_account_new           (const char      *key,
                                               const char      *email,
                                               gint64           balance,
                                               const char      *plan);
void            sandbox_account_free          (SandboxAccount  *self);
void            sandbox_account_reset         (SandboxAccount  *self);
unsigned int    sandbox_account_get_slots     (SandboxAccount  *self);
gboolean        sandbox_account_count_request (SandboxAccount  *self,
                                               unsigned int     limit,
                                               gint64           now,
                                               int             *retry_after);
SandboxAccount *sandbox_accounts_authenticate (GPtrArray       *accounts,
                                               const char      *authorization,
                                               SandboxAuth     *auth);
SandboxAccount *sandbox_accounts_lookup       (GPtrArray       *accounts,
                                               const char      *email);

G_END_DECLS
