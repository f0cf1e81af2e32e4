/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a file is that is opened for a workflow and is none, by how it begins: what to do with it is
 * worth more than that it is not JSON.
 */
#define G_LOG_DOMAIN "comfy-workflow"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "comfy-workflow-file-private.h"

#define ARCHIVE N_("This is an archive. Unpack it, and open the workflow in it.")
#define ZIP N_("This is a ZIP archive. Unpack it, and open the workflow in it.")
#define GZIP N_("This is a gzip archive. Unpack it, and open the workflow in it.")
#define UTF16 N_("This file is not written in UTF-8 but in UTF-16 or UTF-32. Save it again as " \
                 "UTF-8.")
#define PAGE N_("This is a web page, not the workflow that it shows. Download the file itself; " \
                "on GitHub the button is called “Raw”.")
#define MODEL N_("This is a model, not a workflow.")
#define VIDEO N_("This is a video, and only PNG pictures and JSON files are searched for a " \
                 "workflow. Open it in ComfyUI, choose Workflow → Export (API), and use that " \
                 "file.")
#define IMAGE N_("This is a picture, but no PNG, and only those are searched for a workflow. " \
                 "Open it in ComfyUI, choose Workflow → Export (API), and use that file.")
#define JPEG N_("This is a JPEG picture, and ComfyUI saves workflows in PNG pictures. Use the " \
                "original PNG, or a file made with Workflow → Export (API).")
#define WEBP N_("This is a WebP picture, and only PNG pictures are searched for a workflow. " \
                "Open it in ComfyUI, choose Workflow → Export (API), and use that file.")
#define GIMP N_("This is an image of GIMP, which holds no workflow of ComfyUI.")
#define DOCUMENT N_("This is a PDF document, not a workflow.")

typedef struct
{
  unsigned int  offset;
  unsigned int  length;
  const char   *magic;
  const char   *advice;
} Kind;

/* the first that fits counts */
static const Kind kinds[] = {
  { 0, 4, "PK\3\4", ZIP },
  { 0, 4, "PK\5\6", ZIP },
  { 0, 2, "\x1f\x8b", GZIP },
  { 0, 6, "7z\xbc\xaf\x27\x1c", ARCHIVE },
  { 0, 4, "Rar!", ARCHIVE },
  { 0, 6, "\xfd" "7zXZ\0", ARCHIVE },
  { 0, 3, "BZh", ARCHIVE },
  { 0, 4, "\x28\xb5\x2f\xfd", ARCHIVE },
  { 257, 5, "ustar", ARCHIVE },
  { 0, 3, "\xff\xd8\xff", JPEG },
  { 8, 4, "WEBP", WEBP },
  { 0, 4, "GIF8", IMAGE },
  { 0, 2, "BM", IMAGE },
  { 0, 4, "II*\0", IMAGE },
  { 0, 4, "MM\0*", IMAGE },
  { 0, 4, "8BPS", IMAGE },
  { 0, 4, "\x76\x2f\x31\x01", IMAGE },
  { 4, 8, "ftypavif", IMAGE },
  { 4, 8, "ftypheic", IMAGE },
  { 0, 8, "gimp xcf", GIMP },
  { 4, 4, "ftyp", VIDEO },
  { 0, 4, "\x1a\x45\xdf\xa3", VIDEO },
  { 0, 4, "fLaC", VIDEO },
  { 0, 4, "OggS", VIDEO },
  { 0, 4, "%PDF", DOCUMENT },
  { 0, 4, "GGUF", MODEL },
  /* safetensors: a length of 64 bits, then JSON */
  { 5, 5, "\0\0\0{\"", MODEL },
  { 0, 2, "\xff\xfe", UTF16 },
  { 0, 2, "\xfe\xff", UTF16 },
  { 0, 2, "{\0", UTF16 },
  { 0, 2, "\0{", UTF16 },
  { 0, 4, "\0\0\0{", UTF16 },
};

static size_t
count_spaces (const guint8 *start,
              size_t        length)
{
  size_t n = 0;

  while (n < length && g_ascii_isspace (start[n]))
    n++;

  return n;
}

/* Text that begins as JSON does may hold anything anywhere */
static gboolean
may_be_json (const guint8 *start,
             size_t        length)
{
  size_t n = count_spaces (start, length);

  return n < length && (start[n] == '{' || start[n] == '[') && memchr (start, 0, length) == NULL;
}

/* Web pages begin in many ways, in any case and after any white space */
static gboolean
is_page (const guint8 *start,
         size_t        length)
{
  static const char *const marks[] = { "<!doctype", "<html", "<?xml", "<head" };
  size_t n = count_spaces (start, length);

  for (unsigned int i = 0; i < G_N_ELEMENTS (marks); i++)
    if (length - n >= strlen (marks[i])
        && g_ascii_strncasecmp ((const char *) start + n, marks[i], strlen (marks[i])) == 0)
      return TRUE;

  return FALSE;
}

/**
 * _comfy_workflow_kind_get_advice:
 * @start: the beginning of a file, 512 bytes are enough
 * @length: bytes of @start
 *
 * Returns: (transfer none) (nullable): a sentence that names what the file is and says what to do,
 *   translated; %NULL when it may be JSON
 */
const char *
_comfy_workflow_kind_get_advice (const guint8 *start,
                                 size_t        length)
{
  if (may_be_json (start, length))
    return NULL;

  for (unsigned int i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (length >= kinds[i].offset + kinds[i].length
        && memcmp (start + kinds[i].offset, kinds[i].magic, kinds[i].length) == 0)
      return _(kinds[i].advice);

  return is_page (start, length) ? _(PAGE) : NULL;
}
