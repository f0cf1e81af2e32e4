/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-take.h"
#include "comfy-workflow.h"

G_BEGIN_DECLS

/* A loader's file, and what else may stand there when a server does not have it */
typedef struct
{
  ComfyTarget   target;
  char        **candidates; /* owned: in the order in which they are tried */
} ComfyLoader;

#define COMFY_TYPE_LOADER (comfy_loader_get_type ())
GType        comfy_loader_get_type (void);
ComfyLoader *comfy_loader_new      (const char         *node,
                                    const char         *input,
                                    const char * const *candidates);
ComfyLoader *comfy_loader_copy     (const ComfyLoader  *self);
void         comfy_loader_free     (ComfyLoader        *self);

/* One way to carry out an action: a graph, and where in it things go. Owned by its action,
 * read-only. */
typedef struct
{
  char          *id;         /* owned; "" where the action has only this one */
  char          *label;      /* owned, nullable: translated */
  ComfyWorkflow *workflow;   /* owned: as it is in the file */
  ComfyTarget    image;      /* takes the picture */
  ComfyTarget    mask;       /* takes what is to change */
  int            mask_grow;  /* px of what is sent */
  guint64        max_pixels; /* px */
  ComfySizing    sizing;
  GPtrArray     *loaders;    /* owned, of ComfyLoader */
  GHashTable    *targets;    /* owned: a field's id → its two ComfyTargets */
} ComfyVariant;

/* (nullable): where a field's value goes; SIZE: two, width and height; %NULL: this graph has no
 * place for it */
const ComfyTarget *comfy_variant_get_targets (const ComfyVariant *self,
                                              const char         *field_id);

G_END_DECLS
