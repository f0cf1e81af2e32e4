/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fake-host.h"

struct _FakeHost
{
  GObject       parent_instance;

  gint64        size;       /* bytes, -1: no picture */
  int           depth;      /* bits per channel */
  int           width;      /* px of the image */
  int           height;
  int           failure;    /* a ComfyError, -1: none */
  int           refused;    /* layer or image, -1: none */
  GArray       *images;     /* of int */
  unsigned int  n_captured;
  ComfyPreview *preview;    /* nullable */
  ComfyComparison *comparison; /* nullable */
  unsigned int  n_compared;
  GHashTable   *layers;     /* set of job ids */
  char         *content;    /* nullable */
  void        (*on_place) (void *data); /* nullable */
  void         *on_place_data;
  unsigned int  n_placed;
  unsigned int  n_pictures;
  GString      *outcomes;   /* of what was placed last, with a blank between */
};

static void fake_host_iface_init (ComfyHostInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakeHost, fake_host, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (COMFY_TYPE_HOST, fake_host_iface_init))

static DexFuture *
take_failure (FakeHost *self)
{
  int code = self->failure;

  self->failure = -1;

  return code >= 0 ? dex_future_new_for_error (comfy_error_new (code, NULL, "The editor fails."))
                   : NULL;
}

static DexFuture *
fake_host_capture (ComfyHost       *host,
                   const ComfyTake *take,
                   int              image_id,
                   GArray          *layer_ids,
                   const char      *folder)
{
  FakeHost                  *self = FAKE_HOST (host);
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(GPtrArray)       inputs = NULL;
  g_autofree char           *path = g_build_filename (folder, "input-0.png", NULL);
  DexFuture                 *failure = take_failure (self);
  ComfyCapture              *capture;
  int                        fd;

  if (failure != NULL)
    return failure;
  if (self->refused >= 0
      && (image_id == self->refused
          || (layer_ids != NULL && layer_ids->len > 0
              && g_array_index (layer_ids, int, 0) == self->refused)))
    return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_IMAGE, NULL,
                                                      "There is nothing on it."));

  self->n_captured++;
  placement->image_id = image_id;
  placement->image_width = self->width;
  placement->image_height = self->height;
  placement->layer_id = layer_ids != NULL && layer_ids->len > 0
                        ? g_array_index (layer_ids, int, 0) : -1;
  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  if (self->size >= 0)
    {
      /* a sparse file: as long as it shall be, at no cost */
      fd = open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
      g_assert_cmpint (fd, >=, 0);
      g_assert_cmpint (ftruncate (fd, self->size), ==, 0);
      close (fd);
      g_ptr_array_add (inputs, comfy_input_new ("input-0.png", "image/png",
                                                take->image.node, take->image.input));
    }

  capture = comfy_capture_new (placement, inputs);
  capture->depth = self->depth;

  return dex_future_new_take_boxed (COMFY_TYPE_CAPTURE, capture);
}

static DexFuture *
fake_host_preview (ComfyHost       *host,
                   const ComfyTake *take,
                   int              image_id,
                   GArray          *layer_ids)
{
  FakeHost     *self = FAKE_HOST (host);
  DexFuture    *failure = take_failure (self);
  ComfyPreview *preview;

  if (failure != NULL)
    return failure;

  preview = self->preview != NULL
              ? comfy_preview_copy (self->preview)
              : comfy_preview_new (NULL, 0, 0, self->size >= 0 ? (guint64) self->size : 0, FALSE);

  return dex_future_new_take_boxed (COMFY_TYPE_PREVIEW, preview);
}

static gboolean
is_picture (const char *content)
{
  return strstr (content, "broken") == NULL && strstr (content, "<html>") == NULL;
}

/* FALSE: there is none that could be placed */
static gboolean
look_at_pictures (FakeHost    *self,
                  ComfyResult *result)
{
  const char * const *paths = comfy_result_get_paths (result);
  unsigned int        n_placed = 0;

  g_clear_pointer (&self->content, g_free);
  g_string_truncate (self->outcomes, 0);
  for (unsigned int i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *content = NULL;

      g_assert_true (g_file_get_contents (paths[i], &content, NULL, NULL));
      if (!is_picture (content))
        {
          comfy_result_set_unplaced (result, i);
          continue;
        }
      g_string_append_printf (self->outcomes, "%s%s", n_placed > 0 ? " " : "",
                              comfy_outcome_to_id (comfy_result_get_outcome (result, i)));
      if (n_placed++ == 0)
        self->content = g_steal_pointer (&content);
    }

  return n_placed > 0;
}

static DexFuture *
fake_host_place (ComfyHost   *host,
                 ComfyResult *result)
{
  FakeHost           *self = FAKE_HOST (host);
  const char * const *paths = comfy_result_get_paths (result);
  DexFuture          *failure = take_failure (self);
  const int           layers[] = { 12 };

  if (failure != NULL)
    return failure;

  if (self->on_place != NULL)
    self->on_place (self->on_place_data);
  if (!look_at_pictures (self, result))
    return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_IMAGE, NULL,
                                                      "No picture can be read."));
  g_hash_table_add (self->layers, g_strdup (comfy_result_get_job_id (result)));
  self->n_placed++;
  self->n_pictures = g_strv_length ((char **) paths);

  return dex_future_new_take_variant (
    g_variant_ref_sink (g_variant_new ("(i@ai)", 7,
                                       g_variant_new_fixed_array (G_VARIANT_TYPE_INT32, layers,
                                                                  G_N_ELEMENTS (layers),
                                                                  sizeof layers[0]))));
}

static ComfyPixels *
make_plain (int    width,
            int    height,
            guint8 value)
{
  size_t  n = (size_t) width * height * 4;
  guint8 *data = g_malloc (n);

  memset (data, value, n);

  return comfy_pixels_new_take (width, height, 4, 8, data);
}

static DexFuture *
fake_host_compare (ComfyHost   *host,
                   ComfyResult *result,
                   int          edge)
{
  FakeHost               *self = FAKE_HOST (host);
  DexFuture              *failure = take_failure (self);
  const ComfyRect         crop = { 0, 0, 8, 6 };
  g_autofree char        *content = NULL;
  g_autoptr(ComfyPixels)  before = NULL;
  g_autoptr(ComfyPixels)  after = NULL;

  if (failure != NULL)
    return failure;

  self->n_compared++;
  if (self->comparison != NULL)
    return dex_future_new_take_boxed (COMFY_TYPE_COMPARISON,
                                      comfy_comparison_copy (self->comparison));
  g_assert_true (g_file_get_contents (comfy_result_get_paths (result)[0], &content, NULL, NULL));
  if (!is_picture (content))
    return dex_future_new_for_error (comfy_error_new (COMFY_ERROR_IMAGE, NULL,
                                                      "No picture can be read."));

  before = make_plain (MIN (edge, crop.width), MIN (edge, crop.height), 128);
  after = make_plain (MIN (edge, crop.width), MIN (edge, crop.height), 255);

  return dex_future_new_take_boxed (COMFY_TYPE_COMPARISON,
                                    comfy_comparison_new (before, after, &crop));
}

static gboolean
fake_host_is_placed (ComfyHost  *host,
                     const char *job_id)
{
  return g_hash_table_contains (FAKE_HOST (host)->layers, job_id);
}

static char **
fake_host_dup_layer_names (ComfyHost *host,
                           int        image_id)
{
  static const char * const names[] = { "Sky", "Ground", NULL };

  return g_strdupv (image_id >= 0 ? (char **) names : (char **) names + 2);
}

static GArray *
fake_host_list_images (ComfyHost *host)
{
  return g_array_copy (FAKE_HOST (host)->images);
}

static gboolean
fake_host_get_image_size (ComfyHost *host,
                          int        image_id,
                          int       *out_width,
                          int       *out_height)
{
  *out_width = 640;
  *out_height = 480;

  return TRUE;
}

static gboolean
is_open (FakeHost *self,
         int       image_id)
{
  for (unsigned int i = 0; i < self->images->len; i++)
    if (g_array_index (self->images, int, i) == image_id)
      return TRUE;

  return FALSE;
}

static ComfyImageInfo *
fake_host_dup_image_info (ComfyHost *host,
                          int        image_id)
{
  g_autofree char *name = g_strdup_printf ("picture-%d.xcf", image_id);
  g_autofree char *file = g_strconcat ("/pictures/", name, NULL);

  return is_open (FAKE_HOST (host), image_id)
           ? comfy_image_info_new (image_id, name, file, NULL, 640, 480) : NULL;
}

/* each image has a colour of its own */
static ComfyPixels *
fake_host_dup_thumbnail (ComfyHost *host,
                         int        image_id,
                         int        edge)
{
  int     height = MAX (edge * 3 / 4, 1);
  guint8 *data;

  if (!is_open (FAKE_HOST (host), image_id))
    return NULL;

  data = g_malloc ((size_t) edge * height * 3);
  memset (data, image_id * 37 % 256, (size_t) edge * height * 3);

  return comfy_pixels_new_take (edge, height, 3, 8, data);
}

static void
fake_host_iface_init (ComfyHostInterface *iface)
{
  iface->capture = fake_host_capture;
  iface->preview = fake_host_preview;
  iface->place = fake_host_place;
  iface->place_again = fake_host_place;
  iface->compare = fake_host_compare;
  iface->is_placed = fake_host_is_placed;
  iface->dup_layer_names = fake_host_dup_layer_names;
  iface->list_images = fake_host_list_images;
  iface->get_image_size = fake_host_get_image_size;
  iface->dup_image_info = fake_host_dup_image_info;
  iface->dup_thumbnail = fake_host_dup_thumbnail;
}

static void
fake_host_finalize (GObject *object)
{
  FakeHost *self = FAKE_HOST (object);

  g_clear_pointer (&self->preview, comfy_preview_free);
  g_clear_pointer (&self->comparison, comfy_comparison_free);
  g_hash_table_unref (self->layers);
  g_array_unref (self->images);
  g_free (self->content);
  g_string_free (self->outcomes, TRUE);

  G_OBJECT_CLASS (fake_host_parent_class)->finalize (object);
}

static void
fake_host_class_init (FakeHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = fake_host_finalize;
}

static void
fake_host_init (FakeHost *self)
{
  self->size = -1;
  self->depth = 8;
  self->failure = -1;
  self->outcomes = g_string_new (NULL);
  self->refused = -1;
  self->images = g_array_new (FALSE, FALSE, sizeof (int));
  fake_host_open (self, 7);
  self->layers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

FakeHost *
fake_host_new (void)
{
  return g_object_new (FAKE_TYPE_HOST, NULL);
}

void
fake_host_set_size (FakeHost *self,
                    gint64    size)
{
  self->size = size;
}

void
fake_host_set_preview (FakeHost           *self,
                       const ComfyPreview *preview)
{
  g_clear_pointer (&self->preview, comfy_preview_free);
  self->preview = comfy_preview_copy (preview);
}

void
fake_host_set_comparison (FakeHost              *self,
                          const ComfyComparison *comparison)
{
  g_clear_pointer (&self->comparison, comfy_comparison_free);
  self->comparison = comfy_comparison_copy (comparison);
}

unsigned int
fake_host_get_n_compared (FakeHost *self)
{
  return self->n_compared;
}

void
fake_host_set_depth (FakeHost *self,
                     int       depth)
{
  self->depth = depth;
}

void
fake_host_set_canvas (FakeHost *self,
                      int       width,
                      int       height)
{
  self->width = width;
  self->height = height;
}

void
fake_host_fail (FakeHost   *self,
                ComfyError  code)
{
  self->failure = code;
}

void
fake_host_refuse (FakeHost *self,
                  int       id)
{
  self->refused = id;
}

void
fake_host_open (FakeHost *self,
                int       image_id)
{
  g_array_append_val (self->images, image_id);
}

unsigned int
fake_host_get_n_captured (FakeHost *self)
{
  return self->n_captured;
}

void
fake_host_forget (FakeHost *self)
{
  g_hash_table_remove_all (self->layers);
}

unsigned int
fake_host_get_n_placed (FakeHost *self)
{
  return self->n_placed;
}

const char *
fake_host_get_content (FakeHost *self)
{
  return self->content;
}

unsigned int
fake_host_get_n_pictures (FakeHost *self)
{
  return self->n_pictures;
}

const char *
fake_host_get_outcomes (FakeHost *self)
{
  return self->outcomes->str;
}

void
fake_host_on_place (FakeHost *self,
                    void    (*func) (void *data),
                    void     *data)
{
  self->on_place = func;
  self->on_place_data = data;
}
