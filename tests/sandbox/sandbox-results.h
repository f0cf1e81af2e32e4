/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* In what form the results of jobs to come are kept, and how they misbehave. */
typedef struct _SandboxResults SandboxResults;

SandboxResults *sandbox_results_new        (void);
void            sandbox_results_free       (SandboxResults  *self);
void            sandbox_results_clear      (SandboxResults  *self);
gboolean        sandbox_results_set_format (SandboxResults  *self,
                                            JsonObject      *arguments,
                                            GError         **error);
gboolean        sandbox_results_add        (SandboxResults  *self,
                                            JsonObject      *arguments,
                                            GError         **error);
void            sandbox_results_apply      (SandboxResults  *self,
                                            GPtrArray       *saved);

G_END_DECLS
