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
 * Returns: (transfer full): the result
 */
ComfyResult *
comfy_result_new (const char         *job_id,
                  ComfyRequest       *request,
                  const char         *folder,
                  const char * const *paths)
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
