/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of the files that a job made are its result.
 */
#define G_LOG_DOMAIN "comfy-job-watch"

#include "config.h"

#include "comfy-job-private.h"

static int
compare_outputs (gconstpointer a,
                 gconstpointer b)
{
  const ComfyRemoteOutput *one = *(ComfyRemoteOutput * const *) a;
  const ComfyRemoteOutput *two = *(ComfyRemoteOutput * const *) b;
  int                      order = g_strcmp0 (one->name, two->name);

  return order != 0 ? order : g_strcmp0 (one->id, two->id);
}

/*
 * _comfy_job_pick_outputs:
 * @remote: a job that succeeded
 *
 * The pictures of saving nodes, which bear our prefix; a server that renames files gets all of its
 * pictures taken. In an order of our own, since servers promise none.
 *
 * Returns: (transfer full) (element-type ComfyRemoteOutput): what is to be downloaded
 */
GPtrArray *
_comfy_job_pick_outputs (const ComfyRemoteJob *remote)
{
  GPtrArray *pictures = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_remote_output_free);
  gboolean   has_ours = FALSE;

  for (unsigned int i = 0; i < remote->outputs->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (remote->outputs, i);

      has_ours |= g_str_equal (output->kind, "image") && g_str_has_prefix (output->name, "gimp-");
    }

  for (unsigned int i = 0; i < remote->outputs->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (remote->outputs, i);

      if (g_str_equal (output->kind, "image")
          && (!has_ours || g_str_has_prefix (output->name, "gimp-")))
        g_ptr_array_add (pictures, comfy_remote_output_copy (output));
    }

  g_ptr_array_sort (pictures, compare_outputs);

  return pictures;
}
