/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-node-table-private.h"
#include "comfy-workflow-check.h"

G_BEGIN_DECLS

/* A check under way. What it keeps is bounded, whatever the graph is: nobody reads a hundred
 * problems. */
typedef struct
{
  ComfyWorkflow  *workflow;  /* no-ref */
  ComfyNodeTable *table;     /* no-ref */
  GPtrArray      *problems;  /* of ComfyWorkflowProblem */
  gsize           size;      /* bytes of all texts in @problems */
  unsigned int    n_advised; /* times that something similar was looked for */
} ComfyCheck;

gboolean  _comfy_check_is_full    (ComfyCheck           *check);
void      _comfy_check_add        (ComfyCheck           *check,
                                   const char           *node_id,
                                   const char           *input,
                                   const char           *type,
                                   const char           *format,
                                   ...) G_GNUC_PRINTF (5, 6);
char     *_comfy_check_dup_title  (ComfyCheck           *check,
                                   const char           *node_id);
char     *_comfy_check_dup_shown  (const char           *text);
char    **_comfy_check_dup_similar (ComfyCheck          *check,
                                   const char           *wanted,
                                   const char *const    *choices,
                                   unsigned int          max);

/* comfy-workflow-check-class.c */
gboolean  _comfy_check_classes    (ComfyCheck           *check,
                                   const char *const    *ids);
/* comfy-workflow-check-link.c */
void      _comfy_check_link       (ComfyCheck           *check,
                                   const char           *node_id,
                                   const char           *name,
                                   const ComfyNodeInput *input);
/* comfy-workflow-check-number.c */
void      _comfy_check_number     (ComfyCheck           *check,
                                   const char           *node_id,
                                   const char           *name,
                                   const ComfyNodeInput *input,
                                   JsonNode             *value);
/* comfy-workflow-check-choice.c */
void      _comfy_check_choice     (ComfyCheck           *check,
                                   const char           *node_id,
                                   const char           *name,
                                   const ComfyNodeInput *input,
                                   JsonNode             *value);

G_END_DECLS
