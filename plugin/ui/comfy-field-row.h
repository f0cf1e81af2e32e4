/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "comfy-form.h"

G_BEGIN_DECLS

/* One field of a form: its label, its control and, below, what is wrong with it. Each kind of field
 * is a subclass that makes the control, shows values and commits what the artist enters. */
#define COMFY_TYPE_FIELD_ROW (comfy_field_row_get_type ())
G_DECLARE_DERIVABLE_TYPE (ComfyFieldRow, comfy_field_row, COMFY, FIELD_ROW, GtkBox)

struct _ComfyFieldRowClass
{
  GtkBoxClass parent_class;

  /* makes the control and hands it to comfy_field_row_set_control() */
  void (*build)      (ComfyFieldRow *self);
  /* @value: of the field type's format */
  void (*show_value) (ComfyFieldRow *self,
                      GVariant      *value);
};

/* (transfer none) */
ComfyFieldRow    *comfy_field_row_new         (ComfyForm        *form,
                                               const ComfyField *field,
                                               GtkBox           *box,
                                               GtkSizeGroup     *labels);
ComfyForm        *comfy_field_row_get_form    (ComfyFieldRow *self);
const ComfyField *comfy_field_row_get_field   (ComfyFieldRow *self);
void              comfy_field_row_set_control (ComfyFieldRow *self,
                                               GtkWidget     *control,
                                               GtkWidget     *target,
                                               gboolean       stacked);
GtkWidget        *comfy_field_row_get_label   (ComfyFieldRow *self);
void              comfy_field_row_commit      (ComfyFieldRow *self,
                                               GVariant      *value);
void              comfy_field_row_set_problem (ComfyFieldRow *self,
                                               const char    *problem);
void              comfy_field_row_set_obstacle
                                              (ComfyFieldRow *self,
                                               const char    *obstacle);
void              comfy_field_row_focus       (ComfyFieldRow *self);

/* The kinds, each in a file of its own; made with the construct properties "form" and "field" */
#define COMFY_TYPE_TEXT_ROW (comfy_text_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyTextRow, comfy_text_row, COMFY, TEXT_ROW, ComfyFieldRow)
#define COMFY_TYPE_NUMBER_ROW (comfy_number_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyNumberRow, comfy_number_row, COMFY, NUMBER_ROW, ComfyFieldRow)
#define COMFY_TYPE_BOOLEAN_ROW (comfy_boolean_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyBooleanRow, comfy_boolean_row, COMFY, BOOLEAN_ROW, ComfyFieldRow)
#define COMFY_TYPE_CHOICE_ROW (comfy_choice_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyChoiceRow, comfy_choice_row, COMFY, CHOICE_ROW, ComfyFieldRow)
#define COMFY_TYPE_SEED_ROW (comfy_seed_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfySeedRow, comfy_seed_row, COMFY, SEED_ROW, ComfyFieldRow)
#define COMFY_TYPE_SIZE_ROW (comfy_size_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfySizeRow, comfy_size_row, COMFY, SIZE_ROW, ComfyFieldRow)
#define COMFY_TYPE_EDGES_ROW (comfy_edges_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyEdgesRow, comfy_edges_row, COMFY, EDGES_ROW, ComfyFieldRow)
#define COMFY_TYPE_PICTURE_ROW (comfy_picture_row_get_type ())
G_DECLARE_FINAL_TYPE (ComfyPictureRow, comfy_picture_row, COMFY, PICTURE_ROW, ComfyFieldRow)

G_END_DECLS
