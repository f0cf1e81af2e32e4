/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is selected above, all pictures below. What can be done with it is in
 * comfy-history-view-actions.c.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-history-details.h"
#include "comfy-history-list.h"
#include "comfy-history-preview.h"
#include "comfy-history-view-private.h"
#include "comfy-notice.h"
#include "comfy-ui-util.h"

#define EMPTY_CHARS 16 /* as narrow as a sentence may be */

G_DEFINE_FINAL_TYPE (ComfyHistoryView, comfy_history_view, GTK_TYPE_BOX)

enum
{
  EDIT,
  AGAIN,
  SETTLED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
show_details (ComfyHistoryView *self)
{
  gboolean            shown = self->item != NULL
                              && gtk_check_menu_item_get_active (
                                   GTK_CHECK_MENU_ITEM (self->details_shown));
  ComfyPictureCache  *cache = comfy_history_list_get_cache (COMFY_HISTORY_LIST (self->list));
  const char * const *paths;
  unsigned int        picture;
  int                 width = 0;
  int                 height = 0;

  gtk_widget_set_visible (self->details, shown);
  if (!shown)
    return;

  paths = comfy_history_item_get_paths (self->item);
  picture = _comfy_history_view_get_picture (self);
  if (picture < g_strv_length ((char **) paths))
    comfy_picture_cache_get_size (cache, paths[picture], &width, &height);
  comfy_history_details_show (COMFY_HISTORY_DETAILS (self->details), self->item, width, height);
}

/*
 * _comfy_history_view_update:
 *
 * Shows what can be done with what is selected.
 */
void
_comfy_history_view_update (ComfyHistoryView *self)
{
  unsigned int  picture = _comfy_history_view_get_picture (self);
  unsigned int  n = 0;
  gboolean      is_applied;
  const char   *prompt;

  gtk_widget_set_visible (self->chosen, self->item != NULL);
  if (self->item != NULL)
    n = g_strv_length ((char **) comfy_history_item_get_paths (self->item));
  show_details (self);
  if (picture >= n)
    return;

  prompt = comfy_history_item_get_prompt (self->item);
  is_applied = comfy_history_item_is_applied (self->item, picture);
  gtk_widget_set_tooltip_text (self->apply,
                               is_applied ? _("Puts the picture into the image once more (Enter)")
                                          : _("Puts the picture into the image (Enter)"));
  gtk_widget_set_sensitive (self->apply, !self->is_busy);
  gtk_widget_set_sensitive (self->discard, !self->is_busy);
  gtk_widget_set_sensitive (self->apply_all, !self->is_busy);
  gtk_widget_set_visible (self->apply_all, comfy_history_item_get_n_left (self->item) > 1);
  gtk_widget_set_sensitive (self->discard_all, !self->is_busy);
  gtk_widget_set_visible (self->discard_all, comfy_history_item_get_n_left (self->item) > 1);
  gtk_widget_set_sensitive (self->again, comfy_history_item_get_seed (self->item, NULL));
  gtk_widget_set_sensitive (self->copy, prompt != NULL && *prompt != '\0');
}

static void
show_small (ComfyHistoryView *self)
{
  ComfyHistoryThumb *thumb = comfy_history_list_get_selected (COMFY_HISTORY_LIST (self->list));
  ComfyPictureCache *cache = comfy_history_list_get_cache (COMFY_HISTORY_LIST (self->list));
  cairo_surface_t   *small;

  if (thumb == NULL || !gtk_widget_get_mapped (GTK_WIDGET (thumb)))
    return;

  small = comfy_picture_cache_get (cache, GTK_WIDGET (thumb), comfy_history_thumb_get_path (thumb));
  comfy_history_preview_set_small (COMFY_HISTORY_PREVIEW (self->preview), small);
}

static void
loaded_cb (ComfyHistoryView *self,
           const char       *path)
{
  ComfyHistoryThumb *thumb = comfy_history_list_get_selected (COMFY_HISTORY_LIST (self->list));

  if (thumb == NULL || !g_str_equal (comfy_history_thumb_get_path (thumb), path))
    return;

  show_small (self);
  show_details (self);
}

static void
selection_changed_cb (ComfyHistoryView *self)
{
  ComfyHistoryThumb *thumb = comfy_history_list_get_selected (COMFY_HISTORY_LIST (self->list));
  ComfyHistoryItem  *item = thumb != NULL ? comfy_history_thumb_get_item (thumb) : NULL;

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  if (self->item != NULL)
    g_signal_connect_swapped (self->item, "changed", G_CALLBACK (_comfy_history_view_update), self);

  _comfy_history_view_update (self);
  comfy_history_preview_show (COMFY_HISTORY_PREVIEW (self->preview), self->item,
                              _comfy_history_view_get_picture (self));
  show_small (self);
}

/* the sentence is for who has made nothing, not for the moment before it is known */
static void
show_whether_empty (ComfyHistoryView *self)
{
  gboolean has_items = g_list_model_get_n_items (G_LIST_MODEL (self->history)) > 0;

  gtk_widget_set_visible (self->list, has_items);
  gtk_widget_set_visible (self->empty, !has_items && !comfy_history_is_busy (self->history));
}

static void
menu_wanted_cb (ComfyHistoryView *self,
                GdkEvent         *event)
{
  if (event != NULL && event->type == GDK_BUTTON_PRESS)
    gtk_menu_popup_at_pointer (GTK_MENU (self->menu), event);
  else
    gtk_menu_popup_at_widget (GTK_MENU (self->menu), self->more, GDK_GRAVITY_SOUTH_EAST,
                              GDK_GRAVITY_NORTH_EAST, event);
}

static gboolean
comfy_history_view_key_press_event (GtkWidget   *widget,
                                    GdkEventKey *event)
{
  if (_comfy_history_view_handle_key (COMFY_HISTORY_VIEW (widget), event))
    return GDK_EVENT_STOP;

  return GTK_WIDGET_CLASS (comfy_history_view_parent_class)->key_press_event (widget, event);
}

/* what other processes did meanwhile */
static void
is_active_cb (GtkWindow        *window,
              GParamSpec       *pspec,
              ComfyHistoryView *self)
{
  if (gtk_window_is_active (window))
    comfy_history_refresh (self->history);
}

static void
saving_changed_cb (ComfyHistoryView *self)
{
  if (!comfy_file_saver_is_saving (self->saver))
    g_signal_emit (self, signals[SETTLED], 0, TRUE);
}

static void
comfy_history_view_map (GtkWidget *widget)
{
  ComfyHistoryView *self = COMFY_HISTORY_VIEW (widget);

  GTK_WIDGET_CLASS (comfy_history_view_parent_class)->map (widget);

  self->handler = g_signal_connect_object (gtk_widget_get_toplevel (widget), "notify::is-active",
                                           G_CALLBACK (is_active_cb), self, 0);
  comfy_history_refresh (self->history);
}

static void
comfy_history_view_unmap (GtkWidget *widget)
{
  g_clear_signal_handler (&COMFY_HISTORY_VIEW (widget)->handler, gtk_widget_get_toplevel (widget));

  GTK_WIDGET_CLASS (comfy_history_view_parent_class)->unmap (widget);
}

static void
comfy_history_view_destroy (GtkWidget *widget)
{
  ComfyHistoryView *self = COMFY_HISTORY_VIEW (widget);

  if (!self->is_closed)
    {
      self->is_closed = TRUE;
      g_signal_handlers_disconnect_by_data (self->history, self);
      g_signal_handlers_disconnect_by_data (self->list, self);
      if (self->item != NULL)
        g_signal_handlers_disconnect_by_data (self->item, self);
      comfy_file_saver_stop (self->saver);
    }

  GTK_WIDGET_CLASS (comfy_history_view_parent_class)->destroy (widget);
}

static void
comfy_history_view_finalize (GObject *object)
{
  ComfyHistoryView *self = COMFY_HISTORY_VIEW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->saver);
  g_clear_object (&self->history);
  g_clear_object (&self->session);
  g_ptr_array_unref (self->discarded);
  _comfy_history_view_forget_again (self);

  G_OBJECT_CLASS (comfy_history_view_parent_class)->finalize (object);
}

static void
comfy_history_view_class_init (ComfyHistoryViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = comfy_history_view_finalize;
  widget_class->destroy = comfy_history_view_destroy;
  widget_class->map = comfy_history_view_map;
  widget_class->unmap = comfy_history_view_unmap;
  widget_class->key_press_event = comfy_history_view_key_press_event;

  signals[EDIT] =
    g_signal_new ("edit", COMFY_TYPE_HISTORY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, COMFY_TYPE_REQUEST, G_TYPE_STRING);
  signals[AGAIN] =
    g_signal_new ("again", COMFY_TYPE_HISTORY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SETTLED] =
    g_signal_new ("settled", COMFY_TYPE_HISTORY_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static GtkWidget *
add_to_menu (ComfyHistoryView *self,
             const char       *label,
             GCallback         callback)
{
  GtkWidget *entry = gtk_menu_item_new_with_mnemonic (label);

  g_signal_connect_swapped (entry, "activate", callback, self);
  gtk_menu_shell_append (GTK_MENU_SHELL (self->menu), entry);
  gtk_widget_show (entry);

  return entry;
}

static void
build_menu (ComfyHistoryView *self)
{
  self->menu = gtk_menu_new ();
  self->apply_all = add_to_menu (self, _("Apply A_ll"), G_CALLBACK (_comfy_history_view_apply_all));
  self->discard_all = add_to_menu (self, _("D_iscard All"),
                                   G_CALLBACK (_comfy_history_view_discard_all));
  self->again = add_to_menu (self, _("Again with New _Seed"),
                             G_CALLBACK (_comfy_history_view_again));
  gtk_widget_set_tooltip_text (self->again, _("Asks for the same once more; that may cost again"));
  add_to_menu (self, _("_Edit and Run Again…"), G_CALLBACK (_comfy_history_view_edit));
  self->copy = add_to_menu (self, _("Copy _Prompt"), G_CALLBACK (_comfy_history_view_copy));
  add_to_menu (self, _("Save _File…"), G_CALLBACK (_comfy_history_view_save));

  self->details_shown = gtk_check_menu_item_new_with_mnemonic (_("_Details"));
  g_signal_connect_swapped (self->details_shown, "toggled", G_CALLBACK (show_details), self);
  gtk_menu_shell_append (GTK_MENU_SHELL (self->menu), self->details_shown);
  gtk_widget_show (self->details_shown);

  self->more = gtk_menu_button_new ();
  gtk_menu_button_set_popup (GTK_MENU_BUTTON (self->more), self->menu);
  gtk_button_set_image (GTK_BUTTON (self->more),
                        gtk_image_new_from_icon_name ("view-more-symbolic", GTK_ICON_SIZE_BUTTON));
  gtk_widget_set_tooltip_text (self->more, _("More"));
  comfy_ui_set_name (self->more, _("More"));
}

static GtkWidget *
build_buttons (ComfyHistoryView *self)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->apply = gtk_button_new_with_mnemonic (_("_Apply"));
  g_signal_connect_swapped (self->apply, "clicked", G_CALLBACK (_comfy_history_view_apply), self);
  gtk_box_pack_start (GTK_BOX (line), self->apply, FALSE, FALSE, 0);

  self->discard = gtk_button_new_with_mnemonic (_("_Discard"));
  gtk_widget_set_tooltip_text (self->discard, _("Takes it out of the history (Delete)"));
  g_signal_connect_swapped (self->discard, "clicked", G_CALLBACK (_comfy_history_view_discard),
                            self);
  gtk_box_pack_start (GTK_BOX (line), self->discard, FALSE, FALSE, 0);

  build_menu (self);
  gtk_box_pack_end (GTK_BOX (line), self->more, FALSE, FALSE, 0);

  return line;
}

static void
build_chosen (ComfyHistoryView *self)
{
  self->chosen = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  self->preview = comfy_history_preview_new (comfy_session_get_host (self->session));
  gtk_box_pack_start (GTK_BOX (self->chosen), self->preview, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self->chosen), build_buttons (self), FALSE, FALSE, 0);
  self->details = comfy_history_details_new ();
  gtk_widget_show_all (self->details);
  gtk_widget_set_no_show_all (self->details, TRUE);
  gtk_widget_hide (self->details);
  gtk_box_pack_start (GTK_BOX (self->chosen), self->details, FALSE, FALSE, 0);
  gtk_widget_show_all (self->chosen);
  gtk_widget_set_no_show_all (self->chosen, TRUE);
}

/* one line: a notice would be half as high as the picture */
static void
build_undo (ComfyHistoryView *self)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Undo"));

  self->undo_line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->undo_text = comfy_ui_text_new (NULL);
  gtk_label_set_width_chars (GTK_LABEL (self->undo_text), EMPTY_CHARS);
  gtk_box_pack_start (GTK_BOX (self->undo_line), self->undo_text, TRUE, TRUE, 0);
  gtk_widget_set_tooltip_text (button, _("Brings back what was discarded last (Ctrl+Z)"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (_comfy_history_view_undo), self);
  gtk_box_pack_start (GTK_BOX (self->undo_line), button, FALSE, FALSE, 0);
  gtk_widget_show_all (self->undo_line);
  gtk_widget_set_no_show_all (self->undo_line, TRUE);
  gtk_widget_hide (self->undo_line);
}

static void
build (ComfyHistoryView *self)
{
  _comfy_history_view_build_notice (self);
  build_chosen (self);
  build_undo (self);

  self->list = comfy_history_list_new (self->history);
  g_signal_connect_swapped (self->list, "selection-changed", G_CALLBACK (selection_changed_cb),
                            self);
  g_signal_connect_swapped (self->list, "activated", G_CALLBACK (_comfy_history_view_apply), self);
  g_signal_connect_swapped (self->list, "menu-wanted", G_CALLBACK (menu_wanted_cb), self);
  g_signal_connect_object (comfy_history_list_get_cache (COMFY_HISTORY_LIST (self->list)), "loaded",
                           G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);

  self->empty = comfy_ui_text_new (_("What you make appears here, to be looked at before it goes "
                                     "into the image."));
  gtk_label_set_width_chars (GTK_LABEL (self->empty), EMPTY_CHARS);
  gtk_label_set_justify (GTK_LABEL (self->empty), GTK_JUSTIFY_CENTER);
  gtk_label_set_xalign (GTK_LABEL (self->empty), 0.5);
  gtk_style_context_add_class (gtk_widget_get_style_context (self->empty),
                               GTK_STYLE_CLASS_DIM_LABEL);
  gtk_widget_set_no_show_all (self->empty, TRUE);
  gtk_widget_set_no_show_all (self->list, TRUE);

  /* the picture that is looked at stays where it is, whatever is said */
  gtk_box_pack_start (GTK_BOX (self), self->chosen, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), self->notice, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), self->undo_line, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), self->list, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (self), self->empty, TRUE, TRUE, 12);
}

static void
comfy_history_view_init (ComfyHistoryView *self)
{
  self->discarded = _comfy_history_view_new_discarded ();
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
}

/**
 * comfy_history_view_new:
 * @session: has the jobs
 * @history: what is shown; the view follows it
 *
 * Returns: (transfer floating): the view, its children shown
 */
GtkWidget *
comfy_history_view_new (ComfySession *session,
                        ComfyHistory *history)
{
  ComfyHistoryView *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);
  g_return_val_if_fail (COMFY_IS_HISTORY (history), NULL);

  self = g_object_new (COMFY_TYPE_HISTORY_VIEW, NULL);
  self->session = g_object_ref (session);
  self->history = g_object_ref (history);
  self->saver = comfy_file_saver_new (comfy_session_get_settings (session));
  build (self);

  g_signal_connect_object (self->saver, "notify::saving", G_CALLBACK (saving_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->saver, "done", G_CALLBACK (_comfy_history_view_saved), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (history, "items-changed", G_CALLBACK (show_whether_empty), self);
  g_signal_connect_swapped (history, "notify::busy", G_CALLBACK (show_whether_empty), self);
  show_whether_empty (self);
  selection_changed_cb (self);

  return GTK_WIDGET (self);
}

/**
 * comfy_history_view_select:
 * @journal_id: a job's id
 *
 * Selects the first picture of it, once the history has it.
 */
void
comfy_history_view_select (ComfyHistoryView *self,
                           const char       *journal_id)
{
  g_return_if_fail (COMFY_IS_HISTORY_VIEW (self));
  g_return_if_fail (journal_id != NULL);

  comfy_history_list_select (COMFY_HISTORY_LIST (self->list), journal_id, NULL);
}

/**
 * comfy_history_view_is_busy:
 *
 * Returns: whether something is being placed or saved, which ends with the process
 */
gboolean
comfy_history_view_is_busy (ComfyHistoryView *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_VIEW (self), FALSE);

  return self->is_busy || comfy_file_saver_is_saving (self->saver);
}
