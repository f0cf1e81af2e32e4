/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

#define COMFY_RETRY_BUDGET_US (60 * G_USEC_PER_SEC) /* from the first try to the last wait's end */

/* Time and chance, so that a test needs neither. @sleep runs in a fiber. */
typedef struct
{
  gint64   (*now_us) (gpointer   data); /* monotonic */
  gboolean (*sleep)  (gpointer   data,
                      gint64     duration_us,
                      GError   **error);
  double   (*random) (gpointer   data); /* 0…1 */
  gpointer   data;
} ComfyClock;

extern const ComfyClock _comfy_system_clock;

/* How a try ended */
typedef struct
{
  unsigned int  status;         /* HTTP; 0 when there was no answer */
  const GError *error;          /* nullable: why there was none, a COMFY_ERROR */
  gboolean      was_sent;       /* a byte of it may have reached the server */
  gint64        retry_after_us; /* what the server asked for, -1 when nothing */
} ComfyTry;

/* The tries of one request */
typedef struct
{
  const ComfyClock *clock;      /* borrowed */
  gint64            started_us; /* on @clock */
  unsigned int      n_tries;
} ComfyRetry;

void     _comfy_retry_begin       (ComfyRetry       *self,
                                   const ComfyClock *clock);
gint64   _comfy_retry_next        (ComfyRetry       *self,
                                   const ComfyTry   *last,
                                   gboolean          is_repeatable);
void     _comfy_retry_tell        (const ComfyRetry *self,
                                   GError           *error);
gint64   _comfy_retry_parse_after (const char       *value,
                                   const char       *date);

G_END_DECLS
