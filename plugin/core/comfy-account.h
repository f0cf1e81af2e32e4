/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a server tells of the key's owner. A boxed value; every part may be missing. */
typedef struct
{
  char    *email;          /* owned, nullable */
  gint64   balance_micros; /* millionths of a US dollar; may be negative */
  gboolean has_balance;
} ComfyAccount;

#define COMFY_TYPE_ACCOUNT (comfy_account_get_type ())
GType         comfy_account_get_type    (void);
ComfyAccount *comfy_account_new         (const char         *email);
ComfyAccount *comfy_account_copy        (const ComfyAccount *self);
void          comfy_account_free        (ComfyAccount       *self);
char         *comfy_format_money        (gint64              micros);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyAccount, comfy_account_free)

G_END_DECLS
