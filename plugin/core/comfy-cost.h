/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define COMFY_CURRENCY_USD     "USD"
#define COMFY_CURRENCY_CREDITS "credits"

/* What something cost, or is expected to. A plain value; all 0: not known. */
typedef struct
{
  gint64      micros;   /* millionths of @currency; never negative */
  const char *currency; /* lives for ever; NULL: not known */
} ComfyCost;

gboolean  comfy_cost_is_known (const ComfyCost *self);
gboolean  comfy_cost_is_same  (const ComfyCost *self,
                               const ComfyCost *other);
/* FALSE: one is not known, or they are of two currencies, or too much */
gboolean  comfy_cost_add      (ComfyCost       *self,
                               const ComfyCost *other);
/* (transfer full): such as "$0.013", "2.7 credits" */
char     *comfy_cost_format   (const ComfyCost *self);

G_END_DECLS
