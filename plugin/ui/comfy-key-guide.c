/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-key-guide.h"
#include "comfy-ui-util.h"

static void
open_platform_cb (GtkButton *button)
{
  comfy_ui_open_url (GTK_WIDGET (button), COMFY_UI_PLATFORM_URL);
}

static void
attach_step (GtkGrid   *grid,
             int        number,
             GtkWidget *step)
{
  g_autofree char *text = g_strdup_printf ("%d.", number);
  GtkWidget       *label = gtk_label_new (text);

  gtk_label_set_yalign (GTK_LABEL (label), 0.0);
  gtk_grid_attach (grid, label, 0, number, 1, 1);
  gtk_widget_set_hexpand (step, TRUE);
  gtk_grid_attach (grid, step, 1, number, 1, 1);
}

/**
 * comfy_key_guide_new:
 *
 * Returns: (transfer floating): the steps to a key, as the authentication page of the Developer API
 *   says, with a button for the first
 */
GtkWidget *
comfy_key_guide_new (void)
{
  GtkWidget *grid = gtk_grid_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *open = gtk_button_new_with_mnemonic (_("_Open platform.comfy.org"));

  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 6);

  gtk_widget_set_tooltip_text (open, COMFY_UI_PLATFORM_URL);
  g_signal_connect (open, "clicked", G_CALLBACK (open_platform_cb), NULL);
  gtk_box_pack_start (GTK_BOX (line), open, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (line), comfy_ui_text_new (_("and log in.")), FALSE, FALSE, 0);
  attach_step (GTK_GRID (grid), 1, line);
  attach_step (GTK_GRID (grid), 2,
               comfy_ui_text_new (_("In the section “API Keys”, press “+ New”.")));
  attach_step (GTK_GRID (grid), 3,
               comfy_ui_text_new (_("Give the key a descriptive name, such as “GIMP on my "
                                    "laptop”, and press “Generate”.")));
  attach_step (GTK_GRID (grid), 4,
               comfy_ui_text_new (_("Copy the key at once: it is shown only this one time.")));

  return grid;
}
