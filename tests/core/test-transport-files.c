/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "comfy-error.h"
#include "test-future.h"
#include "test-transport-fixture.h"

#define HEAD(status, more) "HTTP/1.1 " status "\r\nConnection: close\r\n" more "\r\n"

static char *
dup_path (TestFixture *fixture,
          const char  *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

/* @n: bytes that do not repeat soon */
static GBytes *
new_bytes (gsize n)
{
  guint8  *data = g_malloc (n);
  guint32  state = 1;

  for (gsize i = 0; i < n; i++)
    {
      state = state * 1664525 + 1013904223;
      data[i] = (guint8) (state >> 24);
    }

  return g_bytes_new_take (data, n);
}

static void
assert_file_is (const char *path,
                GBytes     *expected)
{
  g_autofree char *contents = NULL;
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  gsize            length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_cmpmem (contents, length, g_bytes_get_data (expected, NULL),
                   g_bytes_get_size (expected));
  g_assert_false (g_file_test (part, G_FILE_TEST_EXISTS));
}

/* neither the file nor anything of it is left */
static void
assert_nothing_is_there (TestFixture *fixture)
{
  g_autoptr(GDir) dir = g_dir_open (fixture->folder, 0, NULL);

  g_assert_null (g_dir_read_name (dir));
}

/* @head, and the bytes @from…@to of @whole */
static void
push_slice (TestFixture *fixture,
            const char  *head,
            GBytes      *whole,
            gsize        from,
            gsize        to)
{
  GByteArray       *raw = g_byte_array_new ();
  g_autoptr(GBytes) bytes = NULL;

  g_byte_array_append (raw, (const guint8 *) head, (unsigned int) strlen (head));
  g_byte_array_append (raw, (const guint8 *) g_bytes_get_data (whole, NULL) + from,
                       (unsigned int) (to - from));
  bytes = g_byte_array_free_to_bytes (raw);
  test_server_push_raw_bytes (fixture->server, bytes);
}

static void
test_an_upload_is_a_form_with_the_file_last (TestFixture *fixture,
                                             const void  *unused)
{
  g_autofree char          *path = dup_path (fixture, "in.webp");
  g_autoptr(ComfyResponse)  response = NULL;
  g_autoptr(ComfyProgress)  progress = comfy_progress_new ();
  ComfyTextPart             parts[] = { { "content_type", "image/webp" }, { "tags", "a\"b" } };
  const TestRequest        *request;
  const char               *boundary;
  g_autofree char          *expected = NULL;

  g_assert_true (g_file_set_contents (path, "RIFF\0pixels", 11, NULL));
  comfy_progress_set_stage (progress, COMFY_STAGE_UPLOAD, NULL);
  test_server_push_reply (fixture->server, 201, "{\"name\":\"x\"}", NULL);
  response = test_await_boxed (comfy_transport_upload (fixture->transport, "inputs", parts, 2, path,
                                                       "gimp \"1\"\r\n.webp", "image/webp", "key-1",
                                                       progress));

  request = test_server_get_request (fixture->server, 0);
  g_assert_cmpstr (request->method, ==, "POST");
  g_assert_cmpstr (test_request_get_header (request, "Idempotency-Key"), ==, "key-1");
  g_assert_cmpstr (test_request_get_header (request, "Authorization"), ==, "Bearer " TEST_KEY);
  g_assert_null (test_request_get_header (request, "Transfer-Encoding"));
  boundary = strstr (test_request_get_header (request, "Content-Type"), "boundary=") + 9;
  expected = g_strdup_printf ("--%s\r\n"
                              "Content-Disposition: form-data; name=\"content_type\"\r\n\r\n"
                              "image/webp\r\n--%s\r\n"
                              "Content-Disposition: form-data; name=\"tags\"\r\n\r\na\"b\r\n"
                              "--%s\r\nContent-Disposition: form-data; name=\"file\"; "
                              "filename=\"gimp %%221%%22%%0D%%0A.webp\"\r\n"
                              "Content-Type: image/webp\r\n\r\nRIFF?pixels\r\n--%s--\r\n",
                              boundary, boundary, boundary, boundary);
  *strchr (expected, '?') = '\0';
  g_assert_cmpmem (g_bytes_get_data (request->body, NULL), g_bytes_get_size (request->body),
                   expected, strlen (expected) + 1 + strlen (expected + strlen (expected) + 1));
  g_assert_true (g_str_has_prefix (comfy_progress_get_text (progress), "Uploading "));
}

static void
test_an_upload_is_read_again_for_another_try (TestFixture *fixture,
                                              const void  *unused)
{
  g_autofree char          *path = dup_path (fixture, "in.webp");
  g_autoptr(GBytes)         bytes = new_bytes (1000 * 1000);
  g_autoptr(ComfyResponse)  response = NULL;
  const TestRequest        *first, *last;

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), 1000 * 1000, NULL));
  test_server_push_reply (fixture->server, 503, "", NULL);
  test_server_push_raw (fixture->server, "");
  test_server_push_reply (fixture->server, 201, "{}", NULL);
  response = test_await_boxed (comfy_transport_upload (fixture->transport, "inputs", NULL, 0, path,
                                                       "a", "image/webp", NULL, NULL));

  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 3);
  first = test_server_get_request (fixture->server, 0);
  last = test_server_get_request (fixture->server, 2);
  g_assert_cmpuint (g_bytes_get_size (first->body), >, 1000 * 1000);
  g_assert_true (g_bytes_equal (first->body, last->body));
}

static void
test_too_large_an_upload_is_refused_before_a_byte (TestFixture *fixture,
                                                   const void  *unused)
{
  g_autofree char   *path = dup_path (fixture, "large");
  g_autoptr(GError)  error = NULL;
  FILE              *file = g_fopen (path, "wb");

  g_assert_no_errno (ftruncate (fileno (file), COMFY_TRANSPORT_MAX_UPLOAD + 1));
  fclose (file);
  error = fixture_reject (comfy_transport_upload (fixture->transport, "inputs", NULL, 0, path, "a",
                                                  "image/png", NULL, NULL));
  g_assert_error (error, COMFY_ERROR, COMFY_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "100.0\302\240MB"));
  g_assert_cmpuint (test_server_get_n (fixture->server), ==, 0);
}

static void
test_a_file_that_is_gone_is_said (TestFixture *fixture,
                                  const void  *unused)
{
  g_autofree char *path = dup_path (fixture, "nothing");

  test_await_error (comfy_transport_upload (fixture->transport, "inputs", NULL, 0, path, "a",
                                            "image/png", NULL, NULL), COMFY_ERROR_STORAGE);
  test_await_error (comfy_transport_upload (fixture->transport, "inputs", NULL, 0,
                                            fixture->folder, "a", "image/png", NULL, NULL),
                    COMFY_ERROR_STORAGE);
}

static void
test_a_dropped_upload_stops (TestFixture *fixture,
                             const void  *unused)
{
  g_autofree char *path = dup_path (fixture, "in.webp");
  DexFuture       *future;

  g_assert_true (g_file_set_contents (path, "pixels", -1, NULL));
  test_server_push_silence (fixture->server);
  future = comfy_transport_upload (fixture->transport, "inputs", NULL, 0, path, "a", "image/webp",
                                   NULL, NULL);
  while (test_server_get_n (fixture->server) == 0)
    g_main_context_iteration (NULL, TRUE);

  /* nothing but the thread that sends keeps it */
  g_object_add_weak_pointer (G_OBJECT (fixture->transport), (gpointer *) &fixture->transport);
  g_object_unref (fixture->transport);
  dex_unref (future);
  while (fixture->transport != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_an_upload_that_never_moves_ends (TestFixture *fixture,
                                      const void  *unused)
{
  g_autofree char *path = dup_path (fixture, "in.webp");

  g_assert_true (g_file_set_contents (path, "pixels", -1, NULL));
  fixture_set_stall (fixture, 30);
  fixture->clock.budget_left = FALSE;
  test_server_push_silence (fixture->server);
  test_await_error (comfy_transport_upload (fixture->transport, "inputs", NULL, 0, path, "a",
                                            "image/webp", NULL, NULL), COMFY_ERROR_TIMED_OUT);
}

static void
test_a_download_gets_its_name_when_complete (TestFixture *fixture,
                                             const void  *unused)
{
  g_autofree char          *path = dup_path (fixture, "out.png");
  g_autoptr(GBytes)         bytes = new_bytes (300 * 1000);
  g_autoptr(ComfyProgress)  progress = comfy_progress_new ();
  const TestRequest        *request;

  comfy_progress_set_stage (progress, COMFY_STAGE_DOWNLOAD, NULL);
  test_server_push_bytes (fixture->server, 200, bytes, NULL);
  test_await_true (comfy_transport_download (fixture->transport, "outputs/1", path, 300 * 1000,
                                             progress));

  assert_file_is (path, bytes);
  g_assert_cmpstr (comfy_progress_get_text (progress), ==,
                   "Downloading 300.0\302\240kB of 300.0\302\240kB");
  request = test_server_get_request (fixture->server, 0);
  g_assert_null (test_request_get_header (request, "Range"));
  g_assert_cmpstr (test_request_get_header (request, "Accept-Encoding"), ==, "identity");
}

static void
test_a_download_goes_on_after_each_cut (TestFixture *fixture,
                                        const void  *unused)
{
  g_autofree char   *path = dup_path (fixture, "out.png");
  g_autoptr(GBytes)  bytes = new_bytes (1000);
  const TestRequest *request;

  push_slice (fixture, HEAD ("200 OK", "Content-Length: 1000\r\nETag: \"v1\"\r\n"), bytes, 0, 100);
  push_slice (fixture, HEAD ("206 Partial Content", "Content-Length: 900\r\nETag: \"v1\"\r\n"
                             "Content-Range: bytes 100-999/1000\r\n"), bytes, 100, 350);
  test_server_push_reply (fixture->server, 502, "", NULL);
  push_slice (fixture, HEAD ("206 Partial Content", "Content-Length: 650\r\nETag: \"v1\"\r\n"
                             "Content-Range: bytes 350-999/1000\r\n"), bytes, 350, 1000);
  test_await_true (comfy_transport_download (fixture->transport, "outputs/1", path, 1000, NULL));

  assert_file_is (path, bytes);
  request = test_server_get_request (fixture->server, 1);
  g_assert_cmpstr (test_request_get_header (request, "Range"), ==, "bytes=100-");
  g_assert_cmpstr (test_request_get_header (request, "If-Range"), ==, "\"v1\"");
  request = test_server_get_request (fixture->server, 3);
  g_assert_cmpstr (test_request_get_header (request, "Range"), ==, "bytes=350-");
}

static void
test_a_changed_file_is_fetched_anew (TestFixture *fixture,
                                     const void  *unused)
{
  g_autofree char   *path = dup_path (fixture, "out.png");
  g_autoptr(GBytes)  old = new_bytes (1000);
  g_autoptr(GBytes)  new = new_bytes (500);

  /* the server minds If-Range, and sends the new one whole */
  push_slice (fixture, HEAD ("200 OK", "Content-Length: 1000\r\nETag: \"v1\"\r\n"), old, 0, 100);
  push_slice (fixture, HEAD ("200 OK", "Content-Length: 500\r\nETag: \"v2\"\r\n"), new, 0, 500);
  test_await_true (comfy_transport_download (fixture->transport, "outputs/1", path, -1, NULL));
  assert_file_is (path, new);

  /* the server does not, but its sizes differ */
  push_slice (fixture, HEAD ("200 OK", "Content-Length: 1000\r\n"), old, 0, 100);
  push_slice (fixture, HEAD ("206 Partial Content", "Content-Length: 400\r\n"
                             "Content-Range: bytes 100-499/500\r\n"), new, 100, 500);
  push_slice (fixture, HEAD ("200 OK", "Content-Length: 500\r\n"), new, 0, 500);
  test_await_true (comfy_transport_download (fixture->transport, "outputs/1", path, -1, NULL));
  assert_file_is (path, new);
  g_assert_null (test_request_get_header (test_server_get_request (fixture->server, 4), "Range"));
}

static void
test_a_wrong_range_is_not_believed (TestFixture *fixture,
                                    const void  *unused)
{
  g_autofree char   *path = dup_path (fixture, "out.png");
  g_autoptr(GBytes)  bytes = new_bytes (1000);

  push_slice (fixture, HEAD ("200 OK", "Content-Length: 1000\r\n"), bytes, 0, 100);
  push_slice (fixture, HEAD ("206 Partial Content", "Content-Length: 950\r\n"
                             "Content-Range: bytes 50-999/1000\r\n"), bytes, 50, 1000);
  push_slice (fixture, HEAD ("200 OK", "Content-Length: 1000\r\n"), bytes, 0, 1000);
  test_await_true (comfy_transport_download (fixture->transport, "outputs/1", path, -1, NULL));
  assert_file_is (path, bytes);
  g_assert_null (test_request_get_header (test_server_get_request (fixture->server, 2), "Range"));
}

static void
test_416_means_start_over (TestFixture *fixture,
                           const void  *unused)
{
  g_autofree char   *path = dup_path (fixture, "out.png");
  g_autoptr(GBytes)  bytes = new_bytes (1000);

  push_slice (fixture, HEAD ("200 OK", "Content-Length: 1000\r\n"), bytes, 0, 100);
  test_server_push_reply (fixture->server, 416, "", "Content-Range", "bytes */50", NULL);
  push_slice (fixture, HEAD ("200 OK", "Content-Length: 1000\r\n"), bytes, 0, 1000);
  test_await_true (comfy_transport_download (fixture->transport, "outputs/1", path, 1000, NULL));
  assert_file_is (path, bytes);
}

static void
test_another_size_than_announced_is_refused (TestFixture *fixture,
                                             const void  *unused)
{
  g_autofree char   *path = dup_path (fixture, "out.png");
  g_autoptr(GBytes)  bytes = new_bytes (1000);

  test_server_push_bytes (fixture->server, 200, bytes, NULL);
  test_await_error (comfy_transport_download (fixture->transport, "outputs/1", path, 999, NULL),
                    COMFY_ERROR_PROTOCOL);
  assert_nothing_is_there (fixture);
}

static void
test_a_body_without_end_is_measured_by_the_job (TestFixture *fixture,
                                                const void  *unused)
{
  g_autofree char   *path = dup_path (fixture, "out.png");
  g_autoptr(GBytes)  bytes = new_bytes (1000);

  /* no length, and cut: only the job's word tells; the server does not know ranges either */
  push_slice (fixture, HEAD ("200 OK", ""), bytes, 0, 400);
  push_slice (fixture, HEAD ("200 OK", ""), bytes, 0, 1000);
  test_await_true (comfy_transport_download (fixture->transport, "outputs/1", path, 1000, NULL));
  assert_file_is (path, bytes);
}

static void
test_a_download_has_a_limit (TestFixture *fixture,
                             const void  *unused)
{
  g_autofree char   *path = dup_path (fixture, "out.png");
  g_autoptr(GBytes)  bytes = new_bytes (1000);

  fixture->options.max_download = 900;
  fixture_renew_transport (fixture);
  test_server_push_bytes (fixture->server, 200, bytes, NULL);
  test_await_error (comfy_transport_download (fixture->transport, "outputs/1", path, -1, NULL),
                    COMFY_ERROR_TOO_LARGE);
  push_slice (fixture, HEAD ("200 OK", ""), bytes, 0, 1000);
  test_await_error (comfy_transport_download (fixture->transport, "outputs/1", path, -1, NULL),
                    COMFY_ERROR_TOO_LARGE);
  assert_nothing_is_there (fixture);
}

static void
test_a_download_that_is_gone_says_so (TestFixture *fixture,
                                      const void  *unused)
{
  g_autofree char *path = dup_path (fixture, "out.png");

  test_server_push_reply (fixture->server, 404, "{\"error\":{\"code\":\"not_found\"}}", NULL);
  test_await_error (comfy_transport_download (fixture->transport, "outputs/1", path, -1, NULL),
                    COMFY_ERROR_NOT_FOUND);
  assert_nothing_is_there (fixture);
}

static void
test_a_download_that_never_moves_ends (TestFixture *fixture,
                                       const void  *unused)
{
  g_autofree char *path = dup_path (fixture, "out.png");

  fixture_set_stall (fixture, 30);
  fixture->clock.budget_left = FALSE;
  test_server_push_silence (fixture->server);
  test_await_error (comfy_transport_download (fixture->transport, "outputs/1", path, -1, NULL),
                    COMFY_ERROR_TIMED_OUT);
  assert_nothing_is_there (fixture);
}

static void
test_a_dropped_download_leaves_nothing (TestFixture *fixture,
                                        const void  *unused)
{
  g_autofree char *path = dup_path (fixture, "out.png");
  g_autofree char *part = g_strconcat (path, ".part", NULL);
  DexFuture       *future;

  test_server_push_silence (fixture->server);
  future = comfy_transport_download (fixture->transport, "outputs/1", path, -1, NULL);
  while (test_server_get_n (fixture->server) == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_file_test (part, G_FILE_TEST_EXISTS));
  dex_unref (future);
  while (g_file_test (part, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, TRUE);
}

int
main (int    argc,
      char **argv)
{
  test_fixture_init (&argc, &argv);

  test_fixture_add ("/upload/is-a-form-with-the-file-last",
                    test_an_upload_is_a_form_with_the_file_last);
  test_fixture_add ("/upload/is-read-again-for-another-try",
                    test_an_upload_is_read_again_for_another_try);
  test_fixture_add ("/upload/too-large-is-refused-before-a-byte",
                    test_too_large_an_upload_is_refused_before_a_byte);
  test_fixture_add ("/upload/a-file-that-is-gone-is-said", test_a_file_that_is_gone_is_said);
  test_fixture_add ("/upload/that-is-dropped-stops", test_a_dropped_upload_stops);
  test_fixture_add ("/upload/that-never-moves-ends", test_an_upload_that_never_moves_ends);
  test_fixture_add ("/download/gets-its-name-when-complete",
                    test_a_download_gets_its_name_when_complete);
  test_fixture_add ("/download/goes-on-after-each-cut", test_a_download_goes_on_after_each_cut);
  test_fixture_add ("/download/a-changed-file-is-fetched-anew",
                    test_a_changed_file_is_fetched_anew);
  test_fixture_add ("/download/a-wrong-range-is-not-believed", test_a_wrong_range_is_not_believed);
  test_fixture_add ("/download/416-means-start-over", test_416_means_start_over);
  test_fixture_add ("/download/another-size-than-announced-is-refused",
                    test_another_size_than_announced_is_refused);
  test_fixture_add ("/download/a-body-without-end-is-measured-by-the-job",
                    test_a_body_without_end_is_measured_by_the_job);
  test_fixture_add ("/download/has-a-limit", test_a_download_has_a_limit);
  test_fixture_add ("/download/that-is-gone-says-so", test_a_download_that_is_gone_says_so);
  test_fixture_add ("/download/that-never-moves-ends", test_a_download_that_never_moves_ends);
  test_fixture_add ("/download/that-is-dropped-leaves-nothing",
                    test_a_dropped_download_leaves_nothing);

  return g_test_run ();
}
