/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include "fake-host.h"

struct _FakeHost
{
  GObject       parent_instance;

  gint64        size;       /* bytes, -1: no picture */
  int           failure;    /* a ComfyError, -1: none */
  GHashTable   *layers;     /* set of job ids */
  char         *content;    /* nullable */
  unsigned int  n_placed;
  unsigned int  n_pictures;

  ComfyPreview *preview;      /* nullable: what the next previews show */
  ComfyError    preview_code; /* with a sentence: the next previews reject */
  char         *preview_problem; /* nullable */
  ComfyTake    *preview_take; /* nullable: of the last one */
  int           preview_image; /* id, of the last one */
  int           preview_layer; /* id, -1: none */
  gboolean      holding;      /* the next previews wait */
  DexPromise   *held;         /* nullable: the one that waits */
  unsigned int  n_previews;
  unsigned int  n_dropped;
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
  int                        fd;

  if (failure != NULL)
    return failure;

  placement->image_id = image_id;
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

  return dex_future_new_take_boxed (COMFY_TYPE_CAPTURE, comfy_capture_new (placement, inputs));
}

static DexFuture *
answer_preview (FakeHost *self)
{
  if (self->preview_problem != NULL)
    return dex_future_new_for_error (comfy_error_new (self->preview_code, NULL, "%s",
                                                      self->preview_problem));

  return dex_future_new_take_boxed (COMFY_TYPE_PREVIEW, comfy_preview_copy (self->preview));
}

static void
dropped_cb (GCancellable *cancellable,
            FakeHost     *self)
{
  self->n_dropped++;
}

static DexFuture *
fake_host_preview (ComfyHost       *host,
                   const ComfyTake *take,
                   int              image_id,
                   GArray          *layer_ids)
{
  FakeHost *self = FAKE_HOST (host);

  g_assert_true (self->preview != NULL || self->preview_problem != NULL);
  self->n_previews++;
  g_clear_pointer (&self->preview_take, comfy_take_free);
  self->preview_take = comfy_take_copy (take);
  self->preview_image = image_id;
  self->preview_layer = layer_ids != NULL && layer_ids->len > 0
                        ? g_array_index (layer_ids, int, 0) : -1;
  if (!self->holding)
    return answer_preview (self);

  /* nobody asks twice at once */
  g_assert_true (self->held == NULL
                 || g_cancellable_is_cancelled (dex_promise_get_cancellable (self->held)));
  dex_clear (&self->held);
  self->held = dex_promise_new_cancellable ();
  g_signal_connect (dex_promise_get_cancellable (self->held), "cancelled",
                    G_CALLBACK (dropped_cb), self);

  return DEX_FUTURE (dex_ref (self->held));
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

  g_clear_pointer (&self->content, g_free);
  g_assert_true (g_file_get_contents (paths[0], &self->content, NULL, NULL));
  g_hash_table_add (self->layers, g_strdup (comfy_result_get_job_id (result)));
  self->n_placed++;
  self->n_pictures = g_strv_length ((char **) paths);

  return dex_future_new_take_variant (
    g_variant_ref_sink (g_variant_new ("(i@ai)", 7,
                                       g_variant_new_fixed_array (G_VARIANT_TYPE_INT32, layers,
                                                                  G_N_ELEMENTS (layers),
                                                                  sizeof layers[0]))));
}

static gboolean
fake_host_is_placed (ComfyHost  *host,
                     const char *job_id)
{
  return g_hash_table_contains (FAKE_HOST (host)->layers, job_id);
}

static void
fake_host_iface_init (ComfyHostInterface *iface)
{
  iface->capture = fake_host_capture;
  iface->preview = fake_host_preview;
  iface->place = fake_host_place;
  iface->is_placed = fake_host_is_placed;
}

static void
fake_host_finalize (GObject *object)
{
  FakeHost *self = FAKE_HOST (object);

  g_hash_table_unref (self->layers);
  g_free (self->content);
  g_clear_pointer (&self->preview, comfy_preview_free);
  g_clear_pointer (&self->preview_take, comfy_take_free);
  g_free (self->preview_problem);
  dex_clear (&self->held);

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
  self->failure = -1;
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
fake_host_fail (FakeHost   *self,
                ComfyError  code)
{
  self->failure = code;
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

void
fake_host_set_preview (FakeHost     *self,
                       ComfyPreview *preview)
{
  g_clear_pointer (&self->preview, comfy_preview_free);
  g_clear_pointer (&self->preview_problem, g_free);
  self->preview = comfy_preview_copy (preview);
}

void
fake_host_fail_previews (FakeHost   *self,
                         ComfyError  code,
                         const char *sentence)
{
  self->preview_code = code;
  g_set_str (&self->preview_problem, sentence);
}

void
fake_host_hold_previews (FakeHost *self,
                         gboolean  holds)
{
  const GValue         *value;
  g_autoptr(DexPromise) held = g_steal_pointer (&self->held);
  g_autoptr(DexFuture)  answer = NULL;
  GError               *error = NULL;

  self->holding = holds;
  if (held == NULL)
    return;

  answer = answer_preview (self);
  value = dex_future_get_value (answer, &error);
  if (value != NULL)
    dex_promise_resolve (held, value);
  else
    dex_promise_reject (held, error);
}

unsigned int
fake_host_get_n_previews (FakeHost *self)
{
  return self->n_previews;
}

unsigned int
fake_host_get_n_dropped (FakeHost *self)
{
  return self->n_dropped;
}

const ComfyTake *
fake_host_get_preview_take (FakeHost *self)
{
  return self->preview_take;
}

int
fake_host_get_preview_image (FakeHost *self)
{
  return self->preview_image;
}

int
fake_host_get_preview_layer (FakeHost *self)
{
  return self->preview_layer;
}
