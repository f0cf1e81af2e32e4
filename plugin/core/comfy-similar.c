/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which of many names may have been meant. The measure is Dice's coefficient over pairs of letters,
 * 2·common / (pairs of one + pairs of the other): it does not mind words that changed their places,
 * as they do in the names of models, and takes no longer than reading them. Case, folders and the
 * kind of file do not count; and a name that goes on where the other ends is nearer than one that
 * differs, so that "x4" means "x4plus" rather than "x2". */

#define G_LOG_DOMAIN "comfy-similar"

#include "config.h"

#include <string.h>

#include "comfy-similar-private.h"

#define MAX_LENGTH 128  /* bytes of a name that are looked at */
#define LEAST      0.5  /* what is less similar was not meant */
#define SPREAD     0.15 /* what is so much less similar than the best is left out */

typedef struct
{
  char         text[MAX_LENGTH + 1];
  unsigned int length;
} Stem;

typedef struct
{
  const char  *name; /* no-ref */
  double       similarity;
} Match;

/*
 * _comfy_find_extension:
 *
 * Returns: (nullable): the dot before what says of which kind a file is: a short word with a letter
 *   in it, so that "3.5" has none
 */
const char *
_comfy_find_extension (const char *name)
{
  const char *dot = strrchr (name, '.');
  size_t      length = dot != NULL && dot > name ? strlen (dot + 1) : 0;

  return length > 0 && length <= 12
         && strspn (dot + 1, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS) == length
         && strpbrk (dot + 1, G_CSET_a_2_z G_CSET_A_2_Z) != NULL ? dot : NULL;
}

static void
read_stem (Stem       *stem,
           const char *name)
{
  const char *base = name;
  const char *dot;
  size_t      length;

  for (const char *p = name; *p != '\0'; p++)
    if ((*p == '/' || *p == '\\') && p[1] != '\0')
      base = p + 1;

  dot = _comfy_find_extension (base);
  length = dot != NULL ? (size_t) (dot - base) : strlen (base);
  stem->length = (unsigned int) MIN (length, MAX_LENGTH);
  for (unsigned int i = 0; i < stem->length; i++)
    stem->text[i] = g_ascii_tolower (base[i]);
  stem->text[stem->length] = '\0';
}

static unsigned int
pair_at (const Stem   *stem,
         unsigned int  i)
{
  return ((unsigned char) stem->text[i] << 8) | (unsigned char) stem->text[i + 1];
}

static unsigned int
count_pairs (const Stem *stem)
{
  return stem->length > 0 ? stem->length - 1 : 0;
}

/* @counts: how often @wanted has each pair; the same afterwards */
static double
measure (const Stem  *wanted,
         const Stem  *other,
         signed char *counts)
{
  unsigned int shorter = MIN (wanted->length, other->length);
  unsigned int total = count_pairs (wanted) + count_pairs (other);
  unsigned int common = 0;
  double       dice;

  if (wanted->length == other->length && memcmp (wanted->text, other->text, shorter) == 0)
    return 1;
  if (total == 0)
    return 0;

  for (unsigned int i = 0; i < count_pairs (other); i++)
    if (counts[pair_at (other, i)]-- > 0)
      common++;
  for (unsigned int i = 0; i < count_pairs (other); i++)
    counts[pair_at (other, i)]++;

  dice = 2.0 * common / total;

  return dice >= LEAST && memcmp (wanted->text, other->text, shorter) == 0 ? (9 + dice) / 10
                                                                           : dice;
}

static int
compare_matches (gconstpointer one,
                 gconstpointer other)
{
  double a = ((const Match *) one)->similarity;
  double b = ((const Match *) other)->similarity;

  return a < b ? 1 : a > b ? -1 : 0;
}

/*
 * _comfy_dup_similar:
 * @wanted: a name that is not among @choices
 * @choices: (array zero-terminated=1): the names that there are
 * @max: how many to return at most
 *
 * Returns: (transfer full): the choices that may have been meant, the most similar first; empty
 *   when none is similar
 */
char **
_comfy_dup_similar (const char         *wanted,
                    const char *const  *choices,
                    unsigned int        max)
{
  g_autofree signed char *counts = g_malloc0 (0x10000);
  g_autoptr(GArray)       matches = g_array_new (FALSE, FALSE, sizeof (Match));
  g_autoptr(GStrvBuilder) similar = g_strv_builder_new ();
  Stem                    stem;

  read_stem (&stem, wanted);
  for (unsigned int i = 0; i < count_pairs (&stem); i++)
    counts[pair_at (&stem, i)]++;

  for (; *choices != NULL; choices++)
    {
      Stem  other;
      Match match = { *choices, 0 };

      read_stem (&other, *choices);
      match.similarity = measure (&stem, &other, counts);
      if (match.similarity >= LEAST)
        g_array_append_val (matches, match);
    }

  /* a stable sort: of equals the first one stays the first */
  g_array_sort (matches, compare_matches);
  for (unsigned int i = 0; i < MIN (matches->len, max); i++)
    {
      const Match *match = &g_array_index (matches, Match, i);

      if (match->similarity + SPREAD >= g_array_index (matches, Match, 0).similarity)
        g_strv_builder_add (similar, match->name);
    }

  return g_strv_builder_end (similar);
}
