/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list of prompts in a text file of the artist's, or of whoever sent it: a prompt a line. What is
 * no such file is told so before much of it is read.
 */
#define G_LOG_DOMAIN "comfy-batch"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comfy-batch.h"
#include "comfy-error.h"

#define MAX_BYTES (1000 * 1000)
#define MAX_LINES 1000

static const char byte_order_mark[] = "\xEF\xBB\xBF";

static void
set_unreadable (const char  *name,
                const char  *detail,
                GError     **error)
{
  comfy_set_error (error, COMFY_ERROR_STORAGE, detail,
                   _("The file “%s” could not be read. Check that it is there and that you may "
                     "read it."), name);
}

static void
set_too_large (const char  *name,
               GError     **error)
{
  comfy_set_error (error, COMFY_ERROR_TOO_LARGE, NULL,
                   _("“%s” is too large for a list of prompts: at most %d lines and 1 MB. Split "
                     "it."), name, MAX_LINES);
}

/* a pipe without a writer, or a device, would be waited for */
static int
open_regular (const char  *path,
              const char  *name,
              GError     **error)
{
  struct stat info;
  int         fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd >= 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode))
    return fd;

  set_unreadable (name, fd < 0 ? g_strerror (errno) : "no regular file", error);
  if (fd >= 0)
    close (fd);

  return -1;
}

/* (transfer full) (nullable): the whole file */
static GString *
read_all (const char  *path,
          const char  *name,
          GError     **error)
{
  g_autoptr(GString) text = g_string_sized_new (MAX_BYTES + 1);
  g_autofd int       fd = open_regular (path, name, error);
  ssize_t            n = 1;

  if (fd < 0)
    return NULL;

  while (n != 0 && text->len <= MAX_BYTES)
    {
      n = read (fd, text->str + text->len, MAX_BYTES + 1 - text->len);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          set_unreadable (name, g_strerror (errno), error);
          return NULL;
        }
      g_string_set_size (text, text->len + (size_t) n);
    }

  if (text->len > MAX_BYTES)
    {
      set_too_large (name, error);
      return NULL;
    }

  return g_steal_pointer (&text);
}

/* (transfer full) (nullable): the line that begins at @start, without white space around it; NULL
 * for one that is no prompt */
static char *
dup_prompt (const char *start,
            size_t      length)
{
  g_autofree char *line = g_strstrip (g_strndup (start, length));

  return line[0] == '#' || comfy_field_is_blank (line) ? NULL : g_steal_pointer (&line);
}

/* (transfer full) (nullable) */
static char **
split (const char  *text,
       const char  *name,
       GError     **error)
{
  g_autoptr(GStrvBuilder) prompts = g_strv_builder_new ();
  unsigned int            n_lines = 0;

  while (*text != '\0')
    {
      size_t  length = strcspn (text, "\r\n");
      char   *prompt = dup_prompt (text, length);

      if (prompt != NULL)
        g_strv_builder_take (prompts, prompt);
      text += length;
      text += g_str_has_prefix (text, "\r\n") ? 2 : *text != '\0' ? 1 : 0;
      if (++n_lines > MAX_LINES)
        {
          set_too_large (name, error);
          return NULL;
        }
    }

  return g_strv_builder_end (prompts);
}

/**
 * comfy_batch_new_from_file:
 * @path: a text file in UTF-8, whatever its ends of lines are. A line is a prompt; blank ones, and
 *   those that begin with "#", are none.
 *
 * Returns: (transfer full): a plan that runs once for each prompt
 *
 * Errors: %COMFY_ERROR_STORAGE, %COMFY_ERROR_TOO_LARGE, %COMFY_ERROR_INVALID_ARGUMENT
 */
ComfyBatch *
comfy_batch_new_from_file (const char  *path,
                           GError     **error)
{
  g_autofree char    *name = NULL;
  g_autoptr(GString)  text = NULL;
  g_auto(GStrv)       prompts = NULL;
  const char         *start;
  ComfyBatch         *self;

  g_return_val_if_fail (path != NULL, NULL);

  name = g_filename_display_basename (path);
  text = read_all (path, name, error);
  if (text == NULL)
    return NULL;

  start = text->str;
  if (g_str_has_prefix (start, byte_order_mark))
    start += strlen (byte_order_mark);
  /* a NUL is no text, either */
  if (!g_utf8_validate_len (text->str, text->len, NULL))
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, path,
                       _("“%s” is no plain text in UTF-8. Save it as that, with one prompt a line."),
                       name);
      return NULL;
    }

  prompts = split (start, name, error);
  if (prompts == NULL)
    return NULL;
  if (prompts[0] == NULL)
    {
      comfy_set_error (error, COMFY_ERROR_INVALID_ARGUMENT, path,
                       _("There is no prompt in “%s”. Write one a line."), name);
      return NULL;
    }

  self = g_new0 (ComfyBatch, 1);
  self->kind = COMFY_BATCH_PROMPTS;
  self->prompts = g_steal_pointer (&prompts);

  return self;
}
