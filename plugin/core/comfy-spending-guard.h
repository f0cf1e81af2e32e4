/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-profile.h"
#include "comfy-settings.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): what the artist wants to be asked before @n_jobs more are begun with
 * @profile's key; NULL: nothing. For windows: a script has nobody to ask, and runs. */
char *comfy_spending_guard_dup_question (ComfySettings *settings,
                                         ComfyProfile  *profile,
                                         unsigned int   n_jobs);

G_END_DECLS
