/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form of an action as it stands in a window, or in a panel: consent and errors in place, above
 * where it runs.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-action-page.h"
#include "comfy-batch-row.h"
#include "comfy-busy-label.h"
#include "comfy-cost-line.h"
#include "comfy-form-problems.h"
#include "comfy-form-view.h"
#include "comfy-notice.h"
#include "comfy-run-target.h"
#include "comfy-scroller.h"
#include "comfy-take-preview.h"

/* of the question before money is spent */
#define RESPONSE_RUN 1

struct _ComfyActionPage
{
  GtkBox             parent_instance;

  ComfySession      *session;     /* owned */
  ComfyForm         *form;        /* owned */
  GArray            *layer_ids;   /* owned, nullable, of int: the selected layers */
  GtkWidget         *content;     /* borrowed: a child: what scrolls */
  GtkWidget         *scroller;    /* borrowed: a child */
  GtkWidget         *view;        /* borrowed: a child */
  GtkWidget         *preview;     /* borrowed: a child, nullable */
  GtkWidget         *batch;       /* borrowed: a child: how often it runs */
  GtkWidget         *consent;     /* borrowed: a child */
  GtkWidget         *problem;     /* borrowed: a child */
  GtkWidget         *question;    /* borrowed: a child: before more is spent than was set */
  GtkWidget         *cost;        /* borrowed: a child: what it may cost */
  GtkWidget         *target;      /* borrowed: a child: where it runs */
  GtkWidget         *tools;       /* borrowed: a child, nullable */
  ComfyFormProblems *problems;    /* owned: what is wrong with the graph */
  gboolean           is_busy;
  gboolean           hides_target; /* where it runs is said elsewhere */
  gboolean           may_spend;   /* the artist said so: for the next run, as it is now */
};

G_DEFINE_FINAL_TYPE (ComfyActionPage, comfy_action_page, GTK_TYPE_BOX)

enum
{
  CHANGED,
  RUN,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
update_target (ComfyActionPage *self)
{
  g_autofree char *target = comfy_run_target_describe (self->session);
  g_autofree char *consent = NULL;

  if (self->is_busy)
    return;

  comfy_busy_label_set (COMFY_BUSY_LABEL (self->target), target, FALSE);
  gtk_widget_set_visible (self->target, !self->hides_target);
  if (!comfy_run_target_is_there (self->session) || comfy_run_target_is_ready (self->session))
    {
      comfy_notice_hide (COMFY_NOTICE (self->consent));
      return;
    }

  consent = comfy_run_target_dup_consent (self->session, comfy_form_get_action (self->form));
  comfy_notice_show (COMFY_NOTICE (self->consent), GTK_MESSAGE_INFO, consent);
}

static void
comfy_action_page_dispose (GObject *object)
{
  g_clear_object (&COMFY_ACTION_PAGE (object)->problems);

  G_OBJECT_CLASS (comfy_action_page_parent_class)->dispose (object);
}

static void
comfy_action_page_finalize (GObject *object)
{
  ComfyActionPage *self = COMFY_ACTION_PAGE (object);

  g_clear_pointer (&self->layer_ids, g_array_unref);
  g_clear_object (&self->form);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (comfy_action_page_parent_class)->finalize (object);
}

static void
comfy_action_page_class_init (ComfyActionPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = comfy_action_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = comfy_action_page_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_ACTION_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[RUN] =
    g_signal_new ("run", COMFY_TYPE_ACTION_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_action_page_init (ComfyActionPage *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
}

/* where each layer is sent alone, the first is what is seen of it */
static void
update_preview (ComfyActionPage *self)
{
  g_autoptr(ComfyBatch) batch = comfy_batch_row_dup_batch (COMFY_BATCH_ROW (self->batch));
  g_autoptr(GArray)     first = NULL;

  if (self->preview == NULL)
    return;

  if (batch != NULL && batch->kind == COMFY_BATCH_LAYERS)
    {
      first = g_array_new (FALSE, FALSE, sizeof (int));
      g_array_append_val (first, g_array_index (self->layer_ids, int, 0));
    }
  comfy_take_preview_set_layers (COMFY_TAKE_PREVIEW (self->preview),
                                 first != NULL ? first : self->layer_ids);
}

static void
batch_changed_cb (ComfyActionPage *self)
{
  update_preview (self);
  /* what was allowed was another number */
  self->may_spend = FALSE;
  comfy_notice_hide (COMFY_NOTICE (self->question));
  comfy_cost_line_set_n_jobs (COMFY_COST_LINE (self->cost),
                              comfy_batch_row_count (COMFY_BATCH_ROW (self->batch)));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_batch (ComfyActionPage *self)
{
  self->batch = comfy_batch_row_new (comfy_session_get_host (self->session), self->form,
                                     self->layer_ids);
  comfy_form_view_align (COMFY_FORM_VIEW (self->view),
                         comfy_batch_row_get_label (COMFY_BATCH_ROW (self->batch)));
  gtk_box_pack_start (GTK_BOX (self->content), self->batch, FALSE, FALSE, 0);
  update_preview (self);
  g_signal_connect_swapped (self->batch, "changed", G_CALLBACK (batch_changed_cb), self);
}

/* what is said of the form is always seen, however long that is */
static void
add_below (ComfyActionPage *self,
           GtkWidget       *child)
{
  gtk_box_pack_start (GTK_BOX (self), child, FALSE, FALSE, 0);
  comfy_scroller_add_neighbour (COMFY_SCROLLER (self->scroller), child);
}

static void
question_response_cb (GtkInfoBar      *bar,
                      int              response,
                      ComfyActionPage *self)
{
  comfy_notice_hide (COMFY_NOTICE (self->question));
  self->may_spend = TRUE;
  g_signal_emit (self, signals[RUN], 0);
}

/* Whether nothing is to be asked first; else it is asked in place. */
static gboolean
ask_first (ComfyActionPage *self)
{
  unsigned int     n = comfy_batch_row_count (COMFY_BATCH_ROW (self->batch));
  g_autofree char *text = self->may_spend ? NULL : comfy_run_target_dup_question (self->session, n);

  if (text == NULL)
    {
      comfy_notice_hide (COMFY_NOTICE (self->question));
      return TRUE;
    }

  comfy_notice_show (COMFY_NOTICE (self->question), GTK_MESSAGE_WARNING, text);
  comfy_notice_add_action (COMFY_NOTICE (self->question), _("Run _Anyway"), RESPONSE_RUN);

  return FALSE;
}

static void
build (ComfyActionPage *self,
       int              image_id)
{
  gboolean has_preview = comfy_form_takes_picture (self->form);

  self->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  self->scroller = comfy_scroller_new (self->content, 0);
  gtk_box_pack_start (GTK_BOX (self), self->scroller, TRUE, TRUE, 0);
  self->view = comfy_form_view_new (self->form);
  if (has_preview)
    {
      self->preview = comfy_take_preview_new (comfy_session_get_host (self->session), self->form,
                                              image_id, self->layer_ids);
      comfy_form_view_add_preview (COMFY_FORM_VIEW (self->view),
                                   COMFY_TAKE_PREVIEW (self->preview));
    }
  /* empty, it would still take the room between two things */
  gtk_widget_set_no_show_all (self->view, !comfy_action_page_has_fields (self) && !has_preview);
  /* what grows with the window are long texts, where there are any */
  gtk_box_pack_start (GTK_BOX (self->content), self->view, FALSE, TRUE, 0);
  add_batch (self);
  self->consent = comfy_notice_new ();
  comfy_notice_allow_narrow (COMFY_NOTICE (self->consent));
  add_below (self, self->consent);
  self->problem = comfy_notice_new ();
  comfy_notice_allow_narrow (COMFY_NOTICE (self->problem));
  add_below (self, self->problem);
  self->question = comfy_notice_new ();
  comfy_notice_allow_narrow (COMFY_NOTICE (self->question));
  g_signal_connect (self->question, "response", G_CALLBACK (question_response_cb), self);
  add_below (self, self->question);
  self->cost = comfy_cost_line_new (self->session, self->form);
  comfy_cost_line_set_n_jobs (COMFY_COST_LINE (self->cost),
                              comfy_batch_row_count (COMFY_BATCH_ROW (self->batch)));
  add_below (self, self->cost);
  self->target = comfy_busy_label_new ();
  add_below (self, self->target);
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
  self->layer_ids = layer_ids != NULL ? g_array_ref (layer_ids) : NULL;
  build (self, image_id);
  update_target (self);
  self->problems = comfy_form_problems_new (form, COMFY_NOTICE (self->problem));
  /* with nothing to fill in, the answer is all that is missing */
  if (!comfy_action_page_has_fields (self))
    ask_first (self);
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
 * Says in place what the form cannot be run with; and asks, where more would be spent than the artist
 * set as a limit: "run" is emitted when the answer is yes.
 *
 * Returns: whether it can be run
 */
gboolean
comfy_action_page_check (ComfyActionPage *self)
{
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (COMFY_IS_ACTION_PAGE (self), FALSE);

  if (comfy_form_view_check (COMFY_FORM_VIEW (self->view), &error))
    return comfy_batch_row_check (COMFY_BATCH_ROW (self->batch)) && ask_first (self);
  if (error != NULL)
    comfy_action_page_show_error (self, error);

  return FALSE;
}

/**
 * comfy_action_page_dup_run_label:
 *
 * Returns: (transfer full): what stands on the button that runs it: the action's own word, or how
 *   many jobs are paid for
 */
char *
comfy_action_page_dup_run_label (ComfyActionPage *self)
{
  unsigned int n;

  g_return_val_if_fail (COMFY_IS_ACTION_PAGE (self), NULL);

  n = comfy_batch_row_count (COMFY_BATCH_ROW (self->batch));
  if (n > 1)
    return g_strdup_printf (ngettext ("_Run %u Job", "_Run %u Jobs", n), n);

  return g_strdup (comfy_action_get_run_label (comfy_form_get_action (self->form)));
}

/**
 * comfy_action_page_dup_batch:
 *
 * Returns: (transfer full): how often, and for what, the form is to be run, once it was checked
 */
ComfyBatch *
comfy_action_page_dup_batch (ComfyActionPage *self)
{
  g_return_val_if_fail (COMFY_IS_ACTION_PAGE (self), NULL);

  return comfy_batch_row_dup_batch (COMFY_BATCH_ROW (self->batch));
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
  self->may_spend = FALSE;
  comfy_notice_hide (COMFY_NOTICE (self->consent));
  comfy_form_problems_end (self->problems);
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
  gtk_widget_set_sensitive (self->batch, !busy);
  if (self->tools != NULL)
    gtk_widget_set_sensitive (self->tools, !busy);
  gtk_widget_set_sensitive (self->question, !busy);
  if (busy)
    comfy_busy_label_set (COMFY_BUSY_LABEL (self->target), _("Preparing…"), TRUE);
  else
    update_target (self);
  gtk_widget_set_visible (self->target, busy || !self->hides_target);
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

  comfy_form_problems_end (self->problems);
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

  self->tools = tools;
  add_below (self, tools);
  gtk_box_reorder_child (GTK_BOX (self), tools, 1);
  gtk_widget_show_all (tools);
}

/**
 * comfy_action_page_share_room:
 *
 * For a panel: it scrolls in whatever room there is, and where it runs is said beside it.
 */
void
comfy_action_page_share_room (ComfyActionPage *self)
{
  g_return_if_fail (COMFY_IS_ACTION_PAGE (self));

  self->hides_target = TRUE;
  gtk_widget_set_no_show_all (self->target, TRUE);
  comfy_scroller_set_loose (COMFY_SCROLLER (self->scroller));
  update_target (self);
}
