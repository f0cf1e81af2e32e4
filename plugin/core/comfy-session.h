/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-batch.h"
#include "comfy-node-table.h"
#include "comfy-recipe.h"
#include "comfy-scheduler.h"

G_BEGIN_DECLS

/* What a batch came to on its way to jobs. Plain data, boxed. */
typedef struct
{
  char      **ids;      /* owned: journal ids of the new jobs, in their order; at least one */
  GPtrArray  *failures; /* owned, of GError: one for each run that is no job; the sentences say which
                         * run it was */
} ComfyPrepared;

#define COMFY_TYPE_PREPARED (comfy_prepared_get_type ())
GType          comfy_prepared_get_type    (void);
ComfyPrepared *comfy_prepared_copy        (const ComfyPrepared *self);
void           comfy_prepared_free        (ComfyPrepared       *self);
/* (transfer full) (nullable): what the artist is told of those that are no jobs */
char          *comfy_prepared_dup_problem (const ComfyPrepared *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyPrepared, comfy_prepared_free)

/* Core put together for one process: settings, keys, connector, journal and scheduler, made once
 * and handed down. Paths follow the XDG folders: settings in config, the journal in state, the rate
 * limit in runtime. */
#define COMFY_TYPE_SESSION (comfy_session_get_type ())
G_DECLARE_FINAL_TYPE (ComfySession, comfy_session, COMFY, SESSION, GObject)

/* reads COMFY_API_KEY and COMFY_BASE_URL and takes them out of the process's environment */
ComfySession      *comfy_session_new           (ComfyHost    *host);
/* @path: the node table, so that partners' nodes are known; without, no class is */
void               comfy_session_use_node_table
                                               (ComfySession *self,
                                                const char   *path);
ComfyHost         *comfy_session_get_host      (ComfySession *self);
ComfySettings     *comfy_session_get_settings  (ComfySession *self);
ComfyProfileStore *comfy_session_get_profiles  (ComfySession *self);
ComfyConnector    *comfy_session_get_connector (ComfySession *self);
ComfyJournal      *comfy_session_get_journal   (ComfySession *self);
ComfyScheduler    *comfy_session_get_scheduler (ComfySession *self);
ComfySpending     *comfy_session_get_spending  (ComfySession *self);

/* → ComfyNodeTable: what the nodes of the chosen environment's server take, as it told today or the
 * last time; else the carried one. Never rejects, and takes some seconds at most */
DexFuture         *comfy_session_find_nodes    (ComfySession *self) G_GNUC_WARN_UNUSED_RESULT;
/* → string: the journal id of a new job in state NEW whose lock is released: captures, fills in
 * the form, writes the entry. @image_id: -1 when there is none */
DexFuture         *comfy_session_prepare       (ComfySession *self,
                                                ComfyForm    *form,
                                                int           image_id,
                                                GArray       *layer_ids) G_GNUC_WARN_UNUSED_RESULT;
/* → ComfyPrepared: the same for each run of @batch; one that cannot be prepared does not stop the
 * others */
DexFuture         *comfy_session_prepare_batch (ComfySession     *self,
                                                ComfyForm        *form,
                                                const ComfyBatch *batch,
                                                int               image_id,
                                                GArray           *layer_ids) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full): the journal id of a new job that asks for the same as @job once more, as
 * comfy_session_prepare() leaves it. It may cost again. */
char              *comfy_session_repeat        (ComfySession *self,
                                                ComfyJob     *job,
                                                GError      **error);
/* → string: the journal id of a new job that asks for what @recipe tells with another seed, as
 * comfy_session_prepare() leaves it. @actions: of ComfyAction, the installed ones; @layer_id: the
 * layer that @recipe is of */
DexFuture         *comfy_session_vary          (ComfySession *self,
                                                ComfyRecipe  *recipe,
                                                GPtrArray    *actions,
                                                int           image_id,
                                                int           layer_id) G_GNUC_WARN_UNUSED_RESULT;
/* The history: what jobs of this and other processes made, see ComfyHistory. None of the first
 * three asks a server for anything, or costs. */

/* → GVariant "(iai)": the image and its new layers: places @picture of the job's, from 0, or all of
 * them, -1; whether they were placed before or not */
DexFuture         *comfy_session_apply         (ComfySession *self,
                                                const char   *journal_id,
                                                int           picture) G_GNUC_WARN_UNUSED_RESULT;
/* takes the job out of the history; its files stay until the journal is swept */
gboolean           comfy_session_discard       (ComfySession *self,
                                                const char   *journal_id,
                                                const char   *output,
                                                GError      **error);
gboolean           comfy_session_undiscard     (ComfySession *self,
                                                const char   *journal_id,
                                                const char   *output,
                                                GError      **error);
/* → string: the journal id of a new job that asks for the same as @journal_id with another seed, as
 * comfy_session_prepare() leaves it. It costs again. */
DexFuture         *comfy_session_again_with_new_seed
                                               (ComfySession *self,
                                                const char   *journal_id) G_GNUC_WARN_UNUSED_RESULT;
/* → string: the journal id of a new job, as comfy_session_prepare() leaves it, that fetches what a job
 * of the server made, whoever started it, and sends nothing. @outcome: COMFY_OUTCOME_LAYERS: of
 * @image_id, -1 for an image of their own; COMFY_OUTCOME_NEW_IMAGE: an image for each picture */
DexFuture         *comfy_session_open_remote   (ComfySession   *self,
                                                ComfyProfile   *profile,
                                                ComfyRemoteJob *remote,
                                                ComfyOutcome    outcome,
                                                int             image_id) G_GNUC_WARN_UNUSED_RESULT;
/* (transfer full): the job of a journal entry, not yet started */
ComfyJob          *comfy_session_open_job      (ComfySession *self,
                                                const char   *journal_id,
                                                GError      **error);
/* (transfer full): the same, and it is run. @holds: its result waits in the history for the artist's
 * word */
ComfyJob          *comfy_session_start_job     (ComfySession *self,
                                                const char   *journal_id,
                                                gboolean      holds,
                                                GError      **error);
/* → TRUE: deletes what finished jobs of this and other processes were to delete on their servers and
 * could not */
DexFuture         *comfy_session_clean_up      (ComfySession *self) G_GNUC_WARN_UNUSED_RESULT;
/* removes from this computer what finished jobs left, and what is remembered of servers */
void               comfy_session_forget        (ComfySession *self);

G_END_DECLS
