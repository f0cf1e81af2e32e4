/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-environment-list.h"
#include "comfy-notice.h"
#include "comfy-ui-util.h"
#include "comfy-url-entry.h"

struct _ComfyEnvironmentList
{
  GtkBox        parent_instance;

  ComfySession *session;   /* owned */
  GtkSizeGroup *names;     /* owned: aligns the addresses */
  GtkWidget    *notice;    /* borrowed: a child */
  GtkWidget    *list;      /* borrowed: a child */
  GtkWidget    *label;     /* borrowed: a child: the new environment's name */
  GtkWidget    *url;       /* borrowed: a child: the new environment's address */
  GtkWidget    *add;       /* borrowed: a child */
  gboolean      following; /* the radio buttons follow the settings, not the artist */
};

G_DEFINE_FINAL_TYPE (ComfyEnvironmentList, comfy_environment_list, GTK_TYPE_BOX)

static ComfyProfileStore *
get_store (ComfyEnvironmentList *self)
{
  return comfy_session_get_profiles (self->session);
}

static void
show_error (ComfyEnvironmentList *self,
            const GError         *error)
{
  comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_ERROR, error->message);
}

static void
choose_toggled_cb (GtkToggleButton      *button,
                   ComfyEnvironmentList *self)
{
  if (!self->following && gtk_toggle_button_get_active (button))
    comfy_settings_set_endpoint (comfy_session_get_settings (self->session),
                                 g_object_get_data (G_OBJECT (button), "id"));
}

static void
remove_cb (GtkButton            *button,
           ComfyEnvironmentList *self)
{
  g_autoptr(GError)  error = NULL;
  g_autofree char   *id = g_strdup (g_object_get_data (G_OBJECT (button), "id"));

  comfy_notice_hide (COMFY_NOTICE (self->notice));
  if (!comfy_profile_store_remove_endpoint (get_store (self), id, &error))
    show_error (self, error);
}

static void
add_cb (ComfyEnvironmentList *self)
{
  g_autoptr(GError)  error = NULL;
  ComfyUrlEntry     *url = COMFY_URL_ENTRY (self->url);

  comfy_notice_hide (COMFY_NOTICE (self->notice));
  if (comfy_profile_store_add_endpoint (get_store (self),
                                        gtk_entry_get_text (GTK_ENTRY (self->label)),
                                        comfy_url_entry_get_base_url (url), &error) == NULL)
    {
      show_error (self, error);
      return;
    }

  gtk_entry_set_text (GTK_ENTRY (self->label), "");
  comfy_url_entry_clear (url);
  gtk_widget_grab_focus (self->label);
}

static void
entered_cb (ComfyEnvironmentList *self)
{
  gtk_widget_set_sensitive (self->add,
                            *gtk_entry_get_text (GTK_ENTRY (self->label)) != '\0' &&
                            comfy_url_entry_get_base_url (COMFY_URL_ENTRY (self->url)) != NULL);
}

static GtkWidget *
create_row (ComfyEnvironmentList  *self,
            ComfyEndpoint         *endpoint,
            GSList               **group)
{
  GtkWidget  *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget  *radio = gtk_radio_button_new_with_label (*group, comfy_endpoint_get_label (endpoint));
  GtkWidget  *url = comfy_ui_hint_new (comfy_endpoint_get_base_url (endpoint));
  const char *id = comfy_endpoint_get_id (endpoint);
  GtkWidget  *remove;

  *group = gtk_radio_button_get_group (GTK_RADIO_BUTTON (radio));
  g_object_set_data_full (G_OBJECT (radio), "id", g_strdup (id), g_free);
  gtk_toggle_button_set_active (
    GTK_TOGGLE_BUTTON (radio),
    g_strcmp0 (id, comfy_settings_get_endpoint (comfy_session_get_settings (self->session))) == 0);
  g_signal_connect (radio, "toggled", G_CALLBACK (choose_toggled_cb), self);
  gtk_size_group_add_widget (self->names, radio);
  gtk_box_pack_start (GTK_BOX (row), radio, FALSE, FALSE, 0);

  gtk_label_set_line_wrap_mode (GTK_LABEL (url), PANGO_WRAP_CHAR);
  gtk_box_pack_start (GTK_BOX (row), url, TRUE, TRUE, 0);

  if (!comfy_endpoint_is_preset (endpoint))
    {
      g_autofree char *name = g_strdup_printf (_("Remove “%s”"),
                                               comfy_endpoint_get_label (endpoint));

      remove = gtk_button_new_with_label (_("Remove"));
      comfy_ui_set_name (remove, name);
      g_object_set_data_full (G_OBJECT (remove), "id", g_strdup (id), g_free);
      g_signal_connect (remove, "clicked", G_CALLBACK (remove_cb), self);
      gtk_box_pack_end (GTK_BOX (row), remove, FALSE, FALSE, 0);
    }

  return row;
}

/* Few rows that share one group of radio buttons: made anew whenever something changes. */
static void
update (ComfyEnvironmentList *self)
{
  GListModel       *endpoints = comfy_profile_store_get_endpoints (get_store (self));
  g_autoptr(GList)  old = gtk_container_get_children (GTK_CONTAINER (self->list));
  GSList           *group = NULL;

  self->following = TRUE;
  for (GList *row = old; row != NULL; row = row->next)
    gtk_widget_destroy (row->data);

  for (unsigned int i = 0; i < g_list_model_get_n_items (endpoints); i++)
    {
      g_autoptr(ComfyEndpoint) endpoint = g_list_model_get_item (endpoints, i);

      gtk_box_pack_start (GTK_BOX (self->list), create_row (self, endpoint, &group), FALSE, FALSE,
                          0);
    }
  gtk_widget_show_all (self->list);
  self->following = FALSE;
}

static void
comfy_environment_list_finalize (GObject *object)
{
  ComfyEnvironmentList *self = COMFY_ENVIRONMENT_LIST (object);

  g_clear_object (&self->names);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_environment_list_parent_class)->finalize (object);
}

static void
comfy_environment_list_class_init (ComfyEnvironmentListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_environment_list_finalize;
}

static void
comfy_environment_list_init (ComfyEnvironmentList *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_container_set_border_width (GTK_CONTAINER (self), 12);
  self->names = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
}

/* what is needed for one more */
static GtkWidget *
build_new (ComfyEnvironmentList *self)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *label;

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);

  self->label = gtk_entry_new ();
  gtk_widget_set_hexpand (self->label, TRUE);
  g_signal_connect_swapped (self->label, "changed", G_CALLBACK (entered_cb), self);
  gtk_grid_attach (GTK_GRID (grid), comfy_ui_label_for (_("_Name:"), self->label), 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->label, 1, 0, 2, 1);

  self->url = comfy_url_entry_new ();
  gtk_widget_set_hexpand (self->url, TRUE);
  g_signal_connect_swapped (self->url, "changed", G_CALLBACK (entered_cb), self);
  label = comfy_ui_label_for (_("A_ddress:"),
                              comfy_url_entry_get_entry (COMFY_URL_ENTRY (self->url)));
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_margin_top (label, 6);
  gtk_grid_attach (GTK_GRID (grid), label, 0, 1, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), self->url, 1, 1, 1, 1);

  self->add = gtk_button_new_with_mnemonic (_("_Add"));
  gtk_widget_set_valign (self->add, GTK_ALIGN_START);
  gtk_widget_set_sensitive (self->add, FALSE);
  g_signal_connect_swapped (self->add, "clicked", G_CALLBACK (add_cb), self);
  gtk_grid_attach (GTK_GRID (grid), self->add, 2, 1, 1, 1);

  return grid;
}

static void
build (ComfyEnvironmentList *self)
{
  GtkWidget *heading;

  self->notice = comfy_notice_new ();
  gtk_box_pack_start (GTK_BOX (self), self->notice, FALSE, FALSE, 0);

  gtk_box_pack_start (GTK_BOX (self), comfy_ui_heading_new (_("Actions Run On")), FALSE, FALSE, 0);
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_pack_start (GTK_BOX (self), self->list, FALSE, FALSE, 0);

  heading = comfy_ui_heading_new (_("An Environment of Your Own"));
  gtk_widget_set_margin_top (heading, 6);
  gtk_box_pack_start (GTK_BOX (self), heading, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), build_new (self), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self),
                      comfy_ui_hint_new (_("A key is sent to the environment that it was added "
                                           "for, and to no other server.")),
                      FALSE, FALSE, 0);
}

/**
 * comfy_environment_list_new:
 * @session: the session
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
comfy_environment_list_new (ComfySession *session)
{
  ComfyEnvironmentList *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_ENVIRONMENT_LIST, NULL);
  self->session = g_object_ref (session);
  build (self);
  update (self);
  g_signal_connect_object (comfy_profile_store_get_endpoints (get_store (self)), "items-changed",
                           G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}
