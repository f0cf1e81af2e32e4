/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever a layer of somebody's file remembers, reading it ends in a recipe or in an error of
 * ours, and a recipe can be shown, asked for again and written down.
 */
#include "config.h"

#include "comfy-error.h"
#include "comfy-recipe.h"

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

static void
check_request (ComfyRequest *request,
               const char   *job_id)
{
  g_autoptr(ComfyRequest)  varied = NULL;
  g_autoptr(ComfyRecipe)   again = NULL;
  g_autoptr(GBytes)        written = comfy_recipe_write (request, job_id);
  g_autoptr(GError)        error = NULL;
  g_autofree char         *name = comfy_request_dup_layer_name (request, 0, 2);

  g_assert (g_utf8_validate (name, -1, NULL));
  g_assert (g_utf8_strlen (name, -1) < 300);
  g_assert (g_bytes_get_size (written) <= COMFY_RECIPE_MAX_BYTES);
  again = comfy_recipe_read (written, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->job_id, ==, job_id);

  if (comfy_request_get_seed_target (request) == NULL)
    return;

  g_assert (comfy_request_get_seed_max (request) > 0);
  varied = comfy_request_new_varied (request, comfy_request_get_seed_max (request), "profile",
                                     comfy_request_get_placement (request), TRUE);
  g_assert (varied != NULL);
}

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  g_autoptr(GBytes)      bytes = g_bytes_new_static (data, size);
  g_autoptr(GError)      error = NULL;
  g_autoptr(ComfyRecipe) recipe = comfy_recipe_read (bytes, &error);

  g_assert ((recipe == NULL) == (error != NULL));
  g_assert (error == NULL || error->domain == COMFY_ERROR);
  if (recipe == NULL)
    return 0;

  g_assert (g_uuid_string_is_valid (recipe->job_id));
  g_assert (recipe->n_inputs <= 1000);
  if (recipe->request != NULL)
    check_request (recipe->request, recipe->job_id);

  return 0;
}
