/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-field-private.h"
#include "comfy-mapping.h"

G_BEGIN_DECLS

/* Where an entry stands in the form, before what the artist says of it */
typedef enum
{
  COMFY_RANK_MARKED,   /* its author wanted it shown */
  COMFY_RANK_PICTURE,
  COMFY_RANK_MASK,
  COMFY_RANK_PROMPT,
  COMFY_RANK_NEGATIVE,
  COMFY_RANK_VALUE,    /* a node that is there to hold it */
  COMFY_RANK_SIZE,
  COMFY_RANK_DENOISE,
  COMFY_RANK_MODEL,
  COMFY_RANK_STEPS,
  COMFY_RANK_GUIDANCE,
  COMFY_RANK_SEED,
  COMFY_RANK_REST,
} ComfyRank;

/* what the artist has said of an entry */
typedef enum
{
  COMFY_SAID_KIND    = 1 << 0,
  COMFY_SAID_PLACE   = 1 << 1,
  COMFY_SAID_LABEL   = 1 << 2,
  COMFY_SAID_BINDING = 1 << 3,
} ComfySaid;

typedef struct
{
  ComfyMappingEntry  entry;
  ComfyRank          rank;
  unsigned int       position;  /* in the file; of those that are marked by a list, in that */
  gboolean           is_whole;  /* NUMBER: an integer */
  gboolean           is_text;   /* the graph has a text there */
  gboolean           is_huge;   /* a number that only a seed holds exactly */
  char              *like_node; /* owned, nullable: a Primitive node: whose input it feeds, so that it
                                 * has the range and the choices of that */
  char              *like_input;
  const ComfyNodeInput *known;  /* the table's, nullable: what it tells of the input */
  const ComfyNodeInput *like;   /* the same of the one that it feeds */
  ComfySaid          said;
} ComfyMappingItem;

struct _ComfyMapping
{
  GObject         parent_instance;
  ComfyWorkflow  *workflow; /* owned */
  ComfyNodeTable *table;    /* owned */
  char           *title;    /* owned */
  JsonNode       *window;   /* owned, nullable: the graph as ComfyUI's window has it */
  GPtrArray      *items;    /* owned, of ComfyMappingItem, in the order of the form */
  GPtrArray      *outputs;  /* owned, of ComfyMappingOutput */
  ComfyFit        fit;
  GHashTable     *outcomes; /* owned: node → outcome that the artist has set */
  GHashTable     *choices;  /* owned: ComfyNodeInput → GPtrArray of ComfyChoice, shared by fields */
  gboolean        has_size; /* one of the items is a SIZE */
  gboolean        said_order;
  gboolean        said_fit;
  gboolean        is_silent; /* several changes that are one */
};

/* comfy-mapping.c */
ComfyMappingItem *_comfy_mapping_item_new   (const char             *node,
                                             const char             *input,
                                             ComfyKind               kind);
void              _comfy_mapping_item_free  (ComfyMappingItem       *self);
void              _comfy_mapping_set_window (ComfyMapping           *self,
                                             JsonNode               *window);
GHashTable       *_comfy_mapping_index      (ComfyMapping           *self);
const ComfyNodeInput *
                  _comfy_mapping_find_input (ComfyMapping           *self,
                                             const char             *node,
                                             const char             *input);

/* comfy-mapping-names.c, comfy-mapping-window.c */
void              _comfy_mapping_name_items (ComfyMapping           *self);
void              _comfy_mapping_follow_window
                                            (ComfyMapping           *self);

/* comfy-mapping-edit.c */
gboolean          _comfy_mapping_can_be     (const ComfyMappingItem *item,
                                             ComfyKind               kind);
void              _comfy_mapping_changed    (ComfyMapping           *self);

/* What a title says to GIMP: "GIMP: mask", "Input: Label", "Input!: Label" */
typedef enum
{
  COMFY_MARK_NONE,
  COMFY_MARK_PICTURE, /* @text is a binding */
  COMFY_MARK_OUTPUT,  /* @outcome */
  COMFY_MARK_INPUT,   /* @text is a label */
} ComfyMarkType;

typedef struct
{
  ComfyMarkType  type;
  const char    *text;       /* static, or within the title; INPUT: may be blank */
  const char    *label;      /* PICTURE: translated */
  gboolean       is_rare;    /* INPUT: shown under "Advanced" */
  ComfyOutcome   outcome;
} ComfyMark;

/* comfy-mapping-mark.c */
ComfyMark         _comfy_mark_parse         (const char             *title);

/* comfy-mapping-words.c */
gboolean          _comfy_words_is_float     (const char             *input);
gboolean          _comfy_words_is_count     (const char             *input);
gboolean          _comfy_words_is_seed      (const char             *input);
gboolean          _comfy_words_is_guidance  (const char             *input);
gboolean          _comfy_words_is_prompt    (const char             *input);
gboolean          _comfy_words_is_negative  (const char             *input);
gboolean          _comfy_words_is_model     (const char             *input);
char             *_comfy_words_dup_plain    (const ComfyMappingItem *item);
char             *_comfy_words_dup_own_title
                                            (ComfyMapping           *self,
                                             const char             *node);
/* whether a value is called as a file of a picture is */
gboolean          _comfy_words_is_picture   (const char             *value);

/* comfy-mapping-trace.c */
typedef struct _ComfyTrace ComfyTrace;
ComfyTrace       *_comfy_trace_new          (ComfyMapping           *mapping);
void              _comfy_trace_free         (ComfyTrace             *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyTrace, _comfy_trace_free)
/* whether the node's output @slot goes anywhere */
gboolean          _comfy_trace_is_used      (ComfyTrace             *self,
                                             const char             *node,
                                             unsigned int            slot);
/* (nullable): the first input that a node's result goes into */
const char       *_comfy_trace_get_consumer (ComfyTrace             *self,
                                             const char             *node,
                                             const char            **out_input);
/* whether the node's results go nowhere */
gboolean          _comfy_trace_is_sink      (ComfyTrace             *self,
                                             const char             *node);
/* 1: a text of it says what is wanted, -1: what is not, 0: that cannot be told */
int               _comfy_trace_get_sign     (ComfyTrace             *self,
                                             const char             *node);

/* comfy-mapping-outputs.c */
void              _comfy_mapping_find_outputs
                                            (ComfyMapping           *self,
                                             ComfyTrace             *trace);
GHashTable       *_comfy_mapping_find_alive (ComfyMapping           *self);

/* comfy-mapping-classify.c */
gboolean          _comfy_mapping_classify   (ComfyMapping           *self,
                                             ComfyTrace             *trace,
                                             ComfyMappingItem       *item,
                                             JsonNode               *value);

/* comfy-mapping-guess.c */
void              _comfy_mapping_scan_node  (ComfyMapping           *self,
                                             ComfyTrace             *trace,
                                             const char             *node,
                                             unsigned int            position);

/* comfy-mapping-sidecar.c */
char             *_comfy_mapping_dup_slug   (const char             *label);

/* comfy-mapping-field.c */
ComfyField       *_comfy_mapping_make_field (ComfyMapping           *self,
                                             const ComfyMappingItem *item,
                                             char                   *id,
                                             const char             *group,
                                             ComfyTarget            *targets);

/* comfy-mapping-number.c */
const ComfyNodeInput *
                  _comfy_mapping_find_known (const ComfyMappingItem *item);
void              _comfy_mapping_describe_number
                                            (ComfyMapping           *self,
                                             const ComfyMappingItem *item,
                                             ComfyField             *field);
void              _comfy_mapping_describe_seed
                                            (ComfyMapping           *self,
                                             const ComfyMappingItem *item,
                                             ComfyField             *field);
void              _comfy_mapping_describe_size
                                            (ComfyMapping           *self,
                                             const ComfyMappingItem *item,
                                             ComfyField             *field);

/* comfy-mapping-sidecar.c */
char             *_comfy_mapping_dup_plain_label
                                            (const char             *label);

G_END_DECLS
