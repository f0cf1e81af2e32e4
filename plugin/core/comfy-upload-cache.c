/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lies on servers already. A profile's file is read each time, since other processes write it,
 * too, and replaced as a whole: where two write at once, one entry is lost, which costs one upload.
 * Nothing here is ever an error: whoever does not find a file here uploads it.
 *
 *   {"version": 1, "uploads": [{"server", "hash", "name", "id", "used": Unix seconds}, …]}
 */
#define G_LOG_DOMAIN "comfy-upload-cache"

#include "config.h"

#include <json-glib/json-glib.h>

#include "comfy-json-private.h"
#include "comfy-profile-list-private.h"
#include "comfy-upload-cache.h"

#define PREFIX      "uploads-"
#define MAX_ENTRIES 500
#define MAX_AGE_S   (30 * 24 * 60 * 60)

struct _ComfyUploadCache
{
  GObject  parent_instance;

  char    *folder;
};

typedef struct
{
  char   *server;
  char   *hash;
  char   *name;
  char   *id;
  gint64  used; /* Unix seconds */
} Entry;

G_DEFINE_FINAL_TYPE (ComfyUploadCache, comfy_upload_cache, G_TYPE_OBJECT)

static void
entry_free (Entry *entry)
{
  g_free (entry->server);
  g_free (entry->hash);
  g_free (entry->name);
  g_free (entry->id);
  g_free (entry);
}

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* (transfer full) (nullable): %NULL when it is damaged or too old; a clock that was put back makes
 * all of them too old */
static void *
entry_from_json (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *texts[4] = { NULL };
  gint64      used = object != NULL ? comfy_json_get_int (object, "used", 0) : 0;
  Entry      *entry;

  if (object == NULL || used > now_s () || used < now_s () - MAX_AGE_S)
    return NULL;

  texts[0] = comfy_json_get_string (object, "server");
  texts[1] = comfy_json_get_string (object, "hash");
  texts[2] = comfy_json_get_string (object, "name");
  texts[3] = comfy_json_get_string (object, "id");
  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] == NULL || texts[i][0] == '\0')
      return NULL;

  entry = g_new0 (Entry, 1);
  entry->server = g_strdup (texts[0]);
  entry->hash = g_strdup (texts[1]);
  entry->name = g_strdup (texts[2]);
  entry->id = g_strdup (texts[3]);
  entry->used = used;

  return entry;
}

/* (transfer full): the entries that still count, the one used last first */
static GPtrArray *
read_entries (const char *path)
{
  return _comfy_profile_list_read (path, "uploads", entry_from_json, (GDestroyNotify) entry_free);
}

static void
write_entries (const char *path,
               GPtrArray  *entries)
{
  g_autoptr(GError)  error = NULL;
  JsonArray         *array = json_array_new ();

  for (unsigned int i = 0; i < MIN (entries->len, MAX_ENTRIES); i++)
    {
      const Entry *entry = g_ptr_array_index (entries, i);
      JsonObject  *item = json_object_new ();

      json_object_set_string_member (item, "server", entry->server);
      json_object_set_string_member (item, "hash", entry->hash);
      json_object_set_string_member (item, "name", entry->name);
      json_object_set_string_member (item, "id", entry->id);
      json_object_set_int_member (item, "used", entry->used);
      json_array_add_object_element (array, item);
    }

  if (!_comfy_profile_list_write (path, "uploads", array, &error))
    g_message ("What was uploaded is not remembered: %s", error->message);
}

static gboolean
is_of (const Entry *entry,
       const char  *server,
       const char  *hash)
{
  return g_str_equal (entry->server, server) && g_str_equal (entry->hash, hash);
}

/**
 * comfy_upload_cache_lookup:
 * @profile_id: whose uploads
 * @server: where they lie: anything that is the same when the server and its protocol are
 * @hash: of the content
 *
 * Returns: (transfer full) (nullable): what was uploaded; the server may not have it any more
 */
ComfyUpload *
comfy_upload_cache_lookup (ComfyUploadCache *self,
                           const char       *profile_id,
                           const char       *server,
                           const char       *hash)
{
  g_autofree char      *path = NULL;
  g_autoptr(GPtrArray)  entries = NULL;

  g_return_val_if_fail (COMFY_IS_UPLOAD_CACHE (self), NULL);
  g_return_val_if_fail (profile_id != NULL && server != NULL && hash != NULL, NULL);

  path = _comfy_profile_list_dup_path (self->folder, PREFIX, profile_id);
  entries = read_entries (path);

  for (unsigned int i = 0; i < entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (entries, i);

      if (is_of (entry, server, hash))
        return comfy_upload_new (entry->name, entry->id);
    }

  return NULL;
}

/**
 * comfy_upload_cache_store:
 * @profile_id: whose uploads
 * @server: where it lies
 * @hash: of the content
 * @upload: what was uploaded, or used again; one without an id cannot be asked for, so it is not
 *   kept
 *
 * Remembers it for a month, and the five hundred used last.
 */
void
comfy_upload_cache_store (ComfyUploadCache  *self,
                          const char        *profile_id,
                          const char        *server,
                          const char        *hash,
                          const ComfyUpload *upload)
{
  g_autofree char      *path = NULL;
  g_autoptr(GPtrArray)  entries = NULL;
  Entry                *entry;

  g_return_if_fail (COMFY_IS_UPLOAD_CACHE (self));
  g_return_if_fail (profile_id != NULL && server != NULL && hash != NULL);

  if (upload->id == NULL)
    return;

  path = _comfy_profile_list_dup_path (self->folder, PREFIX, profile_id);
  entries = read_entries (path);
  for (unsigned int i = entries->len; i-- > 0;)
    if (is_of (g_ptr_array_index (entries, i), server, hash))
      g_ptr_array_remove_index (entries, i);

  entry = g_new0 (Entry, 1);
  entry->server = g_strdup (server);
  entry->hash = g_strdup (hash);
  entry->name = g_strdup (upload->name);
  entry->id = g_strdup (upload->id);
  entry->used = now_s ();
  g_ptr_array_insert (entries, 0, entry);

  write_entries (path, entries);
}

/**
 * comfy_upload_cache_drop:
 * @profile_id: whose uploads
 * @upload_id: one that the server does not have any more
 */
void
comfy_upload_cache_drop (ComfyUploadCache *self,
                         const char       *profile_id,
                         const char       *upload_id)
{
  g_autofree char      *path = NULL;
  g_autoptr(GPtrArray)  entries = NULL;
  unsigned int          n_before;

  g_return_if_fail (COMFY_IS_UPLOAD_CACHE (self));
  g_return_if_fail (profile_id != NULL && upload_id != NULL);

  path = _comfy_profile_list_dup_path (self->folder, PREFIX, profile_id);
  entries = read_entries (path);
  n_before = entries->len;

  for (unsigned int i = entries->len; i-- > 0;)
    if (g_str_equal (((Entry *) g_ptr_array_index (entries, i))->id, upload_id))
      g_ptr_array_remove_index (entries, i);

  if (entries->len < n_before)
    write_entries (path, entries);
}

/**
 * comfy_upload_cache_sweep:
 *
 * Removes the files in which nothing counts any more, such as those of profiles that are gone.
 */
void
comfy_upload_cache_sweep (ComfyUploadCache *self)
{
  g_return_if_fail (COMFY_IS_UPLOAD_CACHE (self));

  _comfy_profile_list_remove (self->folder, PREFIX, now_s () - MAX_AGE_S);
}

/**
 * comfy_upload_cache_forget:
 *
 * Removes everything, whichever profile it is of. What lies on servers stays there.
 */
void
comfy_upload_cache_forget (ComfyUploadCache *self)
{
  g_return_if_fail (COMFY_IS_UPLOAD_CACHE (self));

  _comfy_profile_list_remove (self->folder, PREFIX, G_MAXINT64);
}

static void
comfy_upload_cache_finalize (GObject *object)
{
  ComfyUploadCache *self = COMFY_UPLOAD_CACHE (object);

  g_free (self->folder);

  G_OBJECT_CLASS (comfy_upload_cache_parent_class)->finalize (object);
}

static void
comfy_upload_cache_class_init (ComfyUploadCacheClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_upload_cache_finalize;
}

static void
comfy_upload_cache_init (ComfyUploadCache *self)
{
}

/**
 * comfy_upload_cache_new:
 * @folder: where the files lie; made when something is to be kept
 *
 * Returns: (transfer full): a cache
 */
ComfyUploadCache *
comfy_upload_cache_new (const char *folder)
{
  ComfyUploadCache *self;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (COMFY_TYPE_UPLOAD_CACHE, NULL);
  self->folder = g_strdup (folder);

  return self;
}
