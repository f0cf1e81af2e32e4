/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-panel-form.h"

G_BEGIN_DECLS

/* open to comfy-panel-form.c, which shows, and comfy-panel-form-run.c, which runs */
struct _ComfyPanelForm
{
  GtkBox         parent_instance;

  ComfyOpener   *opener;   /* owned */
  ComfyKeyStack *keys;     /* borrowed: a parent */
  ComfyForm     *form;     /* owned, nullable: what is filled in */
  GHashTable    *forms;    /* action id → owned ComfyForm: as they were left */
  GtkWidget     *images;   /* borrowed: a child */
  GtkWidget     *actions;  /* borrowed: a child */
  GtkWidget     *stack;    /* borrowed: a child: the form, or the list of workflows in its place */
  GtkWidget     *holder;   /* borrowed: a child: where the page stands */
  GtkWidget     *page;     /* borrowed: a child, nullable */
  int            page_image;  /* the image that it is about, -1: none */
  int            page_width;  /* px of that image */
  int            page_height; /* px of that image */
  GtkWidget     *picker;   /* borrowed: a child, nullable: while a workflow is looked for */
  GtkWidget     *prompts;  /* borrowed: a child: what was written before */
  GtkWidget     *generate; /* borrowed: a child */
  gboolean       is_busy;  /* jobs are being prepared */
};

void _comfy_panel_form_update_button (ComfyPanelForm *self);
void _comfy_panel_form_tell_begun    (ComfyPanelForm *self,
                                      gboolean        all);
ComfyForm *
     _comfy_panel_form_dup_form      (ComfyPanelForm *self,
                                      const char     *action_id);
void _comfy_panel_form_set_form      (ComfyPanelForm *self,
                                      ComfyForm      *form);

G_END_DECLS
