/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gi18n.h>

#include "pseudo-translation.h"
#include "test-future.h"
#include "ui-test.h"
#include "workflow-fixture.h"

#define IMAGE_ID 7 /* of the fake editor */

/* what is written on a button, in the language of the test; valid until the next call */
static const char *
get_words (const char *label)
{
  static char   *words;
  g_auto(GStrv)  parts = g_strsplit (gettext (label), "_", -1);

  g_free (words);
  words = g_strjoinv (NULL, parts);

  return words;
}

static void
set_up (WorkflowFixture *fixture)
{
  g_autofree char         *shipped = NULL;
  g_autofree char         *nodes = NULL;
  g_autofree char         *workflows = NULL;
  g_autoptr(ComfyProfile)  profile = NULL;
  g_autoptr(GError)        error = NULL;

  session_fixture_set_up (&fixture->base, NULL);
  profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
  shipped = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "actions", NULL);
  nodes = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "nodes.json", NULL);
  comfy_session_use_node_table (fixture->base.session, nodes);
  fixture->actions = comfy_action_list_folder (shipped);
  fixture->folder = g_dir_make_tmp ("workflows-XXXXXX", &error);
  g_assert_no_error (error);
  workflows = comfy_opener_dup_folder (fixture->folder);
  g_assert_no_errno (g_mkdir_with_parents (workflows, 0700));
  fixture->opener = comfy_opener_new (fixture->base.session, fixture->actions, fixture->folder);
}

void
workflow_fixture_set_up (WorkflowFixture *fixture,
                         gconstpointer    data)
{
  set_up (fixture);
}

void
workflow_fixture_set_up_strange (WorkflowFixture *fixture,
                                 gboolean         is_long,
                                 gboolean         is_rtl)
{
  pseudo_translation_use (is_rtl ? "ע[" : is_long ? "[" : NULL);
  gtk_widget_set_default_direction (is_rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  set_up (fixture);
}

static gboolean
is_idle (gpointer library)
{
  return !comfy_library_is_busy (library);
}

void
workflow_fixture_tear_down (WorkflowFixture *fixture,
                            gconstpointer    data)
{
  ui_test_wait_for (is_idle, comfy_opener_get_library (fixture->opener));
  if (fixture->window != NULL)
    gtk_widget_destroy (fixture->window);
  dex_clear (&fixture->answer);
  g_clear_object (&fixture->opener);
  g_clear_pointer (&fixture->actions, g_ptr_array_unref);
  test_remove_tree (fixture->folder);
  g_clear_pointer (&fixture->folder, g_free);
  session_fixture_tear_down (&fixture->base, NULL);
  pseudo_translation_use (NULL);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

char *
workflow_fixture_write (WorkflowFixture *fixture,
                        const char      *name,
                        const char      *text)
{
  g_autofree char   *folder = comfy_opener_dup_folder (fixture->folder);
  char              *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError)  error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  return path;
}

char *
workflow_fixture_copy (WorkflowFixture *fixture,
                       const char      *source,
                       const char      *name)
{
  g_autofree char   *from = g_test_build_filename (G_TEST_DIST, "data", "workflows", source, NULL);
  g_autofree char   *text = NULL;
  g_autoptr(GError)  error = NULL;

  g_file_get_contents (from, &text, NULL, &error);
  g_assert_no_error (error);

  return workflow_fixture_write (fixture, name, text);
}

char *
workflow_fixture_make_graph (unsigned int n,
                             gboolean     is_marked)
{
  GString *text = g_string_new ("{\"0\":{\"class_type\":\"EmptyImage\",\"inputs\":{\"width\":64,"
                                "\"height\":64,\"batch_size\":1,\"color\":0}}");

  for (unsigned int i = 1; i <= n; i++)
    {
      g_autofree char *radius = is_marked ? g_strdup_printf ("[\"n%u\",0]", i)
                                          : g_strdup_printf ("%u", 1 + i % 30);

      g_string_append_printf (text, ",\"%u\":{\"class_type\":\"ImageBlur\",\"_meta\":{\"title\":"
                              "\"Blur no. %u\"},\"inputs\":{\"image\":[\"%u\",0],"
                              "\"blur_radius\":%s,\"sigma\":1.0}}", i, i, i - 1, radius);
      if (is_marked)
        g_string_append_printf (text, ",\"n%u\":{\"class_type\":\"PrimitiveInt\",\"_meta\":"
                                "{\"title\":\"Input: Radius %u\"},\"inputs\":{\"value\":%u}}", i, i,
                                1 + i % 30);
    }
  g_string_append_printf (text, ",\"%u\":{\"class_type\":\"SaveImage\",\"inputs\":{\"images\":"
                          "[\"%u\",0],\"filename_prefix\":\"x\"}}}", n + 1, n);

  return g_string_free (text, FALSE);
}

void
workflow_fixture_open (WorkflowFixture *fixture,
                       const char      *path)
{
  fixture->window = comfy_action_window_new_for_workflows (fixture->opener, path, IMAGE_ID, NULL);
  g_signal_connect (fixture->window, "destroy", G_CALLBACK (gtk_widget_destroyed),
                    &fixture->window);
  fixture->answer = comfy_action_window_ask (COMFY_ACTION_WINDOW (fixture->window));
  ui_test_show (fixture->window);
}

void
workflow_fixture_open_text (WorkflowFixture *fixture,
                            const char      *name,
                            const char      *text)
{
  g_autofree char *path = workflow_fixture_write (fixture, name, text);

  workflow_fixture_open (fixture, path);
  workflow_fixture_wait_for_form (fixture);
}

void
workflow_fixture_open_copy (WorkflowFixture *fixture,
                            const char      *source,
                            const char      *name)
{
  g_autofree char *path = workflow_fixture_copy (fixture, source, name);

  workflow_fixture_open (fixture, path);
  workflow_fixture_wait_for_form (fixture);
}

void
workflow_fixture_choose (WorkflowFixture *fixture,
                         const char      *title)
{
  GtkWidget *row = ui_test_wait_until_there (fixture->window, GTK_TYPE_LIST_BOX_ROW, title);

  gtk_list_box_select_row (GTK_LIST_BOX (gtk_widget_get_parent (row)), GTK_LIST_BOX_ROW (row));
  gtk_widget_grab_focus (row);
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
}

void
workflow_fixture_wait_for_form (WorkflowFixture *fixture)
{
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, get_words ("Wor_kflows"));
  ui_test_wait_for_paint (fixture->window);
}

void
workflow_fixture_wait_for_list (WorkflowFixture *fixture)
{
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, get_words ("Open _File…"));
  ui_test_wait_for_paint (fixture->window);
}

static gboolean
is_closed (gpointer fixture)
{
  return ((WorkflowFixture *) fixture)->window == NULL;
}

void
workflow_fixture_wait_until_closed (WorkflowFixture *fixture)
{
  ui_test_wait_for (is_closed, fixture);
}

void
workflow_fixture_end_edit (WorkflowFixture *fixture,
                           const char      *button)
{
  ui_test_click (fixture->window, button);
  workflow_fixture_wait_for_form (fixture);
}

void
workflow_fixture_pick (WorkflowFixture *fixture,
                       const char      *combo,
                       const char      *id)
{
  GtkWidget *widget = ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, combo);

  g_assert_true (gtk_combo_box_set_active_id (GTK_COMBO_BOX (widget), id));
}

void
workflow_fixture_pick_nth (WorkflowFixture *fixture,
                           const char      *combo,
                           int              n)
{
  GtkWidget *widget = ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, combo);

  gtk_combo_box_set_active (GTK_COMBO_BOX (widget), n);
}

static gboolean
is_searched (gpointer entry)
{
  return g_object_get_data (entry, "searched") != NULL;
}

static void
searched_cb (GtkWidget *entry)
{
  g_object_set_data (G_OBJECT (entry), "searched", entry);
}

/* a search begins some time after the last letter */
void
workflow_fixture_type (WorkflowFixture *fixture,
                       const char      *entry,
                       const char      *text)
{
  GtkWidget *widget = ui_test_get (fixture->window, GTK_TYPE_ENTRY, entry);
  gulong     handler;

  if (!GTK_IS_SEARCH_ENTRY (widget))
    {
      gtk_entry_set_text (GTK_ENTRY (widget), text);
      return;
    }

  g_object_set_data (G_OBJECT (widget), "searched", NULL);
  handler = g_signal_connect_after (widget, "search-changed", G_CALLBACK (searched_cb), NULL);
  gtk_entry_set_text (GTK_ENTRY (widget), text);
  ui_test_wait_for (is_searched, widget);
  g_signal_handler_disconnect (widget, handler);
}

void
workflow_fixture_unfold (WorkflowFixture *fixture,
                         const char      *fold,
                         gboolean         is_unfolded)
{
  GtkWidget *expander = ui_test_get (fixture->window, GTK_TYPE_EXPANDER, fold);

  gtk_expander_set_expanded (GTK_EXPANDER (expander), is_unfolded);
  ui_test_wait_for_paint (fixture->window);
}

void
workflow_fixture_edit (WorkflowFixture *fixture)
{
  ui_test_click (fixture->window, get_words ("_Edit Form…"));
  ui_test_wait_until_there (fixture->window, GTK_TYPE_BUTTON, get_words ("_Done"));
  ui_test_wait_for_paint (fixture->window);
}

ComfyForm *
workflow_fixture_get_form (WorkflowFixture *fixture)
{
  return comfy_action_window_get_form (COMFY_ACTION_WINDOW (fixture->window));
}

const char *
workflow_fixture_get_text (WorkflowFixture *fixture,
                           const char      *field_id)
{
  return g_variant_get_string (comfy_form_get_value (workflow_fixture_get_form (fixture), field_id),
                               NULL);
}

int
workflow_fixture_get_height (WorkflowFixture *fixture)
{
  int height;

  ui_test_wait_for_paint (fixture->window);
  gtk_window_get_size (GTK_WINDOW (fixture->window), NULL, &height);

  return height;
}
