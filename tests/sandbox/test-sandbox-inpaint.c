/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is painted anew where there is a mask, and that the rest is left alone. */

#include "config.h"

#include <string.h>

#include "test-upload.h"

static void
test_inpaint (gconstpointer data)
{
  g_autoptr(ComfyWorkflow) workflow = load_small (data);
  g_autoptr(GBytes) a = make_upload (0);
  g_autoptr(GBytes) b = make_mask (FALSE);
  g_autoptr(GBytes) nothing = make_mask (TRUE);
  g_autoptr(SandboxImage) upload = decode_png (a);
  g_autoptr(SandboxImage) result = run_first (workflow, a, b);
  g_autoptr(SandboxImage) kept = run_first (workflow, a, nothing);
  int changed = 0;
  int masked = 0;

  g_assert_cmpint (result->width, ==, WIDTH);
  g_assert_cmpint (result->height, ==, HEIGHT);
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        g_assert_cmpint (get_difference (upload, kept, x, y), ==, 0);
        if (!is_in_masked_block (x, y))
          g_assert_cmpint (get_difference (upload, result, x, y), ==, 0);
        masked += is_masked (x, y);
        changed += is_masked (x, y) && get_difference (upload, result, x, y) > 8;
      }

  g_assert_cmpint (changed, >, masked * 95 / 100);
}

/* What a sampler makes of a mask before anything is laid over it. */
static void
test_noise_mask (void)
{
  g_autoptr(ComfyWorkflow) workflow = load_small ("inpaint_flux_fill.json");
  g_autofree char *id = find_node (workflow, "noise_mask");
  g_autoptr(GBytes) a = make_upload (0);
  g_autoptr(GBytes) b = make_mask (FALSE);
  g_autoptr(SandboxImage) upload = decode_png (a);
  g_autoptr(SandboxImage) masked = run_first (workflow, a, b);
  g_autoptr(SandboxImage) open = NULL;

  /* the whole block is painted, as a latent knows no less */
  g_assert_cmpint (get_difference (upload, masked, MASK_LEFT - 3, MASK_TOP + 5), >, 8);

  comfy_workflow_set_boolean (workflow, id, "noise_mask", FALSE, NULL);
  open = run_first (workflow, a, b);
  g_assert_cmpint (get_difference (upload, open, 5, 5), >, 8);
}

static void
test_outpaint (gconstpointer data)
{
  g_autoptr(ComfyWorkflow) workflow = load_small (data);
  g_autofree char *id = find_node (workflow, "right");
  g_autoptr(GBytes) a = make_upload (0);
  g_autoptr(SandboxImage) upload = decode_png (a);
  g_autoptr(SandboxImage) result = NULL;
  int grey = 0;

  comfy_workflow_set_int (workflow, id, "right", 64, NULL);
  result = run_first (workflow, a, NULL);
  g_assert_cmpint (result->width, ==, WIDTH + 64);
  g_assert_cmpint (result->height, ==, HEIGHT);

  for (int y = 0; y < HEIGHT; y++)
    {
      /* far from the seam, whose mask is blurred */
      for (int x = 0; x < WIDTH - 64; x++)
        g_assert_cmpint (get_difference (upload, result, x, y), ==, 0);
      for (int x = WIDTH; x < WIDTH + 64; x++)
        grey += ABS (value_at (result, x, y, 0) - 127) < 3 && ABS (value_at (result, x, y, 1) - 127)
                < 3;
    }
  g_assert_cmpint (grey, <, 64 * HEIGHT / 20);
}

/* FLUX.2's blocks are 16 px, all others 8. */
static void
test_latent_blocks (void)
{
  g_autofree guint8 *values = g_malloc0 (44 * 60);
  g_autoptr(GBytes) odd = make_grey (44, 60, values);
  g_autoptr(GBytes) mask = make_grey (44, 60, values);
  g_autoptr(ComfyWorkflow) fill = load_graph ("inpaint_flux_fill.json");
  g_autoptr(ComfyWorkflow) klein = load_graph ("t2i_flux2_klein_4b.json");
  g_autofree char *id = find_node (klein, "batch_size");
  g_autoptr(SandboxImage) filled = run_first (fill, odd, mask);
  g_autoptr(SandboxImage) made = NULL;

  comfy_workflow_set_int (klein, id, "width", 72, NULL);
  comfy_workflow_set_int (klein, id, "height", 80, NULL);
  made = run_first (klein, NULL, NULL);

  g_assert_cmpint (filled->width, ==, 40);
  g_assert_cmpint (filled->height, ==, 56);
  g_assert_cmpint (made->width, ==, 64);
  g_assert_cmpint (made->height, ==, 80);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/sandbox-inpaint/inpaint-keeps-what-is-outside/flux",
                        "inpaint_flux_fill.json", test_inpaint);
  g_test_add_data_func ("/sandbox-inpaint/inpaint-keeps-what-is-outside/qwen",
                        "inpaint_qwen.json", test_inpaint);
  g_test_add_func ("/sandbox-inpaint/noise-mask-counts-in-blocks", test_noise_mask);
  g_test_add_data_func ("/sandbox-inpaint/outpaint-fills-what-was-added/flux",
                        "outpaint_flux_fill.json", test_outpaint);
  g_test_add_data_func ("/sandbox-inpaint/outpaint-fills-what-was-added/qwen",
                        "outpaint_qwen.json", test_outpaint);
  g_test_add_func ("/sandbox-inpaint/blocks-of-latents", test_latent_blocks);

  return g_test_run ();
}
