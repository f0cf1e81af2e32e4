/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form view: what the artist enters is what the form has, and the other way round, for every
 * kind of field.
 */
#include "config.h"

#include "comfy-form-view.h"
#include "session-fixture.h"
#include "ui-test.h"

typedef struct
{
  ComfyForm *form;
  GtkWidget *window;
  GtkWidget *view;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(ComfyAction) action = session_fixture_load_test_action ("everything");

  fixture->form = comfy_form_new (action);
  comfy_form_set_image_size (fixture->form, 3000, 2000);
  fixture->view = comfy_form_view_new (fixture->form);
  fixture->window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 480, -1);
  gtk_container_set_border_width (GTK_CONTAINER (fixture->window), 12);
  gtk_container_add (GTK_CONTAINER (fixture->window), fixture->view);
  gtk_widget_show_all (fixture->window);
  ui_test_show (fixture->window);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  gtk_widget_destroy (fixture->window);
  g_object_unref (fixture->form);
}

/* the form's value, as text */
static char *
print (Fixture    *fixture,
       const char *field_id)
{
  return g_variant_print (comfy_form_get_value (fixture->form, field_id), FALSE);
}

#define assert_value(field_id, expected)                      \
  G_STMT_START                                                \
    {                                                         \
      g_autofree char *value_ = print (fixture, (field_id));  \
      g_assert_cmpstr (value_, ==, (expected));               \
    }                                                         \
  G_STMT_END

static void
set_prompt (Fixture    *fixture,
            const char *text)
{
  GtkWidget *view = ui_test_get (fixture->view, GTK_TYPE_TEXT_VIEW, "Prompt");

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), text, -1);
}

static GtkWidget *
get (Fixture    *fixture,
     GType       type,
     const char *name)
{
  return ui_test_get (fixture->view, type, name);
}

static void
test_entered (Fixture       *fixture,
              gconstpointer  data)
{
  set_prompt (fixture, "two\nlines");
  assert_value ("text", "'two\\nlines'");
  gtk_entry_set_text (GTK_ENTRY (get (fixture, GTK_TYPE_ENTRY, "Name")), "oak");
  assert_value ("name", "'oak'");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (get (fixture, GTK_TYPE_SPIN_BUTTON, "Steps")), 7);
  assert_value ("steps", "7");
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (get (fixture, GTK_TYPE_SPIN_BUTTON, "Strength")),
                             0.25);
  assert_value ("strength", "0.25");
  ui_test_click (fixture->view, "Tiled");
  assert_value ("tiled", "true");
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (get (fixture, GTK_TYPE_COMBO_BOX, "Sampler")),
                               "ddim");
  assert_value ("sampler", "'ddim'");
}

static void
test_shown (Fixture       *fixture,
            gconstpointer  data)
{
  GtkWidget *prompt = get (fixture, GTK_TYPE_TEXT_VIEW, "Prompt");
  char      *text;

  comfy_form_set_value (fixture->form, "text", g_variant_new_string ("from outside"));
  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (prompt)), "text", &text, NULL);
  g_assert_cmpstr (text, ==, "from outside");
  g_free (text);

  comfy_form_set_value (fixture->form, "strength", g_variant_new_double (0.75));
  g_assert_cmpfloat (gtk_spin_button_get_value (
                       GTK_SPIN_BUTTON (get (fixture, GTK_TYPE_SPIN_BUTTON, "Strength"))),
                     ==, 0.75);
  comfy_form_set_value (fixture->form, "tiled", g_variant_new_boolean (TRUE));
  g_assert_true (gtk_toggle_button_get_active (
    GTK_TOGGLE_BUTTON (get (fixture, GTK_TYPE_TOGGLE_BUTTON, "Tiled"))));
}

/* a double holds 53 bits; a seed has 64 */
static void
test_seed_is_exact (Fixture       *fixture,
                    gconstpointer  data)
{
  GtkEntry        *entry = GTK_ENTRY (get (fixture, GTK_TYPE_ENTRY, "Seed"));
  GtkToggleButton *random = GTK_TOGGLE_BUTTON (get (fixture, GTK_TYPE_TOGGLE_BUTTON, "Randomize"));

  g_assert_true (gtk_toggle_button_get_active (random));
  gtk_entry_set_text (entry, "18446744073709551615");
  assert_value ("seed", "18446744073709551615");
  g_assert_false (gtk_toggle_button_get_active (random));

  gtk_entry_set_text (entry, "9007199254740993");
  assert_value ("seed", "9007199254740993");
  g_assert_cmpstr (gtk_entry_get_text (entry), ==, "9007199254740993");

  ui_test_click (fixture->view, "Randomize");
  assert_value ("seed", "nothing");
  g_assert_cmpstr (gtk_entry_get_text (entry), ==, "");
}

/* one above the maximum, a letter, a sign: none can be entered */
static void
test_seed_takes_only_seeds (Fixture       *fixture,
                            gconstpointer  data)
{
  GtkEntry *entry = GTK_ENTRY (get (fixture, GTK_TYPE_ENTRY, "Seed"));
  int       end = -1;

  gtk_entry_set_text (entry, "18446744073709551615");
  gtk_editable_insert_text (GTK_EDITABLE (entry), "0", -1, &end);
  g_assert_cmpstr (gtk_entry_get_text (entry), ==, "18446744073709551615");

  gtk_entry_set_text (entry, "");
  gtk_editable_insert_text (GTK_EDITABLE (entry), "-1", -1, &end);
  gtk_editable_insert_text (GTK_EDITABLE (entry), "x", -1, &end);
  g_assert_cmpstr (gtk_entry_get_text (entry), ==, "");
  end = 0;
  gtk_editable_insert_text (GTK_EDITABLE (entry), " 42\n", -1, &end);
  g_assert_cmpstr (gtk_entry_get_text (entry), ==, "42");
}

static void
test_new_seed_is_kept (Fixture       *fixture,
                       gconstpointer  data)
{
  GtkEntry        *entry = GTK_ENTRY (get (fixture, GTK_TYPE_ENTRY, "Seed"));
  g_autofree char *drawn = NULL;

  ui_test_click (fixture->view, "New Seed");
  drawn = g_strdup (gtk_entry_get_text (entry));
  g_assert_cmpstr (drawn, !=, "");
  assert_value ("seed", drawn);

  ui_test_click (fixture->view, "New Seed");
  g_assert_cmpstr (gtk_entry_get_text (entry), !=, drawn);
}

static void
test_size (Fixture       *fixture,
           gconstpointer  data)
{
  GtkComboBox   *combo = GTK_COMBO_BOX (get (fixture, GTK_TYPE_COMBO_BOX, "Size"));
  GtkSpinButton *width = GTK_SPIN_BUTTON (get (fixture, GTK_TYPE_SPIN_BUTTON, "Width in pixels"));

  gtk_combo_box_set_active_id (combo, "1216x832");
  assert_value ("size", "(1216, 832)");
  g_assert_cmpint (gtk_spin_button_get_value_as_int (width), ==, 1216);

  gtk_combo_box_set_active_id (combo, "image");
  assert_value ("size", "(0, 0)");
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (width)));
  /* 3000 × 2000 brought to about a megapixel */
  g_assert_cmpint (gtk_spin_button_get_value_as_int (width), ==, 1248);

  gtk_combo_box_set_active_id (combo, "custom");
  assert_value ("size", "(1248, 832)");
  gtk_spin_button_set_value (width, 1024);
  assert_value ("size", "(1024, 832)");
  g_assert_cmpstr (gtk_combo_box_get_active_id (combo), ==, "custom");

  /* a preset that is entered by hand is that preset */
  gtk_spin_button_set_value (width, 1216);
  g_assert_cmpstr (gtk_combo_box_get_active_id (combo), ==, "1216x832");
}

typedef struct
{
  GtkWidget *widget;
  int        height; /* px */
} Height;

static gboolean
has_height (gpointer data)
{
  Height *wanted = data;

  return gtk_widget_get_allocated_height (wanted->widget) == wanted->height;
}

static gboolean
is_lower (gpointer data)
{
  Height *former = data;

  return gtk_widget_get_allocated_height (former->widget) < former->height;
}

/* px from the window's top */
static int
get_y (GtkWidget *widget)
{
  int y;

  g_assert_true (gtk_widget_translate_coordinates (widget, gtk_widget_get_toplevel (widget), 0, 0,
                                                   NULL, &y));

  return y;
}

/* what one model has no use for is not asked for; what both take stays as it was */
static void
test_model_decides (Fixture       *fixture,
                    gconstpointer  data)
{
  GtkComboBox *model = GTK_COMBO_BOX (get (fixture, GTK_TYPE_COMBO_BOX, "Model"));
  Height       whole = { fixture->window, gtk_widget_get_allocated_height (fixture->window) };
  int          width = gtk_widget_get_allocated_width (fixture->window);
  int          y = get_y (GTK_WIDGET (model));

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (get (fixture, GTK_TYPE_SPIN_BUTTON, "Steps")), 7);
  gtk_entry_set_text (GTK_ENTRY (get (fixture, GTK_TYPE_ENTRY, "Name")), "oak");
  gtk_combo_box_set_active_id (model, "fast");
  g_assert_null (ui_test_find (fixture->view, GTK_TYPE_SPIN_BUTTON, "Steps"));
  g_assert_null (ui_test_find (fixture->view, GTK_TYPE_COMBO_BOX, "Sampler"));
  g_assert_null (ui_test_find (fixture->view, GTK_TYPE_EXPANDER, "Advanced"));
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (get (fixture, GTK_TYPE_ENTRY, "Name"))), ==,
                   "oak");
  ui_test_wait_for (is_lower, &whole);
  ui_test_shoot (fixture->window, "form-fast-model");
  g_assert_cmpint (get_y (GTK_WIDGET (model)), ==, y);
  ui_test_check_people (fixture->window);

  /* nothing is lost on the way, and the window is as it was */
  gtk_combo_box_set_active_id (model, "best");
  get (fixture, GTK_TYPE_EXPANDER, "Advanced");
  assert_value ("steps", "7");
  ui_test_wait_for (has_height, &whole);
  g_assert_cmpint (get_y (GTK_WIDGET (model)), ==, y);
  g_assert_cmpint (gtk_widget_get_allocated_width (fixture->window), ==, width);
}

/* windows that show everything again do not unveil what does not count */
static void
test_hidden_stays_hidden (Fixture       *fixture,
                          gconstpointer  data)
{
  comfy_form_set_value (fixture->form, "model", g_variant_new_string ("fast"));
  gtk_widget_show_all (fixture->window);
  g_assert_null (ui_test_find (fixture->view, GTK_TYPE_SPIN_BUTTON, "Steps"));
  g_assert_null (ui_test_find (fixture->view, GTK_TYPE_EXPANDER, "Advanced"));
}

static void
test_focus_goes_to_the_model (Fixture       *fixture,
                              gconstpointer  data)
{
  GtkWidget *model = get (fixture, GTK_TYPE_COMBO_BOX, "Model");
  GtkWidget *name = get (fixture, GTK_TYPE_ENTRY, "Name");
  GtkWidget *focus;

  gtk_widget_grab_focus (get (fixture, GTK_TYPE_SPIN_BUTTON, "Steps"));
  comfy_form_set_value (fixture->form, "model", g_variant_new_string ("fast"));
  focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));
  g_assert_nonnull (focus);
  g_assert_true (gtk_widget_is_ancestor (focus, model));

  gtk_widget_grab_focus (name);
  comfy_form_set_value (fixture->form, "model", g_variant_new_string ("best"));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == name);
}

/* a spin button keeps what is typed to itself until it is left or entered */
static void
test_typed_counts (Fixture       *fixture,
                   gconstpointer  data)
{
  GtkWidget *steps = get (fixture, GTK_TYPE_SPIN_BUTTON, "Steps");

  set_prompt (fixture, "an oak");
  gtk_widget_grab_focus (steps);
  gtk_entry_set_text (GTK_ENTRY (steps), "33");
  assert_value ("steps", "20");
  g_assert_true (comfy_form_view_check (COMFY_FORM_VIEW (fixture->view), NULL));
  assert_value ("steps", "33");
}

static void
test_problem_stands_at_its_field (Fixture       *fixture,
                                  gconstpointer  data)
{
  GtkWidget  *prompt = get (fixture, GTK_TYPE_TEXT_VIEW, "Prompt");
  const char *problem = "Say in words what you want";

  gtk_window_set_focus (GTK_WINDOW (fixture->window), NULL);
  g_assert_false (comfy_form_view_check (COMFY_FORM_VIEW (fixture->view), NULL));
  g_assert_true (ui_test_says (fixture->view, problem));
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == prompt);
  ui_test_shoot (fixture->window, "form-problem");

  set_prompt (fixture, "an oak");
  g_assert_false (ui_test_says (fixture->view, problem));
  g_assert_true (comfy_form_view_check (COMFY_FORM_VIEW (fixture->view), NULL));
}

static void
test_everybody_can_use_it (Fixture       *fixture,
                           gconstpointer  data)
{
  GtkWidget *big;

  ui_test_shoot (fixture->window, "form-every-kind");
  ui_test_check_people (fixture->window);

  gtk_expander_set_expanded (GTK_EXPANDER (get (fixture, GTK_TYPE_EXPANDER, "Advanced")), TRUE);
  big = ui_test_wait_until_there (fixture->view, GTK_TYPE_SPIN_BUTTON, "Large number");
  ui_test_check_people (fixture->window);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (big), 123456);
  assert_value ("big", "123456");
}

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

#define add(path, function) \
  g_test_add ("/form-view/" path, Fixture, NULL, set_up, function, tear_down)

  add ("what-is-entered-is-in-the-form", test_entered);
  add ("what-is-in-the-form-is-shown", test_shown);
  add ("a-seed-is-exact", test_seed_is_exact);
  add ("only-seeds-can-be-entered-as-seed", test_seed_takes_only_seeds);
  add ("a-new-seed-is-kept", test_new_seed_is_kept);
  add ("size-by-preset-image-and-hand", test_size);
  add ("the-model-decides-what-is-asked", test_model_decides);
  add ("what-does-not-count-stays-hidden", test_hidden_stays_hidden);
  add ("the-focus-goes-to-the-model", test_focus_goes_to_the_model);
  add ("what-is-typed-counts", test_typed_counts);
  add ("a-problem-stands-at-its-field", test_problem_stands_at_its_field);
  add ("everybody-can-use-it", test_everybody_can_use_it);

  return g_test_run ();
}
