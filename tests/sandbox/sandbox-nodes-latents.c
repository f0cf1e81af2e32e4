/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The way of pictures and masks into latents and conditionings, and out again. A latent holds the
 * very pixels that it was made of, so that a test sees exactly what a sampler has changed. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "sandbox-node.h"

/* latents of nearly all models are made of blocks of this many pixels */
#define LATENT_BLOCK 8
/* those of FLUX.2 */
#define WIDE_BLOCK   16

static gboolean
load_vae (SandboxNode  *node,
          GError      **error)
{
  SandboxValue *value = sandbox_node_add_output (node, 0);

  value->block = strstr (sandbox_node_get_string (node, "vae_name"), "flux2-vae") != NULL
                 ? WIDE_BLOCK : LATENT_BLOCK;
  return TRUE;
}

/* A VAE cuts what does not fill a block, equally from both sides; of a picture that is smaller than
 * a block it repeats the edge. */
static SandboxImage *
cut_to_blocks (const SandboxImage *image,
               int                 block)
{
  int width = MAX (block, image->width / block * block);
  int height = MAX (block, image->height / block * block);
  int left = MAX (0, (image->width - width) / 2);
  int top = MAX (0, (image->height - height) / 2);
  int channels = MIN (image->channels, 3);
  SandboxImage *result = sandbox_image_new (image->batch, height, width, channels);

  for (int index = 0; index < image->batch; index++)
    for (int y = 0; y < height; y++)
      for (int x = 0; x < width; x++)
        memcpy (sandbox_image_at (result, index, y, x),
                sandbox_image_at (image, index, MIN (y + top, image->height - 1),
                                  MIN (x + left, image->width - 1)),
                channels * sizeof (float));

  return result;
}

static int
get_block (SandboxNode *node)
{
  SandboxValue *vae = sandbox_node_get_value (node, "vae");

  return vae != NULL && vae->block != 0 ? vae->block : LATENT_BLOCK;
}

static SandboxValue *
add_latent (SandboxNode        *node,
            unsigned int        slot,
            const SandboxImage *image)
{
  SandboxValue *latent = sandbox_node_add_output (node, slot);

  latent->image = cut_to_blocks (image, get_block (node));
  latent->width = latent->image->width;
  latent->height = latent->image->height;
  latent->batch = latent->image->batch;
  return latent;
}

static gboolean
vae_encode (SandboxNode  *node,
            GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "pixels", error);

  if (image == NULL)
    return FALSE;

  add_latent (node, 0, image);
  return TRUE;
}

/* The mask grows by half of the pixels to each side, as a square. */
static gboolean
vae_encode_for_inpaint (SandboxNode  *node,
                        GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "pixels", error);
  SandboxImage *given = image != NULL ? sandbox_node_get_image (node, "mask", error) : NULL;
  int reach = sandbox_node_get_int (node, "grow_mask_by") / 2;
  g_autoptr(SandboxImage) scaled = NULL;
  g_autoptr(SandboxImage) mask = NULL;

  if (given == NULL)
    return FALSE;

  scaled = sandbox_image_resize (given, image->width, image->height, "bilinear");
  mask = cut_to_blocks (scaled, get_block (node));
  for (int i = 0; i < reach; i++)
    {
      g_autoptr(SandboxImage) before = g_steal_pointer (&mask);

      mask = sandbox_image_grow (before, FALSE, FALSE);
    }

  add_latent (node, 0, image)->mask = g_steal_pointer (&mask);
  return TRUE;
}

static gboolean
latent_upscale_by (SandboxNode  *node,
                   GError      **error)
{
  SandboxValue *samples = sandbox_node_get_value (node, "samples");
  double factor = sandbox_node_get_double (node, "scale_by");
  SandboxValue *latent;

  sandbox_node_pass (node, 0, samples);
  latent = sandbox_node_get_output (node, 0);
  latent->width = MAX (1, (int) (latent->width / LATENT_BLOCK * factor)) * LATENT_BLOCK;
  latent->height = MAX (1, (int) (latent->height / LATENT_BLOCK * factor)) * LATENT_BLOCK;
  if (latent->image != NULL)
    {
      g_autoptr(SandboxImage) before = latent->image;

      latent->image = sandbox_image_resize (before, latent->width, latent->height, "bilinear");
    }

  return TRUE;
}

static gboolean
vae_decode (SandboxNode  *node,
            GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "samples", error);

  return image != NULL && sandbox_node_take_image (node, 0, sandbox_image_ref (image));
}

static gboolean
empty_latent (SandboxNode  *node,
              GError      **error)
{
  SandboxValue *latent = sandbox_node_add_output (node, 0);
  int block = g_str_equal (node->class_type, "EmptyFlux2LatentImage") ? WIDE_BLOCK : LATENT_BLOCK;

  latent->width = sandbox_node_get_int (node, "width") / block * block;
  latent->height = sandbox_node_get_int (node, "height") / block * block;
  latent->batch = MAX (1, sandbox_node_get_int (node, "batch_size"));
  if (g_str_equal (node->class_type, "EmptyQwenImageLayeredLatentImage"))
    latent->frames = sandbox_node_get_int (node, "layers") + 1;

  return TRUE;
}

/* What has been sampled is frames one after the other already: there is nothing to do along time,
 * and a picture is not taken apart along its edges here. */
static gboolean
latent_cut_to_batch (SandboxNode  *node,
                     GError      **error)
{
  if (!g_str_equal (sandbox_node_get_string (node, "dim"), "t"))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                           "The sandbox cuts latents along \"t\" only.");
      return FALSE;
    }

  sandbox_node_pass (node, 0, sandbox_node_get_value (node, "samples"));
  return TRUE;
}

static gboolean
set_latent_noise_mask (SandboxNode  *node,
                       GError      **error)
{
  SandboxImage *mask = sandbox_node_get_image (node, "mask", error);
  SandboxValue *latent;

  if (mask == NULL)
    return FALSE;

  sandbox_node_pass (node, 0, sandbox_node_get_value (node, "samples"));
  latent = sandbox_node_get_output (node, 0);
  g_clear_pointer (&latent->mask, sandbox_image_unref);
  latent->mask = sandbox_image_ref (mask);
  return TRUE;
}

/* Hands both conditionings on, told what is to be filled; what they refer to otherwise stays. */
static void
pass_conditionings (SandboxNode  *node,
                    SandboxImage *mask)
{
  static const char *const inputs[] = { "positive", "negative" };

  for (unsigned int slot = 0; slot < G_N_ELEMENTS (inputs); slot++)
    {
      SandboxValue *value;

      sandbox_node_pass (node, slot, sandbox_node_get_value (node, inputs[slot]));
      value = sandbox_node_get_output (node, slot);
      g_clear_pointer (&value->mask, sandbox_image_unref);
      value->mask = sandbox_image_ref (mask);
    }
}

/* The mask is scaled to the picture and cut as it is. */
static gboolean
inpaint_model_conditioning (SandboxNode  *node,
                            GError      **error)
{
  SandboxImage *pixels = sandbox_node_get_image (node, "pixels", error);
  SandboxImage *given = pixels != NULL ? sandbox_node_get_image (node, "mask", error) : NULL;
  g_autoptr(SandboxImage) scaled = NULL;
  g_autoptr(SandboxImage) mask = NULL;
  SandboxValue *latent;

  if (given == NULL)
    return FALSE;

  scaled = sandbox_image_resize (given, pixels->width, pixels->height, "bilinear");
  mask = cut_to_blocks (scaled, get_block (node));
  pass_conditionings (node, mask);
  latent = add_latent (node, 2, pixels);
  if (sandbox_node_get_boolean (node, "noise_mask"))
    latent->mask = sandbox_image_ref (mask);

  return TRUE;
}

static gboolean
control_net_inpainting (SandboxNode  *node,
                        GError      **error)
{
  SandboxImage *mask = sandbox_node_get_image (node, "mask", error);

  if (mask == NULL)
    return FALSE;

  pass_conditionings (node, mask);
  return TRUE;
}

/**
 * sandbox_nodes_latents_lookup:
 *
 * Returns: (nullable): what carries out the class
 */
SandboxNodeFunc
sandbox_nodes_latents_lookup (const char *class_type)
{
  static const struct
  {
    const char      *class_type;
    SandboxNodeFunc  func;
  } nodes[] = {
    { "VAELoader", load_vae },
    { "VAEEncode", vae_encode },
    { "VAEEncodeForInpaint", vae_encode_for_inpaint },
    { "VAEDecode", vae_decode },
    { "EmptyLatentImage", empty_latent },
    { "EmptySD3LatentImage", empty_latent },
    { "EmptyFlux2LatentImage", empty_latent },
    { "EmptyQwenImageLayeredLatentImage", empty_latent },
    { "LatentUpscaleBy", latent_upscale_by },
    { "LatentCutToBatch", latent_cut_to_batch },
    { "SetLatentNoiseMask", set_latent_noise_mask },
    { "InpaintModelConditioning", inpaint_model_conditioning },
    { "ControlNetInpaintingAliMamaApply", control_net_inpainting },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (nodes); i++)
    if (g_str_equal (nodes[i].class_type, class_type))
      return nodes[i].func;

  return NULL;
}
