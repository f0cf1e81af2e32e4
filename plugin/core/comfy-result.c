/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-result"

#include "config.h"

#include "comfy-result.h"

struct _ComfyResult
{
  GObject        parent_instance;

  char          *job_id;
  ComfyRequest  *request; /* owned */
  char          *folder;
  char         **paths;   /* absolute */
  ComfyOutcome  *outcomes; /* of each of the paths */
  gboolean      *unplaced; /* whether each of them is */
  unsigned int   n_paths;
};

G_DEFINE_FINAL_TYPE (ComfyResult, comfy_result, G_TYPE_OBJECT)

static void
comfy_result_finalize (GObject *object)
{
  ComfyResult *self = COMFY_RESULT (object);

  g_free (self->job_id);
  g_clear_object (&self->request);
  g_free (self->folder);
  g_strfreev (self->paths);
  g_free (self->outcomes);
  g_free (self->unplaced);

  G_OBJECT_CLASS (comfy_result_parent_class)->finalize (object);
}

static void
comfy_result_class_init (ComfyResultClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_result_finalize;
}

static void
comfy_result_init (ComfyResult *self)
{
}

/**
 * comfy_result_new:
 * @job_id: the journal's id of the job
 * @request: what was asked
 * @folder: the job's folder
 * @paths: (array zero-terminated=1): the pictures that came, at least one
 *
 * All of them become what the request's placement says.
 *
 * Returns: (transfer full): the result
 */
ComfyResult *
comfy_result_new (const char         *job_id,
                  ComfyRequest       *request,
                  const char         *folder,
                  const char * const *paths)
{
  return comfy_result_new_with_outcomes (job_id, request, folder, paths, NULL);
}

/**
 * comfy_result_new_with_outcomes:
 * @job_id: the journal's id of the job
 * @request: what was asked
 * @folder: the job's folder
 * @paths: (array zero-terminated=1): the pictures that came, at least one
 * @outcomes: (nullable): what becomes of each of them; %NULL: what the request's placement says
 *
 * Returns: (transfer full): the result
 */
ComfyResult *
comfy_result_new_with_outcomes (const char         *job_id,
                                ComfyRequest       *request,
                                const char         *folder,
                                const char * const *paths,
                                const ComfyOutcome *outcomes)
{
  ComfyResult *self;

  g_return_val_if_fail (job_id != NULL && folder != NULL, NULL);
  g_return_val_if_fail (COMFY_IS_REQUEST (request), NULL);
  g_return_val_if_fail (paths != NULL && paths[0] != NULL, NULL);

  self = g_object_new (COMFY_TYPE_RESULT, NULL);
  self->job_id = g_strdup (job_id);
  self->request = g_object_ref (request);
  self->folder = g_strdup (folder);
  self->paths = g_strdupv ((char **) paths);
  self->n_paths = g_strv_length (self->paths);
  self->outcomes = g_new0 (ComfyOutcome, self->n_paths);
  self->unplaced = g_new0 (gboolean, self->n_paths);
  for (unsigned int i = 0; i < self->n_paths; i++)
    self->outcomes[i] = outcomes != NULL ? outcomes[i]
                                         : comfy_request_get_placement (request)->outcome;

  return self;
}

/**
 * comfy_result_get_job_id:
 *
 * Returns: the journal's id of the job, which the placed layer carries
 */
const char *
comfy_result_get_job_id (ComfyResult *self)
{
  g_return_val_if_fail (COMFY_IS_RESULT (self), NULL);

  return self->job_id;
}

/**
 * comfy_result_get_request:
 *
 * Returns: (transfer none): what was asked
 */
ComfyRequest *
comfy_result_get_request (ComfyResult *self)
{
  g_return_val_if_fail (COMFY_IS_RESULT (self), NULL);

  return self->request;
}

/**
 * comfy_result_get_folder:
 *
 * Returns: the job's folder, in which the placement's alpha file lies
 */
const char *
comfy_result_get_folder (ComfyResult *self)
{
  g_return_val_if_fail (COMFY_IS_RESULT (self), NULL);

  return self->folder;
}

/**
 * comfy_result_get_paths:
 *
 * Returns: (transfer none) (array zero-terminated=1): absolute paths of complete files, at least
 *   one
 */
const char * const *
comfy_result_get_paths (ComfyResult *self)
{
  g_return_val_if_fail (COMFY_IS_RESULT (self), NULL);

  return (const char * const *) self->paths;
}

/**
 * comfy_result_get_outcome:
 * @i: which of the paths, from 0
 *
 * Returns: what becomes of it
 */
ComfyOutcome
comfy_result_get_outcome (ComfyResult  *self,
                          unsigned int  i)
{
  g_return_val_if_fail (COMFY_IS_RESULT (self) && i < self->n_paths, COMFY_OUTCOME_LAYERS);

  return self->outcomes[i];
}

/**
 * comfy_result_set_unplaced:
 * @i: which of the paths, from 0
 *
 * For the editor: it cannot place this one, however often it is asked. The others are placed all
 * the same.
 */
void
comfy_result_set_unplaced (ComfyResult  *self,
                           unsigned int  i)
{
  g_return_if_fail (COMFY_IS_RESULT (self) && i < self->n_paths);

  self->unplaced[i] = TRUE;
}

/**
 * comfy_result_is_unplaced:
 * @i: which of the paths, from 0
 *
 * Returns: whether the editor could not place it
 */
gboolean
comfy_result_is_unplaced (ComfyResult  *self,
                          unsigned int  i)
{
  g_return_val_if_fail (COMFY_IS_RESULT (self) && i < self->n_paths, FALSE);

  return self->unplaced[i];
}
