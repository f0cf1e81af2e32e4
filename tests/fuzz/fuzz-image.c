/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a server may send as a picture: any bytes. Reading them gives a picture or an error.
 */
#include "config.h"

#include <string.h>
#include <zlib.h>

#include "comfy-codec-private.h"

/* small enough that the fuzzer's time goes into parsing */
#define MAX_PIXELS (256 * 256)

int LLVMFuzzerTestOneInput (const unsigned char *data,
                            size_t               size);

static guint32
big_endian_at (const unsigned char *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

/* Makes the check sums of a PNG's chunks right: a fuzzer does not guess them, and would see nothing
 * of what lies behind. */
static void
mend_check_sums (unsigned char *data,
                 size_t         size)
{
  size_t at = 8;

  while (size - at >= 12 && big_endian_at (data + at) <= size - at - 12)
    {
      guint32 length = big_endian_at (data + at);
      guint32 sum = GUINT32_TO_BE ((guint32) crc32 (0, data + at + 4, length + 4));

      memcpy (data + at + 8 + length, &sum, 4);
      at += 12 + length;
    }
}

int
LLVMFuzzerTestOneInput (const unsigned char *data,
                        size_t               size)
{
  g_autofree guint8     *copy = g_memdup2 (data, size);
  g_autoptr(GBytes)      bytes = g_bytes_new_static (copy, size);
  g_autoptr(ComfyPixels) pixels = NULL;
  g_autoptr(GError)      error = NULL;

  if (comfy_png_probe (bytes))
    mend_check_sums (copy, size);
  pixels = comfy_codec_read (bytes, MAX_PIXELS, &error);
  g_assert ((pixels == NULL) == (error != NULL));

  return 0;
}
