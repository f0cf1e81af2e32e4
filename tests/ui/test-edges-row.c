/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Edges: typed or filled in by an aspect ratio, and what becomes of the canvas is said at once.
 */
#include "config.h"

#include <gdk/gdkkeysyms.h>

#include "comfy-form-view.h"
#include "session-fixture.h"
#include "ui-test.h"

#define WIDTH  1200 /* px of the image */
#define HEIGHT 800  /* px */

typedef struct
{
  ComfyForm *form;
  GtkWidget *window;
  GtkWidget *view;
} Fixture;

/* @image: nullable: "none" for a form without an image */
static void
set_up (Fixture       *fixture,
        gconstpointer  image)
{
  g_autoptr(ComfyAction) action = session_fixture_load_test_action ("grow");

  fixture->form = comfy_form_new (action);
  if (image == NULL)
    comfy_form_set_image_size (fixture->form, WIDTH, HEIGHT);
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

static GtkSpinButton *
get_spin (Fixture    *fixture,
          const char *name)
{
  return GTK_SPIN_BUTTON (ui_test_get (fixture->view, GTK_TYPE_SPIN_BUTTON, name));
}

static GtkComboBox *
get_combo (Fixture *fixture)
{
  return GTK_COMBO_BOX (ui_test_get (fixture->view, GTK_TYPE_COMBO_BOX, "Ratio"));
}

static void
assert_edges (Fixture    *fixture,
              const char *expected)
{
  g_autofree char *value = g_variant_print (comfy_form_get_value (fixture->form, "edges"), FALSE);

  g_assert_cmpstr (value, ==, expected);
}

static void
test_typed (Fixture       *fixture,
            gconstpointer  data)
{
  g_assert_true (ui_test_says (fixture->view, "New size: 1200 × 800 pixels"));
  gtk_spin_button_set_value (get_spin (fixture, "Pixels on the left"), 10);
  gtk_spin_button_set_value (get_spin (fixture, "Pixels at the top"), 20);
  gtk_spin_button_set_value (get_spin (fixture, "Pixels on the right"), 300);
  gtk_spin_button_set_value (get_spin (fixture, "Pixels at the bottom"), 40);
  assert_edges (fixture, "(10, 20, 300, 40)");
  g_assert_cmpstr (gtk_combo_box_get_active_id (get_combo (fixture)), ==, "custom");
  g_assert_true (ui_test_says (fixture->view, "New size: 1510 × 860 pixels"));
  ui_test_shoot (fixture->window, "edges-typed");
  ui_test_check_people (fixture->window);
}

static void
test_ratio (Fixture       *fixture,
            gconstpointer  data)
{
  gtk_combo_box_set_active_id (get_combo (fixture), "1:1");
  assert_edges (fixture, "(0, 200, 0, 200)");
  g_assert_cmpint (gtk_spin_button_get_value_as_int (get_spin (fixture, "Pixels at the top")), ==,
                   200);
  g_assert_true (ui_test_says (fixture->view, "New size: 1200 × 1200 pixels"));

  gtk_combo_box_set_active_id (get_combo (fixture), "16:9");
  assert_edges (fixture, "(111, 0, 111, 0)");
  g_assert_true (ui_test_says (fixture->view, "New size: 1422 × 800 pixels"));
  ui_test_shoot (fixture->window, "edges-ratio");

  /* a number that is changed makes it nobody's ratio */
  gtk_spin_button_set_value (get_spin (fixture, "Pixels on the left"), 112);
  g_assert_cmpstr (gtk_combo_box_get_active_id (get_combo (fixture)), ==, "custom");
  assert_edges (fixture, "(112, 0, 111, 0)");

  /* the ratio that the image has already */
  gtk_combo_box_set_active_id (get_combo (fixture), "3:2");
  assert_edges (fixture, "(0, 0, 0, 0)");
  g_assert_cmpstr (gtk_combo_box_get_active_id (get_combo (fixture)), ==, "3:2");
}

/* from a script or the last run */
static void
test_shown (Fixture       *fixture,
            gconstpointer  data)
{
  comfy_form_set_value (fixture->form, "edges", g_variant_new ("(iiii)", 1, 2, 3, 4));
  g_assert_cmpint (gtk_spin_button_get_value_as_int (get_spin (fixture, "Pixels on the right")),
                   ==, 3);
  g_assert_cmpstr (gtk_combo_box_get_active_id (get_combo (fixture)), ==, "custom");

  comfy_form_set_value (fixture->form, "edges", g_variant_new ("(iiii)", 0, 200, 0, 200));
  g_assert_cmpstr (gtk_combo_box_get_active_id (get_combo (fixture)), ==, "1:1");
  assert_edges (fixture, "(0, 200, 0, 200)");
}

/* a ratio that is further away than the edges may grow is not claimed */
static void
test_too_far (Fixture       *fixture,
              gconstpointer  data)
{
  comfy_form_set_image_size (fixture->form, 8000, 1000);
  gtk_combo_box_set_active_id (get_combo (fixture), "1:1");
  assert_edges (fixture, "(0, 2000, 0, 2000)");
  g_assert_cmpstr (gtk_combo_box_get_active_id (get_combo (fixture)), ==, "custom");
  g_assert_true (ui_test_says (fixture->view, "New size: 8000 × 5000 pixels"));
}

static void
test_keyboard (Fixture       *fixture,
               gconstpointer  data)
{
  GtkWidget *combo = GTK_WIDGET (get_combo (fixture));
  GtkWidget *top = GTK_WIDGET (get_spin (fixture, "Pixels at the top"));
  GtkWidget *left = GTK_WIDGET (get_spin (fixture, "Pixels on the left"));
  GtkWidget *focus;

  gtk_window_set_focus (GTK_WINDOW (fixture->window), NULL);
  ui_test_press (fixture->window, GDK_KEY_e, GDK_MOD1_MASK);
  focus = gtk_window_get_focus (GTK_WINDOW (fixture->window));
  g_assert_nonnull (focus);
  g_assert_true (gtk_widget_is_ancestor (focus, combo));

  ui_test_press (fixture->window, GDK_KEY_Tab, 0);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == top);
  ui_test_press (fixture->window, GDK_KEY_Up, 0);
  ui_test_press (fixture->window, GDK_KEY_Up, 0);
  assert_edges (fixture, "(0, 2, 0, 0)");
  ui_test_press (fixture->window, GDK_KEY_Tab, 0);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (fixture->window)) == left);
}

static void
test_nothing_grows (Fixture       *fixture,
                    gconstpointer  data)
{
  gtk_window_set_focus (GTK_WINDOW (fixture->window), NULL);
  g_assert_false (comfy_form_view_check (COMFY_FORM_VIEW (fixture->view), NULL));
  g_assert_true (ui_test_says (fixture->view, "Say on which edges it grows."));
  ui_test_shoot (fixture->window, "edges-problem");
  gtk_combo_box_set_active_id (get_combo (fixture), "1:1");
  g_assert_false (ui_test_says (fixture->view, "Say on which edges it grows."));
  g_assert_true (comfy_form_view_check (COMFY_FORM_VIEW (fixture->view), NULL));
}

/* without an image there is no ratio to come from, and no size to tell */
static void
test_no_image (Fixture       *fixture,
               gconstpointer  data)
{
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (get_combo (fixture))));
  g_assert_false (ui_test_says (fixture->view, "New size"));
  gtk_spin_button_set_value (get_spin (fixture, "Pixels on the left"), 10);
  assert_edges (fixture, "(10, 0, 0, 0)");
  ui_test_check_people (fixture->window);
}

static int
get_x (GtkSpinButton *spin)
{
  GtkWidget *widget = GTK_WIDGET (spin);
  int        x;

  g_assert_true (gtk_widget_translate_coordinates (widget, gtk_widget_get_toplevel (widget), 0, 0,
                                                   &x, NULL));

  return x;
}

static void
set_up_from_right (Fixture       *fixture,
                   gconstpointer  image)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  set_up (fixture, image);
}

static void
tear_down_from_right (Fixture       *fixture,
                      gconstpointer  image)
{
  tear_down (fixture, image);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* where people write from the right, an image's left is where it is */
static void
test_left_is_left (Fixture       *fixture,
                   gconstpointer  data)
{
  ui_test_shoot (fixture->window, "edges-from-right");
  g_assert_cmpint (get_x (get_spin (fixture, "Pixels on the left")), <,
                   get_x (get_spin (fixture, "Pixels on the right")));
}

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

#define add(path, image, function) \
  g_test_add ("/edges-row/" path, Fixture, image, set_up, function, tear_down)

  add ("what-is-typed-is-in-the-form", NULL, test_typed);
  add ("a-ratio-fills-in-the-numbers", NULL, test_ratio);
  add ("what-is-in-the-form-is-shown", NULL, test_shown);
  add ("a-ratio-out-of-reach-is-not-claimed", NULL, test_too_far);
  add ("all-by-keyboard", NULL, test_keyboard);
  add ("nothing-that-grows-is-a-problem", NULL, test_nothing_grows);
  add ("without-an-image", "none", test_no_image);
  g_test_add ("/edges-row/left-is-left-in-every-language", Fixture, NULL, set_up_from_right,
              test_left_is_left, tear_down_from_right);

  return g_test_run ();
}
