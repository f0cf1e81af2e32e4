/* SPDX-License-Identifier: GPL-3.0-or-later */

/* PreviewAny, CreateVideo, SaveVideo, EmptyAudio, SaveAudio: results that are no pictures. Films
 * and sounds are the smallest files of their kind, with nothing in them. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "sandbox-node.h"

#define TIMESCALE 1000 /* of a film, per second */

static gboolean
save (SandboxNode *node,
      const char  *prefix,
      GBytes      *content,
      const char  *mime_type,
      const char  *suffix)
{
  SandboxSaved *saved = g_new0 (SandboxSaved, 1);

  saved->node_id = g_strdup (node->id);
  saved->prefix = g_strdup (prefix);
  saved->content = content;
  saved->mime_type = mime_type;
  saved->suffix = suffix;
  g_ptr_array_add (node->run->saved, saved);
  return TRUE;
}

/* as Python says it */
static char *
dup_text (SandboxNode *node)
{
  SandboxValue *linked = sandbox_node_get_value (node, "source");
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (linked == NULL)
    return g_strdup (sandbox_node_get_string (node, "source"));
  if (linked->text != NULL)
    return g_strdup (linked->text);
  if (linked->image != NULL)
    return g_strdup_printf ("a picture of %d × %d px", linked->image->width, linked->image->height);

  return g_strdup (g_ascii_dtostr (number, sizeof number, linked->number));
}

/* Hands the text on too. */
static gboolean
preview_any (SandboxNode  *node,
             GError      **error)
{
  char *text = dup_text (node);

  sandbox_node_add_output (node, 0)->text = g_strdup (text);
  return save (node, "ComfyUI", g_bytes_new_take (text, strlen (text)), "text/plain", ".txt");
}

static gboolean
create_video (SandboxNode  *node,
              GError      **error)
{
  SandboxImage *frames = sandbox_node_get_image (node, "images", error);
  double fps = sandbox_node_get_double (node, "fps");

  if (frames == NULL)
    return FALSE;

  /* s */
  sandbox_node_add_output (node, 0)->number = frames->batch / MAX (fps, 1.0);
  return TRUE;
}

static void
add_number (GByteArray *bytes,
            guint32     number)
{
  guint32 big = GUINT32_TO_BE (number);

  g_byte_array_append (bytes, (const guint8 *) &big, sizeof big);
}

/* an MP4: a movie header that tells how long it is, and no track */
static gboolean
save_video (SandboxNode  *node,
            GError      **error)
{
  static const char brand[] = "isom\0\0\2\0isomiso2mp41";
  static const guint32 identity[] = { 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000 };
  SandboxValue *film = sandbox_node_get_value (node, "video");
  GByteArray *bytes = g_byte_array_new ();

  add_number (bytes, 8 + sizeof brand - 1);
  g_byte_array_append (bytes, (const guint8 *) "ftyp", 4);
  g_byte_array_append (bytes, (const guint8 *) brand, sizeof brand - 1);
  add_number (bytes, 8 + 108);
  g_byte_array_append (bytes, (const guint8 *) "moov", 4);
  add_number (bytes, 108);
  g_byte_array_append (bytes, (const guint8 *) "mvhd", 4);
  for (unsigned int i = 0; i < 3; i++) /* version, made, changed */
    add_number (bytes, 0);
  add_number (bytes, TIMESCALE);
  add_number (bytes, (guint32) ((film != NULL ? film->number : 0.0) * TIMESCALE));
  add_number (bytes, 0x10000);  /* as fast as it is */
  add_number (bytes, 0x1000000); /* as loud as it is */
  add_number (bytes, 0);
  add_number (bytes, 0);
  for (unsigned int i = 0; i < G_N_ELEMENTS (identity); i++)
    add_number (bytes, identity[i]);
  for (unsigned int i = 0; i < 6; i++)
    add_number (bytes, 0);
  add_number (bytes, 1); /* the next track */

  return save (node, sandbox_node_get_string (node, "filename_prefix"),
               g_byte_array_free_to_bytes (bytes), "video/mp4", ".mp4");
}

static gboolean
empty_audio (SandboxNode  *node,
             GError      **error)
{
  SandboxValue *value = sandbox_node_add_output (node, 0);

  value->number = sandbox_node_get_int (node, "sample_rate");
  return TRUE;
}

/* a FLAC of no sample: its stream information says 16 bits, two channels, and the rate */
static gboolean
save_audio (SandboxNode  *node,
            GError      **error)
{
  SandboxValue *sound = sandbox_node_get_value (node, "audio");
  guint32 rate = sound != NULL ? (guint32) sound->number : 44100;
  guint8 file[42] = { 'f', 'L', 'a', 'C', 0x80, 0, 0, 34, 0x10, 0, 0x10, 0 };

  file[18] = (guint8) (rate >> 12);
  file[19] = (guint8) (rate >> 4);
  file[20] = (guint8) (rate << 4 | 1 << 1); /* two channels */
  file[21] = 15 << 4;                       /* 16 bits */
  return save (node, sandbox_node_get_string (node, "filename_prefix"),
               g_bytes_new (file, sizeof file), "audio/flac", ".flac");
}

/**
 * sandbox_nodes_media_lookup:
 *
 * Returns: (nullable): what carries out the class
 */
SandboxNodeFunc
sandbox_nodes_media_lookup (const char *class_type)
{
  static const struct
  {
    const char      *class_type;
    SandboxNodeFunc  func;
  } nodes[] = {
    { "PreviewAny", preview_any },
    { "CreateVideo", create_video },
    { "SaveVideo", save_video },
    { "EmptyAudio", empty_audio },
    { "SaveAudio", save_audio },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (nodes); i++)
    if (g_str_equal (nodes[i].class_type, class_type))
      return nodes[i].func;

  return NULL;
}
