/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <string.h>
#include <glib/gi18n.h>

#include "comfy-endpoint-chooser.h"
#include "comfy-ui-util.h"
#include "comfy-url-entry.h"

/* no environment has it: theirs are "production", "staging" and UUIDs */
#define ID_CUSTOM "custom"

struct _ComfyEndpointChooser
{
  GtkBox             parent_instance;

  ComfyProfileStore *store; /* owned */
  GtkWidget         *combo; /* borrowed: a child */
  GtkWidget         *url;   /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyEndpointChooser, comfy_endpoint_chooser, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static gboolean
is_custom (ComfyEndpointChooser *self)
{
  return g_strcmp0 (gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->combo)), ID_CUSTOM) == 0;
}

static void
emit_changed (ComfyEndpointChooser *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
combo_changed_cb (GtkComboBox          *combo,
                  ComfyEndpointChooser *self)
{
  gtk_widget_set_visible (self->url, is_custom (self));
  emit_changed (self);
}

static void
comfy_endpoint_chooser_finalize (GObject *object)
{
  g_clear_object (&COMFY_ENDPOINT_CHOOSER (object)->store);

  G_OBJECT_CLASS (comfy_endpoint_chooser_parent_class)->finalize (object);
}

static void
comfy_endpoint_chooser_class_init (ComfyEndpointChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_endpoint_chooser_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_ENDPOINT_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_endpoint_chooser_init (ComfyEndpointChooser *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);

  self->combo = gtk_combo_box_text_new ();
  gtk_box_pack_start (GTK_BOX (self), self->combo, FALSE, FALSE, 0);

  self->url = comfy_url_entry_new ();
  comfy_ui_set_name (comfy_url_entry_get_entry (COMFY_URL_ENTRY (self->url)),
                     _("Address of the environment"));
  gtk_widget_show_all (self->url);
  gtk_widget_set_no_show_all (self->url, TRUE);
  gtk_widget_hide (self->url);
  gtk_box_pack_start (GTK_BOX (self), self->url, FALSE, FALSE, 0);

  g_signal_connect (self->combo, "changed", G_CALLBACK (combo_changed_cb), self);
  g_signal_connect_swapped (self->url, "changed", G_CALLBACK (emit_changed), self);
}

/**
 * comfy_endpoint_chooser_new:
 * @store: whose environments to offer
 *
 * Returns: (transfer floating): a chooser that stands on the first environment
 */
GtkWidget *
comfy_endpoint_chooser_new (ComfyProfileStore *store)
{
  ComfyEndpointChooser *self;
  GListModel           *endpoints;

  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (store), NULL);

  self = g_object_new (COMFY_TYPE_ENDPOINT_CHOOSER, NULL);
  self->store = g_object_ref (store);
  endpoints = comfy_profile_store_get_endpoints (store);

  for (unsigned int i = 0; i < g_list_model_get_n_items (endpoints); i++)
    {
      g_autoptr(ComfyEndpoint) endpoint = g_list_model_get_item (endpoints, i);

      gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->combo),
                                 comfy_endpoint_get_id (endpoint),
                                 comfy_endpoint_get_label (endpoint));
    }
  gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->combo), ID_CUSTOM, _("Another Address"));
  gtk_combo_box_set_active (GTK_COMBO_BOX (self->combo), 0);

  return GTK_WIDGET (self);
}

/**
 * comfy_endpoint_chooser_get_combo:
 * @self: a chooser
 *
 * Returns: (transfer none): what takes the focus, for the mnemonic of a label
 */
GtkWidget *
comfy_endpoint_chooser_get_combo (ComfyEndpointChooser *self)
{
  g_return_val_if_fail (COMFY_IS_ENDPOINT_CHOOSER (self), NULL);

  return self->combo;
}

/**
 * comfy_endpoint_chooser_select:
 * @self: a chooser
 * @endpoint_id: an environment; an unknown one changes nothing
 */
void
comfy_endpoint_chooser_select (ComfyEndpointChooser *self,
                               const char           *endpoint_id)
{
  g_return_if_fail (COMFY_IS_ENDPOINT_CHOOSER (self));

  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo), endpoint_id);
}

/* an address that an environment has already means that environment */
static ComfyEndpoint *
dup_known (ComfyEndpointChooser *self,
           const char           *base_url)
{
  GListModel *endpoints = comfy_profile_store_get_endpoints (self->store);

  for (unsigned int i = 0; i < g_list_model_get_n_items (endpoints); i++)
    {
      g_autoptr(ComfyEndpoint) endpoint = g_list_model_get_item (endpoints, i);

      if (g_str_equal (comfy_endpoint_get_base_url (endpoint), base_url))
        return g_steal_pointer (&endpoint);
    }

  return NULL;
}

/**
 * comfy_endpoint_chooser_dup_endpoint:
 * @self: a chooser
 *
 * Returns: (transfer full) (nullable): what is chosen; %NULL while the address that is typed cannot
 *   be used. An environment that the store does not know yet is named by its host.
 */
ComfyEndpoint *
comfy_endpoint_chooser_dup_endpoint (ComfyEndpointChooser *self)
{
  const char      *base_url;
  ComfyEndpoint   *endpoint;
  g_autofree char *origin = NULL;

  g_return_val_if_fail (COMFY_IS_ENDPOINT_CHOOSER (self), NULL);

  if (!is_custom (self))
    {
      endpoint = comfy_profile_store_find_endpoint (
        self->store, gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->combo)));
      return endpoint != NULL ? g_object_ref (endpoint) : NULL;
    }

  base_url = comfy_url_entry_get_base_url (COMFY_URL_ENTRY (self->url));
  if (base_url == NULL)
    return NULL;

  endpoint = dup_known (self, base_url);
  if (endpoint != NULL)
    return endpoint;

  origin = comfy_endpoint_origin_of_url (base_url);
  return comfy_endpoint_new (ID_CUSTOM, strstr (origin, "://") + strlen ("://"), base_url, NULL);
}
