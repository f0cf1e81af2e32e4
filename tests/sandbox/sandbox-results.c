/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Results in other formats than PNG, and results that are not what was asked for. */

#define G_LOG_DOMAIN "comfy-sandbox"

#include "config.h"

#include <string.h>

#include "comfy-json-private.h"
#include "sandbox-node.h"
#include "sandbox-results.h"

#define MAX_EDGE    16384
#define MAX_OUTPUTS 1000

typedef enum
{
  RESULT_HTML,       /* a page as of a proxy */
  RESULT_TRUNCATED,  /* the first half of the file */
  RESULT_EMPTY,      /* no byte */
  RESULT_BOMB,       /* a PNG that says that it has 60000 × 60000 pixels */
  RESULT_GIF,        /* a good file that no node of ours makes */
  RESULT_SIZE,       /* scaled to another size */
  RESULT_NONE,       /* no output at all */
  RESULT_MANY        /* the last output again and again */
} ResultKind;

/* in the order of ResultKind */
static const char *const kinds[] = {
  "html", "truncated", "empty", "bomb", "gif", "size", "none", "many", NULL
};

typedef struct
{
  ResultKind kind;
  gint64     count;    /* so many jobs; -1: all */
  int        outputs;  /* of RESULT_MANY */
  int        width;    /* px, of RESULT_SIZE */
  int        height;
} ResultRule;

struct _SandboxResults
{
  GPtrArray  *rules;   /* of ResultRule, the oldest first */
  const char *format;  /* "png", "webp" or "jpeg" */
};

SandboxResults *
sandbox_results_new (void)
{
  SandboxResults *self = g_new0 (SandboxResults, 1);

  self->rules = g_ptr_array_new_with_free_func (g_free);
  self->format = "png";

  return self;
}

void
sandbox_results_free (SandboxResults *self)
{
  g_ptr_array_unref (self->rules);
  g_free (self);
}

/**
 * sandbox_results_clear:
 *
 * Results are PNG files again, and good.
 */
void
sandbox_results_clear (SandboxResults *self)
{
  g_ptr_array_set_size (self->rules, 0);
  self->format = "png";
}

/**
 * sandbox_results_set_format:
 * @arguments: `format`: png, webp (lossless) or jpeg
 *
 * Returns: %TRUE, or %FALSE with %G_IO_ERROR when there is no such format
 */
gboolean
sandbox_results_set_format (SandboxResults  *self,
                            JsonObject      *arguments,
                            GError         **error)
{
  static const char *const formats[] = { "png", "webp", "jpeg" };
  const char *wanted = comfy_json_get_string (arguments, "format");

  for (unsigned int i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_strcmp0 (formats[i], wanted) == 0)
      {
        self->format = formats[i];
        return TRUE;
      }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "unknown format: %s",
               wanted != NULL ? wanted : "(none)");
  return FALSE;
}

static int
get_int (JsonObject *object,
         const char *member,
         int         fallback)
{
  return (int) json_object_get_int_member_with_default (object, member, fallback);
}

/**
 * sandbox_results_add:
 * @arguments: `kind`, `count`, and what of `outputs`, `width`, `height` applies
 *
 * Spoils the results of jobs that end from now on; one rule after the other.
 *
 * Returns: %TRUE, or %FALSE with %G_IO_ERROR
 */
gboolean
sandbox_results_add (SandboxResults  *self,
                     JsonObject      *arguments,
                     GError         **error)
{
  const char *name = comfy_json_get_string (arguments, "kind");
  ResultRule rule = {
    .count = get_int (arguments, "count", 1),
    .outputs = get_int (arguments, "outputs", 20),
    .width = get_int (arguments, "width", 0),
    .height = get_int (arguments, "height", 0),
  };
  unsigned int kind = 0;

  while (kinds[kind] != NULL && g_strcmp0 (kinds[kind], name) != 0)
    kind++;
  rule.kind = kind;

  if (kinds[kind] == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "unknown kind of result: %s",
                 name != NULL ? name : "(none)");
  else if (rule.kind == RESULT_SIZE && (rule.width < 1 || rule.height < 1
                                        || rule.width > MAX_EDGE || rule.height > MAX_EDGE))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "width and height must be given");
  else if (rule.outputs < 1 || rule.outputs > MAX_OUTPUTS)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         "outputs must be from 1 to 1000");
  else
    {
      g_ptr_array_add (self->rules, g_memdup2 (&rule, sizeof rule));
      return TRUE;
    }

  return FALSE;
}

/* The picture in a saved file, with as many channels as it was saved with. */
static SandboxImage *
read_saved (const SandboxSaved *saved)
{
  gboolean has_alpha;
  g_autoptr(SandboxImage) rgba = sandbox_image_read (saved->content, &has_alpha, NULL);
  SandboxImage *rgb;

  g_assert (rgba != NULL);
  if (has_alpha)
    return g_steal_pointer (&rgba);

  rgb = sandbox_image_new (1, rgba->height, rgba->width, 3);
  for (gsize i = 0; i < sandbox_image_get_count (rgb); i++)
    rgb->data[i] = rgba->data[i / 3 * 4 + i % 3];

  return rgb;
}

/* @content: (transfer full) */
static void
replace (SandboxSaved *saved,
         GBytes       *content,
         const char   *mime_type,
         const char   *suffix)
{
  g_bytes_unref (saved->content);
  saved->content = content;
  saved->mime_type = mime_type;
  saved->suffix = suffix;
}

static void
convert (SandboxSaved *saved,
         const char   *format)
{
  g_autoptr(SandboxImage) image = NULL;

  if (g_str_equal (format, "png"))
    return;

  image = read_saved (saved);
  if (g_str_equal (format, "webp"))
    replace (saved, sandbox_image_write_webp (image), "image/webp", ".webp");
  else
    replace (saved, sandbox_image_write_jpeg (image), "image/jpeg", ".jpg");
}

static void
spoil (SandboxSaved     *saved,
       const ResultRule *rule)
{
  static const char page[] = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>";
  /* one transparent pixel */
  static const char gif[] =
    "GIF89a\1\0\1\0\200\0\0\0\0\0\377\377\377!\371\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\1D\0;";
  g_autoptr(SandboxImage) image = NULL;
  g_autoptr(SandboxImage) scaled = NULL;

  switch (rule->kind)
    {
    case RESULT_HTML:
      replace (saved, g_bytes_new_static (page, strlen (page)), "text/html", saved->suffix);
      break;

    case RESULT_TRUNCATED:
      replace (saved, g_bytes_new_from_bytes (saved->content, 0,
                                              g_bytes_get_size (saved->content) / 2),
               saved->mime_type, saved->suffix);
      break;

    case RESULT_EMPTY:
      replace (saved, g_bytes_new_static ("", 0), saved->mime_type, saved->suffix);
      break;

    case RESULT_BOMB:
      replace (saved, sandbox_image_write_bomb (), "image/png", ".png");
      break;

    case RESULT_GIF:
      replace (saved, g_bytes_new_static (gif, sizeof gif - 1), "image/gif", ".gif");
      break;

    case RESULT_SIZE:
      image = read_saved (saved);
      scaled = sandbox_image_resize (image, rule->width, rule->height, "bilinear");
      replace (saved, sandbox_image_write_png (scaled, 0, 8, NULL), "image/png", ".png");
      break;

    case RESULT_NONE:
    case RESULT_MANY:
    default:
      break;
    }
}

static SandboxSaved *
saved_copy (const SandboxSaved *self)
{
  SandboxSaved *copy = g_memdup2 (self, sizeof *self);

  copy->node_id = g_strdup (self->node_id);
  copy->prefix = g_strdup (self->prefix);
  copy->content = g_bytes_ref (self->content);

  return copy;
}

static gboolean
is_picture (const SandboxSaved *saved)
{
  return g_str_has_prefix (saved->mime_type, "image/");
}

/**
 * sandbox_results_apply:
 * @saved: (element-type SandboxSaved): what a job saved; its PNG files are changed
 *
 * Brings what a job saved into the form in which it is to be kept.
 */
void
sandbox_results_apply (SandboxResults *self,
                       GPtrArray      *saved)
{
  ResultRule *rule = self->rules->len > 0 ? g_ptr_array_index (self->rules, 0) : NULL;

  if (rule != NULL && rule->kind == RESULT_NONE)
    g_ptr_array_set_size (saved, 0);

  for (unsigned int i = 0; i < saved->len; i++)
    {
      if (!is_picture (g_ptr_array_index (saved, i)))
        continue;
      /* scaling reads PNG */
      if (rule != NULL && rule->kind == RESULT_SIZE)
        spoil (g_ptr_array_index (saved, i), rule);
      convert (g_ptr_array_index (saved, i), self->format);
      if (rule != NULL && rule->kind != RESULT_SIZE)
        spoil (g_ptr_array_index (saved, i), rule);
    }

  if (rule != NULL && rule->kind == RESULT_MANY && saved->len > 0)
    while ((int) saved->len < rule->outputs)
      g_ptr_array_add (saved, saved_copy (g_ptr_array_index (saved, saved->len - 1)));

  if (rule != NULL && rule->count > 0 && --rule->count == 0)
    g_ptr_array_remove_index (self->rules, 0);
}
