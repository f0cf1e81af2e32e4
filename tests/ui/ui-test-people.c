/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What everybody needs of a window: names for a screen reader, the whole of it by Tab, mnemonics that
 * lead to one place, labels that can be read.
 */
#define G_LOG_DOMAIN "ui-test"

#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "ui-test.h"

/* a radio button that is not the chosen one is reached by the arrow keys, the handle between two panes
 * by F8 */
static gboolean
is_tab_stop (GtkWidget *widget)
{
  if (!gtk_widget_get_can_focus (widget) || !gtk_widget_is_sensitive (widget) ||
      GTK_IS_WINDOW (widget) || GTK_IS_SCROLLED_WINDOW (widget) || GTK_IS_LIST_BOX (widget) ||
      GTK_IS_LIST_BOX_ROW (widget) || GTK_IS_FLOW_BOX (widget) ||
      GTK_IS_FLOW_BOX_CHILD (widget) || GTK_IS_COMBO_BOX (widget) || GTK_IS_PANED (widget))
    return FALSE;
  /* the button within a combo box goes by the combo box's name */
  if (!GTK_IS_COMBO_BOX (widget) && gtk_widget_get_ancestor (widget, GTK_TYPE_COMBO_BOX) != NULL)
    return FALSE;

  return !GTK_IS_RADIO_BUTTON (widget) ||
         gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (widget));
}

static void
collect_cb (GtkWidget *widget,
            gpointer   data)
{
  if (!gtk_widget_get_mapped (widget))
    return;

  g_ptr_array_add (data, widget);
  ui_test_descend (widget, collect_cb, data);
}

static void
check_label (GtkLabel *label)
{
  int width = gtk_widget_get_allocated_width (GTK_WIDGET (label));
  int height = gtk_widget_get_allocated_height (GTK_WIDGET (label));
  int text_width;
  int text_height;

  pango_layout_get_pixel_size (gtk_label_get_layout (label), &text_width, &text_height);
  if (gtk_label_get_ellipsize (label) == PANGO_ELLIPSIZE_NONE &&
      (text_width > width || text_height > height))
    g_error ("The label “%s” of %d × %d px is clipped to %d × %d px.", gtk_label_get_text (label),
             text_width, text_height, width, height);
}

/* the widgets that Tab goes through, once round */
static GHashTable *
walk_by_tab (GtkWidget *window)
{
  GHashTable *reached = g_hash_table_new (NULL, NULL);
  GtkWidget  *focus = gtk_window_get_focus (GTK_WINDOW (window));

  gtk_window_set_focus (GTK_WINDOW (window), NULL);
  while (gtk_widget_child_focus (window, GTK_DIR_TAB_FORWARD) &&
         g_hash_table_add (reached, gtk_window_get_focus (GTK_WINDOW (window))))
    ;
  gtk_window_set_focus (GTK_WINDOW (window), focus);

  return reached;
}

/* (nullable): the row of a list that @label is in */
static GtkWidget *
get_row (GtkLabel *label)
{
  return gtk_widget_get_ancestor (GTK_WIDGET (label), GTK_TYPE_LIST_BOX_ROW);
}

/* Alt and a letter lead to one place; rows of a list share theirs, and Alt goes from row to row */
static void
check_mnemonic (GHashTable *mnemonics,
                GtkLabel   *label)
{
  unsigned int  keyval = gtk_label_get_mnemonic_keyval (label);
  GtkLabel     *other;

  if (keyval == GDK_KEY_VoidSymbol)
    return;

  other = g_hash_table_lookup (mnemonics, GUINT_TO_POINTER (keyval));
  if (other != NULL && (get_row (label) == get_row (other) || get_row (label) == NULL ||
                        get_row (other) == NULL))
    g_error ("“%s” and “%s” have the same mnemonic.", gtk_label_get_text (label),
             gtk_label_get_text (other));

  g_hash_table_insert (mnemonics, GUINT_TO_POINTER (keyval), label);
}

/* What everybody needs: each control has a name and a mnemonic of its own where it has one, Tab
 * reaches it, and no label is clipped. */
void
ui_test_check_people (GtkWidget *window)
{
  g_autoptr(GPtrArray)  widgets = g_ptr_array_new ();
  g_autoptr(GHashTable) mnemonics = g_hash_table_new (NULL, NULL);
  g_autoptr(GHashTable) reached = NULL;

  ui_test_wait_for_paint (window);
  collect_cb (window, widgets);
  reached = walk_by_tab (window);

  for (unsigned int i = 0; i < widgets->len; i++)
    {
      GtkWidget       *widget = g_ptr_array_index (widgets, i);
      g_autofree char *name = ui_test_dup_name (widget);

      if (GTK_IS_LABEL (widget))
        {
          check_label (GTK_LABEL (widget));
          check_mnemonic (mnemonics, GTK_LABEL (widget));
        }
      if (!is_tab_stop (widget))
        continue;
      if (*name == '\0')
        g_error ("A %s has no name.", G_OBJECT_TYPE_NAME (widget));
      if (!g_hash_table_contains (reached, widget))
        g_error ("Tab does not reach the %s “%s”.", G_OBJECT_TYPE_NAME (widget), name);
    }
}
