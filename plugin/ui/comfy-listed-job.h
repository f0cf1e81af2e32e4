/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A job in a list of many that are not under way here: what it was, when, how it stands, and what
 * can be done about it. The buttons show while the row is chosen, or always where there are few
 * rows; what takes something away for good asks in their place first.
 *
 * Signal "action" (int): the artist wants that. */
#define COMFY_TYPE_LISTED_JOB (comfy_listed_job_get_type ())
G_DECLARE_FINAL_TYPE (ComfyListedJob, comfy_listed_job, COMFY, LISTED_JOB, GtkListBoxRow)

GtkWidget *comfy_listed_job_new           (const char     *title,
                                           gint64          when);
/* @line: (nullable): such as the prompt: one line, cut where it has no room */
void       comfy_listed_job_set_line      (ComfyListedJob *self,
                                           const char     *line);
void       comfy_listed_job_set_words     (ComfyListedJob *self,
                                           const char     *words,
                                           GtkMessageType  type);
/* @label: translated, without mnemonic: rows would share it; @tooltip: (nullable) */
void       comfy_listed_job_add_action    (ComfyListedJob *self,
                                           int             action,
                                           const char     *label,
                                           const char     *tooltip);
/* the same, and @question is asked first; @yes: the button that does it */
void       comfy_listed_job_add_question  (ComfyListedJob *self,
                                           int             action,
                                           const char     *label,
                                           const char     *question,
                                           const char     *yes);
void       comfy_listed_job_show_always   (ComfyListedJob *self);
/* while what was asked for is under way nothing else can be */
void       comfy_listed_job_set_busy      (ComfyListedJob *self,
                                           gboolean        is_busy);

G_END_DECLS
