/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "comfy-connector.h"
#include "comfy-host.h"
#include "comfy-journal.h"
#include "comfy-node-table.h"
#include "comfy-progress.h"
#include "comfy-settings.h"
#include "comfy-spending.h"
#include "comfy-upload-cache.h"

G_BEGIN_DECLS

/* One job, from wherever its journal entry stands to a placed result. A model with the properties
 * "state" (ComfyState), "error" (GError, nullable), "running" (whether it is at work here),
 * "cancellable" (whether Cancel makes sense), "preview" (GBytes, nullable: a picture of what is in
 * the making) and a ComfyProgress; views listen. "cost" is notified when that becomes known.
 *
 * A job that is not running and not in a final state can go on: run it again. Its error says why it
 * stopped; in READY without one it waits until somebody wants its result. */
#define COMFY_TYPE_JOB (comfy_job_get_type ())
G_DECLARE_FINAL_TYPE (ComfyJob, comfy_job, COMFY, JOB, GObject)

ComfyJob          *comfy_job_new             (ComfyJournalEntry *entry,
                                              ComfyProfileStore *store,
                                              ComfyConnector    *connector,
                                              ComfySettings     *settings,
                                              ComfyHost         *host);
/* (nullable): where it looks for what lies on the server already; set it before it runs */
void               comfy_job_set_upload_cache
                                             (ComfyJob          *self,
                                              ComfyUploadCache  *uploads);
/* (nullable): knows which nodes are partners'; set it before it runs */
void               comfy_job_set_node_table  (ComfyJob          *self,
                                              ComfyNodeTable    *nodes);
/* (nullable): remembers what runs cost; set it before it runs */
void               comfy_job_set_spending    (ComfyJob          *self,
                                              ComfySpending     *spending);
ComfyJournalEntry *comfy_job_get_entry       (ComfyJob          *self);
ComfyRequest      *comfy_job_get_request     (ComfyJob          *self);
ComfyProgress     *comfy_job_get_progress    (ComfyJob          *self);
ComfyState         comfy_job_get_state       (ComfyJob          *self);
/* (nullable) (transfer none) */
const GError      *comfy_job_get_error       (ComfyJob          *self);
/* (transfer none): maybe not known, and not before it has ended */
const ComfyCost   *comfy_job_get_cost        (ComfyJob          *self);
/* (nullable) (transfer none): GVariant "(iai)" once PLACED by this process */
GVariant          *comfy_job_get_placed      (ComfyJob          *self);
/* (nullable) (transfer none): the file of a picture, while it runs */
GBytes            *comfy_job_get_preview     (ComfyJob          *self,
                                              const char       **out_content_type);
/* (transfer full): what it made that is in no image, once READY and while its folder is there:
 * texts, and files with a name to save each of them by */
char             **comfy_job_dup_texts       (ComfyJob          *self);
char             **comfy_job_dup_file_paths  (ComfyJob          *self,
                                              char            ***out_names);
/* (transfer full) (nullable): a picture by which it is told from others: the first that came, or that
 * was sent */
char              *comfy_job_dup_picture_path (ComfyJob         *self);
/* (transfer full) (nullable): why a result is not all in the image */
char              *comfy_job_dup_notice      (ComfyJob          *self);
/* whether it ended with a text or a file that the artist has not put away yet */
gboolean           comfy_job_has_kept        (ComfyJob          *self);
void               comfy_job_put_away        (ComfyJob          *self);
/* µs of the monotonic clock when it started to run here, 0 before */
gint64             comfy_job_get_started     (ComfyJob          *self);
/* Unix seconds until when its result can be fetched; 0: not told, or it need not be any more */
gint64             comfy_job_get_expires_at  (ComfyJob          *self);
gboolean           comfy_job_is_running      (ComfyJob          *self);
gboolean           comfy_job_is_cancellable  (ComfyJob          *self);

/* → TRUE once PLACED, or READY and not wanted yet; rejects with why not. Picks up where the entry
 * stands; in UNKNOWN it looks again. */
DexFuture         *comfy_job_run             (ComfyJob          *self) G_GNUC_WARN_UNUSED_RESULT;
/* asks the server to stop; what arrives anyway is kept. The job says truthfully how it ended. */
void               comfy_job_cancel          (ComfyJob          *self);
/* its result waits in the history for the artist's word, whatever the settings say */
gboolean           comfy_job_hold_result     (ComfyJob          *self,
                                              GError           **error);
/* its result is placed as soon as it is there, whatever the settings say; in READY run it then */
void               comfy_job_want_result     (ComfyJob          *self);
/* in UNKNOWN: the artist accepts that it may cost twice; run it then */
void               comfy_job_send_again      (ComfyJob          *self);
/* → TRUE when nothing that it uploaded is left to be deleted, see "delete-uploads" */
DexFuture         *comfy_job_clean_up        (ComfyJob          *self) G_GNUC_WARN_UNUSED_RESULT;
/* gives up a job that is not running; ends in CANCELLED without asking the server */
void               comfy_job_forget          (ComfyJob          *self);

G_END_DECLS
