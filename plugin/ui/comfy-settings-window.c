/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-environment-list.h"
#include "comfy-guard-settings.h"
#include "comfy-job-settings.h"
#include "comfy-key-list.h"
#include "comfy-settings-window.h"
#include "comfy-ui-util.h"

struct _ComfySettingsWindow
{
  GtkDialog  parent_instance;

  GtkWidget *notebook;     /* borrowed: a child */
  GtkWidget *environments; /* borrowed: a child: a page */
};

G_DEFINE_FINAL_TYPE (ComfySettingsWindow, comfy_settings_window, GTK_TYPE_DIALOG)

static void
comfy_settings_window_response (GtkDialog *dialog,
                                int        response)
{
  gtk_widget_destroy (GTK_WIDGET (dialog));
}

static void
comfy_settings_window_class_init (ComfySettingsWindowClass *klass)
{
  GTK_DIALOG_CLASS (klass)->response = comfy_settings_window_response;
}

static void
comfy_settings_window_init (ComfySettingsWindow *self)
{
  gtk_window_set_title (GTK_WINDOW (self), _("Comfy Cloud Settings"));
  gtk_window_set_role (GTK_WINDOW (self), "comfy-settings");
  gtk_dialog_add_button (GTK_DIALOG (self), _("_Close"), GTK_RESPONSE_CLOSE);
}

static void
add_page (GtkWidget  *notebook,
          GtkWidget  *page,
          const char *label)
{
  GtkWidget *tab = gtk_label_new_with_mnemonic (label);

  /* GIMP's themes leave no room around what is in a tab */
  g_object_set (tab, "margin-start", 6, "margin-end", 6, NULL);
  gtk_notebook_append_page (GTK_NOTEBOOK (notebook), page, tab);
}

/**
 * comfy_settings_window_new:
 * @session: the session
 *
 * Returns: (transfer none): a window that is not shown yet, owned by GTK until it is closed
 */
GtkWidget *
comfy_settings_window_new (ComfySession *session)
{
  ComfySettingsWindow *self;
  GtkWidget           *content;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_SETTINGS_WINDOW, NULL);
  content = gtk_dialog_get_content_area (GTK_DIALOG (self));
  self->notebook = gtk_notebook_new ();
  gtk_container_set_border_width (GTK_CONTAINER (self->notebook), 12);
  comfy_ui_set_name (self->notebook, _("Pages"));
  add_page (self->notebook, comfy_key_list_new (session), _("Ke_ys"));
  self->environments = comfy_environment_list_new (session);
  add_page (self->notebook, self->environments, _("En_vironments"));
  add_page (self->notebook, comfy_job_settings_new (session), _("_Jobs and Privacy"));
  add_page (self->notebook, comfy_guard_settings_new (session), _("Spendin_g"));
  gtk_box_pack_start (GTK_BOX (content), self->notebook, TRUE, TRUE, 0);
  gtk_widget_show_all (content);

  return GTK_WIDGET (self);
}

/**
 * comfy_settings_window_show_partners:
 * @self: a window
 * @endpoint_id: an environment
 *
 * Shows the window at the setting whether partner models may bill the account there.
 */
void
comfy_settings_window_show_partners (ComfySettingsWindow *self,
                                     const char          *endpoint_id)
{
  g_return_if_fail (COMFY_IS_SETTINGS_WINDOW (self));

  gtk_notebook_set_current_page (GTK_NOTEBOOK (self->notebook),
                                 gtk_notebook_page_num (GTK_NOTEBOOK (self->notebook),
                                                        self->environments));
  comfy_environment_list_show_partners (COMFY_ENVIRONMENT_LIST (self->environments), endpoint_id);
  gtk_window_present (GTK_WINDOW (self));
  /* GTK shows the focus only to those who have pressed a key in this window */
  gtk_window_set_focus_visible (GTK_WINDOW (self), TRUE);
}
