/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page where a workflow is chosen: found by typing, chosen by Enter, and what happens to files
 * is seen at once.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gstdio.h>
#include <string.h>

#include "chooser-fixture.h"
#include "ui-test.h"

static gboolean
has_picture (gpointer image)
{
  return gtk_image_get_storage_type (image) == GTK_IMAGE_SURFACE;
}

static void
find_image_cb (GtkWidget *widget,
               gpointer   data)
{
  GtkWidget **image = data;

  if (GTK_IS_IMAGE (widget) && *image == NULL)
    *image = widget;
  ui_test_descend (widget, find_image_cb, data);
}

static void
wait_for_picture (ChooserFixture *fixture,
                  const char     *title)
{
  GtkWidget *image = NULL;

  ui_test_descend (chooser_fixture_get_row (fixture, title), find_image_cb, &image);
  ui_test_wait_for (has_picture, image);
}

static void
test_shows (ChooserFixture *fixture,
            gconstpointer   data)
{
  g_autofree char *elsewhere = chooser_fixture_write_elsewhere (fixture, "from-forum.json",
                                                                CHOOSER_GRAPH);

  comfy_library_note_recent (fixture->library, elsewhere);
  chooser_fixture_write (fixture, "Comic Ink.json", CHOOSER_GRAPH);
  chooser_fixture_copy (fixture, "raccoon.jpg", "Comic Ink.jpg");
  chooser_fixture_write (fixture, "Half a File.json", "{\"1\":");
  chooser_fixture_write (fixture, "no-picture.json", CHOOSER_GRAPH);
  chooser_fixture_wait_for_row (fixture, "no-picture");
  chooser_fixture_wait_for_row (fixture, "from-forum");

  g_assert_true (ui_test_says (fixture->window, "Built-in"));
  g_assert_true (ui_test_says (fixture->window, "My Workflows"));
  g_assert_true (ui_test_says (fixture->window, "Recent"));
  g_assert_true (ui_test_says (fixture->window, "a picture, a prompt → a picture"));
  g_assert_false (ui_test_says (fixture->window, "You have no workflows of your own yet."));

  chooser_fixture_select (fixture, "Comic Ink");
  wait_for_picture (fixture, "Comic Ink");
  ui_test_shoot_both (fixture->window, "workflow-chooser");
  ui_test_check_people (fixture->window);
}

static void
test_search (ChooserFixture *fixture,
             gconstpointer   data)
{
  GtkWidget *search = ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Search");

  /* wherever the focus is */
  chooser_fixture_select (fixture, "Generate Image");
  ui_test_press (fixture->window, GDK_KEY_u, 0);
  ui_test_press (fixture->window, GDK_KEY_p, 0);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (search)), ==, "up");
  g_assert_true (gtk_widget_has_focus (search));
  gtk_entry_set_text (GTK_ENTRY (search), "upscale");
  chooser_fixture_wait_until_hidden (fixture, "Generate Image");
  ui_test_shoot (fixture->window, "workflow-chooser-search");
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  g_assert_nonnull (fixture->chosen);
  g_assert_true (comfy_library_item_matches (fixture->chosen, "upscale"));

  /* Enter does not wait for the list to follow */
  g_clear_object (&fixture->chosen);
  gtk_entry_set_text (GTK_ENTRY (search), "extend");
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  g_assert_nonnull (fixture->chosen);
  g_assert_true (comfy_library_item_matches (fixture->chosen, "extend"));

  gtk_entry_set_text (GTK_ENTRY (search), "xyzzy");
  ui_test_wait_until_says (fixture->window, "No workflow is called so");
  ui_test_shoot (fixture->window, "workflow-chooser-nothing");
  ui_test_check_people (fixture->window);
  g_clear_object (&fixture->chosen);
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  g_assert_null (fixture->chosen);

  /* Escape: first the search, then the window */
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (search)), ==, "");
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  g_assert_true (fixture->is_closed);
}

static void
test_keyboard (ChooserFixture *fixture,
               gconstpointer   data)
{
  GtkWidget *search = ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Search");

  gtk_widget_grab_focus (search);
  ui_test_press (fixture->window, GDK_KEY_Down, 0);
  ui_test_press (fixture->window, GDK_KEY_Down, 0);
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  g_assert_nonnull (fixture->chosen);
  g_assert_cmpstr (comfy_library_item_get_id (fixture->chosen), ==,
                   chooser_fixture_get_built_in (fixture, 1));

  /* Tab leaves the list, and comes back to where it was */
  ui_test_press (fixture->window, GDK_KEY_Tab, 0);
  g_assert_true (gtk_widget_has_focus (ui_test_get (fixture->window, GTK_TYPE_BUTTON,
                                                    "Open File…")));
  ui_test_press (fixture->window, GDK_KEY_ISO_Left_Tab, GDK_SHIFT_MASK);
  g_clear_object (&fixture->chosen);
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  g_assert_cmpstr (comfy_library_item_get_id (fixture->chosen), ==,
                   chooser_fixture_get_built_in (fixture, 1));
}

static void
test_broken (ChooserFixture *fixture,
             gconstpointer   data)
{
  chooser_fixture_write (fixture, "half.json", "{\"1\":");
  chooser_fixture_wait_for_row (fixture, "half");
  chooser_fixture_select (fixture, "half");
  g_assert_null (comfy_workflow_chooser_get_selected (fixture->chooser));
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  g_assert_null (fixture->chosen);

  /* the artist repairs it, and the page knows */
  chooser_fixture_write (fixture, "half.json", CHOOSER_GRAPH);
  chooser_fixture_wait_until_usable (fixture);
  g_assert_cmpuint (fixture->n_selections, >, 0);
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  g_assert_cmpstr (comfy_library_item_get_title (fixture->chosen), ==, "half");
}

static void
test_rename (ChooserFixture *fixture,
             gconstpointer   data)
{
  GtkWidget *entry;

  chooser_fixture_write (fixture, "a.json", CHOOSER_GRAPH);
  chooser_fixture_write (fixture, "taken.json", CHOOSER_GRAPH);
  chooser_fixture_wait_for_row (fixture, "taken");
  chooser_fixture_select (fixture, "a");

  ui_test_press (fixture->window, GDK_KEY_F2, 0);
  entry = ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Name of the workflow");
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (entry)), ==, "a");
  ui_test_shoot (fixture->window, "workflow-chooser-rename");
  gtk_entry_set_text (GTK_ENTRY (entry), "never");
  ui_test_press (fixture->window, GDK_KEY_Escape, 0);
  g_assert_false (fixture->is_closed);

  ui_test_press (fixture->window, GDK_KEY_F2, 0);
  entry = ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Name of the workflow");
  gtk_entry_set_text (GTK_ENTRY (entry), "taken");
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  ui_test_wait_until_says (fixture->window, "There is a file called “taken” already.");

  ui_test_press (fixture->window, GDK_KEY_F2, 0);
  entry = ui_test_get (fixture->window, GTK_TYPE_ENTRY, "Name of the workflow");
  gtk_entry_set_text (GTK_ENTRY (entry), "Zebra");
  ui_test_press (fixture->window, GDK_KEY_Return, 0);
  chooser_fixture_wait_for_row (fixture, "Zebra");
  g_assert_false (ui_test_says (fixture->window, "There is a file"));
  g_assert_true (chooser_fixture_has_file (fixture, "Zebra.json"));
  /* it is what the artist looks at, wherever it stands now */
  chooser_fixture_wait_until_selected (fixture, "Zebra");

  /* what came with the program has no name to change */
  chooser_fixture_select (fixture, "Generate Image");
  ui_test_press (fixture->window, GDK_KEY_F2, 0);
  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_ENTRY, "Name of the workflow"));
  chooser_fixture_get_row (fixture, "Generate Image");
}

static void
test_remove (ChooserFixture *fixture,
             gconstpointer   data)
{
  chooser_fixture_write (fixture, "a.json", CHOOSER_GRAPH);
  chooser_fixture_write (fixture, "b.json", CHOOSER_GRAPH);
  chooser_fixture_wait_for_row (fixture, "b");
  chooser_fixture_select (fixture, "a");
  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  chooser_fixture_wait_until_hidden (fixture, "a");
  /* the next one, so that a second Delete takes no other */
  chooser_fixture_wait_until_selected (fixture, "b");
  g_assert_true (gtk_widget_has_focus (chooser_fixture_get_row (fixture, "b")));
  g_assert_false (chooser_fixture_has_file (fixture, "a.json"));
}

static void
test_remove_without_trash (ChooserFixture *fixture,
                           gconstpointer   data)
{
  chooser_fixture_take_trash_away (fixture);
  chooser_fixture_write (fixture, "a.json", CHOOSER_GRAPH);
  chooser_fixture_wait_for_row (fixture, "a");
  chooser_fixture_select (fixture, "a");
  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  ui_test_wait_until_says (fixture->window, "There is no trash for “a”. Delete it for good?");
  ui_test_shoot_both (fixture->window, "workflow-chooser-no-trash");
  ui_test_check_people (fixture->window);
  ui_test_click (fixture->window, "Keep");
  g_assert_false (ui_test_says (fixture->window, "There is no trash"));
  g_assert_true (chooser_fixture_has_file (fixture, "a.json"));

  ui_test_press (fixture->window, GDK_KEY_Delete, 0);
  ui_test_wait_until_says (fixture->window, "There is no trash for “a”. Delete it for good?");
  ui_test_click (fixture->window, "Delete");
  chooser_fixture_wait_until_hidden (fixture, "a");
  g_assert_false (chooser_fixture_has_file (fixture, "a.json"));
}

/* by the menu of a row, as the mouse and the menu key open it */
static void
test_recent (ChooserFixture *fixture,
             gconstpointer   data)
{
  g_autofree char *path = chooser_fixture_write_elsewhere (fixture, "forum.json", CHOOSER_GRAPH);

  comfy_library_note_recent (fixture->library, path);
  chooser_fixture_wait_for_row (fixture, "forum");
  chooser_fixture_select (fixture, "forum");
  chooser_fixture_use_menu (fixture, "Add to My Workflows");
  chooser_fixture_wait_for_file (fixture, "forum.json");
  /* the copy */
  chooser_fixture_wait_until_selected (fixture, "forum");

  chooser_fixture_select_recent (fixture, path);
  chooser_fixture_use_menu (fixture, "Remove from List");
  chooser_fixture_wait_until_forgotten (fixture, path);
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_empty (ChooserFixture *fixture,
            gconstpointer   data)
{
  ui_test_wait_until_says (fixture->window, "You have no workflows of your own yet.");
  ui_test_shoot (fixture->window, "workflow-chooser-empty");
  ui_test_check_people (fixture->window);

  /* by the desktop's file manager, which here puts a workflow into it */
  ui_test_click (fixture->window, "Open Folder");
  chooser_fixture_wait_for_row (fixture, "Opened");
  g_assert_false (ui_test_says (fixture->window, "You have no workflows of your own yet."));

  /* no folder can be made where a file is */
  chooser_fixture_block_folder (fixture);
  ui_test_click (fixture->window, "Open Folder");
  g_assert_true (ui_test_says (fixture->window, "A file could not be read or written."));
}

static void
test_dialogs (ChooserFixture *fixture,
              gconstpointer   data)
{
  g_autofree char *path = chooser_fixture_write_elsewhere (fixture, "a.json", CHOOSER_GRAPH);
  g_autofree char *broken = chooser_fixture_write_elsewhere (fixture, "broken.json", "{");

  ui_test_click (fixture->window, "Open File…");
  chooser_fixture_answer_dialog (fixture, NULL);
  g_assert_null (fixture->file);
  ui_test_click (fixture->window, "Open File…");
  chooser_fixture_answer_dialog (fixture, path);
  g_assert_cmpstr (fixture->file, ==, path);

  ui_test_click (fixture->window, "Add…");
  chooser_fixture_answer_dialog (fixture, path);
  chooser_fixture_wait_until_selected (fixture, "a");
  g_assert_true (chooser_fixture_has_file (fixture, "a.json"));
  chooser_fixture_assert_in_view (fixture, "a");

  ui_test_click (fixture->window, "Add…");
  chooser_fixture_answer_dialog (fixture, broken);
  ui_test_wait_until_says (fixture->window, "“broken.json” was not added. This workflow ends");
  ui_test_shoot (fixture->window, "workflow-chooser-broken");
  ui_test_check_people (fixture->window);
}

static void
test_drop (ChooserFixture *fixture,
           gconstpointer   data)
{
  g_autofree char *path = chooser_fixture_write_elsewhere (fixture, "ü 1.png", "any");
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *two = g_strdup_printf ("%s\r\n%s\r\n", uri, uri);
  g_autofree char *one = g_strdup_printf ("%s\r\n", uri);

  chooser_fixture_drop (fixture, two);
  g_assert_null (fixture->file);
  g_assert_true (ui_test_says (fixture->window, "Several files were dropped."));
  chooser_fixture_drop (fixture, "https://example.org/a.json\r\n");
  g_assert_null (fixture->file);
  g_assert_true (ui_test_says (fixture->window, "This file is not on this computer."));
  chooser_fixture_drop (fixture, "");
  g_assert_true (ui_test_says (fixture->window, "What was dropped is no file."));
  ui_test_shoot (fixture->window, "workflow-chooser-drop");
  ui_test_check_people (fixture->window);

  chooser_fixture_drop (fixture, one);
  g_assert_cmpstr (fixture->file, ==, path);
  g_assert_false (ui_test_says (fixture->window, "What was dropped"));
}

/* 320 px, in a long language, from right to left */
static void
test_narrow (ChooserFixture *fixture,
             gconstpointer   data)
{
  g_autofree char *elsewhere = chooser_fixture_write_elsewhere (fixture, "a.json", CHOOSER_GRAPH);

  comfy_library_note_recent (fixture->library, elsewhere);
  chooser_fixture_write (fixture, "A workflow with quite a long name, as they have in forums.json",
                         CHOOSER_GRAPH);
  chooser_fixture_write (fixture, "half.json", "{\"1\":");
  chooser_fixture_wait_for_path (fixture, "half.json");
  ui_test_wait_for_paint (fixture->window);
  chooser_fixture_select_recent (fixture, elsewhere);
  chooser_fixture_drop (fixture, "https://example.org/a.json\r\n");
  ui_test_wait_for_paint (fixture->window);

  g_assert_cmpint (gtk_widget_get_allocated_width (fixture->window), ==, CHOOSER_NARROW);
  ui_test_shoot_both (fixture->window, data);
  ui_test_check_people (fixture->window);
}

static void
set_up_narrow (ChooserFixture *fixture,
               gconstpointer   data)
{
  chooser_fixture_set_up_strange (fixture, strstr (data, "long") != NULL,
                                  strstr (data, "rtl") != NULL);
}

int
main (int    argc,
      char **argv)
{
  chooser_fixture_init ();
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/workflow-chooser/" path, ChooserFixture, NULL, chooser_fixture_set_up, function, \
              chooser_fixture_tear_down)
#define add_narrow(path, name) \
  g_test_add ("/workflow-chooser/" path, ChooserFixture, name, set_up_narrow, test_narrow, \
              chooser_fixture_tear_down)

  add ("sections-pictures-and-words", test_shows);
  add ("typing-searches", test_search);
  add ("all-of-it-by-keyboard", test_keyboard);
  add ("what-is-broken-cannot-be-chosen", test_broken);
  add ("a-file-is-renamed-in-place", test_rename);
  add ("what-is-removed-goes-to-the-trash", test_remove);
  add ("without-a-trash-the-artist-is-asked", test_remove_without_trash);
  add ("recent-ones-are-kept-or-forgotten", test_recent);
  add ("an-empty-folder-says-how-it-is-filled", test_empty);
  add ("files-are-opened-and-added", test_dialogs);
  add ("a-file-is-dropped", test_drop);
  add_narrow ("320-px-are-enough", "workflow-chooser-narrow");
  add_narrow ("long-words-fit", "workflow-chooser-narrow-long");
  add_narrow ("from-right-to-left", "workflow-chooser-narrow-rtl");

  return g_test_run ();
}
