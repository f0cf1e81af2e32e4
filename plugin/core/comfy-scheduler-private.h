/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-scheduler.h"

G_BEGIN_DECLS

/* open to the files of the class alone */
typedef struct
{
  ComfyScheduler *scheduler; /* no ref */
  ComfyJob       *job;       /* owned */
  DexPromise     *done;      /* nullable: while it runs or waits */
  gboolean        is_started;
} ComfySchedulerItem;

struct _ComfyScheduler
{
  GObject        parent_instance;

  ComfySettings *settings;
  GPtrArray     *items;    /* of ComfySchedulerItem */
  unsigned int   learned;  /* jobs that fit, 0: nothing learned */
  unsigned int   retry_ms;
  unsigned int   retry;    /* source id, 0: none */
  gboolean       is_full;  /* the server said so, and none of ours has ended since */
};

void     _comfy_scheduler_list_model_init (GListModelInterface *iface);
gboolean _comfy_scheduler_item_is_for     (gconstpointer        item,
                                           gconstpointer        job);

void     _comfy_scheduler_set_retry       (ComfyScheduler      *self,
                                           unsigned int         ms);

G_END_DECLS
