/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-comparison"

#include "config.h"

#include "comfy-comparison.h"

G_DEFINE_BOXED_TYPE (ComfyComparison, comfy_comparison, comfy_comparison_copy,
                     comfy_comparison_free)

/**
 * comfy_comparison_new:
 * @before: (nullable): RGBA of 8 bits; %NULL: there is no image that the result would go into
 * @after: RGBA of 8 bits, as large as @before
 * @crop: px of the image: what both show
 *
 * Returns: (transfer full): a comparison that holds references to both
 */
ComfyComparison *
comfy_comparison_new (ComfyPixels     *before,
                      ComfyPixels     *after,
                      const ComfyRect *crop)
{
  ComfyComparison *self;

  g_return_val_if_fail (after != NULL && crop != NULL, NULL);

  self = g_new0 (ComfyComparison, 1);
  self->before = before != NULL ? comfy_pixels_ref (before) : NULL;
  self->after = comfy_pixels_ref (after);
  self->crop = *crop;

  return self;
}

/**
 * comfy_comparison_copy:
 *
 * Returns: (transfer full): another one of the same pictures
 */
ComfyComparison *
comfy_comparison_copy (const ComfyComparison *self)
{
  return comfy_comparison_new (self->before, self->after, &self->crop);
}

/**
 * comfy_comparison_free:
 * @self: (transfer full): a comparison
 */
void
comfy_comparison_free (ComfyComparison *self)
{
  g_clear_pointer (&self->before, comfy_pixels_unref);
  comfy_pixels_unref (self->after);
  g_free (self);
}
