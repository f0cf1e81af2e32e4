/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-kept-text.h"
#include "comfy-ui-util.h"

#define MAX_PLAIN_CHARS 400   /* what is longer, or has more lines, scrolls */
#define MAX_PLAIN_LINES 8
#define SCROLLED_HEIGHT 140   /* px */
#define MAX_SHOWN_BYTES 20000 /* laying out more than that would be felt; all of it can be copied */

struct _ComfyKeptText
{
  GtkBox  parent_instance;

  char   *text; /* owned: all of it */
};

G_DEFINE_FINAL_TYPE (ComfyKeptText, comfy_kept_text, GTK_TYPE_BOX)

static void
copy_cb (ComfyKeptText *self)
{
  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self), GDK_SELECTION_CLIPBOARD),
                          self->text, -1);
}

static void
comfy_kept_text_finalize (GObject *object)
{
  g_free (COMFY_KEPT_TEXT (object)->text);

  G_OBJECT_CLASS (comfy_kept_text_parent_class)->finalize (object);
}

static void
comfy_kept_text_class_init (ComfyKeptTextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_kept_text_finalize;
}

static void
comfy_kept_text_init (ComfyKeptText *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
}

static unsigned int
count_lines (const char *text)
{
  unsigned int n = 1;

  for (const char *at = text; *at != '\0'; at++)
    n += *at == '\n' ? 1 : 0;

  return n;
}

static GtkWidget *
build_label (ComfyKeptText *self,
             gboolean       is_cut)
{
  g_autofree char *shown = NULL;
  const char      *end;
  GtkWidget       *label;

  if (is_cut)
    {
      end = g_utf8_find_prev_char (self->text, self->text + MAX_SHOWN_BYTES);
      shown = g_strndup (self->text, end - self->text);
    }
  label = comfy_ui_text_new (is_cut ? shown : self->text);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  g_object_set (label, "margin", 6, NULL);

  return label;
}

/* as high as it is, or scrolled; either looks as what can be written into */
static GtkWidget *
build_frame (ComfyKeptText *self,
             GtkWidget     *label)
{
  GtkWidget *frame;

  if (strlen (self->text) <= MAX_PLAIN_CHARS && count_lines (self->text) <= MAX_PLAIN_LINES)
    {
      frame = gtk_frame_new (NULL);
      gtk_style_context_add_class (gtk_widget_get_style_context (frame), COMFY_UI_PICTURE_FRAME);
      gtk_container_add (GTK_CONTAINER (frame), label);
      return frame;
    }

  frame = gtk_scrolled_window_new (NULL, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (frame), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (frame), GTK_SHADOW_IN);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (frame), SCROLLED_HEIGHT);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (frame), SCROLLED_HEIGHT);
  gtk_container_add (GTK_CONTAINER (frame), label);

  return frame;
}

/**
 * comfy_kept_text_new:
 * @text: UTF-8
 * @number: which of the texts of one job it is, from 1; 0: the only one
 *
 * Returns: (transfer floating): the text, shown
 */
GtkWidget *
comfy_kept_text_new (const char   *text,
                     unsigned int  number)
{
  ComfyKeptText   *self;
  GtkWidget       *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget       *button;
  g_autofree char *name = NULL;
  gboolean         is_cut;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (COMFY_TYPE_KEPT_TEXT, NULL);
  self->text = g_strdup (text);
  is_cut = strlen (text) > MAX_SHOWN_BYTES;
  gtk_box_pack_start (GTK_BOX (self), build_frame (self, build_label (self, is_cut)), FALSE, FALSE,
                      0);

  /* Alt and a letter lead to the first */
  button = number <= 1 ? gtk_button_new_with_mnemonic (_("Cop_y"))
                       : gtk_button_new_with_label (_("Copy"));
  name = number == 0 ? g_strdup (_("Copy the text"))
                     : g_strdup_printf (_("Copy text %u"), number);
  comfy_ui_set_name (button, name);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (copy_cb), self);
  gtk_box_pack_start (GTK_BOX (line), button, FALSE, FALSE, 0);
  if (is_cut)
    {
      GtkWidget *hint = comfy_ui_hint_new (_("Only the beginning is shown; Copy takes all of it."));

      gtk_label_set_width_chars (GTK_LABEL (hint), -1);
      gtk_box_pack_start (GTK_BOX (line), hint, TRUE, TRUE, 0);
    }
  gtk_box_pack_start (GTK_BOX (self), line, FALSE, FALSE, 0);
  gtk_widget_show_all (GTK_WIDGET (self));

  return GTK_WIDGET (self);
}
