/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-field.h"
#include "comfy-output.h"
#include "comfy-variant.h"

G_BEGIN_DECLS

/* A graph, or several that do the same, and what a person needs to use it, read from data.
 * Immutable. */
#define COMFY_TYPE_ACTION (comfy_action_get_type ())
G_DECLARE_FINAL_TYPE (ComfyAction, comfy_action, COMFY, ACTION, GObject)

ComfyAction   *comfy_action_new_from_files   (const char   *graph_path,
                                              const char   *sidecar_path,
                                              GError      **error);
/* (transfer full): the graph is @workflow; @sidecar: JSON, as a file NAME.gimp.json has it */
ComfyAction   *comfy_action_new_from_bytes   (const char   *id,
                                              ComfyWorkflow *workflow,
                                              GBytes       *sidecar,
                                              GError      **error);
/* (transfer full) (element-type ComfyAction): every NAME.json with a NAME.gimp.json, in the order of
 * position; a broken one is skipped and logged */
GPtrArray     *comfy_action_list_folder      (const char   *folder);

/* "generate-image": the file's name, stable, and the end of the PDB procedure's name */
const char    *comfy_action_get_id           (ComfyAction  *self);
/* for menus, translated, with mnemonic; ends in "…" when a form opens */
const char    *comfy_action_get_menu_label   (ComfyAction  *self);
/* for windows and layers, translated, without mnemonic and "…" */
const char    *comfy_action_get_title        (ComfyAction  *self);
/* for the form's button, translated, with mnemonic */
const char    *comfy_action_get_run_label    (ComfyAction  *self);
const char    *comfy_action_get_blurb        (ComfyAction  *self);
const char    *comfy_action_get_help         (ComfyAction  *self);
/* smaller stands higher in the menu */
int            comfy_action_get_position     (ComfyAction  *self);
/* FALSE: it runs at once */
gboolean       comfy_action_has_form         (ComfyAction  *self);
/* by rule; a field of the form may say otherwise */
ComfySource    comfy_action_get_source       (ComfyAction  *self);
ComfyExtent    comfy_action_get_extent       (ComfyAction  *self);
gboolean       comfy_action_needs_selection  (ComfyAction  *self);
ComfyFit       comfy_action_get_fit          (ComfyAction  *self);
ComfyOutcome   comfy_action_get_outcome      (ComfyAction  *self);
/* of several results */
ComfyOrder     comfy_action_get_order        (ComfyAction  *self);
/* whether the transparency of what was taken is put on the result */
gboolean       comfy_action_keeps_alpha      (ComfyAction  *self);
/* (nullable) (element-type ComfyOutput) (transfer none): which nodes' results are taken; NULL: those
 * that its graph saves */
GPtrArray     *comfy_action_get_outputs      (ComfyAction  *self);
unsigned int   comfy_action_get_n_fields     (ComfyAction  *self);
const ComfyField *
               comfy_action_get_field        (ComfyAction  *self,
                                              unsigned int  i);
const ComfyField *
               comfy_action_find_field       (ComfyAction  *self,
                                              const char   *id);
/* the ways to carry it out, at least one; the first is the default */
unsigned int   comfy_action_get_n_variants   (ComfyAction  *self);
const ComfyVariant *
               comfy_action_get_variant      (ComfyAction  *self,
                                              unsigned int  i);
const ComfyVariant *
               comfy_action_find_variant     (ComfyAction  *self,
                                              const char   *id);

G_END_DECLS
