/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-action-window.h"

G_BEGIN_DECLS

/* The pages of the window. Only what can be answered on a page has a button there. */
typedef enum
{
  COMFY_PAGE_LIST, /* of workflows */
  COMFY_PAGE_FORM,
  COMFY_PAGE_EDIT, /* what the form is made of is corrected */
  COMFY_PAGE_KEY,  /* the assistant, which has buttons of its own */
} ComfyPage;

/* The default button presses itself some time after Enter, whatever it means by then. One of a page
 * that is gone means nothing, so a button never changes what it means. */
enum
{
  COMFY_RESPONSE_BACK = 1, /* to the list of workflows */
  COMFY_RESPONSE_RESET,
  COMFY_RESPONSE_OPEN,
  COMFY_RESPONSE_DONE,
};

struct _ComfyActionWindow
{
  GtkDialog     parent_instance;

  ComfySession *session;   /* owned */
  ComfyForm    *form;      /* owned; NULL while none is picked */
  ComfyOpener  *opener;    /* owned, nullable: the form is given */
  ComfyMapping *mapping;   /* owned, nullable: what the form can be corrected by */
  GBytes       *said;      /* owned, nullable: what was corrected before the corrections began */
  int           image_id;  /* -1: none */
  GArray       *layer_ids; /* owned, nullable */
  DexPromise   *answer;    /* owned; NULL while nobody asks */
  ComfyPage     shown;
  gboolean      is_busy;   /* the job is being prepared */
  gboolean      is_told; /* that corrections cannot be remembered */
  int           height;    /* px that the window was high before the assistant */

  GtkWidget    *stack;     /* borrowed: a child: the pages */
  GtkWidget    *picker;    /* borrowed: a child; NULL without an opener */
  GtkWidget    *page;      /* borrowed: a child: the form; NULL while none is picked */
  GtkWidget    *edit;      /* borrowed: a child; NULL while nothing is corrected */
  GtkWidget    *assistant; /* borrowed: a child; NULL while none is needed */

  GtkWidget    *back;      /* borrowed: children: the buttons */
  GtkWidget    *reset;
  GtkWidget    *cancel;
  GtkWidget    *open;
  GtkWidget    *run;
  GtkWidget    *done;
};

void _comfy_action_window_build         (ComfyActionWindow *self);
void _comfy_action_window_show_page     (ComfyActionWindow *self,
                                         ComfyPage          page);
void _comfy_action_window_set_form      (ComfyActionWindow *self,
                                         ComfyForm         *form);
void _comfy_action_window_update_run    (ComfyActionWindow *self);
void _comfy_action_window_add_list      (ComfyActionWindow *self);
void _comfy_action_window_add_tools     (ComfyActionWindow *self);
void _comfy_action_window_end_edit      (ComfyActionWindow *self,
                                         gboolean           keep);

G_END_DECLS
