/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define COMFY_ENDPOINT_PRODUCTION "production"
#define COMFY_ENDPOINT_STAGING    "staging"

/* An environment: where a cloud is served. Immutable. */
#define COMFY_TYPE_ENDPOINT (comfy_endpoint_get_type ())
G_DECLARE_FINAL_TYPE (ComfyEndpoint, comfy_endpoint, COMFY, ENDPOINT, GObject)

ComfyEndpoint *comfy_endpoint_new                (const char     *id,
                                                  const char     *label,
                                                  const char     *base_url,
                                                  GError        **error);
ComfyEndpoint *comfy_endpoint_new_production     (void);
ComfyEndpoint *comfy_endpoint_new_staging        (void);

const char    *comfy_endpoint_get_id             (ComfyEndpoint  *self);
const char    *comfy_endpoint_get_label          (ComfyEndpoint  *self);
const char    *comfy_endpoint_get_base_url       (ComfyEndpoint  *self);
const char    *comfy_endpoint_get_origin         (ComfyEndpoint  *self);
const char    *comfy_endpoint_get_host           (ComfyEndpoint  *self);
gboolean       comfy_endpoint_is_preset          (ComfyEndpoint  *self);
gboolean       comfy_endpoint_may_carry_key      (ComfyEndpoint  *self);
gboolean       comfy_endpoint_covers             (ComfyEndpoint  *self,
                                                  const char     *url);
char          *comfy_endpoint_resolve            (ComfyEndpoint  *self,
                                                  const char     *reference);

gboolean       comfy_endpoint_check_url          (const char     *text,
                                                  char          **out_base_url,
                                                  char          **out_warning,
                                                  GError        **error);
char          *comfy_endpoint_origin_of_url      (const char     *url);
gboolean       comfy_endpoint_url_may_carry_key  (const char     *url);

G_END_DECLS
