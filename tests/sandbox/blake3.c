/* SPDX-License-Identifier: GPL-3.0-or-later */

/* BLAKE3 (https://github.com/BLAKE3-team/BLAKE3-specs) without keys and extended output, in plain
 * C, because Debian 13 has no library of it. Chunks of 1024 bytes are the leaves of a binary tree; a
 * parent is made as soon as both of its halves are complete. */

#include "config.h"

#include <string.h>

#include "blake3.h"

#define BLOCK_LENGTH 64
#define CHUNK_LENGTH 1024
/* 2^54 chunks are more than can be fed */
#define MAX_DEPTH 54

enum
{
  CHUNK_START = 1 << 0,
  CHUNK_END   = 1 << 1,
  PARENT      = 1 << 2,
  ROOT        = 1 << 3,
};

struct _Blake3
{
  guint32      chunk[8];               /* the chaining value of the chunk so far */
  guint64      n_chunks;               /* complete ones before it */
  guint8       block[BLOCK_LENGTH];    /* not yet compressed: it may be the last one */
  unsigned int block_length;
  unsigned int n_blocks;               /* of the chunk, compressed */
  guint32      stack[MAX_DEPTH][8];    /* complete subtrees, the largest first */
  unsigned int n_stack;
};

static const guint32 iv[8] = {
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
};

static guint32
rotate (guint32      word,
        unsigned int bits)
{
  return word >> bits | word << (32 - bits);
}

static void
mix (guint32      *v,
     unsigned int  a,
     unsigned int  b,
     unsigned int  c,
     unsigned int  d,
     guint32       x,
     guint32       y)
{
  v[a] = v[a] + v[b] + x;
  v[d] = rotate (v[d] ^ v[a], 16);
  v[c] = v[c] + v[d];
  v[b] = rotate (v[b] ^ v[c], 12);
  v[a] = v[a] + v[b] + y;
  v[d] = rotate (v[d] ^ v[a], 8);
  v[c] = v[c] + v[d];
  v[b] = rotate (v[b] ^ v[c], 7);
}

static void
permute (guint32 *words)
{
  static const guint8 order[16] = { 2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8 };
  guint32 permuted[16];

  for (unsigned int i = 0; i < 16; i++)
    permuted[i] = words[order[i]];
  memcpy (words, permuted, sizeof permuted);
}

/* @result may be @chaining. */
static void
compress (const guint32 *chaining,
          const guint32 *block,
          guint64        counter,
          guint32        length,
          guint32        flags,
          guint32       *result)
{
  guint32 words[16];
  guint32 v[16];

  memcpy (words, block, sizeof words);
  memcpy (v, chaining, 8 * sizeof *v);
  memcpy (v + 8, iv, 4 * sizeof *v);
  v[12] = (guint32) counter;
  v[13] = (guint32) (counter >> 32);
  v[14] = length;
  v[15] = flags;

  for (unsigned int round = 0; round < 7; round++)
    {
      if (round > 0)
        permute (words);
      mix (v, 0, 4, 8, 12, words[0], words[1]);
      mix (v, 1, 5, 9, 13, words[2], words[3]);
      mix (v, 2, 6, 10, 14, words[4], words[5]);
      mix (v, 3, 7, 11, 15, words[6], words[7]);
      mix (v, 0, 5, 10, 15, words[8], words[9]);
      mix (v, 1, 6, 11, 12, words[10], words[11]);
      mix (v, 2, 7, 8, 13, words[12], words[13]);
      mix (v, 3, 4, 9, 14, words[14], words[15]);
    }

  for (unsigned int i = 0; i < 8; i++)
    result[i] = v[i] ^ v[i + 8];
}

/* Compresses the block that is held, of the chunk that is read. */
static void
compress_block (const Blake3 *self,
                guint32       flags,
                guint32      *result)
{
  guint32 words[16];
  guint8 padded[BLOCK_LENGTH] = { 0 };

  memcpy (padded, self->block, self->block_length);
  for (unsigned int i = 0; i < 16; i++)
    words[i] = (guint32) padded[4 * i] | (guint32) padded[4 * i + 1] << 8
               | (guint32) padded[4 * i + 2] << 16 | (guint32) padded[4 * i + 3] << 24;

  compress (self->chunk, words, self->n_chunks, self->block_length,
            flags | (self->n_blocks == 0 ? CHUNK_START : 0), result);
}

static void
compress_parent (const guint32 *left,
                 const guint32 *right,
                 guint32        flags,
                 guint32       *result)
{
  guint32 words[16];

  memcpy (words, left, 8 * sizeof *words);
  memcpy (words + 8, right, 8 * sizeof *words);
  compress (iv, words, 0, BLOCK_LENGTH, PARENT | flags, result);
}

/* Ends a chunk that is not the last one. A complete subtree joins with those as large as itself. */
static void
end_chunk (Blake3 *self)
{
  guint32 value[8];

  compress_block (self, CHUNK_END, value);
  self->n_chunks++;
  for (guint64 total = self->n_chunks; total % 2 == 0; total /= 2)
    compress_parent (self->stack[--self->n_stack], value, 0, value);
  memcpy (self->stack[self->n_stack++], value, sizeof value);

  memcpy (self->chunk, iv, sizeof iv);
  self->n_blocks = 0;
  self->block_length = 0;
}

/**
 * blake3_new:
 *
 * Returns: (transfer full): a hash of nothing yet
 */
Blake3 *
blake3_new (void)
{
  Blake3 *self = g_new0 (Blake3, 1);

  memcpy (self->chunk, iv, sizeof iv);

  return self;
}

void
blake3_free (Blake3 *self)
{
  g_free (self);
}

/**
 * blake3_update:
 *
 * Takes the next bytes.
 */
void
blake3_update (Blake3       *self,
               const guint8 *data,
               gsize         length)
{
  while (length > 0)
    {
      gsize part;

      /* a full block is compressed only when it is known not to be the last one */
      if (self->block_length == BLOCK_LENGTH)
        {
          if (self->n_blocks == CHUNK_LENGTH / BLOCK_LENGTH - 1)
            end_chunk (self);
          else
            {
              compress_block (self, 0, self->chunk);
              self->n_blocks++;
              self->block_length = 0;
            }
        }

      part = MIN (length, BLOCK_LENGTH - self->block_length);
      memcpy (self->block + self->block_length, data, part);
      self->block_length += (unsigned int) part;
      data += part;
      length -= part;
    }
}

/**
 * blake3_dup_hex:
 *
 * Returns: (transfer full): the digest of what was fed so far, in hexadecimal; more may follow
 */
char *
blake3_dup_hex (Blake3 *self)
{
  GString *hex = g_string_new (NULL);
  guint32 value[8];

  compress_block (self, CHUNK_END | (self->n_stack == 0 ? ROOT : 0), value);
  for (unsigned int i = self->n_stack; i > 0; i--)
    compress_parent (self->stack[i - 1], value, i == 1 ? ROOT : 0, value);

  for (unsigned int i = 0; i < BLAKE3_LENGTH; i++)
    g_string_append_printf (hex, "%02x", value[i / 4] >> 8 * (i % 4) & 255);

  return g_string_free (hex, FALSE);
}
