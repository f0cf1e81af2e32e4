/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What the sandbox may answer, as responses.json says: a shape for each method, path and status. */
typedef struct _SandboxResponses SandboxResponses;

SandboxResponses *sandbox_responses_new   (const char        *path,
                                           GError           **error);
void              sandbox_responses_free  (SandboxResponses  *self);
char             *sandbox_responses_check (SandboxResponses  *self,
                                           const char        *method,
                                           const char        *path,
                                           unsigned int       status,
                                           const char        *content_type,
                                           GBytes            *body);

G_END_DECLS
