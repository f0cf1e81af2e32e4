/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-cost.h"

G_BEGIN_DECLS

typedef enum
{
  COMFY_USAGE_DAY,
  COMFY_USAGE_WEEK,
  COMFY_USAGE_MONTH,
  COMFY_N_USAGE_PERIODS
} ComfyUsagePeriod;

/* What an account used in a time, as its server counts that. A boxed value; every number may be
 * missing. */
typedef struct
{
  ComfyUsagePeriod period;
  gint64           n_completed; /* jobs, -1: not told */
  gint64           n_failed;    /* jobs, -1: not told */
  ComfyCost        cost;
} ComfyUsage;

/* such as "day", as servers call it */
const char *comfy_usage_period_to_word (ComfyUsagePeriod  period);

#define COMFY_TYPE_USAGE (comfy_usage_get_type ())
GType       comfy_usage_get_type       (void);
ComfyUsage *comfy_usage_new            (ComfyUsagePeriod  period);
ComfyUsage *comfy_usage_copy           (const ComfyUsage *self);
void        comfy_usage_free           (ComfyUsage       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyUsage, comfy_usage_free)

G_END_DECLS
