/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an account used in a day, a week, a month.
 */
#define G_LOG_DOMAIN "comfy-usage"

#include "config.h"

#include "comfy-usage.h"

G_DEFINE_BOXED_TYPE (ComfyUsage, comfy_usage, comfy_usage_copy, comfy_usage_free)

/**
 * comfy_usage_period_to_word:
 *
 * Returns: what servers call it: "day", "week", "month"
 */
const char *
comfy_usage_period_to_word (ComfyUsagePeriod period)
{
  static const char * const words[] = { "day", "week", "month" };

  G_STATIC_ASSERT (G_N_ELEMENTS (words) == COMFY_N_USAGE_PERIODS);
  g_return_val_if_fail ((unsigned int) period < COMFY_N_USAGE_PERIODS, words[0]);

  return words[period];
}

/**
 * comfy_usage_new:
 * @period: the time before now that it is of
 *
 * Returns: (transfer full): a usage of which nothing is known
 */
ComfyUsage *
comfy_usage_new (ComfyUsagePeriod period)
{
  ComfyUsage *self = g_new0 (ComfyUsage, 1);

  self->period = period;
  self->n_completed = -1;
  self->n_failed = -1;

  return self;
}

/**
 * comfy_usage_copy:
 * @self: a usage
 *
 * Returns: (transfer full): a copy
 */
ComfyUsage *
comfy_usage_copy (const ComfyUsage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_memdup2 (self, sizeof *self);
}

/**
 * comfy_usage_free:
 * @self: (transfer full): a usage
 */
void
comfy_usage_free (ComfyUsage *self)
{
  g_free (self);
}
