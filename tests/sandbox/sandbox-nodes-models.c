/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands in for models. Nothing here computes what the model would; every result is plainly
 * synthetic, but depends on all that it would depend on: values carry a hash of everything
 * upstream, and latents and conditionings carry the uploaded picture that they were made of. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "sandbox-node.h"

/* px; edge of the blocks in which a mask says where there is noise */
/* px; a picture of a partner that got none */
#define PARTNER_EDGE 256

#define NOISE_BLOCK 8

/* Takes over what @value has not got yet. */
static void
inherit (SandboxValue *value,
         SandboxValue *source)
{
  if (value->image == NULL && source->image != NULL && source->image->channels >= 3)
    value->image = sandbox_image_ref (source->image);
  if (value->text == NULL)
    value->text = g_strdup (source->text);
  if (value->block == 0)
    value->block = source->block;
  if (value->width == 0)
    {
      value->width = source->width;
      value->height = source->height;
      value->batch = source->batch;
      value->frames = source->frames;
    }
}

/* What comes in where the meaning comes from goes before what comes in elsewhere. */
static void
inherit_inputs (SandboxNode  *node,
                SandboxValue *value)
{
  static const char *const first[] = { "positive", "conditioning", "samples", "image1" };
  g_auto(GStrv) inputs = comfy_workflow_dup_inputs (node->run->workflow, node->id);

  for (unsigned int i = 0; i < G_N_ELEMENTS (first); i++)
    {
      SandboxValue *source = sandbox_node_get_value (node, first[i]);

      if (source == NULL)
        continue;
      if (value->mask == NULL && source->mask != NULL)
        value->mask = sandbox_image_ref (source->mask);
      inherit (value, source);
    }

  for (unsigned int i = 0; inputs[i] != NULL; i++)
    {
      SandboxValue *source = sandbox_node_get_value (node, inputs[i]);

      if (source != NULL)
        inherit (value, source);
    }
}

/* What stands in for a partner's model: half the picture that comes in, half a landscape. */
static SandboxImage *
ask_partner (SandboxNode *node)
{
  g_auto(GStrv) inputs = comfy_workflow_dup_inputs (node->run->workflow, node->id);
  const char *words = sandbox_node_get_string (node, "prompt");
  const SandboxImage *source = NULL;
  SandboxImage *result;

  for (unsigned int i = 0; inputs[i] != NULL && source == NULL; i++)
    {
      SandboxValue *value = sandbox_node_get_value (node, inputs[i]);

      source = value != NULL ? value->image : NULL;
    }

  if (source == NULL)
    return sandbox_picture_new (node->hash, words, PARTNER_EDGE, PARTNER_EDGE);

  result = sandbox_picture_new (node->hash, words, source->width, source->height);
  for (int y = 0; y < result->height; y++)
    for (int x = 0; x < result->width; x++)
      for (int c = 0; c < 3; c++)
        {
          float *value = sandbox_image_at (result, 0, y, x) + c;

          *value = 0.5f * *value
                   + 0.5f * sandbox_image_at (source, 0, y, x)[source->channels >= 3 ? c : 0];
        }

  return result;
}

/* The default for classes whose results are no pictures: loaders, text encoders, guiders,
 * schedulers. Hands on pictures, sizes and words. */
static gboolean
stand_in (SandboxNode  *node,
          GError      **error)
{
  static const char *const words[] = { "text", "prompt", "model_name" };
  const ComfyNodeClass *klass = comfy_node_table_lookup (node->run->table, node->class_type);
  const char *const *outputs = comfy_node_class_get_outputs (klass);

  for (unsigned int slot = 0; outputs[slot] != NULL; slot++)
    {
      SandboxValue *value;

      if (g_str_equal (outputs[slot], "IMAGE") && comfy_node_class_is_partner (klass))
        {
          sandbox_node_take_image (node, slot, ask_partner (node));
          continue;
        }
      if (g_str_equal (outputs[slot], "IMAGE") || g_str_equal (outputs[slot], "MASK"))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                       "The sandbox does not carry out %s.", node->class_type);
          return FALSE;
        }

      value = sandbox_node_add_output (node, slot);
      value->width = sandbox_node_get_int (node, "width");
      value->height = sandbox_node_get_int (node, "height");
      value->batch = sandbox_node_get_int (node, "batch_size");
      for (unsigned int i = 0; i < G_N_ELEMENTS (words) && value->text == NULL; i++)
        if (*sandbox_node_get_string (node, words[i]) != '\0')
          value->text = g_strdup (sandbox_node_get_string (node, words[i]));
      inherit_inputs (node, value);
    }

  return TRUE;
}

static SandboxImage *
generate (guint64     hash,
          const char *words,
          int         width,
          int         height,
          int         batch)
{
  SandboxImage *result = sandbox_image_new (batch, height, width, 3);

  for (int index = 0; index < batch; index++)
    {
      g_autoptr(SandboxImage) one =
        sandbox_picture_new (hash + (guint64) index, words, width, height);

      memcpy (sandbox_image_at (result, index, 0, 0), one->data,
              sandbox_image_get_count (one) * sizeof (float));
    }

  return result;
}

/* How strong the noise is in the block around a pixel: the strongest that the mask is in there. */
static SandboxImage *
make_block_mask (const SandboxImage *mask,
                 int                 width,
                 int                 height)
{
  g_autoptr(SandboxImage) scaled = sandbox_image_resize (mask, width, height, "bilinear");
  int columns = (width + NOISE_BLOCK - 1) / NOISE_BLOCK;
  int rows = (height + NOISE_BLOCK - 1) / NOISE_BLOCK;
  SandboxImage *result = sandbox_image_new (scaled->batch, rows, columns, 1);

  for (int index = 0; index < scaled->batch; index++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        {
          float *most = sandbox_image_at (result, index, y / NOISE_BLOCK, x / NOISE_BLOCK);

          *most = MAX (*most, CLAMP (*sandbox_image_at (scaled, index, y, x), 0.0f, 1.0f));
        }

  return result;
}

/* What a sampler starts from, and how much of it stays. */
typedef struct
{
  SandboxImage *kept;       /* what stays where there is no noise */
  SandboxImage *reference;  /* nullable: what the conditioning refers to, in the size of @kept */
  SandboxImage *noise;      /* nullable: by block, where there is noise; else everywhere */
  SandboxImage *fill;       /* nullable: what is to be filled; the rest is known to the model */
  float         denoise;    /* 0…1 */
} Canvas;

static void
canvas_clear (Canvas *canvas)
{
  g_clear_pointer (&canvas->kept, sandbox_image_unref);
  g_clear_pointer (&canvas->reference, sandbox_image_unref);
  g_clear_pointer (&canvas->noise, sandbox_image_unref);
  g_clear_pointer (&canvas->fill, sandbox_image_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Canvas, canvas_clear)

/* What is new of a pixel, 0…1. A model that edits, or knows what it must not fill, keeps to what is
 * there: half of it stays, so that geometry can be judged. */
static float
get_share (const Canvas *canvas,
           int           index,
           int           y,
           int           x)
{
  float share = canvas->denoise;

  if (canvas->fill != NULL)
    share *= 0.5f + 0.5f * CLAMP (*sandbox_image_at (canvas->fill, index % canvas->fill->batch, y,
                                                     x), 0.0f, 1.0f);
  else if (canvas->reference != NULL)
    share *= 0.5f;
  if (canvas->noise != NULL)
    share *= *sandbox_image_at (canvas->noise, index % canvas->noise->batch, y / NOISE_BLOCK,
                                x / NOISE_BLOCK);

  return share;
}

/* Paints @painted, which is handed back, over the canvas. Where nothing is new, every value stays
 * just as it is. */
static SandboxImage *
paint_over (const Canvas *canvas,
            SandboxImage *painted)
{
  const SandboxImage *under = canvas->reference != NULL ? canvas->reference : canvas->kept;

  for (int index = 0; index < painted->batch; index++)
    for (int y = 0; y < painted->height; y++)
      for (int x = 0; x < painted->width; x++)
        {
          float share = get_share (canvas, index, y, x);
          float *target = sandbox_image_at (painted, index, y, x);
          const float *kept = sandbox_image_at (canvas->kept, index % canvas->kept->batch, y, x);
          const float *below = sandbox_image_at (under, index % under->batch, y, x);

          for (int c = 0; c < 3; c++)
            target[c] = share > 0.0f ? below[c] * (1.0f - share) + target[c] * share : kept[c];
        }

  return painted;
}

/* Over the picture that the latent was made of, else over the one that the conditioning refers to;
 * an empty sheet gives what is generated, all of it. */
static SandboxImage *
sample_pictures (SandboxValue *latent,
                 SandboxValue *positive,
                 double        denoise,
                 guint64       hash,
                 int           width,
                 int           height)
{
  g_auto(Canvas) canvas = { .denoise = (float) CLAMP (denoise, 0.0, 1.0) };
  int batch = MAX (1, latent->image != NULL ? latent->image->batch : latent->batch);
  SandboxImage *painted = generate (hash, positive->text, width, height, batch);

  if (latent->image == NULL && positive->image == NULL)
    return painted;

  if (positive->image != NULL)
    canvas.reference = sandbox_image_resize (positive->image, width, height, "bicubic");
  canvas.kept = sandbox_image_ref (latent->image != NULL ? latent->image : canvas.reference);
  if (latent->mask != NULL)
    canvas.noise = make_block_mask (latent->mask, width, height);
  if (positive->mask != NULL)
    canvas.fill = sandbox_image_resize (positive->mask, width, height, "bilinear");

  return paint_over (&canvas, painted);
}

/* A latent of several frames: the picture that the conditioning refers to, taken apart. */
static SandboxImage *
sample_layers (SandboxValue *latent,
               SandboxValue *positive,
               guint64       hash,
               int           width,
               int           height)
{
  g_autoptr(SandboxImage) picture =
    positive->image != NULL ? sandbox_image_resize (positive->image, width, height, "bicubic")
                            : generate (hash, positive->text, width, height, 1);
  SandboxImage *result = sandbox_image_new (latent->batch * latent->frames, height, width, 4);

  for (int i = 0; i < latent->batch; i++)
    {
      g_autoptr(SandboxImage) frames =
        sandbox_layers_new (picture, hash + (guint64) i, positive->text, latent->frames);

      memcpy (sandbox_image_at (result, i * latent->frames, 0, 0), frames->data,
              sandbox_image_get_count (frames) * sizeof (float));
    }

  return result;
}

/* KSampler and SamplerCustomAdvanced. */
static gboolean
sample (SandboxNode  *node,
        GError      **error)
{
  SandboxValue *latent = sandbox_node_get_value (node, "latent_image");
  SandboxValue *positive = sandbox_node_get_value (node, "positive");
  double denoise = comfy_workflow_has_input (node->run->workflow, node->id, "denoise")
                   ? sandbox_node_get_double (node, "denoise") : 1.0;
  SandboxValue *value;

  if (positive == NULL)
    positive = sandbox_node_get_value (node, "guider");
  if (latent == NULL || positive == NULL || latent->width < NOISE_BLOCK
      || latent->height < NOISE_BLOCK)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "there is nothing to sample from");
      return FALSE;
    }

  value = sandbox_node_add_output (node, 0);
  value->width = latent->width;
  value->height = latent->height;
  if (latent->frames > 0)
    value->image = sample_layers (latent, positive, node->hash, latent->width, latent->height);
  else
    value->image = sample_pictures (latent, positive, denoise, node->hash, latent->width,
                                    latent->height);

  sandbox_node_show (node, value->image);

  /* SamplerCustomAdvanced has a second slot, the denoised latent: the same here */
  sandbox_node_pass (node, 1, value);
  return TRUE;
}

/* A model called x2 or 2x doubles, every other makes it four times as large; bicubic. */
static gboolean
upscale (SandboxNode  *node,
         GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  SandboxValue *model = sandbox_node_get_value (node, "upscale_model");
  const char *name = model != NULL && model->text != NULL ? model->text : "";
  int factor = strstr (name, "x2") != NULL || strstr (name, "2x") != NULL ? 2 : 4;

  return image != NULL
         && sandbox_node_take_image (node, 0,
                                     sandbox_image_resize (image, image->width * factor,
                                                           image->height * factor, "bicubic"));
}

static gboolean
remove_background (SandboxNode  *node,
                   GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);

  return image != NULL && sandbox_node_take_image (node, 0, sandbox_find_subject (image));
}

static gboolean
detect (SandboxNode  *node,
        GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  SandboxValue *words = sandbox_node_get_value (node, "conditioning");
  SandboxValue *box;

  if (image == NULL)
    return FALSE;

  box = sandbox_node_add_output (node, 1);
  box->width = image->width;
  box->height = image->height;
  return sandbox_node_take_image (node, 0,
                                  sandbox_find_named (image, words != NULL ? words->text : NULL));
}

/**
 * sandbox_nodes_models_lookup:
 *
 * Returns: what stands in for the class; never %NULL
 */
SandboxNodeFunc
sandbox_nodes_models_lookup (const char *class_type)
{
  static const struct
  {
    const char      *class_type;
    SandboxNodeFunc  func;
  } nodes[] = {
    { "KSampler", sample },
    { "SamplerCustomAdvanced", sample },
    { "ImageUpscaleWithModel", upscale },
    { "RemoveBackground", remove_background },
    { "SAM3_Detect", detect },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (nodes); i++)
    if (g_str_equal (nodes[i].class_type, class_type))
      return nodes[i].func;

  return stand_in;
}
