/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-action.h"
#include "comfy-node-table.h"

G_BEGIN_DECLS

/* What an input of a graph is to a person */
typedef enum
{
  COMFY_KIND_TEXT,
  COMFY_KIND_PROMPT,   /* what the artist wants to see */
  COMFY_KIND_NEGATIVE, /* what the artist does not want to see */
  COMFY_KIND_NUMBER,
  COMFY_KIND_SEED,
  COMFY_KIND_SWITCH,
  COMFY_KIND_CHOICE,
  COMFY_KIND_SIZE,     /* width and height of one node */
  COMFY_KIND_PICTURE,
} ComfyKind;

/* An input of a graph that holds a value. Owned by its mapping, read-only. */
typedef struct
{
  char       *node;    /* owned */
  char       *input;   /* owned; SIZE: that of the width */
  ComfyKind   kind;
  ComfyPlace  place;
  char       *label;   /* owned: for people */
  char       *binding; /* owned, nullable: PICTURE: text form of what it is bound to at first */
} ComfyMappingEntry;

/* A node that gives something. Owned by its mapping, read-only. */
typedef struct
{
  char         *node;    /* owned */
  ComfyOutcome  outcome;
  gboolean      is_text; /* a text to be shown, no picture */
} ComfyMappingOutput;

/* Which inputs of a graph that nobody of us has seen are shown in its form, as what, and what becomes
 * of its results: guessed, and corrected by the artist. It makes the sidecar that a built-in action
 * comes with. Emits "changed". */
#define COMFY_TYPE_MAPPING (comfy_mapping_get_type ())
G_DECLARE_FINAL_TYPE (ComfyMapping, comfy_mapping, COMFY, MAPPING, GObject)

ComfyMapping  *comfy_mapping_new            (ComfyWorkflow  *workflow,
                                             ComfyNodeTable *table,
                                             const char     *title);
ComfyWorkflow *comfy_mapping_get_workflow   (ComfyMapping   *self);
const char    *comfy_mapping_get_title      (ComfyMapping   *self);

void           comfy_mapping_set_title      (ComfyMapping   *self,
                                             const char     *title);

unsigned int   comfy_mapping_get_n_entries  (ComfyMapping   *self);
const ComfyMappingEntry *
               comfy_mapping_get_entry      (ComfyMapping   *self,
                                             unsigned int    i);
unsigned int   comfy_mapping_get_n_outputs  (ComfyMapping   *self);
const ComfyMappingOutput *
               comfy_mapping_get_output     (ComfyMapping   *self,
                                             unsigned int    i);
ComfyFit       comfy_mapping_get_fit        (ComfyMapping   *self);

/* the kinds that an entry can be of, its present one among them; (transfer full) (element-type int) */
GArray        *comfy_mapping_list_kinds     (ComfyMapping   *self,
                                             unsigned int    i);
void           comfy_mapping_set_kind       (ComfyMapping   *self,
                                             unsigned int    i,
                                             ComfyKind       kind);
void           comfy_mapping_set_place      (ComfyMapping   *self,
                                             unsigned int    i,
                                             ComfyPlace      place);
void           comfy_mapping_set_label      (ComfyMapping   *self,
                                             unsigned int    i,
                                             const char     *label);
gboolean       comfy_mapping_set_binding    (ComfyMapping   *self,
                                             unsigned int    i,
                                             const char     *binding);
void           comfy_mapping_move           (ComfyMapping   *self,
                                             unsigned int    from,
                                             unsigned int    to);
void           comfy_mapping_set_outcome    (ComfyMapping   *self,
                                             unsigned int    i,
                                             ComfyOutcome    outcome);
void           comfy_mapping_set_fit        (ComfyMapping   *self,
                                             ComfyFit        fit);
void           comfy_mapping_reset          (ComfyMapping   *self);

/* (transfer full) (nullable): what the artist has changed, as JSON; NULL: nothing */
GBytes        *comfy_mapping_to_corrections (ComfyMapping   *self);
void           comfy_mapping_correct        (ComfyMapping   *self,
                                             GBytes         *corrections);

/* (transfer full): as a file NAME.gimp.json has it */
GBytes        *comfy_mapping_to_sidecar     (ComfyMapping   *self);
ComfyAction   *comfy_mapping_make_action    (ComfyMapping   *self,
                                             const char     *id,
                                             GError        **error);

G_END_DECLS
