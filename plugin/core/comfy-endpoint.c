/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An environment: where a cloud is served. Immutable, so any thread may use it. Which URLs it may
 * have is decided in comfy-endpoint-url.c.
 */
#define G_LOG_DOMAIN "comfy-endpoint"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-endpoint.h"

struct _ComfyEndpoint
{
  GObject   parent_instance;
  char     *id;       /* owned: stable, for files */
  char     *label;    /* owned: for people */
  char     *base_url; /* owned: without trailing slash */
  char     *origin;   /* owned: scheme://host[:port] */
  char     *host;     /* owned: host[:port], for sentences */
};

G_DEFINE_FINAL_TYPE (ComfyEndpoint, comfy_endpoint, G_TYPE_OBJECT)

static void
comfy_endpoint_finalize (GObject *object)
{
  ComfyEndpoint *self = COMFY_ENDPOINT (object);

  g_free (self->id);
  g_free (self->label);
  g_free (self->base_url);
  g_free (self->origin);
  g_free (self->host);

  G_OBJECT_CLASS (comfy_endpoint_parent_class)->finalize (object);
}

static void
comfy_endpoint_class_init (ComfyEndpointClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_endpoint_finalize;
}

static void
comfy_endpoint_init (ComfyEndpoint *self)
{
}

/**
 * comfy_endpoint_new:
 * @id: a stable name for files and settings
 * @label: what people read
 * @base_url: see comfy_endpoint_check_url()
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT when the URL is not allowed
 *
 * Returns: (transfer full): a new environment
 */
ComfyEndpoint *
comfy_endpoint_new (const char  *id,
                    const char  *label,
                    const char  *base_url,
                    GError     **error)
{
  g_autofree char *checked = NULL;
  ComfyEndpoint   *self;

  g_return_val_if_fail (id != NULL && label != NULL, NULL);

  if (!comfy_endpoint_check_url (base_url, &checked, NULL, error))
    return NULL;

  self = g_object_new (COMFY_TYPE_ENDPOINT, NULL);
  self->id = g_strdup (id);
  self->label = g_strdup (label);
  self->origin = comfy_endpoint_origin_of_url (checked);
  self->host = g_strdup (strstr (self->origin, "://") + strlen ("://"));
  self->base_url = g_steal_pointer (&checked);

  return self;
}

/**
 * comfy_endpoint_new_production:
 *
 * Returns: (transfer full): Comfy Cloud, as its authentication page names it
 */
ComfyEndpoint *
comfy_endpoint_new_production (void)
{
  return comfy_endpoint_new (COMFY_ENDPOINT_PRODUCTION, _("Production"),
                             "https://cloud.comfy.org/developer/api/v1", NULL);
}

/**
 * comfy_endpoint_new_staging:
 *
 * Returns: (transfer full): Comfy's own test environment, as its authentication page names it
 */
ComfyEndpoint *
comfy_endpoint_new_staging (void)
{
  return comfy_endpoint_new (COMFY_ENDPOINT_STAGING, _("Staging"),
                             "https://stagingcloud.comfy.org/developer/api/v1", NULL);
}

/**
 * comfy_endpoint_get_id:
 *
 * Returns: (transfer none): the stable name
 */
const char *
comfy_endpoint_get_id (ComfyEndpoint *self)
{
  g_return_val_if_fail (COMFY_IS_ENDPOINT (self), NULL);

  return self->id;
}

/**
 * comfy_endpoint_get_label:
 *
 * Returns: (transfer none): the name for people
 */
const char *
comfy_endpoint_get_label (ComfyEndpoint *self)
{
  g_return_val_if_fail (COMFY_IS_ENDPOINT (self), NULL);

  return self->label;
}

/**
 * comfy_endpoint_get_base_url:
 *
 * Returns: (transfer none): what paths are appended to; without trailing slash
 */
const char *
comfy_endpoint_get_base_url (ComfyEndpoint *self)
{
  g_return_val_if_fail (COMFY_IS_ENDPOINT (self), NULL);

  return self->base_url;
}

/**
 * comfy_endpoint_get_origin:
 *
 * Returns: (transfer none): scheme, host and port; what keys are bound to
 */
const char *
comfy_endpoint_get_origin (ComfyEndpoint *self)
{
  g_return_val_if_fail (COMFY_IS_ENDPOINT (self), NULL);

  return self->origin;
}

/**
 * comfy_endpoint_get_host:
 *
 * Returns: (transfer none): host, and port where it is not the usual one, for sentences
 */
const char *
comfy_endpoint_get_host (ComfyEndpoint *self)
{
  g_return_val_if_fail (COMFY_IS_ENDPOINT (self), NULL);

  return self->host;
}

/**
 * comfy_endpoint_is_preset:
 *
 * Returns: whether this is Production or Staging, which nobody can remove
 */
gboolean
comfy_endpoint_is_preset (ComfyEndpoint *self)
{
  g_return_val_if_fail (COMFY_IS_ENDPOINT (self), FALSE);

  return g_str_equal (self->id, COMFY_ENDPOINT_PRODUCTION) ||
         g_str_equal (self->id, COMFY_ENDPOINT_STAGING);
}

/**
 * comfy_endpoint_may_carry_key:
 *
 * Returns: whether a key may be stored for and sent to this environment
 */
gboolean
comfy_endpoint_may_carry_key (ComfyEndpoint *self)
{
  g_return_val_if_fail (COMFY_IS_ENDPOINT (self), FALSE);

  return comfy_endpoint_url_may_carry_key (self->origin);
}

/**
 * comfy_endpoint_covers:
 * @url: (nullable): an absolute URL
 *
 * Returns: whether @url has this environment's scheme, host and port
 */
gboolean
comfy_endpoint_covers (ComfyEndpoint *self,
                       const char    *url)
{
  g_autofree char *origin = NULL;

  g_return_val_if_fail (COMFY_IS_ENDPOINT (self), FALSE);

  origin = comfy_endpoint_origin_of_url (url);

  return g_strcmp0 (self->origin, origin) == 0;
}

/**
 * comfy_endpoint_resolve:
 * @reference: as a server writes links: an absolute URL; "//host/path"; a path from the origin,
 *   "/api/v2/jobs/1"; or a path below the base URL, "jobs/1"
 *
 * Returns: (transfer full): the absolute URL; it may be of another origin
 */
char *
comfy_endpoint_resolve (ComfyEndpoint *self,
                        const char    *reference)
{
  g_return_val_if_fail (COMFY_IS_ENDPOINT (self), NULL);
  g_return_val_if_fail (reference != NULL, NULL);

  if (g_uri_peek_scheme (reference) != NULL)
    return g_strdup (reference);
  if (g_str_has_prefix (reference, "//"))
    return g_strconcat (g_uri_peek_scheme (self->origin), ":", reference, NULL);
  if (reference[0] == '/')
    return g_strconcat (self->origin, reference, NULL);

  return g_strconcat (self->base_url, "/", reference, NULL);
}
