/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One value of a graph as a field of a sidecar: its type, and its range and choices as the node has
 * them. Where nobody knows the node, the value itself tells what it is.
 */
#define G_LOG_DOMAIN "comfy-mapping"

#include "config.h"

#include <math.h>
#include <string.h>

#include "comfy-json-private.h"
#include "comfy-mapping-private.h"

/* a double holds every integer up to here */
#define EXACT_MAX      9007199254740992.0
/* of a number of which nothing is known: what a slider can still be used with */
#define UNKNOWN_MAX    1000000.0
#define FINEST_STEP    0.000001
#define TEXT_ONE_LINE  60 /* characters: a longer text gets lines */
#define LATENT_STEP    8  /* px: no model takes finer steps */
#define LATENT_MIN     64 /* px */

static const ComfyNodeInput *
find_known (ComfyMapping           *self,
            const ComfyMappingItem *item)
{
  const ComfyNodeInput *known = NULL;

  /* a Primitive node takes anything; what it feeds does not */
  if (item->like_node != NULL)
    known = _comfy_mapping_find_input (self, item->like_node, item->like_input);

  return known != NULL ? known
                       : _comfy_mapping_find_input (self, item->entry.node, item->entry.input);
}

static void
set_integer (JsonObject *field,
             const char *member,
             double      number)
{
  json_object_set_int_member (field, member, (gint64) CLAMP (number, -EXACT_MAX, EXACT_MAX));
}

/* numbers of which only the name is known */
static void
guess_range (const ComfyMappingItem *item,
             double                  value,
             double                 *out_min,
             double                 *out_max)
{
  *out_min = value < 0 ? -UNKNOWN_MAX : 0;
  *out_max = UNKNOWN_MAX;
  if (item->rank == COMFY_RANK_STEPS)
    {
      *out_min = 1;
      *out_max = 10000;
    }
  else if (item->rank == COMFY_RANK_GUIDANCE)
    *out_max = 100;
  else if (item->rank == COMFY_RANK_DENOISE)
    *out_max = 1;

  *out_min = MIN (*out_min, value);
  *out_max = MAX (*out_max, value);
}

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

  *out_min = CLAMP (*out_min, -EXACT_MAX, EXACT_MAX);
  *out_max = CLAMP (*out_max, -EXACT_MAX, EXACT_MAX);
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

  return fabs (n - round (n)) < 1e-6 * MAX (1.0, fabs (n));
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

static void
describe_number (ComfyMapping           *self,
                 const ComfyMappingItem *item,
                 JsonObject             *field)
{
  const ComfyNodeInput *known = find_known (self, item);
  double                known_step = known != NULL ? comfy_node_input_get_step (known) : 0;
  double                value = 0;
  double                min;
  double                max;

  comfy_workflow_get_double (self->workflow, item->entry.node, item->entry.input, &value);
  find_range (known, item, value, &min, &max);
  if (item->is_whole)
    {
      double step = find_step (known_step >= 1 ? known_step : 1, value, min, 1);

      json_object_set_string_member (field, "type", "int");
      set_integer (field, "min", min);
      set_integer (field, "max", max);
      set_integer (field, "step", MAX (1, step));
      return;
    }

  json_object_set_string_member (field, "type", "double");
  json_object_set_double_member (field, "min", min);
  json_object_set_double_member (field, "max", max);
  known_step = find_step (known_step > 0 ? known_step : 0.01, value, min, FINEST_STEP);
  if (known_step > 0)
    json_object_set_double_member (field, "step", known_step);
}

static void
describe_seed (ComfyMapping           *self,
               const ComfyMappingItem *item,
               JsonObject             *field)
{
  const ComfyNodeInput *known = find_known (self, item);
  gint64                min;
  guint64               max;

  json_object_set_string_member (field, "type", "seed");
  if (known != NULL && comfy_node_input_get_int_range (known, &min, &max) && max > 0
      && max < G_MAXINT64)
    json_object_set_int_member (field, "max", (gint64) max);
}

static void
add_choice (JsonArray  *choices,
            const char *id)
{
  JsonObject *choice = json_object_new ();

  json_object_set_string_member (choice, "id", id);
  /* the PDB takes no empty names */
  json_object_set_string_member (choice, "label", *id != '\0' ? id : "-");
  json_array_add_object_element (choices, choice);
}

static void
describe_choice (ComfyMapping           *self,
                 const ComfyMappingItem *item,
                 JsonObject             *field)
{
  const ComfyNodeInput *known = find_known (self, item);
  const char * const   *names = known != NULL ? comfy_node_input_get_choices (known) : NULL;
  JsonArray            *choices;
  const char           *value = "";

  json_object_set_string_member (field, "type", names != NULL ? "choice" : "text");
  if (names == NULL)
    return;

  comfy_workflow_get_string (self->workflow, item->entry.node, item->entry.input, &value);
  choices = json_array_new ();
  /* what the graph says stays, though it is said to be missing */
  if (!g_strv_contains (names, value))
    add_choice (choices, value);
  for (; *names != NULL; names++)
    add_choice (choices, *names);
  json_object_set_array_member (field, "choices", choices);
}

static void
describe_text (ComfyMapping           *self,
               const ComfyMappingItem *item,
               JsonObject             *field)
{
  const ComfyNodeInput *known = find_known (self, item);
  gboolean              is_prompt = item->entry.kind != COMFY_KIND_TEXT;
  const char           *value = "";

  comfy_workflow_get_string (self->workflow, item->entry.node, item->entry.input, &value);
  json_object_set_string_member (field, "type", "text");
  if (is_prompt || (known != NULL && comfy_node_input_is_multiline (known))
      || strchr (value, '\n') != NULL || g_utf8_strlen (value, -1) > TEXT_ONE_LINE)
    json_object_set_boolean_member (field, "multiline", TRUE);
  if (is_prompt)
    json_object_set_boolean_member (field, "private", TRUE);
}

static JsonObject *
new_target (const char *node,
            const char *input)
{
  JsonObject *target = json_object_new ();

  json_object_set_string_member (target, "node", node);
  json_object_set_string_member (target, "input", input);

  return target;
}

/* other shapes with about the same number of pixels */
static void
add_presets (JsonObject *field,
             double      area,
             double      step)
{
  static const int ratios[][2] = { { 1, 1 }, { 4, 3 }, { 3, 4 }, { 3, 2 }, { 2, 3 }, { 16, 9 },
                                   { 9, 16 } };
  JsonArray       *presets = json_array_new ();

  for (unsigned int i = 0; i < G_N_ELEMENTS (ratios); i++)
    {
      double     width = sqrt (area * ratios[i][0] / ratios[i][1]);
      JsonArray *preset = json_array_new ();

      json_array_add_int_element (preset, (gint64) (MAX (1, round (width / step)) * step));
      json_array_add_int_element (preset, (gint64) (MAX (1, round (area / width / step)) * step));
      json_array_add_array_element (presets, preset);
    }
  json_object_set_array_member (field, "presets", presets);
}

static void
describe_size (ComfyMapping           *self,
               const ComfyMappingItem *item,
               JsonObject             *field)
{
  const ComfyNodeInput *known = find_known (self, item);
  const char           *node = item->entry.node;
  JsonObject           *from_image = json_object_new ();
  gint64                width = 0;
  gint64                height = 0;
  double                step = known != NULL ? comfy_node_input_get_step (known) : 0;
  double                min;
  double                max;

  comfy_workflow_get_int (self->workflow, node, "width", &width);
  comfy_workflow_get_int (self->workflow, node, "height", &height);
  find_range (known, item, (double) width, &min, &max);
  step = CLAMP (step, LATENT_STEP, LATENT_MIN);
  while (step > 1 && (!is_on_step ((double) width, 0, step) || !is_on_step ((double) height, 0, step)))
    step = round (step / 2);

  json_object_set_string_member (field, "type", "size");
  json_object_set_object_member (field, "width", new_target (node, "width"));
  json_object_set_object_member (field, "height", new_target (node, "height"));
  set_integer (field, "step", MAX (1, step));
  set_integer (field, "min", MIN (CLAMP (min, step, LATENT_MIN), (double) MIN (width, height)));
  set_integer (field, "max", CLAMP (max, (double) MAX (width, height) + step, 16384));
  json_object_set_int_member (from_image, "area", width * height);
  json_object_set_object_member (field, "from-image", from_image);
  add_presets (field, (double) width * (double) height, MAX (1, step));
}

static void
describe (ComfyMapping           *self,
          const ComfyMappingItem *item,
          JsonObject             *field)
{
  switch (item->entry.kind)
    {
    case COMFY_KIND_NUMBER:
      describe_number (self, item, field);
      break;
    case COMFY_KIND_SEED:
      describe_seed (self, item, field);
      break;
    case COMFY_KIND_SWITCH:
      json_object_set_string_member (field, "type", "boolean");
      break;
    case COMFY_KIND_CHOICE:
      describe_choice (self, item, field);
      break;
    case COMFY_KIND_SIZE:
      describe_size (self, item, field);
      break;
    case COMFY_KIND_PICTURE:
      json_object_set_string_member (field, "type", "picture");
      json_object_set_string_member (field, "default", item->entry.binding);
      break;
    case COMFY_KIND_TEXT:
    case COMFY_KIND_PROMPT:
    case COMFY_KIND_NEGATIVE:
    default:
      describe_text (self, item, field);
      break;
    }
}

/*
 * _comfy_mapping_make_field:
 * @item: an entry
 * @id: the field's id
 *
 * Returns: (transfer full): the field as data/schema/action.schema.json has it
 */
JsonNode *
_comfy_mapping_make_field (ComfyMapping           *self,
                           const ComfyMappingItem *item,
                           const char             *id)
{
  static const char * const places[] = { "form", "advanced", "all" };
  JsonNode                 *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject               *field = json_object_new ();

  json_node_take_object (node, field);
  json_object_set_string_member (field, "id", id);
  json_object_set_string_member (field, "label", item->entry.label);
  if (item->entry.kind != COMFY_KIND_SIZE)
    {
      json_object_set_string_member (field, "node", item->entry.node);
      json_object_set_string_member (field, "input", item->entry.input);
    }
  describe (self, item, field);
  json_object_set_string_member (field, "place", places[item->entry.place]);
  if (item->entry.place == COMFY_PLACE_ALL)
    json_object_set_string_member (field, "group",
                                   comfy_workflow_get_title (self->workflow, item->entry.node));

  return node;
}
