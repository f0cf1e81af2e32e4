/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-key-assistant.h"
#include "comfy-key-stack.h"

struct _ComfyKeyStack
{
  GtkStack      parent_instance;

  ComfySession *session;   /* owned */
  GtkWidget    *page;      /* borrowed: a child */
  GtkWidget    *assistant; /* borrowed: a child, NULL while none is needed */
  DexPromise   *answer;    /* owned, nullable: with the assistant */
};

G_DEFINE_FINAL_TYPE (ComfyKeyStack, comfy_key_stack, GTK_TYPE_STACK)

/* (transfer full) (nullable): what is to be told of how it ended */
static DexPromise *
drop_assistant (ComfyKeyStack *self)
{
  gtk_stack_set_visible_child (GTK_STACK (self), self->page);
  g_clear_pointer (&self->assistant, gtk_widget_destroy);

  return g_steal_pointer (&self->answer);
}

static void
done_cb (ComfyKeyAssistant *assistant,
         ComfyProfile      *profile,
         ComfyKeyStack     *self)
{
  g_autoptr(DexPromise) answer = drop_assistant (self);

  dex_promise_resolve_boolean (answer, TRUE);
}

static void
give_up (DexPromise *answer)
{
  dex_promise_reject (answer, comfy_error_new (COMFY_ERROR_CANCELLED, NULL,
                                               _("The operation was cancelled.")));
}

static void
cancelled_cb (ComfyKeyStack *self)
{
  g_autoptr(DexPromise) answer = drop_assistant (self);

  give_up (answer);
}

static void
comfy_key_stack_destroy (GtkWidget *widget)
{
  g_autoptr(DexPromise) answer = g_steal_pointer (&COMFY_KEY_STACK (widget)->answer);

  if (answer != NULL)
    give_up (answer);

  GTK_WIDGET_CLASS (comfy_key_stack_parent_class)->destroy (widget);
}

static void
comfy_key_stack_finalize (GObject *object)
{
  g_clear_object (&COMFY_KEY_STACK (object)->session);

  G_OBJECT_CLASS (comfy_key_stack_parent_class)->finalize (object);
}

static void
comfy_key_stack_class_init (ComfyKeyStackClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_key_stack_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_key_stack_destroy;
}

static void
comfy_key_stack_init (ComfyKeyStack *self)
{
  gtk_stack_set_homogeneous (GTK_STACK (self), FALSE);
}

/**
 * comfy_key_stack_new:
 * @session: the session
 * @page: (transfer floating): what is seen while no key is asked for
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
comfy_key_stack_new (ComfySession *session,
                     GtkWidget    *page)
{
  ComfyKeyStack *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (GTK_IS_WIDGET (page), NULL);

  self = g_object_new (COMFY_TYPE_KEY_STACK, NULL);
  self->session = g_object_ref (session);
  self->page = page;
  gtk_container_add (GTK_CONTAINER (self), page);

  return GTK_WIDGET (self);
}

/**
 * comfy_key_stack_ask:
 * @profile: (nullable): whose key is to be replaced; %NULL: a new one is made
 *
 * Shows the assistant in the place of the page; one that is asking already begins anew.
 *
 * Returns: (transfer full): a future of %TRUE once the key is stored; rejects with
 *   %COMFY_ERROR_CANCELLED
 */
DexFuture *
comfy_key_stack_ask (ComfyKeyStack *self,
                     ComfyProfile  *profile)
{
  g_return_val_if_fail (COMFY_IS_KEY_STACK (self), NULL);

  if (self->assistant != NULL)
    cancelled_cb (self);

  self->answer = dex_promise_new ();
  self->assistant = comfy_key_assistant_new (self->session, profile);
  g_signal_connect (self->assistant, "done", G_CALLBACK (done_cb), self);
  g_signal_connect_swapped (self->assistant, "cancelled", G_CALLBACK (cancelled_cb), self);
  gtk_widget_show_all (self->assistant);
  gtk_container_add (GTK_CONTAINER (self), self->assistant);
  gtk_stack_set_visible_child (GTK_STACK (self), self->assistant);
  gtk_widget_child_focus (self->assistant, GTK_DIR_TAB_FORWARD);

  return dex_ref (DEX_FUTURE (self->answer));
}

/**
 * comfy_key_stack_is_asking:
 *
 * Returns: whether the assistant is seen
 */
gboolean
comfy_key_stack_is_asking (ComfyKeyStack *self)
{
  g_return_val_if_fail (COMFY_IS_KEY_STACK (self), FALSE);

  return self->assistant != NULL;
}

/* a job that can go on, and where */
typedef struct
{
  ComfySession *session; /* owned */
  ComfyJob     *job;     /* owned */
} Renewal;

static void
renewal_free (gpointer data)
{
  Renewal *renewal = data;

  g_object_unref (renewal->job);
  g_object_unref (renewal->session);
  g_free (renewal);
}

static DexFuture *
renewed_cb (DexFuture *future,
            gpointer   data)
{
  Renewal *renewal = data;

  comfy_scheduler_resume (comfy_session_get_scheduler (renewal->session), renewal->job);

  return NULL;
}

/**
 * comfy_key_stack_renew:
 * @job: a job whose key was rejected
 *
 * Asks for another key for its profile; with that the job goes on, and all others that it stopped.
 */
void
comfy_key_stack_renew (ComfyKeyStack *self,
                       ComfyJob      *job)
{
  ComfyProfile *profile;
  Renewal      *renewal;

  g_return_if_fail (COMFY_IS_KEY_STACK (self));
  g_return_if_fail (COMFY_IS_JOB (job));

  profile = comfy_profile_store_find (comfy_session_get_profiles (self->session),
                                      comfy_request_get_profile_id (comfy_job_get_request (job)));
  /* removed since the button was shown */
  if (profile == NULL)
    return;

  renewal = g_new0 (Renewal, 1);
  renewal->session = g_object_ref (self->session);
  renewal->job = g_object_ref (job);
  dex_future_disown (dex_future_then (comfy_key_stack_ask (self, profile), renewed_cb, renewal,
                                      renewal_free));
}
