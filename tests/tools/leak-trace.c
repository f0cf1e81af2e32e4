/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a command and stops at every program that it, or anything it starts, executes: looking at
 * /proc now and then would miss the short-lived ones.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak-trace.h"

#define OPTIONS (PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | \
                 PTRACE_O_TRACEEXEC)

/* in the child: waits until it is traced, so that its own exec is seen, too */
static void
run_child (char **argv)
{
  raise (SIGSTOP);
  execvp (argv[0], argv);
  g_printerr ("%s: %s\n", argv[0], g_strerror (errno));
  _exit (127);
}

static void
go_on (pid_t pid,
       int   status)
{
  int event = status >> 16;
  int number = WSTOPSIG (status);

  if (event == PTRACE_EVENT_STOP && number != SIGTRAP)
    /* stopped as by Ctrl+Z: it must stay so until somebody continues it */
    ptrace (PTRACE_LISTEN, pid, NULL, NULL);
  else
    ptrace (PTRACE_CONT, pid, NULL, GINT_TO_POINTER (event != 0 ? 0 : number));
}

/**
 * leak_trace_run:
 * @argv: the command
 * @started: called for each program that is executed, the command itself first
 * @data: for @started
 * @out_status: (out): how the command ended, as waitpid() tells
 *
 * Returns when the command ends; what it left running goes on, untraced.
 *
 * Returns: %FALSE with @error where tracing is not allowed
 */
gboolean
leak_trace_run (char        **argv,
                LeakStarted   started,
                gpointer      data,
                int          *out_status,
                GError      **error)
{
  pid_t child = fork ();
  pid_t pid;
  int   status;

  if (child == 0)
    run_child (argv);

  if (child == -1 || waitpid (child, &status, WUNTRACED) != child ||
      ptrace (PTRACE_SEIZE, child, NULL, GINT_TO_POINTER (OPTIONS)) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "the command cannot be traced: %s", g_strerror (errno));
      if (child > 0)
        kill (child, SIGKILL);
      return FALSE;
    }
  kill (child, SIGCONT);

  while ((pid = waitpid (-1, &status, __WALL)) > 0 || errno == EINTR)
    {
      if (pid == child && !WIFSTOPPED (status))
        {
          *out_status = status;
          return TRUE;
        }
      if (pid <= 0 || !WIFSTOPPED (status))
        continue;

      if (status >> 16 == PTRACE_EVENT_EXEC)
        started (pid, data);
      go_on (pid, status);
    }

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "the command was lost: %s",
               g_strerror (errno));

  return FALSE;
}
