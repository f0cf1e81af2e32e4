/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A file that the artist drops on a page. */

void  comfy_workflow_drop_accept   (GtkWidget         *page);
char *comfy_workflow_drop_dup_path (GtkSelectionData  *data,
                                    GError           **error);

G_END_DECLS
