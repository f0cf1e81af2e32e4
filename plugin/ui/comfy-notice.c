/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include "comfy-notice.h"
#include "comfy-ui-util.h"

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

  self->icon = gtk_image_new ();
  gtk_widget_set_valign (self->icon, GTK_ALIGN_START);
  gtk_box_pack_start (GTK_BOX (content), self->icon, FALSE, FALSE, 0);

  self->label = comfy_ui_text_new (NULL);
  gtk_box_pack_start (GTK_BOX (content), self->label, TRUE, TRUE, 0);
  gtk_widget_show_all (content);

  /* beside a long sentence the buttons would squeeze it, so they stand below */
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  self->actions = gtk_info_bar_get_action_area (GTK_INFO_BAR (self));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->actions), GTK_ORIENTATION_HORIZONTAL);
  gtk_button_box_set_layout (GTK_BUTTON_BOX (self->actions), GTK_BUTTONBOX_END);
  gtk_widget_set_no_show_all (self->actions, TRUE);
  gtk_widget_hide (self->actions);

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
  g_return_if_fail (COMFY_IS_NOTICE (self));

  gtk_info_bar_add_button (GTK_INFO_BAR (self), label, response);
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
