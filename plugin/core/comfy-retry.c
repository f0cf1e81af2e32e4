/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a request is sent again, and after how long. Policy alone: no request is known here.
 */
#define G_LOG_DOMAIN "comfy-retry"

#include "config.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "comfy-error.h"
#include "comfy-fiber-private.h"
#include "comfy-retry-private.h"

/* RFC 6585; libsoup has no name for it */
#define TOO_MANY_REQUESTS  429

/* Back-off as the service's own client does it: doubled from half a second to eight, one half of
 * it by chance, so that clients that were refused together do not come back together. */
#define FIRST_DELAY_US     (G_USEC_PER_SEC / 2)
#define MAX_DELAY_US       (8 * G_USEC_PER_SEC)
/* A server that asks for more is asked again earlier, as comfy-cli does */
#define MAX_RETRY_AFTER_US (30 * G_USEC_PER_SEC)

static gint64
system_now_us (gpointer data)
{
  return g_get_monotonic_time ();
}

static gboolean
system_sleep (gpointer   data,
              gint64     duration_us,
              GError   **error)
{
  return _comfy_sleep (duration_us, error);
}

static double
system_random (gpointer data)
{
  return g_random_double ();
}

const ComfyClock _comfy_system_clock = { system_now_us, system_sleep, system_random, NULL };

/**
 * _comfy_retry_begin:
 * @clock: (transfer none): must outlive @self
 *
 * Starts the budget.
 */
void
_comfy_retry_begin (ComfyRetry       *self,
                    const ComfyClock *clock)
{
  self->clock = clock;
  self->started_us = clock->now_us (clock->data);
  self->n_tries = 0;
}

/* Failures of the way to the server, which may pass. A certificate that is not trusted will not be
 * a second later, and nobody shall get used to it. */
static gboolean
is_passing_failure (const GError *error)
{
  return g_error_matches (error, COMFY_ERROR, COMFY_ERROR_OFFLINE) ||
         g_error_matches (error, COMFY_ERROR, COMFY_ERROR_HOST_NOT_FOUND) ||
         g_error_matches (error, COMFY_ERROR, COMFY_ERROR_CONNECTION) ||
         g_error_matches (error, COMFY_ERROR, COMFY_ERROR_PROXY) ||
         g_error_matches (error, COMFY_ERROR, COMFY_ERROR_TIMED_OUT);
}

static gboolean
may_try_again (const ComfyTry *last,
               gboolean        is_repeatable)
{
  /* refused unread: nothing happened */
  if (last->status == TOO_MANY_REQUESTS)
    return TRUE;
  if (last->status == 0)
    return is_passing_failure (last->error) && (is_repeatable || !last->was_sent);

  return is_repeatable && (last->status == SOUP_STATUS_REQUEST_TIMEOUT ||
                           (last->status >= 500 && last->status != SOUP_STATUS_NOT_IMPLEMENTED));
}

/**
 * _comfy_retry_next:
 * @last: how the try that just ended went
 * @is_repeatable: whether doing it twice is as good as once
 *
 * Counts the try, and decides on the next one.
 *
 * Returns: µs to wait before it; -1 when there shall be none
 */
gint64
_comfy_retry_next (ComfyRetry     *self,
                   const ComfyTry *last,
                   gboolean        is_repeatable)
{
  gint64 now_us = self->clock->now_us (self->clock->data);
  gint64 left_us = self->started_us + COMFY_RETRY_BUDGET_US - now_us;
  gint64 delay_us = FIRST_DELAY_US;

  self->n_tries++;

  if (left_us <= 0 || !may_try_again (last, is_repeatable))
    return -1;

  if (last->retry_after_us > 0)
    return MIN (MIN (last->retry_after_us, MAX_RETRY_AFTER_US), left_us);

  for (unsigned int i = 1; i < self->n_tries && delay_us < MAX_DELAY_US; i++)
    delay_us *= 2;
  delay_us = delay_us / 2 + (gint64) (self->clock->random (self->clock->data) *
                                      (double) (delay_us / 2));

  return MIN (delay_us, left_us);
}

/**
 * _comfy_retry_tell:
 * @error: a COMFY_ERROR that ended the tries
 *
 * Adds to the sentence how often and how long it was tried, if that was more than once.
 */
void
_comfy_retry_tell (const ComfyRetry *self,
                   GError           *error)
{
  gint64           seconds = (self->clock->now_us (self->clock->data) - self->started_us +
                              G_USEC_PER_SEC / 2) / G_USEC_PER_SEC;
  g_autofree char *before = NULL;

  if (self->n_tries < 2)
    return;

  before = g_steal_pointer (&error->message);
  /* Translators: %s is a whole sentence that says what failed */
  error->message = g_strdup_printf (_("%s Tried %u times in %d s."), before, self->n_tries,
                                    (int) seconds);
}

/**
 * _comfy_retry_parse_after:
 * @value: (nullable): the header Retry-After: seconds or an HTTP date
 * @date: (nullable): the same answer's Date: a date is meant by the server's clock, not by ours
 *
 * Returns: µs, at least 0; -1 when there is nothing that makes sense
 */
gint64
_comfy_retry_parse_after (const char *value,
                          const char *date)
{
  g_autoptr(GDateTime) then = NULL;
  g_autoptr(GDateTime) now = NULL;
  guint64              seconds;

  if (value == NULL)
    return -1;

  /* anything longer than an hour is cut to the same maximum later */
  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT32, &seconds, NULL))
    return (gint64) MIN (seconds, 3600) * G_USEC_PER_SEC;

  then = soup_date_time_new_from_http_string (value);
  if (then == NULL)
    return -1;
  now = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;
  if (now == NULL)
    now = g_date_time_new_now_utc ();

  return MAX (g_date_time_difference (then, now), 0);
}
