/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sandbox-node.h"

G_BEGIN_DECLS

/* Graphs run in the test's own process, without a server. */
GBytes       *make_png    (int            width,
                           int            height,
                           int            channels,
                           const guint8  *values);
GBytes       *make_grey   (int            width,
                           int            height,
                           const guint8  *values);
GPtrArray    *run_all     (const char    *graph,
                           GBytes        *a,
                           GBytes        *b);
SandboxImage *run         (const char    *graph,
                           GBytes        *a,
                           GBytes        *b);
ComfyWorkflow *load_graph (const char     *name);
GPtrArray    *run_graph   (ComfyWorkflow  *workflow,
                           GBytes         *a,
                           GBytes         *b);
SandboxImage *read_saved  (GPtrArray     *saved,
                           unsigned int   index,
                           gboolean      *has_alpha);
int           value_at    (const SandboxImage *image,
                           int            x,
                           int            y,
                           int            channel);
void          assert_size (const char    *graph,
                           GBytes        *a,
                           int            width,
                           int            height);
void          assert_grey (const char    *graph,
                           GBytes        *a,
                           GBytes        *b,
                           int            width,
                           int            height,
                           const int     *expected);

G_END_DECLS
