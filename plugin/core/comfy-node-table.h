/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ComfyNodeInputKind:
 * @COMFY_NODE_INPUT_LINK: comes from another node: an image, a model, …
 * @COMFY_NODE_INPUT_INT: a whole number, see comfy_node_input_get_int_range()
 * @COMFY_NODE_INPUT_FLOAT: a number, see comfy_node_input_get_float_range()
 * @COMFY_NODE_INPUT_STRING: text
 * @COMFY_NODE_INPUT_BOOLEAN: true or false
 * @COMFY_NODE_INPUT_COMBO: one of comfy_node_input_get_choices(), or the name of a file on the
 *   server
 * @COMFY_NODE_INPUT_DYNAMIC: a choice that brings inputs of its own, named "input.sub-input"
 * @COMFY_NODE_INPUT_AUTOGROW: a row of links, named "input.name"
 */
typedef enum
{
  COMFY_NODE_INPUT_LINK,
  COMFY_NODE_INPUT_INT,
  COMFY_NODE_INPUT_FLOAT,
  COMFY_NODE_INPUT_STRING,
  COMFY_NODE_INPUT_BOOLEAN,
  COMFY_NODE_INPUT_COMBO,
  COMFY_NODE_INPUT_DYNAMIC,
  COMFY_NODE_INPUT_AUTOGROW
} ComfyNodeInputKind;

typedef struct _ComfyNodeInput ComfyNodeInput;
typedef struct _ComfyNodeClass ComfyNodeClass;

#define COMFY_TYPE_NODE_TABLE (comfy_node_table_get_type ())
G_DECLARE_FINAL_TYPE (ComfyNodeTable, comfy_node_table, COMFY, NODE_TABLE, GObject)

ComfyNodeTable       *comfy_node_table_new_from_bytes    (GBytes               *json,
                                                          GError              **error);
ComfyNodeTable       *comfy_node_table_new_from_file     (const char           *path,
                                                          GError              **error);
ComfyNodeTable       *comfy_node_table_new_from_object_info
                                                         (GBytes               *json,
                                                          GError              **error);
const ComfyNodeClass *comfy_node_table_lookup            (ComfyNodeTable       *self,
                                                          const char           *class_type);
gboolean              comfy_node_table_is_complete       (ComfyNodeTable       *self);

const char           *comfy_node_class_get_title         (const ComfyNodeClass *klass);
gboolean              comfy_node_class_is_output         (const ComfyNodeClass *klass);
gboolean              comfy_node_class_is_partner        (const ComfyNodeClass *klass);
const char *const    *comfy_node_class_get_outputs       (const ComfyNodeClass *klass);
GPtrArray            *comfy_node_class_get_inputs        (const ComfyNodeClass *klass);
const ComfyNodeInput *comfy_node_class_lookup_input      (const ComfyNodeClass *klass,
                                                          const char           *name);

const char           *comfy_node_input_get_name          (const ComfyNodeInput *input);
ComfyNodeInputKind    comfy_node_input_get_kind          (const ComfyNodeInput *input);
const char           *comfy_node_input_get_type_name     (const ComfyNodeInput *input);
gboolean              comfy_node_input_is_required       (const ComfyNodeInput *input);
const char           *comfy_node_input_get_default       (const ComfyNodeInput *input);
const char *const    *comfy_node_input_get_choices       (const ComfyNodeInput *input);
gboolean              comfy_node_input_get_int_range     (const ComfyNodeInput *input,
                                                          gint64               *minimum,
                                                          guint64              *maximum);
gboolean              comfy_node_input_get_float_range   (const ComfyNodeInput *input,
                                                          double               *minimum,
                                                          double               *maximum);
double                comfy_node_input_get_step          (const ComfyNodeInput *input);
gboolean              comfy_node_input_is_multiline      (const ComfyNodeInput *input);
gboolean              comfy_node_input_is_upload         (const ComfyNodeInput *input);
gboolean              comfy_node_input_is_seed           (const ComfyNodeInput *input);
GPtrArray            *comfy_node_input_get_option_inputs (const ComfyNodeInput *input,
                                                          const char           *choice);

G_END_DECLS
