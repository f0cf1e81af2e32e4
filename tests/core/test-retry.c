/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "comfy-error.h"
#include "comfy-retry-private.h"

static gint64 now_us;

static gint64
fake_now_us (gpointer data)
{
  return now_us;
}

static double
fake_random (gpointer data)
{
  return *(double *) data;
}

static double           chance = 0.5;
static const ComfyClock fake_clock = { fake_now_us, NULL, fake_random, &chance };

/* µs until the second try, -1 when there is none */
static gint64
next_after (unsigned int status,
            ComfyError   code,
            gboolean     was_sent,
            gboolean     is_repeatable)
{
  g_autoptr(GError) error = comfy_error_new (code, NULL, "It failed.");
  ComfyTry          last = { status, error, was_sent, -1 };
  ComfyRetry        retry;

  _comfy_retry_begin (&retry, &fake_clock);

  return _comfy_retry_next (&retry, &last, is_repeatable);
}

static void
test_what_is_tried_again (void)
{
  static const struct
  {
    unsigned int status;
    ComfyError   code;
    gboolean     was_sent;
    gboolean     repeatable; /* tried again when it is repeatable */
    gboolean     once;       /* … and when it is not */
  } rows[] = {
    { 429, COMFY_ERROR_RATE_LIMITED,   TRUE,  TRUE,  TRUE },
    { 429, COMFY_ERROR_QUEUE_FULL,     TRUE,  TRUE,  TRUE },
    { 408, COMFY_ERROR_TIMED_OUT,      TRUE,  TRUE,  FALSE },
    { 500, COMFY_ERROR_SERVER,         TRUE,  TRUE,  FALSE },
    { 502, COMFY_ERROR_SERVER,         TRUE,  TRUE,  FALSE },
    { 503, COMFY_ERROR_SERVER,         TRUE,  TRUE,  FALSE },
    { 504, COMFY_ERROR_SERVER,         TRUE,  TRUE,  FALSE },
    { 501, COMFY_ERROR_NOT_SUPPORTED,  TRUE,  FALSE, FALSE },
    { 400, COMFY_ERROR_REJECTED,       TRUE,  FALSE, FALSE },
    { 401, COMFY_ERROR_UNAUTHORIZED,   TRUE,  FALSE, FALSE },
    { 402, COMFY_ERROR_NO_CREDITS,     TRUE,  FALSE, FALSE },
    { 403, COMFY_ERROR_FORBIDDEN,      TRUE,  FALSE, FALSE },
    { 404, COMFY_ERROR_NOT_FOUND,      TRUE,  FALSE, FALSE },
    { 422, COMFY_ERROR_REJECTED,       TRUE,  FALSE, FALSE },
    { 200, COMFY_ERROR_PROTOCOL,       TRUE,  FALSE, FALSE },
    { 0,   COMFY_ERROR_CONNECTION,     TRUE,  TRUE,  FALSE },
    { 0,   COMFY_ERROR_TIMED_OUT,      TRUE,  TRUE,  FALSE },
    { 0,   COMFY_ERROR_CONNECTION,     FALSE, TRUE,  TRUE },
    { 0,   COMFY_ERROR_HOST_NOT_FOUND, FALSE, TRUE,  TRUE },
    { 0,   COMFY_ERROR_OFFLINE,        FALSE, TRUE,  TRUE },
    { 0,   COMFY_ERROR_TIMED_OUT,      FALSE, TRUE,  TRUE },
    { 0,   COMFY_ERROR_PROXY,          FALSE, TRUE,  TRUE },
    { 0,   COMFY_ERROR_TLS,            FALSE, FALSE, FALSE },
    { 0,   COMFY_ERROR_CANCELLED,      TRUE,  FALSE, FALSE },
    { 0,   COMFY_ERROR_TOO_LARGE,      TRUE,  FALSE, FALSE },
    { 0,   COMFY_ERROR_STORAGE,        FALSE, FALSE, FALSE },
    { 0,   COMFY_ERROR_WRONG_ORIGIN,   FALSE, FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%u %s", rows[i].status, comfy_error_code_to_nick (rows[i].code));
      g_assert_cmpint (next_after (rows[i].status, rows[i].code, rows[i].was_sent, TRUE) >= 0, ==,
                       rows[i].repeatable);
      g_assert_cmpint (next_after (rows[i].status, rows[i].code, rows[i].was_sent, FALSE) >= 0, ==,
                       rows[i].once);
    }
}

static void
test_back_off_doubles_with_equal_jitter (void)
{
  g_autoptr(GError) error = comfy_error_new (COMFY_ERROR_SERVER, NULL, "It failed.");
  ComfyTry          last = { 503, error, TRUE, -1 };
  static const int  full_ms[] = { 500, 1000, 2000, 4000, 8000, 8000 };
  double            chances[] = { 0, 1 };

  for (gsize c = 0; c < G_N_ELEMENTS (chances); c++)
    {
      ComfyRetry retry;

      chance = chances[c];
      _comfy_retry_begin (&retry, &fake_clock);
      for (gsize i = 0; i < G_N_ELEMENTS (full_ms); i++)
        g_assert_cmpint (_comfy_retry_next (&retry, &last, TRUE), ==,
                         (gint64) (full_ms[i] * 1000 * (chances[c] == 0 ? 0.5 : 1.0)));
    }
  chance = 0.5;
}

static void
test_what_the_server_asks_for_is_honoured (void)
{
  g_autoptr(GError) error = comfy_error_new (COMFY_ERROR_RATE_LIMITED, NULL, "It failed.");
  ComfyRetry        retry;
  ComfyTry          last = { 429, error, TRUE, 7 * G_USEC_PER_SEC };

  _comfy_retry_begin (&retry, &fake_clock);
  g_assert_cmpint (_comfy_retry_next (&retry, &last, FALSE), ==, 7 * G_USEC_PER_SEC);
  last.retry_after_us = 3600 * (gint64) G_USEC_PER_SEC;
  g_assert_cmpint (_comfy_retry_next (&retry, &last, FALSE), ==, 30 * G_USEC_PER_SEC);
  last.retry_after_us = 0;
  g_assert_cmpint (_comfy_retry_next (&retry, &last, FALSE), >, 0);
}

static void
test_the_budget_ends_it_and_the_story_is_told (void)
{
  g_autoptr(GError) error = comfy_error_new (COMFY_ERROR_SERVER, NULL, "It failed.");
  ComfyTry          last = { 503, error, TRUE, -1 };
  ComfyRetry        retry;
  gint64            started = now_us;
  gint64            wait_us;

  _comfy_retry_begin (&retry, &fake_clock);
  while ((wait_us = _comfy_retry_next (&retry, &last, TRUE)) >= 0)
    {
      now_us += wait_us;
      g_assert_cmpint (now_us - started, <=, COMFY_RETRY_BUDGET_US);
    }
  g_assert_cmpint (now_us - started, ==, COMFY_RETRY_BUDGET_US);
  g_assert_cmpuint (retry.n_tries, >, 5);

  _comfy_retry_tell (&retry, error);
  g_assert_true (g_str_has_prefix (error->message, "It failed. Tried "));
  g_assert_true (g_str_has_suffix (error->message, " times in 60 s."));
}

static void
test_one_try_is_no_story (void)
{
  g_autoptr(GError) error = comfy_error_new (COMFY_ERROR_NOT_FOUND, NULL, "It failed.");
  ComfyTry          last = { 404, error, TRUE, -1 };
  ComfyRetry        retry;

  _comfy_retry_begin (&retry, &fake_clock);
  g_assert_cmpint (_comfy_retry_next (&retry, &last, TRUE), ==, -1);
  _comfy_retry_tell (&retry, error);
  g_assert_cmpstr (error->message, ==, "It failed.");
}

static void
test_retry_after_is_seconds_or_a_date (void)
{
  const char *date = "Sun, 06 Nov 1994 08:49:37 GMT";

  g_assert_cmpint (_comfy_retry_parse_after ("120", NULL), ==, 120 * G_USEC_PER_SEC);
  g_assert_cmpint (_comfy_retry_parse_after ("0", NULL), ==, 0);
  g_assert_cmpint (_comfy_retry_parse_after ("Sun, 06 Nov 1994 08:49:57 GMT", date), ==,
                   20 * G_USEC_PER_SEC);
  g_assert_cmpint (_comfy_retry_parse_after ("Sun, 06 Nov 1994 08:49:07 GMT", date), ==, 0);
  g_assert_cmpint (_comfy_retry_parse_after (date, NULL), ==, 0);
  g_assert_cmpint (_comfy_retry_parse_after (NULL, date), ==, -1);
  g_assert_cmpint (_comfy_retry_parse_after ("", date), ==, -1);
  g_assert_cmpint (_comfy_retry_parse_after ("-5", date), ==, -1);
  g_assert_cmpint (_comfy_retry_parse_after ("soon", date), ==, -1);
  g_assert_cmpint (_comfy_retry_parse_after ("99999999999999999999", date), ==, -1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retry/what-is-tried-again", test_what_is_tried_again);
  g_test_add_func ("/retry/back-off-doubles-with-equal-jitter",
                   test_back_off_doubles_with_equal_jitter);
  g_test_add_func ("/retry/what-the-server-asks-for-is-honoured",
                   test_what_the_server_asks_for_is_honoured);
  g_test_add_func ("/retry/the-budget-ends-it-and-the-story-is-told",
                   test_the_budget_ends_it_and_the_story_is_told);
  g_test_add_func ("/retry/one-try-is-no-story", test_one_try_is_no_story);
  g_test_add_func ("/retry/retry-after-is-seconds-or-a-date",
                   test_retry_after_is_seconds_or_a_date);

  return g_test_run ();
}
