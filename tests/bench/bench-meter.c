/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a command and prints what it took, as JSON: CPU and wall time in µs, peak memory in KiB. A
 * program's peak begins with that of the process that it was forked from; so this one is small.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long
now_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);

  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static long long
to_us (struct timeval time)
{
  return time.tv_sec * 1000000LL + time.tv_usec;
}

int
main (int   argc,
      char *argv[])
{
  long long     begun = now_us ();
  struct rusage usage;
  int           status;
  pid_t         child;

  if (argc < 2)
    {
      fprintf (stderr, "bench-meter COMMAND…\n");
      return EXIT_FAILURE;
    }

  child = fork ();
  if (child == 0)
    {
      /* the one line on stdout is ours */
      dup2 (STDERR_FILENO, STDOUT_FILENO);
      execvp (argv[1], argv + 1);
      perror (argv[1]);
      _exit (127);
    }
  if (child < 0 || wait4 (child, &status, 0, &usage) != child)
    {
      perror ("bench-meter");
      return EXIT_FAILURE;
    }

  printf ("{\"cpu_us\": %lld, \"wall_us\": %lld, \"peak_kib\": %ld}\n",
          to_us (usage.ru_utime) + to_us (usage.ru_stime), now_us () - begun, usage.ru_maxrss);

  return WIFEXITED (status) ? WEXITSTATUS (status) : EXIT_FAILURE;
}
