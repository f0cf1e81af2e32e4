/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How often a form is run, in the window that asks: the number of jobs is said before they are paid
 * for, and what the batch brings is not asked for a second time.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>
#include <glib/gstdio.h>
#include <string.h>

#include "comfy-action-window.h"
#include "comfy-field-row.h"
#include "comfy-prompts-button.h"
#include "session-fixture.h"
#include "test-future.h"
#include "ui-test.h"

typedef struct
{
  SessionFixture  base;
  ComfyForm      *form;
  GtkWidget      *window;
  DexFuture      *answer; /* owned */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(ComfyProfile) profile = NULL;

  session_fixture_set_up (&fixture->base, NULL);
  profile = session_fixture_add_profile (&fixture->base, "Work", fixture->base.key);
}

static void
open_window (Fixture      *fixture,
             const char   *action_id,
             unsigned int  n_layers)
{
  g_autoptr(ComfyAction) action = session_fixture_load_action (action_id);
  g_autoptr(GArray)      layer_ids = g_array_new (FALSE, FALSE, sizeof (int));

  for (unsigned int i = 0; i < n_layers; i++)
    {
      int id = 2 + (int) i;

      g_array_append_val (layer_ids, id);
    }
  fixture->form = comfy_form_new (action);
  fixture->window = comfy_action_window_new (fixture->base.session, fixture->form, 7, layer_ids);
  fixture->answer = comfy_action_window_ask (COMFY_ACTION_WINDOW (fixture->window));
  ui_test_show (fixture->window);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_widget_destroy (fixture->window);
  dex_clear (&fixture->answer);
  g_clear_object (&fixture->form);
  session_fixture_tear_down (&fixture->base, NULL);
}

static void
choose (Fixture    *fixture,
        const char *id)
{
  GtkWidget *combo = ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Batch");

  g_assert_true (gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo), id));
}

static gboolean
is_offered (Fixture    *fixture,
            const char *id)
{
  GtkWidget    *combo = ui_test_get (fixture->window, GTK_TYPE_COMBO_BOX, "Batch");
  GtkTreeModel *model = gtk_combo_box_get_model (GTK_COMBO_BOX (combo));
  GtkTreeIter   iter;

  for (gboolean more = gtk_tree_model_get_iter_first (model, &iter); more;
       more = gtk_tree_model_iter_next (model, &iter))
    {
      g_autofree char *text = NULL;

      gtk_tree_model_get (model, &iter, gtk_combo_box_get_id_column (GTK_COMBO_BOX (combo)), &text,
                          -1);
      if (g_str_equal (text, id))
        return TRUE;
    }

  return FALSE;
}

static void
set_prompt (Fixture *fixture)
{
  comfy_form_set_value (fixture->form, "prompt",
                        g_variant_new_string ("An old oak on a hill in the evening light"));
}

static void
choose_prompts (Fixture    *fixture,
                const char *text)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "autumn.txt", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  comfy_prompts_button_set_file (
    COMFY_PROMPTS_BUTTON (ui_test_get (fixture->window, COMFY_TYPE_PROMPTS_BUTTON,
                                       "Choose a File…")), path);
  g_assert_no_errno (g_remove (path));
}

static ComfyBatch *
accept (Fixture    *fixture,
        const char *button)
{
  ui_test_click (fixture->window, button);
  test_await_true (dex_ref (fixture->answer));

  return comfy_action_window_dup_batch (COMFY_ACTION_WINDOW (fixture->window));
}

static void
test_once (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(ComfyBatch) batch = NULL;

  open_window (fixture, "generate-image", 1);
  g_assert_true (is_offered (fixture, "seeds"));
  g_assert_true (is_offered (fixture, "prompts"));
  g_assert_false (is_offered (fixture, "layers"));
  g_assert_false (is_offered (fixture, "images"));
  set_prompt (fixture);
  batch = accept (fixture, "Generate");
  g_assert_cmpint (batch->kind, ==, COMFY_BATCH_ONCE);
}

/* the form's own seed is the first, and its row is not needed any more */
static void
test_seeds (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(ComfyBatch) batch = NULL;
  GtkWidget            *count;

  open_window (fixture, "generate-image", 1);
  set_prompt (fixture);
  comfy_form_set_value (fixture->form, "seed",
                        g_variant_new_maybe (G_VARIANT_TYPE_UINT64, g_variant_new_uint64 (42)));
  choose (fixture, "seeds");
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_ENTRY, "Seed"));
  g_assert_true (ui_test_says (fixture->window, "4 jobs, each is paid for"));
  count = ui_test_get (fixture->window, GTK_TYPE_SPIN_BUTTON, "Jobs");
  gtk_entry_set_text (GTK_ENTRY (count), "12");
  gtk_spin_button_update (GTK_SPIN_BUTTON (count));
  g_assert_true (ui_test_says (fixture->window, "12 jobs, each is paid for"));
  ui_test_shoot (fixture->window, "batch-seeds");
  ui_test_check_people (fixture->window);

  /* more than ten are asked for */
  ui_test_click (fixture->window, "Run 12 Jobs");
  batch = accept (fixture, "Run Anyway");
  g_assert_cmpint (batch->kind, ==, COMFY_BATCH_SEEDS);
  g_assert_cmpuint (batch->first_seed, ==, 42);
  g_assert_cmpuint (batch->n_seeds, ==, 12);
}

static void
test_a_first_seed_is_needed (Fixture       *fixture,
                             gconstpointer  data)
{
  open_window (fixture, "generate-image", 1);
  set_prompt (fixture);
  choose (fixture, "seeds");
  gtk_entry_set_text (GTK_ENTRY (ui_test_get (fixture->window, GTK_TYPE_ENTRY, "First seed")), "");
  ui_test_click (fixture->window, "Generate");
  g_assert_true (ui_test_says (fixture->window, "Write the seed that the first job gets."));
  g_assert_true (dex_future_is_pending (fixture->answer));

  choose (fixture, "once");
  g_assert_nonnull (ui_test_find (fixture->window, GTK_TYPE_ENTRY, "Seed"));
}

/* the words are in the file: the form asks for none */
static void
test_prompts (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(ComfyBatch) batch = NULL;

  open_window (fixture, "generate-image", 1);
  choose (fixture, "prompts");
  g_assert_null (ui_test_find (fixture->window, GTK_TYPE_TEXT_VIEW, "Prompt"));
  g_assert_true (ui_test_says (fixture->window, "one prompt a line"));
  ui_test_click (fixture->window, "Generate");
  g_assert_true (ui_test_says (fixture->window, "Choose the text file"));
  ui_test_shoot (fixture->window, "batch-prompts-none");

  choose_prompts (fixture, "# nothing\n");
  g_assert_true (ui_test_says (fixture->window, "There is no prompt in “autumn.txt”"));
  choose_prompts (fixture, "An oak in fog\nAn oak in rain\nAn oak in snow\n");
  g_assert_true (ui_test_says (fixture->window, "3 jobs, each is paid for"));
  ui_test_shoot (fixture->window, "batch-prompts");
  ui_test_check_people (fixture->window);

  batch = accept (fixture, "Run 3 Jobs");
  g_assert_cmpint (batch->kind, ==, COMFY_BATCH_PROMPTS);
  g_assert_cmpstr (batch->prompts[2], ==, "An oak in snow");
}

static void
test_too_many (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (unsigned int i = 0; i < COMFY_BATCH_MAX + 1; i++)
    g_string_append (text, "An oak\n");
  open_window (fixture, "generate-image", 1);
  choose (fixture, "prompts");
  choose_prompts (fixture, text->str);
  g_assert_true (ui_test_says (fixture->window, "These would be 101 jobs"));
  ui_test_click (fixture->window, "Run 101 Jobs");
  g_assert_true (dex_future_is_pending (fixture->answer));
}

/* an action for one layer, and three are selected: the first is what is seen of them */
static void
test_layers (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(ComfyBatch) batch = NULL;

  open_window (fixture, "upscale-4x", 3);
  g_assert_cmpuint (preview_host_get_n_layers (fixture->base.previews), ==, 1);
  g_assert_true (ui_test_says (fixture->window, "3 jobs, each is paid for"));
  ui_test_shoot (fixture->window, "batch-layers");
  ui_test_check_people (fixture->window);
  batch = accept (fixture, "Run 3 Jobs");
  g_assert_cmpint (batch->kind, ==, COMFY_BATCH_LAYERS);
}

/* what was chosen cannot be run any more when something else is taken */
static void
test_follows_the_form (Fixture       *fixture,
                       gconstpointer  data)
{
  open_window (fixture, "edit-with-prompt", 2);
  choose (fixture, "layers");
  g_assert_true (ui_test_says (fixture->window, "2 jobs, each is paid for"));
  comfy_form_set_value (fixture->form, "source", g_variant_new_string ("visible"));
  g_assert_false (is_offered (fixture, "layers"));
  g_assert_false (ui_test_says (fixture->window, "2 jobs, each is paid for"));
  comfy_form_set_value (fixture->form, "source", g_variant_new_string ("layer"));
  g_assert_true (is_offered (fixture, "layers"));
}

/* nobody pays for one more than was said */
static void
test_an_image_more (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(ComfyBatch) batch = NULL;

  fake_host_open (fixture->base.host, 8);
  open_window (fixture, "edit-with-prompt", 1);
  set_prompt (fixture);
  choose (fixture, "images");
  g_assert_true (ui_test_says (fixture->window, "2 jobs, each is paid for"));
  fake_host_open (fixture->base.host, 9);
  ui_test_click (fixture->window, "Run 2 Jobs");
  g_assert_true (dex_future_is_pending (fixture->answer));
  ui_test_shoot (fixture->window, "batch-images");
  batch = accept (fixture, "Run 3 Jobs");
  g_assert_cmpint (batch->kind, ==, COMFY_BATCH_IMAGES);
}

int
main (int    argc,
      char **argv)
{
  session_fixture_init_process (TRUE);
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/batch-row/" path, Fixture, NULL, set_up, function, tear_down)

  add ("once-unless-it-is-said", test_once);
  add ("seeds-begin-with-the-form's", test_seeds);
  add ("a-first-seed-is-needed", test_a_first_seed_is_needed);
  add ("prompts-come-from-a-file", test_prompts);
  add ("too-many-are-refused", test_too_many);
  add ("each-layer-where-one-is-meant", test_layers);
  add ("follows-the-form", test_follows_the_form);
  add ("an-image-more-is-said-first", test_an_image_more);

  return g_test_run ();
}
