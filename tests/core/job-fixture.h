/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-job-private.h"
#include "fake-api.h"
#include "fake-host.h"
#include "test-future.h"

G_BEGIN_DECLS

/* what the two protocols can do */
#define V1 (COMFY_API_ACCOUNT | COMFY_API_LIST | COMFY_API_REPLAY | COMFY_API_EVENTS)
#define V2 (COMFY_API_PROGRESS | COMFY_API_QUEUE_PLACE)

/* beside them: the job wants results of 16 bits per channel */
#define DEEP (1 << 16)
/* two nodes take the same picture */
#define TWICE (1 << 17)

#define HOUR_S (60 * 60)

/* A job in state NEW with one input and two loaders, in a journal of its own, against a cloud in
 * memory */
typedef struct
{
  char          *folder;
  ComfyJournal  *journal;
  ComfySettings *settings;
  FakeApi       *api;
  FakeHost      *host;
  ComfyJob      *job;
  gboolean       deep;
  GPtrArray     *outputs;  /* owned, nullable, of ComfyOutput: what the next job wants */
  gboolean       twice;
} JobFixture;

void               job_fixture_set_up             (JobFixture    *fixture,
                                                   gconstpointer  flags);
void               job_fixture_tear_down          (JobFixture    *fixture,
                                                   gconstpointer  flags);
ComfyJournalEntry *job_fixture_entry          (JobFixture    *fixture);
/* as if the process had ended and another one found the job */
void               job_fixture_restart            (JobFixture    *fixture);
/* (transfer full): a job that nobody holds */
ComfyJob          *job_fixture_open               (JobFixture    *fixture,
                                                   const char    *id);
/* a job where there is none */
void               job_fixture_begin              (JobFixture    *fixture);
/* another job of the same kind, to the same server */
void               job_fixture_next_job           (JobFixture    *fixture);
void               job_fixture_run_to_the_end     (JobFixture    *fixture);
void               job_fixture_run_until_it_stops (JobFixture    *fixture,
                                                   ComfyError     code,
                                                   ComfyState     state);
void               job_fixture_wait_until_held    (JobFixture    *fixture);
/* as a process leaves it that ends between sending and the answer */
void               job_fixture_leave_submitting   (JobFixture    *fixture,
                                                   gint64         age_s);

G_END_DECLS
