/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-workflow.h"
#include "test-graph.h"

G_BEGIN_DECLS

/* px of an upload */
#define WIDTH  128
#define HEIGHT 96

/* the mask: not on blocks of 8 px */
#define MASK_LEFT   37
#define MASK_TOP    21
#define MASK_RIGHT  70
#define MASK_BOTTOM 58

gboolean       is_masked          (int                  x,
                                   int                  y);
gboolean       is_in_masked_block (int                  x,
                                   int                  y);
GBytes        *make_upload_with   (int                  shade,
                                   gboolean             hole);
GBytes        *make_upload        (int                  shade);
GBytes        *make_mask          (gboolean             empty);
ComfyWorkflow *load_small         (const char          *name);
char          *find_node          (ComfyWorkflow       *workflow,
                                   const char          *input);
SandboxImage  *run_first          (ComfyWorkflow       *workflow,
                                   GBytes              *a,
                                   GBytes              *b);
SandboxImage  *decode_png         (GBytes              *png);
int            get_difference     (const SandboxImage  *one,
                                   const SandboxImage  *other,
                                   int                  x,
                                   int                  y);
double         get_distance       (const SandboxImage  *one,
                                   const SandboxImage  *other);

G_END_DECLS
