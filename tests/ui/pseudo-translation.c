/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stands before the C library's gettext. Words of other domains, GTK's own, stay as they are.
 */
#include "config.h"

#include <string.h>

#include "pseudo-translation.h"

/* what libintl.h makes of gettext() and ngettext() */
char *dcgettext  (const char *domain, const char *text, int category);
char *dcngettext (const char *domain, const char *one, const char *several, unsigned long n,
                  int category);

static const char *begin;
static GHashTable *known; /* owned: texts are asked for again, and never freed */

G_LOCK_DEFINE_STATIC (known);

void
pseudo_translation_use (const char *begins_with)
{
  begin = begins_with;
}

/* half as long again; what printf() and mnemonics mean stays */
static char *
stretch (const char *text)
{
  static const struct { char plain; const char *stretched; } vowels[] = {
    { 'a', "àà" }, { 'e', "éé" }, { 'i', "îî" }, { 'o', "öö" }, { 'u', "ûû" },
  };
  GString    *stretched = g_string_new (begin);
  const char *end = text + strlen (text);

  /* what a text ends in means something */
  if (g_str_has_suffix (text, "…"))
    end -= strlen ("…");
  else if (g_str_has_suffix (text, ":"))
    end--;

  for (const char *at = text; at < end; at++)
    {
      unsigned int i = 0;

      if (*at == '%')
        {
          size_t n = strcspn (at + 1, "%sduc") + 2;

          g_string_append_len (stretched, at, (gssize) n);
          at += n - 1;
          continue;
        }
      while (i < G_N_ELEMENTS (vowels) && vowels[i].plain != *at)
        i++;
      if (i < G_N_ELEMENTS (vowels))
        g_string_append (stretched, vowels[i].stretched);
      else
        g_string_append_c (stretched, *at);
    }
  g_string_append_c (stretched, ']');
  g_string_append (stretched, end);

  return g_string_free (stretched, FALSE);
}

char *
dcgettext (const char *domain,
           const char *text,
           int         category)
{
  g_autofree char *key = NULL;
  char            *translated;

  if (begin == NULL || domain != NULL || *text == '\0')
    return (char *) text;

  key = g_strconcat (begin, text, NULL);
  G_LOCK (known);
  if (known == NULL)
    known = g_hash_table_new (g_str_hash, g_str_equal);
  translated = g_hash_table_lookup (known, key);
  if (translated == NULL)
    {
      translated = stretch (text);
      g_hash_table_insert (known, g_steal_pointer (&key), translated);
    }
  G_UNLOCK (known);

  return translated;
}

char *
dcngettext (const char    *domain,
            const char    *one,
            const char    *several,
            unsigned long  n,
            int            category)
{
  return dcgettext (domain, n == 1 ? one : several, category);
}
