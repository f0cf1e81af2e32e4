/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-batch.h"

G_BEGIN_DECLS

/* A first seed and how many there are. Emits "changed". */
#define COMFY_TYPE_SEED_RANGE (comfy_seed_range_get_type ())
G_DECLARE_FINAL_TYPE (ComfySeedRange, comfy_seed_range, COMFY, SEED_RANGE, GtkBox)

GtkWidget  *comfy_seed_range_new       (void);
/* to align it with others */
GtkWidget  *comfy_seed_range_get_label (ComfySeedRange *self);
/* begins where the form's own seed is, if it has one */
void        comfy_seed_range_propose   (ComfySeedRange *self,
                                        ComfyForm      *form);
/* (transfer full) (nullable): NULL without a first seed */
ComfyBatch *comfy_seed_range_dup_batch (ComfySeedRange *self);
/* a number that is being typed counts, too */
void        comfy_seed_range_take_what_is_typed
                                       (ComfySeedRange *self);

G_END_DECLS
