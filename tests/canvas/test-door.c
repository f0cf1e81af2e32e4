/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The door to the process that owns jobs, as a plug-in of two processes: one is the host and one, a
 * GLib test, comes to it just when it closes the door. See console.py.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>

#include "comfy-door.h"

#define TEST    "test-comfy-door"
#define HOST    "test-comfy-door-host"
#define JOB     "20261126-1"
#define IMAGE   7
#define TIMEOUT (20 * 1000) /* ms */

#define N_VISITS 20

#define DOOR_TYPE_TEST (door_test_get_type ())
G_DECLARE_FINAL_TYPE (DoorTest, door_test, DOOR, TEST, GimpPlugIn)

struct _DoorTest
{
  GimpPlugIn parent_instance;
};

G_DEFINE_FINAL_TYPE (DoorTest, door_test, GIMP_TYPE_PLUG_IN)

static int from_gimp; /* the descriptor that GIMP's messages come from */

/* A file, which both processes see, has a letter for each who was let in: a broken door may answer
 * that it let somebody in */
static char *
dup_visits_path (void)
{
  return g_build_filename (g_get_user_runtime_dir (), "visits", NULL);
}

static unsigned int
count_visits (void)
{
  g_autofree char *path = dup_visits_path ();
  g_autofree char *visits = NULL;
  gsize            n = 0;

  g_file_get_contents (path, &visits, &n, NULL);

  return (unsigned int) n;
}

static void
count_visit (void)
{
  g_autofree char *path = dup_visits_path ();
  g_autofree char *visits = g_strnfill (count_visits () + 1, '+');

  g_file_set_contents (path, visits, -1, NULL);
}

static gboolean
take_cb (const char  *journal_id,
         ComfyShow    show,
         int          image_id,
         gpointer     data,
         GError     **error)
{
  count_visit ();

  return g_str_equal (journal_id, JOB) && show == COMFY_SHOW_PANEL && image_id == IMAGE;
}

/* TRUE when somebody has come, who is not let in yet */
static gboolean
wait_for_somebody (void)
{
  struct pollfd door = { .fd = from_gimp, .events = POLLIN };
  int           n;

  do
    n = poll (&door, 1, TIMEOUT);
  while (n < 0 && errno == EINTR);

  return n == 1;
}

/* Opens the door again and again, and closes it as soon as somebody stands there. GIMP, when it
 * quits, comes in, too, and ends this. */
static GimpValueArray *
run_host (GimpProcedure       *procedure,
          GimpProcedureConfig *config,
          void                *data)
{
  g_autoptr(ComfyDoor) door = comfy_door_new (gimp_procedure_get_plug_in (procedure), take_cb,
                                              NULL);

  comfy_door_open (door);
  gimp_procedure_persistent_ready (procedure);
  while (wait_for_somebody ())
    {
      comfy_door_close (door);
      comfy_door_open (door);
    }
  comfy_door_close (door);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

static gboolean
come (void)
{
  unsigned int n = count_visits ();

  if (!comfy_door_knock (JOB, COMFY_SHOW_PANEL, IMAGE))
    return FALSE;

  g_assert_cmpuint (count_visits (), ==, n + 1);

  return TRUE;
}

static void
test_who_comes_as_it_closes (void)
{
  g_assert_true (come ());
}

static void
test_it_opens_again (void)
{
  gint64 deadline = g_get_monotonic_time () + TIMEOUT * (gint64) 1000;

  for (int i = 0; i < N_VISITS; i++)
    while (!come ())
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
}

static GimpValueArray *
run_tests (GimpProcedure       *procedure,
           GimpProcedureConfig *config,
           void                *data)
{
  char               *program[] = { (char *) TEST, (char *) "--tap", NULL };
  char              **argv = program;
  int                 argc = 2;
  GimpPDBStatusType   status;

  g_test_init (&argc, &argv, NULL);
  gimp_plug_in_set_pdb_error_handler (gimp_procedure_get_plug_in (procedure),
                                      GIMP_PDB_ERROR_HANDLER_PLUGIN);
  g_test_add_func ("/door/who-comes-as-it-closes-is-let-in", test_who_comes_as_it_closes);
  g_test_add_func ("/door/it-opens-again", test_it_opens_again);
  status = g_test_run () == 0 ? GIMP_PDB_SUCCESS : GIMP_PDB_EXECUTION_ERROR;
  /* GIMP closes its end of the pipe while libgimp says goodbye; the warning is not ours */
  g_log_set_always_fatal (G_LOG_FATAL_MASK);

  return gimp_procedure_new_return_values (procedure, status, NULL);
}

static GList *
door_test_query_procedures (GimpPlugIn *plug_in)
{
  return g_list_append (g_list_append (NULL, g_strdup (TEST)), g_strdup (HOST));
}

static GimpProcedure *
door_test_create_procedure (GimpPlugIn *plug_in,
                            const char *name)
{
  if (g_str_equal (name, TEST))
    return gimp_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, run_tests, NULL, NULL);

  /* GIMP itself starts what is of this kind, and does not wait for its end */
  return gimp_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PERSISTENT, run_host, NULL, NULL);
}

static gboolean
door_test_set_i18n (GimpPlugIn  *plug_in,
                    const char  *name,
                    char       **domain,
                    char       **folder)
{
  return FALSE;
}

static void
door_test_class_init (DoorTestClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  plug_in_class->query_procedures = door_test_query_procedures;
  plug_in_class->create_procedure = door_test_create_procedure;
  plug_in_class->set_i18n = door_test_set_i18n;
}

static void
door_test_init (DoorTest *self)
{
}

/* as GIMP_MAIN() has it: PROGRAM -gimp PROTOCOL READ-DESCRIPTOR WRITE-DESCRIPTOR … */
int
main (int    argc,
      char **argv)
{
  if (argc > 3)
    from_gimp = (int) g_ascii_strtoll (argv[3], NULL, 10);

  return gimp_main (DOOR_TYPE_TEST, argc, argv);
}
