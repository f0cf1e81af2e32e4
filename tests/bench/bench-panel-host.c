/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "bench-panel-host.h"
#include "comfy-codec.h"
#include "comfy-fiber-private.h"
#include "comfy-resample.h"
#include "fake-host.h"

#define NAME       "input-0.webp"
#define MAX_PIXELS (G_GUINT64_CONSTANT (1) << 28)

struct _BenchPanelHost
{
  GObject       parent_instance;

  ComfyHost    *fake;       /* owned */
  char         *picture;    /* owned: a WebP */
  int           edge;       /* px of it, and of the image */
  unsigned int  n_captured;
  unsigned int  n_compared; /* atomic */
};

static void bench_panel_host_iface_init (ComfyHostInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BenchPanelHost, bench_panel_host, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (COMFY_TYPE_HOST,
                                                      bench_panel_host_iface_init))

/* A file that is written: another one each time, so that each is uploaded */
typedef struct
{
  char         *from; /* owned */
  char         *to;   /* owned */
  unsigned int  n;
} Copy;

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  g_free (copy->from);
  g_free (copy->to);
  g_free (copy);
}

/* what follows a WebP is read by nobody */
static gboolean
copy_in_thread (gpointer   data,
                GError   **error)
{
  Copy                         *copy = data;
  g_autoptr(GFile)              from = g_file_new_for_path (copy->from);
  g_autoptr(GFile)              to = g_file_new_for_path (copy->to);
  g_autoptr(GFileOutputStream)  stream = NULL;

  g_assert_true (g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, NULL));
  stream = g_file_append_to (to, G_FILE_CREATE_PRIVATE, NULL, NULL);
  g_assert_true (g_output_stream_write_all (G_OUTPUT_STREAM (stream), &copy->n, sizeof copy->n,
                                            NULL, NULL, NULL));
  g_assert_true (g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, NULL));

  return TRUE;
}

/* A capture on its way */
typedef struct
{
  Copy         *copy;  /* owned until it begins */
  ComfyCapture *taken; /* owned until it ends */
} Capture;

static void
capture_free (gpointer data)
{
  Capture *capture = data;

  g_clear_pointer (&capture->copy, copy_free);
  g_clear_pointer (&capture->taken, comfy_capture_free);
  g_free (capture);
}

static DexFuture *
capture_fiber (gpointer data)
{
  Capture *capture = data;
  GError  *error = NULL;

  if (!dex_await (_comfy_run_in_thread (copy_in_thread, g_steal_pointer (&capture->copy),
                                        copy_free), &error))
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (COMFY_TYPE_CAPTURE, g_steal_pointer (&capture->taken));
}

static DexFuture *
take_picture (ComfyHost       *host,
              const ComfyTake *take,
              int              image_id,
              GArray          *layer_ids,
              const char      *folder)
{
  BenchPanelHost            *self = BENCH_PANEL_HOST (host);
  g_autoptr(ComfyImageInfo)  info = comfy_host_dup_image_info (self->fake, image_id);
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(GPtrArray)       inputs = NULL;
  Capture                   *data = g_new0 (Capture, 1);

  placement->image_id = image_id;
  placement->image_file = g_strdup (info->file);
  placement->image_width = self->edge;
  placement->image_height = self->edge;
  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  g_ptr_array_add (inputs, comfy_input_new (NAME, "image/webp", take->image.node,
                                            take->image.input));
  data->taken = comfy_capture_new (placement, inputs);
  data->taken->depth = 8;
  data->copy = g_new0 (Copy, 1);
  data->copy->from = g_strdup (self->picture);
  data->copy->to = g_build_filename (folder, NAME, NULL);
  data->copy->n = self->n_captured++;

  return dex_scheduler_spawn (NULL, 0, capture_fiber, data, capture_free);
}

/* A comparison on its way */
typedef struct
{
  BenchPanelHost *host; /* owned */
  char           *path; /* owned */
  int             edge; /* px */
} Compare;

static void
compare_free (gpointer data)
{
  Compare *compare = data;

  g_object_unref (compare->host);
  g_free (compare->path);
  g_free (compare);
}

static DexFuture *
compare_fiber (gpointer data)
{
  Compare                *compare = data;
  const ComfyRect         crop = { 0, 0, compare->edge, compare->edge };
  g_autoptr(ComfyPixels)  pixels = NULL;
  g_autoptr(ComfyPixels)  small = NULL;
  GError                 *error = NULL;

  pixels = dex_await_boxed (comfy_codec_decode (compare->path, MAX_PIXELS), &error);
  if (pixels == NULL)
    return dex_future_new_for_error (error);
  small = comfy_resample (pixels, compare->edge, compare->edge);
  g_atomic_int_inc (&compare->host->n_compared);

  return dex_future_new_take_boxed (COMFY_TYPE_COMPARISON,
                                    comfy_comparison_new (small, small, &crop));
}

static DexFuture *
compare_with (ComfyHost   *host,
              ComfyResult *result,
              int          edge)
{
  Compare *data = g_new0 (Compare, 1);

  data->host = BENCH_PANEL_HOST (g_object_ref (host));
  data->path = g_strdup (comfy_result_get_paths (result)[0]);
  data->edge = edge;

  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, compare_fiber, data,
                              compare_free);
}

static DexFuture *
preview (ComfyHost       *host,
         const ComfyTake *take,
         int              image_id,
         GArray          *layer_ids)
{
  int edge = BENCH_PANEL_HOST (host)->edge;

  return dex_future_new_take_boxed (COMFY_TYPE_PREVIEW,
                                    comfy_preview_new (NULL, edge, edge, 0, FALSE));
}

static DexFuture *
place (ComfyHost   *host,
       ComfyResult *result)
{
  return comfy_host_place (BENCH_PANEL_HOST (host)->fake, result);
}

static gboolean
is_placed (ComfyHost  *host,
           const char *job_id)
{
  return comfy_host_is_placed (BENCH_PANEL_HOST (host)->fake, job_id);
}

static char **
dup_layer_names (ComfyHost *host,
                 int        image_id)
{
  return comfy_host_dup_layer_names (BENCH_PANEL_HOST (host)->fake, image_id);
}

static GArray *
list_images (ComfyHost *host)
{
  return comfy_host_list_images (BENCH_PANEL_HOST (host)->fake);
}

static gboolean
get_image_size (ComfyHost *host,
                int        image_id,
                int       *out_width,
                int       *out_height)
{
  *out_width = BENCH_PANEL_HOST (host)->edge;
  *out_height = BENCH_PANEL_HOST (host)->edge;

  return TRUE;
}

static ComfyImageInfo *
dup_image_info (ComfyHost *host,
                int        image_id)
{
  return comfy_host_dup_image_info (BENCH_PANEL_HOST (host)->fake, image_id);
}

static ComfyPixels *
dup_thumbnail (ComfyHost *host,
               int        image_id,
               int        edge)
{
  return comfy_host_dup_thumbnail (BENCH_PANEL_HOST (host)->fake, image_id, edge);
}

static void
bench_panel_host_iface_init (ComfyHostInterface *iface)
{
  iface->capture = take_picture;
  iface->preview = preview;
  iface->place = place;
  iface->place_again = place;
  iface->compare = compare_with;
  iface->is_placed = is_placed;
  iface->dup_layer_names = dup_layer_names;
  iface->list_images = list_images;
  iface->get_image_size = get_image_size;
  iface->dup_image_info = dup_image_info;
  iface->dup_thumbnail = dup_thumbnail;
}

static void
bench_panel_host_finalize (GObject *object)
{
  BenchPanelHost *self = BENCH_PANEL_HOST (object);

  g_clear_object (&self->fake);
  g_free (self->picture);

  G_OBJECT_CLASS (bench_panel_host_parent_class)->finalize (object);
}

static void
bench_panel_host_class_init (BenchPanelHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bench_panel_host_finalize;
}

static void
bench_panel_host_init (BenchPanelHost *self)
{
}

/* @picture: a WebP of @edge × @edge px */
BenchPanelHost *
bench_panel_host_new (const char *picture,
                      int         edge)
{
  BenchPanelHost *self = g_object_new (BENCH_TYPE_PANEL_HOST, NULL);

  self->fake = COMFY_HOST (fake_host_new ());
  self->picture = g_strdup (picture);
  self->edge = edge;

  return self;
}

unsigned int
bench_panel_host_get_n_captured (BenchPanelHost *self)
{
  return self->n_captured;
}

unsigned int
bench_panel_host_get_n_compared (BenchPanelHost *self)
{
  return g_atomic_int_get (&self->n_compared);
}
