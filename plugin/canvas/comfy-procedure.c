/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Actions in GIMP's procedure database. Nothing here knows any one of them.
 */
#define G_LOG_DOMAIN "comfy-procedure"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-procedure.h"

#define PREFIX    "plug-in-comfy-cloud-"
#define MENU_PATH "<Image>/Filters/Comfy Cloud"

/* the two arguments of a size */
#define WIDTH  "width"
#define HEIGHT "height"

/* the arguments of edges; the ratio, unless it is empty, says how long they are */
static const char * const edge_names[] = { "left", "top", "right", "bottom" };
#define RATIO "ratio"

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
  gimp_procedure_add_int_argument (procedure, WIDTH, _("_Width"), blurb, min, (int) field->max,
                                   width, flags);
  gimp_procedure_add_int_argument (procedure, HEIGHT, _("_Height"), blurb, min, (int) field->max,
                                   height, flags);
}

static void
add_edges (GimpProcedure    *procedure,
           const ComfyField *field,
           GParamFlags       flags)
{
  const char *labels[] = { _("_Left"), _("_Top"), _("_Right"), _("_Bottom") };

  for (unsigned int i = 0; i < G_N_ELEMENTS (edge_names); i++)
    gimp_procedure_add_int_argument (procedure, edge_names[i], labels[i],
                                     _("Pixels by which the canvas grows there"), 0,
                                     (int) field->max, 0, flags);
  /* what an artist chose once for one image is no rule for the next */
  gimp_procedure_add_string_argument (procedure, RATIO, _("Aspect r_atio"),
                                      _("Such as 16:9: the canvas grows evenly until it has it, "
                                        "whatever the edges say"), "",
                                      flags | GIMP_PARAM_DONT_SERIALIZE);
}

/* a graph has more parameters than anybody wants to be arguments */
static gboolean
is_argument (const ComfyField *field)
{
  return field->place != COMFY_PLACE_ALL;
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
      gimp_procedure_add_int_argument (procedure, field->id, field->label, field->hint,
                                       (int) field->min, (int) field->max,
                                       (int) g_variant_get_int64 (field->fallback), flags);
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
    if (is_argument (comfy_action_get_field (action, i)))
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

static GVariant *
read_edges (GimpProcedureConfig  *config,
            ComfyForm            *form,
            GError              **error)
{
  g_autofree char *ratio = NULL;
  int              edges[4];
  ComfyEdges       wanted;

  g_object_get (config, RATIO, &ratio, NULL);
  if (ratio != NULL && ratio[0] != '\0')
    {
      if (!comfy_form_parse_ratio (form, ratio, &wanted, error))
        return NULL;
      return g_variant_new ("(iiii)", wanted.left, wanted.top, wanted.right, wanted.bottom);
    }

  for (unsigned int i = 0; i < G_N_ELEMENTS (edges); i++)
    g_object_get (config, edge_names[i], &edges[i], NULL);

  return g_variant_new ("(iiii)", edges[0], edges[1], edges[2], edges[3]);
}

static GVariant *
read_field (GimpProcedureConfig  *config,
            ComfyForm            *form,
            const ComfyField     *field,
            GError              **error)
{
  g_autofree char *text = NULL;
  double           fraction;
  int              number;
  int              height;
  gboolean         flag;

  switch (field->type)
    {
    case COMFY_FIELD_INT:
      g_object_get (config, field->id, &number, NULL);
      return g_variant_new_int64 (number);

    case COMFY_FIELD_DOUBLE:
      g_object_get (config, field->id, &fraction, NULL);
      return g_variant_new_double (fraction);

    case COMFY_FIELD_BOOLEAN:
      g_object_get (config, field->id, &flag, NULL);
      return g_variant_new_boolean (flag);

    case COMFY_FIELD_SEED:
      g_object_get (config, field->id, &text, NULL);
      return comfy_field_parse_seed (text != NULL ? text : "", error);

    case COMFY_FIELD_SIZE:
      g_object_get (config, WIDTH, &number, HEIGHT, &height, NULL);
      return g_variant_new ("(ii)", number, height);

    case COMFY_FIELD_EDGES:
      return read_edges (config, form, error);

    case COMFY_FIELD_TEXT:
    case COMFY_FIELD_CHOICE:
    case COMFY_FIELD_PICTURE:
    default:
      g_object_get (config, field->id, &text, NULL);
      return g_variant_new_string (text != NULL ? text : "");
    }
}

/**
 * comfy_procedure_read_form:
 * @config: the arguments that GIMP gave
 * @form: takes them
 * @error: return location
 *
 * Returns: whether every argument can be used; else %COMFY_ERROR_INVALID_ARGUMENT
 */
gboolean
comfy_procedure_read_form (GimpProcedureConfig  *config,
                           ComfyForm            *form,
                           GError              **error)
{
  ComfyAction *action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);
      GVariant         *value;

      if (!is_argument (field))
        continue;
      value = read_field (config, form, field, error);
      if (value == NULL)
        return FALSE;
      comfy_form_set_value (form, field->id, value);
    }

  return TRUE;
}

static void
write_edges (GimpProcedureConfig *config,
             GVariant            *value)
{
  int edges[4];

  g_variant_get (value, "(iiii)", &edges[0], &edges[1], &edges[2], &edges[3]);
  for (unsigned int i = 0; i < G_N_ELEMENTS (edges); i++)
    g_object_set (config, edge_names[i], edges[i], NULL);
}

static void
write_field (GimpProcedureConfig *config,
             const ComfyField    *field,
             GVariant            *value)
{
  g_autoptr(GVariant)  seed = NULL;
  g_autofree char     *text = NULL;
  int                  width;
  int                  height;

  switch (field->type)
    {
    case COMFY_FIELD_INT:
      g_object_set (config, field->id, (int) g_variant_get_int64 (value), NULL);
      break;

    case COMFY_FIELD_DOUBLE:
      g_object_set (config, field->id, g_variant_get_double (value), NULL);
      break;

    case COMFY_FIELD_BOOLEAN:
      g_object_set (config, field->id, g_variant_get_boolean (value), NULL);
      break;

    case COMFY_FIELD_SEED:
      seed = g_variant_get_maybe (value);
      if (seed != NULL)
        text = g_strdup_printf ("%" G_GUINT64_FORMAT, g_variant_get_uint64 (seed));
      g_object_set (config, field->id, text != NULL ? text : "", NULL);
      break;

    case COMFY_FIELD_SIZE:
      g_variant_get (value, "(ii)", &width, &height);
      g_object_set (config, WIDTH, width, HEIGHT, height, NULL);
      break;

    case COMFY_FIELD_EDGES:
      write_edges (config, value);
      break;

    case COMFY_FIELD_TEXT:
    case COMFY_FIELD_CHOICE:
    case COMFY_FIELD_PICTURE:
    default:
      g_object_set (config, field->id, g_variant_get_string (value, NULL), NULL);
      break;
    }
}

/**
 * comfy_procedure_write_form:
 * @config: the arguments, which GIMP remembers for the next run
 * @form: what the artist entered
 */
void
comfy_procedure_write_form (GimpProcedureConfig *config,
                            ComfyForm           *form)
{
  ComfyAction *action = comfy_form_get_action (form);

  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);

      if (is_argument (field))
        write_field (config, field, comfy_form_get_value (form, field->id));
    }
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
