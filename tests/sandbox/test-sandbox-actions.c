/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every graph of the actions that ship, with the values of its form: it runs to the end, and what
 * comes is what the action promises. */

#include "config.h"

#include "comfy-form.h"
#include "test-upload.h"

typedef struct
{
  ComfyAction        *action;  /* owned */
  const ComfyVariant *variant; /* borrowed from the action */
} Case;

static void
case_free (gpointer data)
{
  Case *self = data;

  g_object_unref (self->action);
  g_free (self);
}

static gboolean
has_field (const Case *self,
           const char *id)
{
  return comfy_action_find_field (self->action, id) != NULL;
}

/* (transfer full): the case's graph with small sizes, the same seed each time, and @prompt */
static ComfyWorkflow *
apply (const Case *self,
       const char *prompt)
{
  g_autoptr(ComfyForm) form = comfy_form_new (self->action);
  g_autoptr(GError) error = NULL;
  ComfyWorkflow *graph;
  guint64 seed;

  if (has_field (self, "model"))
    comfy_form_set_value (form, "model", g_variant_new_string (self->variant->id));
  if (has_field (self, "prompt"))
    comfy_form_set_value (form, "prompt", g_variant_new_string (prompt));
  if (has_field (self, "seed"))
    comfy_form_set_value (form, "seed",
                          g_variant_new_maybe (G_VARIANT_TYPE_UINT64, g_variant_new_uint64 (7)));
  if (has_field (self, "edges"))
    comfy_form_set_value (form, "edges", g_variant_new ("(iiii)", 0, 0, 64, 0));
  if (has_field (self, "size"))
    comfy_form_set_value (form, "size", g_variant_new ("(ii)", 256, 320));
  if (has_field (self, "count"))
    comfy_form_set_value (form, "count", g_variant_new_int64 (2));
  if (has_field (self, "layers"))
    comfy_form_set_value (form, "layers", g_variant_new_int64 (4));
  graph = comfy_form_apply (form, &seed, &error);
  g_assert_no_error (error);

  return graph;
}

/* (transfer full) (element-type SandboxImage) */
static GPtrArray *
run_case (const Case *self,
          const char *prompt,
          GBytes     *upload,
          GBytes     *mask)
{
  g_autoptr(ComfyWorkflow) graph = apply (self, prompt);
  g_autoptr(GPtrArray) saved = run_graph (graph, upload, mask);
  GPtrArray *images = g_ptr_array_new_with_free_func ((GDestroyNotify) sandbox_image_unref);

  for (unsigned int i = 0; i < saved->len; i++)
    {
      gboolean has_alpha;

      g_ptr_array_add (images, read_saved (saved, i, &has_alpha));
      /* layers are laid over each other; nothing else brings a transparency of its own */
      g_assert_cmpint (has_alpha, ==, comfy_action_get_order (self->action)
                                      == COMFY_ORDER_LOWEST_FIRST);
    }

  return images;
}

static void
assert_images (GPtrArray    *images,
               unsigned int  count,
               int           width,
               int           height)
{
  g_assert_cmpuint (images->len, ==, count);
  for (unsigned int i = 0; i < images->len; i++)
    {
      const SandboxImage *image = g_ptr_array_index (images, i);

      g_assert_cmpint (image->width, ==, width);
      g_assert_cmpint (image->height, ==, height);
    }
}

/* what is laid over each other, from the lowest up, is the picture again */
static void
assert_layers (GPtrArray          *layers,
               const SandboxImage *upload)
{
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      for (int c = 0; c < 3; c++)
        {
          double value = 0.0;

          for (unsigned int i = 0; i < layers->len; i++)
            {
              double alpha = value_at (layers->pdata[i], x, y, 3) / 255.0;

              value = value * (1.0 - alpha) + value_at (layers->pdata[i], x, y, c) * alpha;
            }
          g_assert_cmpint ((int) (value + 0.5), ==, value_at (upload, x, y, c));
        }
}

/* the pixels around what is to change stay where they were */
static void
assert_unmasked_are_kept (const SandboxImage *result,
                          const SandboxImage *upload)
{
  int changed = 0;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        if (!is_in_masked_block (x, y))
          g_assert_cmpint (get_difference (upload, result, x, y), ==, 0);
        changed += is_masked (x, y) && get_difference (upload, result, x, y) > 8;
      }
  g_assert_cmpint (changed, >, 0);
}

static int
get_scale (const Case *self)
{
  if (comfy_action_get_fit (self->action) == COMFY_FIT_REGION)
    return 1;

  return g_str_has_suffix (comfy_action_get_id (self->action), "4x") ? 4 : 2;
}

static void
test_one (gconstpointer data)
{
  const Case *self = data;
  g_autoptr(GBytes) upload = make_upload (0);
  g_autoptr(GBytes) mask = make_mask (FALSE);
  g_autoptr(SandboxImage) sent = decode_png (upload);
  g_autoptr(GPtrArray) images = run_case (self, "a red bicycle", upload, mask);

  if (comfy_action_get_source (self->action) == COMFY_SOURCE_NONE)
    assert_images (images, 2, 256, 320);
  else if (comfy_action_get_order (self->action) == COMFY_ORDER_LOWEST_FIRST)
    assert_images (images, 4, WIDTH, HEIGHT);
  else
    assert_images (images, 1, WIDTH * get_scale (self), HEIGHT * get_scale (self));

  if (comfy_action_get_order (self->action) == COMFY_ORDER_LOWEST_FIRST)
    assert_layers (images, sent);
  if (self->variant->mask.node != NULL)
    assert_unmasked_are_kept (images->pdata[0], sent);
  if (comfy_action_get_outcome (self->action) != COMFY_OUTCOME_LAYERS)
    {
      /* the disc is white, what is around it black */
      g_assert_cmpint (value_at (images->pdata[0], 50, 45, 0), >, 200);
      g_assert_cmpint (value_at (images->pdata[0], WIDTH - 3, HEIGHT - 3, 0), <, 50);
    }
}

/* the words are heard in every graph */
static void
test_prompt (gconstpointer data)
{
  const Case *self = data;
  g_autoptr(GBytes) upload = make_upload (0);
  g_autoptr(GBytes) mask = make_mask (FALSE);
  g_autoptr(GPtrArray) red = run_case (self, "a red bicycle", upload, mask);
  g_autoptr(GPtrArray) green = run_case (self, "a green bicycle", upload, mask);

  g_assert_cmpfloat (get_distance (red->pdata[0], green->pdata[0]), >, 0.0);
}

static void
add_case (const char         *path,
          ComfyAction        *action,
          const ComfyVariant *variant,
          GTestDataFunc       func)
{
  g_autofree char *name = g_strconcat ("/sandbox-actions/", path, "/", comfy_action_get_id (action),
                                       *variant->id != '\0' ? "/" : "", variant->id, NULL);
  Case *self = g_new0 (Case, 1);

  self->action = g_object_ref (action);
  self->variant = variant;
  g_test_add_data_func_full (name, self, func, case_free);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = NULL;
  g_autoptr(GPtrArray) actions = NULL;

  g_test_init (&argc, &argv, NULL);

  folder = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "actions", NULL);
  actions = comfy_action_list_folder (folder);
  for (unsigned int i = 0; i < actions->len; i++)
    {
      ComfyAction *action = g_ptr_array_index (actions, i);

      for (unsigned int j = 0; j < comfy_action_get_n_variants (action); j++)
        {
          const ComfyVariant *variant = comfy_action_get_variant (action, j);

          add_case ("gives-what-is-promised", action, variant, test_one);
          if (comfy_variant_get_targets (variant, "prompt") != NULL)
            add_case ("hears-the-prompt", action, variant, test_prompt);
        }
    }

  return g_test_run ();
}
