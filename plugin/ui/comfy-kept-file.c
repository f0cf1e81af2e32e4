/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "comfy-file-saver.h"
#include "comfy-kept-file.h"
#include "comfy-ui-util.h"

#define NAME_CHARS 16 /* as many of a name are seen in any case */

struct _ComfyKeptFile
{
  GtkBox          parent_instance;

  ComfyFileSaver *saver;  /* owned */
  char           *path;   /* owned */
  char           *name;   /* owned: what is proposed */
  GtkWidget      *button; /* borrowed: a child */
  GtkWidget      *hint;   /* borrowed: a child: how saving ended */
};

enum
{
  PROP_0,
  PROP_SAVING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ComfyKeptFile, comfy_kept_file, GTK_TYPE_BOX)

static void
saving_changed_cb (ComfyKeptFile *self)
{
  gboolean is_saving = comfy_file_saver_is_saving (self->saver);

  if (is_saving)
    comfy_ui_set_hint (self->hint, NULL, GTK_MESSAGE_INFO);
  gtk_widget_set_sensitive (self->button, !is_saving);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SAVING]);
}

static void
done_cb (ComfyKeptFile *self,
         const char    *text,
         gboolean       is_problem)
{
  comfy_ui_set_hint (self->hint, text, is_problem ? GTK_MESSAGE_ERROR : GTK_MESSAGE_INFO);
}

static void
ask (ComfyKeptFile *self)
{
  comfy_file_saver_ask (self->saver, GTK_WIDGET (self), self->path, self->name);
}

static void
comfy_kept_file_destroy (GtkWidget *widget)
{
  ComfyKeptFile *self = COMFY_KEPT_FILE (widget);

  comfy_file_saver_stop (self->saver);

  GTK_WIDGET_CLASS (comfy_kept_file_parent_class)->destroy (widget);
}

static void
comfy_kept_file_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SAVING:
      g_value_set_boolean (value, comfy_kept_file_is_saving (COMFY_KEPT_FILE (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_kept_file_finalize (GObject *object)
{
  ComfyKeptFile *self = COMFY_KEPT_FILE (object);

  g_clear_object (&self->saver);
  g_free (self->path);
  g_free (self->name);

  G_OBJECT_CLASS (comfy_kept_file_parent_class)->finalize (object);
}

static void
comfy_kept_file_class_init (ComfyKeptFileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = comfy_kept_file_get_property;
  object_class->finalize = comfy_kept_file_finalize;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_kept_file_destroy;

  properties[PROP_SAVING] =
    g_param_spec_boolean ("saving", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_kept_file_init (ComfyKeptFile *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
}

static void
build (ComfyKeptFile *self,
       unsigned int   number)
{
  GtkWidget       *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget       *label = gtk_label_new (self->name);
  GtkWidget       *size;
  GStatBuf         buf;
  gboolean         is_there = g_stat (self->path, &buf) == 0;
  g_autofree char *bytes = g_format_size (is_there ? (guint64) buf.st_size : 0);
  g_autofree char *button_name = g_strdup_printf (_("Save “%s” as…"), self->name);

  gtk_label_set_xalign (GTK_LABEL (label), 0.0);
  gtk_label_set_width_chars (GTK_LABEL (label), NAME_CHARS);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_tooltip_text (label, self->name);
  gtk_box_pack_start (GTK_BOX (line), label, TRUE, TRUE, 0);

  size = gtk_label_new (bytes);
  gtk_style_context_add_class (gtk_widget_get_style_context (size), GTK_STYLE_CLASS_DIM_LABEL);
  gtk_box_pack_start (GTK_BOX (line), size, FALSE, FALSE, 0);

  /* Alt and a letter lead to the first */
  self->button = number <= 1 ? gtk_button_new_with_mnemonic (_("_Save As…"))
                             : gtk_button_new_with_label (_("Save As…"));
  comfy_ui_set_name (self->button, button_name);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (ask), self);
  gtk_box_pack_start (GTK_BOX (line), self->button, FALSE, FALSE, 0);

  self->hint = comfy_ui_hint_new (NULL);
  gtk_widget_set_no_show_all (self->hint, TRUE);
  gtk_box_pack_start (GTK_BOX (self), line, FALSE, FALSE, 0);
  gtk_box_pack_start (GTK_BOX (self), self->hint, FALSE, FALSE, 0);
  gtk_widget_show_all (GTK_WIDGET (self));
}

/**
 * comfy_kept_file_new:
 * @settings: remember where files are saved
 * @path: the file, which is copied from there
 * @name: what is proposed to save it by, without a folder
 * @number: which of the files of one job it is, from 1
 *
 * Returns: (transfer floating): a line, shown
 */
GtkWidget *
comfy_kept_file_new (ComfySettings *settings,
                     const char    *path,
                     const char    *name,
                     unsigned int   number)
{
  ComfyKeptFile *self;

  g_return_val_if_fail (COMFY_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (path != NULL && name != NULL, NULL);

  self = g_object_new (COMFY_TYPE_KEPT_FILE, NULL);
  self->saver = comfy_file_saver_new (settings);
  g_signal_connect_object (self->saver, "notify::saving", G_CALLBACK (saving_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->saver, "done", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
  self->path = g_strdup (path);
  self->name = g_strdup (name);
  build (self, number);

  return GTK_WIDGET (self);
}

/**
 * comfy_kept_file_is_saving:
 *
 * Returns: whether its copy is on the way
 */
gboolean
comfy_kept_file_is_saving (ComfyKeptFile *self)
{
  g_return_val_if_fail (COMFY_IS_KEPT_FILE (self), FALSE);

  return comfy_file_saver_is_saving (self->saver);
}
