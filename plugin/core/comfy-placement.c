/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-placement"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "comfy-placement-private.h"

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
  self->base_type = g_strdup ("rgb");
  self->precision = g_strdup ("u8-non-linear");
  self->fit = COMFY_FIT_REGION;

  return self;
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

  g_free (self->image_mark);
  g_free (self->image_file);
  g_free (self->image_name);
  g_free (self->base_type);
  g_free (self->precision);
  g_free (self->layer_mark);
  g_free (self->alpha_file);
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
  add_int (builder, "x", self->x);
  add_int (builder, "y", self->y);
  add_int (builder, "width", self->width);
  add_int (builder, "height", self->height);
  add_string (builder, "fit", self->fit == COMFY_FIT_NATURAL ? "natural" : "region");
  add_string (builder, "alpha_file", self->alpha_file);
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
  const char     *alpha_file = comfy_json_get_string (object, "alpha_file");

  read_int (object, "gimp_pid", &self->gimp_pid);
  read_int (object, "image_id", &self->image_id);
  read_string (object, "image_mark", &self->image_mark);
  if (uri != NULL)
    self->image_file = g_filename_from_uri (uri, NULL, NULL);
  read_string (object, "image_name", &self->image_name);
  read_int (object, "image_width", &self->image_width);
  read_int (object, "image_height", &self->image_height);
  read_string (object, "base_type", &self->base_type);
  read_string (object, "precision", &self->precision);
  read_int (object, "layer_id", &self->layer_id);
  read_string (object, "layer_mark", &self->layer_mark);
  read_int (object, "x", &self->x);
  read_int (object, "y", &self->y);
  read_int (object, "width", &self->width);
  read_int (object, "height", &self->height);
  if (g_strcmp0 (comfy_json_get_string (object, "fit"), "natural") == 0)
    self->fit = COMFY_FIT_NATURAL;
  /* a name in the job's folder, whoever wrote the record */
  if (alpha_file != NULL && strchr (alpha_file, '/') == NULL)
    self->alpha_file = g_strdup (alpha_file);

  return self;
}
