/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a script's call and a call from the menu have in common.
 */
#define G_LOG_DOMAIN "comfy-call"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-call.h"
#include "comfy-error.h"
#include "comfy-gimp-host.h"
#include "comfy-hardening.h"
#include "comfy-procedure.h"
#include "comfy-provenance.h"

/**
 * comfy_call_dup_data_path:
 * @name: of a file or folder of ours, such as "actions"
 *
 * Returns: (transfer full): where it is: beside the program that GIMP started, be it in an
 *   installation, in a user's own folder or in a build
 */
char *
comfy_call_dup_data_path (const char *name)
{
  g_autofree char *program_folder = g_path_get_dirname (gimp_get_progname ());
  g_autofree char *beside = g_build_filename (program_folder, "data", name, NULL);

  if (g_file_test (beside, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&beside);

  return g_build_filename (COMFY_DATA_DIR, name, NULL);
}

/**
 * comfy_call_dup_folder:
 *
 * Returns: (transfer full): what is the artist's own, in GIMP's configuration folder
 */
char *
comfy_call_dup_folder (void)
{
  return g_build_filename (gimp_directory (), "comfy-cloud", NULL);
}

/**
 * comfy_call_begin_session:
 * @procedure: what GIMP called
 * @with_displays: whether an image made for a result gets a window
 *
 * Comes first in every call, before any other thread: it makes the process safe for keys and takes
 * what the environment says of them.
 *
 * Returns: (transfer full): the session
 */
ComfySession *
comfy_call_begin_session (GimpProcedure *procedure,
                          gboolean       with_displays)
{
  g_autoptr(ComfyHost)  host = NULL;
  g_autofree char      *nodes = comfy_call_dup_data_path ("nodes.json");
  ComfySession         *session;

  comfy_hardening_apply ();
  dex_init ();
  /* failures are said once, in our words */
  gimp_plug_in_set_pdb_error_handler (gimp_procedure_get_plug_in (procedure),
                                      GIMP_PDB_ERROR_HANDLER_PLUGIN);
  host = comfy_gimp_host_new (with_displays);

  session = comfy_session_new (host);
  comfy_session_use_node_table (session, nodes);

  return session;
}

static DexFuture *
pass_on_cb (DexFuture *future,
            void      *data)
{
  return dex_ref (future);
}

/**
 * comfy_call_wait_for:
 * @future: (transfer full): any future
 * @error: return location
 *
 * Runs the main loop until @future is settled.
 *
 * Returns: whether it resolved
 */
gboolean
comfy_call_wait_for (DexFuture  *future,
                     GError    **error)
{
  /* a worker's end wakes this thread only where somebody here waits for it */
  g_autoptr(DexFuture) waiter = dex_future_finally (future, pass_on_cb, NULL, NULL);

  while (dex_future_is_pending (waiter))
    g_main_context_iteration (NULL, TRUE);

  return dex_future_get_value (waiter, error) != NULL;
}

/**
 * comfy_call_return_error:
 * @procedure: what GIMP called
 * @error: (transfer full): why it did not work
 *
 * Returns: (transfer full): what GIMP is told: that the artist cancelled, or the sentence
 */
GimpValueArray *
comfy_call_return_error (GimpProcedure *procedure,
                         GError        *error)
{
  if (g_error_matches (error, COMFY_ERROR, COMFY_ERROR_CANCELLED))
    {
      g_error_free (error);
      return gimp_procedure_new_return_values (procedure, GIMP_PDB_CANCEL, NULL);
    }

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_EXECUTION_ERROR, error);
}

/* the layer that is meant: the artist may be painting on its mask */
static GimpLayer *
get_layer (GimpDrawable *drawable)
{
  if (GIMP_IS_LAYER_MASK (drawable))
    return gimp_layer_from_mask (GIMP_LAYER_MASK (drawable));

  return GIMP_IS_LAYER (drawable) ? GIMP_LAYER (drawable) : NULL;
}

/* (transfer full) (element-type int) */
static GArray *
list_layers (GimpDrawable **drawables)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (int));

  for (unsigned int i = 0; drawables != NULL && drawables[i] != NULL; i++)
    {
      GimpLayer *layer = get_layer (drawables[i]);
      int        id = layer != NULL ? gimp_item_get_id (GIMP_ITEM (layer)) : -1;

      if (layer != NULL)
        g_array_append_val (ids, id);
    }

  return ids;
}

/**
 * comfy_call_init:
 * @self: zeroed memory; to be cleared in any case
 * @session: the session
 * @action: what was called
 * @image: (nullable): the image
 * @drawables: (nullable): its selected drawables
 * @config: the other arguments
 * @error: return location
 *
 * Returns: whether the arguments can be used; else %COMFY_ERROR_INVALID_ARGUMENT
 */
gboolean
comfy_call_init (ComfyCall            *self,
                 ComfySession         *session,
                 ComfyAction          *action,
                 GimpImage            *image,
                 GimpDrawable        **drawables,
                 GimpProcedureConfig  *config,
                 GError              **error)
{
  self->session = g_object_ref (session);
  self->form = comfy_form_new (action);
  self->image_id = image != NULL ? gimp_image_get_id (image) : -1;
  self->layer_ids = list_layers (drawables);
  comfy_host_describe_image (comfy_session_get_host (session), self->image_id, self->form);

  return comfy_procedure_read_form (config, self->form, error);
}

/**
 * comfy_call_init_vary:
 * @self: zeroed memory; to be cleared in any case
 * @session: the session
 * @actions: (element-type ComfyAction): those that are installed
 * @image: (nullable): the image
 * @drawables: (nullable): its selected drawables
 * @error: return location
 *
 * Returns: whether one layer is selected that remembers how it was made; else
 *   %COMFY_ERROR_INVALID_ARGUMENT
 */
gboolean
comfy_call_init_vary (ComfyCall     *self,
                      ComfySession  *session,
                      GPtrArray     *actions,
                      GimpImage     *image,
                      GimpDrawable **drawables,
                      GError       **error)
{
  g_autoptr(GBytes)  bytes = NULL;
  GimpLayer         *layer;

  self->session = g_object_ref (session);
  self->actions = g_ptr_array_ref (actions);
  self->image_id = image != NULL ? gimp_image_get_id (image) : -1;
  self->layer_ids = list_layers (drawables);
  if (self->layer_ids->len != 1)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("Select the one layer that is to be varied and try again."));
      return FALSE;
    }

  layer = gimp_layer_get_by_id (g_array_index (self->layer_ids, int, 0));
  bytes = comfy_provenance_get_recipe (layer);
  if (bytes == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("This layer does not remember how it was made. Only layers that Comfy "
                         "Cloud has made do, unless the settings say otherwise."));
      return FALSE;
    }
  self->recipe = comfy_recipe_read (bytes, error);

  return self->recipe != NULL;
}

/**
 * comfy_call_init_workflow:
 * @self: zeroed
 * @session: the session
 * @actions: (element-type ComfyAction): that came with the program
 * @image: (nullable): the image
 * @drawables: (nullable): its selected drawables
 *
 * Takes what GIMP gave for a workflow that is still to be opened.
 */
void
comfy_call_init_workflow (ComfyCall     *self,
                          ComfySession  *session,
                          GPtrArray     *actions,
                          GimpImage     *image,
                          GimpDrawable **drawables)
{
  g_autofree char *folder = comfy_call_dup_folder ();

  self->session = g_object_ref (session);
  self->opener = comfy_opener_new (session, actions, folder);
  self->image_id = image != NULL ? gimp_image_get_id (image) : -1;
  self->layer_ids = list_layers (drawables);
}

/**
 * comfy_call_clear:
 * @self: a call
 */
void
comfy_call_clear (ComfyCall *self)
{
  g_clear_object (&self->form);
  g_clear_pointer (&self->recipe, comfy_recipe_free);
  g_clear_pointer (&self->actions, g_ptr_array_unref);
  g_clear_object (&self->opener);
  g_clear_object (&self->job);
  g_clear_object (&self->session);
  g_clear_pointer (&self->layer_ids, g_array_unref);
  g_clear_pointer (&self->placed, g_variant_unref);
  g_clear_pointer (&self->job_id, g_free);
}

/**
 * comfy_call_prepare:
 * @self: a call
 *
 * Returns: (transfer full): a future of the journal id of its job; see comfy_session_prepare() and
 *   comfy_session_vary()
 */
DexFuture *
comfy_call_prepare (ComfyCall *self)
{
  if (self->recipe != NULL)
    return comfy_session_vary (self->session, self->recipe, self->actions, self->image_id,
                               g_array_index (self->layer_ids, int, 0));

  return comfy_session_prepare (self->session, self->form, self->image_id, self->layer_ids);
}
