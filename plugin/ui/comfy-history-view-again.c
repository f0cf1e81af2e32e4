/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asking once more for what is selected, which sends it, and costs: what the artist has to know, or
 * wants to be asked, stands in place first.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-history-view-private.h"
#include "comfy-notice.h"
#include "comfy-run-target.h"
#include "comfy-settings-panel.h"
#include "comfy-ui-util.h"

#define RESPONSE_RUN 1

/* The new job runs from here on, as any that the panel asked for: what it makes waits in the
 * history where the artist wants that. */
static void
start (ComfyHistoryView *self,
       const char       *journal_id)
{
  ComfySettings       *settings = comfy_session_get_settings (self->session);
  gboolean             holds = !comfy_settings_get_panel_places_at_once (settings);
  g_autoptr(GError)    error = NULL;
  g_autoptr(ComfyJob)  job = comfy_session_start_job (self->session, journal_id, holds, &error);

  if (job != NULL)
    g_signal_emit_by_name (self, "again", journal_id);
  else
    _comfy_history_view_tell_problem (self, error);
}

static DexFuture *
asked_again_cb (DexFuture *future,
                gpointer   data)
{
  ComfyHistoryView  *self = data;
  g_autoptr(GError)  error = NULL;
  const GValue      *value = dex_future_get_value (future, &error);

  if (self->is_closed)
    return NULL;

  if (value != NULL)
    start (self, g_value_get_string (value));
  else
    _comfy_history_view_tell_problem (self, error);

  return NULL;
}

/* Returns: whether the artist has gone on past just these words. Another key may have been chosen
 * since, or less be left: then they are others. */
static gboolean
is_accepted (ComfyHistoryView *self,
             GtkMessageType    type,
             const char       *text,
             const char       *label)
{
  ComfyNotice *notice = COMFY_NOTICE (self->notice);

  if (g_strcmp0 (text, self->accepted) == 0)
    return TRUE;

  g_set_str (&self->asked, text);
  comfy_notice_show (notice, type, text);
  comfy_notice_add_action (notice, label, RESPONSE_RUN);
  comfy_ui_announce (self->notice, text);

  return FALSE;
}

/* Returns: whether nothing is to be said or asked first; else it stands in place */
static gboolean
may_run (ComfyHistoryView *self)
{
  g_autofree char *consent = NULL;
  g_autofree char *question = NULL;

  /* without a key nothing is sent, and that is what is said */
  if (!comfy_run_target_is_there (self->session))
    return TRUE;

  if (!comfy_run_target_is_ready (self->session))
    {
      consent = comfy_run_target_dup_consent_again (self->session, self->again_title);
      if (!is_accepted (self, GTK_MESSAGE_INFO, consent, _("_Run")))
        return FALSE;
      comfy_run_target_give_consent (self->session);
    }

  question = comfy_run_target_dup_question (self->session, 1);

  return question == NULL
         || is_accepted (self, GTK_MESSAGE_WARNING, question, _("Run An_yway"));
}

static void
run (ComfyHistoryView *self)
{
  g_autofree char *id = NULL;

  if (!may_run (self))
    return;

  id = g_strdup (self->again_id);
  _comfy_history_view_forget_again (self);
  comfy_notice_hide (COMFY_NOTICE (self->notice));
  dex_future_disown (dex_future_finally (comfy_session_again_with_new_seed (self->session, id),
                                         asked_again_cb, g_object_ref (self), g_object_unref));
}

static void
response_cb (ComfyHistoryView *self)
{
  if (self->again_id == NULL)
    return;

  g_set_str (&self->accepted, self->asked);
  run (self);
}

/*
 * _comfy_history_view_build_notice:
 *
 * Makes the place where it is said what went wrong, and asked what is to be asked.
 */
void
_comfy_history_view_build_notice (ComfyHistoryView *self)
{
  self->notice = comfy_notice_new ();
  comfy_notice_allow_narrow (COMFY_NOTICE (self->notice));
  g_signal_connect_swapped (self->notice, "response", G_CALLBACK (response_cb), self);
}

/*
 * _comfy_history_view_again:
 *
 * Asks for the same with another seed, once the artist has gone on past what he has to know first.
 */
void
_comfy_history_view_again (ComfyHistoryView *self)
{
  if (self->item == NULL)
    return;

  _comfy_history_view_forget_again (self);
  self->again_id = g_strdup (comfy_history_item_get_id (self->item));
  self->again_title = g_strdup (comfy_history_item_get_title (self->item));
  run (self);
}

/*
 * _comfy_history_view_forget_again:
 *
 * Nothing is to be asked for again any more.
 */
void
_comfy_history_view_forget_again (ComfyHistoryView *self)
{
  g_clear_pointer (&self->again_id, g_free);
  g_clear_pointer (&self->again_title, g_free);
  g_clear_pointer (&self->asked, g_free);
  g_clear_pointer (&self->accepted, g_free);
}
