/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-action.h"
#include "comfy-node-table.h"

G_BEGIN_DECLS

/* Something that a server would refuse of a form's graph */
typedef struct
{
  const char *field_id; /* nullable, the action's: the field that it can be mended with */
  char       *message;  /* owned: a sentence */
  char       *detail;   /* owned: for the log */
} ComfyFormProblem;

/* The values of an action's fields, checked. Emits "changed" (field id) when a value is set. A
 * model: the form view and the PDB arguments both write into it. */
#define COMFY_TYPE_FORM (comfy_form_get_type ())
G_DECLARE_FINAL_TYPE (ComfyForm, comfy_form, COMFY, FORM, GObject)

ComfyForm     *comfy_form_new            (ComfyAction  *action);
/* (transfer full): a form of its own with the same values */
ComfyForm     *comfy_form_copy           (ComfyForm    *self);
ComfyAction   *comfy_form_get_action     (ComfyForm    *self);

/* @value: of the field type's format, consumed when floating; numbers are clamped to the range */
void           comfy_form_set_value      (ComfyForm    *self,
                                          const char   *field_id,
                                          GVariant     *value);
/* (transfer none) */
GVariant      *comfy_form_get_value      (ComfyForm    *self,
                                          const char   *field_id);
/* (nullable): of the one field with that role */
GVariant      *comfy_form_get_role_value (ComfyForm    *self,
                                          ComfyRole     role);
void           comfy_form_reset          (ComfyForm    *self);

/* takes what @other has for fields that set the same inputs */
void           comfy_form_take_values     (ComfyForm   *self,
                                           ComfyForm   *other);

/* @assignment: "NAME=VALUE", as scripts write it */
gboolean       comfy_form_set_text        (ComfyForm   *self,
                                           const char  *assignment,
                                           GError     **error);
/* @image_ids: (element-type int): what pictures of the image are bound to instead, in their order */
gboolean       comfy_form_bind_images     (ComfyForm   *self,
                                           GArray      *image_ids,
                                           GError     **error);

/* the graph that is used */
const ComfyVariant *
               comfy_form_get_variant    (ComfyForm    *self);
/* FALSE: that graph has no place for the field */
gboolean       comfy_form_uses_field     (ComfyForm    *self,
                                          const ComfyField *field);

/* @field_id: (nullable): a field whose value comes from elsewhere for each run, so that it need not
 * be filled in */
void           comfy_form_set_given      (ComfyForm    *self,
                                          const char   *field_id);

/* what the size "as the image" means: the canvas, in px; (0, 0) while there is none */
void           comfy_form_set_image_size (ComfyForm    *self,
                                          int           width,
                                          int           height);

void           comfy_form_get_image_size (ComfyForm    *self,
                                          int          *out_width,
                                          int          *out_height);
/* the names of the layers that a picture can be taken of */
void           comfy_form_set_layer_names (ComfyForm   *self,
                                           const char * const *names);
/* (transfer none) (nullable) */
const char * const *
               comfy_form_get_layer_names (ComfyForm   *self);
/* "16:9": how much the image grows to have that ratio */
gboolean       comfy_form_parse_ratio    (ComfyForm    *self,
                                          const char   *ratio,
                                          ComfyEdges   *out_edges,
                                          GError      **error);

/* what the graph's nodes take where it will run */
void           comfy_form_set_table       (ComfyForm   *self,
                                           ComfyNodeTable *table);
gboolean       comfy_form_has_table       (ComfyForm   *self);
/* (transfer full) (element-type ComfyFormProblem): what a server would refuse of the graph */
GPtrArray     *comfy_form_list_problems   (ComfyForm   *self);
/* the first thing that cannot be run with, in a sentence */
gboolean       comfy_form_check          (ComfyForm    *self,
                                          const char  **out_field_id,
                                          GError      **error);
/* (transfer full): the graph with the values in it; new seeds are drawn into @out_seed, which
 * stays 0 where the action has none */
ComfyWorkflow *comfy_form_apply          (ComfyForm    *self,
                                          guint64      *out_seed,
                                          GError      **error);
/* (transfer full): what a run takes of the image */
ComfyTake     *comfy_form_dup_take       (ComfyForm    *self);
gboolean       comfy_form_takes_picture  (ComfyForm    *self);
/* (nullable): where in that graph the seed is, and the largest that may stand there */
const ComfyTarget *
               comfy_form_get_seed_target
                                         (ComfyForm    *self,
                                          guint64      *out_max);
/* (transfer full) (nullable): the prompt, for names of layers and lists */
char          *comfy_form_dup_prompt     (ComfyForm    *self);
gboolean       comfy_form_has_prompt     (ComfyForm    *self);
/* nothing, where the action has none */
void           comfy_form_set_prompt     (ComfyForm    *self,
                                          const char   *prompt);
/* the size that the action makes, in px, when it has a SIZE field */
gboolean       comfy_form_get_size       (ComfyForm    *self,
                                          int          *out_width,
                                          int          *out_height);

G_END_DECLS
