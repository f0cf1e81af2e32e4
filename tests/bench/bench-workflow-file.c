/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening a workflow against `jq .` of the same file, which reads it and writes it again. Goal: not
 * slower than 1.5 times, for an ordinary large graph and for the largest file that is read. And how
 * long files that were made to be slow hold an artist up. Goal: less than a second, which is three
 * times what jq takes for the largest ordinary file.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <zlib.h>

#include "comfy-workflow-file-private.h"

#define N_RUNS 7
#define GOAL_RATIO 1.5
#define GOAL_HOSTILE 3.0

/* what surrounds the repeated text of a hostile file */
#define LIST_HEAD "{\"1\":{\"class_type\":\"X\",\"inputs\":{\"a\":["
#define LIST_TAIL "0]}}}"

/* Nodes as they are, in a chain, with texts of @n_words words */
static char *
make_graph (unsigned int n_nodes,
            unsigned int n_words)
{
  GString *text = g_string_new ("{\n");

  for (unsigned int i = 0; i < n_nodes; i += 2)
    {
      g_string_append_printf (text,
        "%s  \"%u\": {\n    \"inputs\": {\n      \"seed\": %" G_GUINT64_FORMAT ",\n"
        "      \"steps\": 20,\n      \"cfg\": 7.5,\n      \"sampler_name\": \"dpmpp_2m\",\n"
        "      \"denoise\": 0.65,\n      \"positive\": [\n        \"%u\",\n        0\n      ]\n"
        "    },\n    \"class_type\": \"KSampler\",\n    \"_meta\": {\n"
        "      \"title\": \"Sampler\"\n    }\n  },\n"
        "  \"%u\": {\n    \"inputs\": {\n      \"text\": \"",
        i > 0 ? ",\n" : "", i, G_MAXUINT64 - i, i + 1, i + 1);
      for (unsigned int word = 0; word < n_words; word++)
        g_string_append (text, word % 12 == 11 ? "a \\\"cat\\\",\\n" : "très joli, ");
      g_string_append (text, "\"\n    },\n    \"class_type\": \"CLIPTextEncode\"\n  }");
    }
  g_string_append (text, "\n}\n");

  return g_string_free (text, FALSE);
}

static gint64
measure_jq (const char *path)
{
  const char        *argv[] = { "jq", ".", path, NULL };
  g_autoptr(GError)  error = NULL;
  gint64             start = g_get_monotonic_time ();
  int                status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL,
                NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);

  return g_get_monotonic_time () - start;
}

static gint64
measure_open (const char *path)
{
  g_autoptr(GError)             error = NULL;
  gint64                        start = g_get_monotonic_time ();
  g_autoptr(ComfyWorkflowFile)  file = comfy_workflow_file_open (path, &error);

  g_assert_no_error (error);
  return g_get_monotonic_time () - start;
}

/* @jq_us: (out): what jq took, in µs. Returns whether the goal is reached */
static gboolean
compare (const char *name,
         const char *path,
         const char *text,
         gint64     *jq_us)
{
  gint64 best_open = G_MAXINT64;
  gint64 best_jq = G_MAXINT64;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  for (unsigned int i = 0; i < N_RUNS; i++)
    {
      best_jq = MIN (best_jq, measure_jq (path));
      best_open = MIN (best_open, measure_open (path));
    }
  g_print ("open %s, %.1f MB: %.2f times the time of jq (goal %.1f); %.1f ms against %.1f ms\n",
           name, strlen (text) / 1e6, (double) best_open / best_jq, GOAL_RATIO, best_open / 1e3,
           best_jq / 1e3);

  *jq_us = best_jq;
  return best_open <= GOAL_RATIO * best_jq;
}

static void
repeat (GString    *text,
        const char *head,
        const char *one,
        const char *tail)
{
  size_t n_one = strlen (one);

  g_string_append (text, head);
  while (text->len + n_one + strlen (tail) < COMFY_WORKFLOW_MAX_BYTES)
    g_string_append_len (text, one, n_one);
  g_string_append (text, tail);
}

/* Objects of @n_members whose names all have the same value in the hash of GLib's strings */
static void
make_crafted (GString      *text,
              unsigned int  n_members)
{
  g_autoptr(GString) one = g_string_new ("{");

  for (unsigned int i = 0; i < n_members; i++)
    {
      g_string_append (one, i > 0 ? ",\"" : "\"");
      for (unsigned int bit = 0; 1u << bit < n_members; bit++)
        g_string_append (one, i >> bit & 1 ? "Ez" : "FY");
      g_string_append (one, "\":0");
    }
  g_string_append (one, "},");
  repeat (text, LIST_HEAD, one->str, LIST_TAIL);
}

/* A PNG whose one text is @text, packed */
static void
make_png (GString    *png,
          const char *text)
{
  uLongf             n_packed = compressBound (strlen (text));
  g_autofree Bytef  *packed = g_malloc (n_packed);
  guint32            length;
  guint32            sum;
  gsize              start;

  g_assert_cmpint (compress (packed, &n_packed, (const Bytef *) text, strlen (text)), ==, Z_OK);
  length = GUINT32_TO_BE ((guint32) n_packed + 8);
  g_string_append_len (png, "\x89PNG\r\n\x1a\n", 8);
  g_string_append_len (png, (const char *) &length, 4);
  start = png->len;
  g_string_append_len (png, "zTXtprompt\0\0", 12);
  g_string_append_len (png, (const char *) packed, (gssize) n_packed);
  sum = GUINT32_TO_BE ((guint32) crc32 (0, (const Bytef *) png->str + start, png->len - start));
  g_string_append_len (png, (const char *) &sum, 4);
}

static gboolean
measure_hostile (const char *name,
                 const char *path,
                 GString    *text,
                 gint64      jq_us)
{
  g_autoptr(GError)            error = NULL;
  g_autoptr(ComfyWorkflowFile) file = NULL;
  gint64                       start;
  gint64                       duration;

  g_assert_true (g_file_set_contents (path, text->str, (gssize) text->len, NULL));
  start = g_get_monotonic_time ();
  file = comfy_workflow_file_open (path, &error);
  duration = g_get_monotonic_time () - start;
  g_print ("open %s: %.2f times the time of jq (goal %.1f), %.0f ms: %s\n", name,
           (double) duration / jq_us, GOAL_HOSTILE, duration / 1e3,
           error != NULL ? error->message : "opened");
  g_string_truncate (text, 0);

  return duration <= GOAL_HOSTILE * jq_us;
}

static gboolean
measure_all_hostile (const char *path,
                     gint64      jq_us)
{
  static const struct {
    const char *name; const char *head; const char *one; const char *tail;
  } texts[] = {
    { "objects without end", LIST_HEAD, "{},", LIST_TAIL },
    { "lists without end", LIST_HEAD, "[],", LIST_TAIL },
    { "numbers without end", LIST_HEAD, "1e-9,", LIST_TAIL },
    { "a number without end", LIST_HEAD, "7", LIST_TAIL },
    { "a fraction without end", LIST_HEAD "0.", "7", "," LIST_TAIL },
    { "escapes without end", LIST_HEAD "\"", "\\u00e4", "\"," LIST_TAIL },
    { "depth without end", "", "[", "" },
    { "kinds without end", "{\"nodes\":[",
      "{\"type\":\"Abcdefghijklmnopq\",\"widgets_values\":[7,8]},", "7]}" },
    { "noise", "", "\x81", "" },
    { "a page", "<html>", "<p>", "" },
    { "lines", "", "\n", "x" },
  };
  g_autoptr(GString)  text = g_string_new (NULL);
  g_autoptr(GString)  zeros = g_string_new (NULL);
  g_autofree char    *million = make_graph (100000, 1);
  gboolean            good = TRUE;

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      repeat (text, texts[i].head, texts[i].one, texts[i].tail);
      good &= measure_hostile (texts[i].name, path, text, jq_us);
    }

  g_string_append_len (text, million, COMFY_WORKFLOW_MAX_BYTES - 1);
  good &= measure_hostile ("nodes without end", path, text, jq_us);
  make_crafted (text, 4096);
  good &= measure_hostile ("names made to be slow", path, text, jq_us);
  make_crafted (text, 15);
  good &= measure_hostile ("few names made to be slow", path, text, jq_us);
  g_string_set_size (zeros, 1 << 28);
  memset (zeros->str, ' ', zeros->len);
  make_png (text, zeros->str);
  good &= measure_hostile ("a PNG that unpacks to 256 MB", path, text, jq_us);
  g_string_append_len (text, "\x89PNG\r\n\x1a\n", 8);
  while (text->len < 1 << 26)
    g_string_append_len (text, "\0\0\0\0abCd\0\0\0\0", 12);
  good &= measure_hostile ("a PNG of chunks without end", path, text, jq_us);

  return good;
}

int
main (void)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "graph.json", NULL);
  g_autofree char *jq = g_find_program_in_path ("jq");
  g_autofree char *ordinary = make_graph (2000, 24);
  g_autofree char *largest = make_graph (COMFY_WORKFLOW_MAX_NODES, 245);
  gboolean         good = TRUE;
  gint64           jq_us;

  g_assert_cmpuint (strlen (largest), <=, COMFY_WORKFLOW_MAX_BYTES);
  if (jq == NULL)
    {
      g_print ("skipped: jq is not installed\n");
      return 77;
    }

  good &= compare ("2000 nodes", path, ordinary, &jq_us);
  good &= compare ("the largest file", path, largest, &jq_us);
  good &= measure_all_hostile (path, jq_us);
  g_unlink (path);
  g_rmdir (folder);

  return good ? 0 : 1;
}
