/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "blake3.h"
#include "sandbox-store.h"

struct _SandboxStore
{
  char       *folder;
  char       *secret;  /* what download links are signed with */
  guint       epoch;   /* links of an older one have expired */
  GHashTable *files;   /* id → SandboxFile */
};

static void
file_free (gpointer data)
{
  SandboxFile *file = data;

  g_unlink (file->path);
  g_free (file->id);
  g_free (file->name);
  g_free (file->path);
  g_free (file->mime_type);
  g_free (file->hash);
  g_strfreev (file->tags);
  g_date_time_unref (file->created);
  g_free (file->job_id);
  g_free (file->node_id);
  g_free (file);
}

/**
 * sandbox_store_new:
 *
 * Returns: (transfer full): an empty store, or %NULL with %G_FILE_ERROR
 */
SandboxStore *
sandbox_store_new (GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-sandbox-XXXXXX", error);
  SandboxStore *self;

  if (folder == NULL)
    return NULL;

  self = g_new0 (SandboxStore, 1);
  self->folder = g_steal_pointer (&folder);
  self->secret = g_uuid_string_random ();
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, file_free);

  return self;
}

void
sandbox_store_free (SandboxStore *self)
{
  g_hash_table_unref (self->files);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->secret);
  g_free (self);
}

/**
 * sandbox_store_dup_new_path:
 *
 * Returns: (transfer full): where a new file may be written, before sandbox_store_add()
 */
char *
sandbox_store_dup_new_path (SandboxStore *self)
{
  g_autofree char *name = g_uuid_string_random ();

  return g_build_filename (self->folder, name, NULL);
}

/**
 * sandbox_store_dup_free_name:
 *
 * Returns: (transfer full): @name, or as ComfyUI does when an input of the account is called so
 * already: "photo (1).png"
 */
char *
sandbox_store_dup_free_name (SandboxStore   *self,
                             SandboxAccount *account,
                             const char     *name)
{
  const char *dot = strrchr (name, '.');
  g_autofree char *stem = dot != NULL ? g_strndup (name, dot - name) : g_strdup (name);
  g_autofree char *candidate = g_strdup (name);

  for (int i = 1; sandbox_store_find_input (self, account, candidate) != NULL; i++)
    {
      g_free (candidate);
      candidate = g_strdup_printf ("%s (%d)%s", stem, i, dot != NULL ? dot : "");
    }

  return g_steal_pointer (&candidate);
}

/**
 * sandbox_store_add:
 * @id_prefix: "inp_", "out_", or "" for ids of v2
 * @path: (transfer none): from sandbox_store_dup_new_path(), complete by now; deleted with the file
 * @hash: of the bytes
 *
 * Returns: (transfer none): the file, ready at once
 */
SandboxFile *
sandbox_store_add (SandboxStore   *self,
                   SandboxAccount *account,
                   const char     *id_prefix,
                   const char     *name,
                   const char     *path,
                   const char     *mime_type,
                   const char     *hash)
{
  SandboxFile *file = g_new0 (SandboxFile, 1);
  g_autofree char *uuid = g_uuid_string_random ();
  GStatBuf status;

  file->id = g_strconcat (id_prefix, uuid, NULL);
  file->account = account;
  file->name = g_strdup (name);
  file->path = g_strdup (path);
  file->mime_type = g_strdup (mime_type);
  file->hash = g_strdup (hash);
  file->size = g_stat (path, &status) == 0 ? status.st_size : 0;
  file->created = g_date_time_new_now_utc ();
  g_hash_table_insert (self->files, file->id, file);

  return file;
}

/**
 * sandbox_store_add_copy:
 * @name: what the copy is called
 *
 * Adds another record over the same bytes, which are there once.
 *
 * Returns: (transfer none): the file
 */
SandboxFile *
sandbox_store_add_copy (SandboxStore *self,
                        SandboxFile  *source,
                        const char   *name)
{
  g_autofree char *path = sandbox_store_dup_new_path (self);

  if (link (source->path, path) != 0)
    g_error ("A file cannot be linked: %s", g_strerror (errno));

  return sandbox_store_add (self, source->account, "", name, path, source->mime_type,
                            source->hash);
}

static gboolean
is_expired (SandboxFile *file)
{
  return file->expires > 0 && file->expires <= g_get_real_time () / G_USEC_PER_SEC;
}

/**
 * sandbox_store_find_hash:
 * @hash: as SandboxFile has it
 * @name: (nullable): only an upload of that name; %NULL: results too
 *
 * Returns: (transfer none) (nullable): a file of the account that holds these bytes
 */
SandboxFile *
sandbox_store_find_hash (SandboxStore   *self,
                         SandboxAccount *account,
                         const char     *hash,
                         const char     *name)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SandboxFile *file = value;

      if (file->account == account && !is_expired (file) && g_str_equal (file->hash, hash)
          && (name == NULL || (file->job_id == NULL && g_str_equal (file->name, name))))
        return file;
    }

  return NULL;
}

/**
 * sandbox_store_lookup:
 *
 * Returns: (transfer none) (nullable): the file, when it exists still and is the account's own
 */
SandboxFile *
sandbox_store_lookup (SandboxStore   *self,
                      SandboxAccount *account,
                      const char     *id)
{
  SandboxFile *file = g_hash_table_lookup (self->files, id);

  return file != NULL && file->account == account && !is_expired (file) ? file : NULL;
}

/**
 * sandbox_store_dup_inputs:
 *
 * Returns: (transfer full): the names of the account's uploads
 */
char **
sandbox_store_dup_inputs (SandboxStore   *self,
                          SandboxAccount *account)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SandboxFile *file = value;

      if (file->account == account && file->job_id == NULL && !is_expired (file))
        g_strv_builder_add (names, file->name);
    }

  return g_strv_builder_end (names);
}

/**
 * sandbox_store_find_input:
 * @name: what stands in a LoadImage node
 *
 * Returns: (transfer none) (nullable): the account's upload of that name
 */
SandboxFile *
sandbox_store_find_input (SandboxStore   *self,
                          SandboxAccount *account,
                          const char     *name)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      SandboxFile *file = value;

      if (file->account == account && file->job_id == NULL && !is_expired (file)
          && g_str_equal (file->name, name))
        return file;
    }

  return NULL;
}

/**
 * sandbox_store_remove:
 *
 * Deletes a file, as its owner or the end of its retention does.
 */
void
sandbox_store_remove (SandboxStore *self,
                      SandboxFile  *file)
{
  g_hash_table_remove (self->files, file->id);
}

/**
 * sandbox_store_clear:
 *
 * Deletes all files.
 */
void
sandbox_store_clear (SandboxStore *self)
{
  g_hash_table_remove_all (self->files);
}

/**
 * sandbox_dup_hash:
 *
 * Returns: (transfer full): the BLAKE3 of a file, as SandboxFile has it
 */
char *
sandbox_dup_hash (GBytes *content)
{
  g_autoptr(Blake3) blake3 = blake3_new ();
  g_autofree char *hex = NULL;

  blake3_update (blake3, g_bytes_get_data (content, NULL), g_bytes_get_size (content));
  hex = blake3_dup_hex (blake3);

  return g_strconcat ("blake3:", hex, NULL);
}

/**
 * sandbox_file_get_kind:
 *
 * Returns: (transfer none): what both protocols call a result of its MIME type; a picture that was
 *   spoiled is still one
 */
const char *
sandbox_file_get_kind (SandboxFile *file)
{
  static const char *const kinds[][2] = {
    { "text/plain", "text" }, { "video/", "video" }, { "audio/", "audio" }
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (file->mime_type, kinds[i][0]))
      return kinds[i][1];

  return "image";
}

/**
 * sandbox_file_is_ready:
 *
 * Returns: whether an upload has been taken in; always true for results
 */
gboolean
sandbox_file_is_ready (SandboxFile *file)
{
  return g_get_monotonic_time () >= file->ready_at;
}

/**
 * sandbox_file_load:
 *
 * Returns: (transfer full): the content, mapped, so that a large file costs no memory
 */
GBytes *
sandbox_file_load (SandboxFile *file)
{
  g_autoptr(GMappedFile) mapped = g_mapped_file_new (file->path, FALSE, NULL);

  return mapped != NULL ? g_mapped_file_get_bytes (mapped) : g_bytes_new (NULL, 0);
}

static char *
dup_signature (SandboxStore *self,
               const char   *id,
               const char   *expires)
{
  g_autofree char *text = g_strdup_printf ("%s %s", id, expires);

  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) self->secret,
                                    strlen (self->secret), text, -1);
}

/**
 * sandbox_store_sign:
 * @expires: seconds since 1970
 *
 * Returns: (transfer full): path and query of a link that anybody may download from until then
 */
char *
sandbox_store_sign (SandboxStore *self,
                    SandboxFile  *file,
                    gint64        expires)
{
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT ".%u", expires, self->epoch);
  g_autofree char *signature = dup_signature (self, file->id, time);

  return g_strdup_printf ("/objects/%s?expires=%s&signature=%s", file->id, time, signature);
}

/**
 * sandbox_store_expire_links:
 *
 * Ends the time of all links given out so far.
 */
void
sandbox_store_expire_links (SandboxStore *self)
{
  self->epoch++;
}

/**
 * sandbox_store_verify:
 * @path: of a request for a link of sandbox_store_sign()
 * @query: (nullable): its query
 * @expired: (out): whether the signature is good, but the time over
 *
 * Returns: (transfer none) (nullable): the file
 */
SandboxFile *
sandbox_store_verify (SandboxStore *self,
                      const char   *path,
                      GHashTable   *query,
                      gboolean     *expired)
{
  const char *expires = query != NULL ? g_hash_table_lookup (query, "expires") : NULL;
  const char *signature = query != NULL ? g_hash_table_lookup (query, "signature") : NULL;
  g_autofree char *expected = NULL;
  const char *epoch;

  *expired = FALSE;
  if (expires == NULL || signature == NULL || !g_str_has_prefix (path, "/objects/"))
    return NULL;

  path += strlen ("/objects/");
  expected = dup_signature (self, path, expires);
  if (!g_str_equal (expected, signature))
    return NULL;

  epoch = strchr (expires, '.');
  *expired = g_ascii_strtoll (expires, NULL, 10) <= g_get_real_time () / G_USEC_PER_SEC
             || epoch == NULL || strtoul (epoch + 1, NULL, 10) != self->epoch;
  return *expired ? NULL : g_hash_table_lookup (self->files, path);
}
