/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which runs are compared with which.
 */
#define G_LOG_DOMAIN "comfy-spending"

#include "config.h"

#include <string.h>

#include "comfy-spending.h"

#define MAX_KEY 300 /* bytes */

/* Whatever its author called it: renamed, moved or saved as an action it costs the same */
static char *
dup_graph_key (ComfyWorkflow *workflow)
{
  g_autofree char *shape = comfy_workflow_dup_shape (workflow);

  return g_strconcat ("graph ", shape, NULL);
}

static char *
dup_action_key (const char *action_id,
                const char *model)
{
  g_autofree char *key = g_strconcat ("action ", action_id, " ", model, NULL);

  return g_utf8_make_valid (key, (gssize) MIN (strlen (key), MAX_KEY));
}

/**
 * comfy_spending_dup_form_key:
 * @form: what is about to be run
 *
 * Returns: (transfer full): what comfy_spending_dup_key() gives for the request that comes of it
 */
char *
comfy_spending_dup_form_key (ComfyForm *form)
{
  const ComfyVariant *variant;
  ComfyAction        *action;

  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);

  action = comfy_form_get_action (form);
  variant = comfy_form_get_variant (form);

  return comfy_action_get_outputs (action) != NULL
           ? dup_graph_key (variant->workflow)
           : dup_action_key (comfy_action_get_id (action), variant->label);
}

/**
 * comfy_spending_dup_key:
 * @request: what was asked
 *
 * Returns: (transfer full): what it is compared with: the action with its model; a graph of the
 *   artist's by its shape
 */
char *
comfy_spending_dup_key (ComfyRequest *request)
{
  g_return_val_if_fail (COMFY_IS_REQUEST (request), NULL);

  return comfy_request_get_outputs (request) != NULL
           ? dup_graph_key (comfy_request_get_workflow (request))
           : dup_action_key (comfy_request_get_action_id (request),
                             comfy_request_get_model (request));
}
