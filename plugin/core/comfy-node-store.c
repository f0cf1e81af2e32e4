/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the nodes of each environment's server take. A server tells it in one answer of up to tens
 * of megabytes, which is kept as it is: the file's age is the age of what it says. Whoever asks
 * waits a few seconds for a server that has not told yet, and then gets what is there; the answer
 * goes on coming and serves the next one. Nothing here is ever an error: without a server's table
 * there is an older one of it, or the one that the program carries.
 */
#define G_LOG_DOMAIN "comfy-node-store"

#include "config.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-node-store-private.h"
#include "comfy-node-table-private.h"
#include "comfy-server-memory-private.h"

#define PREFIX      "nodes-"
#define SUFFIX      ".json"
#define FRESH_S     (24 * 60 * 60)      /* so long a table is as good as a new one */
#define KEEP_S      (30 * 24 * 60 * 60) /* so long a file is kept that nobody asked for anew */
#define PATIENCE_MS 5000
#define REST_US     (60 * G_USEC_PER_SEC) /* after a server could not be asked */

struct _ComfyNodeStore
{
  GObject            parent_instance;

  ComfyProfileStore *profiles;     /* owned */
  ComfyConnector    *connector;    /* owned */
  char              *folder;       /* owned */
  char              *carried_path; /* owned, nullable: there is none */
  ComfyNodeTable    *carried;      /* owned, nullable: not read yet */
  GHashTable        *servers;      /* owned: base URL → Server; none is ever removed */
  unsigned int       patience_ms;
};

/* What is known of one environment's server */
typedef struct
{
  char           *base_url;
  ComfyNodeTable *table;      /* owned, nullable */
  gint64          told_at;    /* Unix seconds: when the server told @table */
  gint64          rest_until; /* µs, monotonic: it is not asked before */
  DexPromise     *asking;     /* owned, nullable: resolves when there is nothing more to wait for */
} Server;

G_DEFINE_FINAL_TYPE (ComfyNodeStore, comfy_node_store, G_TYPE_OBJECT)

static void
server_free (gpointer data)
{
  Server *server = data;

  g_free (server->base_url);
  g_clear_object (&server->table);
  dex_clear (&server->asking);
  g_free (server);
}

static Server *
get_server (ComfyNodeStore *self,
            const char     *base_url)
{
  Server *server = g_hash_table_lookup (self->servers, base_url);

  if (server == NULL)
    {
      server = g_new0 (Server, 1);
      server->base_url = g_strdup (base_url);
      g_hash_table_insert (self->servers, server->base_url, server);
    }

  return server;
}

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* a clock that was put back makes everything old */
static gboolean
is_fresh (Server *server)
{
  return server->table != NULL && server->told_at <= now_s ()
         && now_s () - server->told_at < FRESH_S;
}

/*
 * _comfy_node_store_dup_path:
 *
 * Returns: (transfer full): the file of an environment
 */
char *
_comfy_node_store_dup_path (ComfyNodeStore *self,
                            const char     *base_url)
{
  /* an address may be longer than a file's name, and its hash is no secret */
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, base_url, -1);
  g_autofree char *name = g_strconcat (PREFIX, hash, SUFFIX, NULL);

  return g_build_filename (self->folder, name, NULL);
}

/* one time of asking a server */
typedef struct
{
  ComfyNodeStore *self;     /* owned */
  Server         *server;   /* the store's */
  ComfyProfile   *profile;  /* owned */
  ComfyEndpoint  *endpoint; /* owned */
} Ask;

static Ask *
ask_new (ComfyNodeStore *self,
         Server         *server,
         ComfyProfile   *profile,
         ComfyEndpoint  *endpoint)
{
  Ask *ask = g_new0 (Ask, 1);

  ask->self = g_object_ref (self);
  ask->server = server;
  ask->profile = g_object_ref (profile);
  ask->endpoint = g_object_ref (endpoint);

  return ask;
}

static void
ask_free (gpointer data)
{
  Ask *ask = data;

  g_object_unref (ask->self);
  g_object_unref (ask->profile);
  g_object_unref (ask->endpoint);
  g_free (ask);
}

/* Takes what a file says. Returns whether it is a table. */
static gboolean
await_file (Ask        *ask,
            const char *path)
{
  g_autoptr(ComfyNodeTable) table = dex_await_object (_comfy_node_table_load (path), NULL);
  GStatBuf                  info;

  if (table == NULL || g_stat (path, &info) != 0)
    return FALSE;

  _comfy_node_table_set_complete (table, comfy_endpoint_get_label (ask->endpoint));
  g_set_object (&ask->server->table, table);
  ask->server->told_at = (gint64) info.st_mtime;

  return TRUE;
}

/* Into a file of its own first: what is there is only replaced by something that can be read. */
static void
await_server (Ask        *ask,
              const char *path)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(ComfyApi)  api = NULL;
  g_autofree char     *new_path = g_strdup_printf ("%s.%d", path, (int) getpid ());

  ask->server->rest_until = g_get_monotonic_time () + REST_US;
  api = dex_await_object (comfy_connector_open (ask->self->connector, ask->profile), &error);
  if (api == NULL || (comfy_api_get_flags (api) & COMFY_API_NODES) == 0)
    return;

  g_mkdir_with_parents (ask->self->folder, 0700);
  if (!dex_await (comfy_api_get_nodes (api, new_path), &error))
    {
      g_debug ("The server's nodes are not known: %s", error->message);
      return;
    }

  if (await_file (ask, new_path) && g_rename (new_path, path) == 0)
    return;

  /* a page that says that there is nothing, with a status that says that there is */
  g_unlink (new_path);
  if (!is_fresh (ask->server))
    {
      comfy_api_recall (api, COMFY_SERVER_NO_NODES);
      comfy_api_emit_learned (api, COMFY_SERVER_NO_NODES, TRUE);
    }
}

static DexFuture *
ask_fiber (gpointer data)
{
  Ask             *ask = data;
  Server          *server = ask->server;
  g_autofree char *path = _comfy_node_store_dup_path (ask->self, server->base_url);
  DexPromise      *asking;
  GStatBuf         info;

  /* another process may have asked meanwhile */
  if (g_stat (path, &info) == 0
      && (server->table == NULL || (gint64) info.st_mtime > server->told_at))
    await_file (ask, path);
  if (!is_fresh (server) && g_get_monotonic_time () >= server->rest_until)
    await_server (ask, path);

  asking = g_steal_pointer (&server->asking);
  dex_promise_resolve_boolean (asking, TRUE);
  dex_unref (asking);

  return dex_future_new_for_boolean (TRUE);
}

static ComfyNodeTable *
get_carried (ComfyNodeStore *self)
{
  g_autoptr(GError) error = NULL;

  if (self->carried == NULL && self->carried_path != NULL)
    {
      self->carried = comfy_node_table_new_from_file (self->carried_path, &error);
      if (self->carried == NULL)
        g_warning ("%s (%s)", error->message, comfy_error_get_detail (error));
    }
  if (self->carried == NULL)
    self->carried = _comfy_node_table_new (FALSE);

  return self->carried;
}

/**
 * comfy_node_store_carry:
 * @path: a file of the node table
 *
 * Says what is known of nodes without a server. Read when it is needed first; one that cannot be
 * read is as good as none.
 */
void
comfy_node_store_carry (ComfyNodeStore *self,
                        const char     *path)
{
  g_return_if_fail (COMFY_IS_NODE_STORE (self));
  g_return_if_fail (path != NULL);

  g_set_str (&self->carried_path, path);
  g_clear_object (&self->carried);
}

/**
 * comfy_node_store_get_carried:
 *
 * Returns: (transfer none): what is known without a server; empty when there is nothing
 */
ComfyNodeTable *
comfy_node_store_get_carried (ComfyNodeStore *self)
{
  g_return_val_if_fail (COMFY_IS_NODE_STORE (self), NULL);

  return get_carried (self);
}

static DexFuture *
find_fiber (gpointer data)
{
  Ask    *ask = data;
  Server *server = ask->server;

  if (!is_fresh (server) && server->asking == NULL)
    {
      server->asking = dex_promise_new ();
      dex_future_disown (_comfy_spawn (ask_fiber, ask_new (ask->self, server, ask->profile,
                                                           ask->endpoint), ask_free));
    }

  if (!is_fresh (server))
    dex_await (dex_future_first (dex_ref (DEX_FUTURE (server->asking)),
                                 dex_timeout_new_msec (ask->self->patience_ms), NULL), NULL);

  return dex_future_new_take_object (g_object_ref (server->table != NULL
                                                     ? server->table
                                                     : get_carried (ask->self)));
}

/**
 * comfy_node_store_find:
 *
 * Finds what the nodes of the chosen environment's server take. Waits at most some seconds for a
 * server that has to be asked first.
 *
 * Returns: (transfer full): a future of a #ComfyNodeTable: the server's, not older than a day or
 *   the last that it told; else the carried one. Never rejects
 */
DexFuture *
comfy_node_store_find (ComfyNodeStore *self)
{
  ComfyProfile  *profile;
  ComfyEndpoint *endpoint = NULL;
  Server        *server;

  g_return_val_if_fail (COMFY_IS_NODE_STORE (self), NULL);

  profile = comfy_profile_store_get_active (self->profiles);
  if (profile != NULL)
    endpoint = comfy_profile_store_find_endpoint (self->profiles,
                                                  comfy_profile_get_endpoint_id (profile));
  if (endpoint == NULL)
    return dex_future_new_take_object (g_object_ref (get_carried (self)));

  server = get_server (self, comfy_endpoint_get_base_url (endpoint));

  return _comfy_spawn (find_fiber, ask_new (self, server, profile, endpoint), ask_free);
}

/**
 * comfy_node_store_sweep:
 *
 * Removes what no server was asked for in a month, and what was left of a process that ended.
 */
void
comfy_node_store_sweep (ComfyNodeStore *self)
{
  g_autoptr(GDir)  folder = NULL;
  const char      *name;

  g_return_if_fail (COMFY_IS_NODE_STORE (self));

  folder = g_dir_open (self->folder, 0, NULL);
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      gint64           keep_s = g_str_has_suffix (name, SUFFIX) ? KEEP_S : FRESH_S;
      GStatBuf         info;

      if (g_str_has_prefix (name, PREFIX) && g_stat (path, &info) == 0
          && (gint64) info.st_mtime < now_s () - keep_s)
        g_unlink (path);
    }
}

/**
 * comfy_node_store_forget:
 *
 * Removes what servers told, so that the next call asks again. An answer that is on its way is
 * waited for as before, and kept.
 */
void
comfy_node_store_forget (ComfyNodeStore *self)
{
  g_autoptr(GDir)  folder = NULL;
  GHashTableIter   iter;
  gpointer         value;
  const char      *name;

  g_return_if_fail (COMFY_IS_NODE_STORE (self));

  g_hash_table_iter_init (&iter, self->servers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Server *server = value;

      g_clear_object (&server->table);
      server->told_at = 0;
      server->rest_until = 0;
    }

  /* what does not end so is being written by a process */
  folder = g_dir_open (self->folder, 0, NULL);
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      if (g_str_has_prefix (name, PREFIX) && g_str_has_suffix (name, SUFFIX))
        g_unlink (path);
    }
}

/*
 * _comfy_node_store_set_patience:
 * @patience_ms: how long one that asks waits, for tests
 */
void
_comfy_node_store_set_patience (ComfyNodeStore *self,
                                unsigned int    patience_ms)
{
  self->patience_ms = patience_ms;
}

static void
comfy_node_store_finalize (GObject *object)
{
  ComfyNodeStore *self = COMFY_NODE_STORE (object);

  g_hash_table_unref (self->servers);
  g_clear_object (&self->connector);
  g_clear_object (&self->profiles);
  g_clear_object (&self->carried);
  g_free (self->carried_path);
  g_free (self->folder);

  G_OBJECT_CLASS (comfy_node_store_parent_class)->finalize (object);
}

static void
comfy_node_store_class_init (ComfyNodeStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_node_store_finalize;
}

static void
comfy_node_store_init (ComfyNodeStore *self)
{
  self->servers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, server_free);
  self->patience_ms = PATIENCE_MS;
}

/**
 * comfy_node_store_new:
 * @profiles: whose environment is asked for
 * @connector: opens it
 * @folder: where the files lie; made when something is to be kept
 *
 * Returns: (transfer full): a store; nobody is asked yet
 */
ComfyNodeStore *
comfy_node_store_new (ComfyProfileStore *profiles,
                      ComfyConnector    *connector,
                      const char        *folder)
{
  ComfyNodeStore *self;

  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (profiles), NULL);
  g_return_val_if_fail (COMFY_IS_CONNECTOR (connector), NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (COMFY_TYPE_NODE_STORE, NULL);
  self->profiles = g_object_ref (profiles);
  self->connector = g_object_ref (connector);
  self->folder = g_strdup (folder);

  return self;
}
