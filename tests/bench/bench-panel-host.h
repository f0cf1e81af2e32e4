/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-host.h"

G_BEGIN_DECLS

/* An editor whose only picture is a file that was made before, and which compares with the true
 * pixels of a result; all on worker threads, as GIMP's does. All else is a FakeHost's. */
#define BENCH_TYPE_PANEL_HOST (bench_panel_host_get_type ())
G_DECLARE_FINAL_TYPE (BenchPanelHost, bench_panel_host, BENCH, PANEL_HOST, GObject)

BenchPanelHost *bench_panel_host_new            (const char     *picture,
                                                 int             edge);
unsigned int    bench_panel_host_get_n_captured (BenchPanelHost *self);
/* that are answered */
unsigned int    bench_panel_host_get_n_compared (BenchPanelHost *self);

G_END_DECLS
