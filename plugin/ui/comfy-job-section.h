/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A list of jobs under a heading: beside that a button, below it a line that says what the list is,
 * or what is wrong with it; below the rows a button for more of them.
 *
 * Signals: "button" (), "more" (), "retry" (): each button that was clicked. */
#define COMFY_TYPE_JOB_SECTION (comfy_job_section_get_type ())
G_DECLARE_FINAL_TYPE (ComfyJobSection, comfy_job_section, COMFY, JOB_SECTION, GtkBox)

/* @empty: what is said instead of rows */
GtkWidget *comfy_job_section_new          (const char      *title,
                                           const char      *empty);
GtkWidget *comfy_job_section_get_list     (ComfyJobSection *self);
void       comfy_job_section_clear        (ComfyJobSection *self);
/* the button beside the heading; @label: with mnemonic */
void       comfy_job_section_set_button   (ComfyJobSection *self,
                                           const char      *label,
                                           gboolean         is_visible);
/* @label: (nullable): with mnemonic; NULL: there are no more */
void       comfy_job_section_set_more     (ComfyJobSection *self,
                                           const char      *label);
/* @text: (nullable) */
void       comfy_job_section_set_state    (ComfyJobSection *self,
                                           const char      *text,
                                           gboolean         is_busy);
/* whether rows make sense: else only the state is shown */
void       comfy_job_section_show_rows    (ComfyJobSection *self,
                                           gboolean         is_shown);
/* @problem: (nullable); @may_retry: whether trying again makes sense */
void       comfy_job_section_show_problem (ComfyJobSection *self,
                                           const char      *problem,
                                           gboolean         may_retry);

G_END_DECLS
