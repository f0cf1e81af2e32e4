/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which protocol an environment was found to speak, in the settings' key file:
 *
 *   [Protocols]
 *   production=https://cloud.comfy.org/developer/api/v1;v2
 *
 * The address is kept with it: what was found at one says nothing about another.
 */
#define G_LOG_DOMAIN "comfy-protocol-memory"

#include "config.h"

#include "comfy-error.h"
#include "comfy-protocol-memory-private.h"

#define GROUP "Protocols"

/* what cannot be saved is found out again */
static void
save (ComfySettings *settings)
{
  g_autoptr(GError) error = NULL;

  if (!comfy_settings_save (settings, &error))
    g_warning ("%s (%s)", error->message, comfy_error_get_detail (error));
}

static ComfyProtocol
get_remembered (ComfySettings *settings,
                ComfyEndpoint *endpoint)
{
  GKeyFile      *keys = comfy_settings_get_key_file (settings);
  g_auto(GStrv)  words = g_key_file_get_string_list (keys, GROUP, comfy_endpoint_get_id (endpoint),
                                                     NULL, NULL);

  if (words == NULL || g_strv_length (words) != 2
      || !g_str_equal (words[0], comfy_endpoint_get_base_url (endpoint)))
    return COMFY_PROTOCOL_NONE;

  return comfy_protocol_from_nick (words[1]);
}

/**
 * comfy_protocol_memory_get:
 *
 * Returns: the protocol that the settings prescribe, else the one that was found; else
 *   %COMFY_PROTOCOL_NONE
 */
ComfyProtocol
comfy_protocol_memory_get (ComfySettings *settings,
                           ComfyEndpoint *endpoint)
{
  ComfyProtocol chosen = comfy_protocol_from_nick (comfy_settings_get_protocol (settings));

  return chosen != COMFY_PROTOCOL_NONE ? chosen : get_remembered (settings, endpoint);
}

/**
 * comfy_protocol_memory_set:
 * @protocol: what was found
 *
 * Remembers it.
 */
void
comfy_protocol_memory_set (ComfySettings *settings,
                           ComfyEndpoint *endpoint,
                           ComfyProtocol  protocol)
{
  const char * const words[] = {
    comfy_endpoint_get_base_url (endpoint), comfy_protocol_to_nick (protocol)
  };

  if (get_remembered (settings, endpoint) == protocol)
    return;

  g_key_file_set_string_list (comfy_settings_get_key_file (settings), GROUP,
                              comfy_endpoint_get_id (endpoint), words, G_N_ELEMENTS (words));
  save (settings);
}

/**
 * comfy_protocol_memory_forget:
 *
 * Forgets what was found, because it stopped making sense.
 */
void
comfy_protocol_memory_forget (ComfySettings *settings,
                              ComfyEndpoint *endpoint)
{
  if (g_key_file_remove_key (comfy_settings_get_key_file (settings), GROUP,
                             comfy_endpoint_get_id (endpoint), NULL))
    save (settings);
}
