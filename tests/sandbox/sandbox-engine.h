/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-node-table.h"
#include "comfy-workflow.h"
#include "sandbox-ledger.h"
#include "sandbox-missing.h"
#include "sandbox-results.h"
#include "sandbox-store.h"

G_BEGIN_DECLS

typedef enum
{
  SANDBOX_JOB_PENDING,
  SANDBOX_JOB_RUNNING,
  SANDBOX_JOB_CANCELLING,
  SANDBOX_JOB_COMPLETED,
  SANDBOX_JOB_FAILED,
  SANDBOX_JOB_CANCELLED
} SandboxJobState;

typedef struct _SandboxEngine SandboxEngine;

/* One execution of a graph, in terms of neither protocol. Owned by the engine. */
typedef struct
{
  char            *id;
  SandboxEngine   *engine;        /* no-ref */
  SandboxAccount  *account;       /* no-ref */
  SandboxJobState  state;
  ComfyWorkflow   *workflow;
  char           **roots;         /* output nodes that are sound, so that they run */
  char           **order;         /* all nodes that run */
  char           **tags;
  char            *batch_id;      /* nullable */
  GDateTime       *created;
  GDateTime       *started;       /* nullable */
  GDateTime       *ended;         /* nullable */
  gboolean         has_partner_key;
  gboolean         expired;       /* what it made is gone */
  unsigned int     step;          /* of SANDBOX_JOB_STEPS */
  GSource         *timer;         /* nullable */
  gboolean         computed;      /* the worker is done */
  GCancellable    *cancellable;
  GPtrArray       *saved;         /* nullable, of SandboxSaved: not yet in the store */
  GPtrArray       *outputs;       /* of SandboxFile, no-ref */
  GPtrArray       *previews;      /* of SandboxPreview, once it is computed */
  unsigned int     n_shown;       /* so many of them were told */
  char            *error_code;    /* nullable */
  char            *error_message; /* nullable */
  char            *error_node_id; /* nullable */
} SandboxJob;

/* a job moves this often, the first time when it starts, the last time when it ends */
#define SANDBOX_JOB_STEPS 8

/* What is asked for; nothing of it is kept but copies. */
typedef struct
{
  JsonNode    *graph;           /* as comfy_json_read() made it */
  const char  *id_prefix;       /* "job_", or "" for ids of v2 */
  char       **tags;            /* nullable */
  const char  *batch_id;        /* nullable */
  const char  *idempotency_key; /* nullable: for the ledger only */
  gboolean     has_partner_key; /* a key for partners' models came with it */
} SandboxSubmission;

/* Why a submission made no job. */
typedef struct
{
  unsigned int  status;      /* HTTP */
  const char   *code;        /* as Comfy API v2 names it */
  char         *message;
  GPtrArray    *problems;    /* nullable, of ComfyWorkflowProblem */
  JsonObject   *node_errors; /* nullable: the problems in ComfyUI's own form */
  SandboxShape  shape;       /* how the problems are to be told */
  int           retry_after; /* s, 0: none */
  char         *place;       /* nullable: what stands before "workflow" where it is in the body */
} SandboxRefusal;

/* Tells that a job moved. */
typedef void (*SandboxJobFunc) (SandboxJob *job,
                                gpointer    data);

/* The fields belong to sandbox-engine.c and sandbox-queue.c. */
struct _SandboxEngine
{
  ComfyNodeTable *table;
  SandboxStore   *store;         /* no-ref */
  SandboxLedger  *ledger;        /* no-ref */
  GPtrArray      *jobs;          /* of SandboxJob, the oldest first */
  unsigned int    job_ms;
  unsigned int    retention;     /* s, of what jobs make */
  gint64          cost;          /* micros of a dollar, per job */
  unsigned int    queue_length;  /* waiting jobs per account */
  gboolean        held;
  char           *next_failure;  /* nullable */
  SandboxResults *results;       /* the form in which they are kept */
  SandboxMissing *missing;       /* what this server has not got */
  SandboxJobFunc  moved;
  gpointer        moved_data;
};

SandboxEngine *sandbox_engine_new          (ComfyNodeTable   *table,
                                            SandboxStore     *store,
                                            SandboxLedger    *ledger,
                                            unsigned int      job_ms,
                                            gint64            cost,
                                            unsigned int      queue_length,
                                            SandboxJobFunc    moved,
                                            gpointer          moved_data);
void           sandbox_engine_free         (SandboxEngine    *self);
unsigned int   sandbox_engine_count        (SandboxEngine    *self,
                                            SandboxAccount   *account,
                                            gboolean          waiting);
SandboxJob    *sandbox_engine_lookup       (SandboxEngine    *self,
                                            SandboxAccount   *account,
                                            const char       *id);
GPtrArray     *sandbox_engine_list         (SandboxEngine    *self,
                                            SandboxAccount   *account,
                                            char            **tags,
                                            const char       *batch_id);
unsigned int   sandbox_engine_get_position (SandboxEngine    *self,
                                            SandboxJob       *job);
void           sandbox_engine_cancel       (SandboxEngine    *self,
                                            SandboxJob       *job);
void           sandbox_engine_hold         (SandboxEngine    *self,
                                            gboolean          hold);
void           sandbox_engine_fail_next    (SandboxEngine    *self,
                                            const char       *message);
gboolean       sandbox_engine_uses         (SandboxEngine    *self,
                                            SandboxFile      *file);
void           sandbox_engine_forget       (SandboxEngine    *self,
                                            SandboxFile      *file);
void           sandbox_engine_expire       (SandboxEngine    *self);
void           sandbox_engine_reset        (SandboxEngine    *self);

void           sandbox_engine_start_waiting (SandboxEngine   *self);

void           sandbox_job_start           (SandboxJob       *job);
void           sandbox_job_end             (SandboxJob       *job,
                                            SandboxJobState   state);
gboolean       sandbox_job_is_over         (SandboxJob       *job);
double         sandbox_job_get_fraction    (SandboxJob       *job);
const char    *sandbox_job_get_node        (SandboxJob       *job,
                                            unsigned int     *done,
                                            unsigned int     *total);

void           sandbox_refusal_clear       (SandboxRefusal   *refusal);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SandboxRefusal, sandbox_refusal_clear)

/* sandbox-submit.c */
ComfyWorkflow *sandbox_engine_check        (SandboxEngine    *self,
                                            SandboxAccount   *account,
                                            JsonNode         *graph,
                                            char           ***roots,
                                            SandboxRefusal   *refusal);
GPtrArray     *sandbox_engine_submit       (SandboxEngine           *self,
                                            SandboxAccount          *account,
                                            const SandboxSubmission *submissions,
                                            unsigned int             n_submissions,
                                            unsigned int            *out_refused,
                                            SandboxRefusal          *refusal);

/* sandbox-checks.c: what is refused at submission */
gboolean       sandbox_check_graph         (ComfyWorkflow    *workflow,
                                            ComfyNodeTable   *table,
                                            SandboxMissing   *missing,
                                            SandboxStore     *store,
                                            SandboxAccount   *account,
                                            char           ***roots,
                                            SandboxRefusal   *refusal);
SandboxFile   *sandbox_find_picture        (SandboxStore     *store,
                                            SandboxAccount   *account,
                                            JsonNode         *value);

G_END_DECLS
