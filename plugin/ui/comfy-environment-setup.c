/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-environment-setup.h"
#include "comfy-error.h"
#include "comfy-notice.h"

/* what the notice's buttons mean */
enum
{
  RESPONSE_KEYLESS = 1,
  RESPONSE_ADD_KEY,
  RESPONSE_TEST,
};

struct _ComfyEnvironmentSetup
{
  GtkBox         parent_instance;

  ComfySession  *session;  /* owned */
  ComfyEndpoint *endpoint; /* owned: what is asked about; NULL when nothing is */
  GtkWidget     *notice;   /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyEnvironmentSetup, comfy_environment_setup, GTK_TYPE_BOX)

enum
{
  ADD_KEY,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* One answer on its way */
typedef struct
{
  ComfyEnvironmentSetup *self;     /* owned */
  ComfyEndpoint         *endpoint; /* owned */
} Errand;

static void
errand_free (gpointer data)
{
  Errand *errand = data;

  g_object_unref (errand->self);
  g_object_unref (errand->endpoint);
  g_free (errand);
}

/* The window may be closed meanwhile, or the artist be at another environment: nobody is to be told
 * then, and there may be no notice to tell it with. */
static gboolean
errand_is_wanted (Errand *errand)
{
  return errand->self->endpoint == errand->endpoint;
}

static ComfyProfileStore *
get_store (ComfyEnvironmentSetup *self)
{
  return comfy_session_get_profiles (self->session);
}

/* takes room only while it says something */
static ComfyNotice *
say (ComfyEnvironmentSetup *self,
     GtkMessageType         type,
     const char            *text)
{
  comfy_notice_show (COMFY_NOTICE (self->notice), type, text);
  gtk_widget_show (GTK_WIDGET (self));

  return COMFY_NOTICE (self->notice);
}

static void
show_verdict (Errand       *errand,
              const GError *error)
{
  ComfyNotice     *notice;
  ComfyConnector  *connector = comfy_session_get_connector (errand->self->session);
  gboolean         needs_key = g_error_matches (error, COMFY_ERROR, COMFY_ERROR_UNAUTHORIZED);
  g_autofree char *text = NULL;

  if (error == NULL)
    {
      /* translators: an environment, and what answers there, such as “Comfy API v2” */
      text = g_strdup_printf (_("“%s” answers without a key: %s."),
                              comfy_endpoint_get_label (errand->endpoint),
                              comfy_connector_get_protocol_name (connector, errand->endpoint));
      say (errand->self, GTK_MESSAGE_INFO, text);
      return;
    }

  notice = say (errand->self, GTK_MESSAGE_WARNING, error->message);
  if (!needs_key)
    comfy_notice_add_action (notice, _("Test A_gain"), RESPONSE_TEST);
  else if (comfy_endpoint_may_carry_key (errand->endpoint))
    comfy_notice_add_action (notice, _("Add a _Key…"), RESPONSE_ADD_KEY);
}

/* In a fiber: asks what answers there. That it cannot be reached yet is no obstacle. */
static void
await_test (Errand       *errand,
            ComfyProfile *profile)
{
  ComfyConnector          *connector = comfy_session_get_connector (errand->self->session);
  g_autoptr(ComfyAccount)  account = NULL;
  g_autoptr(GError)        error = NULL;

  account = dex_await_boxed (comfy_connector_test (connector, profile), &error);

  /* else the key that is added next would not be the one that actions use */
  if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_UNAUTHORIZED))
    dex_await (comfy_profile_store_remove (get_store (errand->self), profile), NULL);
  if (errand_is_wanted (errand))
    show_verdict (errand, error);
}

/* From now on actions there ask for no key. An artist who had nothing to use wants this one. */
static DexFuture *
keyless_fiber (gpointer data)
{
  Errand                  *errand = data;
  ComfyEnvironmentSetup   *self = errand->self;
  g_autoptr(ComfyProfile)  profile = NULL;
  g_autoptr(GError)        error = NULL;

  profile = dex_await_object (comfy_profile_store_add (get_store (self),
                                                       comfy_endpoint_get_label (errand->endpoint),
                                                       errand->endpoint, NULL, NULL), &error);
  if (profile != NULL)
    {
      if (comfy_profile_store_get_active (get_store (self)) == NULL)
        comfy_settings_set_endpoint (comfy_session_get_settings (self->session),
                                     comfy_endpoint_get_id (errand->endpoint));
      await_test (errand, profile);
    }
  else if (errand_is_wanted (errand))
    {
      comfy_environment_setup_show_error (self, error);
    }

  return dex_future_new_true ();
}

static DexFuture *
test_fiber (gpointer data)
{
  Errand                  *errand = data;
  const char              *id = comfy_endpoint_get_id (errand->endpoint);
  g_autoptr(ComfyProfile)  profile = NULL;

  g_set_object (&profile, comfy_profile_store_get_default (get_store (errand->self), id));
  if (profile != NULL)
    await_test (errand, profile);

  return dex_future_new_true ();
}

static void
response_cb (GtkInfoBar            *bar,
             int                    response,
             ComfyEnvironmentSetup *self)
{
  g_autoptr(ComfyEndpoint)  endpoint = g_object_ref (self->endpoint);
  g_autofree char          *text = NULL;
  Errand                   *errand;

  if (response == RESPONSE_ADD_KEY)
    {
      comfy_environment_setup_hide (self);
      g_signal_emit (self, signals[ADD_KEY], 0, endpoint);
      return;
    }

  text = g_strdup_printf (_("Asking %s…"), comfy_endpoint_get_host (endpoint));
  say (self, GTK_MESSAGE_INFO, text);
  errand = g_new0 (Errand, 1);
  errand->self = g_object_ref (self);
  errand->endpoint = g_steal_pointer (&endpoint);
  dex_future_disown (dex_scheduler_spawn (NULL, 0,
                                          response == RESPONSE_KEYLESS ? keyless_fiber : test_fiber,
                                          errand, errand_free));
}

static void
comfy_environment_setup_destroy (GtkWidget *widget)
{
  g_clear_object (&COMFY_ENVIRONMENT_SETUP (widget)->endpoint);

  GTK_WIDGET_CLASS (comfy_environment_setup_parent_class)->destroy (widget);
}

static void
comfy_environment_setup_finalize (GObject *object)
{
  g_clear_object (&COMFY_ENVIRONMENT_SETUP (object)->session);

  G_OBJECT_CLASS (comfy_environment_setup_parent_class)->finalize (object);
}

static void
comfy_environment_setup_class_init (ComfyEnvironmentSetupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_environment_setup_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_environment_setup_destroy;

  signals[ADD_KEY] =
    g_signal_new ("add-key", COMFY_TYPE_ENVIRONMENT_SETUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, COMFY_TYPE_ENDPOINT);
}

static void
comfy_environment_setup_init (ComfyEnvironmentSetup *self)
{
  self->notice = comfy_notice_new ();
  g_signal_connect (self->notice, "response", G_CALLBACK (response_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->notice, TRUE, TRUE, 0);
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
}

/**
 * comfy_environment_setup_new:
 * @session: the session
 *
 * Returns: (transfer floating): nothing to be seen yet
 */
GtkWidget *
comfy_environment_setup_new (ComfySession *session)
{
  ComfyEnvironmentSetup *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_ENVIRONMENT_SETUP, NULL);
  self->session = g_object_ref (session);

  return GTK_WIDGET (self);
}

/**
 * comfy_environment_setup_ask:
 * @self: a setup
 * @endpoint: an environment that has no profile
 *
 * Asks whether it is used with a key or without, and does that. Where no key may be sent, the one
 * way is without, and why is said.
 */
void
comfy_environment_setup_ask (ComfyEnvironmentSetup *self,
                             ComfyEndpoint         *endpoint)
{
  ComfyNotice     *notice;
  gboolean         may_carry_key;
  g_autofree char *text = NULL;

  g_return_if_fail (COMFY_IS_ENVIRONMENT_SETUP (self));
  g_return_if_fail (COMFY_IS_ENDPOINT (endpoint));

  may_carry_key = comfy_endpoint_may_carry_key (endpoint);
  text = g_strdup_printf (may_carry_key
                            ? _("Does “%s” ask for a key? A cloud does. A ComfyUI of your own does "
                                "not, or has a token that is entered as its key.")
                            : _("The connection to “%s” is not encrypted: whoever is on the way can "
                                "see your pictures. No key is ever sent there."),
                          comfy_endpoint_get_label (endpoint));
  g_set_object (&self->endpoint, endpoint);
  notice = say (self, may_carry_key ? GTK_MESSAGE_INFO : GTK_MESSAGE_WARNING, text);
  if (may_carry_key)
    comfy_notice_add_action (notice, _("Add a _Key…"), RESPONSE_ADD_KEY);
  comfy_notice_add_action (notice, _("_Use Without a Key"), RESPONSE_KEYLESS);
}

/**
 * comfy_environment_setup_show_error:
 * @self: a setup
 * @error: why something did not work
 *
 * Says it in place of whatever was asked.
 */
void
comfy_environment_setup_show_error (ComfyEnvironmentSetup *self,
                                    const GError          *error)
{
  g_return_if_fail (COMFY_IS_ENVIRONMENT_SETUP (self));

  g_clear_object (&self->endpoint);
  say (self, GTK_MESSAGE_ERROR, error->message);
}

/**
 * comfy_environment_setup_hide:
 * @self: a setup
 *
 * Asks and says nothing any more.
 */
void
comfy_environment_setup_hide (ComfyEnvironmentSetup *self)
{
  g_return_if_fail (COMFY_IS_ENVIRONMENT_SETUP (self));

  g_clear_object (&self->endpoint);
  gtk_widget_hide (GTK_WIDGET (self));
}
