/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "comfy-error.h"
#include "comfy-response-private.h"

/* made at run time, so that no key stands in the source */
static char *
dup_key (void)
{
  g_autofree char *digits = g_strnfill (48, 'a');

  return g_strconcat ("comfyui-", digits, "17f3", NULL);
}

static ComfyResponse *
response_of (unsigned int  status,
             const char   *body)
{
  g_autoptr(GBytes) bytes = g_bytes_new (body, strlen (body));

  return _comfy_response_new (status, NULL, bytes);
}

static GError *
error_of (unsigned int  status,
          const char   *body)
{
  g_autoptr(ComfyResponse) response = response_of (status, body);

  return _comfy_response_to_error (response, "cloud.comfy.org", NULL, "GET /account");
}

static void
test_every_shape_of_body_is_read (void)
{
  static const struct
  {
    unsigned int  status;
    const char   *body;
    ComfyError    code;
    const char   *server_code; /* nullable */
    const char   *said;        /* nullable: in the sentence */
  } rows[] = {
    /* error.code: v2, and v1 by its specification */
    { 401, "{\"error\":{\"code\":\"unauthorized\",\"message\":\"no\"}}",
      COMFY_ERROR_UNAUTHORIZED, "unauthorized", NULL },
    { 422, "{\"error\":{\"code\":\"invalid_workflow\",\"message\":\"node 3 has no steps\"}}",
      COMFY_ERROR_INVALID_WORKFLOW, "invalid_workflow", "node 3 has no steps" },
    { 422, "{\"error\":{\"code\":\"idempotency_key_reuse\",\"message\":\"used\"}}",
      COMFY_ERROR_REJECTED, "idempotency_key_reuse", "used" },
    { 429, "{\"error\":{\"code\":\"queue_full\"}}", COMFY_ERROR_QUEUE_FULL, "queue_full", NULL },
    { 400, "{\"error\":{\"code\":\"insufficient_credits\"}}", COMFY_ERROR_NO_CREDITS,
      "insufficient_credits", NULL },
    { 429, "{\"error\":{\"code\":\"deployment_not_ready\"}}", COMFY_ERROR_RATE_LIMITED,
      "deployment_not_ready", "cloud.comfy.org is still starting" },
    { 422, "{\"error\":{\"code\":\"deployment_stopped\",\"message\":\"x\"}}", COMFY_ERROR_SERVER,
      "deployment_stopped", "is stopped. Start it" },
    { 422, "{\"error\":{\"code\":\"missing_asset\",\"message\":\"x\"}}", COMFY_ERROR_REJECTED,
      "missing_asset", "Run the job again" },
    { 429, "{\"error\":{\"code\":\"rate_limited\"}}", COMFY_ERROR_RATE_LIMITED, "rate_limited",
      "slow down" },
    { 403, "{\"error\":{\"code\":\"forbidden\"}}", COMFY_ERROR_FORBIDDEN, "forbidden", "plan" },
    { 500, "{\"error\":{\"code\":\"upstream_error\",\"message\":\"x\"}}", COMFY_ERROR_SERVER,
      "upstream_error", "has a problem" },
    /* error.type: the authentication page */
    { 401, "{\"error\":{\"type\":\"unauthorized\",\"message\":\"Invalid or expired API key\"}}",
      COMFY_ERROR_UNAUTHORIZED, "unauthorized", NULL },
    /* flat: the old API */
    { 403, "{\"code\":\"forbidden\",\"message\":\"plan\"}", COMFY_ERROR_FORBIDDEN, "forbidden",
      NULL },
    { 400, "{\"code\":\"odd\",\"message\":\"wrong size\"}", COMFY_ERROR_REJECTED, "odd",
      "wrong size" },
    /* {message}: api.comfy.org */
    { 401, "{\"message\":\"Invalid Comfy API key\"}", COMFY_ERROR_UNAUTHORIZED, NULL, NULL },
    { 409, "{\"message\":\"in use\"}", COMFY_ERROR_REJECTED, NULL, "in use" },
    /* {error: "text"}, a bare string, plain text */
    { 400, "{\"error\":\"bad name\"}", COMFY_ERROR_REJECTED, NULL, "bad name" },
    { 400, "{\"detail\":\"bad name\"}", COMFY_ERROR_REJECTED, NULL, "bad name" },
    { 400, "\"bad name\"", COMFY_ERROR_REJECTED, NULL, "bad name" },
    { 400, "bad\r\n  name\n", COMFY_ERROR_REJECTED, NULL, "bad name" },
    { 429, "Rate limit exceeded. Please try again later.", COMFY_ERROR_RATE_LIMITED, NULL, NULL },
    /* a proxy's page, and nothing at all */
    { 401, "<html><body>Squid</body></html>", COMFY_ERROR_UNAUTHORIZED, NULL, NULL },
    { 502, "<!DOCTYPE html><title>Bad gateway</title>", COMFY_ERROR_SERVER, NULL, NULL },
    { 400, "<HTML>x", COMFY_ERROR_REJECTED, NULL, NULL },
    { 402, "", COMFY_ERROR_NO_CREDITS, NULL, NULL },
    { 402, "{\"code\":\"forbidden\"}", COMFY_ERROR_NO_CREDITS, "forbidden", NULL },
    { 404, "", COMFY_ERROR_NOT_FOUND, NULL, NULL },
    { 407, "", COMFY_ERROR_PROXY, NULL, NULL },
    { 408, "", COMFY_ERROR_TIMED_OUT, NULL, NULL },
    { 410, "", COMFY_ERROR_NOT_FOUND, NULL, NULL },
    { 413, "", COMFY_ERROR_TOO_LARGE, NULL, NULL },
    { 418, "", COMFY_ERROR_REJECTED, NULL, NULL },
    { 500, "", COMFY_ERROR_SERVER, NULL, NULL },
    { 501, "", COMFY_ERROR_NOT_SUPPORTED, NULL, NULL },
    { 302, "", COMFY_ERROR_PROTOCOL, NULL, NULL },
    /* the right names with the wrong things behind them */
    { 400, "{\"error\":{\"code\":5,\"message\":[\"a\"]}}", COMFY_ERROR_REJECTED, NULL, NULL },
    { 400, "{\"error\":[1],\"message\":{\"a\":1}}", COMFY_ERROR_REJECTED, NULL, NULL },
    { 400, "{\"error\":null,\"code\":null,\"message\":\"\"}", COMFY_ERROR_REJECTED, NULL, NULL },
    { 400, "[]", COMFY_ERROR_REJECTED, NULL, NULL },
    { 400, "null", COMFY_ERROR_REJECTED, NULL, NULL },
    { 400, "{\"error\":", COMFY_ERROR_REJECTED, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = error_of (rows[i].status, rows[i].body);

      g_test_message ("%u %s → %s", rows[i].status, rows[i].body, error->message);
      g_assert_error (error, COMFY_ERROR, (int) rows[i].code);
      g_assert_true (g_str_has_suffix (error->message, "."));
      g_assert_null (strchr (error->message, '\n'));
      g_assert_cmpuint (comfy_error_get_status (error), ==, rows[i].status);
      g_assert_cmpstr (comfy_error_get_server_code (error), ==, rows[i].server_code);
      g_assert_true (g_str_has_prefix (comfy_error_get_detail (error), "GET /account → "));
      if (rows[i].said != NULL)
        g_assert_nonnull (strstr (error->message, rows[i].said));
      g_assert_null (strstr (error->message, "<"));
    }
}

static void
test_a_key_in_the_answer_is_masked (void)
{
  g_autofree char *key = dup_key ();
  char            *bodies[] = {
    g_strdup_printf ("{\"error\":{\"code\":\"bad\",\"message\":\"key %s is bad\"}}", key),
    g_strdup_printf ("{\"error\":{\"code\":\"%s\",\"message\":\"bad\"}}", key),
    g_strdup_printf ("you sent Authorization: Bearer %s", key),
    g_strdup_printf ("{\"message\":\"x\",\"extra_data\":{\"api_key_comfy_org\":\"%s\"}}", key),
    g_strdup_printf ("wss://host/ws?api_key=%s&x=1", key),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(GError) error = error_of (400, bodies[i]);
      g_autofree char  *report = comfy_error_dup_report (error);

      g_test_message ("%s", report);
      g_assert_null (strstr (report, "aaaaaaaaaaaa"));
      g_assert_null (strstr (report, "17f3"));
      g_free (bodies[i]);
    }
}

static void
test_even_an_unusual_key_is_masked_if_it_is_ours (void)
{
  g_autoptr(ComfyCredentials) credentials = comfy_credentials_new ("sesame-0123456789",
                                                                   "https://cloud.comfy.org", NULL);
  g_autoptr(ComfyResponse)    response = response_of (400, "no such key: sesame-0123456789!");
  g_autoptr(GError)           error = NULL;
  g_autofree char            *report = NULL;

  error = _comfy_response_to_error (response, "cloud.comfy.org", credentials, "GET /account");
  report = comfy_error_dup_report (error);
  g_assert_null (strstr (report, "sesame"));
}

static void
test_long_words_are_cut (void)
{
  g_autofree char  *long_text = g_strnfill (100000, 'x');
  g_autoptr(GError) error = error_of (400, long_text);

  g_assert_cmpuint (strlen (error->message), <, 400);
  g_assert_cmpuint (strlen (comfy_error_get_detail (error)), <, 1200);
}

static void
test_deep_json_is_not_parsed (void)
{
  static const struct { const char *open; const char *close; } kinds[] = {
    { "[", "]" }, { "{\"a\":", "}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (int depth = 60; depth < 70; depth++)
      {
        g_autoptr(GString)       text = g_string_new (NULL);
        g_autoptr(ComfyResponse) response = NULL;

        for (int d = 0; d < depth; d++)
          g_string_append (text, kinds[i].open);
        g_string_append (text, "\"]]]{{{\\\"[[[\"");
        for (int d = 0; d < depth; d++)
          g_string_append (text, kinds[i].close);

        response = response_of (200, text->str);
        g_assert_cmpint (response->json != NULL, ==, depth <= COMFY_RESPONSE_MAX_DEPTH);
        g_assert_cmpint (_comfy_response_is_good (response), ==, depth <= COMFY_RESPONSE_MAX_DEPTH);
      }
}

static void
test_half_of_a_body_is_not_taken_for_the_whole (void)
{
  g_autoptr(GBytes)        bytes = g_bytes_new_static ("{\"a\":1}\0{\"b\"", 12);
  g_autoptr(GBytes)        latin = g_bytes_new_static ("{\"a\":\"\xe4\"}", 9);
  g_autoptr(ComfyResponse) with_nul = _comfy_response_new (200, NULL, bytes);
  g_autoptr(ComfyResponse) not_utf8 = _comfy_response_new (200, NULL, latin);

  g_assert_null (with_nul->json);
  g_assert_null (not_utf8->json);
  g_assert_true (g_utf8_validate (with_nul->text, -1, NULL));
  g_assert_true (g_utf8_validate (not_utf8->text, -1, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/response/every-shape-of-body-is-read", test_every_shape_of_body_is_read);
  g_test_add_func ("/response/a-key-in-the-answer-is-masked", test_a_key_in_the_answer_is_masked);
  g_test_add_func ("/response/even-an-unusual-key-is-masked-if-it-is-ours",
                   test_even_an_unusual_key_is_masked_if_it_is_ours);
  g_test_add_func ("/response/long-words-are-cut", test_long_words_are_cut);
  g_test_add_func ("/response/deep-json-is-not-parsed", test_deep_json_is_not_parsed);
  g_test_add_func ("/response/half-of-a-body-is-not-taken-for-the-whole",
                   test_half_of_a_body_is_not_taken_for_the_whole);

  return g_test_run ();
}
