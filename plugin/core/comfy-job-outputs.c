/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of the files that a job made are its result, and what becomes of each.
 */
#define G_LOG_DOMAIN "comfy-job-watch"

#include "config.h"

#include <string.h>

#include "comfy-job-private.h"

#define MAX_OUTPUTS 256
#define MAX_ID      512 /* bytes: of a server's id of a file; longer ones are none */
#define MAX_NAME    256 /* bytes: of a server's name of a file; what is more is of no use */

/* What is asked of a request that says which outputs it wants */
typedef struct
{
  ComfyRequest *request;  /* no ref */
  GPtrArray    *outputs;  /* no ref, of ComfyOutput */
  gboolean      has_ours; /* of some file it can be told which node made it */
} Wanted;

static gboolean
is_picture (const ComfyRemoteOutput *output)
{
  return g_str_equal (output->kind, COMFY_REMOTE_KIND_IMAGE);
}

/* A node without a prefix has files whose names say nothing; where no node is named, either, what
 * came may be one of them. */
static gboolean
may_have_made (Wanted                  *wanted,
               const ComfyOutput       *output,
               const ComfyRemoteOutput *remote)
{
  ComfyWorkflow *workflow = comfy_request_get_workflow (wanted->request);
  const char    *class_type = comfy_workflow_get_class (workflow, output->node);

  if (output->outcome == COMFY_OUTCOME_NOTHING || output->prefix != NULL)
    return FALSE;

  return g_strcmp0 (class_type, "PreviewAny") != 0 || g_str_equal (remote->kind, COMFY_REMOTE_KIND_TEXT);
}

static gboolean
is_wanted (Wanted                  *wanted,
           const ComfyRemoteOutput *remote)
{
  const ComfyOutput *found = comfy_output_find (wanted->outputs, remote->node_id, remote->name);

  if (found != NULL)
    return found->outcome != COMFY_OUTCOME_NOTHING;
  if (g_str_has_prefix (remote->name, COMFY_JOB_OTHER_PREFIX))
    return FALSE;

  for (unsigned int i = 0; i < wanted->outputs->len; i++)
    {
      const ComfyOutput *output = g_ptr_array_index (wanted->outputs, i);

      if (wanted->has_ours && remote->node_id == NULL && may_have_made (wanted, output, remote))
        return TRUE;
      /* a server that renames files and names no node */
      if (!wanted->has_ours && output->outcome != COMFY_OUTCOME_NOTHING)
        return TRUE;
    }

  return FALSE;
}

static unsigned int
get_place (GPtrArray               *outputs,
           const ComfyRemoteOutput *remote)
{
  const ComfyOutput *found = outputs != NULL
                             ? comfy_output_find (outputs, remote->node_id, remote->name) : NULL;
  unsigned int       i = G_MAXUINT;

  if (found != NULL)
    g_ptr_array_find (outputs, found, &i);

  return i;
}

/* in the order in which the outputs are asked for; those of one node by name */
static int
compare_outputs (gconstpointer a,
                 gconstpointer b,
                 gpointer      data)
{
  const ComfyRemoteOutput *one = *(ComfyRemoteOutput * const *) a;
  const ComfyRemoteOutput *two = *(ComfyRemoteOutput * const *) b;
  unsigned int             place_of_one = get_place (data, one);
  unsigned int             place_of_two = get_place (data, two);
  int                      order = g_strcmp0 (one->name, two->name);

  if (place_of_one != place_of_two)
    return place_of_one < place_of_two ? -1 : 1;

  return order != 0 ? order : g_strcmp0 (one->id, two->id);
}

/* The pictures of saving nodes, which bear our prefix; a server that renames files gets all of its
 * pictures taken. */
static void
pick_pictures (const ComfyRemoteJob *remote,
               GPtrArray            *picked)
{
  gboolean has_ours = FALSE;

  for (unsigned int i = 0; i < remote->outputs->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (remote->outputs, i);

      has_ours |= is_picture (output) && g_str_has_prefix (output->name, "gimp-");
    }

  for (unsigned int i = 0; i < remote->outputs->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (remote->outputs, i);

      if (is_picture (output) && (!has_ours || g_str_has_prefix (output->name, "gimp-")))
        g_ptr_array_add (picked, comfy_remote_output_copy (output));
    }
}

static void
pick_wanted (ComfyRequest         *request,
             const ComfyRemoteJob *remote,
             GPtrArray            *picked)
{
  Wanted wanted = { request, comfy_request_get_outputs (request), FALSE };

  for (unsigned int i = 0; i < remote->outputs->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (remote->outputs, i);

      wanted.has_ours |= g_str_has_prefix (output->name, COMFY_JOB_OTHER_PREFIX)
                         || comfy_output_find (wanted.outputs, output->node_id,
                                               output->name) != NULL;
    }

  for (unsigned int i = 0; i < remote->outputs->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (remote->outputs, i);

      if (is_wanted (&wanted, output))
        g_ptr_array_add (picked, comfy_remote_output_copy (output));
    }
}

/* Nobody here has said which: all but what one of our own jobs was not to give */
static void
pick_all (const ComfyRemoteJob *remote,
          GPtrArray            *picked)
{
  for (unsigned int i = 0; i < remote->outputs->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (remote->outputs, i);

      if (!g_str_has_prefix (output->name, COMFY_JOB_OTHER_PREFIX))
        g_ptr_array_add (picked, comfy_remote_output_copy (output));
    }
}

/* What the journal has to hold is bounded, whatever a server sends; the end of a name tells its
 * kind. */
static void
bound (GPtrArray *picked)
{
  for (unsigned int i = picked->len; i > 0; i--)
    {
      ComfyRemoteOutput *output = g_ptr_array_index (picked, i - 1);
      size_t             length = strlen (output->name);
      g_autofree char   *name = NULL;

      if (strlen (output->id) > MAX_ID)
        {
          g_message ("An output was left out: its id is no id");
          g_ptr_array_remove_index (picked, i - 1);
          continue;
        }
      if (length > MAX_NAME)
        {
          name = g_utf8_make_valid (output->name + length - MAX_NAME / 4, -1);
          g_set_str (&output->name, name);
        }
    }
}

/*
 * _comfy_job_pick_outputs:
 * @request: what was asked
 * @remote: a job that succeeded
 * @out_left_out: (out): how many more there were than a job may have
 *
 * What a request wants of all that a job made: for a graph of the artist's what its outputs made,
 * for a built-in one its pictures, for a job that was started elsewhere everything. In an order of our
 * own, since servers promise none.
 *
 * Returns: (transfer full) (element-type ComfyRemoteOutput): what is to be downloaded
 */
GPtrArray *
_comfy_job_pick_outputs (ComfyRequest         *request,
                         const ComfyRemoteJob *remote,
                         unsigned int         *out_left_out)
{
  GPtrArray *picked = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_remote_output_free);
  GPtrArray *outputs = comfy_request_get_outputs (request);

  if (comfy_request_get_remote_id (request) != NULL)
    pick_all (remote, picked);
  else if (outputs != NULL)
    pick_wanted (request, remote, picked);
  else
    pick_pictures (remote, picked);

  g_ptr_array_sort_with_data (picked, compare_outputs, outputs);
  bound (picked);
  *out_left_out = picked->len > MAX_OUTPUTS ? picked->len - MAX_OUTPUTS : 0;
  g_ptr_array_set_size (picked, (int) MIN (picked->len, MAX_OUTPUTS));

  return picked;
}

/*
 * _comfy_job_find_outcome:
 * @request: what was asked
 * @remote: a picture that was picked for it
 *
 * Returns: what becomes of it: never %COMFY_OUTCOME_NOTHING
 */
ComfyOutcome
_comfy_job_find_outcome (ComfyRequest            *request,
                         const ComfyRemoteOutput *remote)
{
  GPtrArray         *outputs = comfy_request_get_outputs (request);
  ComfyOutcome       outcome = comfy_request_get_placement (request)->outcome;
  const ComfyOutput *found = NULL;

  if (outputs != NULL)
    found = comfy_output_find (outputs, remote->node_id, remote->name);
  /* whose it is cannot be told, but there is only one that it can be */
  if (found == NULL && outputs != NULL && outputs->len == 1)
    found = g_ptr_array_index (outputs, 0);
  if (found != NULL)
    outcome = found->outcome;

  return outcome != COMFY_OUTCOME_NOTHING ? outcome : COMFY_OUTCOME_LAYERS;
}
