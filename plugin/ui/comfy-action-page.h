/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* A form with what belongs to it: what is sent of the image, how often and where it runs, and what
 * stands in the way. Emits "changed" when the label of the button that runs it is another one, and
 * "run" when the artist wants it run after a question of comfy_action_page_check(). */
#define COMFY_TYPE_ACTION_PAGE (comfy_action_page_get_type ())
G_DECLARE_FINAL_TYPE (ComfyActionPage, comfy_action_page, COMFY, ACTION_PAGE, GtkBox)

GtkWidget *comfy_action_page_new          (ComfySession    *session,
                                           ComfyForm       *form,
                                           int              image_id,
                                           GArray          *layer_ids);
gboolean   comfy_action_page_has_fields   (ComfyActionPage *self);
gboolean   comfy_action_page_check        (ComfyActionPage *self);
/* (transfer full): for the button that runs it, with mnemonic; says how many jobs that are */
char      *comfy_action_page_dup_run_label
                                          (ComfyActionPage *self);
/* (transfer full): how often, and for what, it is to be run; after a check */
ComfyBatch *comfy_action_page_dup_batch   (ComfyActionPage *self);
void       comfy_action_page_accept       (ComfyActionPage *self);
void       comfy_action_page_set_busy     (ComfyActionPage *self,
                                           gboolean         busy);
void       comfy_action_page_show_error   (ComfyActionPage *self,
                                           const GError    *error);
void       comfy_action_page_share_room (ComfyActionPage *self);
void       comfy_action_page_add_tools    (ComfyActionPage *self,
                                           GtkWidget       *tools);

G_END_DECLS
