/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-notice.h"
#include "comfy-ui-util.h"

#define NARROW_CHARS 20

struct _ComfyNotice
{
  GtkInfoBar  parent_instance;

  GtkWidget  *icon;    /* borrowed: a child */
  GtkWidget  *label;   /* borrowed: a child */
  GtkWidget  *actions; /* borrowed: a child */
};

G_DEFINE_FINAL_TYPE (ComfyNotice, comfy_notice, GTK_TYPE_INFO_BAR)

static void
comfy_notice_class_init (ComfyNoticeClass *klass)
{
}

static void
comfy_notice_init (ComfyNotice *self)
{
  GtkWidget *content = gtk_info_bar_get_content_area (GTK_INFO_BAR (self));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_style_context_add_class (gtk_widget_get_style_context (content), COMFY_UI_ONE_BACKGROUND);
  self->icon = gtk_image_new ();
  gtk_widget_set_valign (self->icon, GTK_ALIGN_START);
  gtk_box_pack_start (GTK_BOX (line), self->icon, FALSE, FALSE, 0);
  self->label = comfy_ui_text_new (NULL);
  gtk_box_pack_start (GTK_BOX (line), self->label, TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (box), line, FALSE, FALSE, 0);

  /* the bar's own place for buttons is beside the sentence, which it would squeeze */
  self->actions = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_halign (self->actions, GTK_ALIGN_END);
  gtk_box_pack_start (GTK_BOX (box), self->actions, FALSE, FALSE, 0);

  gtk_box_pack_start (GTK_BOX (content), box, TRUE, TRUE, 0);
  gtk_widget_show_all (box);
  gtk_widget_set_no_show_all (GTK_WIDGET (self), TRUE);
}

/**
 * comfy_notice_new:
 *
 * Returns: (transfer floating): a hidden notice
 */
GtkWidget *
comfy_notice_new (void)
{
  return g_object_new (COMFY_TYPE_NOTICE, NULL);
}

/**
 * comfy_notice_allow_narrow:
 * @self: a notice
 *
 * Lets it be squeezed, for pages that may be as narrow as 320 px; it then asks for the height that
 * its sentence needs there.
 */
void
comfy_notice_allow_narrow (ComfyNotice *self)
{
  g_return_if_fail (COMFY_IS_NOTICE (self));

  gtk_label_set_width_chars (GTK_LABEL (self->label), NARROW_CHARS);
}

/**
 * comfy_notice_show:
 * @self: a notice
 * @type: how grave it is: the colour and the icon
 * @text: translated
 *
 * Says @text; the buttons of an earlier sentence go.
 */
void
comfy_notice_show (ComfyNotice    *self,
                   GtkMessageType  type,
                   const char     *text)
{
  g_autoptr(GList)  children = NULL;
  const char       *icon;

  g_return_if_fail (COMFY_IS_NOTICE (self));
  g_return_if_fail (text != NULL);

  children = gtk_container_get_children (GTK_CONTAINER (self->actions));
  for (GList *child = children; child != NULL; child = child->next)
    gtk_widget_destroy (child->data);
  gtk_widget_hide (self->actions);

  icon = type == GTK_MESSAGE_ERROR     ? "dialog-error"
         : type == GTK_MESSAGE_WARNING ? "dialog-warning"
                                       : "dialog-information";
  gtk_info_bar_set_message_type (GTK_INFO_BAR (self), type);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), icon, GTK_ICON_SIZE_LARGE_TOOLBAR);
  gtk_label_set_text (GTK_LABEL (self->label), text);
  gtk_widget_show (GTK_WIDGET (self));
}

static void
action_clicked_cb (GtkButton *button,
                   gpointer   response)
{
  GtkWidget *bar = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_INFO_BAR);

  gtk_info_bar_response (GTK_INFO_BAR (bar), GPOINTER_TO_INT (response));
}

/**
 * comfy_notice_add_action:
 * @self: a notice that is shown
 * @label: translated, with mnemonic
 * @response: what "response" is emitted with
 */
void
comfy_notice_add_action (ComfyNotice *self,
                         const char  *label,
                         int          response)
{
  GtkWidget *button;

  g_return_if_fail (COMFY_IS_NOTICE (self));

  button = gtk_button_new_with_mnemonic (label);
  g_signal_connect (button, "clicked", G_CALLBACK (action_clicked_cb), GINT_TO_POINTER (response));
  gtk_container_add (GTK_CONTAINER (self->actions), button);
  gtk_widget_show (button);
  gtk_widget_show (self->actions);
}

/**
 * comfy_notice_hide:
 * @self: a notice
 *
 * Takes the sentence and its buttons away.
 */
void
comfy_notice_hide (ComfyNotice *self)
{
  g_return_if_fail (COMFY_IS_NOTICE (self));

  gtk_widget_hide (GTK_WIDGET (self));
}
