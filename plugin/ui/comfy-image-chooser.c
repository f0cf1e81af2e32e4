/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-image-chooser.h"
#include "comfy-ui-util.h"

#define EDGE 40 /* px, before the screen's scale: of the square for the thumbnail */

struct _ComfyImageChooser
{
  GtkBox          parent_instance;

  ComfyHost      *host;    /* owned */
  GPtrArray      *images;  /* owned, of ComfyImageInfo: those that are open, the newest first */
  ComfyImageInfo *info;    /* owned, nullable: what is meant, as it was when "changed" was emitted */
  GtkWidget      *picture; /* borrowed: a child */
  GtkWidget      *combo;   /* borrowed: a child */
  gboolean        filling; /* the combo box follows, not the artist */
};

G_DEFINE_FINAL_TYPE (ComfyImageChooser, comfy_image_chooser, GTK_TYPE_BOX)

enum
{
  CHANGED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

/* (nullable) (transfer none) */
static ComfyImageInfo *
find_image (ComfyImageChooser *self,
            int                image_id)
{
  for (unsigned int i = 0; i < self->images->len; i++)
    {
      ComfyImageInfo *info = g_ptr_array_index (self->images, i);

      if (info->id == image_id)
        return info;
    }

  return NULL;
}

/* the editor counts up: the highest was opened last */
static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  const ComfyImageInfo *one = *(const ComfyImageInfo * const *) a;
  const ComfyImageInfo *other = *(const ComfyImageInfo * const *) b;

  return (one->id < other->id) - (one->id > other->id);
}

/* (transfer full): the newest first */
static GPtrArray *
list_images (ComfyImageChooser *self)
{
  g_autoptr(GArray)  ids = comfy_host_list_images (self->host);
  GPtrArray         *images = g_ptr_array_new_with_free_func ((GDestroyNotify)
                                                              comfy_image_info_free);

  for (unsigned int i = 0; i < ids->len; i++)
    {
      ComfyImageInfo *info = comfy_host_dup_image_info (self->host, g_array_index (ids, int, i));

      if (info != NULL)
        g_ptr_array_add (images, info);
    }
  g_ptr_array_sort (images, compare_newest_first);

  return images;
}

static void
show_thumbnail (ComfyImageChooser *self)
{
  g_autoptr(ComfyPixels) pixels = NULL;

  if (!gtk_widget_get_realized (self->picture))
    return;

  if (self->info != NULL)
    pixels = comfy_host_dup_thumbnail (self->host, self->info->id,
                                       EDGE * gtk_widget_get_scale_factor (self->picture));
  if (pixels != NULL && pixels->channels >= 3)
    comfy_ui_set_picture (self->picture, pixels, EDGE);
  else
    gtk_image_set_from_icon_name (GTK_IMAGE (self->picture), "gimp-image", GTK_ICON_SIZE_DND);
}

/* as the title bar says, and the size, by which two of the same name are told apart */
static void
add_row (ComfyImageChooser    *self,
         const ComfyImageInfo *info)
{
  g_autofree char *id = g_strdup_printf ("%d", info->id);
  /* translators: an image's name, and its width and height in pixels */
  g_autofree char *text = g_strdup_printf (_("%s (%d × %d)"), info->name, info->width,
                                           info->height);

  gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->combo), id, text);
}

static void
fill_combo (ComfyImageChooser *self,
            int                image_id)
{
  g_autofree char *id = g_strdup_printf ("%d", image_id);

  self->filling = TRUE;
  gtk_combo_box_text_remove_all (GTK_COMBO_BOX_TEXT (self->combo));
  for (unsigned int i = 0; i < self->images->len; i++)
    add_row (self, g_ptr_array_index (self->images, i));
  if (self->images->len == 0)
    gtk_combo_box_text_append (GTK_COMBO_BOX_TEXT (self->combo), "-1", _("No image is open"));
  gtk_combo_box_set_active_id (GTK_COMBO_BOX (self->combo), id);
  gtk_widget_set_sensitive (self->combo, self->images->len > 0);
  self->filling = FALSE;
}

static void
take (ComfyImageChooser    *self,
      const ComfyImageInfo *info)
{
  gboolean is_same = info == NULL ? self->info == NULL
                                  : self->info != NULL && comfy_image_info_equal (info, self->info);

  if (is_same)
    return;

  g_clear_pointer (&self->info, comfy_image_info_free);
  self->info = info != NULL ? comfy_image_info_copy (info) : NULL;
  show_thumbnail (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
is_same_list (GPtrArray *one,
              GPtrArray *other)
{
  if (one->len != other->len)
    return FALSE;

  for (unsigned int i = 0; i < one->len; i++)
    if (!comfy_image_info_equal (g_ptr_array_index (one, i), g_ptr_array_index (other, i)))
      return FALSE;

  return TRUE;
}

/* @wanted: an image's id; when it is not open, the newest that is */
static void
update (ComfyImageChooser *self,
        int                wanted)
{
  GPtrArray      *images = list_images (self);
  gboolean        is_new = !is_same_list (images, self->images);
  ComfyImageInfo *info;

  g_ptr_array_unref (self->images);
  self->images = images;
  info = find_image (self, wanted);
  if (info == NULL && images->len > 0)
    info = g_ptr_array_index (images, 0);

  if (is_new || self->info == NULL || info == NULL || info->id != self->info->id)
    fill_combo (self, info != NULL ? info->id : -1);
  take (self, info);
}

static void
combo_changed_cb (GtkComboBox       *combo,
                  ComfyImageChooser *self)
{
  const char *id = gtk_combo_box_get_active_id (combo);

  if (!self->filling && id != NULL)
    take (self, find_image (self, atoi (id)));
}

static void
comfy_image_chooser_finalize (GObject *object)
{
  ComfyImageChooser *self = COMFY_IMAGE_CHOOSER (object);

  g_clear_pointer (&self->images, g_ptr_array_unref);
  g_clear_pointer (&self->info, comfy_image_info_free);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (comfy_image_chooser_parent_class)->finalize (object);
}

static void
comfy_image_chooser_class_init (ComfyImageChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = comfy_image_chooser_finalize;

  signals[CHANGED] =
    g_signal_new ("changed", COMFY_TYPE_IMAGE_CHOOSER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_image_chooser_init (ComfyImageChooser *self)
{
  GtkWidget *frame;

  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->images = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_image_info_free);
  self->picture = gtk_image_new ();
  gtk_widget_set_size_request (self->picture, EDGE, EDGE);
  comfy_ui_set_name (self->picture, _("The image that is worked on"));
  g_signal_connect_swapped (self->picture, "realize", G_CALLBACK (show_thumbnail), self);
  g_signal_connect_swapped (self->picture, "notify::scale-factor", G_CALLBACK (show_thumbnail),
                            self);
  frame = comfy_ui_picture_frame_new (self->picture);
  gtk_widget_set_valign (frame, GTK_ALIGN_CENTER);
  gtk_box_pack_start (GTK_BOX (self), frame, FALSE, FALSE, 0);

  self->combo = comfy_ui_combo_new ();
  gtk_widget_set_valign (self->combo, GTK_ALIGN_CENTER);
  comfy_ui_set_name (self->combo, _("Image"));
  gtk_widget_set_tooltip_text (self->combo, _("The image that is worked on"));
  g_signal_connect (self->combo, "changed", G_CALLBACK (combo_changed_cb), self);
  gtk_box_pack_start (GTK_BOX (self), self->combo, TRUE, TRUE, 0);
}

/**
 * comfy_image_chooser_new:
 * @host: the editor
 *
 * Returns: (transfer floating): a chooser, with the newest of the open images
 */
GtkWidget *
comfy_image_chooser_new (ComfyHost *host)
{
  ComfyImageChooser *self;

  g_return_val_if_fail (COMFY_IS_HOST (host), NULL);

  self = g_object_new (COMFY_TYPE_IMAGE_CHOOSER, NULL);
  self->host = g_object_ref (host);
  update (self, -1);

  return GTK_WIDGET (self);
}

/**
 * comfy_image_chooser_get_info:
 *
 * Returns: (transfer none) (nullable): the image that is meant; %NULL when none is open
 */
const ComfyImageInfo *
comfy_image_chooser_get_info (ComfyImageChooser *self)
{
  g_return_val_if_fail (COMFY_IS_IMAGE_CHOOSER (self), NULL);

  return self->info;
}

/**
 * comfy_image_chooser_get_id:
 *
 * Returns: the editor's id of the image that is meant; -1 when none is open
 */
int
comfy_image_chooser_get_id (ComfyImageChooser *self)
{
  g_return_val_if_fail (COMFY_IS_IMAGE_CHOOSER (self), -1);

  return self->info != NULL ? self->info->id : -1;
}

/**
 * comfy_image_chooser_set_id:
 * @image_id: the editor's id of the image that is meant from now on
 *
 * One that is not open is left out: then it is the newest that is.
 */
void
comfy_image_chooser_set_id (ComfyImageChooser *self,
                            int                image_id)
{
  g_return_if_fail (COMFY_IS_IMAGE_CHOOSER (self));

  update (self, image_id);
}

/**
 * comfy_image_chooser_refresh:
 *
 * Asks the editor anew which images there are and what the chosen one looks like.
 */
void
comfy_image_chooser_refresh (ComfyImageChooser *self)
{
  g_return_if_fail (COMFY_IS_IMAGE_CHOOSER (self));

  update (self, comfy_image_chooser_get_id (self));
  show_thumbnail (self);
}
