/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The least that a plug-in can do: what every call of a procedure costs, whatever it does.
 */
#include "config.h"

#include <libgimp/gimp.h>

#define PROCEDURE "bench-trivial"

#define TRIVIAL_TYPE_PLUG_IN (trivial_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (TrivialPlugIn, trivial_plug_in, TRIVIAL, PLUG_IN, GimpPlugIn)

struct _TrivialPlugIn
{
  GimpPlugIn parent_instance;
};

G_DEFINE_FINAL_TYPE (TrivialPlugIn, trivial_plug_in, GIMP_TYPE_PLUG_IN)

static GimpValueArray *
run (GimpProcedure        *procedure,
     GimpRunMode           run_mode,
     GimpImage            *image,
     GimpDrawable        **drawables,
     GimpProcedureConfig  *config,
     void                 *data)
{
  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

static GList *
trivial_plug_in_query_procedures (GimpPlugIn *plug_in)
{
  return g_list_append (NULL, g_strdup (PROCEDURE));
}

static GimpProcedure *
trivial_plug_in_create_procedure (GimpPlugIn *plug_in,
                                  const char *name)
{
  GimpProcedure *procedure = gimp_image_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN,
                                                       run, NULL, NULL);

  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_ALWAYS);

  return procedure;
}

static gboolean
trivial_plug_in_set_i18n (GimpPlugIn  *plug_in,
                          const char  *name,
                          char       **domain,
                          char       **folder)
{
  return FALSE;
}

static void
trivial_plug_in_class_init (TrivialPlugInClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  plug_in_class->query_procedures = trivial_plug_in_query_procedures;
  plug_in_class->create_procedure = trivial_plug_in_create_procedure;
  plug_in_class->set_i18n = trivial_plug_in_set_i18n;
}

static void
trivial_plug_in_init (TrivialPlugIn *self)
{
}

GIMP_MAIN (TRIVIAL_TYPE_PLUG_IN)
