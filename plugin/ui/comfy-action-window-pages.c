/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pages of the action window, and the buttons of each.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "comfy-action-page.h"
#include "comfy-action-window-private.h"
#include "comfy-workflow-picker.h"

/*
 * _comfy_action_window_update_run:
 *
 * What is paid for stands on the button.
 */
void
_comfy_action_window_update_run (ComfyActionWindow *self)
{
  g_autofree char *label = NULL;

  if (self->picker != NULL)
    gtk_widget_set_sensitive (self->open, comfy_workflow_picker_can_pick (
                                COMFY_WORKFLOW_PICKER (self->picker)));
  if (self->page == NULL)
    return;

  label = comfy_action_page_dup_run_label (COMFY_ACTION_PAGE (self->page));
  gtk_button_set_label (GTK_BUTTON (self->run), label);
  gtk_widget_set_sensitive (self->run, !self->is_busy);
}

/* (nullable) */
static GtkWidget *
get_page (ComfyActionWindow *self,
          ComfyPage          page)
{
  GtkWidget *pages[] = {
    [COMFY_PAGE_LIST] = self->picker,
    [COMFY_PAGE_FORM] = self->page,
    [COMFY_PAGE_EDIT] = self->edit,
    [COMFY_PAGE_KEY] = self->assistant,
  };

  return pages[page];
}

static const char *
get_title (ComfyActionWindow *self,
           ComfyPage          page)
{
  if (page == COMFY_PAGE_LIST)
    return _("Run Workflow");
  if (page == COMFY_PAGE_EDIT)
    return _("Edit Form");

  return comfy_action_get_title (comfy_form_get_action (self->form));
}

static void
show_buttons (ComfyActionWindow *self,
              ComfyPage          page)
{
  const struct { GtkWidget *button; gboolean is_shown; } buttons[] = {
    { self->back,   page == COMFY_PAGE_FORM && self->picker != NULL },
    { self->reset,  page == COMFY_PAGE_EDIT },
    { self->cancel, page != COMFY_PAGE_KEY },
    { self->open,   page == COMFY_PAGE_LIST },
    { self->run,    page == COMFY_PAGE_FORM },
    { self->done,   page == COMFY_PAGE_EDIT },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (buttons); i++)
    gtk_widget_set_visible (buttons[i].button, buttons[i].is_shown);
  if (page != COMFY_PAGE_KEY)
    gtk_widget_grab_default (page == COMFY_PAGE_LIST   ? self->open
                             : page == COMFY_PAGE_EDIT ? self->done
                                                       : self->run);
}

/*
 * _comfy_action_window_show_page:
 * @page: one that there is
 *
 * Shows another page; the focus goes to where something is done there.
 */
void
_comfy_action_window_show_page (ComfyActionWindow *self,
                                ComfyPage          page)
{
  GtkWidget *child = get_page (self, page);

  self->shown = page;
  gtk_stack_set_visible_child (GTK_STACK (self->stack), child);
  show_buttons (self, page);
  gtk_window_set_title (GTK_WINDOW (self), get_title (self, page));
  _comfy_action_window_update_run (self);

  /* from the beginning of the page, wherever the stack has put it */
  gtk_window_set_focus (GTK_WINDOW (self), NULL);
  gtk_widget_child_focus (child, GTK_DIR_TAB_FORWARD);
}

static GtkWidget *
add_button (ComfyActionWindow *self,
            const char        *label,
            int                response)
{
  GtkWidget *button = gtk_dialog_add_button (GTK_DIALOG (self), label, response);

  gtk_widget_set_can_default (button, TRUE);
  gtk_widget_set_no_show_all (button, TRUE);
  gtk_widget_hide (button);

  return button;
}

/* Enter alone makes a new line in a prompt */
static void
add_shortcut (GtkWidget     *button,
              GtkAccelGroup *accels)
{
  gtk_widget_set_tooltip_text (button, _("Ctrl+Enter"));
  gtk_widget_add_accelerator (button, "clicked", accels, GDK_KEY_Return, GDK_CONTROL_MASK, 0);
  gtk_widget_add_accelerator (button, "clicked", accels, GDK_KEY_KP_Enter, GDK_CONTROL_MASK, 0);
}

static void
build_buttons (ComfyActionWindow *self)
{
  g_autoptr(GtkAccelGroup)  accels = gtk_accel_group_new ();
  GtkButtonBox             *box;

  self->back = add_button (self, _("Wor_kflows"), COMFY_RESPONSE_BACK);
  self->reset = add_button (self, _("_Reset"), COMFY_RESPONSE_RESET);
  self->cancel = add_button (self, _("_Cancel"), GTK_RESPONSE_CANCEL);
  self->open = add_button (self, _("_Open"), COMFY_RESPONSE_OPEN);
  self->run = add_button (self, "", GTK_RESPONSE_OK);
  self->done = add_button (self, _("_Done"), COMFY_RESPONSE_DONE);
  box = GTK_BUTTON_BOX (gtk_widget_get_parent (self->back));
  gtk_button_box_set_child_secondary (box, self->back, TRUE);
  gtk_button_box_set_child_secondary (box, self->reset, TRUE);

  gtk_window_add_accel_group (GTK_WINDOW (self), accels);
  add_shortcut (self->open, accels);
  add_shortcut (self->run, accels);
  add_shortcut (self->done, accels);
}

/*
 * _comfy_action_window_build:
 *
 * Makes the place for the pages, and the buttons of all of them.
 */
void
_comfy_action_window_build (ComfyActionWindow *self)
{
  GtkWidget *content = gtk_dialog_get_content_area (GTK_DIALOG (self));

  self->stack = gtk_stack_new ();
  gtk_stack_set_homogeneous (GTK_STACK (self->stack), FALSE);
  gtk_container_set_border_width (GTK_CONTAINER (self->stack), 12);
  gtk_box_pack_start (GTK_BOX (content), self->stack, TRUE, TRUE, 0);
  gtk_widget_show_all (content);
  build_buttons (self);
}
