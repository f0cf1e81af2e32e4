/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* Whose account pays, where it runs, and what is left there. The server is asked when the line comes
 * to be seen and when jobs have ended, never for a key that is locked.
 *
 * Signal "key-wanted" (): the artist wants to add a key. */
#define COMFY_TYPE_ACCOUNT_LINE (comfy_account_line_get_type ())
G_DECLARE_FINAL_TYPE (ComfyAccountLine, comfy_account_line, COMFY, ACCOUNT_LINE, GtkBox)

GtkWidget *comfy_account_line_new  (ComfySession     *session);
/* a button beside the chooser */
void       comfy_account_line_add  (ComfyAccountLine *self,
                                    GtkWidget        *button);

G_END_DECLS
