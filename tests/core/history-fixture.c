/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "comfy-codec.h"
#include "history-fixture.h"
#include "test-future.h"

#define INPUT "input-0.png"

char *
history_dup_path (ComfyJournal *journal,
                  const char   *id,
                  const char   *name)
{
  return g_build_filename (comfy_journal_get_folder (journal), id, name, NULL);
}

static void
write_name (const char *folder,
            const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, name, -1, NULL));
}

/* each looks like no other */
static void
write_picture (const char   *folder,
               const char   *name,
               int           edge,
               unsigned int  look)
{
  g_autofree char        *path = g_build_filename (folder, name, NULL);
  unsigned char          *data = g_malloc ((size_t) edge * edge * 3);
  g_autoptr(ComfyPixels)  pixels = NULL;
  g_autoptr(DexFuture)    written = NULL;

  for (int y = 0; y < edge; y++)
    for (int x = 0; x < edge; x++)
      {
        unsigned char *pixel = data + ((size_t) y * edge + x) * 3;

        pixel[0] = (unsigned char) (x * 255 / edge + look * 67);
        pixel[1] = (unsigned char) (y * 255 / edge);
        pixel[2] = (unsigned char) (look * 101);
      }
  pixels = comfy_pixels_new_take (edge, edge, 3, 8, data);
  written = test_settle (comfy_codec_encode (pixels, COMFY_FORMAT_PNG, path));
  g_assert_true (dex_future_is_resolved (written));
}

static void
copy_picture (const char *folder,
              const char *name,
              const char *path)
{
  g_autofree char *to = g_build_filename (folder, name, NULL);
  g_autofree char *content = NULL;
  size_t           size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  g_assert_true (g_file_set_contents (to, content, (gssize) size, NULL));
}

static ComfyRequest *
make_request (const HistoryJob *job)
{
  const ComfyTarget          target = { (char *) "3", (char *) "seed" };
  g_autoptr(GBytes)          bytes = g_bytes_new (HISTORY_GRAPH, strlen (HISTORY_GRAPH));
  g_autoptr(ComfyWorkflow)   workflow = comfy_workflow_new_from_bytes (bytes, NULL);
  g_autoptr(ComfyPlacement)  placement = comfy_placement_new ();
  g_autoptr(GPtrArray)       inputs = NULL;

  placement->image_width = 640;
  placement->image_height = 480;
  placement->image_mark = g_strdup (job->image_mark);
  placement->image_file = g_strdup (job->image_file);
  placement->region = (ComfyRegion) { { 10, 20, 300, 200 }, 300, 200, 0, 0, 0, 0 };
  inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_input_free);
  g_ptr_array_add (inputs, comfy_input_new (INPUT, "image/png", "9", "image"));

  return comfy_request_new (&(ComfyRequestParts) {
    .action_id = "restyle-layer",
    .title = job->title != NULL ? job->title : "Restyle",
    .model = "Z-Image",
    .prompt = job->prompt,
    .seed = 2,
    .seed_max = 1000,
    .seed_target = job->without_seed ? NULL : &target,
    .profile_id = "an-earlier-profile",
    .workflow = workflow,
    .inputs = inputs,
    .placement = placement,
    .batch_id = job->batch_id,
    .batch_i = job->batch_i,
    .batch_n = job->batch_n,
  });
}

static void
add_output (GPtrArray    *remote,
            GStrvBuilder *names,
            const char   *name,
            const char   *kind)
{
  ComfyRemoteOutput *output = g_new0 (ComfyRemoteOutput, 1);

  output->id = g_strdup (name);
  output->name = g_strdup (name);
  output->kind = g_strdup (kind);
  output->size = -1;
  g_ptr_array_add (remote, output);
  g_strv_builder_add (names, name);
}

static void
make_outputs (ComfyJournalEntry *entry,
              const HistoryJob  *job)
{
  static unsigned int      look;
  const char              *folder = comfy_journal_entry_get_folder (entry);
  g_autoptr(GPtrArray)     remote = NULL;
  g_autoptr(GStrvBuilder)  builder = g_strv_builder_new ();
  g_auto(GStrv)            names = NULL;

  remote = g_ptr_array_new_with_free_func ((GDestroyNotify) comfy_remote_output_free);
  if (job->with_text)
    {
      write_name (folder, "output-text.txt");
      add_output (remote, builder, "output-text.txt", COMFY_REMOTE_KIND_TEXT);
    }
  for (unsigned int i = 0; i < job->n_pictures; i++)
    {
      g_autofree char *name = g_strdup_printf ("output-%u.png", i);

      if (job->picture != NULL)
        copy_picture (folder, name, job->picture);
      else if (job->edge > 0)
        write_picture (folder, name, job->edge, look++);
      else
        write_name (folder, name);
      add_output (remote, builder, name, COMFY_REMOTE_KIND_IMAGE);
    }
  names = g_strv_builder_end (builder);
  if (names[0] == NULL)
    return;

  comfy_journal_entry_set_remote_outputs (entry, remote);
  comfy_journal_entry_set_outputs (entry, (const char * const *) names);
}

/* in what was asked and in how it stands: such a time can only be had by waiting */
static void
make_older (const char *folder,
            gint64      age_s)
{
  static const char * const files[] = { "request.json", "job.json" };
  g_autoptr(GRegex)         regex = g_regex_new ("\"created\":\\s*[0-9]+", 0, 0, NULL);
  g_autofree char          *created = NULL;

  created = g_strdup_printf ("\"created\":%" G_GINT64_FORMAT,
                             g_get_real_time () / G_USEC_PER_SEC - age_s);
  for (unsigned int i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);
      g_autofree char *text = NULL;
      g_autofree char *older = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      older = g_regex_replace_literal (regex, text, -1, 0, created, 0, NULL);
      g_assert_true (g_file_set_contents (path, older, -1, NULL));
    }
}

/* (transfer full): the id of a new job that nobody holds */
char *
history_make (ComfyJournal     *journal,
              const HistoryJob *job)
{
  g_autoptr(ComfyRequest)       request = make_request (job);
  g_autofree char              *staging = comfy_journal_make_staging (journal, NULL);
  g_autoptr(ComfyJournalEntry)  entry = NULL;
  g_autoptr(GError)             error = NULL;

  write_name (staging, INPUT);
  entry = comfy_journal_begin (journal, staging, request, &error);
  g_assert_no_error (error);
  make_outputs (entry, job);
  comfy_journal_entry_set_state (entry, job->state);
  g_assert_true (comfy_journal_entry_commit (entry, NULL));
  if (job->age_s != 0)
    make_older (comfy_journal_entry_get_folder (entry), job->age_s);

  return g_strdup (comfy_journal_entry_get_id (entry));
}

/* as another process does it, by whatever it is told */
void
history_set_state (ComfyJournal *journal,
                   const char   *id,
                   ComfyState    state)
{
  g_autoptr(GError)            error = NULL;
  g_autoptr(ComfyJournalEntry) entry = comfy_journal_open (journal, id, &error);

  g_assert_no_error (error);
  comfy_journal_entry_set_state (entry, state);
  g_assert_true (comfy_journal_entry_commit (entry, NULL));
}

ComfyState
history_read_state (ComfyJournal *journal,
                    const char   *id)
{
  g_autoptr(GError)            error = NULL;
  g_autoptr(ComfyJournalEntry) entry = comfy_journal_open (journal, id, &error);

  g_assert_no_error (error);

  return comfy_journal_entry_get_state (entry);
}

/* a file of a job that was written half */
void
history_damage (ComfyJournal *journal,
                const char   *id,
                const char   *name)
{
  g_autofree char *path = history_dup_path (journal, id, name);

  g_assert_true (g_file_set_contents (path, "{\"version\":", -1, NULL));
}

/* Writes another word of the same length into a file, and leaves its time as it was: nothing that
 * could be told from outside has changed. */
void
history_exchange_unseen (const char *path,
                         const char *word,
                         const char *other)
{
  g_autofree char *text = NULL;
  struct stat      buf;
  struct timespec  times[2];
  char            *found;
  int              fd;

  g_assert_cmpuint (strlen (word), ==, strlen (other));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_no_errno (stat (path, &buf));
  found = strstr (text, word);
  g_assert_nonnull (found);
  fd = open (path, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (pwrite (fd, other, strlen (other), found - text), ==, (ssize_t) strlen (other));
  times[0] = buf.st_atim;
  times[1] = buf.st_mtim;
  g_assert_no_errno (futimens (fd, times));
  close (fd);
}

/* as little of a job with a picture as can be listed, and at no cost */
void
history_make_bare (ComfyJournal *journal)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *folder = history_dup_path (journal, id, NULL);
  g_autofree char *record = g_build_filename (folder, "job.json", NULL);
  g_autofree char *request = g_build_filename (folder, "request.json", NULL);

  g_assert_no_errno (g_mkdir (folder, 0700));
  g_assert_true (g_file_set_contents (record, "{\"version\":1,\"state\":\"placed\","
                                      "\"idempotency_key\":\"k\",\"outputs\":[\"a.png\"]}", -1,
                                      NULL));
  g_assert_true (g_file_set_contents (request, "{\"version\":1,\"action\":\"a\",\"title\":\"A\","
                                      "\"profile\":\"p\",\"seed\":1,\"inputs\":[],"
                                      "\"placement\":{}}", -1, NULL));
}
