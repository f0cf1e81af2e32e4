/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-jobs-view.h"
#include "session-fixture.h"

G_BEGIN_DECLS

/* The view in a window of its own, over a session with one key */
typedef struct
{
  SessionFixture  base;
  ComfyProfile   *profile; /* owned: "Work" */
  ComfyApi       *api;     /* owned: what another program would use */
  GtkWidget      *window;
  GtkWidget      *view;
} JobsView;

/* @data: how wide, in px; 0: as a panel mostly is */
void            jobs_view_set_up        (JobsView      *fixture,
                                         gconstpointer  data);
void            jobs_view_set_up_strange
                                        (JobsView      *fixture,
                                         gboolean       is_rtl);
void            jobs_view_tear_down     (JobsView      *fixture,
                                         gconstpointer  data);
/* (transfer full): the id of a job that an earlier process has left in that state; @age: s; @kept: s
 * for which the server keeps it, 0: not told; @remote_id, @why: (nullable) */
char           *jobs_view_leave         (JobsView      *fixture,
                                         const char    *prompt,
                                         ComfyState     state,
                                         gint64         age,
                                         gint64         kept,
                                         const char    *remote_id,
                                         const GError  *why);
/* (transfer full): a job that another program started, once it has ended; @tag: (nullable) */
ComfyRemoteJob *jobs_view_run           (JobsView      *fixture,
                                         const char    *tag);
/* by the ledger */
unsigned int    jobs_view_count_started (JobsView      *fixture);
unsigned int    jobs_view_count_asked   (JobsView      *fixture);
/* chooses a row, as a click on it does; @list: its name */
void            jobs_view_choose        (JobsView      *fixture,
                                         const char    *list,
                                         int            i);
unsigned int    jobs_view_count_rows    (JobsView      *fixture,
                                         const char    *list);

G_END_DECLS
