/* SPDX-License-Identifier: GPL-3.0-or-later */

/* ImageInvert, ImageBlend, ImageBlur, ImageSharpen: ComfyUI's nodes.py and
 * nodes_post_processing.py. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <math.h>

#include "sandbox-node.h"

static gboolean
image_invert (SandboxNode  *node,
              GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  SandboxImage *result;

  if (image == NULL)
    return FALSE;

  result = sandbox_image_copy (image);
  for (gsize i = 0; i < sandbox_image_get_count (image); i++)
    result->data[i] = 1.0f - image->data[i];

  return sandbox_node_take_image (node, 0, result);
}

static float
soft_light_curve (float x)
{
  return x <= 0.25f ? ((16.0f * x - 12.0f) * x + 4.0f) * x : sqrtf (x);
}

static float
blend (const char *mode,
       float       a,
       float       b)
{
  if (g_str_equal (mode, "multiply"))
    return a * b;
  if (g_str_equal (mode, "screen"))
    return 1.0f - (1.0f - a) * (1.0f - b);
  if (g_str_equal (mode, "overlay"))
    return a <= 0.5f ? 2.0f * a * b : 1.0f - 2.0f * (1.0f - a) * (1.0f - b);
  if (g_str_equal (mode, "soft_light"))
    return b <= 0.5f ? a - (1.0f - 2.0f * b) * a * (1.0f - a)
                     : a + (2.0f * b - 1.0f) * (soft_light_curve (a) - a);
  if (g_str_equal (mode, "difference"))
    return a - b;
  return b;
}

static gboolean
image_blend (SandboxNode  *node,
             GError      **error)
{
  SandboxImage *first = sandbox_node_get_image (node, "image1", error);
  SandboxImage *given = first != NULL ? sandbox_node_get_image (node, "image2", error) : NULL;
  const char *mode = sandbox_node_get_string (node, "blend_mode");
  float factor = (float) sandbox_node_get_double (node, "blend_factor");
  g_autoptr(SandboxImage) second = NULL;
  SandboxImage *result;

  if (given == NULL)
    return FALSE;

  if (given->width == first->width && given->height == first->height)
    second = sandbox_image_ref (given);
  else
    second = sandbox_image_resize_cropped (given, first->width, first->height, "bicubic");

  result = sandbox_image_copy (first);
  for (int index = 0; index < first->batch; index++)
    for (int y = 0; y < first->height; y++)
      for (int x = 0; x < first->width; x++)
        for (int c = 0; c < first->channels; c++)
          {
            float a = sandbox_image_at (first, index, y, x)[c];
            float b = c < second->channels
                      ? sandbox_image_at (second, index % second->batch, y, x)[c] : 1.0f;
            float value = a * (1.0f - factor) + blend (mode, a, b) * factor;

            sandbox_image_at (result, index, y, x)[c] = CLAMP (value, 0.0f, 1.0f);
          }

  return sandbox_node_take_image (node, 0, result);
}

/* torch's "reflect": the edge itself is not repeated */
static int
reflect (int position,
         int length)
{
  if (position < 0)
    return -position;
  if (position >= length)
    return 2 * (length - 1) - position;
  return position;
}

/* Both kernels are products of this one with itself: 2 r + 1 values of a Gaussian over -1…1, so
 * that sigma is relative to the kernel, as in ComfyUI. The sum is 1. */
static float *
make_gauss (int    radius,
            double sigma)
{
  float *kernel = g_new (float, 2 * radius + 1);
  double sum = 0.0;

  for (int i = -radius; i <= radius; i++)
    {
      double d = (double) i / radius;

      kernel[i + radius] = (float) exp (-d * d / (2.0 * sigma * sigma));
      sum += kernel[i + radius];
    }
  for (int i = 0; i <= 2 * radius; i++)
    kernel[i] = (float) (kernel[i] / sum);

  return kernel;
}

static SandboxImage *
convolve (const SandboxImage *image,
          const float        *kernel,
          int                 radius,
          gboolean            vertical)
{
  SandboxImage *result =
    sandbox_image_new (image->batch, image->height, image->width, image->channels);

  for (int index = 0; index < image->batch; index++)
    for (int y = 0; y < image->height; y++)
      for (int x = 0; x < image->width; x++)
        {
          float *target = sandbox_image_at (result, index, y, x);

          for (int i = -radius; i <= radius; i++)
            {
              const float *source =
                vertical ? sandbox_image_at (image, index, reflect (y + i, image->height), x)
                         : sandbox_image_at (image, index, y, reflect (x + i, image->width));

              for (int c = 0; c < image->channels; c++)
                target[c] += kernel[i + radius] * source[c];
            }
        }

  return result;
}

static SandboxImage *
blur (const SandboxImage  *image,
      int                  radius,
      double               sigma,
      GError             **error)
{
  g_autofree float *kernel = NULL;
  g_autoptr(SandboxImage) once = NULL;

  /* as torch: what is reflected must exist */
  if (radius >= image->width || radius >= image->height)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   "a radius of %d is too large for %d x %d pixels", radius, image->width,
                   image->height);
      return NULL;
    }

  kernel = make_gauss (radius, sigma);
  once = convolve (image, kernel, radius, FALSE);
  return convolve (once, kernel, radius, TRUE);
}

static gboolean
image_blur (SandboxNode  *node,
            GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  SandboxImage *result;

  if (image == NULL)
    return FALSE;

  result = blur (image, sandbox_node_get_int (node, "blur_radius"),
                 sandbox_node_get_double (node, "sigma"), error);
  return result != NULL && sandbox_node_take_image (node, 0, result);
}

/* ComfyUI's kernel is -10 alpha g, its middle raised to a sum of 1: x + 10 alpha (x - g * x) */
static gboolean
image_sharpen (SandboxNode  *node,
               GError      **error)
{
  SandboxImage *image = sandbox_node_get_image (node, "image", error);
  float strength = 10.0f * (float) sandbox_node_get_double (node, "alpha");
  SandboxImage *result;

  if (image == NULL)
    return FALSE;

  result = blur (image, sandbox_node_get_int (node, "sharpen_radius"),
                 sandbox_node_get_double (node, "sigma"), error);
  if (result == NULL)
    return FALSE;

  for (gsize i = 0; i < sandbox_image_get_count (image); i++)
    {
      float value = image->data[i] + strength * (image->data[i] - result->data[i]);

      result->data[i] = CLAMP (value, 0.0f, 1.0f);
    }

  return sandbox_node_take_image (node, 0, result);
}

/**
 * sandbox_nodes_filters_lookup:
 *
 * Returns: (nullable): what carries out the class
 */
SandboxNodeFunc
sandbox_nodes_filters_lookup (const char *class_type)
{
  static const struct
  {
    const char      *class_type;
    SandboxNodeFunc  func;
  } nodes[] = {
    { "ImageInvert", image_invert },
    { "ImageBlend", image_blend },
    { "ImageBlur", image_blur },
    { "ImageSharpen", image_sharpen },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (nodes); i++)
    if (g_str_equal (nodes[i].class_type, class_type))
      return nodes[i].func;

  return NULL;
}
