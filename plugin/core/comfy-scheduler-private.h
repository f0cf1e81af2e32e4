/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-scheduler.h"

G_BEGIN_DECLS

void _comfy_scheduler_set_retry (ComfyScheduler *self,
                                 unsigned int    ms);

G_END_DECLS
