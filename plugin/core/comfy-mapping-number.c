/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers of a graph as fields of a form: ranges and steps as the node has them, so far that what
 * the graph says is in them. Where nobody knows the node, what a slider can be used with.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <math.h>

#include "comfy-mapping-private.h"

/* a double holds every integer up to here */
#define EXACT_MAX   9007199254740992.0
/* of a number of which nothing is known: what a slider can still be used with */
#define UNKNOWN_MAX 1000000.0
#define FINEST_STEP 0.000001
#define MAX_STEPS   1e10
#define LATENT_STEP 8  /* px: no model takes finer steps */
#define LATENT_MIN  64 /* px */
#define LATENT_MAX  16384 /* px */

/*
 * _comfy_mapping_find_known:
 * @item: an entry
 *
 * Returns: (transfer none) (nullable): what the table tells of the values that it can have
 */
const ComfyNodeInput *
_comfy_mapping_find_known (const ComfyMappingItem *item)
{
  /* a Primitive node takes anything; what it feeds does not */
  return item->like != NULL ? item->like : item->known;
}

/* numbers of which only the name is known */
static void
guess_range (const ComfyMappingItem *item,
             double                  value,
             double                 *out_min,
             double                 *out_max)
{
  *out_min = -UNKNOWN_MAX;
  *out_max = UNKNOWN_MAX;
  if (item->rank == COMFY_RANK_STEPS)
    {
      *out_min = 1;
      *out_max = 10000;
    }
  else if (item->rank == COMFY_RANK_GUIDANCE || item->rank == COMFY_RANK_DENOISE)
    {
      *out_min = 0;
      *out_max = item->rank == COMFY_RANK_GUIDANCE ? 100 : 1;
    }
  else if (_comfy_words_is_count (item->like_input != NULL ? item->like_input
                                                           : item->entry.input))
    *out_min = 0;
}

/* @value is within, even where the node does not take it: that is a mistake to be told, not one to
 * be mended in silence */
static void
find_range (const ComfyNodeInput   *known,
            const ComfyMappingItem *item,
            double                  value,
            double                 *out_min,
            double                 *out_max)
{
  gint64  min_int;
  guint64 max_int;

  if (known != NULL && comfy_node_input_get_int_range (known, &min_int, &max_int))
    {
      *out_min = (double) min_int;
      *out_max = min_int < 0 ? (double) (gint64) max_int : (double) max_int;
    }
  else if (known == NULL || !comfy_node_input_get_float_range (known, out_min, out_max))
    guess_range (item, value, out_min, out_max);

  *out_min = MIN (*out_min, value);
  *out_max = MAX (*out_max, value);
  if (item->is_whole)
    {
      *out_min = CLAMP (ceil (*out_min), -EXACT_MAX, EXACT_MAX);
      *out_max = CLAMP (floor (*out_max), -EXACT_MAX, EXACT_MAX);
    }
  if (!(*out_max > *out_min))
    *out_max = *out_min + 1;
}

/* Whether counting @step from @min comes to @value */
static gboolean
is_on_step (double value,
            double min,
            double step)
{
  double n = (value - min) / step;

  /* above that a double has no digits left for what is between two steps */
  return fabs (n) < MAX_STEPS && fabs (n - round (n)) < 1e-6;
}

/* The node's own step where the graph's value is on it: nothing is rounded that its author set. 0:
 * none fits. */
static double
find_step (double known,
           double value,
           double min,
           double finest)
{
  for (double step = known; step >= finest; step /= 10)
    if (is_on_step (value, min, step))
      return step;

  return is_on_step (value, min, finest) ? finest : 0;
}

/* (nullable): what limits the numbers that it can have: a Primitive node's own range is that of all
 * numbers */
static const ComfyNodeInput *
find_limits (const ComfyMappingItem *item)
{
  return item->like_node != NULL ? item->like : item->known;
}

/*
 * _comfy_mapping_describe_number:
 * @item: a NUMBER
 * @field: gets its type, range and step
 */
void
_comfy_mapping_describe_number (ComfyMapping           *self,
                                const ComfyMappingItem *item,
                                ComfyField             *field)
{
  const ComfyNodeInput *known = find_limits (item);
  double                known_step = known != NULL ? comfy_node_input_get_step (known) : 0;
  double                value = 0;
  double                min;
  double                max;

  comfy_workflow_get_double (self->workflow, item->entry.node, item->entry.input, &value);
  find_range (known, item, value, &min, &max);
  if (item->is_whole)
    {
      double step = find_step (known_step >= 1 ? known_step : 1, value, min, 1);

      field->type = COMFY_FIELD_INT;
      field->min = min;
      field->max = max;
      field->step = MAX (1, step);
      return;
    }

  field->type = COMFY_FIELD_DOUBLE;
  field->min = min;
  field->max = max;
  field->step = find_step (known_step > 0 ? known_step : 0.01, value, min, FINEST_STEP);
}

/* the largest seed that an input takes */
static guint64
get_seed_max (const ComfyNodeInput *known)
{
  gint64  min;
  guint64 max;

  return known != NULL && comfy_node_input_get_int_range (known, &min, &max)
         && (min >= 0 || max <= G_MAXINT64) && max > 0 ? max : G_MAXUINT64;
}

/* Of a node that nobody knows: most take 64 bits, some 32 or 31, and refuse what is more */
static guint64
guess_seed_max (ComfyMapping           *self,
                const ComfyMappingItem *item)
{
  guint64 value;

  if (!comfy_workflow_get_uint64 (self->workflow, item->entry.node, item->entry.input, &value)
      || value <= G_MAXINT32)
    return G_MAXINT32;

  return value <= G_MAXUINT32 ? G_MAXUINT32 : G_MAXUINT64;
}

/*
 * _comfy_mapping_describe_seed:
 * @item: a SEED
 * @field: gets its type and range
 */
void
_comfy_mapping_describe_seed (ComfyMapping           *self,
                              const ComfyMappingItem *item,
                              ComfyField             *field)
{
  const ComfyNodeInput *known = find_limits (item);
  guint64               max = known != NULL ? get_seed_max (known) : guess_seed_max (self, item);

  /* a Primitive node takes no more than 63 bits */
  if (item->like_node != NULL)
    max = MIN (max, get_seed_max (item->known));
  field->type = COMFY_FIELD_SEED;
  field->seed_max = max;
}

/* other shapes with about the same number of pixels */
static void
add_presets (ComfyField *field,
             double      area,
             double      step)
{
  static const int ratios[][2] = { { 1, 1 }, { 4, 3 }, { 3, 4 }, { 3, 2 }, { 2, 3 }, { 16, 9 },
                                   { 9, 16 } };

  for (unsigned int i = 0; i < G_N_ELEMENTS (ratios); i++)
    {
      double    width = sqrt (area * ratios[i][0] / ratios[i][1]);
      ComfySize size = { (int) (MAX (1, round (width / step)) * step),
                         (int) (MAX (1, round (area / width / step)) * step) };

      g_array_append_val (field->presets, size);
    }
}

/*
 * _comfy_mapping_describe_size:
 * @item: a SIZE
 * @field: gets its type, range, step, and the shapes that are offered
 */
void
_comfy_mapping_describe_size (ComfyMapping           *self,
                              const ComfyMappingItem *item,
                              ComfyField             *field)
{
  const ComfyNodeInput *known = _comfy_mapping_find_known (item);
  const char           *node = item->entry.node;
  gint64                width = 0;
  gint64                height = 0;
  double                step = known != NULL ? comfy_node_input_get_step (known) : 0;
  double                min;
  double                max;

  comfy_workflow_get_int (self->workflow, node, "width", &width);
  comfy_workflow_get_int (self->workflow, node, "height", &height);
  find_range (known, item, (double) width, &min, &max);
  step = CLAMP (step, LATENT_STEP, LATENT_MIN);
  while (step > 1
         && !(is_on_step ((double) width, 0, step) && is_on_step ((double) height, 0, step)))
    step = round (step / 2);

  field->type = COMFY_FIELD_SIZE;
  field->step = MAX (1, step);
  field->min = MIN (CLAMP (floor (min), step, LATENT_MIN), (double) MIN (width, height));
  field->max = MAX (MIN (max, LATENT_MAX), (double) MAX (width, height) + step);
  field->image_area = (guint64) (width * height);
  add_presets (field, (double) width * (double) height, MAX (1, step));
}

