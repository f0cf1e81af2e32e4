/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers that may be left to the model: "Automatic" is shown and taken for 0.
 */
#include "config.h"

#include "comfy-form-view.h"
#include "session-fixture.h"
#include "ui-test.h"

static gint64
get_steps (ComfyForm *form)
{
  return g_variant_get_int64 (comfy_form_get_value (form, "steps"));
}

static void
test_automatic (void)
{
  g_autoptr(ComfyAction)  action = session_fixture_load_action ("generate-image");
  g_autoptr(ComfyForm)    form = comfy_form_new (action);
  GtkWidget              *view = comfy_form_view_new (form);
  GtkWidget              *window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  GtkWidget              *spin;

  gtk_container_set_border_width (GTK_CONTAINER (window), 12);
  gtk_container_add (GTK_CONTAINER (window), view);
  gtk_widget_show_all (window);
  ui_test_show (window);
  gtk_expander_set_expanded (GTK_EXPANDER (ui_test_get (view, GTK_TYPE_EXPANDER, "Advanced")),
                             TRUE);
  spin = ui_test_wait_until_there (view, GTK_TYPE_SPIN_BUTTON, "Steps");

  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (spin)), ==, "Automatic");
  ui_test_shoot (window, "form-automatic");
  ui_test_check_people (window);

  gtk_entry_set_text (GTK_ENTRY (spin), "12");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  g_assert_cmpint (get_steps (form), ==, 12);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (spin)), ==, "12");

  /* what is no number does not take the last one away */
  gtk_entry_set_text (GTK_ENTRY (spin), "many");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  g_assert_cmpint (get_steps (form), ==, 12);

  gtk_entry_set_text (GTK_ENTRY (spin), "");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  g_assert_cmpint (get_steps (form), ==, 0);
  g_assert_cmpstr (gtk_entry_get_text (GTK_ENTRY (spin)), ==, "Automatic");

  gtk_spin_button_spin (GTK_SPIN_BUTTON (spin), GTK_SPIN_STEP_FORWARD, 1);
  g_assert_cmpint (get_steps (form), ==, 1);
  gtk_entry_set_text (GTK_ENTRY (spin), "Automatic");
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  g_assert_cmpint (get_steps (form), ==, 0);

  gtk_widget_destroy (window);
}

int
main (int    argc,
      char **argv)
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/number-row/automatic-is-nothing", test_automatic);

  return g_test_run ();
}
