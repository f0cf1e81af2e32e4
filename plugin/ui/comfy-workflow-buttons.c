/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-error.h"
#include "comfy-workflow-buttons.h"

struct _ComfyWorkflowButtons
{
  GtkFlowBox    parent_instance;

  ComfyLibrary *library; /* owned */
};

G_DEFINE_FINAL_TYPE (ComfyWorkflowButtons, comfy_workflow_buttons, GTK_TYPE_FLOW_BOX)

enum
{
  OPENED,
  ADDED,
  FAILED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
open_response_cb (GtkNativeDialog      *dialog,
                  int                   response,
                  ComfyWorkflowButtons *self)
{
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    path = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog));
  if (path != NULL)
    g_signal_emit (self, signals[OPENED], 0, path);
}

static void
add_response_cb (GtkNativeDialog      *dialog,
                 int                   response,
                 ComfyWorkflowButtons *self)
{
  GSList *paths = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    paths = gtk_file_chooser_get_filenames (GTK_FILE_CHOOSER (dialog));
  for (GSList *path = paths; path != NULL; path = path->next)
    g_signal_emit (self, signals[ADDED], 0, path->data);
  g_slist_free_full (paths, g_free);
}

static void
end_dialog_cb (GtkNativeDialog *dialog)
{
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

/* what may be a workflow is offered first */
static void
add_filters (GtkFileChooser *chooser)
{
  static const char * const patterns[] = { "*.json", "*.JSON", "*.png", "*.PNG" };
  GtkFileFilter            *workflows = gtk_file_filter_new ();
  GtkFileFilter            *all = gtk_file_filter_new ();

  gtk_file_filter_set_name (workflows, _("Workflows (JSON, PNG)"));
  for (unsigned int i = 0; i < G_N_ELEMENTS (patterns); i++)
    gtk_file_filter_add_pattern (workflows, patterns[i]);
  gtk_file_chooser_add_filter (chooser, workflows);
  gtk_file_filter_set_name (all, _("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  gtk_file_chooser_add_filter (chooser, all);
}

static void
ask_for_file (ComfyWorkflowButtons *self,
              const char           *title,
              gboolean              several,
              GCallback             response_cb)
{
  GtkWidget            *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  GtkFileChooserNative *dialog;

  dialog = gtk_file_chooser_native_new (title, GTK_IS_WINDOW (window) ? GTK_WINDOW (window) : NULL,
                                        GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), several);
  add_filters (GTK_FILE_CHOOSER (dialog));
  g_signal_connect_object (dialog, "response", response_cb, self, G_CONNECT_DEFAULT);
  g_signal_connect_after (dialog, "response", G_CALLBACK (end_dialog_cb), NULL);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
open_cb (ComfyWorkflowButtons *self)
{
  ask_for_file (self, _("Open a Workflow"), FALSE, G_CALLBACK (open_response_cb));
}

static void
add_cb (ComfyWorkflowButtons *self)
{
  ask_for_file (self, _("Add to My Workflows"), TRUE, G_CALLBACK (add_response_cb));
}

static gboolean
show_folder (ComfyWorkflowButtons  *self,
             GError               **error)
{
  const char        *folder = comfy_library_get_folder (self->library);
  GtkWidget         *window = gtk_widget_get_toplevel (GTK_WIDGET (self));
  g_autofree char   *uri = g_filename_to_uri (folder, NULL, NULL);
  g_autofree char   *name = g_filename_display_name (folder);
  g_autoptr(GError)  foreign = NULL;

  if (!comfy_library_make_folder (self->library, error))
    return FALSE;
  if (gtk_show_uri_on_window (GTK_IS_WINDOW (window) ? GTK_WINDOW (window) : NULL, uri,
                              gtk_get_current_event_time (), &foreign))
    return TRUE;

  comfy_set_error (error, COMFY_ERROR_NOT_SUPPORTED, foreign->message,
                   _("No file manager could be started. Your workflows are in %s."), name);

  return FALSE;
}

static void
open_folder_cb (ComfyWorkflowButtons *self)
{
  g_autoptr(GError) error = NULL;

  if (!show_folder (self, &error))
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
comfy_workflow_buttons_finalize (GObject *object)
{
  g_clear_object (&COMFY_WORKFLOW_BUTTONS (object)->library);

  G_OBJECT_CLASS (comfy_workflow_buttons_parent_class)->finalize (object);
}

static void
comfy_workflow_buttons_class_init (ComfyWorkflowButtonsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_workflow_buttons_finalize;

  signals[OPENED] =
    g_signal_new ("opened", COMFY_TYPE_WORKFLOW_BUTTONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[ADDED] =
    g_signal_new ("added", COMFY_TYPE_WORKFLOW_BUTTONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FAILED] =
    g_signal_new ("failed", COMFY_TYPE_WORKFLOW_BUTTONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
add_button (ComfyWorkflowButtons *self,
            const char           *label,
            void                (*clicked) (ComfyWorkflowButtons *self))
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  g_signal_connect_swapped (button, "clicked", G_CALLBACK (clicked), self);
  gtk_container_add (GTK_CONTAINER (self), button);
  /* the focus is the button's, not that of its place */
  gtk_widget_set_can_focus (gtk_widget_get_parent (button), FALSE);
}

static void
comfy_workflow_buttons_init (ComfyWorkflowButtons *self)
{
  GtkFlowBox *box = GTK_FLOW_BOX (self);

  gtk_flow_box_set_selection_mode (box, GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (box, 3);
  gtk_flow_box_set_column_spacing (box, 6);
  gtk_flow_box_set_row_spacing (box, 6);
  add_button (self, _("Open _File…"), open_cb);
  add_button (self, _("_Add…"), add_cb);
  add_button (self, _("Open Fo_lder"), open_folder_cb);
}

/**
 * comfy_workflow_buttons_new:
 * @library: whose folder is opened
 *
 * Returns: (transfer floating): the buttons
 */
GtkWidget *
comfy_workflow_buttons_new (ComfyLibrary *library)
{
  ComfyWorkflowButtons *self;

  g_return_val_if_fail (COMFY_IS_LIBRARY (library), NULL);

  self = g_object_new (COMFY_TYPE_WORKFLOW_BUTTONS, NULL);
  self->library = g_object_ref (library);

  return GTK_WIDGET (self);
}
