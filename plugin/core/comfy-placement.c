/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-placement"

#include "config.h"

#include <string.h>

#include "comfy-fit.h"
#include "comfy-json-private.h"
#include "comfy-placement-private.h"

#define MAX_EDGE (1 << 20) /* px: GIMP's images end at 2^19 */

/* in the order of the members of the structs */
static const char * const crop_names[] = { "x", "y", "width", "height", NULL };
static const char * const sent_names[] = { "sent_width", "sent_height", "pad_left", "pad_top",
                                           "pad_right", "pad_bottom", NULL };
static const char * const edge_names[] = { "grow_left", "grow_top", "grow_right", "grow_bottom",
                                           NULL };

G_DEFINE_BOXED_TYPE (ComfyPlacement, comfy_placement,
                     comfy_placement_ref, comfy_placement_unref)

/**
 * comfy_placement_new:
 *
 * Returns: (transfer full): a placement without image and layer, whose members the caller fills in
 *   before anybody else sees it
 */
ComfyPlacement *
comfy_placement_new (void)
{
  ComfyPlacement *self = g_atomic_rc_box_new0 (ComfyPlacement);

  self->image_id = -1;
  self->layer_id = -1;
  self->layers = g_array_new (FALSE, FALSE, sizeof (ComfyLayerBox));
  self->base_type = g_strdup ("rgb");
  self->precision = g_strdup ("u8-non-linear");
  self->fit = COMFY_FIT_REGION;

  return self;
}

/**
 * comfy_placement_copy:
 *
 * Returns: (transfer full): another one of the same, which the caller may change before anybody
 *   else sees it
 */
ComfyPlacement *
comfy_placement_copy (ComfyPlacement *self)
{
  ComfyPlacement *copy = g_atomic_rc_box_dup (sizeof *self, self);

  copy->layers = g_array_copy (self->layers);
  copy->image_mark = g_strdup (self->image_mark);
  copy->image_file = g_strdup (self->image_file);
  copy->image_name = g_strdup (self->image_name);
  copy->base_type = g_strdup (self->base_type);
  copy->precision = g_strdup (self->precision);
  copy->layer_mark = g_strdup (self->layer_mark);
  copy->alpha_file = g_strdup (self->alpha_file);
  copy->mask_file = g_strdup (self->mask_file);

  return copy;
}

/**
 * comfy_placement_ref:
 *
 * Returns: (transfer full): @self
 */
ComfyPlacement *
comfy_placement_ref (ComfyPlacement *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
comfy_placement_clear (gpointer data)
{
  ComfyPlacement *self = data;

  g_array_unref (self->layers);
  g_free (self->image_mark);
  g_free (self->image_file);
  g_free (self->image_name);
  g_free (self->base_type);
  g_free (self->precision);
  g_free (self->layer_mark);
  g_free (self->alpha_file);
  g_free (self->mask_file);
}

/**
 * comfy_placement_unref:
 * @self: (transfer full): a placement
 */
void
comfy_placement_unref (ComfyPlacement *self)
{
  g_atomic_rc_box_release_full (self, comfy_placement_clear);
}

static void
add_int (JsonBuilder *builder,
         const char  *name,
         int          value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

/* a member for each number, in the order of a plain struct of ints */
static void
add_ints (JsonBuilder        *builder,
          const char * const *names,
          const int          *values)
{
  for (unsigned int i = 0; names[i] != NULL; i++)
    add_int (builder, names[i], values[i]);
}

static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  if (value == NULL)
    return;

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* [[tattoo, x, y, width, height], …] */
static void
add_layers (JsonBuilder *builder,
            GArray      *layers)
{
  json_builder_set_member_name (builder, "layers");
  json_builder_begin_array (builder);
  for (unsigned int i = 0; i < layers->len; i++)
    {
      const ComfyLayerBox *layer = &g_array_index (layers, ComfyLayerBox, i);

      json_builder_begin_array (builder);
      json_builder_add_int_value (builder, layer->tattoo);
      json_builder_add_int_value (builder, layer->box.x);
      json_builder_add_int_value (builder, layer->box.y);
      json_builder_add_int_value (builder, layer->box.width);
      json_builder_add_int_value (builder, layer->box.height);
      json_builder_end_array (builder);
    }
  json_builder_end_array (builder);
}

/*
 * _comfy_placement_to_json:
 *
 * The file goes as a URI, because a path need not be UTF-8 and JSON has to be.
 *
 * Returns: (transfer full): an object
 */
JsonNode *
_comfy_placement_to_json (ComfyPlacement *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char       *uri = NULL;

  if (self->image_file != NULL)
    uri = g_filename_to_uri (self->image_file, NULL, NULL);

  json_builder_begin_object (builder);
  add_int (builder, "gimp_pid", self->gimp_pid);
  add_int (builder, "image_id", self->image_id);
  add_string (builder, "image_mark", self->image_mark);
  add_string (builder, "image_uri", uri);
  add_string (builder, "image_name", self->image_name);
  add_int (builder, "image_width", self->image_width);
  add_int (builder, "image_height", self->image_height);
  add_string (builder, "base_type", self->base_type);
  add_string (builder, "precision", self->precision);
  add_int (builder, "layer_id", self->layer_id);
  add_string (builder, "layer_mark", self->layer_mark);
  add_layers (builder, self->layers);
  add_ints (builder, crop_names, (const int *) &self->region.crop);
  add_ints (builder, sent_names, &self->region.width);
  add_ints (builder, edge_names, (const int *) &self->edges);
  add_string (builder, "fit", self->fit == COMFY_FIT_NATURAL ? "natural" : "region");
  add_string (builder, "outcome", comfy_outcome_to_id (self->outcome));
  add_string (builder, "order",
              self->order == COMFY_ORDER_LOWEST_FIRST ? "lowest-first" : "highest-first");
  add_string (builder, "alpha_file", self->alpha_file);
  add_string (builder, "mask_file", self->mask_file);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

static void
read_int (JsonObject *object,
          const char *name,
          int        *value)
{
  *value = CLAMP (json_object_get_int_member_with_default (object, name, *value),
                  G_MININT, G_MAXINT);
}

/* of lengths: what cannot be one is left out */
static void
read_length (JsonObject *object,
             const char *name,
             int        *value)
{
  int length = *value;

  read_int (object, name, &length);
  if (length >= 0 && length <= MAX_EDGE)
    *value = length;
}

static void
read_ints (JsonObject         *object,
           const char * const *names,
           int                *values)
{
  for (unsigned int i = 0; names[i] != NULL; i++)
    read_int (object, names[i], &values[i]);
}

/* A record that was damaged must not make sizes that nobody can reckon with: then nothing was taken,
 * and the result is placed as it came. */
static ComfyRegion
sane_region (const ComfyRegion *region)
{
  const int max = MAX_EDGE;
  gboolean  is_sane = region->crop.width > 0 && region->crop.width <= max
                      && region->crop.height > 0 && region->crop.height <= max
                      && ABS ((gint64) region->crop.x) <= max
                      && ABS ((gint64) region->crop.y) <= max
                      && region->width > 0 && region->width <= max
                      && region->height > 0 && region->height <= max
                      && region->left >= 0 && region->left <= max
                      && region->top >= 0 && region->top <= max
                      && region->right >= 0 && region->right <= max
                      && region->bottom >= 0 && region->bottom <= max
                      && (guint64) region->crop.width * (guint64) region->crop.height
                           <= COMFY_FIT_MAX_PIXELS;

  return is_sane ? *region : (ComfyRegion) { 0 };
}

/* FALSE when the element is no number */
static gboolean
get_number (JsonArray    *array,
            unsigned int  i,
            gint64        min,
            gint64        max,
            gint64       *out_number)
{
  JsonNode *node = json_array_get_element (array, i);

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;

  *out_number = CLAMP (json_node_get_int (node), min, max);

  return TRUE;
}

/* what cannot be read is left out: then less is known of how the canvas has moved */
static void
read_layer (JsonArray *numbers,
            GArray    *layers)
{
  ComfyLayerBox layer;
  gint64        tattoo;
  gint64        box[4];

  if (json_array_get_length (numbers) != G_N_ELEMENTS (box) + 1
      || !get_number (numbers, 0, 0, G_MAXUINT, &tattoo))
    return;
  for (unsigned int i = 0; i < G_N_ELEMENTS (box); i++)
    if (!get_number (numbers, i + 1, -MAX_EDGE, MAX_EDGE, &box[i]))
      return;

  layer.tattoo = (unsigned int) tattoo;
  layer.box = (ComfyRect) { (int) box[0], (int) box[1], (int) box[2], (int) box[3] };
  g_array_append_val (layers, layer);
}

static void
read_layers (JsonObject *object,
             GArray     *layers)
{
  JsonArray *array = comfy_json_get_array (object, "layers");

  for (unsigned int i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_ARRAY (node) && layers->len < COMFY_DRIFT_MAX_LAYERS)
        read_layer (json_node_get_array (node), layers);
    }
}

/* (nullable): a name in the job's folder, whoever wrote the record */
static char *
dup_file_name (JsonObject *object,
               const char *member)
{
  const char *name = comfy_json_get_string (object, member);

  return name != NULL && strchr (name, '/') == NULL ? g_strdup (name) : NULL;
}

static void
read_string (JsonObject  *object,
             const char  *name,
             char       **value)
{
  const char *text = comfy_json_get_string (object, name);

  if (text != NULL)
    g_set_str (value, text);
}

/*
 * _comfy_placement_from_json:
 *
 * What is missing keeps the value of comfy_placement_new(): a result whose place is not known any
 * more still becomes an image.
 *
 * Returns: (transfer full): the placement
 */
ComfyPlacement *
_comfy_placement_from_json (JsonObject *object)
{
  ComfyPlacement *self = comfy_placement_new ();
  const char     *uri = comfy_json_get_string (object, "image_uri");

  read_int (object, "gimp_pid", &self->gimp_pid);
  read_int (object, "image_id", &self->image_id);
  read_string (object, "image_mark", &self->image_mark);
  if (uri != NULL)
    self->image_file = g_filename_from_uri (uri, NULL, NULL);
  read_string (object, "image_name", &self->image_name);
  read_length (object, "image_width", &self->image_width);
  read_length (object, "image_height", &self->image_height);
  read_string (object, "base_type", &self->base_type);
  read_string (object, "precision", &self->precision);
  read_int (object, "layer_id", &self->layer_id);
  read_string (object, "layer_mark", &self->layer_mark);
  read_layers (object, self->layers);
  read_ints (object, crop_names, (int *) &self->region.crop);
  read_ints (object, sent_names, &self->region.width);
  for (unsigned int i = 0; edge_names[i] != NULL; i++)
    read_length (object, edge_names[i], (int *) &self->edges + i);
  self->region = sane_region (&self->region);
  if (g_strcmp0 (comfy_json_get_string (object, "fit"), "natural") == 0)
    self->fit = COMFY_FIT_NATURAL;
  comfy_outcome_from_id (comfy_json_get_string (object, "outcome"), &self->outcome);
  if (g_strcmp0 (comfy_json_get_string (object, "order"), "lowest-first") == 0)
    self->order = COMFY_ORDER_LOWEST_FIRST;
  self->alpha_file = dup_file_name (object, "alpha_file");
  self->mask_file = dup_file_name (object, "mask_file");

  return self;
}
