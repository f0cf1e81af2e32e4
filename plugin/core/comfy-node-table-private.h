/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libdex.h>

#include "comfy-node-table.h"

G_BEGIN_DECLS

struct _ComfyNodeInput
{
  char               *name;
  char               *type_name;    /* as ComfyUI names it, e.g. "INT", "IMAGE,MASK" */
  ComfyNodeInputKind  kind;
  gboolean            required;
  char               *fallback;     /* the default as text, or NULL */
  char              **choices;      /* of a combo or dynamic combo; NULL: any */
  gboolean            has_min;
  gboolean            has_max;
  gint64              min_int;      /* INT */
  guint64             max_int;      /* INT; a gint64 when min_int is negative */
  double              min_float;    /* FLOAT */
  double              max_float;
  double              step;         /* INT, FLOAT; 0: unknown */
  gboolean            multiline;    /* STRING */
  gboolean            upload;       /* COMBO: of uploaded pictures */
  gboolean            seed;         /* INT: ComfyUI's window changes it with each run */
  gboolean            takes_list;   /* COMBO: several choices at once */
  GHashTable         *options;      /* DYNAMIC: choice → GPtrArray of ComfyNodeInput */
  GPtrArray          *elements;     /* AUTOGROW: of ComfyNodeInput, the first `least` required */
  unsigned int        least;
};

struct _ComfyNodeClass
{
  char      *title;
  GPtrArray *inputs;    /* of ComfyNodeInput */
  char     **outputs;   /* type names by slot */
  gboolean   is_output;
  gboolean   is_partner;
};

ComfyNodeInput *_comfy_node_input_new          (const char     *name,
                                                const char     *type_name);
void            _comfy_node_input_free         (ComfyNodeInput *self);
void            _comfy_node_input_set_range    (ComfyNodeInput *self,
                                                JsonNode       *minimum,
                                                JsonNode       *maximum);
void            _comfy_node_input_set_default  (ComfyNodeInput *self,
                                                JsonNode       *value);
char           *_comfy_node_choice_from_json  (JsonNode       *node);
void            _comfy_node_class_free         (ComfyNodeClass *self);

DexFuture      *_comfy_node_table_load         (const char     *path);
ComfyNodeTable *_comfy_node_table_new          (gboolean        is_complete);
void            _comfy_node_table_add          (ComfyNodeTable *self,
                                                const char     *class_type,
                                                ComfyNodeClass *klass);
void            _comfy_node_table_add_unread   (ComfyNodeTable *self,
                                                const char     *class_type);
gboolean        _comfy_node_table_may_have     (ComfyNodeTable *self,
                                                const char     *class_type);
char          **_comfy_node_table_list_classes (ComfyNodeTable *self);
unsigned int    _comfy_node_table_count        (ComfyNodeTable *self);
void            _comfy_node_table_set_complete (ComfyNodeTable *self,
                                                const char     *server);
const char     *_comfy_node_table_get_server   (ComfyNodeTable *self);

G_END_DECLS
