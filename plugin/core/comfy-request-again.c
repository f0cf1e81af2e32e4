/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests made of others: what asks for the same, or for nearly the same.
 */
#define G_LOG_DOMAIN "comfy-request"

#include "config.h"

#include "comfy-request-private.h"

/* the parts of a request, none of them copied */
static ComfyRequestParts
get_parts (ComfyRequest *self)
{
  ComfyRequestParts parts = {
    .action_id = comfy_request_get_action_id (self),
    .title = comfy_request_get_title (self),
    .model = comfy_request_get_model (self),
    .prompt = comfy_request_get_prompt (self),
    .seed = comfy_request_get_seed (self),
    .seed_max = comfy_request_get_seed_max (self),
    .seed_target = comfy_request_get_seed_target (self),
    .profile_id = comfy_request_get_profile_id (self),
    .workflow = comfy_request_get_workflow (self),
    .inputs = comfy_request_get_inputs (self),
    .loaders = comfy_request_get_loaders (self),
    .outputs = comfy_request_get_outputs (self),
    .placement = comfy_request_get_placement (self),
    .remember = comfy_request_get_remember (self),
    .deep = comfy_request_get_deep (self),
    .remote_id = comfy_request_get_remote_id (self),
  };

  parts.batch_id = comfy_request_get_batch_id (self, &parts.batch_i, &parts.batch_n);

  return parts;
}

/*
 * _comfy_request_new_again:
 * @other: a request
 *
 * Returns: (transfer full): what asks for the same, made now
 */
ComfyRequest *
_comfy_request_new_again (ComfyRequest *other)
{
  const ComfyRequestParts parts = get_parts (other);

  return comfy_request_new (&parts);
}

/**
 * comfy_request_new_varied:
 * @other: a request
 * @seed: the new seed, up to comfy_request_get_seed_max()
 * @profile_id: whose key it is sent with
 * @placement: where the result belongs
 * @remember: whether the layer remembers how it was made
 *
 * Returns: (transfer full) (nullable): what asks for the same with another seed, made now; %NULL
 *   where the graph has no seed that can be set
 */
ComfyRequest *
comfy_request_new_varied (ComfyRequest   *other,
                          guint64         seed,
                          const char     *profile_id,
                          ComfyPlacement *placement,
                          gboolean        remember)
{
  g_autoptr(ComfyWorkflow) workflow = NULL;
  ComfyRequestParts        parts;

  g_return_val_if_fail (COMFY_IS_REQUEST (other), NULL);
  g_return_val_if_fail (profile_id != NULL, NULL);

  parts = get_parts (other);
  workflow = comfy_workflow_copy (parts.workflow);
  if (parts.seed_target == NULL
      || !comfy_workflow_set_uint64 (workflow, parts.seed_target->node, parts.seed_target->input,
                                     seed, NULL))
    return NULL;

  parts.workflow = workflow;
  parts.seed = seed;
  parts.profile_id = profile_id;
  parts.placement = placement;
  parts.remember = remember;
  parts.batch_id = NULL; /* it is one of its own */

  return comfy_request_new (&parts);
}
