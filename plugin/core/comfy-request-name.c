/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the layers of a request are called.
 */
#define G_LOG_DOMAIN "comfy-request"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-request.h"

#define MAX_PROMPT_IN_NAME 32 /* characters: longer names are cut off in GIMP's layer list anyway */

/* One line, at most MAX_PROMPT_IN_NAME characters, cut between words where there are any */
static char *
shorten (const char *prompt)
{
  g_autofree char    *valid = g_utf8_make_valid (prompt, -1);
  g_auto(GStrv)       words = g_strsplit_set (valid, " \t\r\n", -1);
  g_autoptr(GString)  line = g_string_new (NULL);

  for (unsigned int i = 0; words[i] != NULL; i++)
    {
      long room = MAX_PROMPT_IN_NAME - g_utf8_strlen (line->str, -1);

      if (words[i][0] == '\0')
        continue;

      if (line->len > 0 && g_utf8_strlen (words[i], -1) + 1 > room)
        return g_strconcat (line->str, "…", NULL);
      if (g_utf8_strlen (words[i], -1) > room)
        {
          g_autofree char *start = g_utf8_substring (words[i], 0, room);

          return g_strconcat (start, "…", NULL);
        }

      if (line->len > 0)
        g_string_append_c (line, ' ');
      g_string_append (line, words[i]);
    }

  return g_strdup (line->str);
}

/**
 * comfy_request_dup_layer_name:
 * @i: which output, from 0
 * @n: how many there are
 *
 * Returns: (transfer full): a name that tells the layers of many runs apart, such as
 *   "Generate Image: red bicycle… (seed 42)"
 */
char *
comfy_request_dup_layer_name (ComfyRequest *self,
                              unsigned int  i,
                              unsigned int  n)
{
  const char      *words = comfy_request_get_prompt (self);
  guint64          number = comfy_request_get_seed (self);
  g_autofree char *prompt = NULL;
  g_autofree char *seed = NULL;
  GString         *name;

  g_return_val_if_fail (COMFY_IS_REQUEST (self), NULL);

  name = g_string_new (comfy_request_get_title (self));
  if (words != NULL)
    prompt = shorten (words);
  if (prompt != NULL && prompt[0] != '\0')
    g_string_append_printf (name, ": %s", prompt);

  if (number != 0)
    seed = g_strdup_printf ("%" G_GUINT64_FORMAT, number);

  if (seed != NULL && n > 1)
    /* TRANSLATORS: the end of a layer's name: its seed, and which of several pictures it is */
    g_string_append_printf (name, _(" (seed %s, %u of %u)"), seed, i + 1, n);
  else if (seed != NULL)
    g_string_append_printf (name, _(" (seed %s)"), seed);
  else if (n > 1)
    g_string_append_printf (name, _(" (%u of %u)"), i + 1, n);

  return g_string_free (name, FALSE);
}
