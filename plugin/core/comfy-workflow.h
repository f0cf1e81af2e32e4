/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define COMFY_WORKFLOW_MAX_BYTES (16 * 1024 * 1024)
#define COMFY_WORKFLOW_MAX_DEPTH 64

/* the class that comfy_workflow_save_deep() saves by */
#define COMFY_WORKFLOW_DEEP_CLASS "SaveImageAdvanced"

#define COMFY_TYPE_WORKFLOW (comfy_workflow_get_type ())
G_DECLARE_FINAL_TYPE (ComfyWorkflow, comfy_workflow, COMFY, WORKFLOW, GObject)

ComfyWorkflow *comfy_workflow_new_from_bytes   (GBytes         *json,
                                                GError        **error);
ComfyWorkflow *comfy_workflow_new_from_file    (const char     *path,
                                                GError        **error);
ComfyWorkflow *comfy_workflow_copy             (ComfyWorkflow  *self);
GBytes        *comfy_workflow_to_bytes         (ComfyWorkflow  *self);

char         **comfy_workflow_dup_node_ids     (ComfyWorkflow  *self);
gboolean       comfy_workflow_has_node         (ComfyWorkflow  *self,
                                                const char     *node_id);
const char    *comfy_workflow_get_class        (ComfyWorkflow  *self,
                                                const char     *node_id);
const char    *comfy_workflow_get_title        (ComfyWorkflow  *self,
                                                const char     *node_id);
char         **comfy_workflow_dup_inputs       (ComfyWorkflow  *self,
                                                const char     *node_id);
gboolean       comfy_workflow_has_input        (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input);
gboolean       comfy_workflow_get_link         (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                const char    **source_id,
                                                unsigned int   *slot);

gboolean       comfy_workflow_get_string       (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                const char    **value);
gboolean       comfy_workflow_get_int          (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                gint64         *value);
gboolean       comfy_workflow_get_uint64       (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                guint64        *value);
gboolean       comfy_workflow_get_double       (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                double         *value);
gboolean       comfy_workflow_get_boolean      (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                gboolean       *value);

gboolean       comfy_workflow_set_string       (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                const char     *value,
                                                GError        **error);
gboolean       comfy_workflow_set_int          (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                gint64          value,
                                                GError        **error);
gboolean       comfy_workflow_set_uint64       (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                guint64         value,
                                                GError        **error);
gboolean       comfy_workflow_set_double       (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                double          value,
                                                GError        **error);
gboolean       comfy_workflow_set_boolean      (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                gboolean        value,
                                                GError        **error);
gboolean       comfy_workflow_set_asset        (ComfyWorkflow  *self,
                                                const char     *node_id,
                                                const char     *input,
                                                const char     *asset_id,
                                                const char     *file_path,
                                                GError        **error);

/* (transfer full) (nullable): a loader for the mask that a Load Image node gives */
char          *comfy_workflow_take_mask        (ComfyWorkflow  *self,
                                                const char     *node_id);
void           comfy_workflow_take_masks       (ComfyWorkflow  *self,
                                                const char * const *node_ids);
/* (transfer full): the same for graphs that differ in values, titles and order only */
char          *comfy_workflow_dup_shape        (ComfyWorkflow  *self);

/* makes results of 16 bits per channel */
gboolean       comfy_workflow_save_deep        (ComfyWorkflow  *self);

G_END_DECLS
