/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Actions in GIMP's procedure database. Nothing here knows any one of them.
 */
#define G_LOG_DOMAIN "comfy-procedure"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-procedure-private.h"

#define PREFIX    "plug-in-comfy-cloud-"
#define MENU_PATH "<Image>/Filters/Comfy Cloud"

/* of the return values, after the status */
enum
{
  RETURN_IMAGE = 1,
  RETURN_LAYER,
  RETURN_LAYERS
};

/**
 * comfy_procedure_dup_name:
 * @action: an action
 *
 * Returns: (transfer full): its procedure's name, such as "plug-in-comfy-cloud-upscale-4x"
 */
char *
comfy_procedure_dup_name (ComfyAction *action)
{
  return g_strconcat (PREFIX, comfy_action_get_id (action), NULL);
}

static void
add_choice (GimpProcedure    *procedure,
            const ComfyField *field,
            GParamFlags       flags)
{
  GimpChoice *choice = gimp_choice_new ();

  for (unsigned int i = 0; i < field->choices->len; i++)
    {
      const ComfyChoice *option = g_ptr_array_index (field->choices, i);

      gimp_choice_add (choice, option->id, (int) i, option->label, NULL);
    }

  gimp_procedure_add_choice_argument (procedure, field->id, field->label, field->hint, choice,
                                      g_variant_get_string (field->fallback, NULL), flags);
}

static void
add_size (GimpProcedure    *procedure,
          const ComfyField *field,
          GParamFlags       flags)
{
  gboolean    follows = field->image_area > 0;
  const char *blurb = follows ? _("Pixels; 0: as the image") : _("Pixels");
  int         min = follows ? 0 : (int) field->min;
  int         width;
  int         height;

  g_variant_get (field->fallback, "(ii)", &width, &height);
  gimp_procedure_add_int_argument (procedure, COMFY_ARGUMENT_WIDTH, _("_Width"), blurb, min,
                                   (int) field->max, width, flags);
  gimp_procedure_add_int_argument (procedure, COMFY_ARGUMENT_HEIGHT, _("_Height"), blurb, min,
                                   (int) field->max, height, flags);
}

static void
add_edges (GimpProcedure    *procedure,
           const ComfyField *field,
           GParamFlags       flags)
{
  const char *labels[] = { _("_Left"), _("_Top"), _("_Right"), _("_Bottom") };

  for (unsigned int i = 0; i < G_N_ELEMENTS (labels); i++)
    gimp_procedure_add_int_argument (procedure, _comfy_procedure_edge_names[i], labels[i],
                                     _("Pixels by which the canvas grows there"), 0,
                                     (int) field->max, 0, flags);
  /* what an artist chose once for one image is no rule for the next */
  gimp_procedure_add_string_argument (procedure, COMFY_ARGUMENT_RATIO, _("Aspect r_atio"),
                                      _("Such as 16:9: the canvas grows evenly until it has it, "
                                        "whatever the edges say"), "",
                                      flags | GIMP_PARAM_DONT_SERIALIZE);
}

static void
add_int (GimpProcedure    *procedure,
         const ComfyField *field,
         GParamFlags       flags)
{
  if (_comfy_procedure_is_wide (field))
    gimp_procedure_add_double_argument (procedure, field->id, field->label, field->hint,
                                        field->min, field->max,
                                        (double) g_variant_get_int64 (field->fallback), flags);
  else
    gimp_procedure_add_int_argument (procedure, field->id, field->label, field->hint,
                                     (int) field->min, (int) field->max,
                                     (int) g_variant_get_int64 (field->fallback), flags);
}

static void
add_argument (GimpProcedure    *procedure,
              const ComfyField *field)
{
  GParamFlags flags = G_PARAM_READWRITE;

  /* GIMP writes arguments into its settings and into the image, which is then shared */
  if (field->private_)
    flags |= GIMP_PARAM_DONT_SERIALIZE;

  switch (field->type)
    {
    case COMFY_FIELD_TEXT:
      gimp_procedure_add_string_argument (procedure, field->id, field->label, field->hint,
                                          g_variant_get_string (field->fallback, NULL), flags);
      break;

    case COMFY_FIELD_INT:
      add_int (procedure, field, flags);
      break;

    case COMFY_FIELD_DOUBLE:
      gimp_procedure_add_double_argument (procedure, field->id, field->label, field->hint,
                                          field->min, field->max,
                                          g_variant_get_double (field->fallback), flags);
      break;

    case COMFY_FIELD_BOOLEAN:
      gimp_procedure_add_boolean_argument (procedure, field->id, field->label, field->hint,
                                           g_variant_get_boolean (field->fallback), flags);
      break;

    case COMFY_FIELD_CHOICE:
      add_choice (procedure, field, flags);
      break;

    case COMFY_FIELD_SEED:
      /* a string: GIMP has no argument that holds 64 bits */
      gimp_procedure_add_string_argument (procedure, field->id, field->label,
                                          _("A whole number; empty for a new one in each run"),
                                          "", flags);
      break;

    case COMFY_FIELD_SIZE:
      add_size (procedure, field, flags);
      break;

    case COMFY_FIELD_EDGES:
      add_edges (procedure, field, flags);
      break;

    case COMFY_FIELD_PICTURE:
      gimp_procedure_add_string_argument (procedure, field->id, field->label,
                                          _("layer, layers, visible, selection, visible-selection, "
                                            "mask, layer:NAME, or file: and a full path"),
                                          g_variant_get_string (field->fallback, NULL), flags);
      break;

    default:
      g_assert_not_reached ();
    }
}

/**
 * comfy_procedure_add_return_values:
 * @procedure: one that makes layers
 *
 * Says that it returns what comfy_procedure_return_placed() gives.
 */
void
comfy_procedure_add_return_values (GimpProcedure *procedure)
{
  gimp_procedure_add_image_return_value (procedure, "result-image", _("Image"),
                                         _("The image with the result"), TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_layer_return_value (procedure, "result-layer", _("Layer"),
                                         _("The new layer, or the group of several; "
                                           "the layer that got a mask"), TRUE,
                                         G_PARAM_READWRITE);
  /* Python cannot read an array out of return values */
  gimp_procedure_add_core_object_array_return_value (procedure, "result-layers", _("Layers"),
                                                     _("All new layers with pixels"),
                                                     GIMP_TYPE_LAYER, G_PARAM_READWRITE);
}

/**
 * comfy_procedure_new:
 * @plug_in: the plug-in
 * @action: an action
 * @run: called with the action as its data
 *
 * Returns: (transfer full): the action's procedure
 */
GimpProcedure *
comfy_procedure_new (GimpPlugIn       *plug_in,
                     ComfyAction      *action,
                     GimpRunImageFunc  run)
{
  g_autofree char *name = comfy_procedure_dup_name (action);
  GimpProcedure   *procedure;
  int              sensitivity = GIMP_PROCEDURE_SENSITIVE_DRAWABLE;

  procedure = gimp_image_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run,
                                        g_object_ref (action), g_object_unref);

  if (comfy_action_get_source (action) == COMFY_SOURCE_NONE)
    sensitivity = GIMP_PROCEDURE_SENSITIVE_ALWAYS;
  gimp_procedure_set_sensitivity_mask (procedure, sensitivity);
  gimp_procedure_set_image_types (procedure, "*");
  gimp_procedure_set_menu_label (procedure, comfy_action_get_menu_label (action));
  gimp_procedure_add_menu_path (procedure, MENU_PATH);
  gimp_procedure_set_documentation (procedure, comfy_action_get_blurb (action),
                                    comfy_action_get_help (action), name);
  gimp_procedure_set_attribution (procedure, "Comfy Cloud for GIMP", "GPL-3.0-or-later", "2026");

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    if (_comfy_procedure_is_argument (comfy_action_get_field (action, i)))
      add_argument (procedure, comfy_action_get_field (action, i));
  comfy_procedure_add_return_values (procedure);

  return procedure;
}

/**
 * comfy_procedure_new_vary:
 * @plug_in: the plug-in
 * @name: its name
 * @actions: (element-type ComfyAction): those that are installed
 * @run: called with @actions as its data
 *
 * Returns: (transfer full): the procedure that makes another one of a layer; returns as an action
 */
GimpProcedure *
comfy_procedure_new_vary (GimpPlugIn       *plug_in,
                          const char       *name,
                          GPtrArray        *actions,
                          GimpRunImageFunc  run)
{
  GimpProcedure *procedure;

  procedure = gimp_image_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run,
                                        g_ptr_array_ref (actions),
                                        (GDestroyNotify) g_ptr_array_unref);

  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE);
  gimp_procedure_set_image_types (procedure, "*");
  gimp_procedure_set_menu_label (procedure, _("_Vary This Layer"));
  gimp_procedure_add_menu_path (procedure, MENU_PATH);
  gimp_procedure_set_documentation (procedure, _("Make the layer once more with a new seed"),
                                    _("Asks for the selected layer, which Comfy Cloud has made, once "
                                      "more with another seed: the same action, words and picture. "
                                      "The result is a new layer above it."), name);
  gimp_procedure_set_attribution (procedure, "Comfy Cloud for GIMP", "GPL-3.0-or-later", "2026");
  comfy_procedure_add_return_values (procedure);

  return procedure;
}

/**
 * comfy_procedure_return_placed:
 * @procedure: an action's procedure
 * @placed: what comfy_host_place() resolved to
 *
 * Returns: (transfer full): success, with the image, the new layer and all new layers
 */
GimpValueArray *
comfy_procedure_return_placed (GimpProcedure *procedure,
                               GVariant      *placed)
{
  g_autoptr(GVariantIter)  iter = NULL;
  g_autoptr(GPtrArray)     layers = g_ptr_array_new ();
  GimpValueArray          *values;
  GimpItem                *upmost;
  int                      image_id;
  int                      layer_id;

  g_variant_get (placed, "(iai)", &image_id, &iter);
  while (g_variant_iter_next (iter, "i", &layer_id))
    g_ptr_array_add (layers, gimp_layer_get_by_id (layer_id));
  /* what became a selection is no layer */
  upmost = layers->len > 0 ? g_ptr_array_index (layers, 0) : NULL;
  if (layers->len > 1)
    upmost = gimp_item_get_parent (upmost);
  g_ptr_array_add (layers, NULL);

  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_IMAGE (values, RETURN_IMAGE, gimp_image_get_by_id (image_id));
  GIMP_VALUES_SET_LAYER (values, RETURN_LAYER, upmost != NULL ? GIMP_LAYER (upmost) : NULL);
  GIMP_VALUES_SET_CORE_OBJECT_ARRAY (values, RETURN_LAYERS, (GObject **) layers->pdata);

  return values;
}
