/* SPDX-License-Identifier: GPL-3.0-or-later */

/* JSON as Python writes it: with NaN and Infinity, which JSON does not have, and with whole numbers
 * of any length. A reader that takes JSON at its word would refuse the whole for one of them. */

#define G_LOG_DOMAIN "comfy-json"

#include "config.h"

#include <math.h>
#include <string.h>

#include "comfy-python-json-private.h"

static gboolean
is_word (const char *start,
         const char *end,
         const char *word)
{
  return (size_t) (end - start) == strlen (word) && memcmp (start, word, strlen (word)) == 0;
}

/* Whether Python's json wrote a number there that JSON, or 64 bits, do not have. */
static gboolean
is_beyond (const char *start,
           const char *end)
{
  gsize           length = end - start;
  g_autofree char *text = NULL;

  if (is_word (start, end, "NaN") || is_word (start, end, "Infinity")
      || is_word (start, end, "-Infinity"))
    return TRUE;
  /* what is short fits anyway; what is no number is the parser's to judge */
  if (length < 19 && memchr (start, 'e', length) == NULL && memchr (start, 'E', length) == NULL)
    return FALSE;

  text = g_strndup (start, length);
  if (strspn (text, "+-.eE0123456789") != length)
    return FALSE;
  if (strpbrk (text, ".eE") != NULL)
    return !isfinite (g_ascii_strtod (text, NULL));

  return text[0] == '-' ? !g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, NULL, NULL)
                        : !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, NULL, NULL);
}

/*
 * _comfy_python_json_tidy:
 * @text: what Python's json module wrote; anything else comes out as it is
 * @length: bytes of @text
 *
 * Returns: (transfer full): the same with null for each number that JSON, or 64 bits, do not have
 */
GString *
_comfy_python_json_tidy (const char *text,
                         gsize       length)
{
  GString    *tidied = g_string_sized_new (length + 1);
  const char *p = text != NULL ? text : ""; /* an empty file has no text at all */
  const char *end = p + length;
  const char *kept = p; /* so far it is in @tidied */

  while (p < end)
    {
      const char *start = p;

      if (*p == '"')
        {
          for (p++; p < end && *p != '"'; p++)
            if (*p == '\\')
              p++;
          p++;
          continue;
        }

      for (; p < end && (g_ascii_isalnum (*p) || *p == '+' || *p == '-' || *p == '.'); p++)
        ;
      if (p == start)
        {
          p++;
        }
      else if (is_beyond (start, p))
        {
          g_string_append_len (tidied, kept, start - kept);
          g_string_append (tidied, "null");
          kept = p;
        }
    }

  return g_string_append_len (tidied, kept, end - kept);
}
