/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsecret/secret.h>
#include <libsoup/soup.h>

#include "comfy-credentials.h"

G_BEGIN_DECLS

ComfyCredentials *_comfy_credentials_new_take_value (SecretValue       *value,
                                                     const char        *origin,
                                                     GError           **error);
SecretValue      *_comfy_credentials_get_value      (ComfyCredentials  *self);
gboolean          _comfy_credentials_authorize      (ComfyCredentials  *self,
                                                     SoupMessage       *message,
                                                     GError           **error);
GBytes           *_comfy_credentials_lend           (ComfyCredentials  *self,
                                                     GString           *object);
void              _comfy_credentials_wipe           (SoupMessage       *message);
char             *_comfy_credentials_mask           (ComfyCredentials  *self,
                                                     const char        *text);

G_END_DECLS
