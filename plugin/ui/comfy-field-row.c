/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-field-row.h"
#include "comfy-reflow.h"
#include "comfy-ui-util.h"

typedef struct
{
  ComfyForm        *form;       /* owned */
  const ComfyField *field;      /* borrowed from the form's action */
  GtkWidget        *label;      /* borrowed: a child */
  GtkWidget        *control;    /* borrowed: a child */
  GtkWidget        *target;     /* borrowed: what takes the focus */
  GtkWidget        *problem;    /* borrowed: a child */
  gboolean          committing; /* the value on its way is our own */
} ComfyFieldRowPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ComfyFieldRow, comfy_field_row, GTK_TYPE_BOX)

enum
{
  PROP_0,
  PROP_FORM,
  PROP_FIELD,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
form_changed_cb (ComfyForm     *form,
                 const char    *field_id,
                 ComfyFieldRow *self)
{
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (self);

  if (g_strcmp0 (field_id, priv->field->id) != 0)
    return;

  comfy_field_row_set_problem (self, NULL);

  /* what the artist is typing is not rewritten under the cursor */
  if (!priv->committing)
    COMFY_FIELD_ROW_GET_CLASS (self)->show_value (self,
                                                  comfy_form_get_value (form, field_id));
}

static void
comfy_field_row_constructed (GObject *object)
{
  ComfyFieldRow        *self = COMFY_FIELD_ROW (object);
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (self);
  ComfyFieldRowClass   *klass = COMFY_FIELD_ROW_GET_CLASS (self);

  G_OBJECT_CLASS (comfy_field_row_parent_class)->constructed (object);

  klass->build (self);
  klass->show_value (self, comfy_form_get_value (priv->form, priv->field->id));
  g_signal_connect_object (priv->form, "changed", G_CALLBACK (form_changed_cb), self, 0);
}

static void
comfy_field_row_set_property (GObject      *object,
                              unsigned int  prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (COMFY_FIELD_ROW (object));

  switch (prop_id)
    {
    case PROP_FORM:
      priv->form = g_value_dup_object (value);
      break;

    case PROP_FIELD:
      priv->field = g_value_get_pointer (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_field_row_finalize (GObject *object)
{
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (COMFY_FIELD_ROW (object));

  g_clear_object (&priv->form);

  G_OBJECT_CLASS (comfy_field_row_parent_class)->finalize (object);
}

static void
comfy_field_row_class_init (ComfyFieldRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = comfy_field_row_constructed;
  object_class->set_property = comfy_field_row_set_property;
  object_class->finalize = comfy_field_row_finalize;

  properties[PROP_FORM] =
    g_param_spec_object ("form", NULL, NULL, COMFY_TYPE_FORM,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FIELD] =
    g_param_spec_pointer ("field", NULL, NULL,
                          G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_field_row_init (ComfyFieldRow *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
}

static GType
type_for_field (ComfyFieldType type)
{
  switch (type)
    {
    case COMFY_FIELD_TEXT:
      return COMFY_TYPE_TEXT_ROW;
    case COMFY_FIELD_INT:
    case COMFY_FIELD_DOUBLE:
      return COMFY_TYPE_NUMBER_ROW;
    case COMFY_FIELD_BOOLEAN:
      return COMFY_TYPE_BOOLEAN_ROW;
    case COMFY_FIELD_CHOICE:
      return COMFY_TYPE_CHOICE_ROW;
    case COMFY_FIELD_SEED:
      return COMFY_TYPE_SEED_ROW;
    case COMFY_FIELD_SIZE:
      return COMFY_TYPE_SIZE_ROW;
    case COMFY_FIELD_EDGES:
      return COMFY_TYPE_EDGES_ROW;
    case COMFY_FIELD_PICTURE:
      return COMFY_TYPE_PICTURE_ROW;
    default:
      g_assert_not_reached ();
    }
}

/**
 * comfy_field_row_new:
 * @form: the values
 * @field: one of its action's
 * @box: where it goes
 * @labels: aligns its label, where that stands beside the control
 *
 * Puts a row into a box; a tall one grows with it. It is shown, and stays so when all is shown.
 *
 * Returns: (transfer none): the row
 */
ComfyFieldRow *
comfy_field_row_new (ComfyForm        *form,
                     const ComfyField *field,
                     GtkBox           *box,
                     GtkSizeGroup     *labels)
{
  gboolean       is_tall = field->type == COMFY_FIELD_TEXT && field->multiline;
  ComfyFieldRow *row;

  g_return_val_if_fail (COMFY_IS_FORM (form), NULL);

  row = g_object_new (type_for_field (field->type), "form", form, "field", (gpointer) field, NULL);
  gtk_box_pack_start (box, GTK_WIDGET (row), is_tall, is_tall, 0);
  gtk_widget_show_all (GTK_WIDGET (row));
  gtk_widget_set_no_show_all (GTK_WIDGET (row), TRUE);
  if (!is_tall)
    gtk_size_group_add_widget (labels, comfy_field_row_get_label (row));

  return row;
}

/**
 * comfy_field_row_get_form:
 * @self: a field row
 *
 * Returns: (transfer none): the form it shows a part of
 */
ComfyForm *
comfy_field_row_get_form (ComfyFieldRow *self)
{
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (self);

  return priv->form;
}

/**
 * comfy_field_row_get_field:
 * @self: a field row
 *
 * Returns: (transfer none): what it shows
 */
const ComfyField *
comfy_field_row_get_field (ComfyFieldRow *self)
{
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (self);

  return priv->field;
}

/**
 * comfy_field_row_set_control:
 * @self: a field row that is being built
 * @control: (transfer floating): everything right of (or below) the label
 * @target: the widget within @control that the label's mnemonic focuses
 * @stacked: whether the label stands above the control instead of left of it
 *
 * Puts the label, the control and the place for a problem together.
 */
void
comfy_field_row_set_control (ComfyFieldRow *self,
                             GtkWidget     *control,
                             GtkWidget     *target,
                             gboolean       stacked)
{
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (self);
  GtkWidget            *line;
  g_autofree char      *label = NULL;

  line = stacked ? gtk_box_new (GTK_ORIENTATION_VERTICAL, 6) : comfy_reflow_new (12);
  priv->control = control;
  priv->target = target;
  /* translators: the name of a field, before its value */
  label = g_strdup_printf (_("%s:"), priv->field->label);
  priv->label = comfy_ui_label_for (label, target);
  gtk_box_pack_start (GTK_BOX (line), priv->label, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (line), control, TRUE, TRUE, 0);
  gtk_widget_set_tooltip_text (control, priv->field->hint);
  gtk_box_pack_start (GTK_BOX (self), line, TRUE, TRUE, 0);

  priv->problem = comfy_ui_text_new (NULL);
  gtk_widget_set_no_show_all (priv->problem, TRUE);
  gtk_box_pack_start (GTK_BOX (self), priv->problem, FALSE, FALSE, 0);
}

/**
 * comfy_field_row_get_label:
 * @self: a built field row
 *
 * Returns: (transfer none): its label, to align it with those of other rows
 */
GtkWidget *
comfy_field_row_get_label (ComfyFieldRow *self)
{
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (self);

  return priv->label;
}

/**
 * comfy_field_row_commit:
 * @self: a field row
 * @value: (transfer floating): what the artist entered, of the field type's format
 *
 * Writes into the form without the form writing back.
 */
void
comfy_field_row_commit (ComfyFieldRow *self,
                        GVariant      *value)
{
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (self);

  priv->committing = TRUE;
  comfy_form_set_value (priv->form, priv->field->id, value);
  priv->committing = FALSE;
}

/**
 * comfy_field_row_set_problem:
 * @self: a field row
 * @problem: (nullable): a translated sentence; %NULL when there is none any more
 *
 * Says at the field what is wrong with it, to eyes and to assistive technology.
 */
void
comfy_field_row_set_problem (ComfyFieldRow *self,
                             const char    *problem)
{
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (self);
  AtkObject            *accessible = gtk_widget_get_accessible (priv->target);

  comfy_ui_set_hint (priv->problem, problem, GTK_MESSAGE_ERROR);
  atk_object_set_description (accessible, problem != NULL    ? problem
                                          : priv->field->hint ? priv->field->hint
                                                              : "");
}

/**
 * comfy_field_row_set_obstacle:
 * @self: a built field row
 * @obstacle: (nullable): a translated sentence; %NULL when nothing is in the way any more
 *
 * Says why the field cannot be set now, and greys it out. Its value stays.
 */
void
comfy_field_row_set_obstacle (ComfyFieldRow *self,
                              const char    *obstacle)
{
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (self);
  const char           *text = obstacle != NULL ? obstacle : priv->field->hint;

  gtk_widget_set_sensitive (priv->control, obstacle == NULL);
  gtk_widget_set_tooltip_text (priv->control, text);
  atk_object_set_description (gtk_widget_get_accessible (priv->target), text != NULL ? text : "");
}

/**
 * comfy_field_row_focus:
 * @self: a field row
 *
 * Puts the cursor there.
 */
void
comfy_field_row_focus (ComfyFieldRow *self)
{
  ComfyFieldRowPrivate *priv = comfy_field_row_get_instance_private (self);

  gtk_widget_grab_focus (priv->target);
}
