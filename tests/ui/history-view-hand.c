/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person does with the menu of the history.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "history-view-fixture.h"
#include "ui-test.h"

/* (nullable): the menu that is open */
static GtkWidget *
find_open_menu (void)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    {
      GtkWidget *child = gtk_bin_get_child (GTK_BIN (at->data));

      if (GTK_IS_MENU (child) && gtk_widget_get_mapped (child))
        return child;
    }

  return NULL;
}

static gboolean
menu_is_open (gpointer unused)
{
  return find_open_menu () != NULL;
}

/* the server gives the keyboard back after the menu */
static gboolean
has_keyboard (gpointer window)
{
  return find_open_menu () == NULL && gtk_window_is_active (window);
}

/* must be there */
static GtkWidget *
find_entry (GtkWidget  *menu,
            const char *entry)
{
  g_autoptr(GList) entries = gtk_container_get_children (GTK_CONTAINER (menu));

  for (GList *at = entries; at != NULL; at = at->next)
    {
      g_autofree char *name = ui_test_dup_name (at->data);

      if (g_str_equal (name, entry))
        return at->data;
    }
  g_error ("The menu has no “%s”.", entry);
}

static GtkWidget *
open_menu (HistoryView *fixture)
{
  history_view_focus_list (fixture);
  ui_test_press (fixture->window, GDK_KEY_Menu, 0);
  ui_test_wait_for (menu_is_open, NULL);

  return find_open_menu ();
}

void
history_view_use_menu (HistoryView *fixture,
                       const char  *entry)
{
  GtkWidget *menu = open_menu (fixture);
  GtkWidget *item = find_entry (menu, entry);

  g_assert_true (gtk_widget_get_visible (item) && gtk_widget_is_sensitive (item));
  gtk_menu_shell_activate_item (GTK_MENU_SHELL (menu), item, TRUE);
  if (!g_str_has_suffix (entry, "File…"))
    ui_test_wait_for (has_keyboard, fixture->window);
}

gboolean
history_view_can_use_menu (HistoryView *fixture,
                           const char  *entry)
{
  GtkWidget *menu = open_menu (fixture);
  GtkWidget *item = find_entry (menu, entry);
  gboolean   can = gtk_widget_get_visible (item) && gtk_widget_is_sensitive (item);

  gtk_menu_shell_deactivate (GTK_MENU_SHELL (menu));
  ui_test_wait_for (has_keyboard, fixture->window);

  return can;
}

void
history_view_show_details (HistoryView *fixture)
{
  GtkWidget        *menu = open_menu (fixture);
  g_autoptr(GList)  entries = gtk_container_get_children (GTK_CONTAINER (menu));

  for (GList *at = entries; at != NULL; at = at->next)
    if (GTK_IS_CHECK_MENU_ITEM (at->data))
      gtk_menu_shell_activate_item (GTK_MENU_SHELL (menu), at->data, TRUE);
  ui_test_wait_for (has_keyboard, fixture->window);
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
