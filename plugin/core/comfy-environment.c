/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * COMFY_API_KEY and COMFY_BASE_URL, as the official clients and the authentication page name them.
 */
#define G_LOG_DOMAIN "comfy-environment"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <glib/gi18n.h>

#include "comfy-environment.h"
#include "comfy-error.h"

#define API_KEY  "COMFY_API_KEY"
#define BASE_URL "COMFY_BASE_URL"

/* The official clients take an origin, and append the path of the API that they speak; this is the
 * path of Developer API v1. Where v2 answers instead, only the origin counts. */
#define DEVELOPER_API_PATH "/developer/api/v1"

/* What children would inherit is only one half: the bytes that the process was started with stay
 * readable in /proc/PID/environ until they are overwritten in place. */
static void
take_away (const char *name)
{
  char *value = getenv (name);

  if (value != NULL)
    explicit_bzero (value, strlen (value));
  g_unsetenv (name);
}

static ComfyEndpoint *
endpoint_for (const char  *url,
              GError     **error)
{
  g_autoptr(ComfyEndpoint) production = comfy_endpoint_new_production ();
  g_autoptr(ComfyEndpoint) staging = comfy_endpoint_new_staging ();
  ComfyEndpoint           *presets[] = { production, staging };
  g_autofree char         *base_url = NULL;
  g_autofree char         *label = NULL;
  g_autofree char         *origin = NULL;

  if (url == NULL || url[strspn (url, " \t")] == '\0')
    return g_steal_pointer (&production);

  if (!comfy_endpoint_check_url (url, &base_url, NULL, error))
    return NULL;

  origin = comfy_endpoint_origin_of_url (base_url);
  if (g_strcmp0 (origin, base_url) == 0)
    {
      char *with_path = g_strconcat (base_url, DEVELOPER_API_PATH, NULL);

      g_free (base_url);
      base_url = with_path;
    }

  for (unsigned int i = 0; i < G_N_ELEMENTS (presets); i++)
    if (g_str_equal (comfy_endpoint_get_base_url (presets[i]), base_url))
      return g_object_ref (presets[i]);

  label = g_strdup_printf (_("From the environment (%s)"), strstr (origin, "://") + 3);

  return comfy_endpoint_new (COMFY_ENVIRONMENT_ID, label, base_url, error);
}

/**
 * comfy_environment_take:
 *
 * Reads COMFY_API_KEY and COMFY_BASE_URL, and takes them out of this process's environment: no
 * child inherits them, and /proc/self/environ does not show them any more. Call it once, at the
 * start, while there is one thread: the environment is not safe to change beside others.
 *
 * A key without URL is for Production. What cannot be used is kept as an error: another key in its
 * place would be a surprise that costs money.
 *
 * Returns: (transfer full) (nullable): what they say; %NULL when neither is set
 */
ComfyEnvironment *
comfy_environment_take (void)
{
  g_autofree char  *url = g_strdup (g_getenv (BASE_URL));
  const char       *key = g_getenv (API_KEY);
  ComfyEnvironment *self;

  if ((key == NULL || key[0] == '\0') && (url == NULL || url[0] == '\0'))
    return NULL;

  self = g_new0 (ComfyEnvironment, 1);
  self->endpoint = endpoint_for (url, &self->error);

  if (self->endpoint == NULL)
    self->endpoint = comfy_endpoint_new_production ();
  else if (key != NULL && key[0] != '\0')
    self->credentials = comfy_credentials_new (key, comfy_endpoint_get_origin (self->endpoint),
                                               &self->error);

  take_away (API_KEY);
  take_away (BASE_URL);

  return self;
}

/**
 * comfy_environment_free:
 * @self: (transfer full): what comfy_environment_take() returned
 */
void
comfy_environment_free (ComfyEnvironment *self)
{
  g_clear_object (&self->endpoint);
  g_clear_pointer (&self->credentials, comfy_credentials_unref);
  g_clear_error (&self->error);
  g_free (self);
}
