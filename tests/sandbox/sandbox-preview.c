/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a sampler shows while it works: small JPEG pictures of what will come out of it, first under
 * much noise, then under little. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include "sandbox-node.h"

/* px; as ComfyUI's own previews are at most */
#define PREVIEW_EDGE 512

static void
preview_free (gpointer data)
{
  SandboxPreview *self = data;

  g_free (self->node_id);
  g_bytes_unref (self->jpeg);
  g_free (self);
}

/**
 * sandbox_previews_new:
 *
 * Returns: (transfer full) (element-type SandboxPreview): none yet
 */
GPtrArray *
sandbox_previews_new (void)
{
  return g_ptr_array_new_with_free_func (preview_free);
}

static SandboxImage *
make_small (const SandboxImage *sampled)
{
  double scale = MIN (1.0, (double) PREVIEW_EDGE / MAX (sampled->width, sampled->height));

  return sandbox_image_resize (sampled, MAX (1, (int) (sampled->width * scale)),
                               MAX (1, (int) (sampled->height * scale)), "area");
}

/* @noise: 0…1, how much of the picture is still grain */
static GBytes *
write_noisy (const SandboxImage *small,
             guint64             hash,
             float               noise)
{
  g_autoptr(SandboxImage) noisy = sandbox_image_copy (small);
  g_autoptr(GRand) random = g_rand_new_with_seed ((guint32) hash);
  gsize count = sandbox_image_get_count (noisy);

  for (gsize i = 0; i < count; i++)
    noisy->data[i] = (1.0f - noise) * noisy->data[i] + noise * (float) g_rand_double (random);

  return sandbox_image_write_jpeg (noisy);
}

/**
 * sandbox_node_show:
 * @sampled: what comes out of the node; of a batch the first picture is shown
 *
 * Keeps what the node shows, from the first step to the last one.
 */
void
sandbox_node_show (SandboxNode        *node,
                   const SandboxImage *sampled)
{
  static const float noise[] = { 0.75f, 0.4f, 0.1f };
  g_autoptr(SandboxImage) small = NULL;

  if (node->run->previews == NULL)
    return;

  small = make_small (sampled);
  for (unsigned int i = 0; i < G_N_ELEMENTS (noise); i++)
    {
      SandboxPreview *preview = g_new0 (SandboxPreview, 1);

      preview->node_id = g_strdup (node->id);
      preview->jpeg = write_noisy (small, node->hash, noise[i]);
      g_ptr_array_add (node->run->previews, preview);
    }
}
