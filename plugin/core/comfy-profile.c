/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the program knows of a key, for lists and decisions; never the key. Lives on the main
 * thread. What can change is a property, so that lists can follow.
 */
#define G_LOG_DOMAIN "comfy-profile"

#include "config.h"

#include "comfy-profile-private.h"

/* The authentication page: "Delete any unused keys". It gives no number; this is ours. */
#define STALE_AFTER (90 * G_TIME_SPAN_DAY / G_TIME_SPAN_SECOND)

struct _ComfyProfile
{
  GObject            parent_instance;

  char              *id;
  char              *name;
  char              *endpoint_id;
  char              *last_four;   /* nullable: unknown while the keyring is locked */
  ComfyAccount      *account;     /* owned, nullable */
  char              *problem;     /* nullable: a translated sentence */
  gint64             created;     /* Unix seconds */
  gint64             last_used;   /* Unix seconds, 0: never */
  ComfyProfileState  state;
  gboolean           is_default;
  gboolean           is_editable;
  gboolean           has_key;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_LAST_FOUR,
  PROP_STATE,
  PROP_ACCOUNT,
  PROP_PROBLEM,
  PROP_LAST_USED,
  PROP_IS_DEFAULT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ComfyProfile, comfy_profile, G_TYPE_OBJECT)

static void
comfy_profile_finalize (GObject *object)
{
  ComfyProfile *self = COMFY_PROFILE (object);

  g_free (self->id);
  g_free (self->name);
  g_free (self->endpoint_id);
  g_free (self->last_four);
  g_clear_pointer (&self->account, comfy_account_free);
  g_free (self->problem);

  G_OBJECT_CLASS (comfy_profile_parent_class)->finalize (object);
}

static void
comfy_profile_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ComfyProfile *self = COMFY_PROFILE (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_LAST_FOUR:
      g_value_set_string (value, self->last_four);
      break;
    case PROP_STATE:
      g_value_set_int (value, (int) self->state);
      break;
    case PROP_ACCOUNT:
      g_value_set_boxed (value, self->account);
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_LAST_USED:
      g_value_set_int64 (value, self->last_used);
      break;
    case PROP_IS_DEFAULT:
      g_value_set_boolean (value, self->is_default);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
comfy_profile_class_init (ComfyProfileClass *klass)
{
  GObjectClass      *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags  flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = comfy_profile_finalize;
  object_class->get_property = comfy_profile_get_property;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_LAST_FOUR] = g_param_spec_string ("last-four", NULL, NULL, NULL, flags);
  properties[PROP_STATE] =
    g_param_spec_int ("state", NULL, NULL, COMFY_PROFILE_NOT_TESTED, COMFY_PROFILE_UNREACHABLE,
                      COMFY_PROFILE_NOT_TESTED, flags);
  properties[PROP_ACCOUNT] =
    g_param_spec_boxed ("account", NULL, NULL, COMFY_TYPE_ACCOUNT, flags);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  properties[PROP_LAST_USED] =
    g_param_spec_int64 ("last-used", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_IS_DEFAULT] = g_param_spec_boolean ("is-default", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
comfy_profile_init (ComfyProfile *self)
{
}

/**
 * _comfy_profile_new:
 * @id: stable and unique, for files and the keyring's attributes
 * @endpoint_id: id of the environment that the key was made for
 * @created: Unix seconds
 * @has_key: %FALSE where the environment needs none
 * @is_editable: %FALSE for the one read from COMFY_API_KEY
 *
 * Returns: (transfer full): a profile without a name, not tested, never used
 */
ComfyProfile *
_comfy_profile_new (const char *id,
                    const char *endpoint_id,
                    gint64      created,
                    gboolean    has_key,
                    gboolean    is_editable)
{
  ComfyProfile *self = g_object_new (COMFY_TYPE_PROFILE, NULL);

  self->id = g_strdup (id);
  self->name = g_strdup ("");
  self->endpoint_id = g_strdup (endpoint_id);
  self->created = created;
  self->has_key = has_key;
  self->is_editable = is_editable;

  return self;
}

static void
update_string (ComfyProfile  *self,
               char         **field,
               const char    *value,
               int            property)
{
  if (g_set_str (field, value))
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/**
 * _comfy_profile_set_name:
 * @name: as the artist reads it
 */
void
_comfy_profile_set_name (ComfyProfile *self,
                         const char   *name)
{
  update_string (self, &self->name, name, PROP_NAME);
}

/**
 * _comfy_profile_set_last_four:
 * @last_four: (nullable): the key's last characters, once the keyring told them
 */
void
_comfy_profile_set_last_four (ComfyProfile *self,
                              const char   *last_four)
{
  update_string (self, &self->last_four, last_four, PROP_LAST_FOUR);
}

static gboolean
accounts_equal (const ComfyAccount *a,
                const ComfyAccount *b)
{
  if (a == NULL || b == NULL)
    return a == b;

  return g_strcmp0 (a->email, b->email) == 0 && a->has_balance == b->has_balance &&
         a->balance_micros == b->balance_micros;
}

/**
 * _comfy_profile_set_outcome:
 * @state: what the last use or test of the key showed
 * @account: (nullable): what the server told of its owner
 * @problem: (nullable): why the key cannot be used now, in a sentence
 */
void
_comfy_profile_set_outcome (ComfyProfile       *self,
                            ComfyProfileState   state,
                            const ComfyAccount *account,
                            const char         *problem)
{
  g_object_freeze_notify (G_OBJECT (self));

  if (!accounts_equal (self->account, account))
    {
      g_clear_pointer (&self->account, comfy_account_free);
      self->account = account != NULL ? comfy_account_copy (account) : NULL;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCOUNT]);
    }
  update_string (self, &self->problem, problem, PROP_PROBLEM);
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }

  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * _comfy_profile_set_last_used:
 * @last_used: Unix seconds, 0 when never
 */
void
_comfy_profile_set_last_used (ComfyProfile *self,
                              gint64        last_used)
{
  if (self->last_used == last_used)
    return;

  self->last_used = last_used;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_USED]);
}

/**
 * _comfy_profile_set_default:
 * @is_default: whether actions in its environment use it
 */
void
_comfy_profile_set_default (ComfyProfile *self,
                            gboolean      is_default)
{
  if (self->is_default == is_default)
    return;

  self->is_default = is_default;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_IS_DEFAULT]);
}

/**
 * comfy_profile_get_id:
 *
 * Returns: (transfer none): stable and unique; no part or hash of the key
 */
const char *
comfy_profile_get_id (ComfyProfile *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE (self), NULL);

  return self->id;
}

/**
 * comfy_profile_get_name:
 *
 * Returns: (transfer none): as the artist reads it
 */
const char *
comfy_profile_get_name (ComfyProfile *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE (self), NULL);

  return self->name;
}

/**
 * comfy_profile_get_endpoint_id:
 *
 * Returns: (transfer none): id of the environment that the key was made for
 */
const char *
comfy_profile_get_endpoint_id (ComfyProfile *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE (self), NULL);

  return self->endpoint_id;
}

/**
 * comfy_profile_get_last_four:
 *
 * Returns: (transfer none) (nullable): known only once the keyring told it in this process
 */
const char *
comfy_profile_get_last_four (ComfyProfile *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE (self), NULL);

  return self->last_four;
}

/**
 * comfy_profile_get_state:
 *
 * Returns: what the last use or test of the key showed
 */
ComfyProfileState
comfy_profile_get_state (ComfyProfile *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE (self), COMFY_PROFILE_NOT_TESTED);

  return self->state;
}

/**
 * comfy_profile_get_account:
 *
 * Returns: (transfer none) (nullable): what the server told when the key was last tested
 */
const ComfyAccount *
comfy_profile_get_account (ComfyProfile *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE (self), NULL);

  return self->account;
}

/**
 * comfy_profile_get_problem:
 *
 * Returns: (transfer none) (nullable): why the key cannot be used now, in a sentence
 */
const char *
comfy_profile_get_problem (ComfyProfile *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE (self), NULL);

  return self->problem;
}

/**
 * comfy_profile_get_last_used:
 *
 * Returns: Unix seconds, 0 when never
 */
gint64
comfy_profile_get_last_used (ComfyProfile *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE (self), 0);

  return self->last_used;
}

/**
 * comfy_profile_is_default:
 *
 * Returns: whether actions in its environment use it
 */
gboolean
comfy_profile_is_default (ComfyProfile *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE (self), FALSE);

  return self->is_default;
}

/**
 * comfy_profile_is_editable:
 *
 * Returns: %FALSE for the one read from COMFY_API_KEY
 */
gboolean
comfy_profile_is_editable (ComfyProfile *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE (self), FALSE);

  return self->is_editable;
}

/**
 * comfy_profile_has_key:
 *
 * Returns: %FALSE where the environment needs no key
 */
gboolean
comfy_profile_has_key (ComfyProfile *self)
{
  g_return_val_if_fail (COMFY_IS_PROFILE (self), FALSE);

  return self->has_key;
}

/**
 * comfy_profile_is_stale:
 *
 * Returns: whether the key was not used for 90 days, since its last use or since it was added: the
 *   authentication page advises to delete such keys
 */
gboolean
comfy_profile_is_stale (ComfyProfile *self)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_return_val_if_fail (COMFY_IS_PROFILE (self), FALSE);

  return self->is_editable && self->has_key &&
         now - MAX (self->created, self->last_used) >= STALE_AFTER;
}
