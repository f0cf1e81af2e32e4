/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <libdex.h>

#include "comfy-job-preview.h"
#include "comfy-thumbnail.h"
#include "comfy-ui-util.h"

#define EDGE       72      /* px, before the screen's scale: of the square for the picture */
#define GAP        12      /* px: between it and what stands beside it */
#define MAX_PIXELS 4000000 /* of a preview; those of ComfyUI have at most 512 × 512 */
#define MAX_FILE_PIXELS 40000000 /* of a file: as comfy-thumbnails.c */

struct _ComfyJobPreview
{
  GtkBox        parent_instance;

  GtkWidget    *frame;    /* borrowed: a child */
  GtkWidget    *picture;  /* borrowed: a child */
  GBytes       *file;     /* owned, nullable: what is to be seen */
  char         *path;     /* owned, nullable: what is to be seen while there is no @file */
  unsigned int  serial;   /* grows when all that came before is not wanted any more */
  gboolean      is_stale; /* @file has not been looked at */
  gboolean      is_busy;  /* one is being decoded */
};

G_DEFINE_FINAL_TYPE (ComfyJobPreview, comfy_job_preview, GTK_TYPE_BOX)

enum
{
  RESIZED,
  N_SIGNALS
};

static unsigned int signals[N_SIGNALS];

static void
set_shown (ComfyJobPreview *self,
           gboolean         shown)
{
  if (gtk_widget_get_visible (self->frame) == shown)
    return;

  gtk_widget_set_visible (self->frame, shown);
  g_signal_emit (self, signals[RESIZED], 0);
}

/* (transfer full): what is to be seen, as large as it is shown */
static DexFuture *
load (ComfyJobPreview *self)
{
  int edge = EDGE * gtk_widget_get_scale_factor (GTK_WIDGET (self));

  return self->file != NULL ? comfy_thumbnail_load_bytes (self->file, MAX_PIXELS, edge)
                            : comfy_thumbnail_load (self->path, MAX_FILE_PIXELS, edge);
}

static gboolean
has_picture (ComfyJobPreview *self)
{
  return self->file != NULL || self->path != NULL;
}

static gboolean
is_due (ComfyJobPreview *self)
{
  return self->is_stale && has_picture (self) && gtk_widget_get_mapped (GTK_WIDGET (self));
}

/* The newest picture, and the newest after that. A server that sends faster than this decodes is
 * seen all the same, only not all of it. */
static DexFuture *
follow_fiber (gpointer user_data)
{
  ComfyJobPreview *self = user_data;

  while (is_due (self))
    {
      g_autoptr(ComfyThumbnail)  thumbnail = NULL;
      g_autoptr(GError)          error = NULL;
      unsigned int               serial = self->serial;

      self->is_stale = FALSE;
      thumbnail = dex_await_boxed (load (self), &error);
      if (thumbnail == NULL)
        g_debug ("A preview is left out: %s", error->message);
      else if (serial == self->serial)
        {
          comfy_ui_set_picture (self->picture, thumbnail->pixels, EDGE);
          set_shown (self, TRUE);
        }
    }
  self->is_busy = FALSE;

  return dex_future_new_true ();
}

static void
follow (ComfyJobPreview *self)
{
  if (self->is_busy || !is_due (self))
    return;

  self->is_busy = TRUE;
  dex_future_disown (dex_scheduler_spawn (NULL, 0, follow_fiber, g_object_ref (self),
                                          g_object_unref));
}

/* what was seen is not what is to be seen now */
static void
look_anew (ComfyJobPreview *self)
{
  self->is_stale = has_picture (self);
  if (!self->is_stale)
    {
      self->serial++;
      set_shown (self, FALSE);
      gtk_image_clear (GTK_IMAGE (self->picture));
    }
  follow (self);
}

/* in the size of the screen that it is on now */
static void
scale_factor_cb (ComfyJobPreview *self)
{
  self->is_stale = has_picture (self);
  follow (self);
}

static void
comfy_job_preview_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (comfy_job_preview_parent_class)->map (widget);

  follow (COMFY_JOB_PREVIEW (widget));
}

/* what comes now finds no children any more */
static void
comfy_job_preview_destroy (GtkWidget *widget)
{
  ComfyJobPreview *self = COMFY_JOB_PREVIEW (widget);

  self->serial++;
  g_clear_pointer (&self->file, g_bytes_unref);
  g_clear_pointer (&self->path, g_free);

  GTK_WIDGET_CLASS (comfy_job_preview_parent_class)->destroy (widget);
}

static void
comfy_job_preview_class_init (ComfyJobPreviewClass *klass)
{
  GTK_WIDGET_CLASS (klass)->map = comfy_job_preview_map;
  GTK_WIDGET_CLASS (klass)->destroy = comfy_job_preview_destroy;

  signals[RESIZED] =
    g_signal_new ("resized", COMFY_TYPE_JOB_PREVIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
comfy_job_preview_init (ComfyJobPreview *self)
{
  self->picture = gtk_image_new ();
  gtk_widget_set_size_request (self->picture, EDGE, EDGE);
  comfy_ui_set_name (self->picture, _("The picture as far as it is"));
  self->frame = comfy_ui_picture_frame_new (self->picture);
  gtk_widget_set_valign (self->frame, GTK_ALIGN_START);
  gtk_widget_set_margin_end (self->frame, GAP);
  gtk_widget_show_all (self->frame);
  gtk_widget_set_no_show_all (self->frame, TRUE);
  gtk_widget_hide (self->frame);
  gtk_box_pack_start (GTK_BOX (self), self->frame, FALSE, FALSE, 0);

  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (scale_factor_cb), NULL);
}

/**
 * comfy_job_preview_new:
 *
 * Returns: (transfer floating): a preview that shows nothing yet
 */
GtkWidget *
comfy_job_preview_new (void)
{
  return g_object_new (COMFY_TYPE_JOB_PREVIEW, NULL);
}

/**
 * comfy_job_preview_set_file:
 * @self: a preview
 * @file: (nullable): a picture's file, perhaps hostile; with %NULL nothing of it is shown any more
 *
 * Shows @file as soon as it is decoded and somebody can see it.
 */
void
comfy_job_preview_set_file (ComfyJobPreview *self,
                            GBytes          *file)
{
  g_return_if_fail (COMFY_IS_JOB_PREVIEW (self));

  g_clear_pointer (&self->file, g_bytes_unref);
  self->file = file != NULL ? g_bytes_ref (file) : NULL;
  look_anew (self);
}

/**
 * comfy_job_preview_set_path:
 * @self: a preview
 * @path: (nullable): of a picture: what was sent, or what came
 *
 * Shows that while comfy_job_preview_set_file() has given nothing newer.
 */
void
comfy_job_preview_set_path (ComfyJobPreview *self,
                            const char      *path)
{
  g_return_if_fail (COMFY_IS_JOB_PREVIEW (self));

  if (g_set_str (&self->path, path) && self->file == NULL)
    look_anew (self);
}

/**
 * comfy_job_preview_is_busy:
 * @self: a preview
 *
 * Returns: whether a file is being decoded now
 */
gboolean
comfy_job_preview_is_busy (ComfyJobPreview *self)
{
  g_return_val_if_fail (COMFY_IS_JOB_PREVIEW (self), FALSE);

  return self->is_busy;
}
