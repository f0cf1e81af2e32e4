/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many jobs there will be is said before they are paid for, and counted anew when the artist
 * comes back from where images are opened.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-batch-row.h"
#include "comfy-error.h"
#include "comfy-prompts-button.h"
#include "comfy-reflow.h"
#include "comfy-seed-range.h"
#include "comfy-ui-util.h"

struct _ComfyBatchRow
{
  GtkBox        parent_instance;

  ComfyHost    *host;      /* owned */
  ComfyForm    *form;      /* owned */
  GArray       *layer_ids; /* owned, nullable, of int */
  GArray       *image_ids; /* owned, of int: when last looked */
  GtkSizeGroup *labels;    /* owned: aligns what stands below each other */
  GtkWidget    *label;     /* borrowed: a child */
  GtkWidget    *combo;     /* borrowed: a child */
  GtkWidget    *seeds;     /* borrowed: a child: a line */
  GtkWidget    *file;      /* borrowed: a child: a line with the next */
  GtkWidget    *prompts;   /* borrowed: a child */
  GtkWidget    *hint;      /* borrowed: a child: how many jobs, or what is wrong */
  gboolean      filling;   /* the combo is being filled: what is chosen is not the artist's word */
};

G_DEFINE_FINAL_TYPE (ComfyBatchRow, comfy_batch_row, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static const char * const ids[] = { "once", "seeds", "prompts", "layers", "images" };
G_STATIC_ASSERT (G_N_ELEMENTS (ids) == COMFY_N_BATCH_KINDS);

static ComfyBatchKind
get_kind (ComfyBatchRow *self)
{
  const char *id = gtk_combo_box_get_active_id (GTK_COMBO_BOX (self->combo));

  for (int kind = 0; kind < COMFY_N_BATCH_KINDS; kind++)
    if (g_strcmp0 (ids[kind], id) == 0)
      return kind;

  return COMFY_BATCH_ONCE;
}

/**
 * comfy_batch_row_dup_batch:
 * @self: a row
 *
 * Returns: (transfer full) (nullable): what is chosen; %NULL while something is missing
 */
ComfyBatch *
comfy_batch_row_dup_batch (ComfyBatchRow *self)
{
  ComfyBatchKind kind;

  g_return_val_if_fail (COMFY_IS_BATCH_ROW (self), NULL);

  kind = get_kind (self);
  if (kind == COMFY_BATCH_PROMPTS)
    return comfy_prompts_button_dup_batch (COMFY_PROMPTS_BUTTON (self->prompts));
  if (kind == COMFY_BATCH_SEEDS)
    return comfy_seed_range_dup_batch (COMFY_SEED_RANGE (self->seeds));

  return comfy_batch_new (kind);
}

/* (transfer full) (nullable): how many jobs are chosen, or how to choose */
static char *
dup_words (ComfyBatchRow *self)
{
  unsigned int n = comfy_batch_row_count (self);

  if (get_kind (self) == COMFY_BATCH_ONCE || (n == 0 && get_kind (self) != COMFY_BATCH_PROMPTS))
    return NULL;
  if (n == 0)
    return g_strdup (_("A text file with one prompt a line. Lines that begin with # are left out."));

  return g_strdup_printf (ngettext ("%u job, which is paid for", "%u jobs, each is paid for", n),
                          n);
}

/* (transfer full) (nullable): why what is chosen cannot be run */
static GError *
find_problem (ComfyBatchRow *self)
{
  g_autoptr(ComfyBatch)  batch = comfy_batch_row_dup_batch (self);
  ComfyBatchKind         kind = get_kind (self);
  GError                *error = NULL;

  if (batch == NULL && kind == COMFY_BATCH_SEEDS)
    return comfy_error_new (COMFY_ERROR_INVALID_ARGUMENT, NULL,
                            _("Write the seed that the first job gets."));
  if (batch == NULL)
    return comfy_error_new (COMFY_ERROR_INVALID_ARGUMENT, NULL,
                            _("Choose the text file with the prompts: one a line."));

  comfy_batch_check (batch, self->form, self->layer_ids, self->image_ids, &error);

  return error;
}

static void
update_hint (ComfyBatchRow *self)
{
  const GError      *problem = NULL;
  g_autofree char   *words = dup_words (self);
  g_autoptr(GError)  too_many = NULL;

  if (comfy_batch_row_count (self) > COMFY_BATCH_MAX)
    problem = too_many = find_problem (self);
  else if (get_kind (self) == COMFY_BATCH_PROMPTS)
    problem = comfy_prompts_button_get_problem (COMFY_PROMPTS_BUTTON (self->prompts));
  comfy_ui_set_hint (self->hint, problem != NULL ? problem->message : words,
                     problem != NULL ? GTK_MESSAGE_ERROR : GTK_MESSAGE_INFO);
}

static void
changed (ComfyBatchRow *self)
{
  update_hint (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
follow_kind (ComfyBatchRow *self)
{
  ComfyBatchKind kind = get_kind (self);

  gtk_widget_set_visible (self->seeds, kind == COMFY_BATCH_SEEDS);
  gtk_widget_set_visible (self->file, kind == COMFY_BATCH_PROMPTS);
  comfy_form_set_given (self->form, comfy_batch_kind_get_field_id (kind, self->form));
  changed (self);
}

static void
combo_changed_cb (ComfyBatchRow *self)
{
  if (self->filling)
    return;

  if (get_kind (self) == COMFY_BATCH_SEEDS)
    comfy_seed_range_propose (COMFY_SEED_RANGE (self->seeds), self->form);
  follow_kind (self);
}

static gboolean
is_offered (ComfyBatchRow  *self,
            ComfyBatchKind  kind)
{
  if (kind == COMFY_BATCH_LAYERS && (self->layer_ids == NULL || self->layer_ids->len < 2))
    return FALSE;
  if (kind == COMFY_BATCH_IMAGES && self->image_ids->len < 2)
    return FALSE;

  return comfy_batch_kind_fits (kind, self->form);
}

static char *
dup_label (ComfyBatchRow  *self,
           ComfyBatchKind  kind)
{
  switch (kind)
    {
    case COMFY_BATCH_SEEDS:
      return g_strdup (_("For several seeds"));
    case COMFY_BATCH_PROMPTS:
      return g_strdup (_("For each prompt of a file"));
    case COMFY_BATCH_LAYERS:
      return g_strdup_printf (_("For each selected layer (%u)"), self->layer_ids->len);
    case COMFY_BATCH_IMAGES:
      return g_strdup_printf (_("For each open image (%u)"), self->image_ids->len);
    case COMFY_BATCH_ONCE:
    case COMFY_N_BATCH_KINDS:
    default:
      return g_strdup (_("Once"));
    }
}

/* Offers what the form can be run for now. What was chosen stays, if it can. */
static void
fill (ComfyBatchRow *self)
{
  ComfyBatchKind chosen = get_kind (self);
  unsigned int   n = 0;

  self->filling = TRUE;
  gtk_combo_box_text_remove_all (GTK_COMBO_BOX_TEXT (self->combo));
  for (int kind = 0; kind < COMFY_N_BATCH_KINDS; kind++)
    {
      g_autofree char *label = NULL;

      if (!is_offered (self, kind))
        continue;
      label = dup_label (self, kind);
      gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->combo), ids[kind], label);
      n++;
    }
  if (!gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo), ids[chosen]))
    gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo), ids[COMFY_BATCH_ONCE]);
  self->filling = FALSE;

  gtk_widget_set_visible (GTK_WIDGET (self), n > 1);
}

/* Looks which images are open. Returns: whether that makes another number of jobs */
static gboolean
look (ComfyBatchRow *self)
{
  unsigned int n_before = comfy_batch_row_count (self);

  g_clear_pointer (&self->image_ids, g_array_unref);
  self->image_ids = comfy_host_list_images (self->host);
  fill (self);

  return comfy_batch_row_count (self) != n_before;
}

/* what is taken, or by which graph, may be something else now */
static void
form_changed_cb (ComfyForm     *form,
                 const char    *field_id,
                 ComfyBatchRow *self)
{
  ComfyBatchKind    before = get_kind (self);
  const ComfyField *field = comfy_action_find_field (comfy_form_get_action (form), field_id);

  if (field->role != COMFY_ROLE_MODEL && field->role != COMFY_ROLE_SOURCE
      && field->type != COMFY_FIELD_PICTURE)
    return;

  fill (self);
  if (get_kind (self) != before
      || comfy_batch_kind_get_field_id (before, form) != NULL)
    follow_kind (self);
}

/* images may have been opened or closed there */
static void
is_active_cb (GtkWindow     *window,
              GParamSpec    *pspec,
              ComfyBatchRow *self)
{
  if (gtk_window_is_active (window) && gtk_widget_is_sensitive (GTK_WIDGET (self)) && look (self))
    follow_kind (self);
}

static void
hierarchy_changed_cb (ComfyBatchRow *self)
{
  GtkWidget *window = gtk_widget_get_toplevel (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (window))
    g_signal_connect_object (window, "notify::is-active", G_CALLBACK (is_active_cb), self, 0);
}

static void
comfy_batch_row_dispose (GObject *object)
{
  ComfyBatchRow *self = COMFY_BATCH_ROW (object);

  /* without the row the form is asked for again as it is */
  if (self->form != NULL)
    comfy_form_set_given (self->form, NULL);

  G_OBJECT_CLASS (comfy_batch_row_parent_class)->dispose (object);
}

static void
comfy_batch_row_finalize (GObject *object)
{
  ComfyBatchRow *self = COMFY_BATCH_ROW (object);

  g_clear_pointer (&self->layer_ids, g_array_unref);
  g_clear_pointer (&self->image_ids, g_array_unref);
  g_clear_object (&self->labels);
  g_clear_object (&self->form);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (comfy_batch_row_parent_class)->finalize (object);
}

static void
comfy_batch_row_class_init (ComfyBatchRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = comfy_batch_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = comfy_batch_row_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_BATCH_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

/* a line that begins with a label as wide as the others */
static GtkWidget *
add_line (ComfyBatchRow *self,
          GtkWidget     *label,
          GtkWidget     *control)
{
  GtkWidget *line = comfy_reflow_new (12);

  gtk_size_group_add_widget (self->labels, label);
  gtk_box_pack_start (GTK_BOX (line), label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (line), control, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (self), line, FALSE, FALSE, 0);

  return line;
}

static void
comfy_batch_row_init (ComfyBatchRow *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->labels = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  self->combo = comfy_ui_combo_new ();
  gtk_widget_set_tooltip_text (self->combo, _("Runs it many times, with one thing different"));
  self->label = comfy_ui_label_for (_("_Batch:"), self->combo);
  add_line (self, self->label, self->combo);

  self->seeds = comfy_seed_range_new ();
  gtk_size_group_add_widget (self->labels,
                             comfy_seed_range_get_label (COMFY_SEED_RANGE (self->seeds)));
  g_signal_connect_swapped (self->seeds, "changed", G_CALLBACK (changed), self);
  gtk_box_pack_start (GTK_BOX (self), self->seeds, FALSE, FALSE, 0);

  self->prompts = comfy_prompts_button_new ();
  g_signal_connect_swapped (self->prompts, "changed", G_CALLBACK (changed), self);
  self->file = add_line (self, gtk_label_new (NULL), self->prompts);

  self->hint = comfy_ui_hint_new (NULL);
  gtk_box_pack_start (GTK_BOX (self), self->hint, FALSE, FALSE, 0);

  gtk_widget_show_all (GTK_WIDGET (self));
  gtk_widget_hide (self->seeds);
  gtk_widget_hide (self->file);
  gtk_widget_hide (self->hint);
  /* from here on fill() says whether it is seen, whoever shows all */
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "hierarchy-changed", G_CALLBACK (hierarchy_changed_cb), NULL);
}

/**
 * comfy_batch_row_new:
 * @host: knows which images are open
 * @form: what is run; while the row is there it says which field need not be filled in
 * @layer_ids: (nullable) (element-type int): the selected layers
 *
 * Returns: (transfer floating): a row on which "Once" is chosen, or each layer where nothing else
 *   makes sense
 */
GtkWidget *
comfy_batch_row_new (ComfyHost *host,
                     ComfyForm *form,
                     GArray    *layer_ids)
{
  ComfyBatchRow *self;

  g_return_val_if_fail (COMFY_IS_HOST (host), NULL);
  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);

  self = g_object_new (COMFY_TYPE_BATCH_ROW, NULL);
  self->host = g_object_ref (host);
  self->form = g_object_ref (form);
  self->layer_ids = layer_ids != NULL ? g_array_ref (layer_ids) : NULL;
  look (self);
  g_signal_connect_swapped (self->combo, "changed", G_CALLBACK (combo_changed_cb), self);
  g_signal_connect_object (form, "changed", G_CALLBACK (form_changed_cb), self, 0);
  if (comfy_batch_is_meant_for_layers (form, layer_ids))
    gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo), ids[COMFY_BATCH_LAYERS]);

  return GTK_WIDGET (self);
}

/**
 * comfy_batch_row_get_label:
 * @self: a row
 *
 * Returns: (transfer none): its label, to align it with those of a form
 */
GtkWidget *
comfy_batch_row_get_label (ComfyBatchRow *self)
{
  g_return_val_if_fail (COMFY_IS_BATCH_ROW (self), NULL);

  return self->label;
}

/**
 * comfy_batch_row_count:
 * @self: a row
 *
 * Returns: how many jobs what is chosen is, be it too many; 0 while something is missing
 */
unsigned int
comfy_batch_row_count (ComfyBatchRow *self)
{
  g_autoptr(ComfyBatch) batch = NULL;

  g_return_val_if_fail (COMFY_IS_BATCH_ROW (self), 0);

  batch = comfy_batch_row_dup_batch (self);

  return batch != NULL ? comfy_batch_count (batch, self->layer_ids, self->image_ids) : 0;
}

/**
 * comfy_batch_row_check:
 * @self: a row whose form was checked
 *
 * Checks what is chosen. What is wrong is said and gets the focus; so is another number of jobs than
 * was seen before.
 *
 * Returns: %TRUE when it can be run
 */
gboolean
comfy_batch_row_check (ComfyBatchRow *self)
{
  g_autoptr(GError) error = NULL;

  g_return_val_if_fail (COMFY_IS_BATCH_ROW (self), FALSE);

  comfy_seed_range_take_what_is_typed (COMFY_SEED_RANGE (self->seeds));
  if (look (self))
    {
      follow_kind (self);
      return FALSE;
    }

  error = find_problem (self);
  if (error == NULL)
    return TRUE;

  comfy_ui_set_hint (self->hint, error->message, GTK_MESSAGE_ERROR);
  gtk_widget_grab_focus (get_kind (self) == COMFY_BATCH_SEEDS     ? self->seeds
                         : get_kind (self) == COMFY_BATCH_PROMPTS ? self->prompts
                                                                  : self->combo);

  return FALSE;
}
