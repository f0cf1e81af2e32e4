/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A small upload, a mask for it, and graphs with models made as small as these. */

#include "config.h"

#include <string.h>

#include "test-upload.h"

/* whether make_mask() has the pixel */
gboolean
is_masked (int x,
           int y)
{
  return x >= MASK_LEFT && x < MASK_RIGHT && y >= MASK_TOP && y < MASK_BOTTOM;
}

/* A red disc on a ground that runs from dark to light; another @shade gives another picture. With
 * @hole it is transparent where the mask is. */
GBytes *
make_upload_with (int      shade,
                  gboolean hole)
{
  g_autofree guint8 *values = g_malloc (WIDTH * HEIGHT * 4);
  int channels = hole ? 4 : 3;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        guint8 *pixel = values + channels * (y * WIDTH + x);
        gboolean disc = (x - 50) * (x - 50) + (y - 45) * (y - 45) < 20 * 20;

        pixel[0] = (guint8) (disc ? 230 : 40 + x / 4 + shade);
        pixel[1] = (guint8) (disc ? 20 : 40 + x / 4);
        pixel[2] = (guint8) (disc ? 20 : 40 + y / 4);
        if (hole)
          pixel[3] = is_masked (x, y) ? 0 : 255;
      }

  return make_png (WIDTH, HEIGHT, channels, values);
}

/* as make_upload_with (), opaque */
GBytes *
make_upload (int shade)
{
  return make_upload_with (shade, FALSE);
}

/* white is what is to change; an empty one is black */
GBytes *
make_mask (gboolean empty)
{
  g_autofree guint8 *values = g_malloc0 (WIDTH * HEIGHT);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      values[y * WIDTH + x] = !empty && is_masked (x, y) ? 255 : 0;

  return make_grey (WIDTH, HEIGHT, values);
}

/* whether the mask reaches into the block of 8 px around a pixel */
gboolean
is_in_masked_block (int x,
                    int y)
{
  return x / 8 >= MASK_LEFT / 8 && x / 8 <= (MASK_RIGHT - 1) / 8
         && y / 8 >= MASK_TOP / 8 && y / 8 <= (MASK_BOTTOM - 1) / 8;
}

/* Makes a graph small, so that what takes 1 megapixel takes as many pixels as are sent. */
static void
make_small (ComfyWorkflow *workflow)
{
  g_auto(GStrv) ids = comfy_workflow_dup_node_ids (workflow);

  for (unsigned int i = 0; ids[i] != NULL; i++)
    {
      gint64 width;

      if (comfy_workflow_has_input (workflow, ids[i], "megapixels"))
        comfy_workflow_set_double (workflow, ids[i], "megapixels", WIDTH * HEIGHT / 1048576.0,
                                   NULL);
      if (comfy_workflow_has_input (workflow, ids[i], "largest_size"))
        comfy_workflow_set_int (workflow, ids[i], "largest_size", WIDTH, NULL);
      if (g_str_has_prefix (comfy_workflow_get_class (workflow, ids[i]), "Empty")
          && comfy_workflow_get_int (workflow, ids[i], "width", &width))
        {
          comfy_workflow_set_int (workflow, ids[i], "width", WIDTH, NULL);
          comfy_workflow_set_int (workflow, ids[i], "height", HEIGHT, NULL);
        }
    }
}

/* a graph of tests/data/workflows, made small */
ComfyWorkflow *
load_small (const char *name)
{
  ComfyWorkflow *workflow = load_graph (name);

  make_small (workflow);
  return workflow;
}

/* The node that has an input; the first one, as the graphs have the positive prompt first. */
char *
find_node (ComfyWorkflow *workflow,
           const char    *input)
{
  g_auto(GStrv) ids = comfy_workflow_dup_node_ids (workflow);

  for (unsigned int i = 0; ids[i] != NULL; i++)
    if (comfy_workflow_has_input (workflow, ids[i], input))
      return g_strdup (ids[i]);

  return NULL;
}

/* the first picture that a graph saves */
SandboxImage *
run_first (ComfyWorkflow *workflow,
           GBytes        *a,
           GBytes        *b)
{
  g_autoptr(GPtrArray) saved = run_graph (workflow, a, b);
  gboolean has_alpha;

  g_assert_cmpuint (saved->len, >, 0);
  return read_saved (saved, 0, &has_alpha);
}

/* what is in a file */
SandboxImage *
decode_png (GBytes *png)
{
  gboolean has_alpha;

  return sandbox_image_read (png, &has_alpha, NULL);
}

/* the largest difference of any value of a pixel, 0…255 */
int
get_difference (const SandboxImage *one,
                const SandboxImage *other,
                int                 x,
                int                 y)
{
  int most = 0;

  for (int c = 0; c < 3; c++)
    most = MAX (most, ABS (value_at (one, x, y, c) - value_at (other, x, y, c)));

  return most;
}

/* the mean over all pixels of get_difference () */
double
get_distance (const SandboxImage *one,
              const SandboxImage *other)
{
  double sum = 0.0;

  g_assert_cmpint (one->width, ==, other->width);
  g_assert_cmpint (one->height, ==, other->height);
  for (int y = 0; y < one->height; y++)
    for (int x = 0; x < one->width; x++)
      sum += get_difference (one, other, x, y);

  return sum / (one->width * one->height);
}
