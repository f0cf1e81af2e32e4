/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registers with GIMP, dispatches, and joins canvas and ui; nothing else happens here.
 */
#define G_LOG_DOMAIN "comfy-plug-in"

#include "config.h"

#include <glib/gi18n.h>
#include <libgimp/gimp.h>

#include "comfy-call.h"
#include "comfy-dispatch.h"
#include "comfy-procedure.h"
#include "comfy-workflow-procedure.h"

#define VARY        "plug-in-comfy-cloud-vary-layer"
#define PANEL       "plug-in-comfy-cloud-panel"
#define SEND        "plug-in-comfy-cloud-send-to-panel"
#define AGAIN       "plug-in-comfy-cloud-generate-again"
#define JOBS        "plug-in-comfy-cloud-jobs"
#define SETTINGS    "plug-in-comfy-cloud-settings"
#define PREFERENCES "plug-in-comfy-cloud-preferences"

#define COMFY_TYPE_PLUG_IN (comfy_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (ComfyPlugIn, comfy_plug_in, COMFY, PLUG_IN, GimpPlugIn)

struct _ComfyPlugIn
{
  GimpPlugIn  parent_instance;
  GPtrArray  *actions; /* owned, of ComfyAction: that came with the program */
  GPtrArray  *saved;   /* owned, of ComfyAction: the artist's own */
};

G_DEFINE_FINAL_TYPE (ComfyPlugIn, comfy_plug_in, GIMP_TYPE_PLUG_IN)

static GPtrArray *
get_actions (ComfyPlugIn *self)
{
  if (self->actions == NULL)
    {
      g_autofree char *folder = comfy_call_dup_data_path ("actions");

      self->actions = comfy_action_list_folder (folder);
    }

  return self->actions;
}

/* those whose name nobody else has */
static GPtrArray *
get_saved (ComfyPlugIn *self)
{
  GPtrArray        *actions = get_actions (self);
  g_autofree char  *folder = NULL;
  g_autofree char  *workflows = NULL;

  if (self->saved != NULL)
    return self->saved;

  folder = comfy_call_dup_folder ();
  workflows = comfy_opener_dup_folder (folder);
  self->saved = comfy_action_list_folder (workflows);
  for (unsigned int i = self->saved->len; i-- > 0;)
    for (unsigned int j = 0; j < actions->len; j++)
      if (g_str_equal (comfy_action_get_id (g_ptr_array_index (self->saved, i)),
                       comfy_action_get_id (g_ptr_array_index (actions, j))))
        {
          g_ptr_array_remove_index (self->saved, i);
          break;
        }

  return self->saved;
}

/* GIMP asks for these once for each version of the program */
static GList *
comfy_plug_in_query_procedures (GimpPlugIn *plug_in)
{
  GList *names = NULL;

  names = g_list_append (names, g_strdup (VARY));
  names = g_list_append (names, g_strdup (COMFY_WORKFLOW_PROCEDURE));
  names = g_list_append (names, g_strdup (PANEL));
  names = g_list_append (names, g_strdup (SEND));
  names = g_list_append (names, g_strdup (AGAIN));
  names = g_list_append (names, g_strdup (JOBS));
  names = g_list_append (names, g_strdup (SETTINGS));
  names = g_list_append (names, g_strdup (PREFERENCES));

  return names;
}

static GList *
add_names (GList     *names,
           GPtrArray *actions)
{
  for (unsigned int i = 0; i < actions->len; i++)
    names = g_list_append (names, comfy_procedure_dup_name (g_ptr_array_index (actions, i)));

  return names;
}

/* GIMP asks for these at each start: an action that was added as data is there without ado */
static GList *
comfy_plug_in_init_procedures (GimpPlugIn *plug_in)
{
  GList *names = add_names (NULL, get_actions (COMFY_PLUG_IN (plug_in)));

  return add_names (names, get_saved (COMFY_PLUG_IN (plug_in)));
}

/* (nullable): the action among @actions that a procedure is for */
static ComfyAction *
find_action (GPtrArray  *actions,
             const char *procedure_name)
{
  for (unsigned int i = 0; i < actions->len; i++)
    {
      g_autofree char *name = comfy_procedure_dup_name (g_ptr_array_index (actions, i));

      if (g_str_equal (name, procedure_name))
        return g_ptr_array_index (actions, i);
    }

  return NULL;
}

/* a window of ours: not an image procedure, which would enter "Repeat" */
static GimpProcedure *
create_window_procedure (GimpPlugIn  *plug_in,
                         const char  *name,
                         GimpRunFunc  run,
                         const char  *label,
                         const char  *menu_path,
                         const char  *blurb)
{
  GimpProcedure *procedure = gimp_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run,
                                                 NULL, NULL);

  gimp_procedure_set_menu_label (procedure, label);
  gimp_procedure_add_menu_path (procedure, menu_path);
  gimp_procedure_set_documentation (procedure, blurb, NULL, name);
  gimp_procedure_set_attribution (procedure, "Comfy Cloud for GIMP", "GPL-3.0-or-later", "2026");
  /* GIMP gives it to whatever stands in an image's menu */
  gimp_procedure_add_enum_argument (procedure, "run-mode", _("Run mode"), _("The run mode"),
                                    GIMP_TYPE_RUN_MODE, GIMP_RUN_INTERACTIVE, G_PARAM_READWRITE);

  return procedure;
}

/* an image procedure: GIMP tells nobody else which image the artist is in */
static GimpProcedure *
create_panel_procedure (GimpPlugIn *plug_in,
                        const char *name,
                        gboolean    generate,
                        const char *label,
                        const char *blurb)
{
  GimpProcedure *procedure = gimp_image_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN,
                                                       comfy_dispatch_in_panel,
                                                       GINT_TO_POINTER (generate), NULL);

  gimp_procedure_set_image_types (procedure, "*");
  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_ALWAYS);
  gimp_procedure_set_menu_label (procedure, label);
  gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Comfy Cloud");
  gimp_procedure_set_documentation (procedure, blurb, NULL, name);
  gimp_procedure_set_attribution (procedure, "Comfy Cloud for GIMP", "GPL-3.0-or-later", "2026");

  return procedure;
}

static GimpProcedure *
create_procedure (GimpPlugIn *plug_in,
                  const char *name)
{
  ComfyAction *action;

  if (g_str_equal (name, COMFY_WORKFLOW_PROCEDURE))
    return comfy_workflow_procedure_new (plug_in, get_actions (COMFY_PLUG_IN (plug_in)),
                                         comfy_dispatch_workflow);
  if (g_str_equal (name, VARY))
    return comfy_procedure_new_vary (plug_in, name, get_actions (COMFY_PLUG_IN (plug_in)),
                                     comfy_dispatch_vary);
  if (g_str_equal (name, PANEL))
    return create_window_procedure (plug_in, name, comfy_dispatch_panel, _("_Panel"),
                                    "<Image>/Filters/Comfy Cloud",
                                    _("Ask for pictures and look at them beside the image, while "
                                      "you go on painting"));
  if (g_str_equal (name, SEND))
    return create_panel_procedure (plug_in, name, FALSE, _("Sen_d to Panel"),
                                   _("Open the panel, and have it work on this image"));
  if (g_str_equal (name, AGAIN))
    return create_panel_procedure (plug_in, name, TRUE, _("Ge_nerate Again"),
                                   _("Ask for what the panel shows once more, for this image"));
  if (g_str_equal (name, JOBS))
    return create_window_procedure (plug_in, name, comfy_dispatch_jobs, _("_Jobs"),
                                    "<Image>/Filters/Comfy Cloud",
                                    _("Show what Comfy Cloud is working on"));
  if (g_str_equal (name, SETTINGS))
    return create_window_procedure (plug_in, name, comfy_dispatch_settings, _("_Settings…"),
                                    "<Image>/Filters/Comfy Cloud",
                                    _("API keys and environments of Comfy Cloud"));
  /* the same window; beside GIMP's own preferences the entry has to say whose settings */
  if (g_str_equal (name, PREFERENCES))
    return create_window_procedure (plug_in, name, comfy_dispatch_settings,
                                    _("_Comfy Cloud Settings…"), "<Image>/Edit/[Preferences]",
                                    _("API keys and environments of Comfy Cloud"));

  action = find_action (get_actions (COMFY_PLUG_IN (plug_in)), name);
  if (action == NULL)
    action = find_action (get_saved (COMFY_PLUG_IN (plug_in)), name);

  return action != NULL ? comfy_procedure_new (plug_in, action, comfy_dispatch_action) : NULL;
}

static GimpProcedure *
comfy_plug_in_create_procedure (GimpPlugIn *plug_in,
                                const char *name)
{
  GimpProcedure    *procedure = create_procedure (plug_in, name);
  g_autofree char  *path = comfy_call_dup_data_path ("icons/comfy-cloud.svg");
  g_autoptr(GFile)  icon = g_file_new_for_path (path);

  if (procedure != NULL)
    gimp_procedure_set_icon_file (procedure, icon);

  return procedure;
}

/* there is no translation yet, and GIMP complains about a folder that is missing */
static gboolean
comfy_plug_in_set_i18n (GimpPlugIn  *plug_in,
                        const char  *name,
                        char       **domain,
                        char       **folder)
{
  return FALSE;
}

static void
comfy_plug_in_finalize (GObject *object)
{
  g_clear_pointer (&COMFY_PLUG_IN (object)->actions, g_ptr_array_unref);
  g_clear_pointer (&COMFY_PLUG_IN (object)->saved, g_ptr_array_unref);

  G_OBJECT_CLASS (comfy_plug_in_parent_class)->finalize (object);
}

static void
comfy_plug_in_class_init (ComfyPlugInClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = comfy_plug_in_finalize;
  plug_in_class->query_procedures = comfy_plug_in_query_procedures;
  plug_in_class->init_procedures = comfy_plug_in_init_procedures;
  plug_in_class->create_procedure = comfy_plug_in_create_procedure;
  plug_in_class->set_i18n = comfy_plug_in_set_i18n;
}

static void
comfy_plug_in_init (ComfyPlugIn *self)
{
}

GIMP_MAIN (COMFY_TYPE_PLUG_IN)
