/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-credentials.h"
#include "comfy-endpoint.h"

G_BEGIN_DECLS

#define COMFY_ENVIRONMENT_ID "environment" /* id of the endpoint and the profile made from it */

/* What COMFY_API_KEY and COMFY_BASE_URL say, read once and taken out of the environment */
typedef struct
{
  ComfyEndpoint    *endpoint;    /* owned: Production when COMFY_BASE_URL is not set or wrong */
  ComfyCredentials *credentials; /* owned, nullable: no key was given, or it cannot be one */
  GError           *error;       /* owned, nullable: why nothing may be done with it */
} ComfyEnvironment;

ComfyEnvironment *comfy_environment_take (void);
void              comfy_environment_free (ComfyEnvironment *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyEnvironment, comfy_environment_free)

G_END_DECLS
