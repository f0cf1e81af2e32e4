/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-node-table.h"

G_BEGIN_DECLS

struct _ComfyNodeInput
{
  char               *name;
  char               *type_name;    /* as ComfyUI names it, e.g. "INT", "IMAGE,MASK" */
  ComfyNodeInputKind  kind;
  gboolean            required;
  char               *fallback;     /* the default as text, or NULL */
  char              **choices;      /* of a combo or dynamic combo; NULL: any */
  gboolean            has_range;
  gint64              min_int;      /* INT */
  guint64             max_int;
  double              min_float;    /* FLOAT */
  double              max_float;
  GHashTable         *options;      /* DYNAMIC: choice → GPtrArray of ComfyNodeInput */
  GPtrArray          *elements;     /* AUTOGROW: of ComfyNodeInput, the first `least` required */
  unsigned int        least;
};

struct _ComfyNodeClass
{
  char      *title;
  GPtrArray *inputs;    /* of ComfyNodeInput */
  char     **outputs;   /* type names by slot */
  gboolean   is_output;
  gboolean   is_partner;
};

G_END_DECLS
