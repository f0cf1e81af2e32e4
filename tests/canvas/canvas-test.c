/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The canvas's tests, as a plug-in: they run inside of GIMP, on its pixels. See console.py.
 */
#include "config.h"

#include "outcome-fixture.h"

#define PROCEDURE "test-comfy-canvas"
#define UNDO      "test-comfy-undo"

#define CANVAS_TYPE_TEST (canvas_test_get_type ())
G_DECLARE_FINAL_TYPE (CanvasTest, canvas_test, CANVAS, TEST, GimpPlugIn)

struct _CanvasTest
{
  GimpPlugIn parent_instance;
};

G_DEFINE_FINAL_TYPE (CanvasTest, canvas_test, GIMP_TYPE_PLUG_IN)

static void
add_tests (void)
{
  test_capture_add ();
  test_place_add ();
  test_polite_add ();
  test_drift_add ();
  test_compare_add ();
  test_compare_aside_add ();
  test_outcome_layers_add ();
  test_outcome_sizes_add ();
  test_outcome_edges_add ();
  test_outcome_mask_add ();
  test_outcome_selection_add ();
  test_outcome_several_add ();
  test_outcome_again_add ();
}

static GimpValueArray *
run (GimpProcedure       *procedure,
     GimpProcedureConfig *config,
     void                *data)
{
  char               *program[] = { (char *) PROCEDURE, (char *) "--tap", NULL };
  char              **argv = program;
  int                 argc = 2;
  GimpPDBStatusType   status;

  g_test_init (&argc, &argv, NULL);
  dex_init ();
  gegl_init (NULL, NULL);
  gimp_plug_in_set_pdb_error_handler (gimp_procedure_get_plug_in (procedure),
                                      GIMP_PDB_ERROR_HANDLER_PLUGIN);
  if (g_str_equal (gimp_procedure_get_name (procedure), UNDO))
    test_undo_add ();
  else
    add_tests ();
  status = g_test_run () == 0 ? GIMP_PDB_SUCCESS : GIMP_PDB_EXECUTION_ERROR;
  /* GIMP closes its end of the pipe while libgimp says goodbye; the warning is not ours */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);

  return gimp_procedure_new_return_values (procedure, status, NULL);
}

static GList *
canvas_test_query_procedures (GimpPlugIn *plug_in)
{
  return g_list_append (g_list_append (NULL, g_strdup (PROCEDURE)), g_strdup (UNDO));
}

static GimpProcedure *
canvas_test_create_procedure (GimpPlugIn *plug_in,
                              const char *name)
{
  return gimp_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run, NULL, NULL);
}

static gboolean
canvas_test_set_i18n (GimpPlugIn  *plug_in,
                      const char  *name,
                      char       **domain,
                      char       **folder)
{
  return FALSE;
}

static void
canvas_test_class_init (CanvasTestClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  plug_in_class->query_procedures = canvas_test_query_procedures;
  plug_in_class->create_procedure = canvas_test_create_procedure;
  plug_in_class->set_i18n = canvas_test_set_i18n;
}

static void
canvas_test_init (CanvasTest *self)
{
}

GIMP_MAIN (CANVAS_TYPE_TEST)
