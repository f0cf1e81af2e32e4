/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <math.h>

#include "comfy-guard-settings.h"
#include "comfy-ui-util.h"

#define MICROS      1000000 /* in a dollar */
#define WIDTH_CHARS 10

struct _ComfyGuardSettings
{
  GtkBox         parent_instance;

  ComfySettings *settings; /* owned */
};

G_DEFINE_FINAL_TYPE (ComfyGuardSettings, comfy_guard_settings, GTK_TYPE_BOX)

static void
balance_cb (GtkSpinButton      *spin,
            ComfyGuardSettings *self)
{
  comfy_settings_set_ask_under_balance (self->settings,
                                        llround (gtk_spin_button_get_value (spin) * MICROS));
}

static void
jobs_cb (GtkSpinButton      *spin,
         ComfyGuardSettings *self)
{
  comfy_settings_set_ask_over_jobs (self->settings, gtk_spin_button_get_value_as_int (spin));
}

static gboolean
output_cb (GtkSpinButton *spin)
{
  if (gtk_spin_button_get_value (spin) > 0)
    return FALSE;

  /* translators: the artist is never asked */
  gtk_entry_set_text (GTK_ENTRY (spin), _("Never"));

  return TRUE;
}

static int
input_cb (GtkSpinButton *spin,
          double        *value)
{
  if (g_strcmp0 (gtk_entry_get_text (GTK_ENTRY (spin)), _("Never")) != 0)
    return FALSE;

  *value = 0.0;

  return TRUE;
}

/* a word is shown for 0 */
static GtkWidget *
make_spin (double max,
           double step,
           double value)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (0, max, step);

  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), FALSE);
  gtk_entry_set_width_chars (GTK_ENTRY (spin), WIDTH_CHARS);
  g_signal_connect (spin, "output", G_CALLBACK (output_cb), NULL);
  g_signal_connect (spin, "input", G_CALLBACK (input_cb), NULL);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  gtk_widget_set_halign (spin, GTK_ALIGN_START);

  return spin;
}

static void
build (ComfyGuardSettings *self)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *balance;
  GtkWidget *jobs;
  double     dollars = (double) comfy_settings_get_ask_under_balance (self->settings) / MICROS;

  balance = make_spin ((double) COMFY_SETTINGS_MAX_BALANCE / MICROS, 1, dollars);
  gtk_spin_button_set_digits (GTK_SPIN_BUTTON (balance), 2);
  gtk_spin_button_update (GTK_SPIN_BUTTON (balance));
  gtk_widget_set_tooltip_text (balance, _("In US dollars, by what the server said after the last "
                                          "job"));
  g_signal_connect (balance, "value-changed", G_CALLBACK (balance_cb), self);
  jobs = make_spin (COMFY_SETTINGS_MAX_JOBS, 1, comfy_settings_get_ask_over_jobs (self->settings));
  g_signal_connect (jobs, "value-changed", G_CALLBACK (jobs_cb), self);

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_attach (GTK_GRID (grid), comfy_ui_label_for (_("Ask when the _balance is under ($):"),
                                                        balance), 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), balance, 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), comfy_ui_label_for (_("Ask before starting _more jobs than:"),
                                                        jobs), 0, 1, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), jobs, 1, 1, 1, 1);

  gtk_box_pack_start (GTK_BOX (self),
                      comfy_ui_text_new (_("What a run may cost is said before it, as soon as a "
                                           "run of its kind has told. These limits ask once "
                                           "more.")),
                      FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), grid, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self),
                      comfy_ui_hint_new (_("Scripts have nobody to ask, so they run all the "
                                           "same, and so does “Repeat” where it may.")),
                      FALSE, FALSE, 0);
}

static void
comfy_guard_settings_finalize (GObject *object)
{
  g_clear_object (&COMFY_GUARD_SETTINGS (object)->settings);

  G_OBJECT_CLASS (comfy_guard_settings_parent_class)->finalize (object);
}

static void
comfy_guard_settings_class_init (ComfyGuardSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_guard_settings_finalize;
}

static void
comfy_guard_settings_init (ComfyGuardSettings *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_container_set_border_width (GTK_CONTAINER (self), 12);
}

/**
 * comfy_guard_settings_new:
 * @session: the session
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
comfy_guard_settings_new (ComfySession *session)
{
  ComfyGuardSettings *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_GUARD_SETTINGS, NULL);
  self->settings = g_object_ref (comfy_session_get_settings (session));
  build (self);

  return GTK_WIDGET (self);
}
