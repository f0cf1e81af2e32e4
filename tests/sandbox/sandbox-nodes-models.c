/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What stands in for models. Nothing here computes what the model would; every result is plainly
 * synthetic, but depends on all that it would depend on: values carry a hash of everything
 * upstream, and latents and conditionings carry the uploaded picture that they were made of. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <math.h>
#include <string.h>

#include "sandbox-node.h"

/* latents of all models here are made of blocks of this many pixels */
#define LATENT_BLOCK 8

/* The default for classes whose results are no pictures: loaders, conditionings, schedulers, empty
 * latents, encoders. Hands on the first picture, size and words found among the inputs. */
static gboolean
stand_in (SandboxNode  *node,
          GError      **error)
{
  static const char *const words[] = { "text", "prompt", "model_name" };
  const ComfyNodeClass *klass = comfy_node_table_lookup (node->run->table, node->class_type);
  const char *const *outputs = comfy_node_class_get_outputs (klass);
  g_auto(GStrv) inputs = comfy_workflow_dup_inputs (node->run->workflow, node->id);

  for (unsigned int slot = 0; outputs[slot] != NULL; slot++)
    {
      SandboxValue *value;

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

      for (unsigned int i = 0; inputs[i] != NULL; i++)
        {
          SandboxValue *source = sandbox_node_get_value (node, inputs[i]);

          if (source == NULL)
            continue;
          if (value->image == NULL && source->image != NULL && source->image->channels >= 3)
            value->image = sandbox_image_ref (source->image);
          if (value->text == NULL)
            value->text = g_strdup (source->text);
          if (value->width == 0)
            {
              value->width = source->width;
              value->height = source->height;
              value->batch = source->batch;
            }
        }
    }

  return TRUE;
}

/* VAEEncode cuts what does not fill a block, equally from both sides. */
static SandboxImage *
cut_to_blocks (const SandboxImage *image)
{
  int width = MAX (LATENT_BLOCK, image->width / LATENT_BLOCK * LATENT_BLOCK);
  int height = MAX (LATENT_BLOCK, image->height / LATENT_BLOCK * LATENT_BLOCK);
  int left = MAX (0, (image->width - width) / 2);
  int top = MAX (0, (image->height - height) / 2);
  SandboxImage *result = sandbox_image_new (image->batch, height, width, 3);

  for (int index = 0; index < image->batch; index++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        memcpy (sandbox_image_at (result, index, y, x),
                sandbox_image_at (image, index, MIN (y + top, image->height - 1),
                                  MIN (x + left, image->width - 1)),
                3 * sizeof (float));

  return result;
}

/* An "edited" picture: the one that was sent, washed over with the one that would be generated. */
static SandboxImage *
repaint (const SandboxImage *image,
         guint64             hash,
         const char         *words,
         double              denoise)
{
  g_autoptr(SandboxImage) wash = sandbox_picture_new (hash, words, image->width, image->height);
  SandboxImage *result = sandbox_image_copy (image);
  float share = 0.5f * (float) CLAMP (denoise, 0.0, 1.0);
  gsize one = sandbox_image_get_count (wash);

  for (gsize i = 0; i < sandbox_image_get_count (result); i++)
    result->data[i] = result->data[i] * (1.0f - share) + wash->data[i % one] * share;

  return result;
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

/* KSampler and SamplerCustomAdvanced: paints over the picture that the latent was made of, else
 * over the one that the conditioning refers to, else on an empty sheet. */
static gboolean
sample (SandboxNode  *node,
        GError      **error)
{
  SandboxValue *latent = sandbox_node_get_value (node, "latent_image");
  SandboxValue *positive = sandbox_node_get_value (node, "positive");
  double denoise = comfy_workflow_has_input (node->run->workflow, node->id, "denoise")
                   ? sandbox_node_get_double (node, "denoise") : 1.0;
  SandboxValue *value;
  int width;
  int height;

  if (positive == NULL)
    positive = sandbox_node_get_value (node, "guider");
  if (latent == NULL || positive == NULL
      || (latent->image == NULL && (latent->width < LATENT_BLOCK || latent->height < LATENT_BLOCK)))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "there is nothing to sample from");
      return FALSE;
    }

  value = sandbox_node_add_output (node, 0);
  width = latent->width / LATENT_BLOCK * LATENT_BLOCK;
  height = latent->height / LATENT_BLOCK * LATENT_BLOCK;

  if (latent->image != NULL || positive->image != NULL)
    {
      const SandboxImage *source = latent->image != NULL ? latent->image : positive->image;
      g_autoptr(SandboxImage) sheet =
        latent->image != NULL ? cut_to_blocks (source)
                              : sandbox_image_resize (source, width, height, "bicubic");

      value->image = repaint (sheet, node->hash, positive->text, denoise);
    }
  else
    value->image = generate (node->hash, positive->text, width, height, MAX (1, latent->batch));

  /* SamplerCustomAdvanced has a second slot, the denoised latent: the same here */
  return sandbox_node_take_image (node, 1, sandbox_image_ref (value->image));
}

static gboolean
decode (SandboxNode  *node,
        GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "samples", error);

  return image != NULL && sandbox_node_take_image (node, 0, sandbox_image_ref (image));
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

/* A "subject": what differs from the mean colour along the picture's edge. */
static SandboxImage *
find_subject (const SandboxImage *image)
{
  SandboxImage *mask = sandbox_image_new (image->batch, image->height, image->width, 1);
  double sum[3] = { 0.0 };
  int count = 0;

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      if (y == 0 || x == 0 || y == image->height - 1 || x == image->width - 1)
        {
          for (int c = 0; c < 3; c++)
            sum[c] += sandbox_image_at (image, 0, y, x)[c];
          count++;
        }

  for (gsize i = 0; i < sandbox_image_get_count (mask); i++)
    {
      const float *pixel = image->data + i * image->channels;
      double distance = 0.0;

      for (int c = 0; c < 3; c++)
        distance += fabs (pixel[c] - sum[c] / count);
      mask->data[i] = (float) CLAMP (4.0 * distance - 0.5, 0.0, 1.0);
    }

  return mask;
}

static gboolean
segment (SandboxNode  *node,
         GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);

  return image != NULL && sandbox_node_take_image (node, 0, find_subject (image));
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
    { "VAEDecode", decode },
    { "ImageUpscaleWithModel", upscale },
    { "RemoveBackground", segment },
    { "SAM3_Detect", segment },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (nodes); i++)
    if (g_str_equal (nodes[i].class_type, class_type))
      return nodes[i].func;

  return stand_in;
}
