/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Follows the links of a graph: which results are used by whom, and which texts say what is wanted
 * and which what is not: those that reach a sampler's or guider's "positive" and "negative".
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-mapping-private.h"
#include "comfy-workflow-private.h"

/* One end of a link */
typedef struct
{
  const char   *node;  /* the workflow's */
  const char   *input; /* the workflow's */
  unsigned int  slot;  /* of the source */
} Use;

struct _ComfyTrace
{
  ComfyMapping *mapping; /* no ref */
  GArray       *starts;  /* of Visit: where conditioning ends in a sampler */
  GHashTable   *uses;    /* source's id, the workflow's → GArray of Use */
  GHashTable   *signs;   /* node's id, the workflow's → 1 or -1 */
  GHashTable   *seen;    /* set of "second sign node" */
  GQueue        todo;    /* of Visit */
};

/* A node that is still to be looked at */
typedef struct
{
  const char *node;   /* the workflow's */
  gboolean    second; /* for its second output, which of a pair is the negative one; no other matters,
                       * and each node is looked at a few times, whatever number of links it has */
  int         sign;
} Visit;

static void
note_use (ComfyTrace   *self,
          const char   *source,
          const char   *node,
          const char   *input,
          unsigned int  slot)
{
  GArray *uses = g_hash_table_lookup (self->uses, source);
  Use     use = { node, input, slot };

  if (uses == NULL)
    {
      uses = g_array_new (FALSE, FALSE, sizeof (Use));
      g_hash_table_insert (self->uses, (char *) source, uses);
    }
  g_array_append_val (uses, use);
}

static gboolean
is_positive_input (const char *input)
{
  static const char * const names[] = { "positive", "conditioning", "cond1", "cond2", NULL };

  return g_strv_contains (names, input);
}

static void
push (ComfyTrace   *self,
      const char   *node,
      gboolean      second,
      int           sign)
{
  g_autofree char *key = g_strdup_printf ("%d %d %s", second, sign, node);
  Visit           *visit;

  if (!comfy_workflow_has_node (self->mapping->workflow, node)
      || !g_hash_table_add (self->seen, g_steal_pointer (&key)))
    return;

  visit = g_new (Visit, 1);
  *visit = (Visit) { node, second, sign };
  g_queue_push_tail (&self->todo, visit);
}

/* whether the node has both kinds of conditioning, as ControlNets and samplers do */
static gboolean
is_forked (ComfyWorkflow *workflow,
           const char    *node)
{
  return comfy_workflow_get_link (workflow, node, "positive", NULL, NULL)
         && comfy_workflow_get_link (workflow, node, "negative", NULL, NULL);
}

/* Whether what comes by an input has to do with what comes out of a slot. */
static gboolean
is_on_the_way (ComfyWorkflow *workflow,
               const Visit   *visit,
               const char    *input)
{
  /* models, pictures and masks come by other ways */
  static const char * const others[] = {
    "clip", "model", "vae", "image", "pixels", "mask", "control_net", "latent", "samples", NULL,
  };

  if (is_forked (workflow, visit->node)
      && (g_str_equal (input, "positive") || g_str_equal (input, "negative")))
    return g_str_equal (input, visit->second ? "negative" : "positive");

  return !g_strv_contains (others, input) && !g_str_has_prefix (input, "image");
}

/* a text is one sign for good: what zeroes a wanted text out does not make it unwanted */
static void
visit_node (ComfyTrace  *self,
            const Visit *visit)
{
  ComfyWorkflow  *workflow = self->mapping->workflow;
  JsonObjectIter  iter;
  const char     *input;
  JsonNode       *value;

  if (!g_hash_table_contains (self->signs, visit->node))
    g_hash_table_insert (self->signs, (char *) visit->node, GINT_TO_POINTER (visit->sign));

  json_object_iter_init_ordered (&iter, _comfy_workflow_get_inputs (workflow, visit->node));
  while (json_object_iter_next_ordered (&iter, &input, &value))
    {
      const char   *source;
      unsigned int  slot;

      if (comfy_json_node_read_link (value, &source, &slot)
          && is_on_the_way (workflow, visit, input))
        push (self, source, slot == 1, visit->sign);
    }
}

static void
follow (ComfyTrace *self)
{
  Visit *visit;

  while ((visit = g_queue_pop_head (&self->todo)) != NULL)
    {
      visit_node (self, visit);
      g_free (visit);
    }
}

/* whether conditioning ends there: a sampler or guider, not one of those it passes through */
static gboolean
is_end (ComfyTrace *self,
        const char *node)
{
  const char *class_type = comfy_workflow_get_class (self->mapping->workflow, node);

  return strstr (class_type, "Sampler") != NULL || strstr (class_type, "Guider") != NULL
         || comfy_workflow_has_input (self->mapping->workflow, node, "denoise")
         || comfy_workflow_has_input (self->mapping->workflow, node, "steps");
}

static void
trace_signs (ComfyTrace *self)
{
  /* what is wanted first: it may be all that a zeroed negative is made of */
  for (int sign = 1; sign >= -1; sign -= 2)
    {
      for (unsigned int i = 0; i < self->starts->len; i++)
        {
          const Visit *start = &g_array_index (self->starts, Visit, i);

          if (start->sign == sign)
            push (self, start->node, start->second, sign);
        }
      follow (self);
    }
}

/* @node takes by @input what comes out of @slot of @source */
static void
note_link (ComfyTrace   *self,
           const char   *node,
           const char   *input,
           const char   *source,
           unsigned int  slot)
{
  gboolean is_positive = is_positive_input (input);
  Visit    start = { source, slot == 1, is_positive ? 1 : -1 };

  note_use (self, source, node, input, slot);
  if ((is_positive || g_str_equal (input, "negative")) && is_end (self, node))
    g_array_append_val (self->starts, start);
}

/*
 * _comfy_trace_new:
 * @mapping: whose graph is looked at; it has to stay
 *
 * Returns: (transfer full): what its links tell
 */
ComfyTrace *
_comfy_trace_new (ComfyMapping *mapping)
{
  ComfyTrace     *self = g_new0 (ComfyTrace, 1);
  JsonObjectIter  nodes;
  JsonObjectIter  inputs;
  const char     *node;
  const char     *input;
  JsonNode       *value;

  self->mapping = mapping;
  self->starts = g_array_new (FALSE, FALSE, sizeof (Visit));
  self->uses = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                      (GDestroyNotify) g_array_unref);
  self->signs = g_hash_table_new (g_str_hash, g_str_equal);
  self->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_queue_init (&self->todo);

  json_object_iter_init_ordered (&nodes, json_node_get_object
                                           (comfy_workflow_get_node (mapping->workflow)));
  while (json_object_iter_next_ordered (&nodes, &node, &value))
    {
      json_object_iter_init_ordered (&inputs, comfy_json_get_object (json_node_get_object (value),
                                                                     "inputs"));
      while (json_object_iter_next_ordered (&inputs, &input, &value))
        {
          const char   *source;
          unsigned int  slot;

          if (comfy_json_node_read_link (value, &source, &slot))
            note_link (self, node, input, source, slot);
        }
    }
  trace_signs (self);

  return self;
}

void
_comfy_trace_free (ComfyTrace *self)
{
  g_queue_clear_full (&self->todo, g_free);
  g_hash_table_unref (self->seen);
  g_hash_table_unref (self->signs);
  g_hash_table_unref (self->uses);
  g_array_unref (self->starts);
  g_free (self);
}

gboolean
_comfy_trace_is_used (ComfyTrace   *self,
                      const char   *node,
                      unsigned int  slot)
{
  GArray *uses = g_hash_table_lookup (self->uses, node);

  for (unsigned int i = 0; uses != NULL && i < uses->len; i++)
    if (g_array_index (uses, Use, i).slot == slot)
      return TRUE;

  return FALSE;
}

const char *
_comfy_trace_get_consumer (ComfyTrace  *self,
                           const char  *node,
                           const char **out_input)
{
  GArray *uses = g_hash_table_lookup (self->uses, node);

  if (uses == NULL)
    return NULL;

  *out_input = g_array_index (uses, Use, 0).input;

  return g_array_index (uses, Use, 0).node;
}

gboolean
_comfy_trace_is_sink (ComfyTrace *self,
                      const char *node)
{
  return !g_hash_table_contains (self->uses, node);
}

int
_comfy_trace_get_sign (ComfyTrace *self,
                       const char *node)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (self->signs, node));
}
