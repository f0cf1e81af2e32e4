/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "comfy-action.h"

G_BEGIN_DECLS

/* filled by comfy-action-read.c, then never changed */
struct _ComfyAction
{
  GObject       parent_instance;
  char         *id;         /* owned */
  char         *menu_label; /* owned */
  char         *title;      /* owned */
  char         *run_label;  /* owned */
  char         *blurb;      /* owned */
  char         *help;       /* owned */
  GPtrArray    *variants;   /* owned, of ComfyVariant */
  GPtrArray    *fields;     /* owned, of ComfyField */
  GHashTable   *by_id;      /* owned: a field's id → ComfyField */
  GPtrArray    *outputs;    /* owned, nullable, of ComfyOutput */
  int           position;
  ComfySource   source;
  ComfyExtent   extent;
  ComfyFit      fit;
  ComfyOutcome  outcome;
  ComfyOrder    order;
  gboolean      needs_selection;
  gboolean      keeps_alpha;
};

/* comfy-action-rules.c */
gboolean _comfy_action_set_broken (ComfyAction  *self,
                                   const char   *detail,
                                   GError      **error);
gboolean _comfy_action_read_words (ComfyAction  *self,
                                   JsonObject   *sidecar,
                                   GError      **error);
gboolean _comfy_action_read_rules (ComfyAction  *self,
                                   JsonObject   *sidecar,
                                   GError      **error);

/* comfy-action-read.c; the object belongs to @out_root */
JsonObject  *_comfy_action_load_sidecar     (const char     *path,
                                            JsonNode      **out_root,
                                            GError        **error);
ComfyAction *_comfy_action_new_from_fields (const char     *id,
                                            ComfyWorkflow  *workflow,
                                            JsonObject     *sidecar,
                                            GPtrArray      *fields,
                                            GArray         *targets,
                                            GError        **error);

#define COMFY_SIDECAR_SUFFIX ".gimp.json"

G_END_DECLS
