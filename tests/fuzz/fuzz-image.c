/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a server may send as a picture: any bytes. Reading them gives a picture or an error.
 */
#include "config.h"

#include "comfy-codec-private.h"
#include "fuzz-png.h"

/* small enough that the fuzzer's time goes into parsing */
#define MAX_PIXELS (256 * 256)
#define EDGE       24 /* px: of what is only looked at */

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  g_autofree guint8     *copy = g_memdup2 (data, size);
  g_autoptr(GBytes)      bytes = g_bytes_new_static (copy, size);
  g_autoptr(ComfyPixels) pixels = NULL;
  g_autoptr(ComfyPixels) small = NULL;
  g_autoptr(GError)      error = NULL;
  g_autoptr(GError)      small_error = NULL;
  int                    width;
  int                    height;

  if (comfy_png_probe (bytes))
    fuzz_png_mend (copy, size);
  pixels = comfy_codec_read (bytes, MAX_PIXELS, &error);
  g_assert ((pixels == NULL) == (error != NULL));
  small = comfy_codec_read_small (bytes, MAX_PIXELS, EDGE, &width, &height, &small_error);
  g_assert ((small == NULL) == (small_error != NULL));

  return 0;
}
