/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "comfy-session"

#include "config.h"

#include <glib/gi18n.h>

#include "comfy-session.h"

G_DEFINE_BOXED_TYPE (ComfyPrepared, comfy_prepared, comfy_prepared_copy, comfy_prepared_free)

static void *
copy_error (const void *error,
            void       *data)
{
  return g_error_copy (error);
}

/**
 * comfy_prepared_copy:
 * @self: what a batch came to
 *
 * Returns: (transfer full): a copy
 */
ComfyPrepared *
comfy_prepared_copy (const ComfyPrepared *self)
{
  ComfyPrepared *copy = g_new0 (ComfyPrepared, 1);

  copy->ids = g_strdupv (self->ids);
  copy->failures = g_ptr_array_copy (self->failures, copy_error, NULL);
  g_ptr_array_set_free_func (copy->failures, (GDestroyNotify) g_error_free);

  return copy;
}

/**
 * comfy_prepared_free:
 * @self: (transfer full): what a batch came to
 */
void
comfy_prepared_free (ComfyPrepared *self)
{
  g_strfreev (self->ids);
  g_ptr_array_unref (self->failures);
  g_free (self);
}

/**
 * comfy_prepared_dup_problem:
 * @self: what a batch came to
 *
 * Returns: (transfer full) (nullable): how many runs are no jobs, and why, for the artist; %NULL
 *   when all are
 */
char *
comfy_prepared_dup_problem (const ComfyPrepared *self)
{
  unsigned int  n = g_strv_length (self->ids) + self->failures->len;
  GString      *text;

  if (self->failures->len == 0)
    return NULL;

  text = g_string_new (NULL);
  g_string_printf (text, ngettext ("%u of %u jobs was not started, and is not paid for:",
                                   "%u of %u jobs were not started, and are not paid for:",
                                   self->failures->len), self->failures->len, n);
  for (unsigned int i = 0; i < self->failures->len; i++)
    g_string_append_printf (text, "\n%s",
                            ((const GError *) g_ptr_array_index (self->failures, i))->message);

  return g_string_free (text, FALSE);
}
