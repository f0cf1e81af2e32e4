/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of a JSON text: its strings and numbers.
 */
#define G_LOG_DOMAIN "comfy-json"

#include "config.h"

#include <math.h>
#include <string.h>

#include "comfy-json-scan-private.h"

/* The first fault counts, and it is where @self stands. Returns %FALSE */
gboolean
_comfy_json_scan_fail (ComfyJsonScan      *self,
                       ComfyJsonFaultKind  kind)
{
  if (self->fault->kind == COMFY_JSON_FINE)
    {
      self->fault->kind = kind;
      self->fault->offset = self->p - self->text;
    }

  return FALSE;
}

/* What stands here cannot stand here. Returns %FALSE */
gboolean
_comfy_json_scan_fail_unexpected (ComfyJsonScan *self)
{
  return _comfy_json_scan_fail (self, *self->p == '\0' ? COMFY_JSON_ENDS_EARLY
                                                       : COMFY_JSON_SYNTAX);
}

/* Returns the first character that is no white space, without taking it; NUL at the end */
char
_comfy_json_scan_peek (ComfyJsonScan *self)
{
  while (*self->p == ' ' || *self->p == '\n' || *self->p == '\r' || *self->p == '\t')
    self->p++;

  return *self->p;
}

/* Takes @wanted when it is next, which is no fault otherwise */
gboolean
_comfy_json_scan_take (ComfyJsonScan *self,
                       char           wanted)
{
  if (_comfy_json_scan_peek (self) != wanted)
    return FALSE;

  self->p++;
  return TRUE;
}

/* @p: at four digits. Returns whether they are some; %FALSE at the end of the text as well */
static gboolean
read_hex (const char *p,
          gunichar   *value)
{
  *value = 0;
  for (unsigned int i = 0; i < 4; i++)
    {
      if (!g_ascii_isxdigit (p[i]))
        return FALSE;
      *value = *value << 4 | (gunichar) g_ascii_xdigit_value (p[i]);
    }

  return TRUE;
}

/* @self stands at "\u"; what it means is shorter than how it is spelt */
static gboolean
unescape_unicode (ComfyJsonScan  *self,
                  char          **out)
{
  gunichar value;
  gunichar low;

  if (!read_hex (self->p + 2, &value))
    return _comfy_json_scan_fail (self, COMFY_JSON_SYNTAX);
  if (value == 0)
    return _comfy_json_scan_fail (self, COMFY_JSON_NUL);

  /* what lies beyond U+FFFF comes as two halves */
  if (value >= 0xd800 && value < 0xe000)
    {
      if (value >= 0xdc00 || self->p[6] != '\\' || self->p[7] != 'u'
          || !read_hex (self->p + 8, &low) || low < 0xdc00 || low >= 0xe000)
        return _comfy_json_scan_fail (self, COMFY_JSON_SYNTAX);
      value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
      self->p += 6;
    }

  self->p += 6;
  *out += g_unichar_to_utf8 (value, *out);
  return TRUE;
}

static gboolean
unescape (ComfyJsonScan  *self,
          char          **out)
{
  static const char from[] = "\"\\/bfnrt";
  static const char to[] = "\"\\/\b\f\n\r\t";
  const char *found;

  if (self->p[1] == 'u')
    return unescape_unicode (self, out);
  if (self->p[1] == '\0' || (found = strchr (from, self->p[1])) == NULL)
    return _comfy_json_scan_fail (self, COMFY_JSON_SYNTAX);

  *(*out)++ = to[found - from];
  self->p += 2;
  return TRUE;
}

/* @self stands at the quote. Returns (transfer none) (nullable): the string, within the text */
const char *
_comfy_json_scan_string (ComfyJsonScan *self)
{
  const char *start = ++self->p;
  char *out;

  while ((unsigned char) *self->p >= 0x20 && *self->p != '"' && *self->p != '\\')
    self->p++;

  for (out = self->p; *self->p != '"';)
    {
      if (*self->p == '\\')
        {
          if (!unescape (self, &out))
            return NULL;
        }
      else if ((unsigned char) *self->p >= 0x20)
        *out++ = *self->p++;
      else
        {
          _comfy_json_scan_fail_unexpected (self);
          return NULL;
        }
    }

  self->p++;
  *out = '\0';
  return start;
}

static gboolean
skip_digits (const char **p)
{
  const char *start = *p;

  while (g_ascii_isdigit (**p))
    (*p)++;

  return *p > start;
}

/* Returns the end of the number as RFC 8259 spells them, %NULL when there is none */
static const char *
find_number_end (const char *p,
                 gboolean   *is_integer)
{
  if (*p == '-')
    p++;
  if (*p == '0')
    p++;
  else if (!skip_digits (&p))
    return NULL;

  *is_integer = *p != '.' && *p != 'e' && *p != 'E';
  if (*p == '.')
    {
      p++;
      if (!skip_digits (&p))
        return NULL;
    }
  if (*p == 'e' || *p == 'E')
    {
      p++;
      if (*p == '-' || *p == '+')
        p++;
      if (!skip_digits (&p))
        return NULL;
    }

  return p;
}

/* Python writes these, and with it ComfyUI. Returns how many bytes they take */
static size_t
find_not_finite (const char *p)
{
  static const char *const names[] = { "NaN", "Infinity", "-Infinity" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_has_prefix (p, names[i]))
      return strlen (names[i]);

  return 0;
}

static JsonNode *
fail_number (ComfyJsonScan *self,
             size_t         length)
{
  _comfy_json_scan_fail (self, COMFY_JSON_NUMBER);
  g_strlcpy (self->fault->number, self->p, MIN (sizeof self->fault->number, length + 1));

  return NULL;
}

/* Returns (nullable): the integer of those @length bytes, when it fits into 64 bits */
static JsonNode *
read_integer (const char *p,
              size_t      length)
{
  gboolean is_negative = *p == '-';
  guint64 value = 0;

  for (size_t i = is_negative ? 1 : 0; i < length; i++)
    if (!g_uint64_checked_mul (&value, value, 10)
        || !g_uint64_checked_add (&value, value, (guint64) (p[i] - '0')))
      return NULL;

  if (!is_negative)
    return comfy_json_node_new_uint64 (value);
  if (value > (guint64) G_MAXINT64 + 1)
    return NULL;

  return json_node_init_int (json_node_alloc (), (gint64) (0 - value));
}

/* @self stands at a digit, a sign or a capital letter. Returns (transfer full) (nullable) */
JsonNode *
_comfy_json_scan_number (ComfyJsonScan *self,
                         gboolean       not_finite_is_null)
{
  size_t length = find_not_finite (self->p);
  gboolean is_integer = FALSE;
  JsonNode *node = NULL;
  const char *end;
  double value;

  if (length != 0)
    {
      if (not_finite_is_null)
        node = json_node_new (JSON_NODE_NULL);
    }
  else if ((end = find_number_end (self->p, &is_integer)) == NULL)
    {
      _comfy_json_scan_fail (self, COMFY_JSON_SYNTAX);
      return NULL;
    }
  else
    {
      length = end - self->p;
      if (is_integer)
        node = read_integer (self->p, length);
      else if (isfinite (value = g_ascii_strtod (self->p, NULL)))
        node = json_node_init_double (json_node_alloc (), value);
    }

  if (node == NULL)
    return fail_number (self, length);

  self->p += length;
  return node;
}
