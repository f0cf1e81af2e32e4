/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Edit and run again: for every action and each of its graphs the form becomes what was asked.
 */
#include "config.h"

#include <string.h>

#include "comfy-action.h"
#include "comfy-form-request.h"

#define OTHER_GRAPH "{ \"5\": { \"class_type\": \"A\", \"inputs\": { \"text\": 7 } } }"

static const char *
get_field_id (ComfyAction *action,
              ComfyRole    role)
{
  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    if (comfy_action_get_field (action, i)->role == role)
      return comfy_action_get_field (action, i)->id;

  return NULL;
}

/* (transfer floating): one that is not the default, where there is another */
static GVariant *
make_value (const ComfyField *field)
{
  switch (field->type)
    {
    case COMFY_FIELD_TEXT:
      return g_variant_new_string ("an old oak, \"quoted\"\nin two lines");
    case COMFY_FIELD_CHOICE:
      return g_variant_new_string (((ComfyChoice *) g_ptr_array_index (
        field->choices, field->choices->len - 1))->id);
    case COMFY_FIELD_BOOLEAN:
      return g_variant_new_boolean (!g_variant_get_boolean (field->fallback));
    case COMFY_FIELD_INT:
      return g_variant_new_int64 ((gint64) field->max);
    case COMFY_FIELD_DOUBLE:
      return g_variant_new_double (field->min + (field->max - field->min) / 4);
    case COMFY_FIELD_SEED:
      return g_variant_new_maybe (G_VARIANT_TYPE_UINT64,
                                  g_variant_new_uint64 (field->seed_max - 1));
    case COMFY_FIELD_SIZE:
      return g_variant_new ("(ii)", (int) field->min, (int) field->max);
    case COMFY_FIELD_EDGES:
      return g_variant_new ("(iiii)", 64, 0, 0, 32);
    case COMFY_FIELD_PICTURE:
    default:
      return NULL;
    }
}

static ComfyForm *
make_form (ComfyAction        *action,
           const ComfyVariant *variant)
{
  const char *model = get_field_id (action, COMFY_ROLE_MODEL);
  ComfyForm  *form = comfy_form_new (action);

  comfy_form_set_image_size (form, 1000, 800);
  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const ComfyField *field = comfy_action_get_field (action, i);
      GVariant         *value = field->role == COMFY_ROLE_MODEL ? NULL : make_value (field);

      if (value != NULL)
        comfy_form_set_value (form, field->id, value);
    }
  if (model != NULL)
    comfy_form_set_value (form, model, g_variant_new_string (variant->id));

  return form;
}

static char *
dup_graph (ComfyForm *form)
{
  g_autoptr(GError)         error = NULL;
  g_autoptr(ComfyWorkflow)  graph = NULL;
  g_autoptr(GBytes)         bytes = NULL;
  guint64                   seed;

  graph = comfy_form_apply (form, &seed, &error);
  g_assert_no_error (error);
  bytes = comfy_workflow_to_bytes (graph);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static ComfyRequest *
make_request (ComfyForm *form)
{
  const char                *id = comfy_action_get_id (comfy_form_get_action (form));
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(ComfyWorkflow)   graph = NULL;
  guint64                    seed;

  graph = comfy_form_apply (form, &seed, NULL);

  return comfy_request_new (&(ComfyRequestParts) {
                              .action_id = id, .title = id, .profile_id = "profile",
                              .model = comfy_form_get_variant (form)->label,
                              .workflow = graph, .placement = placement, .seed = seed });
}

static void
test_each_graph_comes_back (gconstpointer data)
{
  ComfyAction *action = (ComfyAction *) data;

  for (unsigned int i = 0; i < comfy_action_get_n_variants (action); i++)
    {
      g_autoptr(ComfyForm)    asked = make_form (action, comfy_action_get_variant (action, i));
      g_autoptr(ComfyForm)    again = comfy_form_new (action);
      g_autoptr(ComfyRequest) request = make_request (asked);
      g_autofree char        *first = dup_graph (asked);
      g_autofree char        *second = NULL;

      comfy_form_set_image_size (again, 1000, 800);
      /* not told by a graph: taken from the form that it is edited in */
      if (get_field_id (action, COMFY_ROLE_EDGES) != NULL)
        comfy_form_set_value (again, get_field_id (action, COMFY_ROLE_EDGES),
                              g_variant_new ("(iiii)", 64, 0, 0, 32));
      comfy_form_take_request (again, request);
      second = dup_graph (again);
      g_assert_cmpstr (first, ==, second);
    }
}

/* a node less, another type: a graph of another version of the action */
static void
test_what_does_not_fit_is_left (gconstpointer data)
{
  ComfyAction               *action = (ComfyAction *) data;
  g_autoptr(ComfyForm)       asked = make_form (action, comfy_action_get_variant (action, 0));
  g_autoptr(ComfyForm)       again = comfy_form_new (action);
  g_autoptr(ComfyForm)       untouched = comfy_form_new (action);
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(GBytes)          json = g_bytes_new_static (OTHER_GRAPH, strlen (OTHER_GRAPH));
  g_autoptr(ComfyWorkflow)   graph = NULL;
  g_autoptr(ComfyRequest)    request = NULL;

  graph = comfy_workflow_new_from_bytes (json, NULL);
  g_assert_nonnull (graph);
  request = comfy_request_new (&(ComfyRequestParts) { .action_id = "a", .title = "a",
                                                      .profile_id = "p", .workflow = graph,
                                                      .placement = placement });
  comfy_form_take_request (again, request);
  for (unsigned int i = 0; i < comfy_action_get_n_fields (action); i++)
    {
      const char *id = comfy_action_get_field (action, i)->id;

      g_assert_true (g_variant_equal (comfy_form_get_value (again, id),
                                      comfy_form_get_value (untouched, id)));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char     *folder = NULL;
  g_autoptr(GPtrArray) actions = NULL;

  g_test_init (&argc, &argv, NULL);
  folder = g_build_filename (g_getenv ("COMFY_TEST_DATA_DIR"), "actions", NULL);
  actions = comfy_action_list_folder (folder);
  g_assert_cmpuint (actions->len, >, 5);
  for (unsigned int i = 0; i < actions->len; i++)
    {
      const char      *id = comfy_action_get_id (g_ptr_array_index (actions, i));
      g_autofree char *path = g_strdup_printf ("/form-request/%s/each-graph-comes-back", id);
      g_autofree char *other = g_strdup_printf ("/form-request/%s/what-does-not-fit-is-left", id);

      g_test_add_data_func (path, g_ptr_array_index (actions, i), test_each_graph_comes_back);
      g_test_add_data_func (other, g_ptr_array_index (actions, i), test_what_does_not_fit_is_left);
    }

  return g_test_run ();
}
