/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Get a key, enter it, test it, store it: one page, top to bottom. The key is stored only after the
 * server accepted it, or when the artist says so a second time.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-busy-label.h"
#include "comfy-error.h"
#include "comfy-key-assistant.h"
#include "comfy-key-form.h"
#include "comfy-key-guide.h"
#include "comfy-notice.h"
#include "comfy-ui-util.h"

#define PATIENCE 15 /* seconds: a job waits longer for a server than a person who tests a key */

/* what the notice's buttons mean */
enum
{
  RESPONSE_TEST = 1,
  RESPONSE_TEST_ELSEWHERE,
  RESPONSE_STORE,
};

struct _ComfyKeyAssistant
{
  GtkBox            parent_instance;

  ComfySession     *session;     /* owned */
  ComfyProfile     *replaced;    /* owned; NULL when a key is added */
  ComfyEndpoint    *endpoint;    /* owned: what the key is being tested with; NULL before */
  ComfyCredentials *credentials; /* owned: the key in hand; NULL for an environment without one */
  ComfyAccount     *account;     /* owned, nullable: what the test told */
  GError           *verdict;     /* owned, nullable: why the test failed */
  GCancellable     *gone;        /* owned: cancelled with the widget */
  gboolean          is_busy;     /* a test or the storing is under way */
  GtkWidget        *form;        /* borrowed: a child */
  GtkWidget        *notice;      /* borrowed: a child */
  GtkWidget        *doing;       /* borrowed: a child: what is under way */
  GtkWidget        *store;       /* borrowed: a child: the button */
};

G_DEFINE_FINAL_TYPE (ComfyKeyAssistant, comfy_key_assistant, GTK_TYPE_BOX)

enum
{
  DONE,
  CANCELLED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static ComfyProfileStore *
get_store (ComfyKeyAssistant *self)
{
  return comfy_session_get_profiles (self->session);
}

static void
update_sensitivity (ComfyKeyAssistant *self)
{
  gtk_widget_set_sensitive (self->store,
                            !self->is_busy &&
                            comfy_key_form_is_complete (COMFY_KEY_FORM (self->form)));
}

static void
set_doing (ComfyKeyAssistant *self,
           const char        *doing)
{
  self->is_busy = doing != NULL;
  comfy_busy_label_set (COMFY_BUSY_LABEL (self->doing), doing, doing != NULL);
  gtk_widget_set_sensitive (self->form, doing == NULL);
  gtk_widget_set_sensitive (self->notice, doing == NULL);
  update_sensitivity (self);
}

static void
show_verdict (ComfyKeyAssistant *self)
{
  ComfyNotice   *notice = COMFY_NOTICE (self->notice);
  ComfyEndpoint *elsewhere = comfy_key_form_find_elsewhere (COMFY_KEY_FORM (self->form),
                                                            self->endpoint);

  if (!g_error_matches (self->verdict, COMFY_ERROR, COMFY_ERROR_UNAUTHORIZED))
    {
      comfy_notice_show (notice, GTK_MESSAGE_WARNING, self->verdict->message);
      comfy_notice_add_action (notice, _("Test A_gain"), RESPONSE_TEST);
      comfy_notice_add_action (notice, _("Keep _Without Test"), RESPONSE_STORE);
      return;
    }

  comfy_notice_show (notice, GTK_MESSAGE_ERROR, self->verdict->message);
  if (elsewhere != NULL)
    {
      g_autofree char *label = g_strdup_printf (_("Te_st on %s"),
                                                comfy_endpoint_get_label (elsewhere));

      comfy_notice_add_action (notice, label, RESPONSE_TEST_ELSEWHERE);
    }
  comfy_notice_add_action (notice, _("Keep _It Anyway"), RESPONSE_STORE);
}

/* an environment that was only typed is kept together with its first key */
static ComfyEndpoint *
settle_endpoint (ComfyKeyAssistant  *self,
                 GError            **error)
{
  ComfyEndpoint *known = comfy_profile_store_find_endpoint (
    get_store (self), comfy_endpoint_get_id (self->endpoint));

  if (known == NULL)
    {
      known = comfy_profile_store_add_endpoint (get_store (self),
                                                comfy_endpoint_get_label (self->endpoint),
                                                comfy_endpoint_get_base_url (self->endpoint),
                                                error);
      if (known != NULL)
        g_set_object (&self->endpoint, known);
    }

  return known;
}

static DexFuture *
store_new (ComfyKeyAssistant *self)
{
  g_autoptr(GError)  error = NULL;
  ComfyEndpoint     *endpoint = settle_endpoint (self, &error);
  const char        *name = comfy_key_form_get_name (COMFY_KEY_FORM (self->form));

  if (endpoint == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return comfy_profile_store_add (get_store (self),
                                  *name != '\0' ? name : comfy_endpoint_get_label (endpoint),
                                  endpoint, self->credentials, self->account);
}

/* what the test told belongs to the profile, and an artist without an active key wants this one */
static void
finish (ComfyKeyAssistant *self,
        ComfyProfile      *profile)
{
  if (self->account != NULL || self->verdict != NULL)
    comfy_profile_store_note_outcome (get_store (self), profile, self->account, self->verdict);
  if (comfy_profile_store_get_active (get_store (self)) == NULL)
    comfy_settings_set_endpoint (comfy_session_get_settings (self->session),
                                 comfy_profile_get_endpoint_id (profile));

  g_signal_emit (self, signals[DONE], 0, profile);
}

static DexFuture *
store_fiber (gpointer user_data)
{
  ComfyKeyAssistant       *self = user_data;
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyProfile)  profile = NULL;

  set_doing (self, _("Storing the key in the keyring…"));
  if (self->replaced == NULL)
    profile = dex_await_object (store_new (self), &error);
  else if (dex_await_boolean (comfy_profile_store_replace (get_store (self), self->replaced,
                                                           self->credentials), &error))
    profile = g_object_ref (self->replaced);

  /* closed meanwhile: there is nobody to tell */
  if (g_cancellable_is_cancelled (self->gone))
    return dex_future_new_true ();

  set_doing (self, NULL);
  if (profile == NULL)
    {
      comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_ERROR, error->message);
      comfy_notice_add_action (COMFY_NOTICE (self->notice), _("_Store Again"), RESPONSE_STORE);
    }
  else
    {
      finish (self, profile);
    }

  return dex_future_new_true ();
}

static void
start_store (ComfyKeyAssistant *self)
{
  comfy_notice_hide (COMFY_NOTICE (self->notice));
  dex_future_disown (dex_scheduler_spawn (NULL, 0, store_fiber, g_object_ref (self),
                                          g_object_unref));
}

static DexFuture *
test_fiber (gpointer user_data)
{
  ComfyKeyAssistant *self = user_data;
  const char        *host = comfy_endpoint_get_host (self->endpoint);
  g_autoptr(GError)  error = NULL;
  g_autofree char   *doing = NULL;

  doing = g_strdup_printf (_("Asking %s…"), host);
  set_doing (self, doing);
  self->account = dex_await_boxed (
    dex_future_first (comfy_connector_try (comfy_session_get_connector (self->session),
                                           self->endpoint, self->credentials),
                      dex_cancellable_new_from_cancellable (self->gone),
                      dex_timeout_new_seconds (PATIENCE),
                      NULL),
    &error);
  if (error != NULL)
    self->verdict = comfy_error_fold (error, host);

  /* closed meanwhile: there is nobody to tell */
  if (g_cancellable_is_cancelled (self->gone))
    return dex_future_new_true ();

  set_doing (self, NULL);
  if (self->verdict != NULL)
    show_verdict (self);
  else
    start_store (self);

  return dex_future_new_true ();
}

/* tests the key in hand with the endpoint in hand */
static void
start_test (ComfyKeyAssistant *self)
{
  g_clear_pointer (&self->account, comfy_account_free);
  g_clear_error (&self->verdict);
  comfy_notice_hide (COMFY_NOTICE (self->notice));
  dex_future_disown (dex_scheduler_spawn (NULL, 0, test_fiber, g_object_ref (self),
                                          g_object_unref));
}

/* takes what is entered into hand */
static gboolean
take_entered (ComfyKeyAssistant  *self,
              GError            **error)
{
  ComfyKeyForm             *form = COMFY_KEY_FORM (self->form);
  g_autoptr(ComfyEndpoint)  endpoint = comfy_key_form_dup_endpoint (form);

  g_clear_pointer (&self->credentials, comfy_credentials_unref);
  g_set_object (&self->endpoint, endpoint);

  return comfy_key_form_take_key (form, comfy_endpoint_get_origin (endpoint), &self->credentials,
                                  error);
}

static void
store_clicked_cb (GtkButton         *button,
                  ComfyKeyAssistant *self)
{
  g_autoptr(GError) error = NULL;

  if (take_entered (self, &error))
    start_test (self);
  else
    comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_ERROR, error->message);
}

/* the artist asked for it: the one time that a key goes to another server than it was meant for */
static void
test_elsewhere (ComfyKeyAssistant *self)
{
  ComfyKeyForm                *form = COMFY_KEY_FORM (self->form);
  ComfyEndpoint               *elsewhere = comfy_key_form_find_elsewhere (form, self->endpoint);
  g_autoptr(ComfyCredentials)  old = self->credentials;

  self->credentials = comfy_credentials_rebind (old, comfy_endpoint_get_origin (elsewhere));
  g_set_object (&self->endpoint, elsewhere);
  comfy_key_form_select_endpoint (form, comfy_endpoint_get_id (elsewhere));
  start_test (self);
}

static void
notice_response_cb (GtkInfoBar        *bar,
                    int                response,
                    ComfyKeyAssistant *self)
{
  if (response == RESPONSE_TEST)
    start_test (self);
  else if (response == RESPONSE_TEST_ELSEWHERE)
    test_elsewhere (self);
  else if (response == RESPONSE_STORE)
    start_store (self);
}

/* what was tested is no longer what is entered */
static void
entered_cb (ComfyKeyAssistant *self)
{
  if (!self->is_busy)
    comfy_notice_hide (COMFY_NOTICE (self->notice));
  update_sensitivity (self);
}

static void
cancel_cb (ComfyKeyAssistant *self)
{
  g_signal_emit (self, signals[CANCELLED], 0);
}

static void
comfy_key_assistant_destroy (GtkWidget *widget)
{
  g_cancellable_cancel (COMFY_KEY_ASSISTANT (widget)->gone);

  GTK_WIDGET_CLASS (comfy_key_assistant_parent_class)->destroy (widget);
}

static void
comfy_key_assistant_finalize (GObject *object)
{
  ComfyKeyAssistant *self = COMFY_KEY_ASSISTANT (object);

  g_clear_object (&self->session);
  g_clear_object (&self->replaced);
  g_clear_object (&self->endpoint);
  g_clear_pointer (&self->credentials, comfy_credentials_unref);
  g_clear_pointer (&self->account, comfy_account_free);
  g_clear_error (&self->verdict);
  g_clear_object (&self->gone);

  G_OBJECT_CLASS (comfy_key_assistant_parent_class)->finalize (object);
}

static void
comfy_key_assistant_class_init (ComfyKeyAssistantClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_key_assistant_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_key_assistant_destroy;

  signals[DONE] =
    g_signal_new ("done", COMFY_TYPE_KEY_ASSISTANT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, COMFY_TYPE_PROFILE);
  signals[CANCELLED] =
    g_signal_new ("cancelled", COMFY_TYPE_KEY_ASSISTANT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_key_assistant_init (ComfyKeyAssistant *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->gone = g_cancellable_new ();
}

static GtkWidget *
build_buttons (ComfyKeyAssistant *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_("C_ancel"));

  self->doing = comfy_busy_label_new ();
  gtk_box_pack_start (GTK_BOX (box), self->doing, TRUE, TRUE, 0);

  self->store = gtk_button_new_with_mnemonic (_("_Test and Store"));
  gtk_widget_set_can_default (self->store, TRUE);
  gtk_box_pack_end (GTK_BOX (box), self->store, FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (box), cancel, FALSE, FALSE, 0);

  g_signal_connect (self->store, "clicked", G_CALLBACK (store_clicked_cb), self);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (cancel_cb), self);

  return box;
}

static void
build (ComfyKeyAssistant *self)
{
  g_autofree char *heading = NULL;

  if (self->replaced == NULL)
    heading = g_strdup (_("Add an API Key"));
  else
    heading = g_strdup_printf (_("Replace the Key “%s”"), comfy_profile_get_name (self->replaced));
  gtk_box_pack_start (GTK_BOX (self), comfy_ui_heading_new (heading), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), comfy_key_guide_new (), FALSE, FALSE, 0);

  self->form = comfy_key_form_new (get_store (self), self->replaced);
  comfy_key_form_select_endpoint (
    COMFY_KEY_FORM (self->form),
    comfy_settings_get_endpoint (comfy_session_get_settings (self->session)));
  g_signal_connect_swapped (self->form, "changed", G_CALLBACK (entered_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->form, FALSE, FALSE, 0);

  gtk_box_pack_start (GTK_BOX (self),
                      comfy_ui_hint_new (self->replaced == NULL
                        ? _("The key is tested first and then kept in the desktop's keyring, "
                            "nowhere else.")
                        : _("The old key works until the new one is tested and stored.")),
                      FALSE, FALSE, 0);

  self->notice = comfy_notice_new ();
  g_signal_connect (self->notice, "response", G_CALLBACK (notice_response_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->notice, FALSE, FALSE, 0);

  gtk_box_pack_end (GTK_BOX (self), build_buttons (self), FALSE, FALSE, 0);
  update_sensitivity (self);
}

/**
 * comfy_key_assistant_new:
 * @session: the session
 * @replaced: (nullable): the profile that gets a new key; %NULL adds a profile
 *
 * Returns: (transfer floating): an assistant, to be put into a window
 */
GtkWidget *
comfy_key_assistant_new (ComfySession *session,
                         ComfyProfile *replaced)
{
  ComfyKeyAssistant *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (replaced == NULL || comfy_profile_is_editable (replaced), NULL);

  self = g_object_new (COMFY_TYPE_KEY_ASSISTANT, NULL);
  self->session = g_object_ref (session);
  g_set_object (&self->replaced, replaced);
  build (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_key_assistant_select_endpoint:
 * @self: an assistant that adds a key
 * @endpoint_id: the environment that the key is for
 */
void
comfy_key_assistant_select_endpoint (ComfyKeyAssistant *self,
                                     const char        *endpoint_id)
{
  g_return_if_fail (COMFY_IS_KEY_ASSISTANT (self));

  comfy_key_form_select_endpoint (COMFY_KEY_FORM (self->form), endpoint_id);
}
