/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "comfy-json-private.h"
#include "sandbox-ledger.h"

struct _SandboxLedger
{
  GMutex     mutex;    /* protects everything below, and the entries */
  GCond      changed;
  GPtrArray *entries;  /* of JsonObject, in the order of their beginning */
  int        file;     /* -1: only in memory */
};

/**
 * sandbox_ledger_new:
 * @path: (nullable): a file to append finished entries to, one line each
 *
 * Returns: (transfer full): a ledger, or %NULL with %G_FILE_ERROR
 */
SandboxLedger *
sandbox_ledger_new (const char  *path,
                    GError     **error)
{
  SandboxLedger *self;
  int file = -1;

  if (path != NULL && (file = g_open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno), "%s: %s", path,
                   g_strerror (errno));
      return NULL;
    }

  self = g_new0 (SandboxLedger, 1);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  self->file = file;

  return self;
}

void
sandbox_ledger_free (SandboxLedger *self)
{
  if (self->file >= 0)
    close (self->file);
  g_ptr_array_unref (self->entries);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

void
sandbox_ledger_lock (SandboxLedger *self)
{
  g_mutex_lock (&self->mutex);
}

void
sandbox_ledger_unlock (SandboxLedger *self)
{
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/**
 * sandbox_ledger_begin:
 * @what: request, job or job-end
 *
 * Returns: (transfer full): a new entry, already in the ledger. It is changed only between
 * sandbox_ledger_lock() and sandbox_ledger_unlock().
 */
JsonObject *
sandbox_ledger_begin (SandboxLedger *self,
                      const char    *what)
{
  JsonObject *entry = json_object_new ();
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");

  json_object_set_string_member (entry, "what", what);
  json_object_set_string_member (entry, "time", time);

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->entries, json_object_ref (entry));
  g_mutex_unlock (&self->mutex);

  return entry;
}

/* json-glib counts references without atomics: only under the lock */
static void
append_entry (GString    *text,
              JsonObject *entry)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), entry);

  comfy_json_write (text, node);
}

/**
 * sandbox_ledger_commit:
 * @entry: (transfer full): an entry that is complete now
 *
 * Writes the entry to the file, if there is one.
 */
void
sandbox_ledger_commit (SandboxLedger *self,
                       JsonObject    *entry)
{
  g_autoptr(GString) line = g_string_new (NULL);

  g_mutex_lock (&self->mutex);
  append_entry (line, entry);
  json_object_unref (entry);
  g_string_append_c (line, '\n');
  if (self->file >= 0 && write (self->file, line->str, line->len) != (gssize) line->len)
    g_error ("The ledger cannot be written: %s", g_strerror (errno));
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/**
 * sandbox_ledger_clear:
 *
 * Forgets what is in memory; the file stays.
 */
void
sandbox_ledger_clear (SandboxLedger *self)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_set_size (self->entries, 0);
  g_mutex_unlock (&self->mutex);
}

/**
 * sandbox_ledger_to_json:
 *
 * Returns: (transfer full): an array of all entries, those of unfinished requests too
 */
char *
sandbox_ledger_to_json (SandboxLedger *self)
{
  GString *text = g_string_new ("[");

  g_mutex_lock (&self->mutex);
  for (unsigned int i = 0; i < self->entries->len; i++)
    {
      if (i > 0)
        g_string_append (text, ",\n");
      append_entry (text, g_ptr_array_index (self->entries, i));
    }
  g_mutex_unlock (&self->mutex);

  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

static unsigned int
count_locked (SandboxLedger *self,
              const char    *what,
              const char    *method,
              const char    *path_prefix)
{
  unsigned int count = 0;

  for (unsigned int i = 0; i < self->entries->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (self->entries, i);
      const char *path = comfy_json_get_string (entry, "path");

      if (g_strcmp0 (comfy_json_get_string (entry, "what"), what) == 0
          && (method == NULL || g_strcmp0 (comfy_json_get_string (entry, "method"), method) == 0)
          && (path_prefix == NULL || (path != NULL && g_str_has_prefix (path, path_prefix))))
        count++;
    }

  return count;
}

/**
 * sandbox_ledger_count:
 * @what: request, job or job-end
 * @method: (nullable): only requests with that method
 * @path_prefix: (nullable): only requests whose path begins so
 *
 * Returns: how many entries there are, those of unfinished requests too
 */
unsigned int
sandbox_ledger_count (SandboxLedger *self,
                      const char    *what,
                      const char    *method,
                      const char    *path_prefix)
{
  unsigned int count;

  g_mutex_lock (&self->mutex);
  count = count_locked (self, what, method, path_prefix);
  g_mutex_unlock (&self->mutex);

  return count;
}

/**
 * sandbox_ledger_wait:
 * @count: how many entries to wait for
 * @timeout_ms: when to give up
 *
 * Blocks the calling thread, which must not be the sandbox's own.
 *
 * Returns: whether there are @count entries now
 */
gboolean
sandbox_ledger_wait (SandboxLedger *self,
                     const char    *what,
                     const char    *method,
                     const char    *path_prefix,
                     unsigned int   count,
                     unsigned int   timeout_ms)
{
  gint64 end = g_get_monotonic_time () + (gint64) timeout_ms * 1000;
  gboolean enough;

  g_mutex_lock (&self->mutex);
  while (!(enough = count_locked (self, what, method, path_prefix) >= count)
         && g_cond_wait_until (&self->changed, &self->mutex, end))
    ;
  g_mutex_unlock (&self->mutex);

  return enough;
}
