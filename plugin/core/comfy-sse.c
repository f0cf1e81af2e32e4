/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Server-Sent Events, read piece by piece as they come from the wire. What a browser would make of
 * the same bytes; but "id" and "retry" mean nothing here, and an event that is too large is left
 * out, as if it had not been sent.
 */
#define G_LOG_DOMAIN "comfy-sse"

#include "config.h"

#include <string.h>

#include "comfy-sse.h"

#define MAX_NAME 64 /* bytes; longer ones are of no event that anybody here knows */

struct _ComfySse
{
  gsize     max_bytes;
  GString  *line;     /* the one that has not ended */
  GString  *text;     /* of the event that has not ended */
  char     *name;     /* nullable: of the event that has not ended */
  gboolean  has_text; /* data of no bytes is data */
  gboolean  is_large; /* the event is left out */
  gboolean  after_cr; /* a line feed that follows belongs to it */
  gboolean  is_first; /* line: a byte order mark may stand before it */
};

/**
 * comfy_sse_new:
 * @max_bytes: what an event may take; larger ones are left out
 *
 * Returns: (transfer full): a reader at the beginning of a stream
 */
ComfySse *
comfy_sse_new (gsize max_bytes)
{
  ComfySse *self = g_new0 (ComfySse, 1);

  self->max_bytes = max_bytes;
  self->line = g_string_new (NULL);
  self->text = g_string_new (NULL);
  self->is_first = TRUE;

  return self;
}

/**
 * comfy_sse_free:
 * @self: (transfer full): a reader; an event that has not ended was none
 */
void
comfy_sse_free (ComfySse *self)
{
  g_return_if_fail (self != NULL);

  g_string_free (self->line, TRUE);
  g_string_free (self->text, TRUE);
  g_free (self->name);
  g_free (self);
}

/* Memory that a large event took is given back */
static void
empty (GString **string)
{
  if ((*string)->allocated_len > 64 * 1024)
    {
      g_string_free (*string, TRUE);
      *string = g_string_new (NULL);
    }

  g_string_truncate (*string, 0);
}

static void
end_event (ComfySse     *self,
           ComfySseFunc  func,
           gpointer      data)
{
  g_autofree char *name = g_steal_pointer (&self->name);

  if (self->has_text && !self->is_large)
    func (name != NULL ? name : "message", self->text->str, self->text->len, data);

  empty (&self->text);
  self->has_text = FALSE;
  self->is_large = FALSE;
}

static gboolean
is_named (const char *field,
          gsize       length,
          const char *name)
{
  return length == strlen (name) && memcmp (field, name, length) == 0;
}

static void
take_field (ComfySse *self)
{
  const char *line = self->line->str;
  const char *colon = memchr (line, ':', self->line->len);
  gsize       n_field = colon != NULL ? (gsize) (colon - line) : self->line->len;
  const char *value = colon != NULL ? colon + 1 : line + n_field;
  gsize       n_value = (gsize) (line + self->line->len - value);

  if (n_value > 0 && value[0] == ' ')
    {
      value++;
      n_value--;
    }

  if (is_named (line, n_field, "event"))
    {
      g_free (self->name);
      self->name = n_value > 0 ? g_strndup (value, MIN (n_value, MAX_NAME)) : NULL;
    }
  else if (is_named (line, n_field, "data") && !self->is_large)
    {
      if (self->has_text)
        g_string_append_c (self->text, '\n');
      self->has_text = TRUE;
      self->is_large = n_value > self->max_bytes || self->text->len > self->max_bytes - n_value;
      if (!self->is_large)
        g_string_append_len (self->text, value, (gssize) n_value);
    }
}

static void
end_line (ComfySse     *self,
          ComfySseFunc  func,
          gpointer      data)
{
  if (self->is_first && g_str_has_prefix (self->line->str, "\xef\xbb\xbf"))
    g_string_erase (self->line, 0, 3);
  self->is_first = FALSE;

  if (self->line->len == 0)
    end_event (self, func, data);
  else
    take_field (self);

  empty (&self->line);
}

/* A line that is too long makes its event too large, unless it is a comment; its beginning is kept,
 * so that it is not taken for the empty line that ends an event. */
static void
extend_line (ComfySse   *self,
             const char *bytes,
             gsize       length)
{
  gsize room = self->max_bytes + MAX_NAME - self->line->len;

  if (length > room && (self->line->len > 0 ? self->line->str : bytes)[0] != ':')
    self->is_large = TRUE;

  g_string_append_len (self->line, bytes, (gssize) MIN (length, room));
}

/**
 * comfy_sse_feed:
 * @bytes: the next bytes of the stream
 * @func: called for each event that they end, in order
 */
void
comfy_sse_feed (ComfySse     *self,
                const char   *bytes,
                gsize         length,
                ComfySseFunc  func,
                gpointer      data)
{
  const char *end;

  g_return_if_fail (self != NULL);
  g_return_if_fail (func != NULL);

  /* no bytes may well be NULL */
  if (length == 0)
    return;

  end = bytes + length;
  while (bytes < end)
    {
      const char *stop = bytes;

      if (self->after_cr && bytes[0] == '\n')
        {
          self->after_cr = FALSE;
          bytes++;
          continue;
        }

      self->after_cr = FALSE;
      while (stop < end && *stop != '\n' && *stop != '\r')
        stop++;
      extend_line (self, bytes, (gsize) (stop - bytes));
      if (stop == end)
        return;

      self->after_cr = *stop == '\r';
      end_line (self, func, data);
      bytes = stop + 1;
    }
}
