/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the sandbox answers is held against responses.json; an answer that does not fit is loud. */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "sandbox-responses.h"
#include "test-fixture.h"

static const char table[] =
  "{\"shapes\":{"
  "\"thing\":{\"id\":\"string\",\"size?\":\"integer | null\",\"kind\":\"'a' | 'b'\","
  "\"parts\":\"[part]\",\"at?\":\"time\",\"share?\":\"fraction\","
  "\"link?\":\"uri\",\"inner?\":{\"x\":\"number\"}},"
  "\"part\":{\"ok\":\"boolean\"}},"
  "\"responses\":[[\"GET\",\"/things/*\",\"200 201\",\"thing\"],"
  "[\"GET\",\"/things/*/file\",\"200\",\"bytes\"],"
  "[\"EVENT\",\"part\",\"\",\"part\"],"
  "[\"*\",\"/**\",\"404\",\"page\"],[\"*\",\"/**\",\"204\",\"none\"]]}";

/* Writes a table to a file, since it is read from one. */
static char *
write_table (const char *text)
{
  g_autoptr(GError) error = NULL;
  char *path;
  int file = g_file_open_tmp ("responses-XXXXXX.json", &path, &error);

  g_assert_no_error (error);
  close (file);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  return path;
}

static void
test_shapes (void)
{
  static const struct
  {
    const char *body;
    const char *problem;  /* part of it; NULL: it fits */
  } cases[] = {
    { "{\"id\":\"1\",\"kind\":\"a\",\"parts\":[]}", NULL },
    { "{\"id\":\"1\",\"kind\":\"b\",\"parts\":[{\"ok\":true}],\"size\":null,\"share\":1,"
      "\"at\":\"2026-01-01T00:00:00Z\",\"link\":\"/x\",\"inner\":{\"x\":1.5}}", NULL },
    { "{\"kind\":\"a\",\"parts\":[]}", "it.id is missing" },
    { "{\"id\":1,\"kind\":\"a\",\"parts\":[]}", "it.id is not string" },
    { "{\"id\":\"1\",\"kind\":\"ab\",\"parts\":[]}", "it.kind is not" },
    { "{\"id\":\"1\",\"kind\":\"a\",\"parts\":[{}]}", "it.parts[0].ok is missing" },
    { "{\"id\":\"1\",\"kind\":\"a\",\"parts\":{}}", "it.parts is no array" },
    { "{\"id\":\"1\",\"kind\":\"a\",\"parts\":[],\"size\":1.5}", "it.size is not" },
    { "{\"id\":\"1\",\"kind\":\"a\",\"parts\":[],\"at\":\"today\"}", "it.at is not" },
    { "{\"id\":\"1\",\"kind\":\"a\",\"parts\":[],\"share\":1.5}", "it.share is not" },
    { "{\"id\":\"1\",\"kind\":\"a\",\"parts\":[],\"link\":\"x\"}", "it.link is not" },
    { "{\"id\":\"1\",\"kind\":\"a\",\"parts\":[],\"inner\":{}}", "it.inner.x is missing" },
    { "{\"id\":\"1\",\"kind\":\"a\",\"parts\":[],\"more\":1}", "it.more is not in the table" },
    { "[]", "it is no object" },
    { "{", "it is no JSON" },
  };
  g_autofree char *path = write_table (table);
  SandboxResponses *responses = sandbox_responses_new (path, NULL);

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) body = g_bytes_new (cases[i].body, strlen (cases[i].body));
      g_autofree char *problem = sandbox_responses_check (responses, "GET", "/things/1", 200,
                                                          "application/json", body);

      g_test_message ("%s", cases[i].body);
      if (cases[i].problem == NULL)
        g_assert_cmpstr (problem, ==, NULL);
      else
        g_assert_nonnull (strstr (problem, cases[i].problem));
    }

  sandbox_responses_free (responses);
  g_unlink (path);
}

static void
test_rows (void)
{
  static const struct
  {
    const char   *method;
    const char   *path;
    unsigned int  status;
    const char   *type;
    const char   *body;
    gboolean      fits;
  } cases[] = {
    { "GET", "/things/1/file", 200, "image/png", "x", TRUE },
    { "GET", "/things/1/file", 201, "image/png", "x", FALSE },
    { "GET", "/things", 200, "application/json", "{}", FALSE },
    { "POST", "/things/1", 200, "application/json", "{}", FALSE },
    { "POST", "/anything/at/all", 404, "text/html", "<p>", TRUE },
    { "POST", "/anything/at/all", 404, "text/plain", "<p>", FALSE },
    { "PUT", "/things/1", 204, NULL, "", TRUE },
    { "PUT", "/things/1", 204, NULL, "x", FALSE },
    { "EVENT", "part", 0, "application/json", "{\"ok\":false}", TRUE },
    { "EVENT", "part", 0, "application/json", "{\"ok\":1}", FALSE },
    { "EVENT", "other", 0, "application/json", "{}", FALSE },
  };
  g_autofree char *path = write_table (table);
  SandboxResponses *responses = sandbox_responses_new (path, NULL);

  for (unsigned int i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) body = g_bytes_new (cases[i].body, strlen (cases[i].body));
      g_autofree char *problem = sandbox_responses_check (responses, cases[i].method, cases[i].path,
                                                          cases[i].status, cases[i].type, body);

      g_test_message ("%s %s %u", cases[i].method, cases[i].path, cases[i].status);
      g_assert_cmpint (problem == NULL, ==, cases[i].fits);
    }

  sandbox_responses_free (responses);
  g_unlink (path);
}

/* A table that asks for more than there is, so that what is good is found wrong. */
static void
test_loud (void)
{
  g_autofree char *path =
    write_table ("{\"shapes\":{\"account\":{\"id\":\"string\",\"email\":\"string\",\"balance\":"
                 "\"integer\",\"colour\":\"string\"}},\"responses\":[[\"GET\",\"/developer/api/v1/"
                 "account\",\"200\",\"account\"]]}");
  ComfySandboxOptions options = { .responses_path = path };
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) reply = { 0 };
  g_autofree char *ledger = NULL;

  fixture_start (&fixture, &options);
  reply = fixture_send (&fixture, "GET", "/developer/api/v1/account", fixture.alice_key, NULL,
                        NULL);

  g_assert_cmpuint (reply.status, ==, 500);
  g_assert_cmpstr (reply_get (&reply, "error.code"), ==, "contract_violation");
  g_assert_nonnull (strstr (reply_get (&reply, "error.message"), "it.colour is missing"));
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "violation", NULL, NULL), ==, 1);
  g_unlink (path);
}

/* What is pushed cannot become a 500; what is asked from then on can. */
static void
test_loud_message (void)
{
  g_autofree char *table_path = g_test_build_filename (G_TEST_DIST, "sandbox", "responses.json",
                                                       NULL);
  g_autofree char *text = NULL;
  g_autofree char *wrong = NULL;
  g_autofree char *path = NULL;
  g_auto(GStrv) parts = NULL;
  g_autofree char *graph = dup_graph ("t2i_sdxl_base.json", NULL);
  g_autofree char *body = g_strdup_printf ("{\"workflow\":%s}", graph);
  ComfySandboxOptions options = { 0 };
  g_auto(Fixture) fixture = { 0 };
  g_auto(Reply) job = { 0 };
  g_auto(Reply) events = { 0 };
  g_auto(Reply) reply = { 0 };

  g_assert_true (g_file_get_contents (table_path, &text, NULL, NULL));
  parts = g_strsplit (text, "\"preview-event\": {", 2);
  wrong = g_strjoinv ("\"preview-event\": {\"colour\": \"string\", ", parts);
  path = write_table (wrong);
  options.responses_path = path;

  fixture_start (&fixture, &options);
  job = fixture_send (&fixture, "POST", "/api/v2/jobs", fixture.alice_key, NULL, body);
  g_assert_cmpuint (job.status, ==, 201);
  events = fixture_send (&fixture, "GET", reply_get (&job, "urls.events"), fixture.alice_key, NULL,
                         NULL);
  reply = fixture_send (&fixture, "GET", reply_get (&job, "urls.self"), fixture.alice_key, NULL,
                        NULL);

  g_assert_cmpuint (reply.status, ==, 500);
  g_assert_nonnull (strstr (reply_get (&reply, "error.message"), "it.colour is missing"));
  g_assert_cmpuint (comfy_sandbox_count (fixture.sandbox, "violation", NULL, NULL), >, 0);
  g_unlink (path);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sandbox-responses/shapes", test_shapes);
  g_test_add_func ("/sandbox-responses/rows", test_rows);
  g_test_add_func ("/sandbox-responses/what-does-not-fit-is-loud", test_loud);

  g_test_add_func ("/sandbox-responses/a-message-that-does-not-fit-is-loud", test_loud_message);

  return g_test_run ();
}
