/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-request.h"

G_BEGIN_DECLS

ComfyRequest *_comfy_request_new_again   (ComfyRequest   *other);
void          _comfy_request_set_created (ComfyRequest   *self,
                                          gint64          when);
GBytes       *_comfy_request_to_json     (ComfyRequest   *self);
ComfyRequest *_comfy_request_from_json   (GBytes         *json,
                                          ComfyWorkflow  *workflow,
                                          GError        **error);
GPtrArray    *_comfy_outputs_from_json   (JsonArray      *array);
JsonNode     *_comfy_request_loaders_to_json
                                         (GPtrArray      *loaders);
GPtrArray    *_comfy_request_loaders_from_json
                                         (JsonArray      *array);

G_END_DECLS
