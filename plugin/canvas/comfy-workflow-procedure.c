/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-procedure"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-procedure.h"
#include "comfy-workflow-procedure.h"

#define FILE_ARGUMENT   "file"
#define VALUES_ARGUMENT "values"
#define IMAGES_ARGUMENT "images"
#define FOLDER_ARGUMENT "folder"

#define MAX_COPIES 9999 /* of one name in a folder */

/* of the return values, behind those of every action */
enum
{
  RETURN_TEXTS = 4,
  RETURN_FILES
};

static void
add_arguments (GimpProcedure *procedure)
{
  /* prompts are nobody else's business: GIMP keeps arguments in its settings and in the image */
  const GParamFlags flags = G_PARAM_READWRITE | GIMP_PARAM_DONT_SERIALIZE;
  /* no images are no array, which GIMP and GObject would refuse */
  const GParamFlags may_be_none = flags | GIMP_PARAM_NO_VALIDATE | G_PARAM_LAX_VALIDATION;

  gimp_procedure_add_file_argument (procedure, FILE_ARGUMENT, _("_File"),
                                    _("A ComfyUI workflow in API format, or a PNG that ComfyUI saved; "
                                      "may be left out when the window is shown"),
                                    GIMP_FILE_CHOOSER_ACTION_OPEN, TRUE, NULL, flags);
  gimp_procedure_add_string_array_argument (procedure, VALUES_ARGUMENT, _("_Values"),
                                            _("NAME=VALUE each: a field's name, or NODE.INPUT"),
                                            flags);
  gimp_procedure_add_core_object_array_argument (procedure, IMAGES_ARGUMENT, _("_Images"),
                                                 _("Images for the workflow's pictures, in the order "
                                                   "of the form, instead of layers of the image"),
                                                 GIMP_TYPE_IMAGE, may_be_none);
  gimp_procedure_add_file_argument (procedure, FOLDER_ARGUMENT, _("F_older"),
                                    _("Where films, sounds and other files are saved; left out, they "
                                      "stay with the job for a week"),
                                    GIMP_FILE_CHOOSER_ACTION_SELECT_FOLDER, TRUE, NULL, flags);
}

/**
 * comfy_workflow_procedure_new:
 * @plug_in: the plug-in
 * @actions: (element-type ComfyAction): that came with the program
 * @run: called with @actions as its data
 *
 * Returns: (transfer full): the procedure that runs any workflow
 */
GimpProcedure *
comfy_workflow_procedure_new (GimpPlugIn       *plug_in,
                              GPtrArray        *actions,
                              GimpRunImageFunc  run)
{
  GimpProcedure *procedure;

  procedure = gimp_image_procedure_new (plug_in, COMFY_WORKFLOW_PROCEDURE,
                                        GIMP_PDB_PROC_TYPE_PLUGIN, run, g_ptr_array_ref (actions),
                                        (GDestroyNotify) g_ptr_array_unref);

  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_ALWAYS);
  gimp_procedure_set_image_types (procedure, "*");
  gimp_procedure_set_menu_label (procedure, _("Run _Workflow…"));
  gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Comfy Cloud");
  gimp_procedure_set_documentation (procedure, _("Run any ComfyUI workflow on Comfy Cloud"),
                                    _("Opens a workflow that ComfyUI exported (API format), or a PNG "
                                      "that it saved, and asks for what the workflow takes. Scripts "
                                      "give values by name, such as prompt=a red bicycle, seed=7 or "
                                      "3.steps=20, and pictures as layer, visible, selection, mask, "
                                      "layer:NAME or file: and a full path."),
                                    COMFY_WORKFLOW_PROCEDURE);
  gimp_procedure_set_attribution (procedure, "Comfy Cloud for GIMP", "GPL-3.0-or-later", "2026");
  add_arguments (procedure);
  comfy_procedure_add_return_values (procedure);
  gimp_procedure_add_string_array_return_value (procedure, "result-texts", _("Texts"),
                                                _("Texts that the workflow gave"),
                                                G_PARAM_READWRITE);
  gimp_procedure_add_string_array_return_value (procedure, "result-files", _("Files"),
                                                _("Paths of films, sounds and other files"),
                                                G_PARAM_READWRITE);

  return procedure;
}

static char *
dup_path (GimpProcedureConfig *config,
          const char          *argument)
{
  g_autoptr(GFile) file = NULL;

  g_object_get (config, argument, &file, NULL);

  return file != NULL ? g_file_get_path (file) : NULL;
}

/**
 * comfy_workflow_procedure_dup_path:
 * @config: the arguments
 *
 * Returns: (transfer full) (nullable): the workflow's file; %NULL when none is given
 */
char *
comfy_workflow_procedure_dup_path (GimpProcedureConfig *config)
{
  return dup_path (config, FILE_ARGUMENT);
}

/* (transfer full) (element-type int) */
static GArray *
list_images (GimpProcedureConfig *config)
{
  GArray                *ids = g_array_new (FALSE, FALSE, sizeof (int));
  g_autofree GimpImage **images = NULL;

  g_object_get (config, IMAGES_ARGUMENT, &images, NULL);
  for (unsigned int i = 0; images != NULL && images[i] != NULL; i++)
    {
      int id = gimp_image_get_id (images[i]);

      g_array_append_val (ids, id);
    }

  return ids;
}

/**
 * comfy_workflow_procedure_read_form:
 * @config: the arguments
 * @form: of the workflow
 *
 * Returns: whether the form takes every value and image
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT
 */
gboolean
comfy_workflow_procedure_read_form (GimpProcedureConfig  *config,
                                    ComfyForm            *form,
                                    GError              **error)
{
  g_autoptr(GArray) images = list_images (config);
  g_auto(GStrv)     values = NULL;

  if (!comfy_form_bind_images (form, images, error))
    return FALSE;

  g_object_get (config, VALUES_ARGUMENT, &values, NULL);
  for (unsigned int i = 0; values != NULL && values[i] != NULL; i++)
    if (!comfy_form_set_text (form, values[i], error))
      return FALSE;

  return TRUE;
}

/* copies a file into a folder, where nothing is overwritten: "Film 2.mp4" stands beside "Film.mp4" */
static GFile *
copy_into (const char  *path,
           const char  *folder,
           const char  *name,
           GError     **error)
{
  g_autoptr(GFile) from = g_file_new_for_path (path);
  const char      *dot = strrchr (name, '.');
  int              stem = (int) (dot != NULL ? (size_t) (dot - name) : strlen (name));

  for (unsigned int n = 1;; n++)
    {
      g_autofree char   *numbered = g_strdup_printf ("%.*s %u%s", stem, name, n, name + stem);
      g_autoptr(GFile)   to = g_file_new_build_filename (folder, n > 1 ? numbered : name, NULL);
      g_autoptr(GError)  problem = NULL;

      if (g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &problem))
        return g_steal_pointer (&to);
      if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_EXISTS) || n >= MAX_COPIES)
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return NULL;
        }
    }
}

/* (transfer full): where the files are once they are where the script wants them; those that cannot
 * be copied stay where they are */
static char **
save_files (ComfyJob   *job,
            const char *folder)
{
  g_auto(GStrv)            names = NULL;
  g_auto(GStrv)            paths = comfy_job_dup_file_paths (job, &names);
  g_autoptr(GStrvBuilder)  saved = g_strv_builder_new ();

  for (unsigned int i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GFile)  to = folder != NULL ? copy_into (paths[i], folder, names[i], &error) : NULL;

      if (to != NULL)
        g_strv_builder_take (saved, g_file_get_path (to));
      else
        g_strv_builder_add (saved, paths[i]);
      if (error != NULL)
        g_warning ("%s stays with the job: %s", names[i], error->message);
    }

  return g_strv_builder_end (saved);
}

/**
 * comfy_workflow_procedure_return:
 * @procedure: the procedure
 * @config: its arguments
 * @job: that ended well
 * @placed: (nullable): what comfy_host_place() resolved to; %NULL when there was no picture
 *
 * Returns: (transfer full): success, with what came
 */
GimpValueArray *
comfy_workflow_procedure_return (GimpProcedure       *procedure,
                                 GimpProcedureConfig *config,
                                 ComfyJob            *job,
                                 GVariant            *placed)
{
  g_autofree char *folder = dup_path (config, FOLDER_ARGUMENT);
  g_auto(GStrv)    texts = comfy_job_dup_texts (job);
  g_auto(GStrv)    files = save_files (job, folder);
  GimpValueArray  *values;

  values = placed != NULL ? comfy_procedure_return_placed (procedure, placed)
                          : gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  g_value_set_boxed (gimp_value_array_index (values, RETURN_TEXTS), texts);
  g_value_set_boxed (gimp_value_array_index (values, RETURN_FILES), files);
  /* the script has them: nobody is asked what to do with them */
  comfy_job_put_away (job);

  return values;
}
