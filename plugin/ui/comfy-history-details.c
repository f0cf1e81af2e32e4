/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-history-details.h"
#include "comfy-scroller.h"
#include "comfy-ui-util.h"

#define MAX_HEIGHT  160 /* px: then it scrolls: the pictures stay */
#define VALUE_CHARS 10  /* as narrow as a value may be */

struct _ComfyHistoryDetails
{
  GtkBox     parent_instance;

  GtkWidget *grid; /* borrowed: a child */
  GString   *text; /* owned: the same to be copied */
  int        n;    /* lines in the grid */
};

G_DEFINE_FINAL_TYPE (ComfyHistoryDetails, comfy_history_details, GTK_TYPE_BOX)

static GtkWidget *
make_value (const char *text)
{
  GtkWidget *label = comfy_ui_text_new (text);

  gtk_label_set_width_chars (GTK_LABEL (label), VALUE_CHARS);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_START);

  return label;
}

/* what is not known takes no line */
static void
add (ComfyHistoryDetails *self,
     const char          *name,
     const char          *value)
{
  GtkWidget *label;

  if (value == NULL || *value == '\0')
    return;

  label = gtk_label_new (name);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_style_context_add_class (gtk_widget_get_style_context (label), GTK_STYLE_CLASS_DIM_LABEL);
  gtk_grid_attach (GTK_GRID (self->grid), label, 0, self->n, 1, 1);
  gtk_grid_attach (GTK_GRID (self->grid), make_value (value), 1, self->n, 1, 1);
  g_string_append_printf (self->text, "%s %s\n", name, value);
  self->n++;
}

static void
copy (ComfyHistoryDetails *self)
{
  GtkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD);

  gtk_clipboard_set_text (clipboard, self->text->str, -1);
}

static void
comfy_history_details_finalize (GObject *object)
{
  g_string_free (COMFY_HISTORY_DETAILS (object)->text, TRUE);

  G_OBJECT_CLASS (comfy_history_details_parent_class)->finalize (object);
}

static void
comfy_history_details_class_init (ComfyHistoryDetailsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_history_details_finalize;
}

static void
comfy_history_details_init (ComfyHistoryDetails *self)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Copy Details"));
  GtkWidget *scroller;

  self->text = g_string_new (NULL);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);

  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 3);
  scroller = comfy_scroller_new (self->grid, MAX_HEIGHT);
  comfy_ui_set_name (scroller, _("Details"));
  gtk_box_pack_start (GTK_BOX (self), scroller, FALSE, FALSE, 0);

  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (copy), self);
  gtk_box_pack_start (GTK_BOX (self), button, FALSE, FALSE, 0);
}

/**
 * comfy_history_details_new:
 *
 * Returns: (transfer floating): details of nothing yet
 */
GtkWidget *
comfy_history_details_new (void)
{
  return g_object_new (COMFY_TYPE_HISTORY_DETAILS, NULL);
}

/* (transfer full) */
static char *
dup_date (gint64 when)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (when);

  return time != NULL ? g_date_time_format (time, "%x %X") : NULL;
}

/**
 * comfy_history_details_show:
 * @item: a job
 * @width: px of the picture that is meant, 0: not known
 * @height: px
 */
void
comfy_history_details_show (ComfyHistoryDetails *self,
                            ComfyHistoryItem    *item,
                            int                  width,
                            int                  height)
{
  g_autofree char *seed_text = NULL;
  g_autofree char *size = NULL;
  g_autofree char *date = NULL;
  g_autofree char *cost = NULL;
  guint64          seed;

  g_return_if_fail (COMFY_IS_HISTORY_DETAILS (self));
  g_return_if_fail (COMFY_IS_HISTORY_ITEM (item));

  for (; self->n > 0; self->n--)
    gtk_grid_remove_row (GTK_GRID (self->grid), self->n - 1);
  g_string_truncate (self->text, 0);

  if (comfy_history_item_get_seed (item, &seed))
    seed_text = g_strdup_printf ("%" G_GUINT64_FORMAT, seed);
  if (width > 0)
    /* translators: width and height of a picture */
    size = g_strdup_printf (_("%d × %d pixels"), width, height);
  if (comfy_cost_is_known (comfy_history_item_get_cost (item)))
    cost = comfy_cost_format (comfy_history_item_get_cost (item));
  date = dup_date (comfy_history_item_get_created (item));

  add (self, _("Action:"), comfy_history_item_get_title (item));
  add (self, _("Model:"), comfy_history_item_get_model (item));
  add (self, _("Prompt:"), comfy_history_item_get_prompt (item));
  add (self, _("Seed:"), seed_text);
  add (self, _("Size:"), size);
  add (self, _("Asked for:"), date);
  add (self, _("Cost:"), cost);
  add (self, _("Job:"), comfy_history_item_get_id (item));
  gtk_widget_show_all (self->grid);
}

/**
 * comfy_history_details_dup_text:
 *
 * Returns: (transfer full): what "Copy Details" copies
 */
char *
comfy_history_details_dup_text (ComfyHistoryDetails *self)
{
  g_return_val_if_fail (COMFY_IS_HISTORY_DETAILS (self), NULL);

  return g_strdup (self->text->str);
}
