/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-history-private.h"
#include "comfy-session.h"
#include "fake-host.h"
#include "history-fixture.h"

G_BEGIN_DECLS

/* A session and its history, over a journal that other processes use as well */
typedef struct
{
  FakeHost     *host;
  ComfySession *session;
  ComfyJournal *other;   /* the same journal, of another process */
  ComfyHistory *history;
} HistorySession;

void              history_session_set_up         (HistorySession *fixture,
                                                  gconstpointer   data);
void              history_session_tear_down      (HistorySession *fixture,
                                                  gconstpointer   data);
/* as a process that starts now */
void              history_session_restart        (HistorySession *fixture);
/* (transfer full): the id of a job of another process */
char             *history_session_make           (HistorySession *fixture,
                                                  ComfyState      state,
                                                  unsigned int    n_pictures);
void              history_session_apply          (HistorySession *fixture,
                                                  const char     *id,
                                                  int             picture);
/* (transfer full) (nullable): once the history has caught up */
ComfyHistoryItem *history_session_find           (HistorySession *fixture,
                                                  const char     *id);
/* which pictures are in an image: "01-" of the first two of three; x: discarded */
void              history_session_assert_applied (HistorySession *fixture,
                                                  const char     *id,
                                                  ComfyState      state,
                                                  const char     *expected);
/* (transfer full): the job, which this process's scheduler has and that has stopped */
ComfyJob         *history_session_run_job        (HistorySession *fixture,
                                                  const char     *id);

G_END_DECLS
