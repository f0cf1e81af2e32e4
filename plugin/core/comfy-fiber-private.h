/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

DexFuture *_comfy_spawn (DexFiberFunc    func,
                         gpointer        data,
                         GDestroyNotify  destroy) G_GNUC_WARN_UNUSED_RESULT;
gboolean   _comfy_sleep (gint64          duration_us,
                         GError        **error);

gboolean   _comfy_promise_is_wanted (DexPromise *promise);

typedef gboolean (*ComfyThreadFunc) (gpointer   data,
                                     GError   **error);
/* → TRUE */
DexFuture *_comfy_run_in_thread (ComfyThreadFunc  func,
                                 gpointer         data,
                                 GDestroyNotify   destroy) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
