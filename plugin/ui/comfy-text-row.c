/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A TEXT field: an entry, or a few lines that grow with the window.
 */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-field-row.h"

#define TEXT_HEIGHT 84 /* px: four lines in GIMP's default font */

struct _ComfyTextRow
{
  ComfyFieldRow  parent_instance;

  GtkWidget     *entry;       /* borrowed: a child; one line, else NULL */
  GtkTextBuffer *buffer;      /* borrowed: of the text view; several lines, else NULL */
  GtkWidget     *placeholder; /* borrowed: a child, NULL for one line */
};

G_DEFINE_FINAL_TYPE (ComfyTextRow, comfy_text_row, COMFY_TYPE_FIELD_ROW)

static void
entry_changed_cb (GtkEditable  *editable,
                  ComfyTextRow *self)
{
  comfy_field_row_commit (COMFY_FIELD_ROW (self),
                          g_variant_new_string (gtk_entry_get_text (GTK_ENTRY (self->entry))));
}

static void
buffer_changed_cb (GtkTextBuffer *buffer,
                   ComfyTextRow  *self)
{
  g_autofree char *text = NULL;
  GtkTextIter      start;
  GtkTextIter      end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  gtk_widget_set_visible (self->placeholder, *text == '\0');
  comfy_field_row_commit (COMFY_FIELD_ROW (self), g_variant_new_string (text));
}

static void
build_entry (ComfyTextRow     *self,
             const ComfyField *field)
{
  self->entry = gtk_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), field->placeholder);
  gtk_entry_set_activates_default (GTK_ENTRY (self->entry), TRUE);
  g_signal_connect (self->entry, "changed", G_CALLBACK (entry_changed_cb), self);
  comfy_field_row_set_control (COMFY_FIELD_ROW (self), self->entry, self->entry, FALSE);
}

/* GTK 3's text view has no placeholder of its own */
static GtkWidget *
build_placeholder (const ComfyField *field)
{
  GtkWidget *label = gtk_label_new (field->placeholder);

  gtk_style_context_add_class (gtk_widget_get_style_context (label), GTK_STYLE_CLASS_DIM_LABEL);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_widget_set_halign (label, GTK_ALIGN_START);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  g_object_set (label, "margin", 7, NULL);

  return label;
}

static void
build_view (ComfyTextRow     *self,
            const ComfyField *field)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *scrolled = gtk_scrolled_window_new (NULL, NULL);
  GtkWidget *view = gtk_text_view_new ();

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  g_object_set (view, "left-margin", 6, "right-margin", 6, "top-margin", 6, "bottom-margin", 6,
                NULL);
  self->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));

  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (scrolled), GTK_SHADOW_IN);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), TEXT_HEIGHT);
  gtk_container_add (GTK_CONTAINER (scrolled), view);
  gtk_container_add (GTK_CONTAINER (overlay), scrolled);

  self->placeholder = build_placeholder (field);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->placeholder);
  gtk_overlay_set_overlay_pass_through (GTK_OVERLAY (overlay), self->placeholder, TRUE);
  gtk_widget_show_all (overlay);
  gtk_widget_set_no_show_all (self->placeholder, TRUE);

  g_signal_connect (self->buffer, "changed", G_CALLBACK (buffer_changed_cb), self);
  gtk_widget_set_vexpand (overlay, TRUE);
  comfy_field_row_set_control (COMFY_FIELD_ROW (self), overlay, view, TRUE);
}

static void
comfy_text_row_build (ComfyFieldRow *row)
{
  ComfyTextRow   *self = COMFY_TEXT_ROW (row);
  const ComfyField *field = comfy_field_row_get_field (row);

  if (field->multiline)
    build_view (self, field);
  else
    build_entry (self, field);
}

static void
comfy_text_row_show_value (ComfyFieldRow *row,
                           GVariant      *value)
{
  ComfyTextRow *self = COMFY_TEXT_ROW (row);
  const char     *text = g_variant_get_string (value, NULL);

  if (self->buffer != NULL)
    gtk_text_buffer_set_text (self->buffer, text, -1);
  else
    gtk_entry_set_text (GTK_ENTRY (self->entry), text);
}

static void
comfy_text_row_class_init (ComfyTextRowClass *klass)
{
  ComfyFieldRowClass *row_class = COMFY_FIELD_ROW_CLASS (klass);

  row_class->build = comfy_text_row_build;
  row_class->show_value = comfy_text_row_show_value;
}

static void
comfy_text_row_init (ComfyTextRow *self)
{
}
