/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of the list. A GtkFlowBox knows its own children alone, and Enter would be the window's
 * default button, which may cost.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "comfy-history-list-private.h"

#define SAME_ROW 4 /* px by which the places in a row may differ */

/* the middle of @thumb's upper edge in the list */
static void
get_place (ComfyHistoryList  *self,
           ComfyHistoryThumb *thumb,
           int               *out_x,
           int               *out_y)
{
  if (!gtk_widget_translate_coordinates (GTK_WIDGET (thumb), self->box,
                                         gtk_widget_get_allocated_width (GTK_WIDGET (thumb)) / 2,
                                         0, out_x, out_y))
    *out_x = *out_y = 0;
}

/* (nullable): the one in the next row, or the one before, that is nearest; @sign: 1 down, -1 up */
static ComfyHistoryThumb *
find_in_row (ComfyHistoryList *self,
             GPtrArray        *thumbs,
             int               sign)
{
  ComfyHistoryThumb *best = NULL;
  int                best_rows = G_MAXINT / 2; /* something may be added */
  int                best_aside = G_MAXINT;
  int                x;
  int                y;

  get_place (self, self->selected, &x, &y);
  for (unsigned int i = 0; i < thumbs->len; i++)
    {
      ComfyHistoryThumb *thumb = g_ptr_array_index (thumbs, i);
      int                thumb_x;
      int                thumb_y;
      int                rows;
      int                aside;

      get_place (self, thumb, &thumb_x, &thumb_y);
      rows = (thumb_y - y) * sign;
      aside = ABS (thumb_x - x);
      if (rows <= SAME_ROW || rows > best_rows + SAME_ROW
          || (rows > best_rows - SAME_ROW && aside >= best_aside))
        continue;

      best = thumb;
      best_rows = rows;
      best_aside = aside;
    }

  return best;
}

/* (nullable) */
static ComfyHistoryThumb *
find_target (ComfyHistoryList *self,
             GPtrArray        *thumbs,
             unsigned int      keyval)
{
  gboolean     is_rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  unsigned int at = 0;
  int          step;

  if (keyval == GDK_KEY_Home || keyval == GDK_KEY_KP_Home || self->selected == NULL)
    return g_ptr_array_index (thumbs, 0);
  if (keyval == GDK_KEY_End || keyval == GDK_KEY_KP_End)
    return g_ptr_array_index (thumbs, thumbs->len - 1);
  if (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up)
    return find_in_row (self, thumbs, -1);
  if (keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down)
    return find_in_row (self, thumbs, 1);

  g_ptr_array_find (thumbs, self->selected, &at);
  step = keyval == GDK_KEY_Right || keyval == GDK_KEY_KP_Right ? 1 : -1;
  if (is_rtl)
    step = -step;
  if ((step < 0 && at == 0) || (step > 0 && at + 1 >= thumbs->len))
    return NULL;

  return g_ptr_array_index (thumbs, at + step);
}

static gboolean
is_enter (unsigned int keyval)
{
  return keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;
}

static gboolean
is_move (unsigned int keyval)
{
  static const unsigned int keyvals[] = {
    GDK_KEY_Left, GDK_KEY_KP_Left, GDK_KEY_Right, GDK_KEY_KP_Right, GDK_KEY_Up, GDK_KEY_KP_Up,
    GDK_KEY_Down, GDK_KEY_KP_Down, GDK_KEY_Home, GDK_KEY_KP_Home, GDK_KEY_End, GDK_KEY_KP_End,
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (keyvals); i++)
    if (keyvals[i] == keyval)
      return TRUE;

  return FALSE;
}

/*
 * _comfy_history_list_key_cb:
 * @box: the group that has the focus
 *
 * Goes through all groups; tells of Enter.
 */
gboolean
_comfy_history_list_key_cb (GtkWidget        *box,
                            GdkEventKey      *event,
                            ComfyHistoryList *self)
{
  g_autoptr(GPtrArray)  thumbs = NULL;
  ComfyHistoryThumb    *target;

  if ((event->state & gtk_accelerator_get_default_mod_mask ()) != 0)
    return GDK_EVENT_PROPAGATE;

  if (is_enter (event->keyval))
    {
      if (self->selected != NULL)
        g_signal_emit_by_name (self, "activated");
      return GDK_EVENT_STOP;
    }
  if (!is_move (event->keyval))
    return GDK_EVENT_PROPAGATE;

  thumbs = _comfy_history_list_dup_thumbs (self);
  target = thumbs->len > 0 ? find_target (self, thumbs, event->keyval) : NULL;
  if (target != NULL)
    {
      _comfy_history_list_pick (self, target);
      gtk_widget_grab_focus (GTK_WIDGET (target));
    }
  else
    gtk_widget_error_bell (GTK_WIDGET (self));

  return GDK_EVENT_STOP;
}
