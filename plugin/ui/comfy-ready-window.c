/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The key assistant first, where there is no key; then what is sent where, unless the artist knows.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-key-assistant.h"
#include "comfy-notice.h"
#include "comfy-ready-window.h"
#include "comfy-run-target.h"
#include "comfy-ui-util.h"

#define WINDOW_WIDTH 480 /* px */

struct _ComfyReadyWindow
{
  GtkDialog     parent_instance;

  ComfySession *session;   /* owned */
  DexPromise   *answer;    /* owned; NULL while nobody asks */
  GtkWidget    *assistant; /* borrowed: a child; NULL while none is needed */
  GtkWidget    *page;      /* borrowed: a child; NULL until there is a key */
  GtkWidget    *cancel;    /* borrowed: a child */
  GtkWidget    *run;       /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyReadyWindow, comfy_ready_window, GTK_TYPE_DIALOG)

static void
accept (ComfyReadyWindow *self)
{
  g_autoptr(DexPromise) answer = g_steal_pointer (&self->answer);

  if (answer == NULL)
    return;

  comfy_run_target_give_consent (self->session);
  gtk_widget_set_sensitive (self->run, FALSE);
  dex_promise_resolve_boolean (answer, TRUE);
}

static void
comfy_ready_window_response (GtkDialog *dialog,
                             int        response)
{
  if (response == GTK_RESPONSE_OK)
    accept (COMFY_READY_WINDOW (dialog));
  else
    gtk_widget_destroy (GTK_WIDGET (dialog));
}

static void
comfy_ready_window_destroy (GtkWidget *widget)
{
  ComfyReadyWindow      *self = COMFY_READY_WINDOW (widget);
  g_autoptr(DexPromise)  answer = g_steal_pointer (&self->answer);

  if (answer != NULL)
    dex_promise_reject (answer, comfy_error_new (COMFY_ERROR_CANCELLED, NULL,
                                                 _("The operation was cancelled.")));

  GTK_WIDGET_CLASS (comfy_ready_window_parent_class)->destroy (widget);
}

static void
comfy_ready_window_finalize (GObject *object)
{
  g_clear_object (&COMFY_READY_WINDOW (object)->session);

  G_OBJECT_CLASS (comfy_ready_window_parent_class)->finalize (object);
}

static void
comfy_ready_window_class_init (ComfyReadyWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_ready_window_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_ready_window_destroy;
  GTK_DIALOG_CLASS (klass)->response = comfy_ready_window_response;
}

static void
comfy_ready_window_init (ComfyReadyWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), WINDOW_WIDTH, -1);
  gtk_window_set_role (GTK_WINDOW (self), "comfy-ready");
}

static GtkBox *
get_content (ComfyReadyWindow *self)
{
  return GTK_BOX (gtk_dialog_get_content_area (GTK_DIALOG (self)));
}

/* what is sent where, and with which key it is paid for */
static void
show_page (ComfyReadyWindow *self)
{
  g_autofree char *target = comfy_run_target_describe (self->session);
  g_autofree char *consent = NULL;
  GtkWidget       *notice = comfy_notice_new ();

  consent = comfy_run_target_dup_consent_again (self->session,
                                                gtk_window_get_title (GTK_WINDOW (self)));
  self->page = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_container_set_border_width (GTK_CONTAINER (self->page), 12);
  gtk_box_pack_start (GTK_BOX (self->page), notice, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self->page), comfy_ui_hint_new (target), FALSE, FALSE, 0);
  gtk_box_pack_start (get_content (self), self->page, FALSE, FALSE, 0);
  gtk_widget_show_all (self->page);
  comfy_notice_show (COMFY_NOTICE (notice), GTK_MESSAGE_INFO, consent);
  gtk_widget_show (self->cancel);
  gtk_widget_show (self->run);
  gtk_widget_grab_focus (self->run);
}

static void
assistant_done_cb (ComfyKeyAssistant *assistant,
                   ComfyProfile      *profile,
                   ComfyReadyWindow  *self)
{
  int width;

  g_clear_pointer (&self->assistant, gtk_widget_destroy);
  if (comfy_run_target_is_ready (self->session))
    {
      accept (self);
      return;
    }

  show_page (self);
  /* as low as what is in it now */
  gtk_window_get_size (GTK_WINDOW (self), &width, NULL);
  gtk_window_resize (GTK_WINDOW (self), width, 1);
}

/* it has buttons of its own */
static void
show_assistant (ComfyReadyWindow *self)
{
  self->assistant = comfy_key_assistant_new (self->session, NULL);
  gtk_container_set_border_width (GTK_CONTAINER (self->assistant), 12);
  g_signal_connect (self->assistant, "done", G_CALLBACK (assistant_done_cb), self);
  g_signal_connect_swapped (self->assistant, "cancelled", G_CALLBACK (gtk_widget_destroy), self);
  gtk_box_pack_start (get_content (self), self->assistant, TRUE, TRUE, 0);
  gtk_widget_show_all (self->assistant);
  gtk_widget_hide (self->cancel);
  gtk_widget_hide (self->run);
}

/**
 * comfy_ready_window_new:
 * @session: the session
 * @title: what is to run, as it stands in the menu
 *
 * Returns: (transfer none): a window, owned by GTK until gtk_widget_destroy(); it is shown by
 *   comfy_ready_window_ask()
 */
GtkWidget *
comfy_ready_window_new (ComfySession *session,
                        const char   *title)
{
  ComfyReadyWindow *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (title != NULL, NULL);

  self = g_object_new (COMFY_TYPE_READY_WINDOW, "title", title, NULL);
  self->session = g_object_ref (session);
  self->cancel = gtk_dialog_add_button (GTK_DIALOG (self), _("_Cancel"), GTK_RESPONSE_CANCEL);
  self->run = gtk_dialog_add_button (GTK_DIALOG (self), _("_Run"), GTK_RESPONSE_OK);
  gtk_dialog_set_default_response (GTK_DIALOG (self), GTK_RESPONSE_OK);
  if (comfy_run_target_is_there (session))
    show_page (self);
  else
    show_assistant (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_ready_window_ask:
 * @self: a window
 *
 * Shows the window and waits for the artist. Once accepted there is a key, and consent is recorded;
 * the window stays until the caller destroys it.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or rejects with
 *   %COMFY_ERROR_CANCELLED when the window is closed
 */
DexFuture *
comfy_ready_window_ask (ComfyReadyWindow *self)
{
  g_return_val_if_fail (COMFY_IS_READY_WINDOW (self), NULL);
  g_return_val_if_fail (self->answer == NULL, NULL);

  self->answer = dex_promise_new ();
  gtk_window_present (GTK_WINDOW (self));

  return DEX_FUTURE (dex_ref (self->answer));
}
