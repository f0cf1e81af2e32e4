/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the sandbox was asked and what it started: the only judge in tests about money. It may be
 * asked from any thread. Entries are JSON objects with a "what": request, job or job-end. */
typedef struct _SandboxLedger SandboxLedger;

SandboxLedger *sandbox_ledger_new     (const char     *path,
                                       GError        **error);
void           sandbox_ledger_free    (SandboxLedger  *self);
JsonObject    *sandbox_ledger_begin   (SandboxLedger  *self,
                                       const char     *what);
void           sandbox_ledger_commit  (SandboxLedger  *self,
                                       JsonObject     *entry);
void           sandbox_ledger_lock    (SandboxLedger  *self);
void           sandbox_ledger_unlock  (SandboxLedger  *self);
void           sandbox_ledger_clear   (SandboxLedger  *self);
char          *sandbox_ledger_to_json (SandboxLedger  *self);
unsigned int   sandbox_ledger_count   (SandboxLedger  *self,
                                       const char     *what,
                                       const char     *method,
                                       const char     *path_prefix);
gboolean       sandbox_ledger_wait    (SandboxLedger  *self,
                                       const char     *what,
                                       const char     *method,
                                       const char     *path_prefix,
                                       unsigned int    count,
                                       unsigned int    timeout_ms);

G_END_DECLS
