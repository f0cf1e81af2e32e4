/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-workflow-drop.h"

/**
 * comfy_workflow_drop_accept:
 * @page: where files may be dropped; it gets "drag-data-received"
 */
void
comfy_workflow_drop_accept (GtkWidget *page)
{
  gtk_drag_dest_set (page, GTK_DEST_DEFAULT_ALL, NULL, 0, GDK_ACTION_COPY);
  gtk_drag_dest_add_uri_targets (page);
}

/**
 * comfy_workflow_drop_dup_path:
 * @data: what was dropped
 * @error: %COMFY_ERROR_NOT_SUPPORTED: several files, or one that is not on this computer
 *
 * Returns: (transfer full) (nullable): the path of the file
 */
char *
comfy_workflow_drop_dup_path (GtkSelectionData  *data,
                              GError           **error)
{
  g_auto(GStrv)     uris = gtk_selection_data_get_uris (data);
  g_autoptr(GFile)  file = NULL;
  char             *path;

  if (uris == NULL || uris[0] == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_NOT_SUPPORTED, NULL,
                       _("What was dropped is no file. Save it first, and drop the file."));
      return NULL;
    }
  if (uris[1] != NULL)
    {
      comfy_set_error (error, COMFY_ERROR_NOT_SUPPORTED, NULL,
                       _("Several files were dropped. Drop one to open it, or use “Add…” to keep "
                         "them all."));
      return NULL;
    }

  file = g_file_new_for_uri (uris[0]);
  path = g_file_get_path (file);
  if (path == NULL)
    comfy_set_error (error, COMFY_ERROR_NOT_SUPPORTED, uris[0],
                     _("This file is not on this computer. Save it here first, and drop that."));

  return path;
}
