/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-file-saver.h"
#include "comfy-history-view.h"

G_BEGIN_DECLS

struct _ComfyHistoryView
{
  GtkBox            parent_instance;

  ComfySession     *session;   /* owned */
  ComfyHistory     *history;   /* owned */
  ComfyFileSaver   *saver;     /* owned */
  ComfyHistoryItem *item;      /* owned, nullable: what is selected */
  GPtrArray        *discarded; /* owned: what can be taken back */
  char             *again_id;    /* owned, nullable: of the job that is to be asked for again */
  char             *again_title; /* owned, nullable: of it */
  char             *asked;     /* owned, nullable: what stands in the notice with a button */
  char             *accepted;  /* owned, nullable: the same, once the artist went on */
  gboolean          is_busy;   /* something is being placed */
  gboolean          is_closed; /* the children are gone */
  gulong            handler;   /* of the window; 0 while not mapped */

  GtkWidget        *notice;    /* borrowed: children */
  GtkWidget        *undo_line;
  GtkWidget        *undo_text;
  GtkWidget        *chosen;    /* all that is about what is selected */
  GtkWidget        *preview;
  GtkWidget        *apply;
  GtkWidget        *discard;
  GtkWidget        *more;
  GtkWidget        *menu;      /* owned by @more */
  GtkWidget        *apply_all; /* entries of the menu */
  GtkWidget        *discard_all;
  GtkWidget        *again;
  GtkWidget        *copy;
  GtkWidget        *details_shown;
  GtkWidget        *details;
  GtkWidget        *list;
  GtkWidget        *empty;
};

/* comfy-history-view-actions.c: what the artist does with what is selected */
unsigned int
     _comfy_history_view_get_picture
                                   (ComfyHistoryView *self);
void _comfy_history_view_apply     (ComfyHistoryView *self);
void _comfy_history_view_apply_all (ComfyHistoryView *self);
GPtrArray *
     _comfy_history_view_new_discarded
                                   (void);
void _comfy_history_view_discard   (ComfyHistoryView *self);
void _comfy_history_view_discard_all
                                   (ComfyHistoryView *self);
void _comfy_history_view_undo      (ComfyHistoryView *self);
void _comfy_history_view_edit      (ComfyHistoryView *self);
void _comfy_history_view_copy      (ComfyHistoryView *self);
void _comfy_history_view_save      (ComfyHistoryView *self);
void _comfy_history_view_saved     (ComfyHistoryView *self,
                                    const char       *text,
                                    gboolean          is_problem);
gboolean
     _comfy_history_view_handle_key
                                   (ComfyHistoryView *self,
                                    GdkEventKey      *event);

void _comfy_history_view_tell_problem
                                   (ComfyHistoryView *self,
                                    const GError     *error);

/* comfy-history-view-again.c: what costs */
void _comfy_history_view_build_notice
                                   (ComfyHistoryView *self);
void _comfy_history_view_again     (ComfyHistoryView *self);
void _comfy_history_view_forget_again
                                   (ComfyHistoryView *self);

/* comfy-history-view.c */
void _comfy_history_view_update    (ComfyHistoryView *self);

G_END_DECLS
