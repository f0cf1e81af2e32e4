/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a form can be run for, how often that is, and lists of prompts that are none.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "comfy-batch.h"
#include "comfy-error.h"

static ComfyForm *
make_form (const char *name)
{
  const char             *data = g_getenv ("COMFY_TEST_DATA_DIR");
  g_autofree char        *graph_name = g_strconcat (name, ".json", NULL);
  g_autofree char        *sidecar_name = g_strconcat (name, ".gimp.json", NULL);
  g_autofree char        *graph = g_build_filename (data, "actions", graph_name, NULL);
  g_autofree char        *sidecar = g_build_filename (data, "actions", sidecar_name, NULL);
  g_autoptr(GError)       error = NULL;
  g_autoptr(ComfyAction)  action = comfy_action_new_from_files (graph, sidecar, &error);

  g_assert_no_error (error);

  return comfy_form_new (action);
}

/* reads a list of prompts that has these bytes */
static ComfyBatch *
read_bytes (const char  *bytes,
            size_t       length,
            GError     **error)
{
  g_autofree char   *folder = g_dir_make_tmp ("comfy-batch-XXXXXX", NULL);
  g_autofree char   *path = g_build_filename (folder, "prompts.txt", NULL);
  ComfyBatch        *batch;

  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  batch = comfy_batch_new_from_file (path, error);
  g_assert_no_errno (g_remove (path));
  g_assert_no_errno (g_rmdir (folder));

  return batch;
}

static void
test_a_prompt_a_line (void)
{
  static const char * const texts[] = {
    "a cat\nA Dog with # in it\nein Käfer",
    "\uFEFFa cat\r\n\r\n# not this\r\nA Dog with # in it\r\n  ein Käfer  \r\n",
    "a cat\r \r\t# not this\rA Dog with # in it\r\u00a0\rein Käfer\r",
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError)     error = NULL;
      g_autoptr(ComfyBatch) batch = read_bytes (texts[i], strlen (texts[i]), &error);

      g_assert_no_error (error);
      g_assert_cmpint (batch->kind, ==, COMFY_BATCH_PROMPTS);
      g_assert_cmpuint (comfy_batch_count (batch, NULL, NULL), ==, 3);
      g_assert_cmpstr (batch->prompts[0], ==, "a cat");
      g_assert_cmpstr (batch->prompts[1], ==, "A Dog with # in it");
      g_assert_cmpstr (batch->prompts[2], ==, "ein Käfer");
    }
}

static void
assert_refused (const char   *bytes,
                size_t        length,
                int           code,
                const char   *words)
{
  g_autoptr(GError)     error = NULL;
  g_autoptr(ComfyBatch) batch = read_bytes (bytes, length, &error);

  g_assert_null (batch);
  g_assert_error (error, COMFY_ERROR, code);
  g_assert_nonnull (strstr (error->message, "prompts.txt"));
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_what_is_no_list_is_refused (void)
{
  g_autoptr(GString) lines = g_string_new (NULL);
  g_autofree char   *large = g_strnfill (1000 * 1000 + 1, 'x');
  g_autoptr(ComfyBatch) most = NULL;

  for (unsigned int i = 0; i < 1000; i++)
    g_string_append (lines, "a cat\r\n");
  most = read_bytes (lines->str, lines->len, NULL);
  g_assert_cmpuint (comfy_batch_count (most, NULL, NULL), ==, 1000);
  g_string_append_c (lines, 'x');

  assert_refused (lines->str, lines->len, COMFY_ERROR_TOO_LARGE, "1000 lines");
  assert_refused (large, strlen (large), COMFY_ERROR_TOO_LARGE, "1 MB");
  assert_refused ("a\0b", 3, COMFY_ERROR_INVALID_ARGUMENT, "UTF-8");
  assert_refused ("\xff\xfe" "a\0", 4, COMFY_ERROR_INVALID_ARGUMENT, "UTF-8");
  assert_refused ("K\xe4" "fer", 5, COMFY_ERROR_INVALID_ARGUMENT, "UTF-8");
  assert_refused ("", 0, COMFY_ERROR_INVALID_ARGUMENT, "no prompt");
  assert_refused ("\n# one\n", 7, COMFY_ERROR_INVALID_ARGUMENT, "no prompt");
}

/* a pipe would be waited for until somebody writes into it */
static void
test_only_files_are_read (void)
{
  g_autofree char *folder = g_dir_make_tmp ("comfy-batch-XXXXXX", NULL);
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);
  const char      *paths[] = { pipe, folder, "/dev/zero", "/nonexistent/prompts.txt" };

  g_assert_no_errno (mkfifo (pipe, 0600));
  for (unsigned int i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (comfy_batch_new_from_file (paths[i], &error));
      g_assert_error (error, COMFY_ERROR, COMFY_ERROR_STORAGE);
    }
  g_assert_no_errno (g_remove (pipe));
  g_assert_no_errno (g_rmdir (folder));
}

static void
test_a_form_tells_what_it_can_be_run_for (void)
{
  static const struct { const char *action; gboolean fits[COMFY_N_BATCH_KINDS]; } cases[] = {
    /*                      once  seeds  prompts layers images */
    { "generate-image",   { TRUE, TRUE,  TRUE,  FALSE, FALSE } },
    { "edit-with-prompt", { TRUE, TRUE,  TRUE,  TRUE,  TRUE } },
    { "upscale-4x",       { TRUE, FALSE, FALSE, TRUE,  TRUE } },
    { "extend-canvas",    { TRUE, FALSE, FALSE, FALSE, TRUE } },
  };

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(ComfyForm) form = make_form (cases[i].action);

      for (int kind = 0; kind < COMFY_N_BATCH_KINDS; kind++)
        if (comfy_batch_kind_fits (kind, form) != cases[i].fits[kind])
          g_error ("%s, kind %d", cases[i].action, kind);
    }
}

/* the same picture many times over is of no use */
static void
test_what_is_taken_counts (void)
{
  g_autoptr(ComfyForm) form = make_form ("edit-with-prompt");

  comfy_form_set_value (form, "source", g_variant_new_string ("visible"));
  g_assert_false (comfy_batch_kind_fits (COMFY_BATCH_LAYERS, form));
  g_assert_true (comfy_batch_kind_fits (COMFY_BATCH_IMAGES, form));
}

static void
test_each_run_has_its_own_value (void)
{
  g_autoptr(ComfyForm)  form = make_form ("generate-image");
  g_autoptr(ComfyBatch) seeds = comfy_batch_new_seeds (G_GUINT64_CONSTANT (18446744073709551614), 2);
  g_autoptr(ComfyBatch) prompts = read_bytes ("a cat\na dog\n", 12, NULL);
  g_autoptr(ComfyForm)  second = NULL;
  g_autoptr(ComfyForm)  dog = NULL;
  g_autoptr(GVariant)   seed = NULL;
  g_autofree char      *name = comfy_batch_dup_run_name (seeds, 1, 2);

  comfy_form_set_value (form, "prompt", g_variant_new_string ("a red bicycle"));
  second = comfy_batch_dup_form (seeds, form, 1);
  seed = g_variant_get_maybe (comfy_form_get_value (second, "seed"));
  g_assert_cmpuint (g_variant_get_uint64 (seed), ==, G_MAXUINT64);
  g_assert_cmpstr (g_variant_get_string (comfy_form_get_value (second, "prompt"), NULL), ==,
                   "a red bicycle");
  g_assert_cmpstr (name, ==, "Seed 18446744073709551615");

  dog = comfy_batch_dup_form (prompts, form, 1);
  g_assert_cmpstr (g_variant_get_string (comfy_form_get_value (dog, "prompt"), NULL), ==, "a dog");
  g_assert_cmpstr (g_variant_get_string (comfy_form_get_value (form, "prompt"), NULL), ==,
                   "a red bicycle");
}

static void
assert_problem (const ComfyBatch *batch,
                ComfyForm        *form,
                GArray           *ids,
                const char       *words)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (comfy_batch_check (batch, form, ids, ids, &error));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_what_cannot_be_run_is_refused (void)
{
  g_autoptr(ComfyForm)  form = make_form ("generate-image");
  g_autoptr(ComfyForm)  upscale = make_form ("upscale-4x");
  g_autoptr(ComfyBatch) many = comfy_batch_new_seeds (0, COMFY_BATCH_MAX + 1);
  g_autoptr(ComfyBatch) most = comfy_batch_new_seeds (0, COMFY_BATCH_MAX);
  g_autoptr(ComfyBatch) last = comfy_batch_new_seeds (G_MAXUINT64, 2);
  g_autoptr(ComfyBatch) none = comfy_batch_new_seeds (0, 0);
  g_autoptr(ComfyBatch) layers = comfy_batch_new (COMFY_BATCH_LAYERS);
  g_autoptr(ComfyBatch) images = comfy_batch_new (COMFY_BATCH_IMAGES);
  g_autoptr(ComfyBatch) prompts = read_bytes ("a cat\na dog\n", 12, NULL);
  g_autoptr(GError)     error = NULL;

  /* no words yet: those of the file do, the seeds bring none */
  g_assert_true (comfy_batch_check (prompts, form, NULL, NULL, &error));
  assert_problem (most, form, NULL, "written");
  comfy_form_set_value (form, "prompt", g_variant_new_string ("a red bicycle"));

  g_assert_true (comfy_batch_check (most, form, NULL, NULL, &error));
  g_assert_no_error (error);
  assert_problem (many, form, NULL, "101 jobs, and each is paid for");
  assert_problem (last, form, NULL, "18446744073709551615");
  assert_problem (none, form, NULL, "nothing");
  assert_problem (layers, form, NULL, "once");
  assert_problem (most, upscale, NULL, "once");
  assert_problem (layers, upscale, NULL, "No layer is selected");
  assert_problem (images, upscale, NULL, "No image is open");
}

static void
count_cb (ComfyForm  *form,
          const char *field_id,
          GString    *log)
{
  g_string_append_printf (log, "%s ", field_id);
}

/* what comes from elsewhere is neither asked for nor missed; a copy has all its values itself */
static void
test_a_given_value_is_not_asked_for (void)
{
  g_autoptr(ComfyForm)  form = make_form ("generate-image");
  const ComfyField     *prompt = comfy_action_find_field (comfy_form_get_action (form), "prompt");
  g_autoptr(ComfyForm)  copy = NULL;
  g_autoptr(GString)    log = g_string_new (NULL);

  g_signal_connect (form, "changed", G_CALLBACK (count_cb), log);
  comfy_form_set_given (form, "prompt");
  comfy_form_set_given (form, "prompt");
  g_assert_false (comfy_form_uses_field (form, prompt));
  g_assert_true (comfy_form_check (form, NULL, NULL));
  copy = comfy_form_copy (form);
  g_assert_false (comfy_form_check (copy, NULL, NULL));

  comfy_form_set_given (form, "seed");
  comfy_form_set_given (form, NULL);
  g_assert_true (comfy_form_uses_field (form, prompt));
  g_assert_cmpstr (log->str, ==, "prompt prompt seed seed ");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/batch/a-prompt-a-line", test_a_prompt_a_line);
  g_test_add_func ("/batch/what-is-no-list-is-refused", test_what_is_no_list_is_refused);
  g_test_add_func ("/batch/only-files-are-read", test_only_files_are_read);
  g_test_add_func ("/batch/a-form-tells-what-it-can-be-run-for",
                   test_a_form_tells_what_it_can_be_run_for);
  g_test_add_func ("/batch/what-is-taken-counts", test_what_is_taken_counts);
  g_test_add_func ("/batch/each-run-has-its-own-value", test_each_run_has_its_own_value);
  g_test_add_func ("/batch/what-cannot-be-run-is-refused", test_what_cannot_be_run_is_refused);
  g_test_add_func ("/batch/a-given-value-is-not-asked-for", test_a_given_value_is_not_asked_for);

  return g_test_run ();
}
