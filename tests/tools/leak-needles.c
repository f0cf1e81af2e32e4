/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All forms of a secret, searched for at once. There are hundreds of them, so a bit per hash of
 * three bytes decides at most positions that nothing begins there.
 */
#include "config.h"

#include <string.h>

#include "leak-needles.h"

#define WINDOW     12 /* characters: short enough for a fragment, too long for chance */
#define HASH_BYTES 3
#define N_BITS     (1 << 16)

typedef struct
{
  char         *bytes;
  gsize         length;   /* at least HASH_BYTES */
  const char   *encoding; /* static */
  unsigned int  window;
} Needle;

struct _LeakNeedles
{
  GArray  *needles;          /* of Needle */
  GArray  *buckets[N_BITS];  /* nullable; of unsigned int: indices of needles with this hash */
};

static unsigned int
hash (const unsigned char *bytes)
{
  return (bytes[0] | bytes[1] << 5 | bytes[2] << 10) % N_BITS;
}

static void
add (LeakNeedles  *self,
     const char   *encoding,
     unsigned int  window,
     const char   *bytes,
     gsize         length)
{
  Needle       needle = { g_memdup2 (bytes, length), length, encoding, window };
  unsigned int index = self->needles->len;
  unsigned int value = hash ((const unsigned char *) bytes);

  g_assert (length >= HASH_BYTES);
  g_array_append_val (self->needles, needle);
  if (self->buckets[value] == NULL)
    self->buckets[value] = g_array_new (FALSE, FALSE, sizeof (unsigned int));
  g_array_append_val (self->buckets[value], index);
}

/* What base64 looks like does not depend on where it begins but on where modulo three; the letters
 * at either end that hold bits of the neighbours are left out. */
static void
add_base64 (LeakNeedles  *self,
            unsigned int  window,
            const char   *text)
{
  for (unsigned int shift = 0; shift < 3; shift++)
    {
      unsigned char    shifted[2 + WINDOW] = { 0, };
      gsize            first = (shift * 8 + 5) / 6;
      gsize            end = (shift + WINDOW) * 8 / 6;
      g_autofree char *encoded = NULL;

      memcpy (shifted + shift, text, WINDOW);
      encoded = g_base64_encode (shifted, shift + WINDOW);
      add (self, "base64", window, encoded + first, end - first);

      g_strdelimit (g_strdelimit (encoded, "+", '-'), "/", '_');
      add (self, "base64url", window, encoded + first, end - first);
    }
}

static void
add_per_character (LeakNeedles  *self,
                   unsigned int  window,
                   const char   *text,
                   const char   *encoding,
                   const char   *prefix,
                   gboolean      upper)
{
  static const char  lower_digits[] = "0123456789abcdef";
  static const char  upper_digits[] = "0123456789ABCDEF";
  const char        *digits = upper ? upper_digits : lower_digits;
  g_autoptr(GString) encoded = g_string_new (NULL);

  for (unsigned int i = 0; i < WINDOW; i++)
    {
      g_string_append (encoded, prefix);
      g_string_append_c (encoded, digits[(unsigned char) text[i] >> 4]);
      g_string_append_c (encoded, digits[(unsigned char) text[i] & 0xf]);
    }
  add (self, encoding, window, encoded->str, encoded->len);
}

static void
add_utf16 (LeakNeedles  *self,
           unsigned int  window,
           const char   *text)
{
  char wide[2 * WINDOW] = { 0, };

  for (unsigned int i = 0; i < WINDOW; i++)
    wide[2 * i] = text[i];

  /* without the last zero this is both byte orders */
  add (self, "utf-16", window, wide, sizeof wide - 1);
}

/**
 * leak_needles_new:
 * @secret: what must not be anywhere; ASCII
 * @prefix: how it may begin; this part is no secret
 *
 * Returns: (transfer full) (nullable): the needles; %NULL when @secret is too short to tell it from
 *   chance
 */
LeakNeedles *
leak_needles_new (const char *secret,
                  const char *prefix)
{
  const char  *body = g_str_has_prefix (secret, prefix) ? secret + strlen (prefix) : secret;
  gsize        length = strlen (body);
  LeakNeedles *self;

  if (length < WINDOW)
    return NULL;

  self = g_new0 (LeakNeedles, 1);
  self->needles = g_array_new (FALSE, FALSE, sizeof (Needle));

  for (gsize i = 0; i + WINDOW <= length; i++)
    {
      const char   *text = body + i;
      unsigned int  window = (unsigned int) i;

      add (self, "raw", window, text, WINDOW);
      add_base64 (self, window, text);
      add_per_character (self, window, text, "percent-encoded", "%", FALSE);
      add_per_character (self, window, text, "percent-encoded", "%", TRUE);
      add_per_character (self, window, text, "hexadecimal", "", FALSE);
      add_per_character (self, window, text, "hexadecimal", "", TRUE);
      add_utf16 (self, window, text);
    }

  return self;
}

/**
 * leak_needles_free:
 * @self: (transfer full): the needles; they are wiped
 */
void
leak_needles_free (LeakNeedles *self)
{
  for (unsigned int i = 0; i < self->needles->len; i++)
    {
      Needle *needle = &g_array_index (self->needles, Needle, i);

      explicit_bzero (needle->bytes, needle->length);
      g_free (needle->bytes);
    }
  g_array_unref (self->needles);
  for (unsigned int i = 0; i < N_BITS; i++)
    g_clear_pointer (&self->buckets[i], g_array_unref);
  g_free (self);
}

static const Needle *
needle_at (const LeakNeedles   *self,
           const unsigned char *bytes,
           gsize                length)
{
  const GArray *bucket = self->buckets[hash (bytes)];

  for (unsigned int i = 0; bucket != NULL && i < bucket->len; i++)
    {
      const Needle *needle = &g_array_index (self->needles, Needle,
                                             g_array_index (bucket, unsigned int, i));

      if (needle->length <= length && memcmp (bytes, needle->bytes, needle->length) == 0)
        return needle;
    }

  return NULL;
}

/**
 * leak_needles_search:
 * @bytes: where to search
 * @length: how many bytes
 * @found: called for each find; what overlaps an earlier find is not told again
 * @data: for @found
 *
 * Returns: how often something was found
 */
unsigned int
leak_needles_search (const LeakNeedles *self,
                     const void        *bytes,
                     gsize              length,
                     LeakFound          found,
                     gpointer           data)
{
  const unsigned char *haystack = bytes;
  unsigned int         n_found = 0;
  gsize                i = 0;

  while (i + HASH_BYTES <= length)
    {
      const Needle *needle = needle_at (self, haystack + i, length - i);

      if (needle == NULL)
        {
          i++;
          continue;
        }

      found (needle->encoding, needle->window, i, data);
      n_found++;
      i += needle->length;
    }

  return n_found;
}
