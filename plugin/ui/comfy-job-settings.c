/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-job-settings.h"
#include "comfy-ui-util.h"

/* the largest plan runs 25 at once (documentation of Comfy Cloud, August 2026) */
#define MAX_JOBS 25
#define MAX_DAYS 365

/* rows of “Place results” */
enum
{
  PLACE_AT_ONCE,
  PLACE_ON_CLICK
};

struct _ComfyJobSettings
{
  GtkBox         parent_instance;

  ComfySession  *session; /* owned */
  GtkWidget     *deleted; /* borrowed: a child: says that files were deleted */
};

G_DEFINE_FINAL_TYPE (ComfyJobSettings, comfy_job_settings, GTK_TYPE_BOX)

static ComfySettings *
get_settings (ComfyJobSettings *self)
{
  return comfy_session_get_settings (self->session);
}

static void
max_jobs_cb (GtkSpinButton    *spin,
             ComfyJobSettings *self)
{
  comfy_settings_set_max_jobs (get_settings (self), gtk_spin_button_get_value_as_int (spin));
}

static void
keep_days_cb (GtkSpinButton    *spin,
              ComfyJobSettings *self)
{
  comfy_settings_set_keep_days (get_settings (self), gtk_spin_button_get_value_as_int (spin));
}

static void
repeat_runs_cb (GtkToggleButton  *button,
                ComfyJobSettings *self)
{
  comfy_settings_set_repeat_runs (get_settings (self), gtk_toggle_button_get_active (button));
}

static void
remember_cb (GtkToggleButton  *button,
             ComfyJobSettings *self)
{
  comfy_settings_set_remember_in_layers (get_settings (self),
                                         gtk_toggle_button_get_active (button));
}

static void
delete_uploads_cb (GtkToggleButton  *button,
                   ComfyJobSettings *self)
{
  comfy_settings_set_delete_uploads (get_settings (self), gtk_toggle_button_get_active (button));
}

static void
protocol_cb (GtkComboBox      *combo,
             ComfyJobSettings *self)
{
  comfy_settings_set_protocol (get_settings (self), gtk_combo_box_get_active_id (combo));
}

static void
place_cb (GtkComboBox      *combo,
          ComfyJobSettings *self)
{
  comfy_settings_set_place_at_once (get_settings (self),
                                    gtk_combo_box_get_active (combo) == PLACE_AT_ONCE);
}

static void
delete_cb (ComfyJobSettings *self)
{
  comfy_session_forget (self->session);
  comfy_ui_set_hint (self->deleted,
                     _("The files of all finished jobs are deleted from this computer, and what it "
                       "remembered of servers."),
                     GTK_MESSAGE_INFO);
}

static gboolean
max_jobs_output_cb (GtkSpinButton *spin)
{
  if (gtk_spin_button_get_value_as_int (spin) != 0)
    return FALSE;

  gtk_entry_set_text (GTK_ENTRY (spin), _("Automatic"));

  return TRUE;
}

static int
max_jobs_input_cb (GtkSpinButton *spin,
                   double        *value)
{
  if (g_strcmp0 (gtk_entry_get_text (GTK_ENTRY (spin)), _("Automatic")) != 0)
    return FALSE;

  *value = 0.0;

  return TRUE;
}

static GtkWidget *
build_max_jobs (ComfyJobSettings *self)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (0, MAX_JOBS, 1);

  /* a word is shown for 0 */
  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), FALSE);
  gtk_entry_set_width_chars (GTK_ENTRY (spin), 10);
  gtk_widget_set_tooltip_text (spin, _("Automatic: as many as the server's answers allow"));
  g_signal_connect (spin, "output", G_CALLBACK (max_jobs_output_cb), NULL);
  g_signal_connect (spin, "input", G_CALLBACK (max_jobs_input_cb), NULL);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin),
                             comfy_settings_get_max_jobs (get_settings (self)));
  gtk_spin_button_update (GTK_SPIN_BUTTON (spin));
  g_signal_connect (spin, "value-changed", G_CALLBACK (max_jobs_cb), self);

  return spin;
}

static GtkWidget *
build_protocol (ComfyJobSettings *self)
{
  GtkWidget *combo = gtk_combo_box_text_new ();

  gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (combo), "auto", _("Automatic"));
  gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (combo), "v1", _("Developer API v1"));
  gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (combo), "v2", _("Comfy API v2"));
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (combo),
                               comfy_settings_get_protocol (get_settings (self)));
  gtk_widget_set_tooltip_text (combo, _("Automatic: what the server answers to"));
  g_signal_connect (combo, "changed", G_CALLBACK (protocol_cb), self);

  return combo;
}

static GtkWidget *
build_place (ComfyJobSettings *self)
{
  GtkWidget *combo = gtk_combo_box_text_new ();

  gtk_combo_box_text_insert_text (GTK_COMBO_BOX_TEXT (combo), PLACE_AT_ONCE, _("At once"));
  gtk_combo_box_text_insert_text (GTK_COMBO_BOX_TEXT (combo), PLACE_ON_CLICK, _("When I click"));
  gtk_combo_box_set_active (GTK_COMBO_BOX (combo),
                            comfy_settings_get_place_at_once (get_settings (self))
                              ? PLACE_AT_ONCE : PLACE_ON_CLICK);
  gtk_widget_set_tooltip_text (combo, _("A result that comes into an image ends a transformation "
                                        "that is not applied yet, and the editing of a text"));
  g_signal_connect (combo, "changed", G_CALLBACK (place_cb), self);

  return combo;
}

static GtkWidget *
build_keep_days (ComfyJobSettings *self)
{
  GtkWidget *spin = gtk_spin_button_new_with_range (0, MAX_DAYS, 1);

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin),
                             comfy_settings_get_keep_days (get_settings (self)));
  g_signal_connect (spin, "value-changed", G_CALLBACK (keep_days_cb), self);

  return spin;
}

static void
attach (GtkWidget  *grid,
        int         row,
        const char *label,
        GtkWidget  *control)
{
  gtk_grid_attach (GTK_GRID (grid), comfy_ui_label_for (label, control), 0, row, 1, 1);
  gtk_widget_set_halign (control, GTK_ALIGN_START);
  gtk_grid_attach (GTK_GRID (grid), control, 1, row, 1, 1);
}

static GtkWidget *
build_grid (void)
{
  GtkWidget *grid = gtk_grid_new ();

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);

  return grid;
}

static void
pack (ComfyJobSettings *self,
      GtkWidget        *widget)
{
  gtk_box_pack_start (GTK_BOX (self), widget, FALSE, FALSE, 0);
}

static void
build_jobs (ComfyJobSettings *self)
{
  GtkWidget *grid = build_grid ();
  GtkWidget *repeat;

  pack (self, comfy_ui_heading_new (_("Jobs")));
  attach (grid, 0, _("Jobs at _once:"), build_max_jobs (self));
  attach (grid, 1, _("Place res_ults:"), build_place (self));
  attach (grid, 2, _("_Protocol:"), build_protocol (self));
  pack (self, grid);

  repeat = gtk_check_button_new_with_mnemonic (_("“_Repeat” in the Filters menu runs paid actions "
                                                 "without asking"));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (repeat),
                                comfy_settings_get_repeat_runs (get_settings (self)));
  g_signal_connect (repeat, "toggled", G_CALLBACK (repeat_runs_cb), self);
  pack (self, repeat);
}

/* a check button, and below it what it means */
static void
pack_explained (ComfyJobSettings *self,
                GtkWidget        *check,
                const char       *hint)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_pack_start (GTK_BOX (box), check, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), comfy_ui_hint_new (hint), FALSE, FALSE, 0);
  pack (self, box);
}

static void
build_delete_uploads (ComfyJobSettings *self)
{
  GtkWidget *check;

  check = gtk_check_button_new_with_mnemonic (_("Delete uploads from the s_erver when a job is "
                                                "done"));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (check),
                                comfy_settings_get_delete_uploads (get_settings (self)));
  g_signal_connect (check, "toggled", G_CALLBACK (delete_uploads_cb), self);
  pack_explained (self, check,
                  _("The server then cannot use the pictures once more, such as to run a job of its "
                    "history again. Results are not deleted there, and whether it keeps copies is "
                    "up to the service."));
}

static void
build_privacy (ComfyJobSettings *self)
{
  GtkWidget *grid = build_grid ();
  GtkWidget *heading = comfy_ui_heading_new (_("Privacy"));
  GtkWidget *delete_button = gtk_button_new_with_mnemonic (_("_Delete Now"));

  gtk_widget_set_margin_top (heading, 6);
  pack (self, heading);
  pack (self, comfy_ui_text_new (_("An action sends what its window says, to the environment it "
                                   "runs on. Copies of what was sent and of what came back stay "
                                   "on this computer for a while, so that no paid result is "
                                   "lost.")));

  attach (grid, 0, _("_Keep finished jobs for (days):"), build_keep_days (self));
  gtk_widget_set_tooltip_text (delete_button, _("Jobs that have not ended are kept"));
  g_signal_connect_swapped (delete_button, "clicked", G_CALLBACK (delete_cb), self);
  gtk_grid_attach (GTK_GRID (grid), delete_button, 2, 0, 1, 1);
  pack (self, grid);

  self->deleted = comfy_ui_hint_new (NULL);
  gtk_widget_set_no_show_all (self->deleted, TRUE);
  pack (self, self->deleted);

  build_delete_uploads (self);
}

static void
build_remember (ComfyJobSettings *self)
{
  GtkWidget *remember;

  remember = gtk_check_button_new_with_mnemonic (_("Remember in new _layers how they were made"));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (remember),
                                comfy_settings_get_remember_in_layers (get_settings (self)));
  g_signal_connect (remember, "toggled", G_CALLBACK (remember_cb), self);
  pack_explained (self, remember,
                  _("Prompt and seed are then saved with the image, where whoever gets the file can "
                    "read them; “Vary This Layer” needs them."));
}

static void
comfy_job_settings_finalize (GObject *object)
{
  g_clear_object (&COMFY_JOB_SETTINGS (object)->session);

  G_OBJECT_CLASS (comfy_job_settings_parent_class)->finalize (object);
}

static void
comfy_job_settings_class_init (ComfyJobSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_job_settings_finalize;
}

static void
comfy_job_settings_init (ComfyJobSettings *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  gtk_container_set_border_width (GTK_CONTAINER (self), 12);
}

/**
 * comfy_job_settings_new:
 * @session: the session
 *
 * Returns: (transfer floating): the page
 */
GtkWidget *
comfy_job_settings_new (ComfySession *session)
{
  ComfyJobSettings *self;

  g_return_val_if_fail (COMFY_IS_SESSION (session), NULL);

  self = g_object_new (COMFY_TYPE_JOB_SETTINGS, NULL);
  self->session = g_object_ref (session);
  build_jobs (self);
  build_privacy (self);
  build_remember (self);

  return GTK_WIDGET (self);
}
