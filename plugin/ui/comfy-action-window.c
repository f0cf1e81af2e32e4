/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The window between a menu entry and a job. What is missing is asked for in this one window, in
 * place: the list of workflows comes before the form, the key assistant and the corrections of a form
 * take its room, consent and errors stand above the buttons.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "comfy-action-page.h"
#include "comfy-action-window.h"
#include "comfy-error.h"
#include "comfy-key-assistant.h"
#include "comfy-mapping-view.h"
#include "comfy-run-target.h"
#include "comfy-workflow-picker.h"

#define WINDOW_WIDTH 480 /* px */

enum
{
  RESPONSE_BACK = 1, /* to the list of workflows */
  RESPONSE_OPEN,     /* what is selected there */
};

struct _ComfyActionWindow
{
  GtkDialog     parent_instance;

  ComfySession *session;   /* owned */
  ComfyForm    *form;      /* owned; NULL while none is picked */
  ComfyOpener  *opener;    /* owned, nullable: the form is given */
  ComfyMapping *mapping;   /* owned, nullable: what the form can be corrected by */
  int           image_id;  /* -1: none */
  GArray       *layer_ids; /* owned, nullable */
  DexPromise   *answer;    /* owned; NULL while nobody asks */
  GtkWidget    *stack;     /* borrowed: a child: the form, or the assistant in its place */
  GtkWidget    *assistant; /* borrowed: a child; NULL while none is needed */
  GtkWidget    *picker;    /* borrowed: a child; NULL without an opener */
  GtkWidget    *page;      /* borrowed: a child: the form; NULL while none is picked */
  GtkWidget    *edit;      /* borrowed: a child; NULL while nothing is corrected */
  GtkWidget    *back;      /* borrowed: a child; NULL without an opener */
  GtkWidget    *open;      /* borrowed: a child; NULL without an opener. Not the button that runs: a
                            * key presses a button a moment before it counts, when the page may be
                            * another one already */
  GtkWidget    *cancel;    /* borrowed: a child */
  GtkWidget    *run;       /* borrowed: a child */
  gboolean      is_busy;   /* the job is being prepared */
};

G_DEFINE_FINAL_TYPE (ComfyActionWindow, comfy_action_window, GTK_TYPE_DIALOG)

/* what is paid for stands on the button */
static void
update_run (ComfyActionWindow *self)
{
  g_autofree char *label = NULL;

  if (self->page == NULL)
    return;

  label = comfy_action_page_dup_run_label (COMFY_ACTION_PAGE (self->page));
  gtk_button_set_label (GTK_BUTTON (self->run), label);
  gtk_widget_set_sensitive (self->run, !self->is_busy);
}

static void
update_open (ComfyActionWindow *self)
{
  gtk_widget_set_sensitive (self->open, comfy_workflow_picker_can_pick (
                              COMFY_WORKFLOW_PICKER (self->picker)));
}

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
  if (self->back != NULL)
    gtk_widget_set_sensitive (self->back, !busy);
  update_run (self);
}

static void
show_page (ComfyActionWindow *self,
           const char        *page)
{
  gboolean is_form = g_str_equal (page, "form");
  gboolean is_list = g_str_equal (page, "list");

  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), page);
  /* the assistant and the corrections have buttons of their own */
  gtk_widget_set_visible (self->cancel, is_form || is_list);
  gtk_widget_set_visible (self->run, is_form);
  if (self->opener != NULL)
    {
      gtk_widget_set_visible (self->back, is_form);
      gtk_widget_set_visible (self->open, is_list);
    }
  gtk_dialog_set_default_response (GTK_DIALOG (self), is_list ? RESPONSE_OPEN : GTK_RESPONSE_OK);
  update_run (self);
}

/* with nothing to fill in, Enter means yes */
static void
focus_run (ComfyActionWindow *self)
{
  if (!has_fields (self))
    gtk_widget_grab_focus (self->run);
}

static void accept   (ComfyActionWindow *self);
static void set_form (ComfyActionWindow *self,
                      ComfyForm         *form);

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
  gtk_stack_add_named (GTK_STACK (self->stack), self->assistant, "key");
  show_page (self, "key");
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

  if (response == GTK_RESPONSE_OK)
    accept (self);
  else if (response == RESPONSE_BACK)
    show_page (self, "list");
  else if (response == RESPONSE_OPEN)
    comfy_workflow_picker_pick (COMFY_WORKFLOW_PICKER (self->picker));
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
  g_clear_object (&self->mapping);
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
}

static void
comfy_action_window_init (ComfyActionWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), WINDOW_WIDTH, -1);
  gtk_window_set_role (GTK_WINDOW (self), "comfy-action");
}

static void
corrected_cb (ComfyMappingView  *view,
              ComfyActionWindow *self)
{
  g_autoptr(GError)     error = NULL;
  g_autoptr(ComfyForm)  form = comfy_opener_make_form (self->opener, self->mapping, self->image_id,
                                                       &error);

  if (form != NULL)
    {
      comfy_form_take_values (form, self->form);
      set_form (self, form);
    }
  show_page (self, "form");
  if (error != NULL)
    comfy_action_page_show_error (COMFY_ACTION_PAGE (self->page), error);
}

static void
edit_clicked_cb (ComfyActionWindow *self)
{
  g_clear_pointer (&self->edit, gtk_widget_destroy);
  self->edit = comfy_mapping_view_new (self->opener, self->mapping);
  g_signal_connect (self->edit, "done", G_CALLBACK (corrected_cb), self);
  gtk_widget_show_all (self->edit);
  gtk_stack_add_named (GTK_STACK (self->stack), self->edit, "edit");
  show_page (self, "edit");
}

/* what belongs to the form of a workflow alone */
static void
add_tools (ComfyActionWindow *self)
{
  GtkWidget *tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *edit = gtk_button_new_with_mnemonic (_("_Edit Form…"));

  gtk_widget_set_tooltip_text (edit, _("Say what is what in this workflow, and save it as an action"));
  g_signal_connect_swapped (edit, "clicked", G_CALLBACK (edit_clicked_cb), self);
  gtk_box_pack_start (GTK_BOX (tools), edit, FALSE, FALSE, 0);
  comfy_action_page_add_tools (COMFY_ACTION_PAGE (self->page), tools);
}

static void
set_form (ComfyActionWindow *self,
          ComfyForm         *form)
{
  g_set_object (&self->form, form);
  g_clear_pointer (&self->page, gtk_widget_destroy);
  self->page = comfy_action_page_new (self->session, form, self->image_id, self->layer_ids);
  g_signal_connect_swapped (self->page, "changed", G_CALLBACK (update_run), self);
  gtk_widget_show_all (self->page);
  gtk_stack_add_named (GTK_STACK (self->stack), self->page, "form");
  if (self->mapping != NULL)
    add_tools (self);
  gtk_window_set_title (GTK_WINDOW (self), comfy_action_get_title (comfy_form_get_action (form)));
}

static void
picked_cb (ComfyWorkflowPicker *picker,
           ComfyForm           *form,
           ComfyMapping        *mapping,
           ComfyActionWindow   *self)
{
  g_set_object (&self->mapping, mapping);
  set_form (self, form);
  show_page (self, "form");
}

static void
build (ComfyActionWindow *self)
{
  GtkWidget                *content = gtk_dialog_get_content_area (GTK_DIALOG (self));
  g_autoptr(GtkAccelGroup)  accels = gtk_accel_group_new ();

  self->stack = gtk_stack_new ();
  gtk_stack_set_vhomogeneous (GTK_STACK (self->stack), FALSE);
  gtk_container_set_border_width (GTK_CONTAINER (self->stack), 12);
  gtk_box_pack_start (GTK_BOX (content), self->stack, TRUE, TRUE, 0);
  gtk_widget_show_all (content);

  self->cancel = gtk_dialog_add_button (GTK_DIALOG (self), _("_Cancel"), GTK_RESPONSE_CANCEL);
  self->run = gtk_dialog_add_button (GTK_DIALOG (self), _("_Run"), GTK_RESPONSE_OK);
  gtk_widget_set_tooltip_text (self->run, _("Ctrl+Enter"));

  /* Enter alone makes a new line in a prompt */
  gtk_window_add_accel_group (GTK_WINDOW (self), accels);
  gtk_widget_add_accelerator (self->run, "clicked", accels, GDK_KEY_Return, GDK_CONTROL_MASK, 0);
  gtk_widget_add_accelerator (self->run, "clicked", accels, GDK_KEY_KP_Enter, GDK_CONTROL_MASK, 0);
}

static void
build_list (ComfyActionWindow *self)
{
  GtkWidget *buttons;

  self->picker = comfy_workflow_picker_new (self->opener, self->image_id);
  g_signal_connect (self->picker, "picked", G_CALLBACK (picked_cb), self);
  g_signal_connect_swapped (self->picker, "selection-changed", G_CALLBACK (update_open), self);
  gtk_widget_show_all (self->picker);
  gtk_stack_add_named (GTK_STACK (self->stack), self->picker, "list");

  self->back = gtk_dialog_add_button (GTK_DIALOG (self), _("_Workflows"), RESPONSE_BACK);
  buttons = gtk_widget_get_parent (self->back);
  gtk_button_box_set_child_secondary (GTK_BUTTON_BOX (buttons), self->back, TRUE);
  self->open = gtk_dialog_add_button (GTK_DIALOG (self), _("_Open"), RESPONSE_OPEN);
  update_open (self);
  show_page (self, "list");
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
  build (self);

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

  self = new_window (session, image_id, layer_ids);
  set_form (self, form);
  show_page (self, "form");

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
  gtk_window_set_title (GTK_WINDOW (self), _("Run Workflow"));
  build_list (self);
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
