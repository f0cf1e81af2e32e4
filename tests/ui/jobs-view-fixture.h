/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-jobs-view.h"
#include "session-fixture.h"

G_BEGIN_DECLS

/* the lists' names */
#define JOBS_VIEW_WAITING  "Waiting"
#define JOBS_VIEW_FINISHED "On This Computer"
#define JOBS_VIEW_SERVER   "On the Server"

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
/* (transfer full): the id of a job that an earlier process has left in that state; @age: s; @kept:
 * s for which the server keeps it, 0: not told; @remote_id, @why: (nullable) */
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
/* as the queue does with what has ended and is seen elsewhere */
void            jobs_view_empty_queue   (JobsView      *fixture);
unsigned int    jobs_view_count_rows    (JobsView      *fixture,
                                         const char    *list);
void            jobs_view_wait_for_rows (JobsView      *fixture,
                                         const char    *list,
                                         unsigned int   n);

/* conditions, with the fixture as @data */
gboolean        jobs_view_is_placed     (gpointer       data);
gboolean        jobs_view_is_idle       (gpointer       data);

G_END_DECLS
