/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-endpoint-chooser.h"
#include "comfy-key-entry.h"
#include "comfy-key-form.h"
#include "comfy-ui-util.h"

struct _ComfyKeyForm
{
  GtkGrid            parent_instance;

  ComfyProfileStore *store;    /* owned */
  ComfyProfile      *replaced; /* owned; NULL when a key is added */
  GtkWidget         *key;      /* borrowed: a child */
  GtkWidget         *name;     /* borrowed: a child; NULL when a key is replaced */
  GtkWidget         *chooser;  /* borrowed: a child; NULL when a key is replaced */
};

G_DEFINE_FINAL_TYPE (ComfyKeyForm, comfy_key_form, GTK_TYPE_GRID)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
emit_changed (ComfyKeyForm *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* what may be entered depends on where it is for */
static void
follow_endpoint (ComfyKeyForm *self)
{
  g_autoptr(ComfyEndpoint) endpoint = comfy_key_form_dup_endpoint (self);

  comfy_key_entry_set_any (COMFY_KEY_ENTRY (self->key),
                           endpoint != NULL && !comfy_endpoint_is_preset (endpoint));
}

static void
chooser_changed_cb (ComfyKeyForm *self)
{
  follow_endpoint (self);
  emit_changed (self);
}

static void
comfy_key_form_finalize (GObject *object)
{
  ComfyKeyForm *self = COMFY_KEY_FORM (object);

  g_clear_object (&self->replaced);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (comfy_key_form_parent_class)->finalize (object);
}

static void
comfy_key_form_class_init (ComfyKeyFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_key_form_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_KEY_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_key_form_init (ComfyKeyForm *self)
{
  gtk_grid_set_row_spacing (GTK_GRID (self), 6);
  gtk_grid_set_column_spacing (GTK_GRID (self), 12);
}

static void
attach (ComfyKeyForm *self,
        int           row,
        const char   *label,
        GtkWidget    *field,
        GtkWidget    *target)
{
  GtkWidget *text = comfy_ui_label_for (label, target);

  /* beside the first line of a field that grows a hint below it */
  gtk_widget_set_valign (text, GTK_ALIGN_START);
  gtk_widget_set_margin_top (text, 6);
  gtk_grid_attach (GTK_GRID (self), text, 0, row, 1, 1);
  gtk_widget_set_hexpand (field, TRUE);
  gtk_grid_attach (GTK_GRID (self), field, 1, row, 1, 1);
}

/**
 * comfy_key_form_new:
 * @store: whose environments to offer
 * @replaced: (nullable): the profile that gets a new key; %NULL adds a profile
 *
 * Returns: (transfer floating): an empty form
 */
GtkWidget *
comfy_key_form_new (ComfyProfileStore *store,
                    ComfyProfile      *replaced)
{
  ComfyKeyForm *self;

  g_return_val_if_fail (COMFY_IS_PROFILE_STORE (store), NULL);

  self = g_object_new (COMFY_TYPE_KEY_FORM, NULL);
  self->store = g_object_ref (store);
  g_set_object (&self->replaced, replaced);

  self->key = comfy_key_entry_new ();
  attach (self, 0, _("API _key:"), self->key,
          comfy_key_entry_get_entry (COMFY_KEY_ENTRY (self->key)));
  g_signal_connect_swapped (self->key, "changed", G_CALLBACK (emit_changed), self);
  if (replaced != NULL)
    {
      follow_endpoint (self);
      return GTK_WIDGET (self);
    }

  self->name = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->name), _("As on the platform page"));
  gtk_entry_set_activates_default (GTK_ENTRY (self->name), TRUE);
  attach (self, 1, _("_Name:"), self->name, self->name);

  self->chooser = comfy_endpoint_chooser_new (store);
  attach (self, 2, _("_Environment:"), self->chooser,
          comfy_endpoint_chooser_get_combo (COMFY_ENDPOINT_CHOOSER (self->chooser)));
  g_signal_connect_swapped (self->chooser, "changed", G_CALLBACK (chooser_changed_cb), self);
  follow_endpoint (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_key_form_is_complete:
 * @self: a form
 *
 * Returns: whether what is entered can be tested. An environment of the artist's own may go without
 *   a key; a missing name is no obstacle.
 */
gboolean
comfy_key_form_is_complete (ComfyKeyForm *self)
{
  g_autoptr(ComfyEndpoint)  endpoint = NULL;
  ComfyKeyEntry            *key;

  g_return_val_if_fail (COMFY_IS_KEY_FORM (self), FALSE);

  key = COMFY_KEY_ENTRY (self->key);
  endpoint = comfy_key_form_dup_endpoint (self);
  if (endpoint == NULL)
    return FALSE;
  if (comfy_key_entry_is_empty (key))
    return self->replaced == NULL && !comfy_endpoint_is_preset (endpoint);

  return comfy_key_entry_is_valid (key);
}

/**
 * comfy_key_form_dup_endpoint:
 * @self: a form
 *
 * Returns: (transfer full) (nullable): the environment that the key is for; %NULL while its address
 *   cannot be used
 */
ComfyEndpoint *
comfy_key_form_dup_endpoint (ComfyKeyForm *self)
{
  ComfyEndpoint *known;

  g_return_val_if_fail (COMFY_IS_KEY_FORM (self), NULL);

  if (self->chooser != NULL)
    return comfy_endpoint_chooser_dup_endpoint (COMFY_ENDPOINT_CHOOSER (self->chooser));

  known = comfy_profile_store_find_endpoint (self->store,
                                             comfy_profile_get_endpoint_id (self->replaced));

  return known != NULL ? g_object_ref (known) : NULL;
}

/**
 * comfy_key_form_find_elsewhere:
 * @self: a form
 * @endpoint: the environment that rejected a key
 *
 * Returns: (transfer none) (nullable): the other preset, where a new key may have been made
 */
ComfyEndpoint *
comfy_key_form_find_elsewhere (ComfyKeyForm  *self,
                               ComfyEndpoint *endpoint)
{
  const char *id = comfy_endpoint_get_id (endpoint);

  g_return_val_if_fail (COMFY_IS_KEY_FORM (self), NULL);

  if (self->replaced != NULL || !comfy_endpoint_is_preset (endpoint))
    return NULL;

  return comfy_profile_store_find_endpoint (self->store,
                                            g_str_equal (id, COMFY_ENDPOINT_PRODUCTION)
                                              ? COMFY_ENDPOINT_STAGING
                                              : COMFY_ENDPOINT_PRODUCTION);
}

/**
 * comfy_key_form_select_endpoint:
 * @self: a form that adds a key
 * @endpoint_id: an environment of the store
 */
void
comfy_key_form_select_endpoint (ComfyKeyForm *self,
                                const char   *endpoint_id)
{
  g_return_if_fail (COMFY_IS_KEY_FORM (self));

  if (self->chooser != NULL)
    comfy_endpoint_chooser_select (COMFY_ENDPOINT_CHOOSER (self->chooser), endpoint_id);
}

/**
 * comfy_key_form_get_name:
 * @self: a form that adds a key
 *
 * Returns: (transfer none): what is entered as the key's name, possibly empty
 */
const char *
comfy_key_form_get_name (ComfyKeyForm *self)
{
  g_return_val_if_fail (COMFY_IS_KEY_FORM (self), "");

  return gtk_entry_get_text (GTK_ENTRY (self->name));
}

/**
 * comfy_key_form_take_key:
 * @self: a complete form
 * @origin: the one server that may be told the key
 * @out_credentials: (out) (transfer full) (nullable): the key; %NULL where none is entered
 *
 * Moves the key into guarded memory and empties its entry.
 *
 * Errors: as comfy_key_entry_take()
 *
 * Returns: whether that worked
 */
gboolean
comfy_key_form_take_key (ComfyKeyForm      *self,
                         const char        *origin,
                         ComfyCredentials **out_credentials,
                         GError           **error)
{
  ComfyKeyEntry *key;

  g_return_val_if_fail (COMFY_IS_KEY_FORM (self), FALSE);

  *out_credentials = NULL;
  key = COMFY_KEY_ENTRY (self->key);
  if (comfy_key_entry_is_empty (key))
    return TRUE;

  *out_credentials = comfy_key_entry_take (key, origin, error);

  return *out_credentials != NULL;
}
