/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An open API with what it was made of: environment, key and protocol. It is good for as long as
 * they are.
 */
#define G_LOG_DOMAIN "comfy-connector"

#include "config.h"

#include <string.h>

#include "comfy-credentials-private.h"
#include "comfy-line-private.h"
#include "comfy-protocol-memory-private.h"
#include "comfy-server-memory-private.h"

/* What an API learns is remembered for as long as it lives, with or without its line */
typedef struct
{
  ComfySettings *settings; /* owned */
  char          *base_url; /* owned */
} Memory;

static void
memory_free (gpointer  data,
             GClosure *closure)
{
  Memory *memory = data;

  g_object_unref (memory->settings);
  g_free (memory->base_url);
  g_free (memory);
}

static void
api_learned_cb (ComfyApi   *api,
                const char *flag,
                gboolean    is_so,
                Memory     *memory)
{
  if (is_so)
    _comfy_server_memory_set_flag (memory->settings, memory->base_url, flag);
  else
    _comfy_server_memory_clear_flag (memory->settings, memory->base_url, flag);
}

/* what an API wants to know of its server */
static const char * const recalled[] = {
  COMFY_SERVER_NAMES_ONLY, COMFY_SERVER_NO_NODES, COMFY_SERVER_NO_VALIDATE,
  COMFY_SERVER_NO_USAGE, COMFY_SERVER_NO_BROWSE, COMFY_SERVER_NO_DELETE,
};

/* Tells the API what was learned of its server, and keeps what it learns */
static void
share_memory (ComfyApi      *api,
              ComfySettings *settings,
              ComfyEndpoint *endpoint)
{
  Memory *memory = g_new0 (Memory, 1);

  memory->settings = g_object_ref (settings);
  memory->base_url = g_strdup (comfy_endpoint_get_base_url (endpoint));
  g_signal_connect_data (api, "learned", G_CALLBACK (api_learned_cb), memory, memory_free,
                         G_CONNECT_DEFAULT);

  for (unsigned int i = 0; i < G_N_ELEMENTS (recalled); i++)
    if (_comfy_server_memory_get_flag (settings, memory->base_url, recalled[i]))
      comfy_api_recall (api, recalled[i]);
}

/**
 * comfy_line_await_open:
 * @settings: remembers what protocol the environment speaks
 * @endpoint: the environment
 * @credentials: (nullable): the key
 * @runtime_folder: where rate limits lie
 * @limit_id: what the key's requests are counted by
 *
 * Joins transport, rate limit and API. On a fiber; the server is asked when its protocol is not
 * known.
 *
 * Returns: (transfer full) (nullable): the line
 *
 * Errors: those of comfy_protocol_probe()
 */
ComfyLine *
comfy_line_await_open (ComfySettings     *settings,
                       ComfyEndpoint     *endpoint,
                       ComfyCredentials  *credentials,
                       const char        *runtime_folder,
                       const char        *limit_id,
                       GError           **error)
{
  g_autoptr(ComfyRateLimit) limit = comfy_rate_limit_new (runtime_folder, limit_id);
  g_autoptr(ComfyTransport) transport = comfy_transport_new (endpoint, credentials, limit);
  ComfyProtocol             protocol = comfy_protocol_memory_get (settings, endpoint);
  ComfyLine                *self;

  if (protocol == COMFY_PROTOCOL_NONE)
    {
      protocol = dex_await_uint (comfy_protocol_probe (transport), error);
      if (protocol == COMFY_PROTOCOL_NONE)
        return NULL;
      comfy_protocol_memory_set (settings, endpoint, protocol);
    }

  self = g_new0 (ComfyLine, 1);
  self->api = comfy_protocol_new_api (protocol, transport);
  share_memory (self->api, settings, endpoint);
  self->endpoint = g_object_ref (endpoint);
  self->credentials = credentials != NULL ? comfy_credentials_ref (credentials) : NULL;
  self->protocol = protocol;

  return self;
}

/**
 * comfy_line_free:
 * @self: (transfer full): a line; its API lives on with whom it was handed to
 */
void
comfy_line_free (ComfyLine *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->api);
  g_clear_object (&self->endpoint);
  g_clear_pointer (&self->credentials, comfy_credentials_unref);
  g_free (self);
}

static gboolean
is_same_key (ComfyCredentials *one,
             ComfyCredentials *other)
{
  gsize       lengths[2];
  const char *keys[2];

  if (one == NULL || other == NULL)
    return one == other;

  keys[0] = secret_value_get (_comfy_credentials_get_value (one), &lengths[0]);
  keys[1] = secret_value_get (_comfy_credentials_get_value (other), &lengths[1]);

  return lengths[0] == lengths[1] && memcmp (keys[0], keys[1], lengths[0]) == 0
         && g_str_equal (comfy_credentials_get_origin (one), comfy_credentials_get_origin (other));
}

/**
 * comfy_line_is_current:
 * @endpoint: the environment as it is now
 * @credentials: (nullable): the key as it is now
 *
 * Returns: whether a line opened now would be the same
 */
gboolean
comfy_line_is_current (ComfyLine        *self,
                       ComfySettings    *settings,
                       ComfyEndpoint    *endpoint,
                       ComfyCredentials *credentials)
{
  return g_str_equal (comfy_endpoint_get_base_url (self->endpoint),
                      comfy_endpoint_get_base_url (endpoint))
         && comfy_protocol_memory_get (settings, endpoint) == self->protocol
         && is_same_key (self->credentials, credentials);
}
