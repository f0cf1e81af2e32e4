/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form of an action as it stands in a window, or in a panel: consent and errors in place, above
 * where it runs.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-action-page.h"
#include "comfy-busy-label.h"
#include "comfy-form-view.h"
#include "comfy-notice.h"
#include "comfy-run-target.h"
#include "comfy-take-preview.h"

#define MAX_PROBLEMS 4 /* more than these are counted */

struct _ComfyActionPage
{
  GtkBox        parent_instance;

  ComfySession *session; /* owned */
  ComfyForm    *form;    /* owned */
  GtkWidget    *view;    /* borrowed: a child */
  GtkWidget    *consent; /* borrowed: a child */
  GtkWidget    *problem; /* borrowed: a child */
  GtkWidget    *target;  /* borrowed: a child: where it runs */
  gboolean      is_busy;
};

G_DEFINE_FINAL_TYPE (ComfyActionPage, comfy_action_page, GTK_TYPE_BOX)

static void
update_target (ComfyActionPage *self)
{
  g_autofree char *target = comfy_run_target_describe (self->session);
  g_autofree char *consent = NULL;

  if (self->is_busy)
    return;

  comfy_busy_label_set (COMFY_BUSY_LABEL (self->target), target, FALSE);
  if (!comfy_run_target_is_there (self->session) || comfy_run_target_is_ready (self->session))
    {
      comfy_notice_hide (COMFY_NOTICE (self->consent));
      return;
    }

  consent = comfy_run_target_dup_consent (self->session, comfy_form_get_action (self->form));
  comfy_notice_show (COMFY_NOTICE (self->consent), GTK_MESSAGE_INFO, consent);
}

static void
comfy_action_page_finalize (GObject *object)
{
  ComfyActionPage *self = COMFY_ACTION_PAGE (object);

  g_clear_object (&self->form);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_action_page_parent_class)->finalize (object);
}

static void
comfy_action_page_class_init (ComfyActionPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_action_page_finalize;
}

static void
comfy_action_page_init (ComfyActionPage *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

/* what is sent of the image is seen before it is */
static gboolean
takes_picture (ComfyActionPage *self)
{
  ComfyAction          *action = comfy_form_get_action (self->form);
  g_autoptr(ComfyTake)  take = comfy_form_dup_take (self->form);

  if (take->source != COMFY_SOURCE_NONE)
    return TRUE;

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    if (comfy_action_get_field (action, i)->type == COMFY_FIELD_PICTURE)
      return TRUE;

  return FALSE;
}

static void
build (ComfyActionPage *self,
       int              image_id,
       GArray          *layer_ids)
{
  gboolean has_preview = takes_picture (self);

  self->view = comfy_form_view_new (self->form);
  if (has_preview)
    {
      GtkWidget *preview = comfy_take_preview_new (comfy_session_get_host (self->session),
                                                   self->form, image_id, layer_ids);

      comfy_form_view_add_preview (COMFY_FORM_VIEW (self->view), COMFY_TAKE_PREVIEW (preview));
    }
  /* empty, it would still take the room between two things */
  gtk_widget_set_no_show_all (self->view, !comfy_action_page_has_fields (self) && !has_preview);
  /* what grows with the window are long texts, where there are any */
  gtk_box_pack_start (GTK_BOX (self), self->view, FALSE, TRUE, 0);
  self->consent = comfy_notice_new ();
  gtk_box_pack_start (GTK_BOX (self), self->consent, FALSE, FALSE, 0);
  self->problem = comfy_notice_new ();
  gtk_box_pack_start (GTK_BOX (self), self->problem, FALSE, FALSE, 0);
  self->target = comfy_busy_label_new ();
  gtk_box_pack_start (GTK_BOX (self), self->target, FALSE, FALSE, 0);
}

/* what is wrong with the graph itself is said before the artist has filled anything in */
static void
show_problems (ComfyActionPage *self)
{
  g_autoptr(GPtrArray)  problems = comfy_form_list_problems (self->form);
  GString              *text;

  if (problems->len == 0)
    return;

  text = g_string_new (NULL);
  for (unsigned int i = 0; i < problems->len && i < MAX_PROBLEMS; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            ((ComfyFormProblem *) g_ptr_array_index (problems, i))->message);
  if (problems->len > MAX_PROBLEMS)
    {
      unsigned int     n = problems->len - MAX_PROBLEMS;
      g_autofree char *more = NULL;

      /* translators: how many problems are not listed */
      more = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "and %u more", "and %u more", n), n);
      g_string_append_printf (text, "\n%s", more);
    }
  comfy_notice_show (COMFY_NOTICE (self->problem), GTK_MESSAGE_WARNING, text->str);
  g_string_free (text, TRUE);
}

/**
 * comfy_action_page_new:
 * @session: the session
 * @form: the values; the page changes them as the artist does
 * @image_id: the editor's id of the image, -1 when there is none
 * @layer_ids: (nullable) (element-type int): the editor's ids of the selected layers
 *
 * Returns: (transfer floating): a page
 */
GtkWidget *
comfy_action_page_new (ComfySession *session,
                       ComfyForm    *form,
                       int           image_id,
                       GArray       *layer_ids)
{
  ComfyActionPage *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);

  self = g_object_new (COMFY_TYPE_ACTION_PAGE, NULL);
  self->session = g_object_ref (session);
  self->form = g_object_ref (form);
  build (self, image_id, layer_ids);
  update_target (self);
  show_problems (self);
  g_signal_connect_object (comfy_session_get_settings (session), "changed",
                           G_CALLBACK (update_target), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/**
 * comfy_action_page_has_fields:
 *
 * Returns: whether there is something to fill in
 */
gboolean
comfy_action_page_has_fields (ComfyActionPage *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION_PAGE (self), FALSE);

  return comfy_action_get_n_fields (comfy_form_get_action (self->form)) > 0;
}

/**
 * comfy_action_page_check:
 *
 * Says in place what the form cannot be run with.
 *
 * Returns: whether it can be run
 */
gboolean
comfy_action_page_check (ComfyActionPage *self)
{
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (COMFY_IS_ACTION_PAGE (self), FALSE);

  if (comfy_form_view_check (COMFY_FORM_VIEW (self->view), &error))
    return TRUE;
  if (error != NULL)
    comfy_action_page_show_error (self, error);

  return FALSE;
}

/**
 * comfy_action_page_accept:
 *
 * The artist has seen what is sent where, and wants it.
 */
void
comfy_action_page_accept (ComfyActionPage *self)
{
  g_return_if_fail (COMFY_IS_ACTION_PAGE (self));

  comfy_run_target_give_consent (self->session);
  comfy_notice_hide (COMFY_NOTICE (self->consent));
  comfy_notice_hide (COMFY_NOTICE (self->problem));
}

/**
 * comfy_action_page_set_busy:
 * @busy: whether the job is being prepared
 */
void
comfy_action_page_set_busy (ComfyActionPage *self,
                            gboolean         busy)
{
  g_return_if_fail (COMFY_IS_ACTION_PAGE (self));

  self->is_busy = busy;
  gtk_widget_set_sensitive (self->view, !busy);
  if (busy)
    comfy_busy_label_set (COMFY_BUSY_LABEL (self->target), _("Preparing…"), TRUE);
  else
    update_target (self);
}

/**
 * comfy_action_page_show_error:
 * @error: why the action could not start
 *
 * Says so in place.
 */
void
comfy_action_page_show_error (ComfyActionPage *self,
                              const GError    *error)
{
  g_return_if_fail (COMFY_IS_ACTION_PAGE (self));
  g_return_if_fail (error != NULL);

  comfy_notice_show (COMFY_NOTICE (self->problem), GTK_MESSAGE_ERROR, error->message);
}

/**
 * comfy_action_page_add_tools:
 * @tools: (transfer floating): stands between the form and what is said of it
 */
void
comfy_action_page_add_tools (ComfyActionPage *self,
                             GtkWidget       *tools)
{
  g_return_if_fail (COMFY_IS_ACTION_PAGE (self));

  gtk_box_pack_start (GTK_BOX (self), tools, FALSE, FALSE, 0);
  gtk_box_reorder_child (GTK_BOX (self), tools, 1);
  gtk_widget_show_all (tools);
}
