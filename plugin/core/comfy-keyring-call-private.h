/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-keyring.h"

G_BEGIN_DECLS

typedef struct _ComfyKeyringCall ComfyKeyringCall;

/* One call from outside, as its fiber sees it */
struct _ComfyKeyringCall
{
  gboolean          (*attempt) (ComfyKeyringCall   *call,
                                GError            **error);
  ComfyKeyring      *keyring;     /* owned, nullable: of a lookup that may prompt */
  GHashTable        *attributes;
  char              *profile_id;  /* for log lines */
  char              *origin;
  char              *label;       /* store only */
  ComfyCredentials  *credentials; /* in for store, out for lookup */
  gboolean           may_prompt;
};

ComfyKeyringCall *_comfy_keyring_call_new_store  (const char       *profile_id,
                                                  const char       *label,
                                                  ComfyCredentials *credentials);
ComfyKeyringCall *_comfy_keyring_call_new_lookup (const char       *profile_id,
                                                  const char       *origin,
                                                  gboolean          may_prompt);
ComfyKeyringCall *_comfy_keyring_call_new_remove (const char       *profile_id,
                                                  const char       *origin);
void              _comfy_keyring_call_free       (gpointer          data);
/* → what the call is for; @data: a call */
DexFuture        *_comfy_keyring_call_fiber      (gpointer          data);
GError           *_comfy_keyring_fold_error      (const GError     *foreign,
                                                  gboolean          prompted);

G_END_DECLS
