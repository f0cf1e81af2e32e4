/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <zlib.h>

#include "comfy-error.h"
#include "workflow-file-fixture.h"

static void
add_uint32 (GByteArray *png,
            guint32     value)
{
  guint32 big_endian = GUINT32_TO_BE (value);

  g_byte_array_append (png, (const guint8 *) &big_endian, sizeof big_endian);
}

void
png_add (GByteArray *png,
         const char *type,
         const void *data,
         size_t      length)
{
  unsigned int start = png->len + 4;

  add_uint32 (png, (guint32) length);
  g_byte_array_append (png, (const guint8 *) type, 4);
  g_byte_array_append (png, data, (unsigned int) length);
  add_uint32 (png, (guint32) crc32 (0, png->data + start, png->len - start));
}

GByteArray *
png_begin (void)
{
  GByteArray *png = g_byte_array_new ();

  g_byte_array_append (png, (const guint8 *) "\x89PNG\r\n\x1a\n", 8);
  png_add (png, "IHDR", "\0\0\0\2\0\0\0\2\x08\2\0\0\0", 13);

  return png;
}

/* @type: tEXt, zTXt, iTXt, or iTXz for an iTXt that is compressed */
void
png_add_text (GByteArray *png,
              const char *type,
              const char *keyword,
              const char *text)
{
  g_autoptr(GByteArray) data = g_byte_array_new ();
  gboolean              is_packed = type[0] == 'z' || type[3] == 'z';
  uLongf                n_packed = compressBound (strlen (text));
  g_autofree guint8    *packed = g_malloc (n_packed);

  g_byte_array_append (data, (const guint8 *) keyword, strlen (keyword) + 1);
  if (type[0] == 'z')
    g_byte_array_append (data, (const guint8 *) "\0", 1);
  if (type[0] == 'i')
    g_byte_array_append (data, (const guint8 *) (is_packed ? "\1\0en\0" : "\0\0en\0"), 5);
  if (type[0] == 'i')
    g_byte_array_append (data, (const guint8 *) "\0", 1);

  g_assert_cmpint (compress2 (packed, &n_packed, (const Bytef *) text, strlen (text), 1), ==, Z_OK);
  if (is_packed)
    g_byte_array_append (data, packed, n_packed);
  else
    g_byte_array_append (data, (const guint8 *) text, strlen (text));

  png_add (png, type[3] == 'z' ? "iTXt" : type, data->data, data->len);
}

void
png_end (GByteArray *png)
{
  guint8 rows[14] = { 0 };
  guint8 packed[64];
  uLongf n_packed = sizeof packed;

  g_assert_cmpint (compress (packed, &n_packed, rows, sizeof rows), ==, Z_OK);
  png_add (png, "IDAT", packed, n_packed);
  png_add (png, "IEND", "", 0);
}

ComfyWorkflowFile *
open_bytes (const void  *data,
            size_t       length,
            GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, length);

  return _comfy_workflow_file_new_from_bytes (bytes, error);
}

ComfyWorkflowFile *
open_text (const char  *text,
           GError     **error)
{
  return open_bytes (text, strlen (text), error);
}

/* @file, which is taken, holds the graph @expected */
void
assert_opens (ComfyWorkflowFile *file,
              const GError      *error,
              const char        *expected)
{
  g_autoptr(ComfyWorkflowFile)  owned = file;
  g_autoptr(GBytes)             bytes = NULL;
  g_autofree char              *text = NULL;

  g_assert_no_error (error);
  bytes = comfy_workflow_to_bytes (comfy_workflow_file_get_workflow (file));
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpstr (text, ==, expected);
}

/* Nothing was opened, and @error, which is taken, says @expected in a sentence that can be shown */
void
assert_refused (ComfyWorkflowFile *file,
                GError            *error,
                int                code,
                const char        *expected)
{
  g_autoptr(GError) owned = error;

  g_assert_null (file);
  g_assert_error (error, COMFY_ERROR, code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (error->message, -1), <, 1000);
  g_assert_true (g_str_has_suffix (error->message, "."));
  if (strstr (error->message, expected) == NULL)
    g_error ("“%s” does not say “%s”", error->message, expected);
}
