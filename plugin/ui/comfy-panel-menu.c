/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-panel-menu.h"
#include "comfy-settings-panel.h"
#include "comfy-settings-window.h"
#include "comfy-ui-util.h"

/* something that the artist switches on and off */
typedef struct
{
  ComfySettings *settings; /* owned */
  gboolean     (*get) (ComfySettings *settings);
  void         (*set) (ComfySettings *settings,
                       gboolean       is_on);
} Choice;

static void
choice_free (gpointer  data,
             GClosure *closure)
{
  Choice *choice = data;

  g_object_unref (choice->settings);
  g_free (choice);
}

static void
toggled_cb (GtkCheckMenuItem *item,
            Choice           *choice)
{
  choice->set (choice->settings, gtk_check_menu_item_get_active (item));
}

/* as it is now: another process may have changed it */
static void
map_cb (GtkCheckMenuItem *item,
        Choice           *choice)
{
  gtk_check_menu_item_set_active (item, choice->get (choice->settings));
}

/* @choice: copied */
static void
add_choice (GtkWidget    *menu,
            const char   *label,
            const char   *tooltip,
            const Choice *choice)
{
  GtkWidget *item = gtk_check_menu_item_new_with_mnemonic (label);
  Choice    *own = g_memdup2 (choice, sizeof *choice);

  g_object_ref (own->settings);
  gtk_check_menu_item_set_active (GTK_CHECK_MENU_ITEM (item), own->get (own->settings));
  gtk_widget_set_tooltip_text (item, tooltip);
  g_signal_connect (item, "map", G_CALLBACK (map_cb), own);
  g_signal_connect_data (item, "toggled", G_CALLBACK (toggled_cb), own, choice_free, 0);
  gtk_menu_shell_append (GTK_MENU_SHELL (menu), item);
}

static void
settings_cb (GtkMenuItem  *item,
             ComfySession *session)
{
  GtkWidget *menu = gtk_widget_get_parent (GTK_WIDGET (item));
  GtkWidget *button = gtk_menu_get_attach_widget (GTK_MENU (menu));
  GtkWidget *window = comfy_settings_window_new (session);

  gtk_window_set_transient_for (GTK_WINDOW (window),
                                GTK_WINDOW (gtk_widget_get_toplevel (button)));
  gtk_window_present (GTK_WINDOW (window));
}

/**
 * comfy_panel_menu_new:
 * @session: the session
 *
 * Returns: (transfer floating): a button with a menu
 */
GtkWidget *
comfy_panel_menu_new (ComfySession *session)
{
  GtkWidget     *button = gtk_menu_button_new ();
  GtkWidget     *menu = gtk_menu_new ();
  GtkWidget     *open = gtk_menu_item_new_with_mnemonic (_("_Settings…"));
  ComfySettings *settings;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  settings = comfy_session_get_settings (session);
  add_choice (menu, _("_Place Results at Once"),
              _("Put what the panel asked for into the image when it arrives, instead of showing it "
                "here first"),
              &(Choice) { settings, comfy_settings_get_panel_places_at_once,
                          comfy_settings_set_panel_places_at_once });
  add_choice (menu, _("Show _Usage"),
              _("What the account used in a day, a week and a month, where the server tells"),
              &(Choice) { settings, comfy_settings_get_panel_shows_usage,
                          comfy_settings_set_panel_shows_usage });
  g_signal_connect_object (open, "activate", G_CALLBACK (settings_cb), session, 0);
  gtk_menu_shell_append (GTK_MENU_SHELL (menu), gtk_separator_menu_item_new ());
  gtk_menu_shell_append (GTK_MENU_SHELL (menu), open);
  gtk_widget_show_all (menu);

  gtk_menu_button_set_popup (GTK_MENU_BUTTON (button), menu);
  gtk_button_set_image (GTK_BUTTON (button),
                        gtk_image_new_from_icon_name ("open-menu-symbolic", GTK_ICON_SIZE_BUTTON));
  gtk_widget_set_tooltip_text (button, _("What the panel does, and the settings"));
  comfy_ui_set_name (button, _("Panel Menu"));

  return button;
}
