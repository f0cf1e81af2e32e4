/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pages that only "Run Workflow…" has: the list that a workflow is picked of, and the
 * corrections of its form.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-action-page.h"
#include "comfy-action-window-private.h"
#include "comfy-mapping-view.h"
#include "comfy-workflow-picker.h"

static void
picked_cb (ComfyWorkflowPicker *picker,
           ComfyForm           *form,
           ComfyMapping        *mapping,
           ComfyActionWindow   *self)
{
  /* what was dropped on the window while a form is filled in, or paid for, is not what is wanted */
  if (self->shown != COMFY_PAGE_LIST)
    return;

  g_set_object (&self->mapping, mapping);
  _comfy_action_window_set_form (self, form);
  _comfy_action_window_show_page (self, COMFY_PAGE_FORM);
}

/*
 * _comfy_action_window_add_list:
 *
 * Adds the page with the list of workflows.
 */
void
_comfy_action_window_add_list (ComfyActionWindow *self)
{
  self->picker = comfy_workflow_picker_new (self->opener, self->image_id);
  g_signal_connect (self->picker, "picked", G_CALLBACK (picked_cb), self);
  g_signal_connect_swapped (self->picker, "selection-changed",
                            G_CALLBACK (_comfy_action_window_update_run), self);
  gtk_widget_show_all (self->picker);
  gtk_container_add (GTK_CONTAINER (self->stack), self->picker);
}

static void
drop_edit (ComfyActionWindow *self)
{
  _comfy_action_window_show_page (self, COMFY_PAGE_FORM);
  g_clear_pointer (&self->edit, gtk_widget_destroy);
  g_clear_pointer (&self->said, g_bytes_unref);
}

/* as it was before; what was saved as an action stays saved */
static void
take_back (ComfyActionWindow *self)
{
  comfy_mapping_reset (self->mapping);
  if (self->said != NULL)
    comfy_mapping_correct (self->mapping, self->said);
}

/*
 * _comfy_action_window_end_edit:
 * @keep: whether the form becomes what was said
 *
 * Goes from the corrections back to the form, with what was entered there. What cannot be remembered
 * is said in place, and the page stays.
 */
void
_comfy_action_window_end_edit (ComfyActionWindow *self,
                               gboolean           keep)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(ComfyForm) form = NULL;

  if (!keep)
    {
      take_back (self);
      drop_edit (self);
      return;
    }

  if (!comfy_opener_remember (self->opener, self->mapping, &error) && !self->is_told)
    {
      /* the next time it counts for this run all the same */
      self->is_told = TRUE;
      comfy_mapping_view_show_error (COMFY_MAPPING_VIEW (self->edit), error);
      return;
    }
  g_clear_error (&error);
  form = comfy_opener_make_form (self->opener, self->mapping, self->image_id, &error);
  if (form == NULL)
    {
      comfy_mapping_view_show_error (COMFY_MAPPING_VIEW (self->edit), error);
      return;
    }

  comfy_form_take_values (form, self->form);
  _comfy_action_window_set_form (self, form);
  drop_edit (self);
}

static void
edit_clicked_cb (ComfyActionWindow *self)
{
  self->said = comfy_mapping_to_corrections (self->mapping);
  self->edit = comfy_mapping_view_new (self->opener, self->mapping);
  gtk_widget_show_all (self->edit);
  gtk_container_add (GTK_CONTAINER (self->stack), self->edit);
  _comfy_action_window_show_page (self, COMFY_PAGE_EDIT);
}

/*
 * _comfy_action_window_add_tools:
 *
 * Adds what belongs to the form of a workflow alone.
 */
void
_comfy_action_window_add_tools (ComfyActionWindow *self)
{
  GtkWidget *tools = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *edit = gtk_button_new_with_mnemonic (_("_Edit Form…"));

  gtk_widget_set_tooltip_text (edit, _("Say what is what in this workflow, and save it as an "
                                         "action"));
  g_signal_connect_swapped (edit, "clicked", G_CALLBACK (edit_clicked_cb), self);
  gtk_box_pack_start (GTK_BOX (tools), edit, FALSE, FALSE, 0);
  comfy_action_page_add_tools (COMFY_ACTION_PAGE (self->page), tools);
}
