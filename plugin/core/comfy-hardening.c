/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What keeps a key that is in this process's memory from leaving with it.
 */
#define G_LOG_DOMAIN "comfy-hardening"

#include "config.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "comfy-hardening.h"

/* core(5): a limit of 0 still lets a core that goes to a pipe (systemd-coredump, apport) through; a
 * limit of exactly 1 byte stops that one, too, and is too small for any core in a file. */
static void
forbid_core_files (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_CORE, &limit) != 0)
    return;

  limit.rlim_cur = limit.rlim_max = MIN (limit.rlim_max, 1);
  if (setrlimit (RLIMIT_CORE, &limit) != 0)
    g_debug ("RLIMIT_CORE: %s", g_strerror (errno));
}

/* the places where libsecret takes its password from the Secret portal */
static gboolean
needs_portals (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) || g_getenv ("SNAP_NAME") != NULL;
}

/**
 * comfy_hardening_apply:
 *
 * Call it before a key comes into memory. A crash leaves no core file, and no other process of the
 * user can read this one's memory or attach a debugger. Inside of a Flatpak or Snap the process
 * stays readable: there the portal tells who asks by /proc/PID/root, which the kernel hides of a
 * process that is not dumpable, and the sandbox keeps others away as it is.
 */
void
comfy_hardening_apply (void)
{
  forbid_core_files ();

  if (!needs_portals () && prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    g_debug ("PR_SET_DUMPABLE: %s", g_strerror (errno));
}
