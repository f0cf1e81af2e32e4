/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session-fixture.h"

G_BEGIN_DECLS

/* The job window over a session with one key and an editor that takes what it is given. */
typedef struct
{
  SessionFixture  base;
  ComfyProfile   *profile;  /* owned: "Work" */
  GtkWidget      *window;   /* not shown yet */
  gboolean        finished; /* "finished" was emitted */
} JobWindow;

void          job_window_set_up        (JobWindow     *fixture,
                                        gconstpointer  data);
void          job_window_tear_down     (JobWindow     *fixture,
                                        gconstpointer  data);
/* as a process does that starts now: the last window is destroyed before */
void          job_window_open          (JobWindow     *fixture);

/* the sandbox's hand crank */
void          job_window_control       (JobWindow     *fixture,
                                        const char    *command,
                                        const char    *json);
/* a job in the journal that nobody runs (transfer full) */
char         *job_window_prepare       (JobWindow     *fixture,
                                        const char    *prompt);
void          job_window_start         (JobWindow     *fixture,
                                        const char    *prompt);

/* conditions, with the fixture as @data */
gboolean      job_window_is_finished   (gpointer       data);
/* both rows are to be seen, not one above the other's edge */
gboolean      job_window_has_two_rows  (gpointer       data);

gboolean      job_window_has_button    (JobWindow     *fixture,
                                        const char    *label);
/* by the sandbox's ledger */
unsigned int  job_window_count_started (JobWindow     *fixture);

G_END_DECLS
