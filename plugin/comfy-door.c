/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the plug-in's other processes reach the one that owns the jobs: through a temporary procedure,
 * which GIMP removes when its process ends.
 */
#define G_LOG_DOMAIN "comfy-door"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-door.h"
#include "comfy-folder-lock.h"

#define FOLDER    "comfy-cloud-gimp"
#define PROCEDURE "plug-in-comfy-cloud-host"
#define JOB       "job"
#define SHOW      "show"
#define IMAGE     "image-id"

struct _ComfyDoor
{
  GimpPlugIn    *plug_in;   /* borrowed */
  GimpProcedure *procedure; /* owned; NULL before it is opened for the first time */
  ComfyDoorTake  take;
  gpointer       data;      /* of @take */
};

static GimpValueArray *
run_procedure (GimpProcedure       *procedure,
               GimpProcedureConfig *config,
               void                *data)
{
  ComfyDoor        *self = data;
  g_autofree char  *journal_id = NULL;
  int               show;
  int               image_id;
  GError           *error = NULL;

  g_object_get (config, JOB, &journal_id, SHOW, &show, IMAGE, &image_id, NULL);
  if (!self->take (journal_id != NULL ? journal_id : "", (ComfyShow) show, image_id, self->data,
                   &error))
    return gimp_procedure_new_return_values (procedure, GIMP_PDB_EXECUTION_ERROR, error);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

/**
 * comfy_door_wait_for_turn:
 *
 * Whoever finds no door makes one. So that two who come at the same moment do not make two, only one
 * process looks and makes at a time: from this call until it closes the descriptor.
 *
 * Returns: a file descriptor; -1 when there is no place for a lock, and nobody waits for anybody
 */
int
comfy_door_wait_for_turn (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_runtime_dir (), FOLDER, "host", NULL);

  return comfy_folder_lock_wait (folder);
}

/**
 * comfy_door_new:
 * @plug_in: the plug-in
 * @take: called for each who comes
 * @data: for @take
 *
 * Returns: (transfer full): a door, closed
 */
ComfyDoor *
comfy_door_new (GimpPlugIn    *plug_in,
                ComfyDoorTake  take,
                gpointer       data)
{
  ComfyDoor *self = g_new0 (ComfyDoor, 1);

  self->plug_in = plug_in;
  self->take = take;
  self->data = data;

  return self;
}

/**
 * comfy_door_free:
 * @self: (transfer full): closed
 *
 * libgimp keeps the procedure for as long as the process lives: it would only take it together with
 * GIMP, which has forgotten it. Nobody can call it any more.
 */
void
comfy_door_free (ComfyDoor *self)
{
  g_clear_object (&self->procedure);
  g_free (self);
}

static GimpProcedure *
new_procedure (ComfyDoor *self)
{
  GimpProcedure *procedure = gimp_procedure_new (self->plug_in, PROCEDURE,
                                                 GIMP_PDB_PROC_TYPE_TEMPORARY, run_procedure, self,
                                                 NULL);

  gimp_procedure_set_documentation (procedure, _("Takes a Comfy Cloud job over"),
                                    _("Internal to Comfy Cloud: there while jobs are watched."),
                                    NULL);
  gimp_procedure_add_string_argument (procedure, JOB, _("_Job"),
                                      _("Id in the journal; empty to show a window"), "",
                                      G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (procedure, SHOW, _("_Show"), _("Which window is shown"), 0,
                                   COMFY_N_SHOWS - 1, COMFY_SHOW_JOBS, G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (procedure, IMAGE, _("_Image"),
                                   _("Which image is worked on; -1: none is meant"), -1, G_MAXINT,
                                   -1, G_PARAM_READWRITE);

  return procedure;
}

/**
 * comfy_door_open:
 *
 * Others may come, and find it, from when this returns until it is closed.
 */
void
comfy_door_open (ComfyDoor *self)
{
  if (self->procedure == NULL)
    {
      self->procedure = new_procedure (self);
      gimp_plug_in_add_temp_procedure (self->plug_in, self->procedure);
    }
  else
    {
      GIMP_PROCEDURE_GET_CLASS (self->procedure)->install (self->procedure);
    }
  /* a round trip: GIMP does not read from its plug-ins in order */
  gimp_getpid ();
}

/**
 * comfy_door_close:
 *
 * Nobody else can come. Whoever is already on the way is let in before this returns.
 */
void
comfy_door_close (ComfyDoor *self)
{
  /* Only GIMP forgets the procedure: libgimp, called for one that it does not know, answers with
   * what lies on its stack, and the process ends by a segmentation fault
   * (gimp_plug_in_temp_proc_run() of 3.0 and 3.2). */
  GIMP_PROCEDURE_GET_CLASS (self->procedure)->uninstall (self->procedure);
  /* a round trip: what GIMP sent here before it forgot is here when this has returned */
  gimp_getpid ();
}

/**
 * comfy_door_knock:
 * @journal_id: a job in the journal that nobody holds; empty: just show a window
 * @show: without a job: which
 * @image_id: with @show: the image that is meant, -1: none
 *
 * Asks the process that owns the jobs of this GIMP.
 *
 * Returns: %FALSE when there is none, or it did not do it
 */
gboolean
comfy_door_knock (const char *journal_id,
                  ComfyShow   show,
                  int         image_id)
{
  GimpProcedure  *procedure;
  GimpValueArray *values;
  gboolean        taken;

  if (!gimp_pdb_procedure_exists (gimp_get_pdb (), PROCEDURE))
    return FALSE;

  procedure = gimp_pdb_lookup_procedure (gimp_get_pdb (), PROCEDURE);
  if (procedure == NULL)
    return FALSE;

  values = gimp_procedure_run (procedure, JOB, journal_id, SHOW, (int) show, IMAGE, image_id, NULL);

  /* nothing at all: its process has ended since it was looked up */
  taken = values != NULL && GIMP_VALUES_GET_ENUM (values, 0) == GIMP_PDB_SUCCESS;
  g_clear_pointer (&values, gimp_value_array_unref);

  return taken;
}
