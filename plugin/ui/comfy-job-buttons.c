/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-job-actions.h"
#include "comfy-job-again.h"
#include "comfy-job-buttons.h"
#include "comfy-settings-window.h"
#include "comfy-ui-util.h"

struct _ComfyJobButtons
{
  ComfyReflow        parent_instance;

  ComfySession *session; /* owned */
  ComfyJob     *job;     /* owned */
};

G_DEFINE_FINAL_TYPE (ComfyJobButtons, comfy_job_buttons, COMFY_TYPE_REFLOW)

enum
{
  REPLACE_KEY,
  PROBLEM,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* it goes on where it stopped */
static void
start_again (ComfyJobButtons *self)
{
  comfy_scheduler_add (comfy_session_get_scheduler (self->session), self->job);
}

/* another job in this one's place */
static void
repeat (ComfyJobButtons *self)
{
  g_autoptr(GError) error = NULL;

  if (!comfy_job_again_repeat (self->session, self->job, &error))
    g_signal_emit (self, signals[PROBLEM], 0, error->message);
}

static void
forget (ComfyJobButtons *self)
{
  ComfyScheduler      *scheduler = comfy_session_get_scheduler (self->session);
  g_autoptr(ComfyJob)  job = g_object_ref (self->job);

  comfy_job_forget (job);
  comfy_scheduler_remove (scheduler, job);
}

static void
copy_details (ComfyJobButtons *self)
{
  g_autofree char *report = comfy_error_dup_report (comfy_job_get_error (self->job));

  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                          report, -1);
}

/* (nullable): a key may have been removed since the job was asked for */
static ComfyProfile *
get_profile (ComfyJobButtons *self)
{
  const char *id = comfy_request_get_profile_id (comfy_job_get_request (self->job));

  return comfy_profile_store_find (comfy_session_get_profiles (self->session), id);
}

/* the settings, where this job's environment may bill partner models */
static void
show_partner_setting (ComfyJobButtons *self)
{
  GtkWidget *window = comfy_settings_window_new (self->session);

  gtk_window_set_transient_for (GTK_WINDOW (window),
                                GTK_WINDOW (gtk_widget_get_toplevel (GTK_WIDGET (self))));
  comfy_settings_window_show_partners (COMFY_SETTINGS_WINDOW (window),
                                       comfy_profile_get_endpoint_id (get_profile (self)));
}

static void
action_clicked_cb (GtkButton       *button,
                   ComfyJobButtons *self)
{
  ComfyJobActions action = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "action"));

  switch (action)
    {
    case COMFY_JOB_ACTION_RETRY:
    case COMFY_JOB_ACTION_LOOK_AGAIN:
      start_again (self);
      break;

    case COMFY_JOB_ACTION_UNLOCK:
      comfy_scheduler_resume (comfy_session_get_scheduler (self->session), self->job);
      break;

    case COMFY_JOB_ACTION_SEND_AGAIN:
      comfy_job_send_again (self->job);
      start_again (self);
      break;

    case COMFY_JOB_ACTION_PLACE:
      comfy_job_want_result (self->job);
      start_again (self);
      break;

    case COMFY_JOB_ACTION_REPEAT:
      repeat (self);
      break;

    case COMFY_JOB_ACTION_FORGET:
      forget (self);
      break;

    case COMFY_JOB_ACTION_REPLACE_KEY:
      g_signal_emit (self, signals[REPLACE_KEY], 0);
      break;

    case COMFY_JOB_ACTION_ALLOW_PARTNERS:
      show_partner_setting (self);
      break;

    case COMFY_JOB_ACTION_OPEN_PLATFORM:
      comfy_ui_open_url (GTK_WIDGET (self), COMFY_UI_PLATFORM_URL);
      break;

    case COMFY_JOB_ACTION_COPY_DETAILS:
      copy_details (self);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
show (ComfyJobButtons *self,
      ComfyJobActions  actions)
{
  g_autoptr(GList) old = gtk_container_get_children (GTK_CONTAINER (self));

  for (GList *child = old; child != NULL; child = child->next)
    gtk_widget_destroy (child->data);

  for (unsigned int bit = 0; actions >> bit != 0; bit++)
    {
      unsigned int  action = 1u << bit;
      GtkWidget    *button;

      if ((actions & action) == 0)
        continue;

      button = gtk_button_new_with_mnemonic (comfy_job_action_get_label (action));
      g_object_set_data (G_OBJECT (button), "action", GUINT_TO_POINTER (action));
      if (action == COMFY_JOB_ACTION_REPEAT)
        gtk_widget_set_tooltip_text (button, _("Asks for the same once more; that may cost again"));
      g_signal_connect (button, "clicked", G_CALLBACK (action_clicked_cb), self);
      gtk_box_pack_start (GTK_BOX (self), button, FALSE, FALSE, 0);
      gtk_widget_show (button);
    }
  gtk_widget_set_visible (GTK_WIDGET (self), actions != 0);
}

static void
comfy_job_buttons_finalize (GObject *object)
{
  ComfyJobButtons *self = COMFY_JOB_BUTTONS (object);

  g_clear_object (&self->job);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_job_buttons_parent_class)->finalize (object);
}

static void
comfy_job_buttons_class_init (ComfyJobButtonsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_job_buttons_finalize;

  signals[REPLACE_KEY] =
    g_signal_new ("replace-key", COMFY_TYPE_JOB_BUTTONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[PROBLEM] =
    g_signal_new ("problem", COMFY_TYPE_JOB_BUTTONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
comfy_job_buttons_init (ComfyJobButtons *self)
{
  gtk_box_set_spacing (GTK_BOX (self), 6);
}

/**
 * comfy_job_buttons_new:
 * @session: the session whose scheduler has @job
 * @job: what is to be done something about
 *
 * Returns: (transfer floating): no button yet
 */
GtkWidget *
comfy_job_buttons_new (ComfySession *session,
                       ComfyJob     *job)
{
  ComfyJobButtons *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (COMFY_IS_JOB (job), NULL);

  self = g_object_new (COMFY_TYPE_JOB_BUTTONS, NULL);
  self->session = g_object_ref (session);
  self->job = g_object_ref (job);

  return GTK_WIDGET (self);
}

/**
 * comfy_job_buttons_update:
 * @self: the buttons
 * @has_stopped: whether nothing goes on by itself any more; else there is nothing to be done
 *
 * Shows what makes sense now; takes no room without any.
 */
void
comfy_job_buttons_update (ComfyJobButtons *self,
                          gboolean         has_stopped)
{
  ComfyProfile    *profile;
  ComfyJobActions  actions = 0;

  g_return_if_fail (COMFY_IS_JOB_BUTTONS (self));

  profile = get_profile (self);
  if (has_stopped)
    actions = comfy_job_actions_for (comfy_job_get_state (self->job),
                                     comfy_job_get_error (self->job));

  /* what was started elsewhere cannot be asked for once more */
  if (comfy_request_get_remote_id (comfy_job_get_request (self->job)) != NULL)
    actions &= ~COMFY_JOB_ACTION_REPEAT;
  /* one that was read from COMFY_API_KEY has no key that could be replaced */
  if (profile == NULL || !comfy_profile_is_editable (profile) || !comfy_profile_has_key (profile))
    actions &= ~COMFY_JOB_ACTION_REPLACE_KEY;
  if (profile == NULL)
    actions &= ~COMFY_JOB_ACTION_ALLOW_PARTNERS;
  show (self, actions);
}
