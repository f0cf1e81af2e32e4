/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the artist does with what is selected, but for asking for it again. Where it goes wrong,
 * that is said in place.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-history-list.h"
#include "comfy-history-preview.h"
#include "comfy-history-view-private.h"
#include "comfy-notice.h"
#include "comfy-ui-util.h"

/* what the artist discarded, and can take back */
typedef struct
{
  char *id;   /* owned: of the job */
  char *name; /* owned, nullable: of a picture's file; NULL: all of it */
} Discarded;

static Discarded *
discarded_new (const char *id,
               const char *name)
{
  Discarded *discarded = g_new (Discarded, 1);

  discarded->id = g_strdup (id);
  discarded->name = g_strdup (name);

  return discarded;
}

static void
discarded_free (gpointer data)
{
  Discarded *discarded = data;

  g_free (discarded->id);
  g_free (discarded->name);
  g_free (discarded);
}

/*
 * _comfy_history_view_new_discarded:
 *
 * Returns: (transfer full): a place for what is discarded, the last at the end
 */
GPtrArray *
_comfy_history_view_new_discarded (void)
{
  return g_ptr_array_new_with_free_func (discarded_free);
}

/*
 * _comfy_history_view_tell_problem:
 * @error: why something that the artist wanted is not done
 *
 * Says so in place.
 */
void
_comfy_history_view_tell_problem (ComfyHistoryView *self,
                                  const GError     *error)
{
  comfy_notice_show (COMFY_NOTICE (self->notice), GTK_MESSAGE_ERROR, error->message);
  comfy_ui_announce (self->notice, error->message);
}

/*
 * _comfy_history_view_get_picture:
 *
 * Returns: which picture of the item is selected
 */
unsigned int
_comfy_history_view_get_picture (ComfyHistoryView *self)
{
  ComfyHistoryThumb *thumb = comfy_history_list_get_selected (COMFY_HISTORY_LIST (self->list));

  return thumb != NULL ? comfy_history_thumb_get_picture (thumb) : 0;
}

static unsigned int
count_pictures (ComfyHistoryItem *item)
{
  return g_strv_length ((char **) comfy_history_item_get_paths (item));
}

/* (transfer full) (nullable): of the file of the picture that is selected */
static char *
dup_name (ComfyHistoryView *self)
{
  ComfyHistoryThumb *thumb = comfy_history_list_get_selected (COMFY_HISTORY_LIST (self->list));

  return thumb != NULL ? g_path_get_basename (comfy_history_thumb_get_path (thumb)) : NULL;
}

/* whether what is selected was discarded, and only the list does not know yet */
static gboolean
is_discarded (ComfyHistoryView *self)
{
  const char      *id = comfy_history_item_get_id (self->item);
  g_autofree char *name = dup_name (self);

  for (unsigned int i = 0; i < self->discarded->len; i++)
    {
      const Discarded *discarded = g_ptr_array_index (self->discarded, i);

      if (g_str_equal (discarded->id, id)
          && (discarded->name == NULL || g_strcmp0 (discarded->name, name) == 0))
        return TRUE;
    }

  return FALSE;
}

static DexFuture *
applied_cb (DexFuture *future,
            gpointer   data)
{
  ComfyHistoryView  *self = data;
  g_autoptr(GError)  error = NULL;

  self->is_busy = FALSE;
  if (self->is_closed)
    return NULL;

  if (dex_future_get_value (future, &error) == NULL)
    _comfy_history_view_tell_problem (self, error);
  else
    comfy_ui_announce (self->list, _("Applied."));
  _comfy_history_view_update (self);
  g_signal_emit_by_name (self, "settled", error == NULL);

  return NULL;
}

static void
apply (ComfyHistoryView *self,
       int               picture)
{
  const char *id;

  if (self->item == NULL || self->is_busy || is_discarded (self))
    return;

  id = comfy_history_item_get_id (self->item);
  self->is_busy = TRUE;
  comfy_notice_hide (COMFY_NOTICE (self->notice));
  /* Ctrl+Z would still take it back */
  gtk_widget_hide (self->undo_line);
  _comfy_history_view_update (self);
  dex_future_disown (dex_future_finally (comfy_session_apply (self->session, id, picture),
                                         applied_cb, g_object_ref (self), g_object_unref));
}

/*
 * _comfy_history_view_apply:
 *
 * Places the picture that is selected.
 */
void
_comfy_history_view_apply (ComfyHistoryView *self)
{
  if (self->item != NULL)
    apply (self, count_pictures (self->item) > 1 ? (int) _comfy_history_view_get_picture (self)
                                                 : -1);
}

/*
 * _comfy_history_view_apply_all:
 *
 * Places all pictures of the job.
 */
void
_comfy_history_view_apply_all (ComfyHistoryView *self)
{
  apply (self, -1);
}

/* what can be taken back, and that it can */
static void
show_discarded (ComfyHistoryView *self)
{
  unsigned int     n = self->discarded->len;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->undo_line, n > 0);
  if (n == 0)
    return;

  text = n == 1 ? g_strdup (_("Discarded."))
                : g_strdup_printf (ngettext ("%u result discarded.", "%u results discarded.", n),
                                   n);
  gtk_label_set_text (GTK_LABEL (self->undo_text), text);
  comfy_ui_announce (self->undo_line, text);
}

/* @name: (nullable): of a picture's file; NULL: all of the job */
static void
discard (ComfyHistoryView *self,
         const char       *name)
{
  g_autoptr(GError)  error = NULL;
  g_autofree char   *id = NULL;

  if (self->item == NULL || self->is_busy || is_discarded (self))
    return;

  id = g_strdup (comfy_history_item_get_id (self->item));
  if (!comfy_session_discard (self->session, id, name, &error))
    {
      _comfy_history_view_tell_problem (self, error);
      return;
    }

  comfy_notice_hide (COMFY_NOTICE (self->notice));
  g_ptr_array_add (self->discarded, discarded_new (id, name));
  show_discarded (self);
}

/*
 * _comfy_history_view_discard:
 *
 * Takes the picture that is selected out of the history. The artist is not asked: he can take it
 * back.
 */
void
_comfy_history_view_discard (ComfyHistoryView *self)
{
  g_autofree char *name = dup_name (self);

  if (name != NULL)
    discard (self, name);
}

/*
 * _comfy_history_view_discard_all:
 *
 * Takes all pictures of the job out of the history.
 */
void
_comfy_history_view_discard_all (ComfyHistoryView *self)
{
  discard (self, NULL);
}

/*
 * _comfy_history_view_undo:
 *
 * Takes back what was discarded last. What cannot be brought back now can be later, unless it is
 * gone.
 */
void
_comfy_history_view_undo (ComfyHistoryView *self)
{
  g_autoptr(GError)  error = NULL;
  Discarded         *last;
  gboolean           is_back;

  if (self->discarded->len == 0)
    return;

  last = g_ptr_array_index (self->discarded, self->discarded->len - 1);
  is_back = comfy_session_undiscard (self->session, last->id, last->name, &error);
  if (is_back)
    comfy_history_list_select (COMFY_HISTORY_LIST (self->list), last->id, last->name);
  if (is_back || g_error_matches (error, COMFY_ERROR, COMFY_ERROR_NOT_FOUND))
    g_ptr_array_remove_index (self->discarded, self->discarded->len - 1);
  show_discarded (self);

  if (is_back)
    comfy_notice_hide (COMFY_NOTICE (self->notice));
  else
    _comfy_history_view_tell_problem (self, error);
}

/*
 * _comfy_history_view_edit:
 *
 * Tells that the artist wants to change what was asked for.
 */
void
_comfy_history_view_edit (ComfyHistoryView *self)
{
  g_autoptr(GError)       error = NULL;
  g_autoptr(ComfyRequest) request = NULL;
  g_autofree char        *id = NULL;

  if (self->item == NULL)
    return;

  id = g_strdup (comfy_history_item_get_id (self->item));
  request = comfy_history_item_read_request (self->item, &error);
  if (request != NULL)
    g_signal_emit_by_name (self, "edit", request, id);
  else
    _comfy_history_view_tell_problem (self, error);
}

/*
 * _comfy_history_view_copy:
 *
 * Copies what the artist wrote.
 */
void
_comfy_history_view_copy (ComfyHistoryView *self)
{
  GtkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD);
  const char   *prompt = self->item != NULL ? comfy_history_item_get_prompt (self->item) : NULL;

  if (prompt == NULL)
    return;

  gtk_clipboard_set_text (clipboard, prompt, -1);
  comfy_ui_announce (self->list, _("Copied."));
}

/* (transfer full): a name that tells what it is, as the layer would */
static char *
dup_file_name (ComfyRequest *request,
               unsigned int  i,
               unsigned int  n,
               const char   *path)
{
  g_autofree char *layer = comfy_request_dup_layer_name (request, i, n);
  const char      *suffix = strrchr (path, '.');

  g_strdelimit (layer, "/\\:\r\n\t", '-');

  return g_strconcat (*layer == '.' ? "_" : "", layer, suffix != NULL ? suffix : "", NULL);
}

/*
 * _comfy_history_view_save:
 *
 * Asks where the file is to be saved.
 */
void
_comfy_history_view_save (ComfyHistoryView *self)
{
  unsigned int             picture = _comfy_history_view_get_picture (self);
  g_autoptr(GError)        error = NULL;
  g_autoptr(ComfyRequest)  request = NULL;
  g_autofree char         *name = NULL;
  const char              *path;

  if (self->item == NULL)
    return;

  request = comfy_history_item_read_request (self->item, &error);
  if (request == NULL)
    {
      _comfy_history_view_tell_problem (self, error);
      return;
    }

  path = comfy_history_item_get_paths (self->item)[picture];
  name = dup_file_name (request, picture, count_pictures (self->item), path);
  comfy_notice_hide (COMFY_NOTICE (self->notice));
  comfy_file_saver_ask (self->saver, GTK_WIDGET (self), path, name);
}

/*
 * _comfy_history_view_saved:
 * @text: how saving ended
 * @is_problem: whether it failed
 */
void
_comfy_history_view_saved (ComfyHistoryView *self,
                           const char       *text,
                           gboolean          is_problem)
{
  comfy_notice_show (COMFY_NOTICE (self->notice),
                     is_problem ? GTK_MESSAGE_ERROR : GTK_MESSAGE_INFO, text);
}

/* Enter on a button presses that, and Space as well */
static gboolean
is_on_button (ComfyHistoryView *self)
{
  return GTK_IS_BUTTON (gtk_window_get_focus (
    GTK_WINDOW (gtk_widget_get_toplevel (GTK_WIDGET (self)))));
}

static gboolean
handle_plain_key (ComfyHistoryView *self,
                  unsigned int      keyval)
{
  switch (keyval)
    {
    case GDK_KEY_Delete:
    case GDK_KEY_KP_Delete:
      _comfy_history_view_discard (self);
      return GDK_EVENT_STOP;

    case GDK_KEY_b:
    case GDK_KEY_B:
      comfy_history_preview_toggle_before (COMFY_HISTORY_PREVIEW (self->preview));
      return GDK_EVENT_STOP;

    case GDK_KEY_space:
    case GDK_KEY_KP_Space:
      if (is_on_button (self))
        return GDK_EVENT_PROPAGATE;
      comfy_history_preview_toggle_before (COMFY_HISTORY_PREVIEW (self->preview));
      return GDK_EVENT_STOP;

    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/*
 * _comfy_history_view_handle_key:
 * @event: a key that no child has use for
 *
 * Returns: whether it means something here
 */
gboolean
_comfy_history_view_handle_key (ComfyHistoryView *self,
                                GdkEventKey      *event)
{
  GdkModifierType modifiers = event->state & gtk_accelerator_get_default_mod_mask ();

  if (modifiers == GDK_CONTROL_MASK && (event->keyval == GDK_KEY_z || event->keyval == GDK_KEY_Z)
      && self->discarded->len > 0)
    {
      _comfy_history_view_undo (self);
      return GDK_EVENT_STOP;
    }

  return (modifiers & ~GDK_SHIFT_MASK) == 0 && self->item != NULL
         && handle_plain_key (self, event->keyval);
}
