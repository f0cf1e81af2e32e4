/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-form.h"

G_BEGIN_DECLS

/* for comfy-form.c, which sets values, and comfy-form-run.c, which makes something of them */
struct _ComfyForm
{
  GObject      parent_instance;
  ComfyAction *action;       /* owned */
  GPtrArray   *values;       /* owned, of GVariant: one for each field, in their order */
  int          image_width;  /* px, 0: no image */
  int          image_height; /* px, 0: no image */
};

G_END_DECLS
