/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "chooser-fixture.h"
#include "pseudo-translation.h"
#include "test-future.h"
#include "ui-test.h"

static void
write_file (const char *path,
            const char *text)
{
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
write_below (const char *folder,
             const char *name,
             const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
  write_file (path, text);
  g_assert_no_errno (g_chmod (path, 0700));
}

void
chooser_fixture_init (void)
{
  g_autofree char *applications = g_build_filename (g_get_user_data_dir (), "applications", NULL);
  g_autofree char *program = g_build_filename (g_get_home_dir (), "file-manager", NULL);
  g_autofree char *entry = NULL;

  write_below (g_get_home_dir (), "file-manager",
               "#!/bin/sh\necho '" CHOOSER_GRAPH "' > \"$1/Opened.json\"\n");
  entry = g_strdup_printf ("[Desktop Entry]\nType=Application\nName=Files\nExec=%s %%f\n"
                           "MimeType=inode/directory;\n", program);
  write_below (applications, "test-files.desktop", entry);
  write_below (g_get_user_config_dir (), "mimeapps.list",
               "[Default Applications]\ninode/directory=test-files.desktop;\n");
}

static void
chosen_cb (ComfyWorkflowChooser *chooser,
           ComfyLibraryItem     *item,
           ChooserFixture       *fixture)
{
  g_set_object (&fixture->chosen, item);
}

static void
file_chosen_cb (ComfyWorkflowChooser *chooser,
                const char           *path,
                ChooserFixture       *fixture)
{
  g_set_str (&fixture->file, path);
}

static void
selection_changed_cb (ComfyWorkflowChooser *chooser,
                      ChooserFixture       *fixture)
{
  fixture->n_selections++;
}

static void
response_cb (GtkDialog      *dialog,
             int             response,
             ChooserFixture *fixture)
{
  fixture->is_closed = TRUE;
}

static void
make_window (ChooserFixture *fixture,
             int             width)
{
  GtkWidget *content;

  fixture->window = gtk_dialog_new ();
  content = gtk_dialog_get_content_area (GTK_DIALOG (fixture->window));
  g_signal_connect (fixture->window, "response", G_CALLBACK (response_cb), fixture);
  /* stays until it was looked at */
  g_signal_connect (fixture->window, "delete-event", G_CALLBACK (gtk_true), NULL);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), width, 560);

  fixture->chooser = COMFY_WORKFLOW_CHOOSER (comfy_workflow_chooser_new (fixture->library));
  gtk_container_set_border_width (GTK_CONTAINER (fixture->chooser), 12);
  g_signal_connect (fixture->chooser, "chosen", G_CALLBACK (chosen_cb), fixture);
  g_signal_connect (fixture->chooser, "file-chosen", G_CALLBACK (file_chosen_cb), fixture);
  g_signal_connect (fixture->chooser, "selection-changed", G_CALLBACK (selection_changed_cb),
                    fixture);
  gtk_box_pack_start (GTK_BOX (content), GTK_WIDGET (fixture->chooser), TRUE, TRUE, 0);
  ui_test_show (fixture->window);
}

static void
set_up (ChooserFixture *fixture,
        int             width)
{
  g_autofree char   *shipped = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "actions", NULL);
  g_autofree char   *pattern = g_build_filename (g_get_home_dir (), "chooser-XXXXXX", NULL);
  g_autofree char   *settings = NULL;
  g_autofree char   *elsewhere = NULL;

  /* on the disk of the home, where the trash is */
  fixture->root = g_strdup (g_mkdtemp (pattern));
  fixture->folder = g_build_filename (fixture->root, "workflows", NULL);
  settings = g_build_filename (fixture->root, "settings.ini", NULL);
  elsewhere = g_build_filename (fixture->root, "elsewhere", NULL);
  g_assert_no_errno (g_mkdir (elsewhere, 0700));
  fixture->settings = comfy_settings_new (settings);
  fixture->actions = comfy_action_list_folder (shipped);
  fixture->library = comfy_library_new (fixture->actions, fixture->folder, fixture->settings);
  g_assert_true (comfy_library_make_folder (fixture->library, NULL));
  make_window (fixture, width);
}

void
chooser_fixture_set_up (ChooserFixture *fixture,
                        gconstpointer   data)
{
  set_up (fixture, 480);
}

void
chooser_fixture_set_up_strange (ChooserFixture *fixture,
                                gboolean        is_long,
                                gboolean        is_rtl)
{
  pseudo_translation_use (is_rtl ? "ע[" : is_long ? "[" : NULL);
  gtk_widget_set_default_direction (is_rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  set_up (fixture, CHOOSER_NARROW);
}

static gboolean
is_idle (gpointer library)
{
  return !comfy_library_is_busy (library);
}

void
chooser_fixture_tear_down (ChooserFixture *fixture,
                           gconstpointer   data)
{
  g_autofree char *trash = g_build_filename (g_get_user_data_dir (), "Trash", NULL);

  ui_test_wait_for (is_idle, fixture->library);
  gtk_widget_destroy (fixture->window);
  g_clear_object (&fixture->library);
  g_clear_object (&fixture->settings);
  g_clear_object (&fixture->chosen);
  g_clear_pointer (&fixture->actions, g_ptr_array_unref);
  test_remove_tree (fixture->root);
  if (g_file_test (trash, G_FILE_TEST_IS_REGULAR))
    g_assert_no_errno (g_remove (trash));
  g_free (fixture->file);
  g_free (fixture->folder);
  g_free (fixture->root);
  pseudo_translation_use (NULL);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

void
chooser_fixture_write (ChooserFixture *fixture,
                       const char     *name,
                       const char     *text)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  write_file (path, text);
}

char *
chooser_fixture_write_elsewhere (ChooserFixture *fixture,
                                 const char     *name,
                                 const char     *text)
{
  char *path = g_build_filename (fixture->root, "elsewhere", name, NULL);

  write_file (path, text);

  return path;
}

void
chooser_fixture_copy (ChooserFixture *fixture,
                      const char     *source,
                      const char     *name)
{
  g_autofree char   *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char   *from = g_test_build_filename (G_TEST_DIST, "data", source, NULL);
  g_autofree char   *content = NULL;
  g_autoptr(GError)  error = NULL;
  gsize              length;

  g_file_get_contents (from, &content, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents (path, content, (gssize) length, &error);
  g_assert_no_error (error);
}

gboolean
chooser_fixture_has_file (ChooserFixture *fixture,
                          const char     *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* a file stands in its place */
void
chooser_fixture_take_trash_away (ChooserFixture *fixture)
{
  g_autofree char *trash = g_build_filename (g_get_user_data_dir (), "Trash", NULL);

  if (g_file_test (trash, G_FILE_TEST_IS_DIR))
    test_remove_tree (trash);
  g_assert_no_errno (g_mkdir_with_parents (g_get_user_data_dir (), 0700));
  write_file (trash, "no folder");
}

void
chooser_fixture_block_folder (ChooserFixture *fixture)
{
  test_remove_tree (fixture->folder);
  write_file (fixture->folder, "no folder");
}

/* What is waited for */
typedef struct
{
  ChooserFixture *fixture;
  const char     *text;
} Wait;

static void
wait_for (ChooserFixture  *fixture,
          const char      *text,
          UiTestCondition  condition)
{
  Wait wait = { fixture, text };

  ui_test_wait_for (condition, &wait);
}

static GtkWidget *
find_row (ChooserFixture *fixture,
          const char     *title)
{
  return ui_test_find (fixture->window, GTK_TYPE_LIST_BOX_ROW, title);
}

GtkWidget *
chooser_fixture_get_row (ChooserFixture *fixture,
                         const char     *title)
{
  return ui_test_get (fixture->window, GTK_TYPE_LIST_BOX_ROW, title);
}

const char *
chooser_fixture_get_built_in (ChooserFixture *fixture,
                              unsigned int    i)
{
  return comfy_action_get_id (g_ptr_array_index (fixture->actions, i));
}

static void
select_row (GtkWidget *row)
{
  gtk_list_box_select_row (GTK_LIST_BOX (gtk_widget_get_parent (row)), GTK_LIST_BOX_ROW (row));
  gtk_widget_grab_focus (row);
}

void
chooser_fixture_select (ChooserFixture *fixture,
                        const char     *title)
{
  select_row (chooser_fixture_get_row (fixture, title));
}

static int
find_index (ChooserFixture *fixture,
            const char     *path)
{
  GListModel *model = G_LIST_MODEL (fixture->library);

  for (unsigned int i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(ComfyLibraryItem) item = g_list_model_get_item (model, i);

      if (g_strcmp0 (comfy_library_item_get_path (item), path) == 0)
        return (int) i;
    }

  return -1;
}

static gboolean
is_listed (gpointer data)
{
  Wait *wait = data;

  return find_index (wait->fixture, wait->text) >= 0;
}

static gboolean
is_not_listed (gpointer data)
{
  return !is_listed (data);
}

void
chooser_fixture_select_recent (ChooserFixture *fixture,
                               const char     *path)
{
  GtkWidget *row = chooser_fixture_get_row (fixture, comfy_action_get_title (
                                              g_ptr_array_index (fixture->actions, 0)));
  GtkListBox *list = GTK_LIST_BOX (gtk_widget_get_parent (row));

  wait_for (fixture, path, is_listed);
  select_row (GTK_WIDGET (gtk_list_box_get_row_at_index (list, find_index (fixture, path))));
}

static gboolean
has_row (gpointer data)
{
  Wait *wait = data;

  return find_row (wait->fixture, wait->text) != NULL;
}

static gboolean
has_no_row (gpointer data)
{
  return !has_row (data);
}

/* the list is scrolled to it */
void
chooser_fixture_assert_in_view (ChooserFixture *fixture,
                                const char     *title)
{
  GtkWidget *row = chooser_fixture_get_row (fixture, title);
  GtkWidget *view = gtk_widget_get_ancestor (row, GTK_TYPE_SCROLLED_WINDOW);
  int        y;

  ui_test_wait_for_paint (fixture->window);
  g_assert_true (gtk_widget_translate_coordinates (row, view, 0, 0, NULL, &y));
  g_assert_cmpint (y, >=, 0);
  g_assert_cmpint (y + gtk_widget_get_allocated_height (row), <=,
                   gtk_widget_get_allocated_height (view));
}

void
chooser_fixture_wait_for_row (ChooserFixture *fixture,
                              const char     *title)
{
  wait_for (fixture, title, has_row);
  ui_test_wait_for_paint (fixture->window);
}

void
chooser_fixture_wait_for_path (ChooserFixture *fixture,
                               const char     *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  wait_for (fixture, path, is_listed);
}

static gboolean
has_file (gpointer data)
{
  Wait *wait = data;

  return chooser_fixture_has_file (wait->fixture, wait->text);
}

void
chooser_fixture_wait_for_file (ChooserFixture *fixture,
                               const char     *name)
{
  wait_for (fixture, name, has_file);
  chooser_fixture_wait_for_path (fixture, name);
}

void
chooser_fixture_wait_until_hidden (ChooserFixture *fixture,
                                   const char     *title)
{
  wait_for (fixture, title, has_no_row);
}

void
chooser_fixture_wait_until_forgotten (ChooserFixture *fixture,
                                      const char     *path)
{
  wait_for (fixture, path, is_not_listed);
}

static gboolean
is_selected (gpointer data)
{
  Wait      *wait = data;
  GtkWidget *row = find_row (wait->fixture, wait->text);

  return row != NULL && gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (row));
}

void
chooser_fixture_wait_until_selected (ChooserFixture *fixture,
                                     const char     *title)
{
  wait_for (fixture, title, is_selected);
}

static gboolean
is_usable (gpointer data)
{
  Wait *wait = data;

  return comfy_workflow_chooser_get_selected (wait->fixture->chooser) != NULL;
}

void
chooser_fixture_wait_until_usable (ChooserFixture *fixture)
{
  wait_for (fixture, NULL, is_usable);
}
