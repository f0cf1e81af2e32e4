/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-action.h"

G_BEGIN_DECLS

/* filled by comfy-action-read.c, then never changed */
struct _ComfyAction
{
  GObject        parent_instance;
  ComfyWorkflow *workflow;    /* owned: as in the file, never changed */
  char          *id;          /* owned */
  char          *menu_label;  /* owned */
  char          *title;       /* owned */
  char          *run_label;   /* owned */
  char          *blurb;       /* owned */
  char          *help;        /* owned */
  char          *image_node;  /* owned, nullable */
  char          *image_input; /* owned, nullable */
  GPtrArray     *fields;      /* owned, of ComfyField */
  guint64        max_pixels;  /* px */
  int            position;
  ComfySource    source;
  ComfyFit       fit;
};

G_END_DECLS
