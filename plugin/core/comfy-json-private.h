/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * ComfyJsonRules:
 * @max_bytes: longer texts are refused before anything is allocated
 * @max_depth: of objects and arrays, at least 1
 * @max_cells: memory that the document may take, in cells of about 100 bytes; 0: any
 * @max_members: of one object; with it, what names cost that were chosen to be slow is bounded;
 *   0: any
 * @not_finite_is_null: NaN and Infinity, which are no JSON but which Python writes, become null
 * @repeated: (nullable): where to note objects with two members of one name: of JsonObject to the
 *   first such name, made by comfy_json_repeated_new()
 */
typedef struct
{
  gsize         max_bytes;
  unsigned int  max_depth;
  unsigned int  max_cells;
  unsigned int  max_members;
  gboolean      not_finite_is_null;
  GHashTable   *repeated;
} ComfyJsonRules;

typedef enum
{
  COMFY_JSON_FINE,
  COMFY_JSON_TOO_LONG,
  COMFY_JSON_NOT_UTF8,
  COMFY_JSON_NUL,        /* as a byte or as "\u0000": a C string would be cut off in silence */
  COMFY_JSON_EMPTY,      /* nothing but white space */
  COMFY_JSON_ROOT,       /* neither an object nor an array */
  COMFY_JSON_SYNTAX,
  COMFY_JSON_ENDS_EARLY,
  COMFY_JSON_NUMBER,     /* beyond 64 bits or a double, or not finite */
  COMFY_JSON_DEPTH,
  COMFY_JSON_MEMBERS,
  COMFY_JSON_TOO_MUCH,   /* more cells, or names made to be slow */
} ComfyJsonFaultKind;

typedef struct
{
  ComfyJsonFaultKind kind;
  gsize              offset;     /* bytes */
  unsigned int       line;       /* from 1 */
  unsigned int       column;     /* characters, from 1 */
  char               number[40]; /* the beginning of the one that cannot be kept, else "" */
} ComfyJsonFault;

JsonNode   *comfy_json_read_by         (const char           *text,
                                        gsize                 length,
                                        const ComfyJsonRules *rules,
                                        ComfyJsonFault       *fault);
char       *comfy_json_fault_dup_detail (const ComfyJsonFault *fault);
GHashTable *comfy_json_repeated_new    (void);

JsonNode   *comfy_json_read            (const char    *text,
                                        gsize          length,
                                        gsize          max_bytes,
                                        unsigned int   max_depth,
                                        GError       **error);
void        comfy_json_write           (GString       *text,
                                        JsonNode      *node);

JsonNode   *comfy_json_copy            (JsonNode      *node);

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
