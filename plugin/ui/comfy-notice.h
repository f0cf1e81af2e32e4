/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A sentence in place, with the buttons that belong to it: instead of a dialog over a dialog.
 * Hidden until comfy_notice_show(). Emits "response" as any GtkInfoBar. */
#define COMFY_TYPE_NOTICE (comfy_notice_get_type ())
G_DECLARE_FINAL_TYPE (ComfyNotice, comfy_notice, COMFY, NOTICE, GtkInfoBar)

GtkWidget *comfy_notice_new        (void);
/* for a page that may be as narrow as 320 px */
void       comfy_notice_allow_narrow
                                   (ComfyNotice    *self);
void       comfy_notice_show       (ComfyNotice    *self,
                                    GtkMessageType  type,
                                    const char     *text);
void       comfy_notice_add_action (ComfyNotice    *self,
                                    const char     *label,
                                    int             response);
void       comfy_notice_hide       (ComfyNotice    *self);

G_END_DECLS
