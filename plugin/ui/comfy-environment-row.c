/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-environment-row.h"
#include "comfy-ui-util.h"

struct _ComfyEnvironmentRow
{
  GtkGrid        parent_instance;

  ComfySession  *session;   /* owned */
  ComfyEndpoint *endpoint;  /* owned */
  GtkWidget     *radio;     /* borrowed: a child: actions run there */
  GtkWidget     *protocol;  /* borrowed: a child: what answers there */
  GtkWidget     *partners;  /* borrowed: a child: whether they may bill the account */
  GtkWidget     *set_up;    /* borrowed: a child; NULL for a preset */
  gboolean       following; /* the buttons follow the settings, not the artist */
};

G_DEFINE_FINAL_TYPE (ComfyEnvironmentRow, comfy_environment_row, GTK_TYPE_GRID)

enum
{
  SET_UP,
  REMOVED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static ComfySettings *
get_settings (ComfyEnvironmentRow *self)
{
  return comfy_session_get_settings (self->session);
}

static char *
dup_protocol (ComfyEnvironmentRow *self)
{
  const char *name = comfy_connector_get_protocol_name (comfy_session_get_connector (self->session),
                                                        self->endpoint);

  if (name == NULL)
    return g_strdup (_("Not asked yet"));
  if (!g_str_equal (comfy_settings_get_protocol (get_settings (self)), "auto"))
    /* translators: %s is a protocol, such as “Comfy API v2” */
    return g_strdup_printf (_("%s, as chosen under “Jobs and Privacy”"), name);

  return g_strdup (name);
}

/* nothing is known of how to use it: neither a key nor that none is needed */
static gboolean
lacks_profile (ComfyEnvironmentRow *self)
{
  ComfyProfileStore *profiles = comfy_session_get_profiles (self->session);
  ComfyProfile      *active = comfy_profile_store_get_active (profiles);
  const char        *id = comfy_endpoint_get_id (self->endpoint);

  return comfy_profile_store_get_default (profiles, id) == NULL &&
         (active == NULL || !g_str_equal (comfy_profile_get_endpoint_id (active), id));
}

/* without a key there is nothing that could be handed on */
static gboolean
may_bill (ComfyEnvironmentRow *self)
{
  ComfyProfile *profile;

  profile = comfy_profile_store_get_default (comfy_session_get_profiles (self->session),
                                             comfy_endpoint_get_id (self->endpoint));

  return comfy_endpoint_may_carry_key (self->endpoint) &&
         (profile == NULL || comfy_profile_has_key (profile));
}

static void
update (ComfyEnvironmentRow *self)
{
  const char      *id = comfy_endpoint_get_id (self->endpoint);
  g_autofree char *protocol = dup_protocol (self);
  g_autofree char *spoken = NULL;

  /* translators: an environment and what answers there, such as “Production: Comfy API v2” */
  spoken = g_strdup_printf (_("%s: %s"), comfy_endpoint_get_label (self->endpoint), protocol);
  gtk_label_set_text (GTK_LABEL (self->protocol), protocol);
  atk_object_set_description (gtk_widget_get_accessible (self->radio), spoken);
  if (self->set_up != NULL)
    gtk_widget_set_visible (self->set_up, lacks_profile (self));

  gtk_widget_set_visible (self->partners, may_bill (self));

  self->following = TRUE;
  gtk_toggle_button_set_active (
    GTK_TOGGLE_BUTTON (self->partners),
    comfy_settings_get_lends_key (get_settings (self), comfy_endpoint_get_origin (self->endpoint)));
  if (g_strcmp0 (id, comfy_settings_get_endpoint (get_settings (self))) == 0)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->radio), TRUE);
  self->following = FALSE;
}

static void
toggled_cb (GtkToggleButton     *radio,
            ComfyEnvironmentRow *self)
{
  if (!self->following && gtk_toggle_button_get_active (radio))
    comfy_settings_set_endpoint (get_settings (self), comfy_endpoint_get_id (self->endpoint));
}

static void
partners_toggled_cb (GtkToggleButton     *button,
                     ComfyEnvironmentRow *self)
{
  if (!self->following)
    comfy_settings_set_lends_key (get_settings (self), comfy_endpoint_get_origin (self->endpoint),
                                  gtk_toggle_button_get_active (button));
}

static void
set_up_cb (ComfyEnvironmentRow *self)
{
  g_signal_emit (self, signals[SET_UP], 0);
}

static void
remove_cb (ComfyEnvironmentRow *self)
{
  g_signal_emit (self, signals[REMOVED], 0);
}

static void
comfy_environment_row_finalize (GObject *object)
{
  ComfyEnvironmentRow *self = COMFY_ENVIRONMENT_ROW (object);

  g_clear_object (&self->endpoint);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_environment_row_parent_class)->finalize (object);
}

static void
comfy_environment_row_class_init (ComfyEnvironmentRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_environment_row_finalize;

  signals[SET_UP] =
    g_signal_new ("set-up", COMFY_TYPE_ENVIRONMENT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[REMOVED] =
    g_signal_new ("removed", COMFY_TYPE_ENVIRONMENT_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_environment_row_init (ComfyEnvironmentRow *self)
{
  gtk_grid_set_column_spacing (GTK_GRID (self), 12);
}

/* @name: what a screen reader says: the words on the button are the same in each row */
static GtkWidget *
add_button (ComfyEnvironmentRow *self,
            GtkWidget           *box,
            const char          *label,
            const char          *name,
            void               (*clicked) (ComfyEnvironmentRow *self))
{
  GtkWidget *button = gtk_button_new_with_label (label);

  comfy_ui_set_name (button, name);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (clicked), self);
  gtk_box_pack_start (GTK_BOX (box), button, FALSE, FALSE, 0);

  return button;
}

static GtkWidget *
build_buttons (ComfyEnvironmentRow *self)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  const char      *label = comfy_endpoint_get_label (self->endpoint);
  g_autofree char *set_up = g_strdup_printf (_("Set up “%s”"), label);
  g_autofree char *remove = g_strdup_printf (_("Remove “%s”"), label);

  self->set_up = add_button (self, box, _("Set Up…"), set_up, set_up_cb);
  gtk_widget_set_no_show_all (self->set_up, TRUE);
  add_button (self, box, _("Remove"), remove, remove_cb);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);

  return box;
}

static GtkWidget *
build_partners (ComfyEnvironmentRow *self)
{
  g_autofree char *name = NULL;

  /* translators: %s is an environment, such as “Production” */
  name = g_strdup_printf (_("Let partner models bill the account on “%s”"),
                          comfy_endpoint_get_label (self->endpoint));
  self->partners = gtk_check_button_new_with_label (_("Let partner models bill this account"));
  comfy_ui_set_name (self->partners, name);
  gtk_widget_set_halign (self->partners, GTK_ALIGN_START);
  gtk_widget_set_no_show_all (self->partners, TRUE);
  g_signal_connect (self->partners, "toggled", G_CALLBACK (partners_toggled_cb), self);

  return self->partners;
}

static void
build (ComfyEnvironmentRow *self,
       GtkRadioButton      *group)
{
  const char *label = comfy_endpoint_get_label (self->endpoint);
  GtkWidget  *url = comfy_ui_hint_new (comfy_endpoint_get_base_url (self->endpoint));

  self->radio = gtk_radio_button_new_with_label_from_widget (group, label);
  g_signal_connect (self->radio, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_grid_attach (GTK_GRID (self), self->radio, 0, 0, 1, 1);

  gtk_label_set_line_wrap_mode (GTK_LABEL (url), PANGO_WRAP_CHAR);
  gtk_widget_set_hexpand (url, TRUE);
  gtk_grid_attach (GTK_GRID (self), url, 1, 0, 1, 1);
  self->protocol = comfy_ui_hint_new (NULL);
  gtk_grid_attach (GTK_GRID (self), self->protocol, 1, 1, 1, 1);
  gtk_grid_attach (GTK_GRID (self), build_partners (self), 1, 2, 2, 1);

  if (!comfy_endpoint_is_preset (self->endpoint))
    gtk_grid_attach (GTK_GRID (self), build_buttons (self), 2, 0, 1, 2);
}

/**
 * comfy_environment_row_new:
 * @session: the session
 * @endpoint: what to show
 * @group: (nullable): a row before it: actions run on one of them
 *
 * Returns: (transfer floating): the row
 */
GtkWidget *
comfy_environment_row_new (ComfySession        *session,
                           ComfyEndpoint       *endpoint,
                           ComfyEnvironmentRow *group)
{
  ComfyEnvironmentRow *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (COMFY_IS_ENDPOINT (endpoint), NULL);

  self = g_object_new (COMFY_TYPE_ENVIRONMENT_ROW, NULL);
  self->session = g_object_ref (session);
  self->endpoint = g_object_ref (endpoint);
  build (self, group != NULL ? GTK_RADIO_BUTTON (group->radio) : NULL);
  update (self);
  g_signal_connect_object (get_settings (self), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * comfy_environment_row_get_endpoint:
 * @self: a row
 *
 * Returns: (transfer none): what it shows
 */
ComfyEndpoint *
comfy_environment_row_get_endpoint (ComfyEnvironmentRow *self)
{
  g_return_val_if_fail (COMFY_IS_ENVIRONMENT_ROW (self), NULL);

  return self->endpoint;
}

/**
 * comfy_environment_row_get_radio:
 * @self: a row
 *
 * Returns: (transfer none): what chooses it, to align the rows with one another
 */
GtkWidget *
comfy_environment_row_get_radio (ComfyEnvironmentRow *self)
{
  g_return_val_if_fail (COMFY_IS_ENVIRONMENT_ROW (self), NULL);

  return self->radio;
}

/**
 * comfy_environment_row_focus_partners:
 * @self: a row
 *
 * Leads to whether partner models may bill the account, where that can be set at all.
 */
void
comfy_environment_row_focus_partners (ComfyEnvironmentRow *self)
{
  g_return_if_fail (COMFY_IS_ENVIRONMENT_ROW (self));

  gtk_widget_grab_focus (self->partners);
}
