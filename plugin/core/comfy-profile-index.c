/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How profiles lie in the settings. The index lists them while the keyring is locked; it holds no
 * key, no part of one and no hash. Pure: key file in, profiles out, and back.
 */
#define G_LOG_DOMAIN "comfy-profile"

#include "config.h"

#include <string.h>

#include "comfy-profile-index-private.h"
#include "comfy-profile-private.h"

#define PROFILE_GROUP  "profile "
#define ENDPOINT_GROUP "environment "

static const char * const state_nicks[] = { "not-tested", "works", "rejected", "unreachable" };
G_STATIC_ASSERT (G_N_ELEMENTS (state_nicks) == COMFY_PROFILE_UNREACHABLE + 1);

static char *
group_of (const char *id)
{
  return g_strconcat (PROFILE_GROUP, id, NULL);
}

/**
 * _comfy_profile_index_list:
 *
 * Returns: (transfer full): ids of the profiles in @keys, in the order of the file
 */
GStrv
_comfy_profile_index_list (GKeyFile *keys)
{
  g_auto(GStrv)           groups = g_key_file_get_groups (keys, NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (unsigned int i = 0; groups[i] != NULL; i++)
    if (g_str_has_prefix (groups[i], PROFILE_GROUP) &&
        g_key_file_has_key (keys, groups[i], "name", NULL) &&
        g_key_file_has_key (keys, groups[i], "environment", NULL))
      g_strv_builder_add (builder, groups[i] + strlen (PROFILE_GROUP));

  return g_strv_builder_end (builder);
}

static void
read_outcome (GKeyFile     *keys,
              const char   *group,
              ComfyProfile *profile)
{
  g_autofree char         *nick = g_key_file_get_string (keys, group, "state", NULL);
  g_autofree char         *problem = g_key_file_get_string (keys, group, "problem", NULL);
  g_autofree char         *email = g_key_file_get_string (keys, group, "account", NULL);
  g_autoptr(ComfyAccount)  account = NULL;
  int                      state = COMFY_PROFILE_NOT_TESTED;
  gboolean                 has_balance = g_key_file_has_key (keys, group, "balance", NULL);

  for (unsigned int i = 0; i < G_N_ELEMENTS (state_nicks); i++)
    if (g_strcmp0 (nick, state_nicks[i]) == 0)
      state = (int) i;

  if (email != NULL || has_balance)
    {
      account = comfy_account_new (email);
      account->has_balance = has_balance;
      account->balance_micros = g_key_file_get_int64 (keys, group, "balance", NULL);
    }

  _comfy_profile_set_outcome (profile, (ComfyProfileState) state, account, problem);
}

/**
 * _comfy_profile_index_read:
 * @id: one of _comfy_profile_index_list()
 * @known: (nullable): the object that stands for it already
 *
 * Returns: (transfer full): @known, or a new object, as the index says
 */
ComfyProfile *
_comfy_profile_index_read (GKeyFile     *keys,
                           const char   *id,
                           ComfyProfile *known)
{
  g_autofree char *group = group_of (id);
  g_autofree char *name = g_key_file_get_string (keys, group, "name", NULL);
  g_autofree char *endpoint_id = g_key_file_get_string (keys, group, "environment", NULL);
  g_autofree char *default_id = _comfy_profile_index_dup_default (keys, endpoint_id);
  ComfyProfile    *profile;

  if (known != NULL)
    profile = g_object_ref (known);
  else
    profile = _comfy_profile_new (id, endpoint_id,
                                  g_key_file_get_int64 (keys, group, "created", NULL),
                                  g_key_file_get_boolean (keys, group, "has-key", NULL), TRUE);

  _comfy_profile_set_name (profile, name);
  _comfy_profile_set_last_used (profile, g_key_file_get_int64 (keys, group, "last-used", NULL));
  _comfy_profile_set_default (profile, g_strcmp0 (default_id, id) == 0);
  read_outcome (keys, group, profile);

  return profile;
}

/**
 * _comfy_profile_index_add:
 * @id: a new id
 * @name: as the artist reads it
 * @endpoint_id: the environment that the key was made for
 * @has_key: %FALSE where the environment needs none
 *
 * Adds a profile that was made now. The first one of an environment becomes its default.
 */
void
_comfy_profile_index_add (GKeyFile   *keys,
                          const char *id,
                          const char *name,
                          const char *endpoint_id,
                          gboolean    has_key)
{
  g_autofree char *group = group_of (id);
  g_autofree char *default_id = _comfy_profile_index_dup_default (keys, endpoint_id);

  g_key_file_set_string (keys, group, "name", name);
  g_key_file_set_string (keys, group, "environment", endpoint_id);
  g_key_file_set_boolean (keys, group, "has-key", has_key);
  g_key_file_set_int64 (keys, group, "created", g_get_real_time () / G_USEC_PER_SEC);

  if (default_id == NULL)
    _comfy_profile_index_set_default (keys, endpoint_id, id);
}

/**
 * _comfy_profile_index_remove:
 * @id: the profile to forget
 *
 * Where it was the default, the next one of its environment becomes that.
 */
void
_comfy_profile_index_remove (GKeyFile   *keys,
                             const char *id)
{
  g_autofree char *group = group_of (id);
  g_autofree char *endpoint_id = g_key_file_get_string (keys, group, "environment", NULL);
  g_autofree char *default_id = NULL;
  g_auto(GStrv)    others = NULL;

  g_key_file_remove_group (keys, group, NULL);
  if (endpoint_id == NULL)
    return;

  default_id = _comfy_profile_index_dup_default (keys, endpoint_id);
  if (g_strcmp0 (default_id, id) != 0)
    return;

  _comfy_profile_index_set_default (keys, endpoint_id, NULL);
  others = _comfy_profile_index_list (keys);
  for (unsigned int i = 0; others[i] != NULL; i++)
    {
      g_autofree char *other_group = group_of (others[i]);
      g_autofree char *other_endpoint = g_key_file_get_string (keys, other_group, "environment",
                                                               NULL);

      if (g_strcmp0 (other_endpoint, endpoint_id) == 0)
        {
          _comfy_profile_index_set_default (keys, endpoint_id, others[i]);
          return;
        }
    }
}

/**
 * _comfy_profile_index_set_name:
 * @name: as the artist reads it
 */
void
_comfy_profile_index_set_name (GKeyFile   *keys,
                               const char *id,
                               const char *name)
{
  g_autofree char *group = group_of (id);

  g_key_file_set_string (keys, group, "name", name);
}

static void
set_or_remove (GKeyFile   *keys,
               const char *group,
               const char *key,
               const char *value)
{
  if (value != NULL)
    g_key_file_set_string (keys, group, key, value);
  else
    g_key_file_remove_key (keys, group, key, NULL);
}

/**
 * _comfy_profile_index_set_outcome:
 * @state: what the last use or test of the key showed
 * @account: (nullable): what the server told of its owner
 * @problem: (nullable): why the key cannot be used now, in a sentence
 */
void
_comfy_profile_index_set_outcome (GKeyFile           *keys,
                                  const char         *id,
                                  ComfyProfileState   state,
                                  const ComfyAccount *account,
                                  const char         *problem)
{
  g_autofree char *group = group_of (id);

  g_key_file_set_string (keys, group, "state", state_nicks[state]);
  set_or_remove (keys, group, "problem", problem);
  set_or_remove (keys, group, "account", account != NULL ? account->email : NULL);
  if (account != NULL && account->has_balance)
    g_key_file_set_int64 (keys, group, "balance", account->balance_micros);
  else
    g_key_file_remove_key (keys, group, "balance", NULL);
}

/**
 * _comfy_profile_index_set_used:
 * @when: Unix seconds
 */
void
_comfy_profile_index_set_used (GKeyFile   *keys,
                               const char *id,
                               gint64      when)
{
  g_autofree char *group = group_of (id);

  g_key_file_set_int64 (keys, group, "last-used", when);
}

/**
 * _comfy_profile_index_dup_default:
 * @endpoint_id: (nullable): an environment
 *
 * Returns: (transfer full) (nullable): id of the profile that its actions use
 */
char *
_comfy_profile_index_dup_default (GKeyFile   *keys,
                                  const char *endpoint_id)
{
  g_autofree char *group = g_strconcat (ENDPOINT_GROUP, endpoint_id, NULL);

  return g_key_file_get_string (keys, group, "default", NULL);
}

/**
 * _comfy_profile_index_set_default:
 * @endpoint_id: an environment
 * @id: (nullable): the profile that its actions shall use
 */
void
_comfy_profile_index_set_default (GKeyFile   *keys,
                                  const char *endpoint_id,
                                  const char *id)
{
  g_autofree char *group = g_strconcat (ENDPOINT_GROUP, endpoint_id, NULL);

  set_or_remove (keys, group, "default", id);
}
