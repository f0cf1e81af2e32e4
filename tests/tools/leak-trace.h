/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sys/types.h>

G_BEGIN_DECLS

/* called when a program was started, before it runs its first instruction */
typedef void (*LeakStarted) (pid_t    pid,
                             gpointer data);

gboolean leak_trace_run (char        **argv,
                         LeakStarted   started,
                         gpointer      data,
                         int          *out_status,
                         GError      **error);

G_END_DECLS
