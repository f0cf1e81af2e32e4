/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-cost.h"
#include "comfy-request.h"

G_BEGIN_DECLS

/* What runs cost and how long they took, so that the artist is told before the next one: a file for
 * each profile, a few hundred numbers, which holds no secret; several processes share it. */
#define COMFY_TYPE_SPENDING (comfy_spending_get_type ())
G_DECLARE_FINAL_TYPE (ComfySpending, comfy_spending, COMFY, SPENDING, GObject)

ComfySpending *comfy_spending_new          (const char      *folder);

/* (transfer full): what is compared with what: an action with one of its models, or a graph of the
 * artist's whatever its values are */
char          *comfy_spending_dup_form_key (ComfyForm       *form);
char          *comfy_spending_dup_key      (ComfyRequest    *request);

void           comfy_spending_note_run     (ComfySpending   *self,
                                            const char      *profile_id,
                                            const char      *key,
                                            const ComfyCost *cost,
                                            gint64           run_ms);
/* FALSE: nothing is known. @out_cost: (optional): maybe not known; @out_run_ms: (optional): -1 when
 * it is not known */
gboolean       comfy_spending_get_expected (ComfySpending   *self,
                                            const char      *profile_id,
                                            const char      *key,
                                            ComfyCost       *out_cost,
                                            gint64          *out_run_ms);
/* removes the files of profiles that nobody uses any more */
void           comfy_spending_sweep        (ComfySpending   *self);

G_END_DECLS
