/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-node-table.h"
#include "comfy-workflow.h"

G_BEGIN_DECLS

/**
 * SandboxShape:
 * @SANDBOX_SHAPE_FIELDS: as the protocol's contract says
 * @SANDBOX_SHAPE_DETAILS: error.details is ComfyUI's whole answer
 * @SANDBOX_SHAPE_RAW: ComfyUI's own answer, 400, and nothing around it
 *
 * How the problems of a graph are told.
 */
typedef enum
{
  SANDBOX_SHAPE_FIELDS,
  SANDBOX_SHAPE_DETAILS,
  SANDBOX_SHAPE_RAW
} SandboxShape;

/* What a server has not got: files of models, classes of nodes. */
typedef struct _SandboxMissing SandboxMissing;

SandboxMissing *sandbox_missing_new           (void);
void            sandbox_missing_free          (SandboxMissing  *self);
void            sandbox_missing_clear         (SandboxMissing  *self);
gboolean        sandbox_missing_add_model     (SandboxMissing  *self,
                                               JsonObject      *arguments,
                                               GError         **error);
gboolean        sandbox_missing_add_node      (SandboxMissing  *self,
                                               JsonObject      *arguments,
                                               GError         **error);
gboolean        sandbox_missing_is_node       (SandboxMissing  *self,
                                               const char      *class_type);
const char *const *
                sandbox_missing_get_instead   (SandboxMissing  *self,
                                               const char      *name);
SandboxShape    sandbox_missing_get_shape     (SandboxMissing  *self);
void            sandbox_missing_find_problems (SandboxMissing  *self,
                                               ComfyWorkflow   *workflow,
                                               ComfyNodeTable  *table,
                                               GPtrArray       *problems);
JsonObject     *sandbox_missing_to_json       (SandboxMissing  *self,
                                               ComfyWorkflow   *workflow,
                                               ComfyNodeTable  *table,
                                               GPtrArray       *problems);

G_END_DECLS
