/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-minute.h"
#include "ui-test.h"

static unsigned int n_told;

static void
told (GtkWidget *widget)
{
  g_assert_true (GTK_IS_LABEL (widget));
  n_told++;
}

static gboolean
was_told (gpointer n)
{
  return n_told > GPOINTER_TO_UINT (n);
}

/* in between nothing wakes the process: tests/e2e/test-idle.py */
static void
test_the_time_is_right_when_somebody_comes_back (void)
{
  GtkWidget *window = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  GtkWidget *other = gtk_window_new (GTK_WINDOW_TOPLEVEL);
  GtkWidget *label = gtk_label_new ("5 min ago");

  gtk_container_add (GTK_CONTAINER (window), label);
  gtk_widget_show (label);
  comfy_minute_follow (label, told);
  g_assert_cmpuint (n_told, ==, 0);
  ui_test_show (window);
  g_assert_cmpuint (n_told, >, 0);

  n_told = 0;
  ui_test_show (other);
  g_assert_cmpuint (n_told, ==, 0);
  gtk_window_present (GTK_WINDOW (window));
  ui_test_wait_for (was_told, GUINT_TO_POINTER (0));

  gtk_widget_destroy (window);
  gtk_widget_destroy (other);
}

int
main (int   argc,
      char *argv[])
{
  ui_test_init (&argc, &argv);

  g_test_add_func ("/minute/the-time-is-right-when-somebody-comes-back",
                   test_the_time_is_right_when_somebody_comes_back);

  return g_test_run ();
}
