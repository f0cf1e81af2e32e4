/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person does with the menu of the history.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "history-view-fixture.h"
#include "ui-test.h"

static GtkWidget *
open_menu (HistoryView *fixture)
{
  history_view_focus_list (fixture);

  return ui_test_open_menu (fixture->window);
}

void
history_view_use_menu (HistoryView *fixture,
                       const char  *entry)
{
  ui_test_choose (open_menu (fixture), entry);
  if (!g_str_has_suffix (entry, "File…"))
    ui_test_wait_until_menu_closed (fixture->window);
}

gboolean
history_view_can_use_menu (HistoryView *fixture,
                           const char  *entry)
{
  GtkWidget *menu = open_menu (fixture);
  GtkWidget *item = ui_test_get_entry (menu, entry);
  gboolean   can = gtk_widget_get_visible (item) && gtk_widget_is_sensitive (item);

  gtk_menu_shell_deactivate (GTK_MENU_SHELL (menu));
  ui_test_wait_until_menu_closed (fixture->window);

  return can;
}

/* in whatever language */
void
history_view_show_details (HistoryView *fixture)
{
  GtkWidget        *menu = open_menu (fixture);
  g_autoptr(GList)  entries = gtk_container_get_children (GTK_CONTAINER (menu));

  for (GList *at = entries; at != NULL; at = at->next)
    if (GTK_IS_CHECK_MENU_ITEM (at->data))
      gtk_menu_shell_activate_item (GTK_MENU_SHELL (menu), at->data, TRUE);
  ui_test_wait_until_menu_closed (fixture->window);
}

/* (nullable): the window that asks for a file's name */
static GtkWidget *
find_chooser (void)
{
  g_autoptr(GList)  windows = gtk_window_list_toplevels ();
  GtkWidget        *found = NULL;

  for (GList *link = windows; link != NULL; link = link->next)
    if (GTK_IS_FILE_CHOOSER_DIALOG (link->data) && gtk_widget_get_mapped (link->data))
      found = link->data;

  return found;
}

static gboolean
has_chooser (gpointer data)
{
  return find_chooser () != NULL;
}

/* the chooser reads the folder meanwhile */
static gboolean
has_file_name (gpointer data)
{
  g_autofree char *path = gtk_file_chooser_get_filename (data);

  return path != NULL;
}

char *
history_view_save (HistoryView *fixture,
                   const char  *folder)
{
  GtkWidget *chooser;
  char      *name;

  history_view_use_menu (fixture, "Save File…");
  ui_test_wait_for (has_chooser, NULL);
  chooser = find_chooser ();
  name = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (chooser));
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), folder);
  ui_test_wait_for (has_file_name, chooser);
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);

  return name;
}
