/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Prints the sidecar of every graph in tests/data, one in a line: FOLDER/NAME, a tab, JSON.
 */
#include "config.h"

#include <stdio.h>

#include "mapping-fixture.h"

int
main (void)
{
  static const char * const folders[] = { "workflows", "forms", "forms-blind" };
  g_autoptr(ComfyNodeTable) table = mapping_load_table ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autoptr(GPtrArray) names = mapping_list_graphs (folders[i]);

      for (unsigned int j = 0; j < names->len; j++)
        {
          const char              *name = g_ptr_array_index (names, j);
          g_autoptr(ComfyMapping)  mapping = mapping_load (folders[i], name, table);
          g_autoptr(GBytes)        sidecar = comfy_mapping_to_sidecar (mapping);

          printf ("%s/%s\t%.*s\n", folders[i], name, (int) g_bytes_get_size (sidecar),
                  (const char *) g_bytes_get_data (sidecar, NULL));
        }
    }

  return 0;
}
