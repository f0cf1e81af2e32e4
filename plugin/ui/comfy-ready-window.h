/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-session.h"

G_BEGIN_DECLS

/* Asks for what every job needs, a key and once per server the artist's consent, before something
 * that has no form and is no action. Not modal. */
#define COMFY_TYPE_READY_WINDOW (comfy_ready_window_get_type ())
G_DECLARE_FINAL_TYPE (ComfyReadyWindow, comfy_ready_window, COMFY, READY_WINDOW, GtkDialog)

GtkWidget *comfy_ready_window_new (ComfySession     *session,
                                   const char       *title);
DexFuture *comfy_ready_window_ask (ComfyReadyWindow *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
