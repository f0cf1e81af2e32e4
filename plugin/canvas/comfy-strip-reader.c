/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a buffer in strips that are as high as the time allows: neither a slow machine nor an image
 * of a hundred layers shall make the windows stutter.
 */
#define G_LOG_DOMAIN "comfy-strip-reader"

#include "config.h"

#include "comfy-strip-reader.h"

#define FIRST_PIXELS (1 << 16) /* GIMP prepares itself for an image with the first one */
#define MIN_ROWS     16
#define MAX_ROWS     1024
#define SHORT_US     (8 * G_TIME_SPAN_MILLISECOND)
#define LONG_US      (25 * G_TIME_SPAN_MILLISECOND)

/* The formats of a conversion that babl has not made yet */
typedef struct
{
  const Babl *source;
  const Babl *target;
} Conversion;

static gboolean
resume_cb (void *data)
{
  dex_promise_resolve_boolean (data, TRUE);

  return G_SOURCE_REMOVE;
}

/* lets all else go first, redrawing too */
static gboolean
let_others (GError **error)
{
  DexPromise *promise = dex_promise_new ();

  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, resume_cb, dex_ref (promise), dex_unref);

  return dex_await (DEX_FUTURE (promise), error);
}

/* (element-type Babl Babl): what was chosen last for each format; of the main thread */
static GHashTable *
get_chosen (void)
{
  static GHashTable *chosen;

  if (chosen == NULL)
    chosen = g_hash_table_new (NULL, NULL);

  return chosen;
}

static DexFuture *
prepare_fiber (void *data)
{
  Conversion *conversion = data;

  babl_fish (conversion->source, conversion->target);

  return dex_future_new_true ();
}

/**
 * comfy_strips_prepare:
 * @self: zeroed before the first call
 * @buffer: what is read next
 * @format: what it is converted to
 * @error: return location
 *
 * In a fiber: a conversion that babl does for the first time takes it up to half a second to choose,
 * so a worker thread has it choose. Nothing is waited for where that was the last conversion of the
 * buffer's format, too.
 *
 * Returns: %FALSE when the fiber was cancelled meanwhile
 */
gboolean
comfy_strips_prepare (ComfyStrips  *self,
                      GeglBuffer   *buffer,
                      const Babl   *format,
                      GError      **error)
{
  const Babl *source = gegl_buffer_get_format (buffer);
  Conversion *conversion;

  if (self->prepared == source)
    return TRUE;
  if (g_hash_table_lookup (get_chosen (), source) == format)
    {
      self->prepared = source;
      return TRUE;
    }

  conversion = g_new0 (Conversion, 1);
  conversion->source = source;
  conversion->target = format;
  if (!dex_await (dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0,
                                       prepare_fiber, conversion, g_free), error))
    return FALSE;

  g_hash_table_insert (get_chosen (), (void *) source, (void *) format);
  /* waiting is no work */
  self->prepared = source;
  if (self->began != 0)
    self->began = g_get_monotonic_time ();

  return TRUE;
}

/**
 * comfy_strips_next:
 * @self: zeroed before the first call
 * @width: px of a strip
 * @rows_left: rows that are still to be read, at least 1
 * @out_rows: (out): rows of the strip to be read now
 * @error: return location
 *
 * In a fiber: ends a strip and begins the next one. What is asked of GIMP for a strip counts, too.
 *
 * Returns: %FALSE when the fiber was cancelled meanwhile
 */
gboolean
comfy_strips_next (ComfyStrips  *self,
                   int           width,
                   int           rows_left,
                   int          *out_rows,
                   GError      **error)
{
  gint64 duration = g_get_monotonic_time () - self->began;

  if (self->began == 0)
    self->rows = CLAMP (FIRST_PIXELS / width, MIN_ROWS, MAX_ROWS);
  else
    {
      if (duration > LONG_US)
        self->rows = MAX (self->rows / 2, MIN_ROWS);
      else if (duration < SHORT_US)
        self->rows = MIN (self->rows * 2, MAX_ROWS);
      if (!let_others (error))
        return FALSE;
    }

  self->began = g_get_monotonic_time ();
  *out_rows = MIN (self->rows, rows_left);

  return TRUE;
}

/**
 * comfy_strips_read:
 * @self: zeroed, or as an earlier piece of the same width left it
 * @buffer: a buffer
 * @rect: px of it
 * @format: what to convert to
 * @data: (out caller-allocates): gets the pixels
 * @stride: bytes from row to row of @data
 * @error: return location
 *
 * In a fiber: reads @rect in strips.
 *
 * Returns: %FALSE when the fiber was cancelled meanwhile
 */
gboolean
comfy_strips_read (ComfyStrips      *self,
                   GeglBuffer       *buffer,
                   const ComfyRect  *rect,
                   const Babl       *format,
                   guint8           *data,
                   size_t            stride,
                   GError          **error)
{
  int rows;

  if (!comfy_strips_prepare (self, buffer, format, error))
    return FALSE;

  for (int y = 0; y < rect->height; y += rows)
    {
      if (!comfy_strips_next (self, rect->width, rect->height - y, &rows, error))
        return FALSE;
      gegl_buffer_get (buffer, GEGL_RECTANGLE (rect->x, rect->y + y, rect->width, rows), 1.0,
                       format, data + y * stride, (int) stride, GEGL_ABYSS_NONE);
    }

  return TRUE;
}
