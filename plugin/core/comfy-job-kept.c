/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a job made that is seen in no image: texts, and files to be saved. It lies in the job's
 * folder until the artist puts it away.
 */
#define G_LOG_DOMAIN "comfy-job"

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "comfy-error.h"
#include "comfy-job-private.h"
#include "comfy-journal-entry-private.h"

#define MAX_TEXT      (1024 * 1024)     /* bytes: a longer one is a file */
#define MAX_ALL_TEXTS (4 * 1024 * 1024) /* bytes: what is more than that is files */
#define MAX_NAME      120               /* bytes: of a name that is proposed */

/* Everything, in the order of the outputs; each array nullable */
typedef struct
{
  GStrvBuilder *texts;
  GStrvBuilder *paths;
  GStrvBuilder *names;
} Kept;

static gboolean
is_here (ComfyJob *self)
{
  ComfyState          state = comfy_job_get_state (self);
  GPtrArray          *remote = comfy_journal_entry_get_remote_outputs (self->entry);
  const char * const *names = comfy_journal_entry_get_outputs (self->entry);

  return (state == COMFY_STATE_READY || state == COMFY_STATE_PLACED || state == COMFY_STATE_FAILED)
         && remote != NULL && names != NULL && g_strv_length ((char **) names) >= remote->len;
}

/* (transfer full) (nullable): the text of a file; NULL: it is none, or too long */
static char *
read_text (const char *path,
           size_t      max)
{
  g_autofree char *text = NULL;
  GStatBuf         buf;
  size_t           length;

  if (g_stat (path, &buf) != 0 || buf.st_size > (goffset) MIN (max, MAX_TEXT)
      || !g_file_get_contents (path, &text, &length, NULL)
      || strlen (text) != length || !g_utf8_validate (text, -1, NULL))
    return NULL;

  return g_steal_pointer (&text);
}

/* A name for a file chooser out of a server's: no folder, no control or direction character, not
 * hidden. */
static char *
dup_clean_name (const char *server_name,
                const char *own_name)
{
  g_autofree char    *valid = g_utf8_make_valid (server_name, -1);
  g_autoptr(GString)  name = g_string_new (NULL);
  const char         *start = valid;

  for (const char *at = valid; *at != '\0'; at++)
    if (*at == '/' || *at == '\\')
      start = at + 1;
  while (*start == '.' || *start == ' ')
    start++;
  /* what is cut off is not the end, which tells what kind of file it is */
  while (strlen (start) > MAX_NAME)
    start = g_utf8_next_char (start);

  for (; *start != '\0'; start = g_utf8_next_char (start))
    if (g_unichar_isprint (g_utf8_get_char (start)))
      g_string_append_unichar (name, g_utf8_get_char (start));

  return g_strdup (name->len > 0 ? name->str : own_name);
}

/* The prefix that tells files apart says nothing to the artist: "gimp-0_00003_.mp4" of Film is
 * "Film 00003.mp4". */
static char *
dup_telling_name (ComfyJob   *self,
                  const char *server_name)
{
  ComfyRequest       *request = comfy_journal_entry_get_request (self->entry);
  GPtrArray          *outputs = comfy_request_get_outputs (request);
  const ComfyOutput  *output = outputs != NULL ? comfy_output_find (outputs, NULL, server_name)
                                               : NULL;
  const char         *rest;
  size_t              counted;
  g_autofree char    *title = NULL;

  if (output == NULL)
    return g_strdup (server_name);

  title = g_strdelimit (g_strdup (comfy_request_get_title (request)), "/\\", '-');
  rest = server_name + strlen (output->prefix) + strlen ("_");
  counted = strspn (rest, "0123456789");

  return g_strdup_printf ("%s %.*s%s", title, (int) counted, rest,
                          rest + counted + (rest[counted] == '_' ? 1 : 0));
}

static void
collect (ComfyJob *self,
         Kept     *kept)
{
  GPtrArray          *remote = comfy_journal_entry_get_remote_outputs (self->entry);
  const char * const *names = comfy_journal_entry_get_outputs (self->entry);
  const char         *folder = comfy_journal_entry_get_folder (self->entry);
  size_t              left = MAX_ALL_TEXTS;

  if (!is_here (self))
    return;

  for (unsigned int i = 0; i < remote->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (remote, i);
      g_autofree char         *path = g_build_filename (folder, names[i], NULL);
      g_autofree char         *text = NULL;

      if (g_str_equal (output->kind, COMFY_REMOTE_KIND_IMAGE)
          || !g_file_test (path, G_FILE_TEST_IS_REGULAR))
        continue;

      if (g_str_equal (output->kind, COMFY_REMOTE_KIND_TEXT))
        text = read_text (path, left);
      if (text != NULL)
        {
          left -= strlen (text);
          g_strv_builder_take (kept->texts, g_steal_pointer (&text));
        }
      else
        {
          g_autofree char *name = dup_telling_name (self, output->name);

          g_strv_builder_take (kept->names, dup_clean_name (name, names[i]));
          g_strv_builder_take (kept->paths, g_steal_pointer (&path));
        }
    }
}

static Kept
kept_new (ComfyJob *self)
{
  Kept kept = { g_strv_builder_new (), g_strv_builder_new (), g_strv_builder_new () };

  collect (self, &kept);

  return kept;
}

static void
kept_clear (Kept *kept)
{
  g_strv_builder_unref (kept->texts);
  g_strv_builder_unref (kept->paths);
  g_strv_builder_unref (kept->names);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Kept, kept_clear)

/**
 * comfy_job_dup_texts:
 * @self: a job
 *
 * Returns: (transfer full) (array zero-terminated=1): the texts that it made, UTF-8, each at most 1
 *   MB; none before %COMFY_STATE_READY, or once its folder is gone. What is longer, or no text, is
 *   among the files
 */
char **
comfy_job_dup_texts (ComfyJob *self)
{
  g_auto(Kept) kept = { 0 };

  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  kept = kept_new (self);

  return g_strv_builder_end (kept.texts);
}

/**
 * comfy_job_dup_file_paths:
 * @self: a job
 * @out_names: (out) (optional) (array zero-terminated=1): for each a name to save it by, without a
 *   folder
 *
 * Returns: (transfer full) (array zero-terminated=1): complete files that it made and that are in
 *   no image: video, audio, whatever a graph saves, and pictures that could not be placed. None
 *   before %COMFY_STATE_READY, or once its folder is gone
 */
char **
comfy_job_dup_file_paths (ComfyJob   *self,
                          char     ***out_names)
{
  g_auto(Kept) kept = { 0 };

  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  kept = kept_new (self);
  if (out_names != NULL)
    *out_names = g_strv_builder_end (kept.names);

  return g_strv_builder_end (kept.paths);
}

/**
 * comfy_job_has_kept:
 * @self: a job
 *
 * Returns: whether it ended with a text or a file that the artist has not put away yet: such a job
 *   stays where it can be found
 */
gboolean
comfy_job_has_kept (ComfyJob *self)
{
  g_return_val_if_fail (COMFY_IS_JOB (self), FALSE);

  return comfy_journal_entry_has_kept (self->entry);
}

/**
 * comfy_job_put_away:
 * @self: a job
 *
 * The artist has done with its texts and files. They stay on disk as long as what other jobs made.
 */
void
comfy_job_put_away (ComfyJob *self)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (COMFY_IS_JOB (self));

  if (!comfy_job_has_kept (self))
    return;

  comfy_journal_entry_set_put_away (self->entry, TRUE);
  if (!comfy_journal_entry_commit (self->entry, &error))
    g_warning ("%s", comfy_error_get_detail (error));
}

/* (transfer full) (nullable): which pictures could not be placed */
static char *
dup_unplaced_notice (GPtrArray *remote)
{
  const ComfyRemoteOutput *last = NULL;
  g_autofree char         *name = NULL;
  unsigned int             n = 0;

  for (unsigned int i = 0; i < remote->len; i++)
    {
      const ComfyRemoteOutput *output = g_ptr_array_index (remote, i);

      if (!g_str_equal (output->kind, COMFY_REMOTE_KIND_UNPLACED))
        continue;
      last = output;
      n++;
    }
  if (n == 0)
    return NULL;
  if (n > 1)
    return g_strdup_printf (ngettext ("%u picture could not be placed in an image. "
                                      "Save it as a file.",
                                      "%u pictures could not be placed in an image. "
                                      "Save them as files.", n), n);

  name = dup_clean_name (last->name, last->id);

  return g_strdup_printf (_("“%s” could not be placed in an image. Save it as a file."), name);
}

/**
 * comfy_job_dup_notice:
 * @self: a job
 *
 * Returns: (transfer full) (nullable): what the artist has to know of a result that is not all in
 *   the image: pictures that could not be placed, and what was too much
 */
char *
comfy_job_dup_notice (ComfyJob *self)
{
  unsigned int     n_left_out;
  g_autofree char *unplaced = NULL;
  g_autofree char *left_out = NULL;

  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  if (!is_here (self))
    return NULL;

  unplaced = dup_unplaced_notice (comfy_journal_entry_get_remote_outputs (self->entry));
  n_left_out = comfy_journal_entry_get_n_left_out (self->entry);
  if (n_left_out == 0)
    return g_steal_pointer (&unplaced);

  left_out = g_strdup_printf (ngettext ("%u result was too many for one job and was left out. "
                                        "Make fewer at once.",
                                        "%u results were too many for one job and were left out. "
                                        "Make fewer at once.", n_left_out), n_left_out);
  if (unplaced == NULL)
    return g_steal_pointer (&left_out);

  return g_strdup_printf ("%s %s", unplaced, left_out);
}

/**
 * comfy_job_dup_picture_path:
 *
 * Returns: (transfer full) (nullable): a picture by which the job is told from others: the first that
 *   it made, once that is on disk, else the first that was sent; %NULL when none is
 */
char *
comfy_job_dup_picture_path (ComfyJob *self)
{
  GPtrArray  *inputs;
  const char *folder;

  g_return_val_if_fail (COMFY_IS_JOB (self), NULL);

  folder = comfy_journal_entry_get_folder (self->entry);
  if (is_here (self) && _comfy_job_has_pictures (self))
    {
      g_autoptr(GArray) pictures = _comfy_journal_entry_list_pictures (self->entry);

      if (pictures->len > 0)
        return g_build_filename (folder, comfy_journal_entry_get_outputs (self->entry)[
                                   g_array_index (pictures, unsigned int, 0)], NULL);
    }

  inputs = comfy_request_get_inputs (comfy_job_get_request (self));

  return inputs->len > 0
           ? g_build_filename (folder, ((ComfyInput *) g_ptr_array_index (inputs, 0))->file, NULL)
           : NULL;
}
