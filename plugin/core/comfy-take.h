/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "comfy-binding.h"
#include "comfy-region.h"

G_BEGIN_DECLS

/* Whose pixels are taken */
typedef enum
{
  COMFY_SOURCE_NONE,    /* nobody's: the action runs without an image, too */
  COMFY_SOURCE_LAYER,   /* the selected layer's, as the artist sees it */
  COMFY_SOURCE_LAYERS,  /* the selected layers', as they are seen together */
  COMFY_SOURCE_VISIBLE, /* everything that is seen of the image */
} ComfySource;

/* How much of them */
typedef enum
{
  COMFY_EXTENT_WHOLE,     /* all */
  COMFY_EXTENT_SELECTION, /* what is selected, with what the model wants to see around it; all when
                           * nothing is selected */
  COMFY_EXTENT_BEYOND,    /* all, and room that is not there yet on some edges */
} ComfyExtent;

/* What becomes of the result */
typedef enum
{
  COMFY_OUTCOME_LAYERS,     /* new layers, in a group when they are several */
  COMFY_OUTCOME_LAYER_MASK, /* the mask of the layer that was taken */
  COMFY_OUTCOME_SELECTION,  /* the selection */
  COMFY_OUTCOME_GROUP,      /* new layers in a group, even one alone */
  COMFY_OUTCOME_NEW_IMAGE,  /* an image of its own */
  COMFY_OUTCOME_NOTHING,    /* it is not fetched */
} ComfyOutcome;

/* How big the result is put into the image */
typedef enum
{
  COMFY_FIT_REGION,  /* exactly onto the rectangle that was taken (NONE: the canvas) */
  COMFY_FIT_NATURAL, /* as many pixels as came; a canvas that the source filled grows with it */
} ComfyFit;

/* How several results lie on each other */
typedef enum
{
  COMFY_ORDER_HIGHEST_FIRST, /* the first on top: they are alike, and the first is what is seen */
  COMFY_ORDER_LOWEST_FIRST,  /* the first at the bottom: together they make one picture */
} ComfyOrder;

/* An input of a node */
typedef struct
{
  char *node;  /* owned, nullable: there is no such input */
  char *input; /* owned, nullable */
} ComfyTarget;

/* A further picture that a graph takes, beside the one that the result belongs to */
typedef struct
{
  ComfyTarget   target;
  ComfyBinding *binding; /* owned */
} ComfyExtra;

/* How much the canvas grows, in px, each at least 0 */
typedef struct
{
  int left;
  int top;
  int right;
  int bottom;
} ComfyEdges;

/* What a run takes of the image, and how: an action's rules together with the form's values. Plain
 * data, boxed, not changed once made. */
typedef struct
{
  char         *title;           /* owned: of the action, for sentences */
  ComfySource   source;
  ComfyExtent   extent;
  gboolean      needs_selection; /* SELECTION: without one it is an error */
  ComfyEdges    edges;           /* BEYOND */
  int           overlap;         /* px: BEYOND: how far the result fades into what was there */
  ComfySizing   sizing;
  guint64       max_pixels;      /* px: more than these are not taken */
  ComfyTarget   image;           /* takes the picture; without a node nothing does: it is there for
                                  * the mask, and for where the result belongs */
  ComfyTarget   mask;            /* takes what is to change: white; without a node nothing does */
  gboolean      mask_selected;   /* WHOLE: that is what is selected, if anything is; else all */
  int           mask_grow;       /* px of what is sent: how much further the model may paint */
  GPtrArray    *extras;          /* owned, nullable, of ComfyExtra; of the mask only beside one */
  gboolean      keep_alpha;      /* the transparency of what was taken is put on the result */
  ComfyFit      fit;
  ComfyOutcome  outcome;
  ComfyOrder    order;           /* of several results */
} ComfyTake;

#define COMFY_TYPE_TAKE (comfy_take_get_type ())
GType      comfy_take_get_type     (void);
ComfyTake *comfy_take_new          (void);
ComfyTake *comfy_take_copy         (const ComfyTake   *self);
void       comfy_take_free         (ComfyTake         *self);
void       comfy_take_set_canvas   (ComfyTake         *self,
                                    ComfyBindingKind   kind);
gboolean   comfy_take_needs_selected
                                   (const ComfyTake   *self);
gboolean   comfy_take_equal        (const ComfyTake   *self,
                                    const ComfyTake   *other);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ComfyTake, comfy_take_free)

/* "layer", "layers", "visible"; NONE for all else */
ComfySource comfy_source_from_id   (const char        *id);
/* "layers", "layer-mask", "selection", "group", "new-image", "nothing" */
const char *comfy_outcome_to_id    (ComfyOutcome       outcome);
gboolean    comfy_outcome_from_id  (const char        *id,
                                    ComfyOutcome      *out_outcome);
/* it is pixels, not a mask of some */
gboolean    comfy_outcome_is_layers
                                   (ComfyOutcome       outcome);

void       comfy_target_set        (ComfyTarget       *self,
                                    const char        *node,
                                    const char        *input);
void       comfy_target_clear      (ComfyTarget       *self);

ComfyExtra *comfy_extra_new        (const ComfyTarget  *target,
                                    const ComfyBinding *binding);
void       comfy_extra_free        (ComfyExtra        *self);

void       comfy_edges_for_ratio   (int                width,
                                    int                height,
                                    int                ratio_width,
                                    int                ratio_height,
                                    ComfyEdges        *out_edges);
gboolean   comfy_edges_are_none    (const ComfyEdges  *self);

G_END_DECLS
