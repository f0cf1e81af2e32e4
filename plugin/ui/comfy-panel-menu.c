/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-panel-menu.h"
#include "comfy-settings-panel.h"
#include "comfy-settings-window.h"
#include "comfy-ui-util.h"

static void
at_once_cb (GtkCheckMenuItem *item,
            ComfySession     *session)
{
  comfy_settings_set_panel_places_at_once (comfy_session_get_settings (session),
                                           gtk_check_menu_item_get_active (item));
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

/* another process may have changed it since */
static void
shown_cb (GtkWidget        *menu,
          GtkCheckMenuItem *item)
{
  ComfySession *session = g_object_get_data (G_OBJECT (item), "session");

  gtk_check_menu_item_set_active (item, comfy_settings_get_panel_places_at_once (
                                    comfy_session_get_settings (session)));
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
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *menu = gtk_menu_new ();
  GtkWidget *at_once = gtk_check_menu_item_new_with_mnemonic (_("_Place Results at Once"));
  GtkWidget *settings = gtk_menu_item_new_with_mnemonic (_("_Settings…"));

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  gtk_widget_set_tooltip_text (at_once, _("Put what the panel asked for into the image when it "
                                          "arrives, instead of showing it here first"));
  g_object_set_data_full (G_OBJECT (at_once), "session", g_object_ref (session), g_object_unref);
  g_signal_connect_object (at_once, "toggled", G_CALLBACK (at_once_cb), session, 0);
  g_signal_connect_object (settings, "activate", G_CALLBACK (settings_cb), session, 0);
  g_signal_connect (menu, "show", G_CALLBACK (shown_cb), at_once);
  gtk_menu_shell_append (GTK_MENU_SHELL (menu), at_once);
  gtk_menu_shell_append (GTK_MENU_SHELL (menu), gtk_separator_menu_item_new ());
  gtk_menu_shell_append (GTK_MENU_SHELL (menu), settings);
  gtk_widget_show_all (menu);

  gtk_menu_button_set_popup (GTK_MENU_BUTTON (button), menu);
  gtk_button_set_image (GTK_BUTTON (button),
                        gtk_image_new_from_icon_name ("open-menu-symbolic", GTK_ICON_SIZE_BUTTON));
  gtk_widget_set_tooltip_text (button, _("What the panel does, and the settings"));
  comfy_ui_set_name (button, _("Panel Menu"));

  return button;
}
