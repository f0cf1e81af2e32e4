/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An EDGES field: four spin buttons where the edges are, around a drawing of what comes of them,
 * and aspect ratios that fill them in.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-canvas-sketch.h"
#include "comfy-field-row.h"
#include "comfy-reflow.h"
#include "comfy-ui-util.h"

/* indexes of the spin buttons, in the order of the value */
enum
{
  LEFT,
  TOP,
  RIGHT,
  BOTTOM,
  N_EDGES
};

struct _ComfyEdgesRow
{
  ComfyFieldRow  parent_instance;

  GtkWidget     *combo;          /* borrowed: a child */
  GtkWidget     *spins[N_EDGES]; /* borrowed: children */
  GtkWidget     *sketch;         /* borrowed: a child */
  GtkWidget     *new_size;       /* borrowed: a child */
  gboolean       showing;        /* the widgets follow the form, not the artist */
};

G_DEFINE_FINAL_TYPE (ComfyEdgesRow, comfy_edges_row, COMFY_TYPE_FIELD_ROW)

static const struct { const char *id; int width; int height; const char *label; } ratios[] = {
  { "1:1", 1, 1, N_("Square 1:1") },
  { "4:3", 4, 3, "4:3" },
  { "3:2", 3, 2, "3:2" },
  { "16:9", 16, 9, "16:9" },
  { "3:4", 3, 4, "3:4" },
  { "2:3", 2, 3, "2:3" },
  { "9:16", 9, 16, "9:16" },
};

#define ID_CUSTOM "custom"

/* FALSE: there is no image */
static gboolean
get_image_size (ComfyEdgesRow *self,
                int           *out_width,
                int           *out_height)
{
  comfy_form_get_image_size (comfy_field_row_get_form (COMFY_FIELD_ROW (self)),
                             out_width, out_height);

  return *out_width > 0 && *out_height > 0;
}

static void
get_edges (ComfyEdgesRow *self,
           ComfyEdges    *out_edges)
{
  ComfyFieldRow *row = COMFY_FIELD_ROW (self);
  GVariant      *value = comfy_form_get_value (comfy_field_row_get_form (row),
                                               comfy_field_row_get_field (row)->id);

  g_variant_get (value, "(iiii)", &out_edges->left, &out_edges->top, &out_edges->right,
                 &out_edges->bottom);
}

/* the numbers, the drawing and the sentence, from the form */
static void
show_edges (ComfyEdgesRow *self)
{
  ComfyEdges       edges;
  g_autofree char *text = NULL;
  int              width;
  int              height;

  get_edges (self, &edges);

  self->showing = TRUE;
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->spins[LEFT]), edges.left);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->spins[TOP]), edges.top);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->spins[RIGHT]), edges.right);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->spins[BOTTOM]), edges.bottom);
  self->showing = FALSE;

  if (get_image_size (self, &width, &height))
    text = g_strdup_printf (_("New size: %d × %d pixels"), edges.left + width + edges.right,
                            edges.top + height + edges.bottom);
  comfy_ui_set_hint (self->new_size, text, GTK_MESSAGE_INFO);
  comfy_canvas_sketch_set (COMFY_CANVAS_SKETCH (self->sketch), width, height, &edges);
}

static void
commit_edges (ComfyEdgesRow    *self,
              const ComfyEdges *edges)
{
  comfy_field_row_commit (COMFY_FIELD_ROW (self),
                          g_variant_new ("(iiii)", edges->left, edges->top, edges->right,
                                         edges->bottom));
  /* an edge may have been brought into the range */
  show_edges (self);
}

static void
show_ratio (ComfyEdgesRow *self,
            const char    *id)
{
  self->showing = TRUE;
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo), id);
  self->showing = FALSE;
}

static gboolean
edges_equal (const ComfyEdges *self,
             const ComfyEdges *other)
{
  return self->left == other->left && self->top == other->top && self->right == other->right
         && self->bottom == other->bottom;
}

/* which of the ratios the form's edges make; ID_CUSTOM for all else, and while nothing grows */
static const char *
find_ratio (ComfyEdgesRow *self)
{
  ComfyEdges edges;
  int        width;
  int        height;

  get_edges (self, &edges);
  if (comfy_edges_are_none (&edges) || !get_image_size (self, &width, &height))
    return ID_CUSTOM;

  for (unsigned int i = 0; i < G_N_ELEMENTS (ratios); i++)
    {
      ComfyEdges wanted;

      comfy_edges_for_ratio (width, height, ratios[i].width, ratios[i].height, &wanted);
      if (edges_equal (&edges, &wanted))
        return ratios[i].id;
    }

  return ID_CUSTOM;
}

static void
combo_changed_cb (GtkComboBox   *combo,
                  ComfyEdgesRow *self)
{
  int        active = gtk_combo_box_get_active (combo);
  ComfyEdges wanted;
  ComfyEdges edges;
  int        width;
  int        height;

  if (self->showing)
    return;

  if (active <= 0)
    {
      /* from the numbers that stand there */
      gtk_widget_grab_focus (self->spins[TOP]);
      return;
    }
  if (!get_image_size (self, &width, &height))
    return;

  comfy_edges_for_ratio (width, height, ratios[active - 1].width, ratios[active - 1].height,
                         &wanted);
  commit_edges (self, &wanted);
  get_edges (self, &edges);
  if (!edges_equal (&edges, &wanted))
    show_ratio (self, ID_CUSTOM);
}

static void
edge_changed_cb (GtkSpinButton *spin,
                 ComfyEdgesRow *self)
{
  ComfyEdges edges;

  if (self->showing)
    return;

  edges.left = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->spins[LEFT]));
  edges.top = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->spins[TOP]));
  edges.right = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->spins[RIGHT]));
  edges.bottom = gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->spins[BOTTOM]));
  commit_edges (self, &edges);
  show_ratio (self, ID_CUSTOM);
}

static GtkWidget *
build_spin (ComfyEdgesRow *self,
            const char    *name)
{
  const ComfyField *field = comfy_field_row_get_field (COMFY_FIELD_ROW (self));
  double            step = MAX (field->step, 1.0);
  GtkWidget        *spin = gtk_spin_button_new_with_range (0, field->max, step);

  gtk_spin_button_set_numeric (GTK_SPIN_BUTTON (spin), TRUE);
  gtk_entry_set_activates_default (GTK_ENTRY (spin), TRUE);
  gtk_widget_set_valign (spin, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (spin, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (spin, name);
  comfy_ui_set_name (spin, name);
  g_signal_connect (spin, "value-changed", G_CALLBACK (edge_changed_cb), self);

  return spin;
}

static GtkWidget *
build_ratios (ComfyEdgesRow *self)
{
  GtkWidget *line = comfy_reflow_new (12);
  int        width;
  int        height;

  self->combo = comfy_ui_combo_new ();
  gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->combo), ID_CUSTOM, _("Custom"));
  for (unsigned int i = 0; i < G_N_ELEMENTS (ratios); i++)
    gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->combo), ratios[i].id,
                               _(ratios[i].label));
  gtk_widget_set_sensitive (self->combo, get_image_size (self, &width, &height));
  g_signal_connect (self->combo, "changed", G_CALLBACK (combo_changed_cb), self);

  /* without a mnemonic: those of a form are given out in its data */
  gtk_box_pack_start (GTK_BOX (line), comfy_ui_label_for (_("Ratio:"), self->combo), FALSE, FALSE,
                      0);
  gtk_box_pack_start (GTK_BOX (line), self->combo, TRUE, TRUE, 0);

  return line;
}

/* the spin buttons around the sketch, as the edges are around the image; where that is too wide, left
 * and right stand above and below it, at their sides */
static GtkWidget *
build_edges (ComfyEdgesRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *middle = comfy_reflow_new (6);

  self->spins[TOP] = build_spin (self, _("Pixels at the top"));
  self->spins[LEFT] = build_spin (self, _("Pixels on the left"));
  self->spins[RIGHT] = build_spin (self, _("Pixels on the right"));
  self->spins[BOTTOM] = build_spin (self, _("Pixels at the bottom"));
  self->sketch = comfy_canvas_sketch_new ();
  gtk_widget_set_halign (self->spins[LEFT], GTK_ALIGN_START);
  gtk_widget_set_halign (self->spins[RIGHT], GTK_ALIGN_END);

  /* left is left in every language */
  gtk_widget_set_direction (middle, GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (self->spins[LEFT], GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (self->spins[RIGHT], GTK_TEXT_DIR_LTR);
  gtk_box_pack_start (GTK_BOX (middle), self->spins[LEFT], FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (middle), self->sketch, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (middle), self->spins[RIGHT], FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->spins[TOP], FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), middle, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), self->spins[BOTTOM], FALSE, FALSE, 0);

  return box;
}

static void
comfy_edges_row_build (ComfyFieldRow *row)
{
  ComfyEdgesRow          *self = COMFY_EDGES_ROW (row);
  GtkWidget              *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autoptr(GtkSizeGroup) line = gtk_size_group_new (GTK_SIZE_GROUP_VERTICAL);

  gtk_box_pack_start (GTK_BOX (box), build_ratios (self), FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (box), build_edges (self), FALSE, FALSE, 0);
  self->new_size = gtk_label_new (NULL);
  gtk_widget_set_no_show_all (self->new_size, TRUE);
  gtk_box_pack_start (GTK_BOX (box), self->new_size, FALSE, FALSE, 0);

  comfy_field_row_set_control (row, box, self->combo, FALSE);
  /* as high as the first line, beside which it stands */
  gtk_widget_set_valign (comfy_field_row_get_label (row), GTK_ALIGN_START);
  gtk_size_group_add_widget (line, comfy_field_row_get_label (row));
  gtk_size_group_add_widget (line, self->combo);
}

static void
comfy_edges_row_show_value (ComfyFieldRow *row,
                            GVariant      *value)
{
  ComfyEdgesRow *self = COMFY_EDGES_ROW (row);

  show_edges (self);
  show_ratio (self, find_ratio (self));
}

static void
comfy_edges_row_class_init (ComfyEdgesRowClass *klass)
{
  ComfyFieldRowClass *row_class = COMFY_FIELD_ROW_CLASS (klass);

  row_class->build = comfy_edges_row_build;
  row_class->show_value = comfy_edges_row_show_value;
}

static void
comfy_edges_row_init (ComfyEdgesRow *self)
{
}
