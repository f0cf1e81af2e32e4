/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-take.h"

G_BEGIN_DECLS

/* A node of a graph whose results are wanted, and what becomes of them */
typedef struct
{
  char         *node;    /* owned */
  char         *prefix;  /* owned, nullable: what the names of its files begin with; the node has
                          * none */
  ComfyOutcome  outcome; /* of pictures; texts are shown and other files kept in any case but
                          * NOTHING */
} ComfyOutput;

#define COMFY_TYPE_OUTPUT (comfy_output_get_type ())
GType        comfy_output_get_type (void);
ComfyOutput *comfy_output_new      (const char        *node,
                                    const char        *prefix,
                                    ComfyOutcome       outcome);
ComfyOutput *comfy_output_copy     (const ComfyOutput *self);
void         comfy_output_free     (ComfyOutput       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyOutput, comfy_output_free)

/* (nullable): the one among @outputs that made a file */
const ComfyOutput *
             comfy_output_find     (GPtrArray         *outputs,
                                    const char        *node,
                                    const char        *file_name);

G_END_DECLS
