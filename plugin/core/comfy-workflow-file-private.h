/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-workflow-file.h"

G_BEGIN_DECLS

/* Where a file's bytes come from: a file that stays open, or memory */
typedef struct
{
  int           fd;    /* -1: @data */
  const guint8 *data;  /* borrowed */
  guint64       size;  /* bytes */
} ComfyWorkflowSource;

ComfyWorkflowFile *_comfy_workflow_file_new_from_bytes (GBytes                     *bytes,
                                                        GError                    **error);
JsonNode          *_comfy_workflow_file_get_window     (ComfyWorkflowFile          *self);

size_t             _comfy_workflow_source_read         (const ComfyWorkflowSource  *self,
                                                        guint64                     offset,
                                                        void                       *buffer,
                                                        size_t                      length);

/* what surrounds a graph */
JsonNode          *_comfy_workflow_find_graph          (JsonNode                   *root,
                                                        JsonNode                  **window);
void               _comfy_workflow_forget_runs         (JsonNode                   *graph);

/* what a file is that holds no text; NULL when it may be one */
const char        *_comfy_workflow_kind_get_advice     (const guint8               *start,
                                                        size_t                      length);

/* the texts that ComfyUI saves beside a picture */
gboolean           _comfy_workflow_png_probe           (const guint8               *start,
                                                        size_t                      length);
gboolean           _comfy_workflow_png_read            (const ComfyWorkflowSource  *source,
                                                        GBytes                    **prompt,
                                                        GBytes                    **window,
                                                        GError                    **error);

G_END_DECLS
