/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-environment-list.h"
#include "comfy-environment-row.h"
#include "comfy-environment-setup.h"
#include "comfy-key-assistant.h"
#include "comfy-ui-util.h"
#include "comfy-url-entry.h"

struct _ComfyEnvironmentList
{
  GtkStack      parent_instance;

  ComfySession *session;   /* owned */
  GtkSizeGroup *names;     /* owned: aligns the addresses */
  GtkWidget    *assistant; /* borrowed: a child; NULL while none is needed */
  GtkWidget    *setup;     /* borrowed: a child: asks, and says what went wrong */
  GtkWidget    *list;      /* borrowed: a child */
  GtkWidget    *label;     /* borrowed: a child: the new environment's name */
  GtkWidget    *url;       /* borrowed: a child: the new environment's address */
  GtkWidget    *add;       /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyEnvironmentList, comfy_environment_list, GTK_TYPE_STACK)

static ComfyProfileStore *
get_store (ComfyEnvironmentList *self)
{
  return comfy_session_get_profiles (self->session);
}

/* One environment to be removed */
typedef struct
{
  ComfyEnvironmentList *self; /* owned */
  char                 *id;   /* owned */
} Removal;

static void
removal_free (gpointer data)
{
  Removal *removal = data;

  g_object_unref (removal->self);
  g_free (removal->id);
  g_free (removal);
}

/* that it is used without a key goes with it; keys do not */
static DexFuture *
remove_fiber (gpointer data)
{
  Removal           *removal = data;
  ComfyProfileStore *store = get_store (removal->self);
  ComfyProfile      *profile = comfy_profile_store_get_default (store, removal->id);
  g_autoptr(GError)  error = NULL;

  if ((profile == NULL || comfy_profile_has_key (profile) ||
       dex_await (comfy_profile_store_remove (store, profile), &error)) &&
      comfy_profile_store_remove_endpoint (store, removal->id, &error))
    return dex_future_new_true ();

  /* a page that is destroyed has no parent any more, and no children to say it with */
  if (gtk_widget_get_parent (GTK_WIDGET (removal->self)) != NULL)
    comfy_environment_setup_show_error (COMFY_ENVIRONMENT_SETUP (removal->self->setup), error);

  return dex_future_new_true ();
}

static void
row_set_up_cb (ComfyEnvironmentRow  *row,
               ComfyEnvironmentList *self)
{
  comfy_environment_setup_ask (COMFY_ENVIRONMENT_SETUP (self->setup),
                               comfy_environment_row_get_endpoint (row));
}

static void
row_remove_cb (ComfyEnvironmentRow  *row,
               ComfyEnvironmentList *self)
{
  Removal *removal = g_new0 (Removal, 1);

  removal->self = g_object_ref (self);
  removal->id = g_strdup (comfy_endpoint_get_id (comfy_environment_row_get_endpoint (row)));
  comfy_environment_setup_hide (COMFY_ENVIRONMENT_SETUP (self->setup));
  dex_future_disown (dex_scheduler_spawn (NULL, 0, remove_fiber, removal, removal_free));
}

static void
drop_assistant (ComfyEnvironmentList *self)
{
  gtk_stack_set_visible_child_name (GTK_STACK (self), "environments");
  g_clear_pointer (&self->assistant, gtk_widget_destroy);
}

static void
assistant_done_cb (ComfyKeyAssistant    *assistant,
                   ComfyProfile         *profile,
                   ComfyEnvironmentList *self)
{
  drop_assistant (self);
}

static void
add_key_cb (ComfyEnvironmentSetup *setup,
            ComfyEndpoint         *endpoint,
            ComfyEnvironmentList  *self)
{
  self->assistant = comfy_key_assistant_new (self->session, NULL);
  comfy_key_assistant_select_endpoint (COMFY_KEY_ASSISTANT (self->assistant),
                                       comfy_endpoint_get_id (endpoint));
  g_signal_connect (self->assistant, "done", G_CALLBACK (assistant_done_cb), self);
  g_signal_connect_swapped (self->assistant, "cancelled", G_CALLBACK (drop_assistant), self);
  gtk_widget_show_all (self->assistant);
  gtk_stack_add_named (GTK_STACK (self), self->assistant, "assistant");
  gtk_stack_set_visible_child_name (GTK_STACK (self), "assistant");
}

static void
add_cb (ComfyEnvironmentList *self)
{
  g_autoptr(GError)  error = NULL;
  ComfyUrlEntry     *url = COMFY_URL_ENTRY (self->url);
  ComfyEndpoint     *endpoint;

  endpoint = comfy_profile_store_add_endpoint (get_store (self),
                                               gtk_entry_get_text (GTK_ENTRY (self->label)),
                                               comfy_url_entry_get_base_url (url), &error);
  if (endpoint == NULL)
    {
      comfy_environment_setup_show_error (COMFY_ENVIRONMENT_SETUP (self->setup), error);
      return;
    }

  gtk_entry_set_text (GTK_ENTRY (self->label), "");
  comfy_url_entry_clear (url);
  gtk_widget_grab_focus (self->label);
  comfy_environment_setup_ask (COMFY_ENVIRONMENT_SETUP (self->setup), endpoint);
}

static void
entered_cb (ComfyEnvironmentList *self)
{
  gtk_widget_set_sensitive (self->add,
                            *gtk_entry_get_text (GTK_ENTRY (self->label)) != '\0' &&
                            comfy_url_entry_get_base_url (COMFY_URL_ENTRY (self->url)) != NULL);
}

/* Few rows that share one group of radio buttons: made anew whenever there are others. */
static void
update (ComfyEnvironmentList *self)
{
  GListModel       *endpoints = comfy_profile_store_get_endpoints (get_store (self));
  g_autoptr(GList)  old = gtk_container_get_children (GTK_CONTAINER (self->list));
  GtkWidget        *row = NULL;

  for (GList *child = old; child != NULL; child = child->next)
    gtk_widget_destroy (child->data);

  for (unsigned int i = 0; i < g_list_model_get_n_items (endpoints); i++)
    {
      g_autoptr(ComfyEndpoint) endpoint = g_list_model_get_item (endpoints, i);

      row = comfy_environment_row_new (self->session, endpoint,
                                       row != NULL ? COMFY_ENVIRONMENT_ROW (row) : NULL);
      g_signal_connect (row, "set-up", G_CALLBACK (row_set_up_cb), self);
      g_signal_connect (row, "removed", G_CALLBACK (row_remove_cb), self);
      gtk_size_group_add_widget (self->names,
                                 comfy_environment_row_get_radio (COMFY_ENVIRONMENT_ROW (row)));
      gtk_box_pack_start (GTK_BOX (self->list), row, FALSE, FALSE, 0);
    }
  gtk_widget_show_all (self->list);
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
  GtkWidget *page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *heading;

  self->setup = comfy_environment_setup_new (self->session);
  g_signal_connect (self->setup, "add-key", G_CALLBACK (add_key_cb), self);
  gtk_box_pack_start (GTK_BOX (page), self->setup, FALSE, FALSE, 0);

  gtk_box_pack_start (GTK_BOX (page), comfy_ui_heading_new (_("Actions Run On")), FALSE, FALSE, 0);
  self->list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_pack_start (GTK_BOX (page), self->list, FALSE, FALSE, 0);

  heading = comfy_ui_heading_new (_("An Environment of Your Own"));
  gtk_widget_set_margin_top (heading, 6);
  gtk_box_pack_start (GTK_BOX (page), heading, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (page), build_new (self), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (page),
                      comfy_ui_hint_new (_("A key is sent to the environment that it was added "
                                           "for, and to no other server.")),
                      FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (page),
                      comfy_ui_hint_new (_("Partner models, such as Nano Banana or GPT Image, cost "
                                           "extra with each use. Where you allow it, your API key "
                                           "is handed to the service along with a job that uses "
                                           "one, and the account of this key pays.")),
                      FALSE, FALSE, 0);

  gtk_stack_set_vhomogeneous (GTK_STACK (self), FALSE);
  gtk_stack_add_named (GTK_STACK (self), page, "environments");
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

/**
 * comfy_environment_list_show_partners:
 * @self: the page
 * @endpoint_id: an environment
 *
 * Leads to the setting whether partner models may bill the account there.
 */
void
comfy_environment_list_show_partners (ComfyEnvironmentList *self,
                                      const char           *endpoint_id)
{
  g_autoptr(GList) rows = NULL;

  g_return_if_fail (COMFY_IS_ENVIRONMENT_LIST (self));

  rows = gtk_container_get_children (GTK_CONTAINER (self->list));
  for (GList *row = rows; row != NULL; row = row->next)
    {
      ComfyEndpoint *endpoint = comfy_environment_row_get_endpoint (row->data);

      if (g_strcmp0 (comfy_endpoint_get_id (endpoint), endpoint_id) == 0)
        comfy_environment_row_focus_partners (row->data);
    }
}
