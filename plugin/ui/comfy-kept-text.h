/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A text that a job made, to be read, selected and copied. */
#define COMFY_TYPE_KEPT_TEXT (comfy_kept_text_get_type ())
G_DECLARE_FINAL_TYPE (ComfyKeptText, comfy_kept_text, COMFY, KEPT_TEXT, GtkBox)

GtkWidget *comfy_kept_text_new (const char   *text,
                                unsigned int  number);

G_END_DECLS
