/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Real windows under a real window manager, driven as a person does: by what is written on a
 * control. Nothing here waits for time, only for events. */
typedef gboolean (*UiTestCondition) (gpointer data);

void       ui_test_init         (int             *argc,
                                 char          ***argv);
void       ui_test_wait_for     (UiTestCondition  condition,
                                 gpointer         data);
void       ui_test_show         (GtkWidget       *window);
void       ui_test_shoot        (GtkWidget       *window,
                                 const char      *name);
void       ui_test_shoot_both   (GtkWidget       *window,
                                 const char      *name);

char      *ui_test_dup_name     (GtkWidget       *widget);
GtkWidget *ui_test_find         (GtkWidget       *root,
                                 GType            type,
                                 const char      *name);
GtkWidget *ui_test_get          (GtkWidget       *root,
                                 GType            type,
                                 const char      *name);
GtkWidget *ui_test_wait_until_there
                                (GtkWidget       *root,
                                 GType            type,
                                 const char      *name);
void       ui_test_click        (GtkWidget       *root,
                                 const char      *name);
gboolean   ui_test_says         (GtkWidget       *root,
                                 const char      *text);
void       ui_test_wait_until_says
                                (GtkWidget       *root,
                                 const char      *text);
void       ui_test_press        (GtkWidget       *window,
                                 unsigned int     keyval,
                                 GdkModifierType  modifiers);

/* ui-test-menu.c */
GtkWidget *ui_test_open_menu    (GtkWidget       *window);
GtkWidget *ui_test_get_entry    (GtkWidget       *menu,
                                 const char      *entry);
void       ui_test_choose       (GtkWidget       *menu,
                                 const char      *entry);
void       ui_test_wait_until_menu_closed
                                (GtkWidget       *window);
void       ui_test_choose_from_button
                                (GtkWidget       *window,
                                 const char      *button,
                                 const char      *entry);

/* until what was asked to be drawn is drawn */
void       ui_test_wait_for_paint
                                (GtkWidget       *window);
/* over the children that can be seen */
void       ui_test_descend      (GtkWidget       *widget,
                                 GtkCallback      callback,
                                 gpointer         data);

/* ends the test unless each control has a name and a mnemonic of its own, Tab reaches it, and no
 * label is clipped */
void       ui_test_check_people (GtkWidget       *window);

G_END_DECLS
