/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Searches for a known secret where it must not be: in files and whole folders, in the names of
 * files, in the arguments and the environment of processes. Says where it was found and never what.
 *
 *   leak-scan [--key-fd=N] [--prefix=TEXT] [--pid=PID…] [--processes] [PATH…] [-- COMMAND…]
 *
 * The secret is read from a descriptor (default: standard input), up to the first line break: an
 * argument would be a leak. With a COMMAND, every program that it starts is searched as well; the
 * PATHs afterwards.
 *
 * Exit status: 0 nothing found, 1 found, 2 something could not be searched, 3 the command failed.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "leak-needles.h"
#include "leak-trace.h"

#define MAX_SECRET       4096
#define MAX_DECOMPRESSED (1024 * 1024 * 1024) /* bytes */

typedef struct
{
  LeakNeedles  *needles;
  const char   *place;       /* what is being searched, for messages */
  unsigned int  n_found;
  unsigned int  n_failed;    /* places that could not be searched */
  unsigned int  n_files;
  unsigned int  n_processes;
  guint64       n_bytes;
} Scan;

static void
found_cb (const char   *encoding,
          unsigned int  window,
          gsize         offset,
          gpointer      data)
{
  Scan *scan = data;

  scan->n_found++;
  g_print ("LEAK: %s, byte %" G_GSIZE_FORMAT ": %s, from character %u of the secret on\n",
           scan->place, offset, encoding, window);
}

static void
scan_bytes (Scan       *scan,
            const char *place,
            const void *bytes,
            gsize       length)
{
  scan->place = place;
  scan->n_bytes += length;
  leak_needles_search (scan->needles, bytes, length, found_cb, scan);
}

static void
fail (Scan       *scan,
      const char *place,
      const char *why)
{
  scan->n_failed++;
  g_printerr ("not searched: %s: %s\n", place, why);
}

/* What a .gz holds: GIMP's own compressed files, rotated logs */
static void
scan_compressed (Scan       *scan,
                 const char *path,
                 const char *bytes,
                 gsize       length)
{
  g_autofree char            *place = g_strconcat (path, " (decompressed)", NULL);
  g_autoptr(GConverter)       inflate = NULL;
  g_autoptr(GInputStream)     memory = NULL;
  g_autoptr(GInputStream)     stream = NULL;
  g_autoptr(GByteArray)       all = g_byte_array_new ();
  g_autoptr(GError)           error = NULL;
  unsigned char               chunk[65536];
  gssize                      n;

  inflate = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  memory = g_memory_input_stream_new_from_data (bytes, (gssize) length, NULL);
  stream = g_converter_input_stream_new (memory, inflate);
  while ((n = g_input_stream_read (stream, chunk, sizeof chunk, NULL, &error)) > 0 &&
         all->len < MAX_DECOMPRESSED)
    g_byte_array_append (all, chunk, (guint) n);

  scan_bytes (scan, place, all->data, all->len);
  if (n != 0)
    fail (scan, place, error != NULL ? error->message : "too large");
}

static void
scan_file (Scan       *scan,
           const char *path)
{
  g_autoptr(GMappedFile)  file = NULL;
  g_autoptr(GError)       error = NULL;
  const char             *bytes;
  gsize                   length;

  file = g_mapped_file_new (path, FALSE, &error);
  if (file == NULL)
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        fail (scan, path, error->message);
      return;
    }

  bytes = g_mapped_file_get_contents (file);
  length = g_mapped_file_get_length (file);
  scan->n_files++;
  scan_bytes (scan, path, bytes, length);
  if (length > 2 && memcmp (bytes, "\x1f\x8b", 2) == 0)
    scan_compressed (scan, path, bytes, length);
}

static void
scan_name (Scan       *scan,
           const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *place = g_strconcat ("a name in ", folder, NULL);

  scan_bytes (scan, place, base, strlen (base));
}

static void
scan_path (Scan       *scan,
           const char *path)
{
  GStatBuf info;

  if (g_lstat (path, &info) != 0)
    {
      if (errno != ENOENT)
        fail (scan, path, g_strerror (errno));
      return;
    }

  scan_name (scan, path);

  if (S_ISREG (info.st_mode))
    scan_file (scan, path);
  else if (S_ISLNK (info.st_mode))
    {
      g_autofree char *target = g_file_read_link (path, NULL);

      if (target != NULL)
        scan_bytes (scan, path, target, strlen (target));
    }
  else if (S_ISDIR (info.st_mode))
    {
      g_autoptr(GError)  error = NULL;
      g_autoptr(GDir)    dir = g_dir_open (path, 0, &error);
      const char        *name;

      if (dir == NULL)
        fail (scan, path, error->message);

      while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
        {
          g_autofree char *child = g_build_filename (path, name, NULL);

          scan_path (scan, child);
        }
    }
}

/* A file of /proc has no size and no bytes to map. A process that is gone, or is not ours to read,
 * is no failure where all processes are searched. */
static void
scan_process (pid_t    pid,
              gpointer data)
{
  static const char * const names[] = { "cmdline", "environ" };
  Scan                     *scan = data;

  scan->n_processes++;
  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strdup_printf ("/proc/%d/%s", pid, names[i]);
      g_autofree char *bytes = NULL;
      gsize            length;

      if (g_file_get_contents (path, &bytes, &length, NULL))
        {
          g_autofree char *command = g_strdup_printf ("/proc/%d/exe", pid);
          g_autofree char *program = g_file_read_link (command, NULL);
          g_autofree char *place = g_strdup_printf ("%s (%s)", path,
                                                    program != NULL ? program : "ended");

          scan_bytes (scan, place, bytes, length);
        }
    }
}

static void
scan_all_processes (Scan *scan)
{
  g_autoptr(GDir)  proc = g_dir_open ("/proc", 0, NULL);
  const char      *name;

  while (proc != NULL && (name = g_dir_read_name (proc)) != NULL)
    if (g_ascii_isdigit (name[0]))
      scan_process ((pid_t) strtol (name, NULL, 10), scan);
}

static LeakNeedles *
read_needles (int         fd,
              const char *prefix)
{
  char         secret[MAX_SECRET + 1] = { 0, };
  gsize        length = 0;
  gssize       n;
  LeakNeedles *needles;

  while (length < MAX_SECRET && (n = read (fd, secret + length, MAX_SECRET - length)) > 0)
    length += (gsize) n;
  secret[strcspn (secret, "\r\n")] = '\0';
  /* the command shall not inherit it */
  close (fd);

  needles = leak_needles_new (secret, prefix);
  explicit_bzero (secret, sizeof secret);

  return needles;
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GOptionContext)  context = g_option_context_new ("[PATH…] [-- COMMAND…]");
  g_autoptr(GError)          error = NULL;
  g_autofree char           *prefix = g_strdup ("comfyui-");
  g_auto(GStrv)              pids = NULL;
  gboolean                   all_processes = FALSE;
  int                        key_fd = STDIN_FILENO;
  int                        n_own = 0; /* arguments before the command */
  int                        n_paths;
  int                        status = 0;
  Scan                       scan = { 0, };
  GOptionEntry               entries[] = {
    { "key-fd", 0, 0, G_OPTION_ARG_INT, &key_fd, "Read the secret from this descriptor", "N" },
    { "prefix", 0, 0, G_OPTION_ARG_STRING, &prefix, "What it begins with is no secret", "TEXT" },
    { "pid", 0, 0, G_OPTION_ARG_STRING_ARRAY, &pids, "Search this process, too", "PID" },
    { "processes", 0, 0, G_OPTION_ARG_NONE, &all_processes, "Search all processes, too", NULL },
    { NULL }
  };

  while (n_own < argc && strcmp (argv[n_own], "--") != 0)
    n_own++;
  n_paths = n_own;
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &n_paths, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }

  scan.needles = read_needles (key_fd, prefix);
  if (scan.needles == NULL)
    {
      g_printerr ("the secret is too short to tell it from chance\n");
      return 2;
    }

  if (n_own < argc - 1 && !leak_trace_run (argv + n_own + 1, scan_process, &scan, &status, &error))
    fail (&scan, argv[n_own + 1], error->message);
  for (int i = 1; i < n_paths; i++)
    scan_path (&scan, argv[i]);
  for (unsigned int i = 0; pids != NULL && pids[i] != NULL; i++)
    scan_process ((pid_t) strtol (pids[i], NULL, 10), &scan);
  if (all_processes)
    scan_all_processes (&scan);

  g_print ("%u files, %u processes, %" G_GUINT64_FORMAT " bytes searched: %u found\n",
           scan.n_files, scan.n_processes, scan.n_bytes, scan.n_found);
  leak_needles_free (scan.needles);

  if (scan.n_found > 0)
    return 1;
  if (scan.n_failed > 0)
    return 2;

  return status != 0 ? 3 : 0;
}
