/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The window between a menu entry and a job. What is missing is asked for in this one window, in
 * place: the key assistant takes the form's room, consent and errors stand above the buttons.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "comfy-action-page.h"
#include "comfy-action-window.h"
#include "comfy-error.h"
#include "comfy-key-assistant.h"
#include "comfy-run-target.h"

#define WINDOW_WIDTH 480 /* px */

struct _ComfyActionWindow
{
  GtkDialog     parent_instance;

  ComfySession *session;   /* owned */
  ComfyForm    *form;      /* owned */
  int           image_id;  /* -1: none */
  GArray       *layer_ids; /* owned, nullable */
  DexPromise   *answer;    /* owned; NULL while nobody asks */
  GtkWidget    *stack;     /* borrowed: a child: the form, or the assistant in its place */
  GtkWidget    *assistant; /* borrowed: a child; NULL while none is needed */
  GtkWidget    *page;      /* borrowed: a child: the form */
  GtkWidget    *cancel;    /* borrowed: a child */
  GtkWidget    *run;       /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyActionWindow, comfy_action_window, GTK_TYPE_DIALOG)

static gboolean
has_fields (ComfyActionWindow *self)
{
  return comfy_action_page_has_fields (COMFY_ACTION_PAGE (self->page));
}

static void
set_busy (ComfyActionWindow *self,
          gboolean           busy)
{
  comfy_action_page_set_busy (COMFY_ACTION_PAGE (self->page), busy);
  gtk_widget_set_sensitive (self->run, !busy);
}

static void
show_page (ComfyActionWindow *self,
           const char        *page)
{
  gboolean is_form = g_str_equal (page, "form");

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), page);
  /* the assistant has buttons of its own */
  gtk_widget_set_visible (self->cancel, is_form);
  gtk_widget_set_visible (self->run, is_form);
}

/* with nothing to fill in, Enter means yes */
static void
focus_run (ComfyActionWindow *self)
{
  if (!has_fields (self))
    gtk_widget_grab_focus (self->run);
}

static void accept (ComfyActionWindow *self);

static void
drop_assistant (ComfyActionWindow *self)
{
  int width;

  show_page (self, "form");
  g_clear_pointer (&self->assistant, gtk_widget_destroy);
  focus_run (self);
  /* as low as it was before the assistant */
  gtk_window_get_size (GTK_WINDOW (self), &width, NULL);
  gtk_window_resize (GTK_WINDOW (self), width, 1);
}

static void
assistant_done_cb (ComfyKeyAssistant *assistant,
                   ComfyProfile      *profile,
                   ComfyActionWindow *self)
{
  drop_assistant (self);
  /* the artist has asked for the action already; what is left to be said is said first */
  if (comfy_run_target_is_ready (self->session))
    accept (self);
}

static void
assistant_cancelled_cb (ComfyKeyAssistant *assistant,
                        ComfyActionWindow *self)
{
  if (!has_fields (self))
    gtk_widget_destroy (GTK_WIDGET (self));
  else
    drop_assistant (self);
}

static void
show_assistant (ComfyActionWindow *self)
{
  self->assistant = comfy_key_assistant_new (self->session, NULL);
  g_signal_connect (self->assistant, "done", G_CALLBACK (assistant_done_cb), self);
  g_signal_connect (self->assistant, "cancelled", G_CALLBACK (assistant_cancelled_cb), self);
  gtk_widget_show_all (self->assistant);
  gtk_stack_add_named (GTK_STACK (self->stack), self->assistant, "key");
  show_page (self, "key");
}

static void
accept (ComfyActionWindow *self)
{
  if (self->answer == NULL || !comfy_action_page_check (COMFY_ACTION_PAGE (self->page)))
    return;

  if (!comfy_run_target_is_there (self->session))
    {
      show_assistant (self);
      return;
    }

  comfy_action_page_accept (COMFY_ACTION_PAGE (self->page));
  set_busy (self, TRUE);
  dex_promise_resolve_boolean (self->answer, TRUE);
  dex_clear (&self->answer);
}

static void
comfy_action_window_response (GtkDialog *dialog,
                              int        response)
{
  if (response == GTK_RESPONSE_OK)
    accept (COMFY_ACTION_WINDOW (dialog));
  else
    gtk_widget_destroy (GTK_WIDGET (dialog));
}

static void
comfy_action_window_destroy (GtkWidget *widget)
{
  ComfyActionWindow *self = COMFY_ACTION_WINDOW (widget);

  if (self->answer != NULL)
    {
      dex_promise_reject (self->answer,
                          comfy_error_new (COMFY_ERROR_CANCELLED, NULL,
                                           _("The operation was cancelled.")));
      dex_clear (&self->answer);
    }

  GTK_WIDGET_CLASS (comfy_action_window_parent_class)->destroy (widget);
}

static void
comfy_action_window_finalize (GObject *object)
{
  ComfyActionWindow *self = COMFY_ACTION_WINDOW (object);

  g_clear_pointer (&self->layer_ids, g_array_unref);
  g_clear_object (&self->form);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_action_window_parent_class)->finalize (object);
}

static void
comfy_action_window_class_init (ComfyActionWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_action_window_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_action_window_destroy;
  GTK_DIALOG_CLASS (klass)->response = comfy_action_window_response;
}

static void
comfy_action_window_init (ComfyActionWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), WINDOW_WIDTH, -1);
  gtk_window_set_role (GTK_WINDOW (self), "comfy-action");
}

/* what is paid for stands on the button */
static void
update_run_label (ComfyActionWindow *self)
{
  g_autofree char *label = comfy_action_page_dup_run_label (COMFY_ACTION_PAGE (self->page));

  gtk_button_set_label (GTK_BUTTON (self->run), label);
}

static void
build (ComfyActionWindow *self)
{
  GtkWidget                *content = gtk_dialog_get_content_area (GTK_DIALOG (self));
  g_autoptr(GtkAccelGroup)  accels = gtk_accel_group_new ();
  ComfyAction              *action = comfy_form_get_action (self->form);

  self->stack = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_container_set_border_width (GTK_CONTAINER (self->stack), 12);
  self->page = comfy_action_page_new (self->session, self->form, self->image_id, self->layer_ids);
  gtk_stack_add_named (GTK_STACK (self->stack), self->page, "form");
  gtk_box_pack_start (GTK_BOX (content), self->stack, TRUE, TRUE, 0);
  gtk_widget_show_all (content);

  self->cancel = gtk_dialog_add_button (GTK_DIALOG (self), _("_Cancel"), GTK_RESPONSE_CANCEL);
  self->run = gtk_dialog_add_button (GTK_DIALOG (self), comfy_action_get_run_label (action),
                                     GTK_RESPONSE_OK);
  update_run_label (self);
  g_signal_connect_swapped (self->page, "changed", G_CALLBACK (update_run_label), self);
  gtk_dialog_set_default_response (GTK_DIALOG (self), GTK_RESPONSE_OK);
  gtk_widget_set_tooltip_text (self->run, _("Ctrl+Enter"));

  /* Enter alone makes a new line in a prompt */
  gtk_window_add_accel_group (GTK_WINDOW (self), accels);
  gtk_widget_add_accelerator (self->run, "clicked", accels, GDK_KEY_Return, GDK_CONTROL_MASK, 0);
  gtk_widget_add_accelerator (self->run, "clicked", accels, GDK_KEY_KP_Enter, GDK_CONTROL_MASK, 0);
}

/**
 * comfy_action_window_is_ready:
 * @session: the session
 *
 * Returns: whether there is a key, and the artist knows what is sent where
 */
gboolean
comfy_action_window_is_ready (ComfySession *session)
{
  g_return_val_if_fail (COMFY_IS_SESSION (session), FALSE);

  return comfy_run_target_is_ready (session);
}

/**
 * comfy_action_window_is_needed:
 * @session: the session
 * @action: what the artist asked for
 *
 * Returns: %FALSE when @action can run at once: it has no form, there is a key, and the artist
 *   knows what is sent where
 */
gboolean
comfy_action_window_is_needed (ComfySession *session,
                               ComfyAction  *action)
{
  g_return_val_if_fail (COMFY_IS_SESSION (session), TRUE);
  g_return_val_if_fail (COMFY_IS_ACTION (action), TRUE);

  return comfy_action_has_form (action) || !comfy_action_window_is_ready (session);
}

/**
 * comfy_action_window_new:
 * @session: the session
 * @form: the values; the window changes them as the artist does
 * @image_id: the editor's id of the image, -1 when there is none
 * @layer_ids: (nullable) (element-type int): the editor's ids of the selected layers
 *
 * Returns: (transfer none): a window, owned by GTK until gtk_widget_destroy(); it is shown by
 *   comfy_action_window_ask()
 */
GtkWidget *
comfy_action_window_new (ComfySession *session,
                         ComfyForm    *form,
                         int           image_id,
                         GArray       *layer_ids)
{
  ComfyActionWindow *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);

  self = g_object_new (COMFY_TYPE_ACTION_WINDOW,
                       "title", comfy_action_get_title (comfy_form_get_action (form)),
                       NULL);
  self->session = g_object_ref (session);
  self->form = g_object_ref (form);
  self->image_id = image_id;
  self->layer_ids = layer_ids != NULL ? g_array_ref (layer_ids) : NULL;
  build (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_action_window_ask:
 * @self: a window
 *
 * Shows the window and waits for the artist. Once accepted, the form checks, there is a key and
 * consent is recorded; the window stays, busy, until the caller destroys it or shows an error.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or rejects with
 *   %COMFY_ERROR_CANCELLED when the window is closed
 */
DexFuture *
comfy_action_window_ask (ComfyActionWindow *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION_WINDOW (self), NULL);
  g_return_val_if_fail (self->answer == NULL, NULL);

  self->answer = dex_promise_new ();
  set_busy (self, FALSE);
  focus_run (self);
  gtk_window_present (GTK_WINDOW (self));

  /* nothing to fill in: straight to what is missing */
  if (!has_fields (self) && !comfy_run_target_is_there (self->session))
    show_assistant (self);

  return DEX_FUTURE (dex_ref (self->answer));
}

/**
 * comfy_action_window_dup_batch:
 * @self: a window whose form was accepted
 *
 * Returns: (transfer full): how often, and for what, it is to be run
 */
ComfyBatch *
comfy_action_window_dup_batch (ComfyActionWindow *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION_WINDOW (self), NULL);

  return comfy_action_page_dup_batch (COMFY_ACTION_PAGE (self->page));
}

/**
 * comfy_action_window_show_error:
 * @self: a window whose form was accepted
 * @error: why the action could not start
 *
 * Says so in place. Ask again afterwards.
 */
void
comfy_action_window_show_error (ComfyActionWindow *self,
                                const GError      *error)
{
  g_return_if_fail (COMFY_IS_ACTION_WINDOW (self));
  g_return_if_fail (error != NULL);

  set_busy (self, FALSE);
  comfy_action_page_show_error (COMFY_ACTION_PAGE (self->page), error);
}
