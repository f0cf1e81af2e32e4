/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-history-item.h"
#include "comfy-scheduler.h"

G_BEGIN_DECLS

/* What jobs of this and all other processes made and the artist has not discarded: a GListModel of
 * ComfyHistoryItem, those of one request together, the newest request first. Follows the journal on
 * disk, which is read on a worker thread, each job once and again when it has changed.
 *
 * Property "busy": the disk is being looked at. */
#define COMFY_TYPE_HISTORY (comfy_history_get_type ())
G_DECLARE_FINAL_TYPE (ComfyHistory, comfy_history, COMFY, HISTORY, GObject)

/* @scheduler: (nullable): this process's jobs */
ComfyHistory     *comfy_history_new       (ComfyJournal   *journal,
                                           ComfyScheduler *scheduler);
/* lists what was asked for in one image alone: that has this mark, or is this file; both NULL: in
 * all images, and in none */
void              comfy_history_set_image (ComfyHistory   *self,
                                           const char     *mark,
                                           const char     *file);
gboolean          comfy_history_is_busy   (ComfyHistory   *self);
/* looks at the disk: when the artist comes back to it */
void              comfy_history_refresh   (ComfyHistory   *self);

G_END_DECLS
