/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server's node table from a file. Tens of megabytes are read on a thread. */

#define G_LOG_DOMAIN "comfy-node-table"

#include "config.h"

#include "comfy-fiber-private.h"
#include "comfy-node-table-private.h"

/* What is read; shared with the thread, which goes on when nobody waits any more */
typedef struct
{
  char           *path;  /* owned */
  ComfyNodeTable *table; /* owned, nullable */
} Reading;

static void
reading_clear (gpointer data)
{
  Reading *reading = data;

  g_free (reading->path);
  g_clear_object (&reading->table);
}

static void
reading_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, reading_clear);
}

static gboolean
read_in_thread (gpointer   data,
                GError   **error)
{
  Reading                *reading = data;
  g_autoptr(GMappedFile)  file = g_mapped_file_new (reading->path, FALSE, error);
  g_autoptr(GBytes)       json = NULL;

  if (file == NULL)
    return FALSE;

  json = g_mapped_file_get_bytes (file);
  reading->table = comfy_node_table_new_from_object_info (json, error);

  return reading->table != NULL;
}

static DexFuture *
load_fiber (gpointer data)
{
  Reading *reading = data;
  GError  *error = NULL;

  if (!dex_await (_comfy_run_in_thread (read_in_thread, g_atomic_rc_box_acquire (reading),
                                        reading_unref), &error))
    return dex_future_new_for_error (error);

  return dex_future_new_take_object (g_object_ref (reading->table));
}

/*
 * _comfy_node_table_load:
 * @path: a file as for comfy_node_table_new_from_object_info()
 *
 * Returns: (transfer full): a future of a #ComfyNodeTable that nobody else has
 */
DexFuture *
_comfy_node_table_load (const char *path)
{
  Reading *reading = g_atomic_rc_box_new0 (Reading);

  reading->path = g_strdup (path);

  return _comfy_spawn (load_fiber, reading, reading_unref);
}
