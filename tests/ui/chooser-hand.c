/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person does on the page: menus, dialogs, drops.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <string.h>

#include "chooser-fixture.h"
#include "ui-test.h"

/* opens the menu of the row that is selected, by its key */
void
chooser_fixture_use_menu (ChooserFixture *fixture,
                          const char     *entry)
{
  ui_test_choose (ui_test_open_menu (fixture->window), entry);
  ui_test_wait_until_menu_closed (fixture->window);
}

/* (nullable): the file dialog that is open */
static GtkWidget *
find_dialog (void)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (GTK_IS_FILE_CHOOSER_DIALOG (at->data) && gtk_widget_get_mapped (at->data))
      return at->data;

  return NULL;
}

static gboolean
dialog_is_open (gpointer unused)
{
  return find_dialog () != NULL;
}

static gboolean
dialog_has_file (gpointer path)
{
  GtkWidget       *dialog = find_dialog ();
  g_autofree char *chosen = gtk_file_chooser_get_filename (GTK_FILE_CHOOSER (dialog));

  return g_strcmp0 (chosen, path) == 0;
}

/* @path: NULL: cancels */
void
chooser_fixture_answer_dialog (ChooserFixture *fixture,
                               const char     *path)
{
  GtkWidget *dialog;

  ui_test_wait_for (dialog_is_open, NULL);
  dialog = find_dialog ();
  if (path != NULL)
    {
      gtk_file_chooser_set_filename (GTK_FILE_CHOOSER (dialog), path);
      ui_test_wait_for (dialog_has_file, (gpointer) path);
    }
  gtk_dialog_response (GTK_DIALOG (dialog),
                       path != NULL ? GTK_RESPONSE_ACCEPT : GTK_RESPONSE_CANCEL);
  while (gtk_events_pending ())
    gtk_main_iteration ();
}

static void
give_cb (GtkClipboard     *clipboard,
         GtkSelectionData *data,
         guint             info,
         gpointer          uris)
{
  gtk_selection_data_set (data, gtk_selection_data_get_target (data), 8, uris,
                          (int) strlen (uris));
}

/* GTK makes no GtkSelectionData by hand: a clipboard does */
void
chooser_fixture_drop (ChooserFixture *fixture,
                      const char     *uris)
{
  static const GtkTargetEntry  targets[] = { { (char *) "text/uri-list", 0, 0 } };
  GtkClipboard                *clipboard = gtk_clipboard_get (GDK_SELECTION_CLIPBOARD);
  GtkSelectionData            *data;

  gtk_clipboard_set_with_data (clipboard, targets, G_N_ELEMENTS (targets), give_cb, NULL,
                               (gpointer) uris);
  data = gtk_clipboard_wait_for_contents (clipboard, gdk_atom_intern ("text/uri-list", FALSE));
  g_assert_nonnull (data);
  g_signal_emit_by_name (fixture->chooser, "drag-data-received", NULL, 1, 1, data, 0, 0);
  gtk_selection_data_free (data);
  gtk_clipboard_clear (clipboard);
}
