/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Menus, as a person uses them: they are opened, and an entry is chosen by what is written on it.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

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

static gboolean
has_keyboard (gpointer window)
{
  return find_open_menu () == NULL && gtk_window_is_active (window);
}

/* Opens the menu of what has the keyboard, by its key. Returns: (transfer none) */
GtkWidget *
ui_test_open_menu (GtkWidget *window)
{
  ui_test_press (window, GDK_KEY_Menu, 0);
  ui_test_wait_for (menu_is_open, NULL);

  return find_open_menu ();
}

/* Returns: (transfer none): it must be there */
GtkWidget *
ui_test_get_entry (GtkWidget  *menu,
                   const char *entry)
{
  g_autoptr(GList) entries = gtk_container_get_children (GTK_CONTAINER (menu));

  for (GList *at = entries; at != NULL; at = at->next)
    {
      g_autofree char *name = ui_test_dup_name (at->data);

      if (g_strcmp0 (name, entry) == 0)
        return at->data;
    }
  g_error ("The menu has no “%s”.", entry);
}

/* Chooses an entry that can be chosen of a menu that is open */
void
ui_test_choose (GtkWidget  *menu,
                const char *entry)
{
  GtkWidget *item = ui_test_get_entry (menu, entry);

  g_assert_true (gtk_widget_get_visible (item) && gtk_widget_is_sensitive (item));
  gtk_menu_shell_activate_item (GTK_MENU_SHELL (menu), item, TRUE);
}

/* The server gives the keyboard back after the menu */
void
ui_test_wait_until_menu_closed (GtkWidget *window)
{
  ui_test_wait_for (has_keyboard, window);
}

/* Chooses an entry of the menu that a button would open: GTK opens it only by a real pointer */
void
ui_test_choose_from_button (GtkWidget  *window,
                            const char *button,
                            const char *entry)
{
  GtkWidget *opener = ui_test_get (window, GTK_TYPE_MENU_BUTTON, button);
  GtkWidget *menu = GTK_WIDGET (gtk_menu_button_get_popup (GTK_MENU_BUTTON (opener)));

  gtk_menu_item_activate (GTK_MENU_ITEM (ui_test_get_entry (menu, entry)));
}
