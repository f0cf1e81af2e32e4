/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode   *comfy_json_read            (const char    *text,
                                        gsize          length,
                                        gsize          max_bytes,
                                        unsigned int   max_depth,
                                        GError       **error);
void        comfy_json_write           (GString       *text,
                                        JsonNode      *node);

JsonNode   *comfy_json_node_new_uint64 (guint64        value);
gboolean    comfy_json_node_get_uint64 (JsonNode      *node,
                                        guint64       *value);
gboolean    comfy_json_node_is_string  (JsonNode      *node);

JsonObject *comfy_json_get_object      (JsonObject    *object,
                                        const char    *member);
JsonArray  *comfy_json_get_array       (JsonObject    *object,
                                        const char    *member);
const char *comfy_json_get_string      (JsonObject    *object,
                                        const char    *member);
gint64      comfy_json_get_int         (JsonObject    *object,
                                        const char    *member,
                                        gint64         fallback);
double      comfy_json_get_double      (JsonObject    *object,
                                        const char    *member,
                                        double         fallback);
gboolean    comfy_json_get_boolean     (JsonObject    *object,
                                        const char    *member,
                                        gboolean       fallback);

G_END_DECLS
