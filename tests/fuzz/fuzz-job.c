/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever a server answers, reading it as a job ends in a job or in an error of ours.
 */
#include "config.h"

#include "comfy-api-json-private.h"
#include "comfy-error.h"
#include "comfy-json-private.h"

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  g_autoptr(JsonNode)       node = comfy_json_read ((const char *) data, size, 1 << 20, 32, NULL);
  g_autoptr(ComfyRemoteJob) job = NULL;
  g_autoptr(ComfyAccount)   account = NULL;
  g_autoptr(GError)         error = NULL;

  if (node == NULL)
    return 0;

  job = comfy_remote_job_new_from_json (node, &error);
  g_assert ((job == NULL) == (error != NULL));
  g_assert (error == NULL || error->domain == COMFY_ERROR);
  g_assert (job == NULL || (job->fraction <= 1 && job->queue_position >= -1));
  g_assert (job == NULL || (job->status == COMFY_REMOTE_FAILED) == (job->error != NULL));

  account = comfy_account_new_from_json (node, NULL);
  g_assert (account == NULL || account->email == NULL || g_utf8_validate (account->email, -1, NULL));

  return 0;
}
