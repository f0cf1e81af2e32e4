/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-workflow-file-private.h"

G_BEGIN_DECLS

/* a graph of one node, and its twin in the format of ComfyUI's window */
#define A_GRAPH "{\"1\":{\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"a.png\"}}}"
#define A_WINDOW "{\"nodes\":[{\"id\":1,\"type\":\"LoadImage\"}],\"links\":[]}"

/* PNGs, chunk by chunk, as ComfyUI's own are made: signature and header, texts, pixels, end */
GByteArray        *png_begin             (void);
void               png_add               (GByteArray          *png,
                                          const char          *type,
                                          const void          *data,
                                          size_t               length);
void               png_add_text          (GByteArray          *png,
                                          const char          *type,
                                          const char          *keyword,
                                          const char          *text);
void               png_end               (GByteArray          *png);

ComfyWorkflowFile *open_bytes            (const void          *data,
                                          size_t               length,
                                          GError             **error);
ComfyWorkflowFile *open_text             (const char          *text,
                                          GError             **error);

void               assert_opens          (ComfyWorkflowFile   *file,
                                          const GError        *error,
                                          const char          *expected);
void               assert_refused        (ComfyWorkflowFile   *file,
                                          GError              *error,
                                          int                  code,
                                          const char          *expected);

G_END_DECLS
