/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names for what is in a file, so that it is known again. Large files take a while, so on worker
 * threads.
 */
#define G_LOG_DOMAIN "comfy-content-hash"

#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#ifdef HAVE_BLAKE3
#include <blake3.h>
#endif

#include "comfy-content-hash-private.h"
#include "comfy-error.h"
#include "comfy-fiber-private.h"

#define READ_SIZE (256 * 1024)

typedef void (*UpdateFunc) (gpointer             hash,
                            const unsigned char *bytes,
                            gsize                length);

static gboolean
read_file (const char  *path,
           UpdateFunc   update,
           gpointer     hash,
           GError     **error)
{
  g_autofree unsigned char *bytes = g_malloc (READ_SIZE);
  FILE                     *file = g_fopen (path, "rbe");
  gboolean                  is_whole;
  gsize                     length;

  while (file != NULL && (length = fread (bytes, 1, READ_SIZE, file)) > 0)
    update (hash, bytes, length);

  is_whole = file != NULL && !ferror (file);
  if (!is_whole)
    comfy_set_error (error, COMFY_ERROR_STORAGE, path,
                     _("A picture that was to be uploaded cannot be read: %s."),
                     g_strerror (errno));
  if (file != NULL)
    fclose (file);

  return is_whole;
}

static void
update_sha256 (gpointer             hash,
               const unsigned char *bytes,
               gsize                length)
{
  g_checksum_update (hash, bytes, (gssize) length);
}

/**
 * comfy_sha256_of_file:
 * @path: a file
 *
 * Returns: (transfer full) (nullable): 64 hexadecimal digits
 *
 * Errors: %COMFY_ERROR_STORAGE
 */
char *
comfy_sha256_of_file (const char  *path,
                      GError     **error)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  if (!read_file (path, update_sha256, checksum, error))
    return NULL;

  return g_strdup (g_checksum_get_string (checksum));
}

#ifdef HAVE_BLAKE3
static void
update_blake3 (gpointer             hash,
               const unsigned char *bytes,
               gsize                length)
{
  blake3_hasher_update (hash, bytes, length);
}

static char *
blake3_of_file (const char  *path,
                GError     **error)
{
  blake3_hasher  hasher;
  uint8_t        digest[BLAKE3_OUT_LEN];
  GString       *text = g_string_new ("blake3:");

  blake3_hasher_init (&hasher);
  if (!read_file (path, update_blake3, &hasher, error))
    {
      g_string_free (text, TRUE);
      return NULL;
    }

  blake3_hasher_finalize (&hasher, digest, sizeof digest);
  for (unsigned int i = 0; i < sizeof digest; i++)
    g_string_append_printf (text, "%02x", digest[i]);

  return g_string_free_and_steal (text);
}
#endif

/**
 * comfy_blake3_get_func:
 *
 * Returns: (nullable): what names a file as the Comfy API v2 does; %NULL where this build has no
 *   libblake3
 */
ComfyHashFunc
comfy_blake3_get_func (void)
{
#ifdef HAVE_BLAKE3
  return blake3_of_file;
#else
  return NULL;
#endif
}

typedef struct
{
  ComfyHashFunc  func;
  char          *path; /* owned */
  char          *hash; /* owned, nullable: the result */
} Work;

static void
work_clear (gpointer data)
{
  Work *work = data;

  g_free (work->path);
  g_free (work->hash);
}

static void
work_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, work_clear);
}

static gboolean
hash_in_thread (gpointer   data,
                GError   **error)
{
  Work *work = data;

  work->hash = work->func (work->path, error);

  return work->hash != NULL;
}

static DexFuture *
take_hash (DexFuture *done,
           gpointer   data)
{
  Work *work = data;

  return dex_future_new_take_string (g_steal_pointer (&work->hash));
}

/**
 * comfy_content_hash:
 * @path: a file
 * @func: what names it
 *
 * Returns: (transfer full): a [class@Dex.Future] that resolves to the name, a string
 *
 * Errors: %COMFY_ERROR_STORAGE
 */
DexFuture *
comfy_content_hash (const char    *path,
                    ComfyHashFunc  func)
{
  Work *work = g_atomic_rc_box_new0 (Work);

  work->func = func;
  work->path = g_strdup (path);

  return dex_future_then (_comfy_run_in_thread (hash_in_thread, g_atomic_rc_box_acquire (work),
                                                work_unref),
                          take_hash, work, work_unref);
}
