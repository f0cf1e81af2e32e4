/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-field.h"
#include "comfy-workflow.h"

G_BEGIN_DECLS

/* What the action takes of the open image */
typedef enum
{
  COMFY_SOURCE_NONE,     /* nothing: it runs without an image too */
  COMFY_SOURCE_DRAWABLE, /* the selected layer, as the artist sees it */
} ComfySource;

/* How big the result is put into the image */
typedef enum
{
  COMFY_FIT_REGION,  /* exactly onto the rectangle that was taken (NONE: the canvas) */
  COMFY_FIT_NATURAL, /* as many pixels as came; a canvas that the source filled grows with it */
} ComfyFit;

/* A graph and what a person needs to use it, read from data. Immutable. */
#define COMFY_TYPE_ACTION (comfy_action_get_type ())
G_DECLARE_FINAL_TYPE (ComfyAction, comfy_action, COMFY, ACTION, GObject)

ComfyAction   *comfy_action_new_from_files   (const char   *graph_path,
                                              const char   *sidecar_path,
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
ComfySource    comfy_action_get_source       (ComfyAction  *self);
ComfyFit       comfy_action_get_fit          (ComfyAction  *self);
unsigned int   comfy_action_get_n_fields     (ComfyAction  *self);
const ComfyField *
               comfy_action_get_field        (ComfyAction  *self,
                                              unsigned int  i);
const ComfyField *
               comfy_action_find_field       (ComfyAction  *self,
                                              const char   *id);
/* the graph as it is in the file */
ComfyWorkflow *comfy_action_get_workflow     (ComfyAction  *self);
/* (nullable): which input of which node takes the image */
const char    *comfy_action_get_image_node   (ComfyAction  *self);
const char    *comfy_action_get_image_input  (ComfyAction  *self);
/* the largest picture worth sending, in px; larger sources are refused with the size that fits */
guint64        comfy_action_get_max_pixels   (ComfyAction  *self);

G_END_DECLS
