/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a fuzz target over the files named as arguments, each also cut short at every length: what a
 * compiler without libFuzzer can do, and what every test run does.
 */
#include "config.h"

#include <gio/gio.h>

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

int
main (int    argc,
      char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char  *text = NULL;
      gsize             length;

      if (!g_file_get_contents (argv[i], &text, &length, &error))
        g_error ("%s", error->message);

      for (gsize n = 0; n <= length; n++)
        {
          /* a copy of its own, so that a sanitizer sees a read beyond the end */
          g_autofree unsigned char *data = g_memdup2 (text, n);

          LLVMFuzzerTestOneInput (data, n);
        }
    }

  return 0;
}
