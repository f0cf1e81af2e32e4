/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-cost.h"
#include "comfy-journal-entry.h"
#include "comfy-result.h"

G_BEGIN_DECLS

/* A job with pictures on disk, whoever runs it. Signal "changed": the artist has applied or
 * discarded something of it, or a picture turned out to be none. Main thread. */
#define COMFY_TYPE_HISTORY_ITEM (comfy_history_item_get_type ())
G_DECLARE_FINAL_TYPE (ComfyHistoryItem, comfy_history_item, COMFY, HISTORY_ITEM, GObject)

/* the job's id in the journal */
const char     *comfy_history_item_get_id        (ComfyHistoryItem  *self);
/* the same for all jobs that were asked for together */
const char     *comfy_history_item_get_group     (ComfyHistoryItem  *self);
/* COMFY_STATE_READY: not all is placed, the artist did not say yet; or COMFY_STATE_PLACED */
ComfyState      comfy_history_item_get_state     (ComfyHistoryItem  *self);
const char     *comfy_history_item_get_action_id (ComfyHistoryItem  *self);
/* translated, for people: of the action */
const char     *comfy_history_item_get_title     (ComfyHistoryItem  *self);
/* (nullable): translated, for people */
const char     *comfy_history_item_get_model     (ComfyHistoryItem  *self);
/* (nullable): what the artist wrote */
const char     *comfy_history_item_get_prompt    (ComfyHistoryItem  *self);
/* FALSE: there is none; TRUE: another one can be asked for */
gboolean        comfy_history_item_get_seed      (ComfyHistoryItem  *self,
                                                  guint64           *out_seed);
/* Unix seconds */
gint64          comfy_history_item_get_created   (ComfyHistoryItem  *self);
/* (transfer none): maybe not known */
const ComfyCost *
                comfy_history_item_get_cost      (ComfyHistoryItem  *self);
/* (transfer none): where it was asked for */
ComfyPlacement *comfy_history_item_get_placement (ComfyHistoryItem  *self);
/* (transfer none): its pictures, files of any size; at least one */
const char * const *
                comfy_history_item_get_paths     (ComfyHistoryItem  *self);
/* whether picture @i was put into an image */
gboolean        comfy_history_item_is_applied    (ComfyHistoryItem  *self,
                                                  unsigned int       i);
/* whether the artist wants to see picture @i no more: it, or all of them */
gboolean        comfy_history_item_is_discarded  (ComfyHistoryItem  *self,
                                                  unsigned int       i);
/* how many of its pictures are not discarded */
unsigned int    comfy_history_item_get_n_left    (ComfyHistoryItem  *self);
/* (transfer full): all of what was asked, read from the disk */
ComfyRequest   *comfy_history_item_read_request  (ComfyHistoryItem  *self,
                                                  GError           **error);
/* (transfer full): picture @i, -1: all, as the host places or compares it; read from the disk */
ComfyResult    *comfy_history_item_read_result   (ComfyHistoryItem  *self,
                                                  int                picture,
                                                  GError           **error);

G_END_DECLS
