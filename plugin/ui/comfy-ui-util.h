/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-pixels.h"

G_BEGIN_DECLS

/* The page that makes, shows and deletes keys (authentication page of the Developer API, step 1) */
#define COMFY_UI_PLATFORM_URL "https://platform.comfy.org/login"

/* style class of rows and notices: what is in them has their background */
#define COMFY_UI_ONE_BACKGROUND "comfy-one-background"

/* style class of a frame around a picture or a text: its lines can be seen */
#define COMFY_UI_PICTURE_FRAME "comfy-picture-frame"

/* style class of what stands on a picture */
#define COMFY_UI_CAPTION "comfy-caption"

GtkWidget *comfy_ui_text_new          (const char *text);
GtkWidget *comfy_ui_hint_new          (const char *text);
GtkWidget *comfy_ui_heading_new       (const char *text);
GtkWidget *comfy_ui_label_for         (const char *mnemonic_text,
                                       GtkWidget  *target);
GtkWidget *comfy_ui_combo_new         (void);
void       comfy_ui_set_hint          (GtkWidget      *hint,
                                       const char     *text,
                                       GtkMessageType  type);
void       comfy_ui_set_name          (GtkWidget  *widget,
                                       const char *name);
void       comfy_ui_announce          (GtkWidget  *widget,
                                       const char *text);
void       comfy_ui_keep_clear        (GtkScrolledWindow *scrolled);
GtkWidget *comfy_ui_picture_frame_new (GtkWidget *picture);
GtkWidget *comfy_ui_caption_new       (const char        *text);
cairo_surface_t *
           comfy_ui_make_surface      (GtkWidget         *widget,
                                       const ComfyPixels *pixels,
                                       int                edge);
void       comfy_ui_set_picture       (GtkWidget         *image,
                                       const ComfyPixels *pixels,
                                       int                edge);
void       comfy_ui_appear            (GtkWindow  *window);
void       comfy_ui_open_url          (GtkWidget  *widget,
                                       const char *url);
char      *comfy_ui_dup_relative_time (gint64      when,
                                       gint64      now);
char      *comfy_ui_dup_clock_time    (gint64      when,
                                       gint64      now);
char      *comfy_ui_dup_elapsed       (gint64      seconds);

G_END_DECLS
