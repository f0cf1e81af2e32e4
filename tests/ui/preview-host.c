/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "preview-host.h"

struct _PreviewHost
{
  GObject       parent_instance;

  ComfyHost    *host;      /* owned: does all else */
  ComfyPreview *preview;   /* owned: what is shown */
  ComfyError    code;      /* with a problem */
  char         *problem;   /* owned: a sentence; NULL: previews are shown */
  gboolean      holds;
  DexPromise   *held;      /* owned: the one that waits; NULL: none does */
  ComfyTake    *take;      /* owned: of the last one; NULL: there was none */
  int           image_id;  /* of the last one */
  int           layer_id;  /* of the last one, -1: none */
  unsigned int  n_layers;  /* of the last one */
  gboolean      holds_compare;
  DexPromise   *held_compare; /* owned: the one that waits; NULL: none does */
  ComfyResult  *held_result;  /* owned, nullable: of it */
  char         *compared;  /* owned, nullable: the file that was compared last */
  int           edge;      /* px that it was to have */
  unsigned int  n_compared;
  unsigned int  n_asked;
  unsigned int  n_dropped;
};

static void preview_host_iface_init (ComfyHostInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PreviewHost, preview_host, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (COMFY_TYPE_HOST, preview_host_iface_init))

static DexFuture *
answer (PreviewHost *self)
{
  if (self->problem != NULL)
    return dex_future_new_for_error (comfy_error_new (self->code, NULL, "%s", self->problem));

  return dex_future_new_take_boxed (COMFY_TYPE_PREVIEW, comfy_preview_copy (self->preview));
}

static void
cancelled_cb (GCancellable *cancellable,
              PreviewHost  *self)
{
  self->n_dropped++;
}

static DexFuture *
preview_host_preview (ComfyHost       *host,
                      const ComfyTake *take,
                      int              image_id,
                      GArray          *layer_ids)
{
  PreviewHost *self = PREVIEW_HOST (host);

  g_assert_true (self->preview != NULL || self->problem != NULL);
  g_assert_true (self->held == NULL
                 || g_cancellable_is_cancelled (dex_promise_get_cancellable (self->held)));

  self->n_asked++;
  g_clear_pointer (&self->take, comfy_take_free);
  self->take = comfy_take_copy (take);
  self->image_id = image_id;
  self->n_layers = layer_ids != NULL ? layer_ids->len : 0;
  self->layer_id = layer_ids != NULL && layer_ids->len > 0 ? g_array_index (layer_ids, int, 0) : -1;
  if (!self->holds)
    return answer (self);

  dex_clear (&self->held);
  self->held = dex_promise_new_cancellable ();
  g_signal_connect_object (dex_promise_get_cancellable (self->held), "cancelled",
                           G_CALLBACK (cancelled_cb), self, 0);

  return DEX_FUTURE (dex_ref (self->held));
}

static DexFuture *
preview_host_capture (ComfyHost       *host,
                      const ComfyTake *take,
                      int              image_id,
                      GArray          *layer_ids,
                      const char      *folder)
{
  return comfy_host_capture (PREVIEW_HOST (host)->host, take, image_id, layer_ids, folder);
}

static DexFuture *
preview_host_place (ComfyHost   *host,
                    ComfyResult *result)
{
  return comfy_host_place (PREVIEW_HOST (host)->host, result);
}

static DexFuture *
preview_host_place_again (ComfyHost   *host,
                          ComfyResult *result)
{
  return comfy_host_place_again (PREVIEW_HOST (host)->host, result);
}

static DexFuture *
preview_host_compare (ComfyHost   *host,
                      ComfyResult *result,
                      int          edge)
{
  PreviewHost *self = PREVIEW_HOST (host);

  self->n_compared++;
  self->edge = edge;
  g_set_str (&self->compared, comfy_result_get_paths (result)[0]);
  if (!self->holds_compare)
    return comfy_host_compare (self->host, result, edge);

  dex_clear (&self->held_compare);
  self->held_compare = dex_promise_new_cancellable ();
  g_set_object (&self->held_result, result);
  g_signal_connect_object (dex_promise_get_cancellable (self->held_compare), "cancelled",
                           G_CALLBACK (cancelled_cb), self, 0);

  return DEX_FUTURE (dex_ref (self->held_compare));
}

static gboolean
preview_host_is_placed (ComfyHost  *host,
                        const char *job_id)
{
  return comfy_host_is_placed (PREVIEW_HOST (host)->host, job_id);
}

static char **
preview_host_dup_layer_names (ComfyHost *host,
                              int        image_id)
{
  return comfy_host_dup_layer_names (PREVIEW_HOST (host)->host, image_id);
}

static GArray *
preview_host_list_images (ComfyHost *host)
{
  return comfy_host_list_images (PREVIEW_HOST (host)->host);
}

static gboolean
preview_host_get_image_size (ComfyHost *host,
                             int        image_id,
                             int       *out_width,
                             int       *out_height)
{
  return comfy_host_get_image_size (PREVIEW_HOST (host)->host, image_id, out_width, out_height);
}

static ComfyImageInfo *
preview_host_dup_image_info (ComfyHost *host,
                             int        image_id)
{
  return comfy_host_dup_image_info (PREVIEW_HOST (host)->host, image_id);
}

static ComfyPixels *
preview_host_dup_thumbnail (ComfyHost *host,
                            int        image_id,
                            int        edge)
{
  return comfy_host_dup_thumbnail (PREVIEW_HOST (host)->host, image_id, edge);
}

static void
preview_host_iface_init (ComfyHostInterface *iface)
{
  iface->capture = preview_host_capture;
  iface->preview = preview_host_preview;
  iface->place = preview_host_place;
  iface->place_again = preview_host_place_again;
  iface->compare = preview_host_compare;
  iface->is_placed = preview_host_is_placed;
  iface->dup_layer_names = preview_host_dup_layer_names;
  iface->list_images = preview_host_list_images;
  iface->get_image_size = preview_host_get_image_size;
  iface->dup_image_info = preview_host_dup_image_info;
  iface->dup_thumbnail = preview_host_dup_thumbnail;
}

static void
preview_host_finalize (GObject *object)
{
  PreviewHost *self = PREVIEW_HOST (object);

  g_clear_pointer (&self->preview, comfy_preview_free);
  g_clear_pointer (&self->take, comfy_take_free);
  g_free (self->problem);
  g_free (self->compared);
  dex_clear (&self->held_compare);
  g_clear_object (&self->held_result);
  dex_clear (&self->held);
  g_clear_object (&self->host);

  G_OBJECT_CLASS (preview_host_parent_class)->finalize (object);
}

static void
preview_host_class_init (PreviewHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = preview_host_finalize;
}

static void
preview_host_init (PreviewHost *self)
{
}

PreviewHost *
preview_host_new (FakeHost *host)
{
  PreviewHost *self = g_object_new (PREVIEW_TYPE_HOST, NULL);

  self->host = COMFY_HOST (g_object_ref (host));

  return self;
}

void
preview_host_set (PreviewHost        *self,
                  const ComfyPreview *preview)
{
  g_clear_pointer (&self->preview, comfy_preview_free);
  g_clear_pointer (&self->problem, g_free);
  self->preview = comfy_preview_copy (preview);
}

void
preview_host_fail (PreviewHost *self,
                   ComfyError   code,
                   const char  *sentence)
{
  self->code = code;
  g_set_str (&self->problem, sentence);
}

void
preview_host_hold (PreviewHost *self,
                   gboolean     holds)
{
  g_autoptr(DexPromise)  held = g_steal_pointer (&self->held);
  g_autoptr(DexFuture)   future = NULL;
  const GValue          *value;
  GError                *error = NULL;

  self->holds = holds;
  if (held == NULL)
    return;

  future = answer (self);
  value = dex_future_get_value (future, &error);
  if (value != NULL)
    dex_promise_resolve (held, value);
  else
    dex_promise_reject (held, error);
}

unsigned int
preview_host_get_n_asked (PreviewHost *self)
{
  return self->n_asked;
}

unsigned int
preview_host_get_n_dropped (PreviewHost *self)
{
  return self->n_dropped;
}

const ComfyTake *
preview_host_get_take (PreviewHost *self)
{
  return self->take;
}

int
preview_host_get_image_id (PreviewHost *self)
{
  return self->image_id;
}

int
preview_host_get_layer_id (PreviewHost *self)
{
  return self->layer_id;
}

unsigned int
preview_host_get_n_layers (PreviewHost *self)
{
  return self->n_layers;
}

const char *
preview_host_get_compared (PreviewHost *self,
                           int         *out_edge)
{
  if (out_edge != NULL)
    *out_edge = self->edge;

  return self->compared;
}

unsigned int
preview_host_get_n_compared (PreviewHost *self)
{
  return self->n_compared;
}

void
preview_host_hold_compare (PreviewHost *self,
                           gboolean     holds)
{
  g_autoptr(DexPromise) held = g_steal_pointer (&self->held_compare);
  g_autoptr(DexFuture)  future = NULL;

  self->holds_compare = holds;
  if (held == NULL)
    return;

  future = comfy_host_compare (self->host, self->held_result, self->edge);
  dex_promise_resolve (held, dex_future_get_value (future, NULL));
}
