/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds a key where a server quotes it: as it is, and as JSON spells it, in which a character may
 * be escaped or not. Servers also quote in a JSON string the JSON that they were sent, or that
 * another server told them, so it is looked for in such a string, too.
 */
#define G_LOG_DOMAIN "comfy-credentials"

#include "config.h"

#include "comfy-key-mask-private.h"

#define MAX_LEVEL 2 /* JSON in a string of JSON */

static gsize match_char (const char *text, char c, unsigned int level);

/* Matches what a string of JSON says at @level with "\" and "u00" and the code of @c. */
static gsize
match_code (const char   *text,
            char          c,
            unsigned int  level)
{
  char  lower[sizeof "\\u0000"];
  gsize length = 0;

  g_snprintf (lower, sizeof lower, "\\u%04x", (unsigned int) (unsigned char) c);
  for (unsigned int i = 0; lower[i] != '\0'; i++)
    {
      gsize n = match_char (text + length, lower[i], level);

      /* the code's digits may be capitals, and its u may not */
      if (n == 0 && i > 1 && g_ascii_isalpha (lower[i]))
        n = match_char (text + length, g_ascii_toupper (lower[i]), level);
      if (n == 0)
        return 0;
      length += n;
    }

  return length;
}

/* Returns how many bytes of @text spell @c where it was put into a string of JSON @level times; 0:
 * they spell something else */
static gsize
match_char (const char   *text,
            char          c,
            unsigned int  level)
{
  gsize escape;
  gsize n;

  if (level == 0)
    return *text == c ? 1 : 0;

  if (c != '"' && c != '\\' && (n = match_char (text, c, level - 1)) > 0)
    return n;

  escape = match_char (text, '\\', level - 1);
  if (escape == 0)
    return 0;
  if ((c == '"' || c == '\\' || c == '/')
      && (n = match_char (text + escape, c, level - 1)) > 0)
    return escape + n;

  return match_code (text, c, level - 1);
}

static gsize
match_key (const char   *text,
           const char   *key,
           unsigned int  level)
{
  gsize length = 0;

  for (const char *c = key; *c != '\0'; c++)
    {
      gsize n = match_char (text + length, *c, level);

      if (n == 0)
        return 0;
      length += n;
    }

  return length;
}

/* The deepest first: what begins with several backslashes is not to lose some of them. */
static gsize
match (const char *text,
       const char *key)
{
  for (unsigned int level = MAX_LEVEL + 1; level-- > 0;)
    {
      gsize length = match_key (text, key, level);

      if (length > 0)
        return length;
    }

  return 0;
}

/*
 * _comfy_key_mask:
 * @text: foreign words
 * @key: what is not to be seen: of one character at least
 *
 * Returns: (transfer full): @text with "…" wherever @key was quoted in it, be it escaped; what was
 *   JSON is JSON still
 */
char *
_comfy_key_mask (const char *text,
                 const char *key)
{
  GString    *masked = g_string_new (NULL);
  const char *kept = text;

  g_return_val_if_fail (key[0] != '\0', g_string_free_and_steal (masked));

  for (const char *p = text; *p != '\0';)
    {
      gsize length = *p == key[0] || *p == '\\' ? match (p, key) : 0;

      if (length == 0)
        {
          p++;
          continue;
        }
      g_string_append_len (masked, kept, p - kept);
      g_string_append (masked, "…");
      p += length;
      kept = p;
    }
  g_string_append (masked, kept);

  return g_string_free_and_steal (masked);
}
