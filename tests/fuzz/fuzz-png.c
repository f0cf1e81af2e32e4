/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <zlib.h>

#include "fuzz-png.h"

static guint32
big_endian_at (const unsigned char *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

/* Makes the check sums of a PNG's chunks right: a fuzzer does not guess them, and would see nothing
 * of what lies behind. */
void
fuzz_png_mend (unsigned char *data,
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
