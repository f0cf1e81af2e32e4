/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the form to jobs, and from a job back to its form.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-action-page.h"
#include "comfy-error.h"
#include "comfy-form-request.h"
#include "comfy-image-chooser.h"
#include "comfy-panel-form-private.h"
#include "comfy-panel-run.h"
#include "comfy-run-target.h"

static ComfySession *
get_session (ComfyPanelForm *self)
{
  return comfy_opener_get_session (self->opener);
}

static int
get_image_id (ComfyPanelForm *self)
{
  return comfy_image_chooser_get_id (COMFY_IMAGE_CHOOSER (self->images));
}

static void
set_busy (ComfyPanelForm *self,
          gboolean        is_busy)
{
  self->is_busy = is_busy;
  gtk_widget_set_sensitive (self->images, !is_busy);
  gtk_widget_set_sensitive (self->actions, !is_busy);
  if (self->page != NULL)
    comfy_action_page_set_busy (COMFY_ACTION_PAGE (self->page), is_busy);
  _comfy_panel_form_update_button (self);
}

/* jobs that began go on whatever is said of others */
static DexFuture *
started_cb (DexFuture *future,
            gpointer   user_data)
{
  ComfyPanelForm   *self = user_data;
  g_autoptr(GError) error = NULL;

  if (gtk_widget_in_destruction (GTK_WIDGET (self)) || self->page == NULL)
    return NULL;

  set_busy (self, FALSE);
  /* by what was taken of it the image may bear a mark now */
  comfy_image_chooser_refresh (COMFY_IMAGE_CHOOSER (self->images));
  if (dex_future_get_value (future, &error) == NULL)
    comfy_action_page_show_error (COMFY_ACTION_PAGE (self->page), error);
  _comfy_panel_form_tell_begun (self, error == NULL);

  return NULL;
}

static DexFuture *
key_added_cb (DexFuture *future,
              gpointer   user_data)
{
  ComfyPanelForm *self = user_data;

  /* the artist has asked for it already; what is left to be said is said first */
  if (self->page != NULL && comfy_run_target_is_ready (get_session (self)))
    comfy_panel_form_generate (self);

  return NULL;
}

/**
 * comfy_panel_form_edit:
 * @request: what was asked for once
 *
 * Shows the form of its action, filled in as it was. An action that is not there any more is said in
 * place.
 */
void
comfy_panel_form_edit (ComfyPanelForm *self,
                       ComfyRequest   *request)
{
  const char           *id = comfy_request_get_action_id (request);
  g_autoptr(ComfyForm)  form = NULL;
  g_autoptr(GError)     error = NULL;

  g_return_if_fail (COMFY_IS_PANEL_FORM (self));

  form = _comfy_panel_form_dup_form (self, id);
  if (form == NULL)
    {
      error = comfy_error_new (COMFY_ERROR_NOT_FOUND, id,
                               _("“%s” is not in the list of actions any more. Open its workflow "
                                 "again."), comfy_request_get_title (request));
      if (self->page != NULL)
        comfy_action_page_show_error (COMFY_ACTION_PAGE (self->page), error);
      return;
    }

  comfy_form_take_request (form, request);
  _comfy_panel_form_set_form (self, form);
  gtk_widget_child_focus (self->page, GTK_DIR_TAB_FORWARD);
}

/**
 * comfy_panel_form_generate:
 *
 * Checks what was entered, asks in place for what is missing, and starts the jobs.
 *
 * Returns: whether they are being started; else it was said in place why not, or what is missing
 */
gboolean
comfy_panel_form_generate (ComfyPanelForm *self)
{
  g_autoptr(ComfyBatch) batch = NULL;

  g_return_val_if_fail (COMFY_IS_PANEL_FORM (self), FALSE);

  if (self->page == NULL || self->is_busy
      || !comfy_action_page_check (COMFY_ACTION_PAGE (self->page)))
    return FALSE;

  if (!comfy_run_target_is_there (get_session (self)))
    {
      dex_future_disown (dex_future_then (comfy_key_stack_ask (self->keys, NULL), key_added_cb,
                                          g_object_ref (self), g_object_unref));
      return FALSE;
    }

  comfy_action_page_accept (COMFY_ACTION_PAGE (self->page));
  batch = comfy_action_page_dup_batch (COMFY_ACTION_PAGE (self->page));
  set_busy (self, TRUE);
  dex_future_disown (dex_future_finally (comfy_panel_run (get_session (self), self->form, batch,
                                                          get_image_id (self)),
                                         started_cb, g_object_ref (self), g_object_unref));

  return TRUE;
}
