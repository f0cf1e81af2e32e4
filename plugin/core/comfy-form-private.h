/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-form.h"

G_BEGIN_DECLS

/* for comfy-form.c, which sets values, and comfy-form-run.c, which makes something of them */
#define COMFY_N_ROLES (COMFY_ROLE_OVERLAP + 1)

struct _ComfyForm
{
  GObject      parent_instance;
  ComfyAction *action;       /* owned */
  GPtrArray   *values;       /* owned, of GVariant: one for each field, in their order */
  GHashTable  *places;       /* owned: a field's id → its place in @values and 1 more */
  int          roles[COMFY_N_ROLES]; /* the place of the first field with it; -1: there is none */
  int          image_width;  /* px, 0: no image */
  int          image_height; /* px, 0: no image */
  ComfyNodeTable *table;     /* owned, nullable: the graph is not looked at */
  char       **layer_names;  /* owned, nullable: what pictures can be bound to */
  const char  *given;        /* the action's, nullable: the field whose value comes from elsewhere */
};

ComfyWorkflow    *_comfy_form_fill_in       (ComfyForm      *self,
                                             guint64        *out_seed,
                                             GError        **error);
gboolean          _comfy_form_check_values  (ComfyForm      *self,
                                             const char    **out_field_id,
                                             GError        **error);
const ComfyField *_comfy_form_find_type     (ComfyForm      *self,
                                             ComfyFieldType  type,
                                             unsigned int   *out_index);
gboolean          _comfy_form_follows_image (GVariant       *size);

G_END_DECLS
