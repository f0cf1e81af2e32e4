/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that were made to do harm: each ends with a sentence or with a graph, and with bounded
 * memory. How long that takes is measured by bench-workflow-file.
 */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zlib.h>

#include "comfy-error.h"
#include "workflow-file-fixture.h"

#define NODE(id) "\"" id "\":{\"class_type\":\"X\",\"inputs\":{}}"
#define INPUT_HEAD "{\"1\":{\"class_type\":\"X\",\"inputs\":{\"a\":"
#define INPUT(value) INPUT_HEAD value "}}}"

/* what all the documents together may take; an open one of 16 megabytes takes most of it */
#define MAX_MEMORY_KB (320 * 1024)

/* a sanitizer's allocator keeps what was freed */
#if defined __SANITIZE_ADDRESS__
#define KEEPS_FREED TRUE
#elif defined __has_feature
#if __has_feature (address_sanitizer)
#define KEEPS_FREED TRUE
#endif
#endif
#ifndef KEEPS_FREED
#define KEEPS_FREED FALSE
#endif

/* Returns (transfer full): @head, then @one as often as makes @size bytes, then @tail */
static char *
dup_repeated (const char *head,
              const char *one,
              const char *tail,
              size_t      size)
{
  GString *text = g_string_sized_new (size);

  g_string_append (text, head);
  while (text->len + strlen (one) + strlen (tail) < size)
    g_string_append (text, one);
  g_string_append (text, tail);

  return g_string_free (text, FALSE);
}

static char *
dup_many_nodes (unsigned int n)
{
  GString *text = g_string_new ("{");

  for (unsigned int i = 0; i < n; i++)
    g_string_append_printf (text, "%s\"%u\":{\"class_type\":\"\",\"inputs\":{}}",
                            i > 0 ? "," : "", i);
  g_string_append_c (text, '}');

  return g_string_free (text, FALSE);
}

/* refused by size, before it is read: this one would fill any memory */
static void
test_size (void)
{
  g_autofree char   *path = NULL;
  int                fd = g_file_open_tmp ("comfy-workflow-XXXXXX", &path, NULL);
  GError            *error = NULL;
  ComfyWorkflowFile *file;

  g_assert_cmpint (write (fd, "{ \n", 3), ==, 3);
  g_assert_cmpint (ftruncate (fd, G_GINT64_CONSTANT (1) << 40), ==, 0);
  file = comfy_workflow_file_open (path, &error);
  assert_refused (file, error, COMFY_ERROR_TOO_LARGE, "larger than 16 MB");

  g_assert_cmpint (close (fd), ==, 0);
  g_assert_cmpint (g_unlink (path), ==, 0);
}

static void
test_size_in_bytes (void)
{
  g_autofree char   *fits = dup_repeated (A_GRAPH, " ", "", COMFY_WORKFLOW_MAX_BYTES + 1);
  g_autofree char   *too_long = g_strconcat (fits, " ", NULL);
  GError            *error = NULL;
  ComfyWorkflowFile *file;

  g_assert_cmpuint (strlen (fits), ==, COMFY_WORKFLOW_MAX_BYTES);
  assert_opens (open_text (fits, &error), error, A_GRAPH);
  file = open_text (too_long, &error);
  assert_refused (file, error, COMFY_ERROR_TOO_LARGE, "larger than 16 MB");
}

static void
test_depth (void)
{
  static const char *const ones[] = { "[", "{\"a\":", "[{\"a\":" };

  for (unsigned int i = 0; i < G_N_ELEMENTS (ones); i++)
    {
      g_autofree char   *deep = dup_repeated ("{\"1\":", ones[i], "", 10000 * strlen (ones[i]));
      GError            *error = NULL;
      ComfyWorkflowFile *file = open_text (deep, &error);

      assert_refused (file, error, COMFY_ERROR_INVALID_WORKFLOW, "nested more than 64 levels deep");
    }
}

static void
test_many_nodes (void)
{
  g_autofree char              *fits = dup_many_nodes (COMFY_WORKFLOW_MAX_NODES);
  g_autofree char              *one_more = dup_many_nodes (COMFY_WORKFLOW_MAX_NODES + 1);
  g_autofree char              *million = dup_many_nodes (400000);
  g_autofree char              *wrapped = g_strdup_printf ("{\"prompt\":%s}", one_more);
  g_autofree char              *window = dup_repeated ("{\"nodes\":[{}", ",{\"type\":\"A\"}", "]}",
                                                       COMFY_WORKFLOW_MAX_BYTES);
  GError                       *error = NULL;
  g_autoptr(ComfyWorkflowFile)  large = open_text (fits, &error);
  ComfyWorkflowFile            *file;

  g_assert_no_error (error);
  file = open_text (one_more, &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_TOO_LARGE, "more than 10000 nodes");
  file = open_text (million, &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_TOO_LARGE, "more than 10000 nodes");
  file = open_text (wrapped, &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_TOO_LARGE, "more than 10000 nodes");
  file = open_text (window, &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_TOO_LARGE, "more than any workflow");
}

/* sixteen megabytes of text would be gigabytes of objects */
static void
test_memory (void)
{
  static const char *const ones[] = { "{},", "[],", "0,", "\"\",", "{\"\":0},", "[[]],", "0.5,",
                                      "null," };
  struct rusage before;
  struct rusage after;

  getrusage (RUSAGE_SELF, &before);
  for (unsigned int i = 0; i < G_N_ELEMENTS (ones); i++)
    {
      g_autofree char   *text = dup_repeated (INPUT_HEAD "[", ones[i], "0]}}}",
                                              COMFY_WORKFLOW_MAX_BYTES);
      GError            *error = NULL;
      ComfyWorkflowFile *file = open_text (text, &error);

      assert_refused (file, error, COMFY_ERROR_TOO_LARGE, "more than any workflow");
    }
  getrusage (RUSAGE_SELF, &after);

  if (!KEEPS_FREED)
    g_assert_cmpint (after.ru_maxrss - before.ru_maxrss, <, MAX_MEMORY_KB);
}

/* one long word each: of a name, a class, a number, or a mistake */
static void
test_long_words (void)
{
  static const struct {
    const char *head; const char *one; const char *tail; const char *words;
  } texts[] = {
    { "{\"", "ä", "\":7}", "has no class or no inputs" },
    { "{\"", "ä", "\":{\"class_type\":\"X\",\"inputs\":{}}}", "longer than any" },
    { "{\"1\":{\"class_type\":\"", "ä", "\",\"inputs\":{}}}", "longer than any" },
    { INPUT_HEAD "1", "0", "}}}", "The number 1000" },
    { INPUT_HEAD "1.", "0", "}}", "ends in the middle" },
    { INPUT_HEAD "\"", "\\u00e4", "", "ends in the middle" },
    { "{\"nodes\":[{\"type\":\"", "\\n", "\"}]}", "It has 1 node: " },
    { "", "\n", "x", "not valid JSON in line 16777" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char   *text = dup_repeated (texts[i].head, texts[i].one, texts[i].tail,
                                              COMFY_WORKFLOW_MAX_BYTES);
      GError            *error = NULL;
      ComfyWorkflowFile *file = open_text (text, &error);

      assert_refused (file, error, COMFY_ERROR_INVALID_WORKFLOW, texts[i].words);
    }
}

/* json-glib would keep the last of them and say nothing */
static void
test_repeated_ids (void)
{
  static const char *const refused[] = {
    "{" NODE ("7") "," NODE ("8") "," NODE ("7") "}",
    "{" NODE ("7") "," NODE ("\\u0037") "}",
    "{\"prompt\":{" NODE ("7") "," NODE ("7") "}}",
    "{\"x\":{\"prompt\":[0,\"x\",{" NODE ("7") "," NODE ("7") "},{},[]]}}",
  };
  g_autoptr(GError) kept = NULL;

  for (unsigned int i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      GError            *error = NULL;
      ComfyWorkflowFile *file = open_text (refused[i], &error);

      assert_refused (file, error, COMFY_ERROR_INVALID_WORKFLOW, "have the id “7”");
    }

  assert_opens (open_text (INPUT ("1,\"a\":2"), &kept), kept, INPUT ("2"));
}

/* anything in place of anything */
static void
test_wrong_types (void)
{
  static const char *const values[] = { "null", "7", "0.5", "true", "\"a\"", "[]", "{}", "[[]]",
                                        "18446744073709551615", "{\"a\":{}}" };
  static const char *const places[] = {
    "%s", "{\"1\":%s}", "{\"1\":{\"class_type\":%s,\"inputs\":{}}}",
    "{\"1\":{\"class_type\":\"X\",\"inputs\":%s}}", "{\"prompt\":%s}", "{\"x\":{\"prompt\":%s}}",
    "{\"prompt\":[0,0,%s,0]}", "{\"nodes\":%s}", "{\"nodes\":%s,\"links\":[]}",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (places); i++)
    for (unsigned int j = 0; j < G_N_ELEMENTS (values); j++)
      {
        g_auto(GStrv)                parts = g_strsplit (places[i], "%s", 2);
        g_autofree char             *text = g_strconcat (parts[0], values[j], parts[1], NULL);
        GError                      *error = NULL;
        g_autoptr(ComfyWorkflowFile) file = open_text (text, &error);

        g_test_message ("%s", text);
        if (file == NULL)
          assert_refused (NULL, error, COMFY_ERROR_INVALID_WORKFLOW, "");
        else
          g_assert_true ((i == 2 && j == 4) || (i == 3 && (j == 6 || j == 9)));
      }
}

/* what a server would refuse, or what is harmless, is for the checks that follow */
static void
test_kept (void)
{
  static const char *const graphs[] = {
    INPUT ("[\"2\",0]"), INPUT ("[\"1\",0]"), INPUT ("[\"1\",-1]"),
    INPUT ("[\"1\",18446744073709551615]"), INPUT ("[\"1\",0,0]"), INPUT ("\"../../etc/passwd\""),
    INPUT ("18446744073709551615"), INPUT ("-9223372036854775808"), INPUT ("{\"__value__\":[1]}"),
    INPUT ("\"\\u0001\""),
    "{\"1\":{\"class_type\":\"SaveImage\",\"inputs\":{\"filename_prefix\":\"../../x\"}}}",
    "{\"1\":{\"class_type\":\"X\",\"inputs\":{},\"_meta\":7}}",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (graphs); i++)
    {
      g_autoptr(GError)  error = NULL;
      ComfyWorkflowFile *file = open_text (graphs[i], &error);

      g_assert_no_error (error);
      assert_opens (file, error, graphs[i]);
    }
}

static void
test_broken_text (void)
{
  static const struct { const char *text; size_t length; const char *words; } texts[] = {
    { "{\"1\":\n\"a\0b\"}", 13, "line 2 holds a NUL" },
    { INPUT ("\"\\u0000\""), 0, "line 1 holds a NUL" },
    { "{\"\xff\":1}", 0, "line 1 is not UTF-8" },
    { "{\n\n\"\xed\xa0\x80\":1}", 0, "line 3 is not UTF-8" },
    { "{\"\xc0\xaf\":1}", 0, "is not UTF-8" },
    { INPUT ("18446744073709551616"), 0, "The number 18446744073709551616 in line 1" },
    { INPUT ("-9223372036854775809"), 0, "The number -9223372036854775809 in line 1" },
    { INPUT ("1e400"), 0, "The number 1e400 in line 1" },
    { "{\n  \"1\": {,", 0, "not valid JSON in line 2, column 9" },
    { "{\"1\":{\"class_type\":\"X\",\"inputs\":{", 0, "ends in the middle, in line 1" },
    { A_GRAPH A_GRAPH, 0, "not valid JSON in line 1, column" },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      size_t             length = texts[i].length > 0 ? texts[i].length : strlen (texts[i].text);
      GError            *error = NULL;
      ComfyWorkflowFile *file = open_bytes (texts[i].text, length, &error);

      assert_refused (file, error, COMFY_ERROR_INVALID_WORKFLOW, texts[i].words);
    }
}

/* a few kilobytes that unpack to more than a workflow may have */
static void
test_png_bomb (void)
{
  static const char *const heads[] = { "prompt\0\0", "prompt\0\1\0\0\0" };
  const unsigned int  n_head[] = { 8, 11 };
  const size_t        n_zeros = 32 << 20;
  g_autofree guint8  *zeros = g_malloc0 (n_zeros);

  for (unsigned int i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autoptr(GByteArray)  png = png_begin ();
      g_autofree guint8     *packed = g_malloc (4 << 20);
      z_stream               stream = { 0 };
      GError                *error = NULL;
      ComfyWorkflowFile     *file;

      memcpy (packed, heads[i], n_head[i]);
      g_assert_cmpint (deflateInit (&stream, 1), ==, Z_OK);
      stream.next_out = packed + n_head[i];
      stream.avail_out = (4 << 20) - n_head[i];
      stream.next_in = zeros;
      stream.avail_in = n_zeros;
      g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
      png_add (png, i == 0 ? "zTXt" : "iTXt", packed, stream.next_out - packed);
      deflateEnd (&stream);
      png_end (png);

      file = open_bytes (png->data, png->len, &error);
      assert_refused (file, error, COMFY_ERROR_INVALID_WORKFLOW, "unpacks to more than 16 MB");
    }
}

static void
test_png_damage (void)
{
  g_autoptr(GByteArray)  png = png_begin ();
  g_autoptr(GByteArray)  large = png_begin ();
  g_autofree char       *long_text = dup_repeated ("{", " ", "}", COMFY_WORKFLOW_MAX_BYTES + 9999);
  GError                *error = NULL;
  ComfyWorkflowFile     *file;

  png_add_text (png, "tEXt", "prompt", A_GRAPH);
  png->data[png->len - 1] ^= 1;
  png_end (png);
  file = open_bytes (png->data, png->len, &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_INVALID_WORKFLOW, "is damaged");

  png_add_text (large, "tEXt", "prompt", long_text);
  file = open_bytes (large->data, large->len, &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_TOO_LARGE, "larger than 16 MB");
}

/* chunks without number, and one whose length leads beyond the end */
static void
test_png_chunks (void)
{
  g_autoptr(GByteArray)  png = png_begin ();
  g_autoptr(GByteArray)  beyond = png_begin ();
  GError                *error = NULL;
  ComfyWorkflowFile     *file;

  for (unsigned int i = 0; i < 1000000; i++)
    g_byte_array_append (png, (const guint8 *) "\0\0\0\0abCd\0\0\0\0", 12);
  png_add_text (png, "tEXt", "prompt", A_GRAPH);
  file = open_bytes (png->data, png->len, &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_INVALID_WORKFLOW,
                  "holds no workflow");

  g_byte_array_append (beyond, (const guint8 *) "\x7f\xff\xff\xfftEXtprompt\0{}", 17);
  file = open_bytes (beyond->data, beyond->len, &error);
  assert_refused (file, g_steal_pointer (&error), COMFY_ERROR_INVALID_WORKFLOW,
                  "holds no workflow");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  /* first, as a process never gives back what it once took */
  g_test_add_func ("/workflow-hostile/memory-is-bounded", test_memory);
  g_test_add_func ("/workflow-hostile/a-terabyte-is-refused-unread", test_size);
  g_test_add_func ("/workflow-hostile/size-is-limited", test_size_in_bytes);
  g_test_add_func ("/workflow-hostile/depth-is-limited", test_depth);
  g_test_add_func ("/workflow-hostile/nodes-are-limited", test_many_nodes);
  g_test_add_func ("/workflow-hostile/long-words-are-not-repeated", test_long_words);
  g_test_add_func ("/workflow-hostile/repeated-ids-are-found", test_repeated_ids);
  g_test_add_func ("/workflow-hostile/wrong-types-are-refused", test_wrong_types);
  g_test_add_func ("/workflow-hostile/odd-values-are-kept", test_kept);
  g_test_add_func ("/workflow-hostile/broken-text-is-named-and-found", test_broken_text);
  g_test_add_func ("/workflow-hostile/a-png-unpacks-to-little", test_png_bomb);
  g_test_add_func ("/workflow-hostile/a-damaged-png-says-so", test_png_damage);
  g_test_add_func ("/workflow-hostile/chunks-of-a-png-are-limited", test_png_chunks);

  return g_test_run ();
}
