/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What a server has against one node of a graph that it refused: as much of it as it said. Boxed,
 * read-only once it is part of an error. */
typedef struct
{
  char  *node_id; /* owned, nullable */
  char  *input;   /* owned, nullable: the node as a whole */
  char  *type;    /* owned, nullable: ComfyUI's own word, such as "value_not_in_list" */
  char  *message; /* owned, nullable: the server's words, fit to be shown */
  char **allowed; /* owned, nullable: the values that the input takes; empty: there are none */
} ComfyNodeProblem;

#define COMFY_TYPE_NODE_PROBLEM (comfy_node_problem_get_type ())
GType             comfy_node_problem_get_type (void);
ComfyNodeProblem *comfy_node_problem_new      (const char             *node_id,
                                               const char             *input,
                                               const char             *type,
                                               const char             *message,
                                               const char * const     *allowed);
ComfyNodeProblem *comfy_node_problem_copy     (const ComfyNodeProblem *self);
void              comfy_node_problem_free     (ComfyNodeProblem       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyNodeProblem, comfy_node_problem_free)

G_END_DECLS
