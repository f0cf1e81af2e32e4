/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <unistd.h>

#include "blake3.h"
#include "sandbox-upload.h"

/* of a text part, or of a part's headers */
#define MAX_TEXT 65536

/* bytes at the beginning of a file that tell what it is */
#define HEAD_LENGTH 12

typedef enum
{
  AT_BOUNDARY,  /* the boundary was just read: "--" ends, a line break goes on */
  IN_HEADERS,
  IN_BODY,
  AT_END,
  BROKEN
} State;

struct _SandboxUpload
{
  State        state;
  char        *delimiter;   /* "\r\n--boundary" */
  GByteArray  *buffer;      /* not yet taken apart */
  char        *part;        /* the name of the part that is being read */
  GString     *text;        /* its value, unless it is the file */
  GHashTable  *texts;       /* name → value; several of one name are joined with commas */
  char        *path;
  int          file;        /* descriptor, -1 when closed */
  gint64       limit;       /* bytes of the file */
  gint64       size;
  Blake3      *blake3;      /* of the file */
  guint8       head[HEAD_LENGTH];
  char        *file_name;   /* nullable */
  char        *file_type;   /* nullable */
  gboolean     kept;        /* somebody else owns the file now */
  gboolean     in_file;
  gboolean     has_file;
  gboolean     ordered;     /* no text came after the file */
  const char  *problem;     /* nullable: why it is broken */
};

/**
 * sandbox_upload_new:
 * @content_type: (nullable): of the request
 * @path: where the file goes
 * @limit: bytes; more is thrown away
 *
 * Returns: (transfer full): to be fed
 */
SandboxUpload *
sandbox_upload_new (const char *content_type,
                    const char *path,
                    gint64      limit)
{
  SandboxUpload *self = g_new0 (SandboxUpload, 1);
  g_autoptr(GHashTable) params = NULL;
  const char *boundary = NULL;

  self->buffer = g_byte_array_new ();
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->path = g_strdup (path);
  self->blake3 = blake3_new ();
  self->limit = limit;
  self->ordered = TRUE;
  self->file = g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

  if (content_type != NULL && g_str_has_prefix (content_type, "multipart/form-data"))
    {
      params = soup_header_parse_semi_param_list (content_type);
      boundary = g_hash_table_lookup (params, "boundary");
    }

  if (boundary == NULL)
    {
      self->state = BROKEN;
      self->problem = "the body must be multipart/form-data";
    }

  /* the very first boundary has no line break before it */
  self->delimiter = g_strconcat ("\r\n--", boundary, NULL);
  self->state = boundary != NULL ? IN_BODY : BROKEN;
  g_byte_array_append (self->buffer, (const guint8 *) "\r\n", 2);

  return self;
}

void
sandbox_upload_free (SandboxUpload *self)
{
  if (self->file >= 0)
    close (self->file);
  if (!self->kept)
    g_unlink (self->path);
  g_byte_array_unref (self->buffer);
  g_hash_table_unref (self->texts);
  blake3_free (self->blake3);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_free (self->delimiter);
  g_free (self->part);
  g_free (self->path);
  g_free (self->file_name);
  g_free (self->file_type);
  g_free (self);
}

static void
fail (SandboxUpload *self,
      const char    *problem)
{
  self->state = BROKEN;
  self->problem = problem;
}

/* Part of the value of the part that is being read; what comes before the first part is dropped. */
static void
take_data (SandboxUpload *self,
           const guint8  *data,
           gsize          length)
{
  if (self->in_file)
    {
      if (self->size < HEAD_LENGTH)
        memcpy (self->head + self->size, data, MIN (length, (gsize) (HEAD_LENGTH - self->size)));
      self->size += (gint64) length;
      blake3_update (self->blake3, data, length);
      if (self->size <= self->limit && write (self->file, data, length) != (gssize) length)
        fail (self, "the file cannot be kept");
    }
  else if (self->part != NULL)
    {
      g_string_append_len (self->text, (const char *) data, (gssize) length);
      if (self->text->len > MAX_TEXT)
        fail (self, "a text part is too long");
    }
}

static void
end_part (SandboxUpload *self)
{
  if (self->part != NULL && !self->in_file)
    {
      const char *before = g_hash_table_lookup (self->texts, self->part);

      g_hash_table_insert (self->texts, g_strdup (self->part),
                           before == NULL ? g_strdup (self->text->str)
                                          : g_strconcat (before, ",", self->text->str, NULL));
      if (self->has_file)
        self->ordered = FALSE;
    }

  g_clear_pointer (&self->part, g_free);
  self->in_file = FALSE;
}

static void
begin_part (SandboxUpload *self,
            const char    *headers,
            gsize          length)
{
  g_autoptr(SoupMessageHeaders) parsed = soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  g_autofree char *disposition = NULL;
  g_autoptr(GHashTable) params = NULL;
  const char *name;

  if (!soup_headers_parse (headers, (int) length, parsed)
      || !soup_message_headers_get_content_disposition (parsed, &disposition, &params)
      || (name = g_hash_table_lookup (params, "name")) == NULL)
    {
      fail (self, "a part has no name");
      return;
    }

  self->part = g_strdup (name);
  self->in_file = g_str_equal (name, "file");
  if (self->in_file)
    {
      self->has_file = TRUE;
      self->file_name = g_strdup (g_hash_table_lookup (params, "filename"));
      self->file_type = g_strdup (soup_message_headers_get_content_type (parsed, NULL));
    }

  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  self->text = g_string_new (NULL);
}

/* Returns whether the buffer held more than could be part of a delimiter. */
static gboolean
step_body (SandboxUpload *self)
{
  gsize length = self->buffer->len;
  gsize delimiter_length = strlen (self->delimiter);
  const guint8 *data = self->buffer->data;
  const guint8 *found = memmem (data, length, self->delimiter, delimiter_length);

  if (found != NULL)
    {
      take_data (self, data, (gsize) (found - data));
      end_part (self);
      if (self->state != BROKEN)
        self->state = AT_BOUNDARY;
      g_byte_array_remove_range (self->buffer, 0,
                                 (guint) (found - data + (gssize) delimiter_length));
    }
  else if (length >= delimiter_length)
    {
      take_data (self, data, length - delimiter_length + 1);
      g_byte_array_remove_range (self->buffer, 0, (guint) (length - delimiter_length + 1));
    }

  return found != NULL;
}

static gboolean
step_boundary (SandboxUpload *self)
{
  const guint8 *data = self->buffer->data;

  if (self->buffer->len < 2)
    return FALSE;

  if (memcmp (data, "--", 2) == 0)
    self->state = AT_END;
  else if (memcmp (data, "\r\n", 2) == 0)
    self->state = IN_HEADERS;
  else
    fail (self, "a boundary is followed by something else");

  g_byte_array_remove_range (self->buffer, 0, 2);
  return TRUE;
}

static gboolean
step_headers (SandboxUpload *self)
{
  const guint8 *data = self->buffer->data;
  const guint8 *found = memmem (data, self->buffer->len, "\r\n\r\n", 4);
  g_autofree char *headers = NULL;

  if (found == NULL)
    {
      if (self->buffer->len > MAX_TEXT)
        fail (self, "a part's headers are too long");
      return FALSE;
    }

  self->state = IN_BODY;
  /* soup_headers_parse() wants the line that stands before the headers, and skips it */
  headers = g_strdup_printf ("\r\n%.*s\r\n", (int) (found - data), (const char *) data);
  begin_part (self, headers, strlen (headers));
  g_byte_array_remove_range (self->buffer, 0, (guint) (found - data + 4));
  return TRUE;
}

/* One step of the state machine. Returns whether another one may follow at once. */
static gboolean
step (SandboxUpload *self)
{
  switch (self->state)
    {
    case IN_BODY:
      return step_body (self);
    case AT_BOUNDARY:
      return step_boundary (self);
    case IN_HEADERS:
      return step_headers (self);
    case AT_END:
    case BROKEN:
    default:
      g_byte_array_set_size (self->buffer, 0);
      return FALSE;
    }
}

/**
 * sandbox_upload_feed:
 *
 * Takes the next piece of the body.
 */
void
sandbox_upload_feed (SandboxUpload *self,
                     const guint8  *data,
                     gsize          length)
{
  g_byte_array_append (self->buffer, data, (guint) length);
  while (step (self))
    ;
}

/**
 * sandbox_upload_finish:
 * @problem: (out): what is wrong, when %FALSE is returned
 *
 * Returns: whether the body was complete and held a file
 */
gboolean
sandbox_upload_finish (SandboxUpload  *self,
                       const char    **problem)
{
  if (self->state == AT_END && self->has_file)
    return TRUE;

  *problem = self->problem != NULL ? self->problem
             : self->state == AT_END ? "the part \"file\" is missing" : "the body is not complete";
  return FALSE;
}

/**
 * sandbox_upload_is_too_large:
 *
 * Returns: whether the file is larger than the limit
 */
gboolean
sandbox_upload_is_too_large (SandboxUpload *self)
{
  return self->size > self->limit;
}

/**
 * sandbox_upload_is_webp:
 *
 * Returns: whether the file is WebP, by its bytes
 */
gboolean
sandbox_upload_is_webp (SandboxUpload *self)
{
  return self->size >= HEAD_LENGTH && memcmp (self->head, "RIFF", 4) == 0
         && memcmp (self->head + 8, "WEBP", 4) == 0;
}

/**
 * sandbox_upload_is_ordered:
 *
 * Returns: whether all text parts came before the file, as Comfy API v2 wants
 */
gboolean
sandbox_upload_is_ordered (SandboxUpload *self)
{
  return self->ordered;
}

/**
 * sandbox_upload_get_text:
 *
 * Returns: (transfer none) (nullable): the value of a text part
 */
const char *
sandbox_upload_get_text (SandboxUpload *self,
                         const char    *name)
{
  return g_hash_table_lookup (self->texts, name);
}

/**
 * sandbox_upload_get_name:
 *
 * Returns: (transfer none) (nullable): what the part calls its file
 */
const char *
sandbox_upload_get_name (SandboxUpload *self)
{
  return self->file_name;
}

/**
 * sandbox_upload_get_type:
 *
 * Returns: (transfer none) (nullable): the content type that the part gives
 */
const char *
sandbox_upload_get_type (SandboxUpload *self)
{
  return self->file_type;
}

/**
 * sandbox_upload_dup_hash:
 *
 * Returns: (transfer full): the BLAKE3 of the file, as Comfy API v2 writes it
 */
char *
sandbox_upload_dup_hash (SandboxUpload *self)
{
  g_autofree char *hex = blake3_dup_hex (self->blake3);

  return g_strconcat ("blake3:", hex, NULL);
}

/**
 * sandbox_upload_keep:
 *
 * Returns: (transfer none): where the file is; it stays when the upload is freed
 */
const char *
sandbox_upload_keep (SandboxUpload *self)
{
  self->kept = TRUE;
  return self->path;
}
