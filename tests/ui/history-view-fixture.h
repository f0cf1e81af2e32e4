/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-history-view.h"
#include "history-fixture.h"
#include "session-fixture.h"

G_BEGIN_DECLS

#define HISTORY_VIEW_NARROW 280 /* px: as narrow as a panel may be */
#define HISTORY_VIEW_EDGE   256 /* px: of what is compared */

/* The view in a window that has a default button, over a journal that another process fills, and an
 * editor that shows a raccoon before and after. */
typedef struct
{
  SessionFixture  base;
  ComfyProfile   *profile;   /* owned */
  ComfyJournal   *journal;   /* owned: the session's, of another process */
  ComfyHistory   *history;   /* owned */
  GtkWidget      *window;    /* not shown yet; NULL: the test has closed it */
  GtkWidget      *view;
  unsigned int    n_default; /* clicks of the default button */
  unsigned int    n_made;
  char           *last;      /* owned: id of the job that was made last */
  char           *again;     /* owned: what "again" told */
  ComfyRequest   *edited;    /* owned: what "edit" told */
  char           *edited_id; /* owned */
} HistoryView;

void          history_view_set_up            (HistoryView      *fixture,
                                              gconstpointer     data);
void          history_view_set_up_narrow     (HistoryView      *fixture,
                                              gconstpointer     data);
/* in a language that is longer than any; and from right to left as well */
void          history_view_set_up_long       (HistoryView      *fixture,
                                              gconstpointer     data);
void          history_view_set_up_rtl        (HistoryView      *fixture,
                                              gconstpointer     data);
void          history_view_tear_down         (HistoryView      *fixture,
                                              gconstpointer     data);

/* photographs, where nothing is said of pictures */
void          history_view_make              (HistoryView      *fixture,
                                              const HistoryJob *job);
void          history_view_show              (HistoryView      *fixture);
/* whether the image is open that things are compared with */
void          history_view_set_comparison    (HistoryView      *fixture,
                                              gboolean          has_before);

/* history-view-eyes.c: by its accessible name */
void          history_view_wait_until_selected (HistoryView    *fixture,
                                              const char       *name);
/* by which of its job's pictures it is */
void          history_view_wait_until_picture (HistoryView     *fixture,
                                              unsigned int      picture);
const char   *history_view_get_selected_path (HistoryView      *fixture);
void          history_view_wait_for_comparison (HistoryView    *fixture);
void          history_view_wait_until_compared (HistoryView    *fixture,
                                              unsigned int      n);
void          history_view_wait_until_placed (HistoryView      *fixture,
                                              unsigned int      n);
void          history_view_wait_for_spinner  (HistoryView      *fixture);
/* of those that can be seen */
void          history_view_wait_for_pictures (HistoryView      *fixture);

/* what is selected was read, and is no picture */
void          history_view_wait_until_unreadable (HistoryView  *fixture);

cairo_surface_t *
              history_view_get_shown         (HistoryView      *fixture);
/* whether it is "Before" or "After" */
gboolean      history_view_shows             (HistoryView      *fixture,
                                              const char       *description);
int           history_view_get_picture_edge  (HistoryView      *fixture);
void          history_view_press_picture     (HistoryView      *fixture,
                                              gboolean          is_down);
void          history_view_focus_list        (HistoryView      *fixture);

/* (transfer container): labels in the list */
GList        *history_view_list_labels       (HistoryView      *fixture);
void          history_view_wait_until_thumbs (HistoryView      *fixture,
                                              unsigned int      n);
unsigned int  history_view_count_thumbs      (HistoryView      *fixture);
unsigned int  history_view_count_pictures    (HistoryView      *fixture);
void          history_view_scroll_to_the_end (HistoryView      *fixture,
                                              unsigned int      n_thumbs);

/* history-view-hand.c: opens the menu by its key, and chooses */
void          history_view_use_menu          (HistoryView      *fixture,
                                              const char       *entry);
gboolean      history_view_can_use_menu      (HistoryView      *fixture,
                                              const char       *entry);
/* whatever it is called */
void          history_view_show_details      (HistoryView      *fixture);
/* (transfer full): the name that was proposed, and taken */
char         *history_view_save              (HistoryView      *fixture,
                                              const char       *folder);

G_END_DECLS
