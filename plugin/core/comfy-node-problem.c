/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-node-problem"

#include "config.h"

#include "comfy-node-problem.h"

G_DEFINE_BOXED_TYPE (ComfyNodeProblem, comfy_node_problem, comfy_node_problem_copy,
                     comfy_node_problem_free)

/**
 * comfy_node_problem_new:
 * @node_id: (nullable): which node
 * @input: (nullable): which of its inputs
 * @type: (nullable): ComfyUI's own word
 * @message: (nullable): the server's words, fit to be shown
 * @allowed: (nullable) (array zero-terminated=1): the values that the input takes
 *
 * Returns: (transfer full): the problem
 */
ComfyNodeProblem *
comfy_node_problem_new (const char         *node_id,
                        const char         *input,
                        const char         *type,
                        const char         *message,
                        const char * const *allowed)
{
  ComfyNodeProblem *self = g_new0 (ComfyNodeProblem, 1);

  self->node_id = g_strdup (node_id);
  self->input = g_strdup (input);
  self->type = g_strdup (type);
  self->message = g_strdup (message);
  self->allowed = g_strdupv ((char **) allowed);

  return self;
}

/**
 * comfy_node_problem_copy:
 *
 * Returns: (transfer full): a copy
 */
ComfyNodeProblem *
comfy_node_problem_copy (const ComfyNodeProblem *self)
{
  return comfy_node_problem_new (self->node_id, self->input, self->type, self->message,
                                 (const char * const *) self->allowed);
}

/**
 * comfy_node_problem_free:
 * @self: (transfer full): a problem
 */
void
comfy_node_problem_free (ComfyNodeProblem *self)
{
  g_free (self->node_id);
  g_free (self->input);
  g_free (self->type);
  g_free (self->message);
  g_strfreev (self->allowed);
  g_free (self);
}
