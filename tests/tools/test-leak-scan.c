/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The leak test proves itself first: planted keys are found in each kind of place.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "test-future.h"

#define BODY "0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778"

typedef struct
{
  char *folder;
  char *key;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("comfy-leak-XXXXXX", NULL);
  fixture->key = g_strconcat ("comfyui-", BODY, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  test_remove_tree (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->key);
}

/* Runs leak-scan with the key on its standard input. Returns: its exit status */
static int
scan (Fixture     *fixture,
      char       **out_text,
      const char  *first,
      ...)
{
  g_autoptr(GPtrArray)   argv = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char       *text = NULL;
  g_autoptr(GError)      error = NULL;
  va_list                args;

  g_ptr_array_add (argv, (char *) g_getenv ("LEAK_SCAN"));
  va_start (args, first);
  for (const char *arg = first; arg != NULL; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, (char *) arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  process = g_subprocess_newv ((const char * const *) argv->pdata,
                               G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               G_SUBPROCESS_FLAGS_STDERR_MERGE, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (process, fixture->key, NULL, &text, NULL, &error));
  g_assert_true (g_subprocess_get_if_exited (process));

  /* it never shows what it found */
  if (strstr (text, fixture->folder) != NULL)
    g_assert_null (strstr (text, "2d3c4b5a6978"));
  if (out_text != NULL)
    *out_text = g_steal_pointer (&text);

  return g_subprocess_get_exit_status (process);
}

static char *
plant (Fixture    *fixture,
       const char *name,
       const char *bytes,
       gsize       length)
{
  char              *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char   *folder = g_path_get_dirname (path);
  g_autoptr(GError)  error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
  g_file_set_contents (path, bytes, (gssize) length, &error);
  g_assert_no_error (error);

  return path;
}

static void
assert_found (Fixture    *fixture,
              const char *text,
              gsize       length,
              const char *encoding)
{
  g_autoptr(GByteArray)  bytes = g_byte_array_new ();
  g_autofree char       *path = NULL;
  g_autofree char       *output = NULL;

  /* in the middle of something that is no text */
  for (unsigned int i = 0; i < 3000; i++)
    g_byte_array_append (bytes, (const guint8 *) &(guint8) { (guint8) (i * 37) }, 1);
  g_byte_array_append (bytes, (const guint8 *) text, (guint) length);
  g_byte_array_append (bytes, (const guint8 *) "\xff\x00", 2);

  path = plant (fixture, "deep/er/planted.xcf", (const char *) bytes->data, bytes->len);
  g_assert_cmpint (scan (fixture, &output, fixture->folder, NULL), ==, 1);
  g_assert_nonnull (strstr (output, encoding));
  g_assert_nonnull (strstr (output, path));
}

static void
test_clean (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *path = plant (fixture, "clean", "comfyui- 0f1e2d3c4b5 and no more", 32);

  g_assert_cmpint (scan (fixture, NULL, fixture->folder, NULL), ==, 0);
  g_assert_cmpint (scan (fixture, NULL, fixture->folder, "--", "true", NULL), ==, 0);
  g_assert_cmpint (scan (fixture, NULL, "--", "false", NULL), ==, 3);
}

static void
test_every_window (Fixture       *fixture,
                   gconstpointer  data)
{
  assert_found (fixture, fixture->key, strlen (fixture->key), "raw");
  for (gsize i = 0; i + 12 <= strlen (BODY); i++)
    assert_found (fixture, &BODY[i], 12, "raw");
}

static void
test_base64_at_every_alignment (Fixture       *fixture,
                                gconstpointer  data)
{
  static const char * const around[] = { "", "a", "ab" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (around); i++)
    {
      g_autofree char *text = g_strconcat (around[i], fixture->key, "\n", NULL);
      g_autofree char *encoded = g_base64_encode ((const guchar *) text, strlen (text));

      assert_found (fixture, encoded, strlen (encoded), "base64");
      /* and as it is wrapped in mails */
      encoded[40] = '\n';
      assert_found (fixture, encoded, strlen (encoded), "base64");
    }
}

static void
test_per_character (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GString) percent = g_string_new (NULL);
  g_autoptr(GString) hex = g_string_new (NULL);
  g_autoptr(GString) wide = g_string_new (NULL);
  g_autofree char   *uri = g_uri_escape_string (fixture->key, NULL, FALSE);

  for (const char *p = fixture->key; *p != '\0'; p++)
    {
      g_string_append_printf (percent, "%%%02X", *p);
      g_string_append_printf (hex, "%02x", *p);
      g_string_append_c (wide, *p);
      g_string_append_c (wide, '\0');
    }

  assert_found (fixture, uri, strlen (uri), "raw");
  assert_found (fixture, percent->str, percent->len, "percent-encoded");
  g_string_ascii_down (percent);
  assert_found (fixture, percent->str, percent->len, "percent-encoded");
  assert_found (fixture, hex->str, hex->len, "hexadecimal");
  assert_found (fixture, wide->str, wide->len, "utf-16");
}

static void
test_compressed (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GConverter)     deflate = NULL;
  g_autoptr(GFile)          file = NULL;
  g_autoptr(GOutputStream)  target = NULL;
  g_autoptr(GOutputStream)  stream = NULL;
  g_autofree char          *path = g_build_filename (fixture->folder, "image.xcf.gz", NULL);
  g_autofree char          *output = NULL;

  deflate = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  file = g_file_new_for_path (path);
  target = G_OUTPUT_STREAM (g_file_replace (file, NULL, FALSE, 0, NULL, NULL));
  stream = g_converter_output_stream_new (target, deflate);
  g_assert_true (g_output_stream_write_all (stream, fixture->key, strlen (fixture->key), NULL, NULL,
                                            NULL));
  g_assert_true (g_output_stream_close (stream, NULL, NULL));

  g_assert_cmpint (scan (fixture, &output, fixture->folder, NULL), ==, 1);
  g_assert_nonnull (strstr (output, "decompressed"));
}

static void
test_names_and_links (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *named = g_strconcat (BODY, ".log", NULL);
  g_autofree char *path = plant (fixture, named, "", 0);
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);

  g_assert_cmpint (scan (fixture, NULL, fixture->folder, NULL), ==, 1);
  g_assert_no_errno (g_remove (path));
  g_assert_cmpint (scan (fixture, NULL, fixture->folder, NULL), ==, 0);
  g_assert_cmpint (symlink (named, link), ==, 0);
  g_assert_cmpint (scan (fixture, NULL, fixture->folder, NULL), ==, 1);
}

static void
test_running_process (Fixture       *fixture,
                      gconstpointer  data)
{
  for (unsigned int in_environment = 0; in_environment < 2; in_environment++)
    {
      g_autoptr(GSubprocessLauncher)  launcher = NULL;
      g_autoptr(GSubprocess)          process = NULL;
      g_autofree char                *output = NULL;
      g_autofree char                *pid = NULL;
      char                            byte;

      launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                            G_SUBPROCESS_FLAGS_STDOUT_PIPE);
      if (in_environment)
        g_subprocess_launcher_setenv (launcher, "X", fixture->key, TRUE);
      process = g_subprocess_launcher_spawn (launcher, NULL, "sh", "-c", "echo; cat", "sh",
                                             in_environment ? "nothing" : fixture->key, NULL);
      g_assert_cmpint (g_input_stream_read (g_subprocess_get_stdout_pipe (process), &byte, 1, NULL,
                                            NULL), ==, 1);

      pid = g_strconcat ("--pid=", g_subprocess_get_identifier (process), NULL);
      g_assert_cmpint (scan (fixture, &output, pid, NULL), ==, 1);
      g_assert_nonnull (strstr (output, in_environment ? "environ" : "cmdline"));
      g_assert_cmpint (scan (fixture, NULL, "--processes", NULL), ==, 1);

      g_subprocess_force_exit (process);
      g_subprocess_wait (process, NULL, NULL);
    }
}

static void
test_short_lived_process (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "key", NULL);
  g_autofree char *output = NULL;

  /* the shell reads the key from a file, so that only the programs it starts have it */
  g_assert_true (g_file_set_contents (path, fixture->key, -1, NULL));
  g_assert_cmpint (scan (fixture, &output, "--", "sh", "-c", "(/bin/true \"$(cat \"$0\")\") & wait",
                         path, NULL), ==, 1);
  g_assert_nonnull (strstr (output, "cmdline"));
  g_clear_pointer (&output, g_free);
  g_assert_cmpint (scan (fixture, &output, "--", "sh", "-c", "X=$(cat \"$0\") /bin/true", path,
                         NULL), ==, 1);
  g_assert_nonnull (strstr (output, "environ"));
}

static void
test_cannot_be_searched (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *broken = plant (fixture, "broken.gz", "\x1f\x8b broken", 9);

  g_assert_cmpint (scan (fixture, NULL, fixture->folder, NULL), ==, 2);
  g_set_str (&fixture->key, "comfyui-short");
  g_assert_cmpint (scan (fixture, NULL, fixture->folder, NULL), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/leak-scan/clean", test_clean);
  ADD ("/leak-scan/every-window", test_every_window);
  ADD ("/leak-scan/base64-at-every-alignment", test_base64_at_every_alignment);
  ADD ("/leak-scan/per-character", test_per_character);
  ADD ("/leak-scan/compressed", test_compressed);
  ADD ("/leak-scan/names-and-links", test_names_and_links);
  ADD ("/leak-scan/running-process", test_running_process);
  ADD ("/leak-scan/short-lived-process", test_short_lived_process);
  ADD ("/leak-scan/cannot-be-searched", test_cannot_be_searched);
#undef ADD

  return g_test_run ();
}
