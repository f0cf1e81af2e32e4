/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The texts that ComfyUI saves beside a picture: chunks "prompt", the graph in API format, and
 * "workflow", the graph in the format of its window.
 *
 * The chunks are found by walking over the file, whose pixels are not even read, so that damage and
 * size of the picture do not matter. What is found goes to libpng one chunk at a time, behind the
 * header of a picture of one pixel: libpng knows the chunks' formats and bounds what they unpack
 * to. It reports by longjmp(); what must be freed afterwards lies in a struct of the caller's
 * frame.
 */
#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>
#include <png.h>
#include <string.h>

#include "comfy-error.h"
#include "comfy-workflow-file-private.h"

#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define SIGNATURE_LENGTH 8

/* length and type before a chunk's data, check sum behind it */
#define HEAD 8
#define TAIL 4

/* keyword, flags and language before a text */
#define MAX_CHUNK (COMFY_WORKFLOW_MAX_BYTES + 1024)

/* a picture of 800 megabytes, saved by libpng in its usual chunks, has about as many */
#define MAX_CHUNKS 100000

typedef enum
{
  TEXT_PROMPT,
  TEXT_WINDOW,
  N_TEXTS
} TextKind;

static const char *const keywords[N_TEXTS] = { "prompt", "workflow" };

typedef struct
{
  guint64 offset;  /* of the chunk, head included; 0: there is none */
  guint64 length;  /* of the chunk, head and tail included */
} Place;

typedef struct
{
  png_structp   png;
  png_infop     info;
  GByteArray   *input;    /* owned */
  size_t        n_read;   /* of @input */
  char          detail[128];
} PngText;

static void
error_cb (png_structp png,
          const char *message)
{
  PngText *self = png_get_error_ptr (png);

  g_strlcpy (self->detail, message, sizeof self->detail);
  png_longjmp (png, 1);
}

/* a chunk that libpng leaves out is a warning */
static void
warning_cb (png_structp png,
            const char *message)
{
  PngText *self = png_get_error_ptr (png);

  g_strlcpy (self->detail, message, sizeof self->detail);
}

static void
read_cb (png_structp png,
         png_bytep   out,
         size_t      n)
{
  PngText *self = png_get_io_ptr (png);

  if (n > self->input->len - self->n_read)
    png_error (png, "the chunk ends too early");

  memcpy (out, self->input->data + self->n_read, n);
  self->n_read += n;
}

/* Returns which text the chunk is that begins with @start, N_TEXTS for another chunk */
static TextKind
find_kind (const guint8 *start,
           size_t        length)
{
  static const char *const types[] = { "tEXt", "zTXt", "iTXt" };
  gboolean is_text = FALSE;

  for (unsigned int i = 0; i < G_N_ELEMENTS (types); i++)
    is_text = is_text || memcmp (start + 4, types[i], 4) == 0;

  for (unsigned int i = 0; is_text && i < N_TEXTS; i++)
    {
      size_t n = strlen (keywords[i]) + 1;

      if (length >= HEAD + n && memcmp (start + HEAD, keywords[i], n) == 0)
        return (TextKind) i;
    }

  return N_TEXTS;
}

/* The last of several counts, as for ComfyUI's window. The walk ends where the file is broken */
static void
find_places (const ComfyWorkflowSource *source,
             Place                      places[N_TEXTS])
{
  guint64 offset = SIGNATURE_LENGTH;
  guint8 start[HEAD + 16];

  for (unsigned int i = 0; i < MAX_CHUNKS; i++)
    {
      size_t n = _comfy_workflow_source_read (source, offset, start, sizeof start);
      guint32 length;
      TextKind kind;

      if (n < HEAD)
        return;

      memcpy (&length, start, sizeof length);
      length = GUINT32_FROM_BE (length);
      if (length > PNG_UINT_31_MAX || length + (guint64) HEAD + TAIL > source->size - offset
          || memcmp (start + 4, "IEND", 4) == 0)
        return;

      if ((kind = find_kind (start, n)) != N_TEXTS)
        places[kind] = (Place) { offset, length + (guint64) HEAD + TAIL };
      offset += length + (guint64) HEAD + TAIL;
    }
}

/* A picture of one pixel up to its pixels, with the one chunk */
static GByteArray *
make_input (const ComfyWorkflowSource *source,
            const Place               *place)
{
  static const guint8 before[] = SIGNATURE "\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0"
                                 "\x3a\x7e\x9b\x55";
  static const guint8 after[] = "\0\0\0\0IDAT";
  GByteArray *input = g_byte_array_sized_new (sizeof before + place->length + sizeof after);

  g_byte_array_append (input, before, sizeof before - 1);
  g_byte_array_set_size (input, sizeof before - 1 + (unsigned int) place->length);
  /* what cannot be read any more has a wrong check sum */
  memset (input->data + sizeof before - 1, 0, place->length);
  _comfy_workflow_source_read (source, place->offset, input->data + sizeof before - 1,
                               place->length);
  g_byte_array_append (input, after, sizeof after - 1);

  return input;
}

static gboolean
read_text (PngText *self)
{
  self->png = png_create_read_struct (PNG_LIBPNG_VER_STRING, self, error_cb, warning_cb);
  if (self->png == NULL || (self->info = png_create_info_struct (self->png)) == NULL)
    return FALSE;

  if (setjmp (png_jmpbuf (self->png)) != 0)
    return FALSE;

  png_set_read_fn (self->png, self, read_cb);
  png_set_user_limits (self->png, 1, 1);
  png_set_chunk_malloc_max (self->png, MAX_CHUNK);
  png_set_chunk_cache_max (self->png, 4);
  png_read_info (self->png, self->info);

  return TRUE;
}

/* tEXt is Latin-1 by its definition, and UTF-8 by what some programs write */
static GBytes *
make_utf8 (const png_text *text)
{
  size_t length = text->itxt_length > 0 ? text->itxt_length : text->text_length;
  char *converted;
  gsize n_converted;

  if (text->itxt_length > 0 || g_utf8_validate_len (text->text, length, NULL))
    return g_bytes_new (text->text, length);

  converted = g_convert (text->text, (gssize) length, "UTF-8", "ISO-8859-1", NULL, &n_converted,
                         NULL);
  return converted != NULL ? g_bytes_new_take (converted, n_converted)
                           : g_bytes_new (text->text, length);
}

/* @detail: (out) (transfer full): why there is none */
static GBytes *
read_place (const ComfyWorkflowSource  *source,
            const Place                *place,
            char                      **detail)
{
  PngText self = { .input = make_input (source, place) };
  png_textp texts = NULL;
  int n_texts = 0;
  GBytes *bytes = NULL;

  if (read_text (&self) && png_get_text (self.png, self.info, &texts, &n_texts) > 0)
    bytes = make_utf8 (&texts[0]);
  else
    *detail = g_strdup (self.detail);

  png_destroy_read_struct (&self.png, &self.info, NULL);
  g_byte_array_unref (self.input);

  return bytes;
}

/**
 * _comfy_workflow_png_probe:
 * @start: the beginning of a file
 * @length: bytes of @start
 *
 * Returns: whether it is a PNG
 */
gboolean
_comfy_workflow_png_probe (const guint8 *start,
                           size_t        length)
{
  return length >= SIGNATURE_LENGTH && memcmp (start, SIGNATURE, SIGNATURE_LENGTH) == 0;
}

/**
 * _comfy_workflow_png_read:
 * @source: a PNG, of any size, whole or cut off
 * @prompt: (out) (nullable) (transfer full): the graph in API format
 * @window: (out) (nullable) (transfer full): the graph in the format of ComfyUI's window
 *
 * Reads what ComfyUI saved beside the picture. A @window that is damaged is left out.
 *
 * Returns: whether there was nothing, or what there was could be read
 *
 * Errors: %COMFY_ERROR_INVALID_WORKFLOW when @prompt is damaged, %COMFY_ERROR_TOO_LARGE
 */
gboolean
_comfy_workflow_png_read (const ComfyWorkflowSource  *source,
                          GBytes                    **prompt,
                          GBytes                    **window,
                          GError                    **error)
{
  Place places[N_TEXTS] = { 0 };
  GBytes *texts[N_TEXTS] = { NULL };
  g_autofree char *detail = NULL;

  find_places (source, places);
  if (places[TEXT_PROMPT].length > MAX_CHUNK)
    {
      comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                       _("The workflow in this picture is larger than %u MB, more than is read "
                         "here."), COMFY_WORKFLOW_MAX_BYTES >> 20);
      return FALSE;
    }

  for (unsigned int i = 0; i < N_TEXTS; i++)
    {
      g_clear_pointer (&detail, g_free);
      if (places[i].length > 0 && places[i].length <= MAX_CHUNK)
        texts[i] = read_place (source, &places[i], &detail);
      if (i == TEXT_PROMPT && detail != NULL)
        {
          comfy_set_error (error, COMFY_ERROR_INVALID_WORKFLOW, detail,
                           _("The workflow in this picture is damaged, or unpacks to more than %u "
                             "MB. Use the original file from ComfyUI's output folder."),
                           COMFY_WORKFLOW_MAX_BYTES >> 20);
          return FALSE;
        }
    }

  *prompt = texts[TEXT_PROMPT];
  *window = texts[TEXT_WINDOW];
  return TRUE;
}
