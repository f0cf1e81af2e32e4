/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-account-line.h"
#include "comfy-key-usage.h"
#include "comfy-settings-panel.h"
#include "comfy-ui-util.h"

/* what no profile is called */
#define ID_ADD  "?add"
#define ID_NONE "?none"

struct _ComfyAccountLine
{
  GtkBox        parent_instance;

  ComfySession *session;  /* owned */
  GtkWidget    *row;      /* borrowed: a child: the chooser and buttons beside it */
  GtkWidget    *combo;    /* borrowed: a child */
  GtkWidget    *state;    /* borrowed: a child: where it runs, and what is left */
  GtkWidget    *usage;    /* borrowed: a child: what was used */
  DexFuture    *asking;   /* owned, nullable: the server is being asked */
  unsigned int  n_active; /* jobs, when last looked */
  gboolean      tells_usage; /* the artist wants to see it */
  char         *usage_of; /* owned, nullable: id of the key that it was asked for last */
  gboolean      filling;  /* the combo box follows, not the artist */
};

G_DEFINE_FINAL_TYPE (ComfyAccountLine, comfy_account_line, GTK_TYPE_BOX)

enum
{
  KEY_WANTED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static ComfyProfileStore *
get_store (ComfyAccountLine *self)
{
  return comfy_session_get_profiles (self->session);
}

/* (nullable) */
static ComfyProfile *
get_active (ComfyAccountLine *self)
{
  return comfy_profile_store_get_active (get_store (self));
}

static ComfyEndpoint *
get_endpoint (ComfyAccountLine *self,
              ComfyProfile     *profile)
{
  return comfy_profile_store_find_endpoint (get_store (self),
                                            comfy_profile_get_endpoint_id (profile));
}

/* (transfer full): the key's name, and of which environment, since names may be the same */
static char *
dup_title (ComfyAccountLine *self,
           ComfyProfile     *profile)
{
  const char *label = comfy_endpoint_get_label (get_endpoint (self, profile));

  /* “From the environment”: the environment says so, too */
  if (!comfy_profile_is_editable (profile))
    return g_strdup (label);

  /* translators: a key's name, and that of the environment that it is for */
  return g_strdup_printf (_("%s – %s"), comfy_profile_get_name (profile), label);
}

static void
append (ComfyAccountLine *self,
        const char       *id,
        const char       *text)
{
  gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->combo), id, text);
}

static void
fill_combo (ComfyAccountLine *self)
{
  GListModel   *profiles = G_LIST_MODEL (get_store (self));
  ComfyProfile *active = get_active (self);

  self->filling = TRUE;
  gtk_combo_box_text_remove_all (GTK_COMBO_BOX_TEXT (self->combo));
  for (unsigned int i = 0; i < g_list_model_get_n_items (profiles); i++)
    {
      g_autoptr(ComfyProfile)  profile = g_list_model_get_item (profiles, i);
      g_autofree char         *title = NULL;

      if (get_endpoint (self, profile) == NULL)
        continue;
      title = dup_title (self, profile);
      append (self, comfy_profile_get_id (profile), title);
    }
  if (active == NULL)
    append (self, ID_NONE, _("No key yet"));
  append (self, ID_ADD, _("Add Key…"));
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo),
                               active != NULL ? comfy_profile_get_id (active) : ID_NONE);
  self->filling = FALSE;
}

/* (transfer full): the first; what it may come of is said where something can be done about it */
static char *
dup_sentence (const char *problem)
{
  const char *end = strstr (problem, ". ");
  size_t      line = strcspn (problem, "\n");

  return g_strndup (problem, end != NULL && (size_t) (end - problem) < line
                               ? (size_t) (end - problem) + 1 : line);
}

/* where it runs is said with the host: that is what the artist sends pictures to */
static void
show_state (ComfyAccountLine *self)
{
  ComfyProfile       *profile = get_active (self);
  const ComfyAccount *account = profile != NULL ? comfy_profile_get_account (profile) : NULL;
  const char         *problem = profile != NULL ? comfy_profile_get_problem (profile) : NULL;
  const char         *host;
  g_autofree char    *money = NULL;
  g_autofree char    *text = NULL;

  if (profile == NULL || get_endpoint (self, profile) == NULL)
    {
      comfy_ui_set_hint (self->state, NULL, GTK_MESSAGE_INFO);
      return;
    }

  host = comfy_endpoint_get_host (get_endpoint (self, profile));
  if (problem == NULL && account != NULL && account->has_balance)
    {
      money = comfy_format_money (account->balance_micros);
      /* translators: an amount of money, and a server's name */
      text = g_strdup_printf (_("Balance %s on %s"), money, host);
    }
  if (problem != NULL)
    text = dup_sentence (problem);
  comfy_ui_set_hint (self->state, text != NULL ? text : host,
                     problem != NULL ? GTK_MESSAGE_WARNING : GTK_MESSAGE_INFO);
}

/* whether the key that is used is the one whose usage was asked for last */
static gboolean
has_asked_usage (ComfyAccountLine *self)
{
  ComfyProfile *profile = get_active (self);

  return profile != NULL && g_strcmp0 (comfy_profile_get_id (profile), self->usage_of) == 0;
}

/* what another account used is not shown, nor what nobody wants to see */
static void
forget_usage (ComfyAccountLine *self)
{
  if (!self->tells_usage || !has_asked_usage (self))
    comfy_key_usage_forget (COMFY_KEY_USAGE (self->usage));
}

static void
ask_usage (ComfyAccountLine *self)
{
  ComfyProfile *profile = get_active (self);

  forget_usage (self);
  if (!self->tells_usage || profile == NULL || !comfy_profile_has_key (profile))
    return;

  g_set_str (&self->usage_of, comfy_profile_get_id (profile));
  comfy_key_usage_ask (COMFY_KEY_USAGE (self->usage), comfy_session_get_connector (self->session),
                       profile);
}

/* what came of it is noted with the profile; FALSE: no server was asked */
static DexFuture *
ask_fiber (gpointer user_data)
{
  ComfyAccountLine        *self = user_data;
  g_autoptr(ComfyProfile)  profile = NULL;
  g_autoptr(GError)        error = NULL;

  /* it may be removed while the server is asked */
  if (!g_set_object (&profile, get_active (self)) || !comfy_profile_has_key (profile))
    return dex_future_new_for_boolean (FALSE);

  /* a locked keyring is not asked to open for this */
  if (!dex_await (comfy_profile_store_refresh (get_store (self), FALSE), &error))
    return dex_future_new_for_boolean (FALSE);
  dex_await (comfy_connector_test (comfy_session_get_connector (self->session), profile), &error);

  return dex_future_new_true ();
}

static DexFuture *
asked_cb (DexFuture *future,
          gpointer   user_data)
{
  ComfyAccountLine *self = user_data;
  const GValue     *value = dex_future_get_value (future, NULL);

  dex_clear (&self->asking);
  /* closed meanwhile, its children are gone */
  if (!gtk_widget_in_destruction (GTK_WIDGET (self)) && self->state != NULL)
    {
      show_state (self);
      if (value != NULL && g_value_get_boolean (value))
        ask_usage (self);
    }

  return NULL;
}

static void
ask (ComfyAccountLine *self)
{
  if (self->asking != NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->asking = dex_future_finally (dex_scheduler_spawn (NULL, 0, ask_fiber, g_object_ref (self),
                                                          g_object_unref),
                                     asked_cb, g_object_ref (self), g_object_unref);
}

static void
update (ComfyAccountLine *self)
{
  ComfySettings *settings = comfy_session_get_settings (self->session);
  gboolean       told_usage = self->tells_usage;

  fill_combo (self);
  show_state (self);
  self->tells_usage = comfy_settings_get_panel_shows_usage (settings);
  forget_usage (self);
  if (self->tells_usage && (!told_usage || !has_asked_usage (self)))
    ask (self);
}

/* a job has ended: less is left */
static void
n_active_cb (ComfyAccountLine *self)
{
  unsigned int n = comfy_scheduler_get_n_active (comfy_session_get_scheduler (self->session));

  if (n < self->n_active)
    ask (self);
  self->n_active = n;
}

static void
choose (ComfyAccountLine *self,
        const char       *id)
{
  ComfyProfile *profile = comfy_profile_store_find (get_store (self), id);

  if (profile == NULL)
    return;

  comfy_profile_store_set_default (get_store (self), profile);
  comfy_settings_set_endpoint (comfy_session_get_settings (self->session),
                               comfy_profile_get_endpoint_id (profile));
  ask (self);
}

static void
combo_changed_cb (GtkComboBox      *combo,
                  ComfyAccountLine *self)
{
  g_autofree char *id = g_strdup (gtk_combo_box_get_active_id (combo));

  if (self->filling || id == NULL)
    return;

  if (!g_str_equal (id, ID_ADD))
    choose (self, id);
  /* that of COMFY_API_KEY wins over every other: then it stays what is shown, too */
  fill_combo (self);
  if (g_str_equal (id, ID_ADD))
    g_signal_emit (self, signals[KEY_WANTED], 0);
}

static void
comfy_account_line_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (comfy_account_line_parent_class)->map (widget);

  ask (COMFY_ACCOUNT_LINE (widget));
}

static void
comfy_account_line_destroy (GtkWidget *widget)
{
  COMFY_ACCOUNT_LINE (widget)->state = NULL;

  GTK_WIDGET_CLASS (comfy_account_line_parent_class)->destroy (widget);
}

static void
comfy_account_line_finalize (GObject *object)
{
  g_clear_object (&COMFY_ACCOUNT_LINE (object)->session);
  g_free (COMFY_ACCOUNT_LINE (object)->usage_of);

  G_OBJECT_CLASS (comfy_account_line_parent_class)->finalize (object);
}

static void
comfy_account_line_class_init (ComfyAccountLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_account_line_finalize;
  GTK_WIDGET_CLASS (klass)->map = comfy_account_line_map;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_account_line_destroy;

  signals[KEY_WANTED] =
    g_signal_new ("key-wanted", COMFY_TYPE_ACCOUNT_LINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_account_line_init (ComfyAccountLine *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);

  self->row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  self->combo = comfy_ui_combo_new ();
  comfy_ui_set_name (self->combo, _("Key"));
  gtk_widget_set_tooltip_text (self->combo, _("The key that is used, and the environment it is for"));
  g_signal_connect (self->combo, "changed", G_CALLBACK (combo_changed_cb), self);
  gtk_box_pack_start (GTK_BOX (self->row), self->combo, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (self), self->row, FALSE, FALSE, 0);

  self->state = comfy_ui_hint_new (NULL);
  gtk_widget_set_no_show_all (self->state, TRUE);
  gtk_box_pack_start (GTK_BOX (self), self->state, FALSE, FALSE, 0);

  self->usage = comfy_key_usage_new (TRUE);
  gtk_box_pack_start (GTK_BOX (self), self->usage, FALSE, FALSE, 0);
}

/**
 * comfy_account_line_new:
 * @session: the session
 *
 * Returns: (transfer floating): the line
 */
GtkWidget *
comfy_account_line_new (ComfySession *session)
{
  ComfyAccountLine *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_ACCOUNT_LINE, NULL);
  self->session = g_object_ref (session);
  update (self);
  g_signal_connect_object (get_store (self), "items-changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (comfy_session_get_settings (session), "changed", G_CALLBACK (update),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (comfy_session_get_scheduler (session), "notify::n-active",
                           G_CALLBACK (n_active_cb), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * comfy_account_line_add:
 * @button: (transfer floating): what stands beside the chooser
 */
void
comfy_account_line_add (ComfyAccountLine *self,
                        GtkWidget        *button)
{
  g_return_if_fail (COMFY_IS_ACCOUNT_LINE (self));

  gtk_box_pack_start (GTK_BOX (self->row), button, FALSE, FALSE, 0);
}
