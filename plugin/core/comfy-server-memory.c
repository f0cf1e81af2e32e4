/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What jobs found out of a server, so that the next one need not be refused first; in the settings'
 * key file, by the server's address, with the time at which it was found out:
 *
 *   [Server https%3A%2F%2Fcloud.comfy.org%2Fdeveloper%2Fapi%2Fv1]
 *   wants-png=1790000000
 *   file.ae.safetensors=1790000000;flux-ae.safetensors
 *
 * Servers change: after a month the first choice is tried again, which costs one refusal; what a
 * server does not do at all is asked for again after a day.
 */
#define G_LOG_DOMAIN "comfy-server-memory"

#include "config.h"

#include "comfy-error.h"
#include "comfy-server-memory-private.h"

#define GROUP_PREFIX "Server "
#define DAY_S        (24 * 60 * 60)
#define KEEP_S       (30 * DAY_S)

static char *
dup_group (const char *base_url)
{
  g_autofree char *escaped = g_uri_escape_string (base_url, NULL, FALSE);

  return g_strconcat (GROUP_PREFIX, escaped, NULL);
}

static char *
dup_file_key (const char *wanted)
{
  g_autofree char *escaped = g_uri_escape_string (wanted, NULL, FALSE);

  return g_strconcat ("file.", escaped, NULL);
}

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* How long a key counts. What a server does not do at all costs little to ask for. */
static gint64
get_keep_s (const char *key)
{
  return g_str_equal (key, COMFY_SERVER_NO_NODES) || g_str_equal (key, COMFY_SERVER_NO_VALIDATE)
         || g_str_equal (key, COMFY_SERVER_NO_USAGE) || g_str_equal (key, COMFY_SERVER_NO_BROWSE)
         || g_str_equal (key, COMFY_SERVER_NO_DELETE)
           ? DAY_S : KEEP_S;
}

/* (transfer full) (nullable): time and words of a key that still counts */
static char **
dup_words (GKeyFile   *keys,
           const char *group,
           const char *key)
{
  g_auto(GStrv) words = g_key_file_get_string_list (keys, group, key, NULL, NULL);
  gint64        when;

  if (words == NULL || words[0] == NULL)
    return NULL;

  when = g_ascii_strtoll (words[0], NULL, 10);

  return when <= now_s () && now_s () - when < get_keep_s (key) ? g_steal_pointer (&words)
                                                                : NULL;
}

/* of servers that nobody uses any more too */
static void
drop_what_is_old (GKeyFile *keys)
{
  g_auto(GStrv) groups = g_key_file_get_groups (keys, NULL);

  for (unsigned int i = 0; groups[i] != NULL; i++)
    {
      g_auto(GStrv) names = NULL;
      unsigned int  n_left = 0;

      if (!g_str_has_prefix (groups[i], GROUP_PREFIX))
        continue;

      names = g_key_file_get_keys (keys, groups[i], NULL, NULL);
      for (unsigned int j = 0; names != NULL && names[j] != NULL; j++)
        {
          g_auto(GStrv) words = dup_words (keys, groups[i], names[j]);

          if (words == NULL)
            g_key_file_remove_key (keys, groups[i], names[j], NULL);
          else
            n_left++;
        }
      if (n_left == 0)
        g_key_file_remove_group (keys, groups[i], NULL);
    }
}

/* what cannot be saved is found out again */
static void
save (ComfySettings *settings)
{
  g_autoptr(GError) error = NULL;

  drop_what_is_old (comfy_settings_get_key_file (settings));
  if (!comfy_settings_save (settings, &error))
    g_warning ("%s (%s)", error->message, comfy_error_get_detail (error));
}

static void
remember (ComfySettings *settings,
          const char    *group,
          const char    *key,
          const char    *word)
{
  g_autofree char    *when = g_strdup_printf ("%" G_GINT64_FORMAT, now_s ());
  const char * const  words[] = { when, word };

  g_key_file_set_string_list (comfy_settings_get_key_file (settings), group, key, words,
                              word != NULL ? 2 : 1);
  save (settings);
}

/*
 * _comfy_server_memory_dup_file:
 * @settings: (nullable): where it is remembered
 * @base_url: (nullable): of the server
 * @wanted: the file that a graph asks for
 *
 * Returns: (transfer full) (nullable): the file that the server took in its place
 */
char *
_comfy_server_memory_dup_file (ComfySettings *settings,
                               const char    *base_url,
                               const char    *wanted)
{
  g_autofree char *group = NULL;
  g_autofree char *key = NULL;
  g_auto(GStrv)    words = NULL;

  if (settings == NULL || base_url == NULL)
    return NULL;

  group = dup_group (base_url);
  key = dup_file_key (wanted);
  words = dup_words (comfy_settings_get_key_file (settings), group, key);

  return words != NULL ? g_strdup (words[1]) : NULL;
}

/*
 * _comfy_server_memory_set_file:
 * @settings: (nullable): where it is remembered
 * @base_url: (nullable): of the server
 * @wanted: the file that a graph asks for
 * @file: (nullable): the file that the server took in its place; %NULL: it took @wanted
 */
void
_comfy_server_memory_set_file (ComfySettings *settings,
                               const char    *base_url,
                               const char    *wanted,
                               const char    *file)
{
  g_autofree char *known = _comfy_server_memory_dup_file (settings, base_url, wanted);
  g_autofree char *group = NULL;
  g_autofree char *key = NULL;

  if (settings == NULL || base_url == NULL || g_strcmp0 (known, file) == 0)
    return;

  group = dup_group (base_url);
  key = dup_file_key (wanted);
  if (file != NULL)
    {
      remember (settings, group, key, file);
    }
  else
    {
      g_key_file_remove_key (comfy_settings_get_key_file (settings), group, key, NULL);
      save (settings);
    }
}

/*
 * _comfy_server_memory_get_flag:
 * @settings: (nullable): where it is remembered
 * @base_url: (nullable): of the server
 * @flag: such as %COMFY_SERVER_WANTS_PNG
 *
 * Returns: whether it was found to be so
 */
gboolean
_comfy_server_memory_get_flag (ComfySettings *settings,
                               const char    *base_url,
                               const char    *flag)
{
  g_autofree char *group = NULL;
  g_auto(GStrv)    words = NULL;

  if (settings == NULL || base_url == NULL)
    return FALSE;

  group = dup_group (base_url);
  words = dup_words (comfy_settings_get_key_file (settings), group, flag);

  return words != NULL;
}

/*
 * _comfy_server_memory_set_flag:
 * @settings: (nullable): where it is remembered
 * @base_url: (nullable): of the server
 * @flag: such as %COMFY_SERVER_WANTS_PNG
 *
 * Remembers that it is so.
 */
void
_comfy_server_memory_set_flag (ComfySettings *settings,
                               const char    *base_url,
                               const char    *flag)
{
  g_autofree char *group = NULL;

  if (settings == NULL || base_url == NULL
      || _comfy_server_memory_get_flag (settings, base_url, flag))
    return;

  group = dup_group (base_url);
  remember (settings, group, flag, NULL);
}

/*
 * _comfy_server_memory_clear_flag:
 * @settings: (nullable): where it is remembered
 * @base_url: (nullable): of the server
 * @flag: such as %COMFY_SERVER_NAMES_ONLY
 *
 * Remembers no longer that it is so.
 */
void
_comfy_server_memory_clear_flag (ComfySettings *settings,
                                 const char    *base_url,
                                 const char    *flag)
{
  g_autofree char *group = NULL;

  if (!_comfy_server_memory_get_flag (settings, base_url, flag))
    return;

  group = dup_group (base_url);
  g_key_file_remove_key (comfy_settings_get_key_file (settings), group, flag, NULL);
  save (settings);
}
