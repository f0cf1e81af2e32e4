/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The window between a menu entry and a job. What is missing is asked for in this one window, in
 * place: the list of workflows comes before the form, the key assistant and the corrections of a form
 * take its room, consent and errors stand above the buttons.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-action-page.h"
#include "comfy-action-window-private.h"
#include "comfy-error.h"
#include "comfy-key-assistant.h"
#include "comfy-mapping-view.h"
#include "comfy-run-target.h"
#include "comfy-workflow-picker.h"

#define WINDOW_WIDTH 600 /* px: a seed and its buttons stand in a line */

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
  self->is_busy = busy;
  comfy_action_page_set_busy (COMFY_ACTION_PAGE (self->page), busy);
  gtk_widget_set_sensitive (self->back, !busy);
  _comfy_action_window_update_run (self);
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

  _comfy_action_window_show_page (self, COMFY_PAGE_FORM);
  g_clear_pointer (&self->assistant, gtk_widget_destroy);
  focus_run (self);
  /* as low as it was before the assistant */
  gtk_window_get_size (GTK_WINDOW (self), &width, NULL);
  gtk_window_resize (GTK_WINDOW (self), width, MAX (1, self->height));
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
  if (self->opener == NULL && !has_fields (self))
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
  gtk_container_add (GTK_CONTAINER (self->stack), self->assistant);
  /* shown for nobody yet, it was never low */
  self->height = 0;
  if (self->shown == COMFY_PAGE_FORM && gtk_widget_get_mapped (self->page))
    gtk_window_get_size (GTK_WINDOW (self), NULL, &self->height);
  _comfy_action_window_show_page (self, COMFY_PAGE_KEY);
}

static void
accept (ComfyActionWindow *self)
{
  if (self->answer == NULL || self->page == NULL
      || !comfy_action_page_check (COMFY_ACTION_PAGE (self->page)))
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
  ComfyActionWindow *self = COMFY_ACTION_WINDOW (dialog);

  /* what is pressed late is not what is seen now */
  if (response == GTK_RESPONSE_OK && self->shown == COMFY_PAGE_FORM)
    accept (self);
  else if (response == COMFY_RESPONSE_OPEN && self->shown == COMFY_PAGE_LIST)
    comfy_workflow_picker_pick (COMFY_WORKFLOW_PICKER (self->picker));
  else if (response == COMFY_RESPONSE_BACK && self->shown == COMFY_PAGE_FORM && !self->is_busy)
    _comfy_action_window_show_page (self, COMFY_PAGE_LIST);
  else if (response == COMFY_RESPONSE_RESET && self->shown == COMFY_PAGE_EDIT)
    comfy_mapping_view_reset (COMFY_MAPPING_VIEW (self->edit));
  else if (response == COMFY_RESPONSE_DONE && self->shown == COMFY_PAGE_EDIT)
    _comfy_action_window_end_edit (self, TRUE);
  else if (response == GTK_RESPONSE_CANCEL && self->shown == COMFY_PAGE_EDIT)
    _comfy_action_window_end_edit (self, FALSE);
  else if (response == GTK_RESPONSE_CANCEL || response == GTK_RESPONSE_DELETE_EVENT)
    gtk_widget_destroy (GTK_WIDGET (dialog));
}

/* Escape is the Cancel button that is seen */
static void
comfy_action_window_close (GtkDialog *dialog)
{
  if (COMFY_ACTION_WINDOW (dialog)->shown == COMFY_PAGE_EDIT)
    gtk_dialog_response (dialog, GTK_RESPONSE_CANCEL);
  else
    GTK_DIALOG_CLASS (comfy_action_window_parent_class)->close (dialog);
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
  g_clear_object (&self->mapping);
  g_clear_pointer (&self->said, g_bytes_unref);
  g_clear_object (&self->opener);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_action_window_parent_class)->finalize (object);
}

static void
comfy_action_window_class_init (ComfyActionWindowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_action_window_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_action_window_destroy;
  GTK_DIALOG_CLASS (klass)->response = comfy_action_window_response;
  GTK_DIALOG_CLASS (klass)->close = comfy_action_window_close;
}

static void
comfy_action_window_init (ComfyActionWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), WINDOW_WIDTH, -1);
  gtk_window_set_role (GTK_WINDOW (self), "comfy-action");
}

/*
 * _comfy_action_window_set_form:
 * @form: what is asked for from now on
 *
 * Makes the page with the form anew. It is not shown yet.
 */
void
_comfy_action_window_set_form (ComfyActionWindow *self,
                               ComfyForm         *form)
{
  g_set_object (&self->form, form);
  g_clear_pointer (&self->page, gtk_widget_destroy);
  self->page = comfy_action_page_new (self->session, form, self->image_id, self->layer_ids);
  g_signal_connect_swapped (self->page, "changed", G_CALLBACK (_comfy_action_window_update_run),
                            self);
  g_signal_connect_swapped (self->page, "run", G_CALLBACK (accept), self);
  gtk_widget_show_all (self->page);
  gtk_container_add (GTK_CONTAINER (self->stack), self->page);
  if (self->mapping != NULL)
    _comfy_action_window_add_tools (self);
}

static ComfyActionWindow *
new_window (ComfySession *session,
            int           image_id,
            GArray       *layer_ids)
{
  ComfyActionWindow *self = g_object_new (COMFY_TYPE_ACTION_WINDOW, NULL);

  self->session = g_object_ref (session);
  self->image_id = image_id;
  self->layer_ids = layer_ids != NULL ? g_array_ref (layer_ids) : NULL;
  _comfy_action_window_build (self);

  return self;
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
 * Returns: %FALSE when @action can run at once: it has no form, there is a key, the artist
 *   knows what is sent where, and wants to be asked nothing before so much is spent
 */
gboolean
comfy_action_window_is_needed (ComfySession *session,
                               ComfyAction  *action)
{
  g_autofree char *question = NULL;

  g_return_val_if_fail (COMFY_IS_SESSION (session), TRUE);
  g_return_val_if_fail (COMFY_IS_ACTION (action), TRUE);

  if (comfy_action_has_form (action) || !comfy_action_window_is_ready (session))
    return TRUE;

  question = comfy_run_target_dup_question (session, 1);

  return question != NULL;
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

  self = new_window (session, image_id, layer_ids);
  _comfy_action_window_set_form (self, form);
  _comfy_action_window_show_page (self, COMFY_PAGE_FORM);

  return GTK_WIDGET (self);
}

/**
 * comfy_action_window_new_for_workflows:
 * @opener: has the list of workflows
 * @path: (nullable): a file that is opened at once
 * @image_id: the editor's id of the image, -1 when there is none
 * @layer_ids: (nullable) (element-type int): the editor's ids of the selected layers
 *
 * Returns: (transfer none): a window that asks for a workflow first, owned by GTK until
 *   gtk_widget_destroy(); it is shown by comfy_action_window_ask()
 */
GtkWidget *
comfy_action_window_new_for_workflows (ComfyOpener *opener,
                                       const char  *path,
                                       int          image_id,
                                       GArray      *layer_ids)
{
  ComfyActionWindow *self;

  g_return_val_if_fail (COMFY_IS_OPENER (opener), NULL);

  self = new_window (comfy_opener_get_session (opener), image_id, layer_ids);
  self->opener = g_object_ref (opener);
  _comfy_action_window_add_list (self);
  _comfy_action_window_show_page (self, COMFY_PAGE_LIST);
  if (path != NULL)
    comfy_workflow_picker_open (COMFY_WORKFLOW_PICKER (self->picker), path);

  return GTK_WIDGET (self);
}

/**
 * comfy_action_window_get_form:
 *
 * Returns: (transfer none) (nullable): the form that was accepted; %NULL while none is picked
 */
ComfyForm *
comfy_action_window_get_form (ComfyActionWindow *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION_WINDOW (self), NULL);

  return self->form;
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
  if (self->page != NULL)
    {
      set_busy (self, FALSE);
      focus_run (self);
    }
  gtk_window_present (GTK_WINDOW (self));

  /* nothing to fill in: straight to what is missing */
  if (self->opener == NULL && !has_fields (self) && !comfy_run_target_is_there (self->session))
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
