/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From whatever an artist opens as a workflow to its form, and what comes of that: with the table
 * that the project carries, and with one that a server told, which has few classes but all there
 * are. What follows a NUL are corrections, as they are kept of another graph. COMFY_TEST_DATA_DIR
 * tells where nodes.json lies.
 */
#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-form.h"
#include "comfy-mapping-private.h"
#include "comfy-node-table-private.h"

#define SMALL_TABLE \
  "{\"format\":1,\"classes\":{" \
  "\"LoadImage\":{\"title\":\"Load Image\",\"inputs\":{\"image\":{\"type\":\"COMBO\"," \
  "\"upload\":true}},\"outputs\":[\"IMAGE\",\"MASK\"]}," \
  "\"KSampler\":{\"title\":\"K\",\"inputs\":{\"seed\":{\"type\":\"INT\",\"min\":-5,\"max\":3000}," \
  "\"steps\":{\"type\":\"INT\",\"min\":3,\"max\":3,\"step\":7},\"cfg\":{\"type\":\"FLOAT\"," \
  "\"min\":-1e308,\"max\":1e308,\"step\":1e-300},\"sampler_name\":{\"type\":\"COMBO\"," \
  "\"choices\":[]},\"positive\":{\"type\":\"*\"},\"negative\":{\"type\":\"*\"}}," \
  "\"outputs\":[\"LATENT\"]}," \
  "\"Partner\":{\"title\":\"\",\"inputs\":{\"model\":{\"type\":\"DYNAMIC\",\"options\":{" \
  "\"a\":{\"size\":{\"type\":\"COMBO\",\"choices\":[\"1\",\"2\"]}},\"b\":{}}}}," \
  "\"outputs\":[\"IMAGE\"]}," \
  "\"SaveImage\":{\"title\":\"Save\",\"inputs\":{\"images\":{\"type\":\"*\"}," \
  "\"filename_prefix\":{\"type\":\"STRING\"}},\"outputs\":[],\"output_node\":true}}}"

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

static ComfyNodeTable *
get_carried (void)
{
  static ComfyNodeTable *table;

  if (table == NULL)
    {
      const char      *dir = g_getenv ("COMFY_TEST_DATA_DIR");
      g_autofree char *path = g_build_filename (dir, "nodes.json", NULL);

      table = comfy_node_table_new_from_file (path, NULL);
      g_assert (table != NULL);
    }

  return table;
}

static ComfyNodeTable *
get_told (void)
{
  static ComfyNodeTable *table;

  if (table == NULL)
    {
      g_autoptr(GBytes) bytes = g_bytes_new_static (SMALL_TABLE, strlen (SMALL_TABLE));

      table = comfy_node_table_new_from_bytes (bytes, NULL);
      g_assert (table != NULL);
      _comfy_node_table_set_complete (table, "Test");
    }

  return table;
}

/* as a window does that shows each value and takes it back */
static void
set_all (ComfyForm *form)
{
  ComfyAction *action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField    *field = comfy_action_get_field (action, i);
      g_autoptr(GVariant)  value = g_variant_ref (comfy_form_get_value (form, field->id));

      g_assert (comfy_action_find_field (action, field->id) == field);
      g_assert (g_utf8_validate (field->label, -1, NULL) && *field->label != '\0');
      comfy_form_set_value (form, field->id, value);
    }
}

static void
run (ComfyMapping *mapping)
{
  g_autoptr(GError)         error = NULL;
  g_autoptr(GBytes)         sidecar = comfy_mapping_to_sidecar (mapping);
  g_autoptr(ComfyAction)    action = comfy_mapping_make_action (mapping, "fuzz", &error);
  g_autoptr(ComfyAction)    saved = NULL;
  g_autoptr(ComfyForm)      form = NULL;
  g_autoptr(ComfyTake)      take = NULL;
  g_autoptr(ComfyWorkflow)  graph = NULL;
  guint64                   seed;

  g_assert_no_error (error);
  saved = comfy_action_new_from_bytes ("fuzz", comfy_mapping_get_workflow (mapping), sidecar,
                                       &error);
  g_assert_no_error (error);
  g_assert (comfy_action_get_n_fields (action) == comfy_action_get_n_fields (saved));

  form = comfy_form_new (action);
  take = comfy_form_dup_take (form);
  graph = comfy_form_apply (form, &seed, &error);
  g_assert_no_error (error);
  set_all (form);
  g_clear_object (&graph);
  graph = comfy_form_apply (form, &seed, &error);
  g_assert_no_error (error);
}

static void
look_at (ComfyWorkflow  *workflow,
         ComfyNodeTable *table,
         GBytes         *corrections)
{
  g_autoptr(ComfyMapping)  mapping = comfy_mapping_new (workflow, table, "A_title…");
  g_autoptr(GBytes)        said = NULL;
  g_autoptr(GBytes)        said_again = NULL;

  run (mapping);
  if (corrections == NULL)
    return;

  comfy_mapping_correct (mapping, corrections);
  run (mapping);
  /* what is written down of it is what is said again */
  said = comfy_mapping_to_corrections (mapping);
  comfy_mapping_reset (mapping);
  if (said == NULL)
    return;
  comfy_mapping_correct (mapping, said);
  said_again = comfy_mapping_to_corrections (mapping);
  g_assert (said_again != NULL && g_bytes_equal (said, said_again));
}

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  const unsigned char      *end = size > 0 ? memchr (data, '\0', size) : NULL;
  size_t                    length = end != NULL ? (size_t) (end - data) : size;
  g_autoptr(GBytes)         json = g_bytes_new_static (data, length);
  g_autoptr(GBytes)         corrections = NULL;
  g_autoptr(ComfyWorkflow)  workflow = comfy_workflow_new_from_bytes (json, NULL);

  if (workflow == NULL)
    return 0;
  if (end != NULL)
    corrections = g_bytes_new_static (end + 1, size - length - 1);

  look_at (workflow, get_carried (), corrections);
  look_at (workflow, get_told (), corrections);

  return 0;
}
