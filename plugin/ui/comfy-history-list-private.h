/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "comfy-history-list.h"

G_BEGIN_DECLS

#define COMFY_HISTORY_LIST_PAGE 120 /* pictures that are added at once */

struct _ComfyHistoryList
{
  GtkScrolledWindow  parent_instance;

  ComfyHistory      *history;  /* owned */
  ComfyPictureCache *cache;    /* owned */
  GtkWidget         *box;      /* borrowed: a child: holds the groups */
  ComfyHistoryThumb *selected; /* weak, nullable: a child */
  ComfyHistoryItem  *item;     /* owned, nullable: the job of what is selected */
  char              *path;     /* owned, nullable: its picture */
  unsigned int       index;    /* where in the list it stood last */
  char              *newest;   /* owned, nullable: id of the first job when it was shown last */
  char              *wanted;   /* owned, nullable: id of a job that is selected once it is listed */
  char              *wanted_name; /* owned, nullable: of its picture's file; NULL: its first */
  unsigned int       limit;    /* pictures after which no other job is shown */
  gboolean           has_more; /* jobs than are shown */
  gboolean           is_busy;  /* with showing: what widgets select meanwhile means nothing */
  gboolean           has_lost_focus; /* what had the keyboard is gone: its neighbour gets it */
  gboolean           reveals;  /* what is selected is scrolled to once it has its place */
};

/* (transfer full) (element-type ComfyHistoryThumb): as they are seen */
GPtrArray *_comfy_history_list_dup_thumbs (ComfyHistoryList  *self);
void       _comfy_history_list_pick       (ComfyHistoryList  *self,
                                           ComfyHistoryThumb *thumb);
GtkWidget *_comfy_history_list_create_group
                                          (ComfyHistoryList  *self,
                                           const char        *id);

/* comfy-history-list-show.c */
void       _comfy_history_list_show       (ComfyHistoryList  *self);
void       _comfy_history_list_show_more  (ComfyHistoryList  *self);

/* comfy-history-list-keys.c */
gboolean   _comfy_history_list_key_cb     (GtkWidget         *box,
                                           GdkEventKey       *event,
                                           ComfyHistoryList  *self);

G_END_DECLS
