/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One key bound to one origin. The key lies in libsecret's non-pageable memory, which is wiped when
 * the last reference goes; keys are never handed out as strings. Immutable.
 */
#define G_LOG_DOMAIN "comfy-credentials"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-credentials-private.h"
#include "comfy-endpoint.h"
#include "comfy-error.h"
#include "comfy-key-mask-private.h"

#define USUAL_PREFIX "comfyui-"
/* Keys have about 80 characters; this only keeps a pasted document out of a header */
#define MAX_LENGTH   1024
/* The end of a key that is shown is no more than a third of it */
#define MIN_TO_SHOW  12
#define N_SHOWN      4

struct _ComfyCredentials
{
  gatomicrefcount  ref_count;
  SecretValue     *value;                  /* owned: the key, in non-pageable memory */
  char            *origin;                 /* owned: the only one that the key goes to */
  char             last_four[N_SHOWN + 1]; /* "" for a key too short to show any of it */
};

G_DEFINE_BOXED_TYPE (ComfyCredentials, comfy_credentials, comfy_credentials_ref,
                     comfy_credentials_unref)

/* The part of @typed without surrounding blanks, in place: no copy is made that had to be wiped. A
 * line break is no blank: what was copied then is more than a key. */
static const char *
find_key (const char *typed,
          gsize      *out_length)
{
  const char *start = typed + strspn (typed, " \t");
  gsize       length = strlen (start);

  while (length > 0 && strchr (" \t", start[length - 1]) != NULL)
    length--;

  *out_length = length;

  return start;
}

static gboolean
check_key (const char  *key,
           gsize        length,
           GError     **error)
{
  if (length == 0)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL, _("Enter a key."));
      return FALSE;
    }
  if (length > MAX_LENGTH)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                       _("This is too long to be a key. Copy the key alone."));
      return FALSE;
    }

  for (gsize i = 0; i < length; i++)
    {
      if (key[i] == '\n' || key[i] == '\r')
        comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                         _("The key holds a line break. Copy the key alone, without the line "
                           "breaks around it."));
      else if (key[i] == ' ' || key[i] == '\t')
        comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                         _("The key holds a blank. Copy the key alone."));
      else if (!g_ascii_isgraph (key[i]))
        comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, NULL,
                         _("The key holds a character that no key has. Copy it again."));
      else
        continue;

      return FALSE;
    }

  return TRUE;
}

static gboolean
has_usual_prefix (const char *key,
                  gsize       length)
{
  return length > strlen (USUAL_PREFIX) &&
         strncmp (key, USUAL_PREFIX, strlen (USUAL_PREFIX)) == 0;
}

/**
 * comfy_credentials_check_typed:
 * @typed: (nullable): what was typed or pasted
 * @out_warning: (out) (optional) (nullable): one sentence when this can be used but is unusual
 *
 * Whether a text can be a key: surrounding blanks do not count; line breaks, blanks inside, control
 * and non-ASCII characters are refused.
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT, saying what is wrong; never a part of the text
 */
gboolean
comfy_credentials_check_typed (const char  *typed,
                               char       **out_warning,
                               GError     **error)
{
  gsize       length;
  const char *key = find_key (typed != NULL ? typed : "", &length);

  if (out_warning != NULL)
    *out_warning = NULL;

  if (!check_key (key, length, error))
    return FALSE;

  if (out_warning != NULL && !has_usual_prefix (key, length))
    *out_warning = g_strdup_printf (_("Keys of Comfy Cloud begin with “%s”; this one does not."),
                                    USUAL_PREFIX);

  return TRUE;
}

/* takes @value */
static ComfyCredentials *
new_checked (SecretValue  *value,
             const char   *origin,
             GError      **error)
{
  g_autoptr(SecretValue)  owned = value;
  g_autofree char        *normal = comfy_endpoint_origin_of_url (origin);
  gsize                   length;
  const char             *key = secret_value_get (owned, &length);
  ComfyCredentials       *self;

  if (!check_key (key, length, error))
    return NULL;

  if (normal == NULL || !comfy_endpoint_url_may_carry_key (normal))
    {
      comfy_set_error (error, COMFY_ERROR_WRONG_ORIGIN, origin,
                       _("The connection to this environment is not encrypted, so no key can be "
                         "used with it."));
      return NULL;
    }

  self = g_new0 (ComfyCredentials, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->value = g_steal_pointer (&owned);
  self->origin = g_steal_pointer (&normal);
  if (length >= MIN_TO_SHOW)
    memcpy (self->last_four, key + length - N_SHOWN, N_SHOWN);

  return self;
}

/**
 * comfy_credentials_new:
 * @typed: (nullable): what was typed or pasted; see comfy_credentials_check_typed()
 * @origin: the origin that the key is for; a URL of it does as well
 *
 * The caller wipes @typed: this makes only the one copy, in non-pageable memory.
 *
 * Errors: %COMFY_ERROR_INVALID_ARGUMENT when this is no key, %COMFY_ERROR_WRONG_ORIGIN when no key
 *   may be sent to @origin at all
 *
 * Returns: (transfer full): new credentials
 */
ComfyCredentials *
comfy_credentials_new (const char  *typed,
                       const char  *origin,
                       GError     **error)
{
  gsize       length;
  const char *key = find_key (typed != NULL ? typed : "", &length);

  if (!check_key (key, length, error))
    return NULL;

  /* copies into libsecret's own locked memory */
  return new_checked (secret_value_new (key, (gssize) length, "text/plain"), origin, error);
}

/**
 * _comfy_credentials_new_take_value:
 * @value: (transfer full): a key as the keyring gave it
 * @origin: the origin that it was stored for
 *
 * Errors: as comfy_credentials_new()
 *
 * Returns: (transfer full): credentials that keep @value, without another copy
 */
ComfyCredentials *
_comfy_credentials_new_take_value (SecretValue  *value,
                                   const char   *origin,
                                   GError      **error)
{
  g_return_val_if_fail (value != NULL, NULL);

  return new_checked (value, origin, error);
}

/**
 * comfy_credentials_rebind:
 * @origin: another origin
 *
 * The same key for another environment: only for an artist who asked to test it there.
 *
 * Returns: (transfer full) (nullable): new credentials; %NULL when no key may be sent there
 */
ComfyCredentials *
comfy_credentials_rebind (ComfyCredentials *self,
                          const char       *origin)
{
  g_return_val_if_fail (self != NULL, NULL);

  return new_checked (secret_value_ref (self->value), origin, NULL);
}

/**
 * comfy_credentials_ref:
 *
 * Returns: (transfer full): @self
 */
ComfyCredentials *
comfy_credentials_ref (ComfyCredentials *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * comfy_credentials_unref:
 * @self: (transfer full): credentials; the key is wiped with the last reference
 */
void
comfy_credentials_unref (ComfyCredentials *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  secret_value_unref (self->value);
  explicit_bzero (self->last_four, sizeof self->last_four);
  g_free (self->origin);
  g_free (self);
}

/**
 * comfy_credentials_get_origin:
 *
 * Returns: (transfer none): the only origin that the key is sent to
 */
const char *
comfy_credentials_get_origin (ComfyCredentials *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->origin;
}

/**
 * comfy_credentials_get_last_four:
 *
 * Returns: (transfer none): the end of the key, to tell one from another; "" for a key so short
 *   that this would give much of it away
 */
const char *
comfy_credentials_get_last_four (ComfyCredentials *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->last_four;
}

/**
 * comfy_credentials_has_usual_prefix:
 *
 * Returns: whether the key begins as Comfy Cloud's keys do
 */
gboolean
comfy_credentials_has_usual_prefix (ComfyCredentials *self)
{
  gsize       length;
  const char *key;

  g_return_val_if_fail (self != NULL, FALSE);

  key = secret_value_get (self->value, &length);

  return has_usual_prefix (key, length);
}

/**
 * _comfy_credentials_get_value:
 *
 * Returns: (transfer none): the key, for the keyring alone
 */
SecretValue *
_comfy_credentials_get_value (ComfyCredentials *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->value;
}

/**
 * _comfy_credentials_authorize:
 * @message: a request that is not sent yet
 *
 * Puts the key into the request, if it goes to the key's own origin. Call _comfy_credentials_wipe()
 * when libsoup is done with it.
 *
 * Errors: %COMFY_ERROR_WRONG_ORIGIN; the request then has no key
 */
gboolean
_comfy_credentials_authorize (ComfyCredentials  *self,
                              SoupMessage       *message,
                              GError           **error)
{
  g_autofree char *url = NULL;
  g_autofree char *origin = NULL;
  char            *header;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (SOUP_IS_MESSAGE (message), FALSE);

  url = g_uri_to_string_partial (soup_message_get_uri (message), G_URI_HIDE_QUERY);
  origin = comfy_endpoint_origin_of_url (url);
  if (g_strcmp0 (origin, self->origin) != 0)
    {
      comfy_set_error (error, COMFY_ERROR_WRONG_ORIGIN, origin,
                       _("The key belongs to %s and was not sent to another server."),
                       self->origin);
      return FALSE;
    }

  header = g_strconcat ("Bearer ", secret_value_get (self->value, NULL), NULL);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                header);
  explicit_bzero (header, strlen (header));
  g_free (header);

  return TRUE;
}

typedef struct
{
  char  *text;
  gsize  size;
} Lent;

static void
lent_free (gpointer data)
{
  Lent *lent = data;

  explicit_bzero (lent->text, lent->size);
  g_free (lent->text);
  g_free (lent);
}

/**
 * _comfy_credentials_lend:
 * @object: (transfer full): a JSON object that is not empty
 *
 * The object with one member more, by which the Comfy API v2 is given a key for partners' nodes. Not
 * by a JSON library, which would leave copies in memory: these bytes are wiped when they are freed.
 *
 * Returns: (transfer full): the text of the new object
 */
GBytes *
_comfy_credentials_lend (ComfyCredentials *self,
                         GString          *object)
{
  static const char  before[] = ",\"extra_data\":{\"api_key_comfy_org\":\"";
  static const char  after[] = "\"}}";
  gsize              length;
  const char        *key = secret_value_get (self->value, &length);
  Lent              *lent = g_new0 (Lent, 1);
  char              *end;

  lent->size = object->len + sizeof before + 2 * length + sizeof after;
  lent->text = g_malloc0 (lent->size);
  memcpy (lent->text, object->str, object->len - 1);
  end = g_stpcpy (lent->text + object->len - 1, before);
  for (gsize i = 0; i < length; i++)
    {
      /* a key has neither control characters nor letters that are not ASCII */
      if (key[i] == '"' || key[i] == '\\')
        *end++ = '\\';
      *end++ = key[i];
    }
  end = g_stpcpy (end, after);
  g_string_free (object, TRUE);

  return g_bytes_new_with_free_func (lent->text, (gsize) (end - lent->text), lent_free, lent);
}

/**
 * _comfy_credentials_wipe:
 * @message: a request that was sent, or never will be
 *
 * Overwrites the copy of the key that libsoup keeps with the request's headers. Out of reach are
 * libsoup's buffer of the request's head, freed when the head is written, the header table of an
 * HTTP/2 connection, which goes with the connection, and the TLS library's buffers: that is why the
 * process leaves no core file.
 */
void
_comfy_credentials_wipe (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  const char         *value = soup_message_headers_get_one (headers, "Authorization");

  /* libsoup hands out its own copy; it is not ours to write, but nobody reads it any more */
  if (value != NULL)
    explicit_bzero ((char *) value, strlen (value));

  soup_message_headers_remove (headers, "Authorization");
}

/**
 * _comfy_credentials_mask:
 * @text: foreign words
 *
 * Returns: (transfer full): @text with "…" wherever the key was quoted in it, as it is or in JSON
 */
char *
_comfy_credentials_mask (ComfyCredentials *self,
                         const char       *text)
{
  g_return_val_if_fail (self != NULL, NULL);

  return _comfy_key_mask (text, secret_value_get (self->value, NULL));
}
